//! Roles, and the one table that says what each may do.

use serde::{Deserialize, Serialize};

use crate::permission::Permission::{
    self, AccountRead, AccountWrite, PortfoliosRead, PortfoliosWrite, PricesRead, PricesWrite, TasksRead,
    TasksWrite, ValuationRead, ValuationWrite,
};

/// What a user is within the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
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

const VIEWER: &[Permission] =
    &[AccountRead, AccountWrite, PortfoliosRead, PricesRead, TasksRead, ValuationRead];
const USER: &[Permission] = &[
    AccountRead,
    AccountWrite,
    PortfoliosRead,
    PortfoliosWrite,
    PricesRead,
    PricesWrite,
    TasksRead,
    TasksWrite,
    ValuationRead,
    ValuationWrite,
];

impl Role {
    /// What the role may do.
    pub const fn permissions(self) -> &'static [Permission] {
        match self {
            Self::Viewer => VIEWER,
            Self::User | Self::Trader | Self::Manager | Self::Admin | Self::SuperAdmin => USER,
        }
    }

    /// Whether the role may do what `permission` names.
    pub fn permits(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }
}
