//! Rate limits: the generic cell rate algorithm, exact however many functions count at once.
//!
//! An item holds one number, `tat`: the time at which all that was taken will have come back. A request moves it on by the
//! quota's interval. Update expressions know no maximum, so there are two conditional updates: one for a `tat` that lies
//! ahead, one for a `tat` that has passed. Which of them fits is remembered from the last time, so that a request costs one
//! write nearly always.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::update_item::UpdateItemError::ConditionalCheckFailedException as Refused,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure::AllOld},
};
use domain::{
    UserId,
    limit::{Quota, RouteClass},
};

use crate::{
    Store, StoreError, VerifiedTenant,
    envelope::{Attributes, key},
    keys,
};

/// How often a lost race is run again.
const ATTEMPTS: usize = 16;
/// How many gauges are remembered; forgetting one costs a write.
const REMEMBERED: usize = 4_096;
const MICROSECONDS: i64 = 1_000_000;

/// What is counted in one place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Gauge {
    partition: String,
    sort: String,
}

impl Gauge {
    /// Requests from an address, told by its hash.
    pub fn address(hash: &str, class: RouteClass) -> Self {
        Self::new(&keys::address_prefix(hash), class.as_str().to_owned())
    }

    /// Requests of a user.
    pub fn user(tenant: &impl VerifiedTenant, user: UserId, class: RouteClass) -> Self {
        Self::new(&keys::tenant_prefix(tenant.tenant_id()), format!("{user}#{}", class.as_str()))
    }

    /// Requests of a tenant.
    pub fn tenant(tenant: &impl VerifiedTenant, class: RouteClass) -> Self {
        Self::new(&keys::tenant_prefix(tenant.tenant_id()), class.as_str().to_owned())
    }

    /// Mails that a tenant's users send to addresses that are not theirs.
    pub fn mails(tenant: &impl VerifiedTenant) -> Self {
        Self::new(&keys::tenant_prefix(tenant.tenant_id()), "mails".to_owned())
    }

    fn new(prefix: &str, sort: String) -> Self {
        Self { partition: format!("{prefix}{}", keys::LIMIT), sort }
    }
}

/// What was last seen of the gauges, in microseconds since 1970.
#[derive(Debug, Clone, Default)]
pub struct Gauges(Arc<Mutex<HashMap<Gauge, i64>>>);

impl Gauges {
    fn recall(&self, gauge: &Gauge) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(gauge).copied()
    }

    fn remember(&self, gauge: &Gauge, tat: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED && !known.contains_key(gauge) {
            known.clear();
        }
        known.insert(gauge.clone(), tat);
    }
}

/// What the gauge says after a request was counted, or was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Whether the request is within the quota.
    pub allowed: bool,
    /// How many more may come at once.
    pub remaining: u32,
    /// When all of the burst is there again.
    pub full_in: Duration,
    /// When one more may come.
    pub retry_after: Duration,
    /// How many writes it took.
    pub writes: u32,
}

impl Store {
    /// Counts one request, if the quota allows it.
    ///
    /// # Errors
    /// When it could not be counted.
    pub async fn take(&self, gauge: &Gauge, quota: Quota) -> Result<Reading, StoreError> {
        let (interval, tolerance) = (quota.interval(), quota.tolerance());
        let mut ahead = None;
        for attempt in 1..=ATTEMPTS {
            let now = self.clock.now().as_microsecond();
            let latest = now + tolerance - interval;
            let known = ahead.unwrap_or_else(|| self.gauges.recall(gauge).is_some_and(|tat| tat > now));
            let reading = |tat: i64, allowed| {
                self.gauges.remember(gauge, tat);
                read(tat, now, quota, allowed, attempt as u32)
            };
            let tried = if known {
                self.move_on(gauge, interval, now, latest, tolerance).await?
            } else {
                self.start_anew(gauge, now, now + interval, tolerance).await?
            };
            match tried {
                Ok(tat) => return Ok(reading(tat, true)),
                Err(Some(tat)) if tat > latest => return Ok(reading(tat, false)),
                Err(tat) => ahead = Some(tat.is_some_and(|tat| tat > now)),
            }
        }
        Err(StoreError::Contended)
    }

