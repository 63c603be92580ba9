//! Rate limits: who is counted, what the client is told, and what happens when nobody can be counted.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use domain::{
    UserId,
    limit::{Counted, Plan, Quota, RouteClass},
};
use store::{Gauge, Reading, StoreError, VerifiedTenant};

use crate::{ApiError, App, Origin};

pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
pub(crate) const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How long counting may take: a table that does not answer must not hold up what goes on without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// How a request stands with the limits that count it.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    counts: Vec<(Counted, Quota, Reading)>,
    /// What could not be counted, and must not go uncounted.
    uncounted: Option<ApiError>,
}

impl Standing {
    /// Counts the request by its address.
    ///
    /// # Errors
    /// 429 above the quota; 503 when it can't be counted and must be.
    pub(crate) async fn count_address(
        &mut self,
        app: &App,
        origin: Option<&Origin>,
        class: RouteClass,
    ) -> Result<(), ApiError> {
        // Without an address, all who have none are one.
        let network = origin.and_then(Origin::network).unwrap_or_default();
        let gauge = Gauge::address(&app.cursor_key.fingerprint("address", &network), class);
        let quota = app.limits.quota(Counted::Address, class, &Plan::default());
        self.note(Counted::Address, quota, take(app, &gauge, quota).await, class);
        self.refusal().map_or(Ok(()), Err)
    }

    /// Counts the request in its user's quota and then in its tenant's: what the user may not have takes nothing from the
    /// tenant, or one user could keep all the others out.
    pub(crate) async fn count_user(
        &mut self,
        app: &App,
        tenant: &impl VerifiedTenant,
        user: UserId,
        plan: &Plan,
        class: RouteClass,
    ) {
        let quotas = [Counted::User, Counted::Tenant].map(|counted| app.limits.quota(counted, class, plan));
        let gauges = [Gauge::user(tenant, user, class), Gauge::tenant(tenant, class)];
        self.note(Counted::User, quotas[0], take(app, &gauges[0], quotas[0]).await, class);
        if self.refusal().is_none() {
            self.note(Counted::Tenant, quotas[1], take(app, &gauges[1], quotas[1]).await, class);
        }
    }

    /// Whether anybody was counted for the request.
    pub(crate) fn has_counted(&self) -> bool {
        !self.counts.is_empty()
    }

    fn note(
        &mut self,
        counted: Counted,
        quota: Quota,
        taken: Result<Reading, StoreError>,
        class: RouteClass,
    ) {
        match taken {
            Ok(reading) => self.counts.push((counted, quota, reading)),
            Err(error) => {
                tracing::warn!(%error, counted = counted.as_str(), class = class.as_str(), "not counted");
                if class.fails_closed() {
                    self.uncounted = Some(ApiError::uncounted(error));
                }
            }
        }
    }

    /// Why the request may not go on, if it may not.
    pub(crate) fn refusal(&self) -> Option<ApiError> {
        let exceeded = self.counts.iter().filter(|(_, _, reading)| !reading.allowed);
        let longest = exceeded.max_by_key(|(_, _, reading)| reading.retry_after);
        let refused = longest.map(|(counted, quota, reading)| {
            let seconds = reading.retry_after.as_millis().div_ceil(1000).max(1);
            let detail = format!(
                "More than {} requests in {} seconds for this {}.",
                quota.requests,
                quota.window.as_secs(),
                counted.as_str()
            );
            ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
                .retry_after(u32::try_from(seconds).unwrap_or(u32::MAX))
                .with_headers(self.headers())
        });
        refused.or_else(|| self.uncounted.clone())
    }

    /// Tells the client how it stands.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        for (name, value) in self.headers() {
            headers.insert(name, value);
        }
    }

    fn headers(&self) -> Vec<(HeaderName, HeaderValue)> {
        let join = |each: &dyn Fn(&(Counted, Quota, Reading)) -> String| {
            HeaderValue::try_from(self.counts.iter().map(each).collect::<Vec<_>>().join(", ")).ok()
        };
        let policies = join(&|(counted, quota, _)| format!("\"{}\";{quota}", counted.as_str()));
        let standing = join(&|(counted, _, reading)| {
            let seconds = reading.full_in.as_millis().div_ceil(1000);
            format!("\"{}\";r={};t={seconds}", counted.as_str(), reading.remaining)
        });
        if self.counts.is_empty() {
            return Vec::new();
        }
        let named = [(RATE_LIMIT_POLICY, policies), (RATE_LIMIT, standing)];
        named.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

async fn take(app: &App, gauge: &Gauge, quota: Quota) -> Result<Reading, StoreError> {
    let taken = tokio::time::timeout(PATIENCE, app.store.take(gauge, quota)).await;
    taken.unwrap_or_else(|elapsed| Err(StoreError::Unavailable(elapsed.into())))
}
