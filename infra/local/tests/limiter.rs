//! The rate limiter over the real table, by a clock that stands still: how exact it is, and what it costs.

use domain::limit::{Quota, RouteClass};
use futures::future::join_all;
use jiff::SignedDuration;
use local::services::Services;
use platform::Clock;
use store::{Gauge, Reading, Store};

use crate::fixtures::{Provisioned, stopped_clock};

const CLIENTS: usize = 16;

struct Fixture {
    services: Services,
    /// One a client, as each function has its own and they share the table alone.
    stores: Vec<Store>,
    clock: Clock,
}

async fn fixture() -> Fixture {
    let (provisioned, clock) = (Provisioned::start().await, stopped_clock());
    let stores = (0..CLIENTS).map(|_| provisioned.store(&clock)).collect();
    Fixture { services: provisioned.services, stores, clock }
}

fn gauge() -> Gauge {
    Gauge::address("an address", RouteClass::Login)
}

/// All clients at once, each so many times.
async fn storm(fixture: &Fixture, quota: Quota, times: usize) -> Vec<Reading> {
    let client = async |store: &Store| {
        let mut readings = Vec::new();
        for _ in 0..times {
            readings.push(store.take(&gauge(), quota).await.unwrap());
        }
        readings
    };
    join_all(fixture.stores.iter().map(client)).await.concat()
}

fn admitted(readings: &[Reading]) -> usize {
    readings.iter().filter(|reading| reading.allowed).count()
}

#[tokio::test]
async fn sixteen_clients_take_the_quota_and_not_one_more() {
    let fixture = fixture().await;
    let quota = Quota::per_minute(100);
    // The whole burst at one moment, to the last request.
    assert_eq!(admitted(&storm(&fixture, quota, 10).await), 50);
    assert_eq!(admitted(&storm(&fixture, quota, 1).await), 0);
    // Then a window in steps of a second, with a storm in each.
    let mut within = 50;
    for _ in 0..59 {
        fixture.clock.advance(SignedDuration::from_secs(1));
        within += admitted(&storm(&fixture, quota, 1).await);
    }
    assert!((98..=100).contains(&within), "{within} in the first window");
    fixture.services.shutdown().await;
}

#[tokio::test]
async fn a_request_costs_little_more_than_a_write() {
    let fixture = fixture().await;
    let quota = Quota::per_minute(6_000);
    let writes = |readings: &[Reading]| {
        let sum: u32 = readings.iter().map(|reading| reading.writes).sum();
        f64::from(sum) / readings.len() as f64
    };
    let one = &fixture.stores[..1];
    let mut seldom = Vec::new();
    for _ in 0..50 {
        fixture.clock.advance(SignedDuration::from_secs(5));
        seldom.push(one[0].take(&gauge(), quota).await.unwrap());
    }
    fixture.clock.advance(SignedDuration::from_mins(5));
    let crowd = storm(&fixture, quota, 20).await;
    println!("writes a request: {:.2} now and then, {:.2} in a crowd of 16", writes(&seldom), writes(&crowd));
    assert!(writes(&seldom) <= 1.02, "{}", writes(&seldom));
    assert!(writes(&crowd) <= 1.5, "{}", writes(&crowd));
    assert_eq!(admitted(&crowd), crowd.len());
    fixture.services.shutdown().await;
}
