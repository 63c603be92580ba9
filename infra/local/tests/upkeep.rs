//! The upkeep of audit chains over the real table and bucket, a few records at a time.

use std::collections::BTreeMap;

use domain::audit::{Action, Actor, AuditEvent, AuditKeys};
use jiff::SignedDuration;
use local::services::Services;
use platform::{Clock, Context, Env};
use store::{Checkpoints, Pace, Scope, Upkeep};

use crate::fixtures::{Provisioned, stopped_clock};

const PACE: Pace = Pace { vouched: 2, pruned: 2 };
/// Longer than records are kept.
const AGES: SignedDuration = SignedDuration::from_hours(24 * 2_556);

struct Fixture {
    services: Services,
    scope: Scope,
    keys: AuditKeys,
    checkpoints: Checkpoints,
    clock: Clock,
}

/// A chain of five records.
async fn fixture() -> Fixture {
    let (provisioned, clock) = (Provisioned::start().await, stopped_clock());
    let aws = provisioned.services.endpoints().sdk_config().clone();
    let bucket = &provisioned.template.buckets[0].name;
    let variables = BTreeMap::from([("AUDIT_BUCKET".to_owned(), bucket.clone())]);
    let checkpoints = Checkpoints::from_env(&Context::new(Env::from(variables), aws, clock.clone())).unwrap();
    let keys: AuditKeys = format!("1:{}", "k".repeat(32)).parse().unwrap();
    let scope = provisioned.scope(&clock);
    let fixture = Fixture { services: provisioned.services, scope, keys, checkpoints, clock };
    for _ in 0..5 {
        let event = AuditEvent::new(Action::PortfolioCreated, Actor::System);
        fixture.scope.audited(&fixture.keys, event).record().await.unwrap();
    }
    fixture
}

impl Fixture {
    async fn look_after(&self, time: SignedDuration) -> Upkeep {
        self.clock.advance(time);
        let Self { scope, keys, checkpoints, clock, .. } = self;
        scope.audit_upkeep(keys, checkpoints, clock.now(), PACE).await.unwrap()
    }

    async fn is_intact(&self) -> bool {
        let checked = self.scope.audit_check(&self.keys, &self.checkpoints, None, 1_000).await.unwrap();
        checked.unwrap().0.intact
    }
}

#[tokio::test]
async fn a_chain_that_is_behind_is_due_again_at_once() {
    let fixture = fixture().await;
    let second = SignedDuration::from_secs(1);
    let mut vouched = Vec::new();
    for time in [SignedDuration::from_hours(1), second, second, second] {
        vouched.push(fixture.look_after(time).await.checkpoint);
    }
    assert_eq!(vouched, [Some(2), Some(4), Some(5), None]);
    assert!(fixture.is_intact().await);
    fixture.services.shutdown().await;
}

#[tokio::test]
async fn what_is_old_is_let_go_a_part_at_a_time() {
    let fixture = fixture().await;
    let second = SignedDuration::from_secs(1);
    let mut pruned = Vec::new();
    for time in [AGES, second, second, second] {
        pruned.push(fixture.look_after(time).await.pruned);
        assert!(fixture.is_intact().await);
    }
    assert_eq!(pruned, [2, 2, 1, 0], "the records of letting go are young");
    fixture.services.shutdown().await;
}
