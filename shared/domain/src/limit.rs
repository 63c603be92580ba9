//! How often something may be asked for.

use std::{fmt, str::FromStr};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::account::Tier;

/// Where somebody who may not be known yet proves something: who they are, or that they read a mailbox.
const PROOFS: [&str; 3] = ["/api/v1/auth/", "/api/v1/users/accept", "/api/v1/users/change-email"];
/// Reads that go through all of something.
const LONG_READS: [&str; 2] = ["/api/v1/audit/verify", "/api/v1/tenant/usage"];

/// What a request costs us, roughly.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum RouteClass {
    /// Proves who somebody is: slow on purpose, and what is guessed at.
    Login,
    /// Reads.
    Read,
    /// Changes something.
    Write,
    /// Asks for long work, a valuation, or a read of all there is.
    Compute,
}

impl RouteClass {
    /// Every class.
    pub const ALL: [Self; 4] = [Self::Login, Self::Read, Self::Write, Self::Compute];

    /// The class of a request.
    pub fn of(method: &str, path: &str) -> Self {
        match method {
            "GET" | "HEAD" if LONG_READS.contains(&path) => Self::Compute,
            "GET" | "HEAD" | "OPTIONS" => Self::Read,
            _ if PROOFS.iter().any(|prefix| path.starts_with(prefix)) => Self::Login,
            "POST" if path.starts_with("/api/v1/tasks/") || path == "/api/v1/runs" => Self::Compute,
            _ => Self::Write,
        }
    }

    /// Its name in keys and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Read => "read",
            Self::Write => "write",
            Self::Compute => "compute",
        }
    }

    /// Whether such a request is refused when it can't be counted. Who can stop the counting must not thereby guess
    /// passwords, or spend our money, without a bound.
    pub const fn fails_closed(self) -> bool {
        matches!(self, Self::Login | Self::Compute)
    }
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counted {
    /// An address that nobody has logged in from with this request.
    Address,
    /// A user.
    User,
    /// A tenant with all its users.
    Tenant,
}

impl Counted {
    /// Its name in headers and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::User => "user",
            Self::Tenant => "tenant",
        }
    }
}

/// At most so many requests in any window of so long.
///
/// Half of them may come at once; the others come back one by one over the window (GCRA). However a client spaces its
/// requests, no window of this length ever sees more than `requests`: a bucket of `b` that refills `q − b` in a window `w`
/// admits at most `b + (q − b)` in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// The most requests in a window.
    pub requests: u32,
    /// The window.
    pub window: SignedDuration,
}

impl Quota {
    /// So many a minute.
    pub const fn per_minute(requests: u32) -> Self {
        Self { requests, window: SignedDuration::from_secs(60) }
    }

    /// How many mails a tenant's users may have sent to addresses that are not theirs: invitations, and codes to an address
    /// that somebody wants to have.
    pub const fn mails_a_day(tier: Tier) -> Self {
        let requests = match tier {
            Tier::Free => 40,
            Tier::Standard => 200,
            Tier::Enterprise => 2_000,
        };
        Self { requests, window: SignedDuration::from_hours(24) }
    }

    /// How many may come at once, at least one.
    pub const fn burst(self) -> u32 {
        self.requests.div_ceil(2)
    }

    /// How long one request takes to come back, in microseconds, rounded up so that the bound holds.
    pub fn interval(self) -> i64 {
        let window = i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX);
        let refilled = i64::from((self.requests - self.burst()).max(1));
        (window / refilled) + i64::from(window % refilled != 0)
    }

    /// How far ahead of its time the last request of a burst is, in microseconds.
    pub fn tolerance(self) -> i64 {
        self.interval().saturating_mul(i64::from(self.burst()))
    }
}

/// What a tenant as a whole may ask for in a class, in place of what its tier gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLimit {
    /// What for.
    pub class: RouteClass,
    /// The most requests in any minute.
    #[schema(minimum = 1, maximum = 1_000_000, example = 20_000)]
    pub requests_per_minute: u32,
}

/// What chooses a tenant's quotas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// What it pays for.
    pub tier: Tier,
    /// What was agreed with it alone.
    pub own: Vec<OwnLimit>,
}

/// The quotas of a stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits(Vec<(Counted, RouteClass, Quota)>);

impl Limits {
    /// The quota of a class: what was agreed with the tenant, or else what the stage sets, or else what its tier gives.
    pub fn quota(&self, counted: Counted, class: RouteClass, plan: &Plan) -> Quota {
        let own = plan.own.iter().find(|own| counted == Counted::Tenant && own.class == class);
        let set = || self.0.iter().find(|(who, what, _)| (*who, *what) == (counted, class));
        let usual = || Quota::per_minute(default(counted, class, plan.tier));
        own.map_or_else(
            || set().map_or_else(usual, |(.., quota)| *quota),
            |own| Quota::per_minute(own.requests_per_minute),
        )
    }
}

const fn default(counted: Counted, class: RouteClass, tier: Tier) -> u32 {
    let tiers = match (counted, class) {
        (Counted::Address, _) => [2_400; 3],
        (Counted::User, RouteClass::Login) => [240; 3],
        (Counted::User, RouteClass::Read) => [6_000; 3],
        (Counted::User, RouteClass::Write) => [3_000; 3],
        (Counted::User, RouteClass::Compute) => [300, 600, 1_200],
        (Counted::Tenant, RouteClass::Login) => [2_400, 2_400, 12_000],
        (Counted::Tenant, RouteClass::Read) => [6_000, 12_000, 60_000],
        (Counted::Tenant, RouteClass::Write) => [3_000, 6_000, 30_000],
        (Counted::Tenant, RouteClass::Compute) => [300, 1_200, 6_000],
    };
    tiers[tier as usize]
}

