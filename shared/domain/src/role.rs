//! Roles, and the one table that says what each may do.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{UserId, permission::Permission, text::Name};

/// What a user is within the tenant.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees what the tenant has.
    Viewer,
    /// Works with portfolios and tasks.
    User,
    /// Trades as well.
    Trader,
    /// Leads the team.
    Manager,
    /// Runs the tenant.
    Admin,
    /// Runs the platform.
    SuperAdmin,
}

/// Whose things a permission covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// One's own.
    Own,
    /// Those of one's team as well.
    Team,
    /// Everybody's in the tenant.
    Tenant,
}

/// Who owns a thing, or asks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The user.
    pub user: UserId,
    /// The user's team within the tenant.
    pub team: Option<Name>,
}

impl Reach {
    /// Whether it reaches from who asks to what `owner` owns, both of one tenant.
    pub fn covers(self, asking: &Party, owner: &Party) -> bool {
        let own = asking.user == owner.user;
        match self {
            Self::Own => own,
            Self::Team => own || (asking.team.is_some() && asking.team == owner.team),
            Self::Tenant => true,
        }
    }
}

const NOT: Option<Reach> = None;
const OWN: Option<Reach> = Some(Reach::Own);
const TEAM: Option<Reach> = Some(Reach::Team);
const ALL: Option<Reach> = Some(Reach::Tenant);

/// What each role may do, and with whose things. Who can't reach a thing of the own tenant is told so (403); things of
/// another tenant are not there (404), whatever the role.
#[rustfmt::skip]
#[allow(clippy::match_same_arms, reason = "a table has a row each")]
const fn row(permission: Permission) -> [Option<Reach>; 6] {
    use Permission::{
        AccountRead, AccountWrite, ApiKeysRead, ApiKeysWrite, AuditRead, AuditWrite, PlatformRead, PlatformWrite,
        PortfoliosRead, PortfoliosWrite, PricesRead, PricesWrite, TasksRead, TasksWrite, TenantRead, TenantWrite,
        UsersRead, UsersWrite, ValuationRead, ValuationWrite,
    };
    match permission {
        //                  viewer user trader manager admin super_admin
        AccountRead     => [OWN,   OWN, OWN,   OWN,    OWN,  OWN],
        AccountWrite    => [OWN,   OWN, OWN,   OWN,    OWN,  OWN],
        ApiKeysRead     => [NOT,   OWN, OWN,   OWN,    ALL,  ALL],
        ApiKeysWrite    => [NOT,   OWN, OWN,   OWN,    ALL,  ALL],
        AuditRead       => [NOT,   NOT, NOT,   ALL,    ALL,  ALL],
        AuditWrite      => [NOT,   NOT, NOT,   NOT,    ALL,  ALL],
        PlatformRead    => [NOT,   NOT, NOT,   NOT,    NOT,  ALL],
        PlatformWrite   => [NOT,   NOT, NOT,   NOT,    NOT,  ALL],
        PortfoliosRead  => [ALL,   ALL, ALL,   ALL,    ALL,  ALL],
        PortfoliosWrite => [NOT,   ALL, ALL,   ALL,    ALL,  ALL],
        PricesRead      => [ALL,   ALL, ALL,   ALL,    ALL,  ALL],
        PricesWrite     => [NOT,   ALL, ALL,   ALL,    ALL,  ALL],
        TasksRead       => [ALL,   ALL, ALL,   ALL,    ALL,  ALL],
        TasksWrite      => [NOT,   OWN, OWN,   TEAM,   ALL,  ALL],
        TenantRead      => [ALL,   ALL, ALL,   ALL,    ALL,  ALL],
        TenantWrite     => [NOT,   NOT, NOT,   NOT,    ALL,  ALL],
        UsersRead       => [NOT,   NOT, NOT,   ALL,    ALL,  ALL],
        UsersWrite      => [NOT,   NOT, NOT,   NOT,    ALL,  ALL],
        ValuationRead   => [ALL,   ALL, ALL,   ALL,    ALL,  ALL],
        ValuationWrite  => [NOT,   ALL, ALL,   ALL,    ALL,  ALL],
    }
}