    /// For a `tat` that lies ahead, but not too far.
    async fn move_on(
        &self,
        gauge: &Gauge,
        interval: i64,
        now: i64,
        latest: i64,
        tolerance: i64,
    ) -> Result<Result<i64, Option<i64>>, StoreError> {
        let values = [(":interval", interval), (":now", now), (":latest", latest)];
        let condition = "tat > :now AND tat <= :latest";
        self.turn(gauge, "SET tat = tat + :interval, expires_at = :end", condition, &values, now + tolerance)
            .await
    }

    /// For a `tat` that has passed, or is not there.
    async fn start_anew(
        &self,
        gauge: &Gauge,
        now: i64,
        tat: i64,
        tolerance: i64,
    ) -> Result<Result<i64, Option<i64>>, StoreError> {
        let values = [(":tat", tat), (":now", now)];
        let condition = "attribute_not_exists(tat) OR tat <= :now";
        self.turn(gauge, "SET tat = :tat, expires_at = :end", condition, &values, now + tolerance).await
    }

    /// The new `tat`, or the present one where the condition did not hold.
    async fn turn(
        &self,
        gauge: &Gauge,
        update: &str,
        condition: &str,
        values: &[(&str, i64)],
        end: i64,
    ) -> Result<Result<i64, Option<i64>>, StoreError> {
        let number = |value: i64| AttributeValue::N(value.to_string());
        let mut call = self
            .dynamodb
            .update_item()
            .table_name(&self.config.transient_table)
            .set_key(Some(key(gauge.partition.clone(), gauge.sort.clone())))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_values(":end", number(end / MICROSECONDS + 60))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(AllOld);
        for (name, value) in values {
            call = call.expression_attribute_values(*name, number(*value));
        }
        match call.send().await {
            Ok(output) => {
                let tat = output.attributes.as_ref().and_then(tat);
                Ok(Ok(tat.ok_or_else(|| StoreError::Corrupt("a gauge has no time".to_owned()))?))
            }
            Err(SdkError::ServiceError(error)) if matches!(error.err(), Refused(_)) => {
                let Refused(refused) = error.into_err() else { return Ok(Err(None)) };
                Ok(Err(refused.item.as_ref().and_then(tat)))
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn tat(item: &Attributes) -> Option<i64> {
    item.get("tat")?.as_n().ok()?.parse().ok()
}

fn read(tat: i64, now: i64, quota: Quota, allowed: bool, writes: u32) -> Reading {
    let (interval, tolerance) = (quota.interval(), quota.tolerance());
    let span = |microseconds: i64| Duration::from_micros(u64::try_from(microseconds).unwrap_or_default());
    Reading {
        allowed,
        remaining: u32::try_from((now + tolerance - tat) / interval.max(1)).unwrap_or_default(),
        full_in: span(tat - now),
        retry_after: span(tat + interval - tolerance - now),
        writes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_tells_what_is_left_and_when_more_comes() {
        let quota = Quota::per_minute(10);
        let second = MICROSECONDS;
        assert_eq!((quota.burst(), quota.interval()), (5, 12 * second));
        let fresh = read(12 * second, 0, quota, true, 1);
        assert_eq!((fresh.remaining, fresh.full_in.as_secs()), (4, 12));
        let empty = read(60 * second, 0, quota, false, 1);
        assert_eq!((empty.remaining, empty.retry_after.as_secs(), empty.full_in.as_secs()), (0, 12, 60));
    }

    #[test]
    fn gauges_of_different_things_are_apart() {
        let one = Gauge::address("aa", RouteClass::Login);
        assert_eq!((one.partition.as_str(), one.sort.as_str()), ("ADDRESS#aa#LIMIT", "login"));
        assert_ne!(one, Gauge::address("aa", RouteClass::Read));
    }
}