/// A setting that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be <address|user|tenant>.<login|read|write|compute>=<requests>/<seconds>, several separated by spaces"
)]
pub struct InvalidLimits;

impl FromStr for Limits {
    type Err = InvalidLimits;

    fn from_str(text: &str) -> Result<Self, InvalidLimits> {
        let parse = |setting: &str| {
            let (name, quota) = setting.split_once('=')?;
            let (counted, class) = name.split_once('.')?;
            let (requests, seconds) = quota.split_once('/')?;
            let all = [Counted::Address, Counted::User, Counted::Tenant];
            let counted = all.into_iter().find(|known| known.as_str() == counted)?;
            let class = RouteClass::ALL.into_iter().find(|known| known.as_str() == class)?;
            let requests: u32 = requests.parse().ok().filter(|requests| *requests > 0)?;
            let seconds: u32 = seconds.parse().ok().filter(|seconds| (1..=86_400).contains(seconds))?;
            let window = SignedDuration::from_secs(i64::from(seconds));
            Some((counted, class, Quota { requests, window }))
        };
        let settings = text.split_whitespace().map(|setting| parse(setting).ok_or(InvalidLimits));
        settings.collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Quota {
    /// As `RateLimit-Policy` has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "q={};w={}", self.requests, self.window.as_secs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_have_their_class() {
        for (method, path, class) in [
            ("GET", "/api/v1/auth/me", RouteClass::Read),
            ("POST", "/api/v1/auth/login", RouteClass::Login),
            ("POST", "/api/v1/auth/passkeys/login/options", RouteClass::Login),
            ("DELETE", "/api/v1/auth/sessions/x", RouteClass::Login),
            ("POST", "/api/v1/tasks/risk/monte-carlo", RouteClass::Compute),
            ("POST", "/api/v1/runs", RouteClass::Compute),
            ("GET", "/api/v1/audit/verify", RouteClass::Compute),
            ("GET", "/api/v1/tenant/usage", RouteClass::Compute),
            ("OPTIONS", "/api/v1/tenant/usage", RouteClass::Read),
            ("GET", "/api/v1/audit", RouteClass::Read),
            ("DELETE", "/api/v1/runs/x", RouteClass::Write),
            ("DELETE", "/api/v1/tasks/x", RouteClass::Write),
            ("PUT", "/api/v1/portfolios/x", RouteClass::Write),
        ] {
            assert_eq!(RouteClass::of(method, path), class, "{method} {path}");
        }
    }

    #[test]
    fn a_stage_sets_its_own_quotas() {
        let limits: Limits = "address.login=5/60 user.read=10/1".parse().unwrap();
        let plan = Plan { tier: Tier::Free, own: Vec::new() };
        let quota = limits.quota(Counted::Address, RouteClass::Login, &plan);
        assert_eq!((quota.requests, quota.window.as_secs()), (5, 60));
        assert_eq!(quota.to_string(), "q=5;w=60");
        assert_eq!(limits.quota(Counted::User, RouteClass::Write, &plan).requests, 3_000);
        assert_eq!(Limits::default(), "".parse().unwrap());
        for wrong in ["x", "user.read", "user.read=0/1", "user.read=1/0", "all.read=1/1", "user.all=1/1"] {
            assert_eq!(wrong.parse::<Limits>(), Err(InvalidLimits), "{wrong}");
        }
    }

    #[test]
    fn what_was_agreed_with_a_tenant_counts_before_the_stage_and_the_tier() {
        let limits: Limits = "tenant.read=5/60 user.read=7/60".parse().unwrap();
        let own = vec![OwnLimit { class: RouteClass::Read, requests_per_minute: 9 }];
        let plan = Plan { tier: Tier::Enterprise, own };
        let requests = |counted, class| limits.quota(counted, class, &plan).requests;
        assert_eq!(requests(Counted::Tenant, RouteClass::Read), 9);
        assert_eq!(requests(Counted::User, RouteClass::Read), 7, "only the tenant as a whole");
        assert_eq!(requests(Counted::Tenant, RouteClass::Write), 30_000);
    }

    /// The greediest client there is: it asks at every moment that it may, from any moment on.
    #[test]
    fn no_window_sees_more_than_the_quota() {
        for requests in [1, 2, 3, 7, 10, 100, 6_000] {
            let quota = Quota::per_minute(requests);
            let (interval, window) = (quota.interval(), 60_000_000);
            let (mut tat, mut now, mut admitted) = (0_i64, 0_i64, Vec::new());
            while now < 4 * window {
                if now.max(tat) + interval <= now + quota.tolerance() {
                    tat = now.max(tat) + interval;
                    admitted.push(now);
                } else {
                    now = tat + interval - quota.tolerance();
                }
            }
            let most = admitted.iter().enumerate().map(|(index, start)| {
                admitted[index..].iter().take_while(|at| **at < start + window).count()
            });
            let most = most.max().unwrap();
            assert!(most <= requests as usize && most + 1 >= requests as usize, "{requests}: {most}");
        }
    }
}