impl Role {
    /// Every role, from the least to the most.
    pub const EVERY: [Self; 6] =
        [Self::Viewer, Self::User, Self::Trader, Self::Manager, Self::Admin, Self::SuperAdmin];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::User => "user",
            Self::Trader => "trader",
            Self::Manager => "manager",
            Self::Admin => "admin",
            Self::SuperAdmin => "super_admin",
        }
    }

    /// With whose things the role may do what `permission` names; `None` with nobody's.
    pub const fn reach(self, permission: Permission) -> Option<Reach> {
        row(permission)[self as usize]
    }

    /// Whether the role may do what `permission` names.
    pub const fn permits(self, permission: Permission) -> bool {
        self.reach(permission).is_some()
    }

    /// What the role may do.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.permits(*permission))
    }

    /// The farthest that any of these roles reaches.
    pub fn reach_of(roles: &[Self], permission: Permission) -> Option<Reach> {
        roles.iter().filter_map(|role| role.reach(permission)).max()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The table as it stands in `docs/SECURITY.md`.
pub fn table() -> String {
    let line = |name: String, cells: [&str; 6]| format!("| {name} | {} |\n", cells.join(" | "));
    let head = line("permission".to_owned(), Role::EVERY.map(Role::as_str));
    let rows = Permission::ALL.iter().map(|permission| {
        let cells = row(*permission).map(|reach| match reach {
            None => "",
            Some(Reach::Own) => "own",
            Some(Reach::Team) => "team",
            Some(Reach::Tenant) => "tenant",
        });
        line(format!("`{permission}`"), cells)
    });
    let rule = "|---|---|---|---|---|---|---|\n".to_owned();
    [head, rule].into_iter().chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::id::Id;

    #[test]
    fn the_documents_table_is_this_one() {
        let document = include_str!("../../../docs/SECURITY.md");
        assert!(document.contains(&table()), "docs/SECURITY.md must hold this:\n{}", table());
    }

    #[test]
    fn a_higher_role_never_reaches_less_far() {
        for permission in Permission::ALL {
            let reaches = Role::EVERY.map(|role| role.reach(*permission));
            assert!(reaches.is_sorted(), "{permission}: {reaches:?}");
        }
    }

    /// The same rules told once more, by what a role is for, over every role and every permission.
    #[test]
    fn each_role_may_do_what_it_is_for_and_nothing_else() {
        for role in Role::EVERY {
            for permission in Permission::ALL {
                let (resource, deed) = permission.as_str().split_once(':').unwrap();
                let allowed = match (resource, deed) {
                    ("account", _) | ("portfolios" | "prices" | "tasks" | "tenant" | "valuation", "read") => {
                        true
                    }
                    ("portfolios" | "prices" | "tasks" | "valuation", "write") | ("api-keys", _) => {
                        role >= Role::User
                    }
                    ("audit" | "users", "read") => role >= Role::Manager,
                    ("audit" | "users" | "tenant", "write") => role >= Role::Admin,
                    ("platform", _) => role == Role::SuperAdmin,
                    other => panic!("no rule for {other:?}"),
                };
                assert_eq!(role.permits(*permission), allowed, "{role} {permission}");
            }
        }
    }

    #[test]
    fn only_the_account_is_open_to_a_viewers_writes() {
        let writes: Vec<_> = Role::Viewer
            .permissions()
            .map(Permission::as_str)
            .filter(|name| name.ends_with(":write"))
            .collect();
        assert_eq!(writes, ["account:write"]);
    }

    #[test]
    fn reach_ends_where_it_says() {
        let party = |team: Option<&str>| Party {
            user: UserId::generate(Timestamp::UNIX_EPOCH, &mut rand::rng()),
            team: team.map(|team| Name::parse(team).unwrap()),
        };
        let (me, mate, other, lone) =
            (party(Some("rates")), party(Some("rates")), party(Some("credit")), party(None));
        let covered = |reach: Reach, asking: &Party| {
            [&me, &mate, &other, &lone].map(|owner| reach.covers(asking, owner))
        };
        assert_eq!(covered(Reach::Own, &me), [true, false, false, false]);
        assert_eq!(covered(Reach::Team, &me), [true, true, false, false]);
        assert_eq!(covered(Reach::Tenant, &me), [true; 4]);
        assert_eq!(covered(Reach::Team, &lone), [false, false, false, true], "no team is no team in common");
    }

    #[test]
    fn several_roles_reach_as_far_as_the_farthest() {
        let roles = [Role::Viewer, Role::Manager];
        assert_eq!(Role::reach_of(&roles, Permission::TasksWrite), Some(Reach::Team));
        assert_eq!(Role::reach_of(&[], Permission::TasksRead), None);
    }

    #[test]
    fn names_are_the_same_everywhere() {
        for role in Role::EVERY {
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        for permission in Permission::ALL {
            assert_eq!(permission.as_str().parse(), Ok(*permission));
        }
    }
}
