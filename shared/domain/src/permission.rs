//! What may be done. A route names its permission by type, in the signature of its handler.

use std::fmt;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// All permissions.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Permission {
            $($(#[$doc])* $name,)*
        }

        impl Permission {
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
    /// End one's own sessions.
    AccountWrite = "account:write";
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
