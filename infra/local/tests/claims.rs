//! Claims over the real table: what is done under one is done by its holder alone, and keeps the claim.

use domain::{
    Entity,
    audit::{Action, Actor, AuditEvent, AuditKeys},
};
use jiff::SignedDuration;
use local::services::Services;
use platform::Clock;
use serde::{Deserialize, Serialize};
use store::{Audited, Claim, Scope, StoreError};

use crate::fixtures::{Provisioned, stopped_clock};

const ATTEMPT: SignedDuration = SignedDuration::from_secs(35);
const KEPT: SignedDuration = SignedDuration::from_hours(24);

#[derive(Clone, Serialize, Deserialize)]
struct Request {
    owner: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    committed: bool,
}

impl Entity for Request {
    const KIND: &'static str = "REQUEST";
    type Key = str;

    fn key(&self) -> String {
        "the only one".to_owned()
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Thing(String);

impl Entity for Thing {
    const KIND: &'static str = "THING";
    type Key = str;

    fn key(&self) -> String {
        self.0.clone()
    }
}

struct Fixture {
    services: Services,
    scope: Scope,
    clock: Clock,
}

async fn fixture() -> Fixture {
    let (provisioned, clock) = (Provisioned::start().await, stopped_clock());
    Fixture { scope: provisioned.scope(&clock), services: provisioned.services, clock }
}

impl Fixture {
    async fn claim(&self, owner: &str) -> Claim<Request> {
        let request = Request { owner: owner.to_owned(), committed: false };
        self.scope.claim(&request, self.clock.now() + ATTEMPT).await.unwrap()
    }

    /// What `owner` changes, who has claimed the request at some time.
    fn under(&self, owner: &str) -> Audited {
        let keys: AuditKeys = format!("1:{}", "k".repeat(32)).parse().unwrap();
        let event = AuditEvent::new(Action::PortfolioCreated, Actor::System);
        let until = self.clock.now() + KEPT;
        let held = self.scope.held_claim::<Request>("the only one", owner, until).unwrap();
        self.scope.audited(&keys, event).under(Some(held))
    }

    async fn release(&self, owner: &str) {
        self.scope.release_claim::<Request>("the only one", owner).await.unwrap();
    }
}

#[tokio::test]
async fn a_claim_under_which_something_was_done_is_kept() {
    let fixture = fixture().await;
    assert!(matches!(fixture.claim("one").await, Claim::Held));
    let under = fixture.under("one");
    under.create(Thing("first".to_owned())).await.unwrap();
    under.create(Thing("second".to_owned())).await.unwrap();
    fixture.release("one").await;
    fixture.clock.advance(KEPT - SignedDuration::from_secs(1));
    let Claim::Taken(request, _) = fixture.claim("two").await else { panic!("it was given up") };
    assert!(request.committed);
    fixture.clock.advance(SignedDuration::from_secs(2));
    assert!(matches!(fixture.claim("two").await, Claim::Held));
    fixture.services.shutdown().await;
}

#[tokio::test]
async fn a_claim_under_which_nothing_was_done_can_be_given_up() {
    let fixture = fixture().await;
    assert!(matches!(fixture.claim("one").await, Claim::Held));
    let under = fixture.under("one");
    under.record().await.unwrap();
    let taken = under.replace(&Thing("x".to_owned()), missing(&fixture).await).await;
    assert!(matches!(taken, Err(StoreError::NotFound)));
    fixture.release("one").await;
    assert!(matches!(fixture.claim("two").await, Claim::Held));
    fixture.services.shutdown().await;
}

/// An entity as it was read before somebody deleted it.
async fn missing(fixture: &Fixture) -> store::Stored<Thing> {
    let stored = fixture.scope.create(Thing("x".to_owned())).await.unwrap();
    fixture.scope.delete::<Thing>("x", None).await.unwrap();
    stored
}

#[tokio::test]
async fn a_slow_attempt_changes_nothing_beside_the_next() {
    let fixture = fixture().await;
    assert!(matches!(fixture.claim("slow").await, Claim::Held));
    fixture.clock.advance(ATTEMPT);
    assert!(matches!(fixture.claim("next").await, Claim::Held));
    let late = fixture.under("slow").create(Thing("late".to_owned())).await;
    assert!(matches!(late, Err(StoreError::ClaimLost)), "{late:?}");
    assert!(fixture.scope.find::<Thing>("late").await.unwrap().is_none());
    fixture.under("next").create(Thing("next".to_owned())).await.unwrap();
    // Nobody has taken this one over, so it is good as long as it lasts.
    fixture.services.shutdown().await;
}
