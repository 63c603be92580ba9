//! What may be done. A route names its permission by type, in the signature of its handler.

use std::{fmt, str::FromStr};

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// All permissions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)*
        }

        impl Permission {
            /// Every permission.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in tokens and documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }

        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub struct $name;

            impl Permitted for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )*
    };
}

/// A permission as a type.
pub trait Permitted: Send + Sync + 'static {
    /// The same permission as a value.
    const PERMISSION: Permission;
}

permissions! {
    /// See one's own account.
    AccountRead = "account:read";
    /// Change one's own account, and end one's own sessions.
    AccountWrite = "account:write";
    /// See API keys.
    ApiKeysRead = "api-keys:read";
    /// Make, rotate and revoke API keys.
    ApiKeysWrite = "api-keys:write";
    /// See who did what.
    AuditRead = "audit:read";
    /// Say for how long that is kept.
    AuditWrite = "audit:write";
    /// See all tenants.
    PlatformRead = "platform:read";
    /// Suspend and reactivate tenants.
    PlatformWrite = "platform:write";
    /// See portfolios.
    PortfoliosRead = "portfolios:read";
    /// Create, change and delete portfolios.
    PortfoliosWrite = "portfolios:write";
    /// See prices.
    PricesRead = "prices:read";
    /// Load prices.
    PricesWrite = "prices:write";
    /// See tasks and their results.
    TasksRead = "tasks:read";
    /// Submit and cancel tasks.
    TasksWrite = "tasks:write";
    /// See the tenant's settings and usage.
    TenantRead = "tenant:read";
    /// Change the tenant's settings.
    TenantWrite = "tenant:write";
    /// See the tenant's users.
    UsersRead = "users:read";
    /// Invite and deactivate users, and change their roles.
    UsersWrite = "users:write";
    /// See valuations: runs, scenarios and notes.
    ValuationRead = "valuation:read";
    /// Value companies, and write scenarios and notes.
    ValuationWrite = "valuation:write";
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Permission {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = |permission: &&Self| permission.as_str() == text;
        Self::ALL.iter().find(named).copied().ok_or("must be a known permission")
    }
}
