//! Tenants, their users, how a user is found before the tenant is known, and how a user stays logged in.

mod address;
mod assurance;
mod domain_claim;
mod public_key;
mod session;
mod tenant;
mod tenant_entry;
mod user;

pub use address::Account;
pub use assurance::Assurance;
pub use domain_claim::DomainClaim;
pub use public_key::PublicKey;
pub use session::{Lifetimes, Refused, Reuse, Session};
pub use tenant::{PasswordRules, SessionLimits, Tenant, TenantSettings, TenantStatus, Tier};
pub use tenant_entry::TenantEntry;
pub use user::{Profile, User, UserStatus};
