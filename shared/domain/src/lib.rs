//! Types and rules of Ballast, with no I/O: ids, people and permissions, portfolios, prices, long work.
//!
//! A value of these types is valid: each constructor is its rule (parse, don't validate). What a client sent wrong comes
//! back as [`Invalid`], with a JSON pointer for each bad field.

pub mod account;
pub mod api_key;
pub mod attempts;
pub mod audit;
pub mod challenge;
pub mod currency;
pub mod decimal;
pub mod digest;
pub mod email;
pub mod entity;
pub mod factors;
pub mod history;
pub mod id;
pub mod invalid;
pub mod ledger;
pub mod limit;
pub mod mail;
pub mod market_data;
pub mod passkey;
pub mod password;
pub mod permission;
pub mod portfolio;
pub mod price;
pub mod replay;
pub mod risk;
pub mod role;
pub mod symbol;
pub mod task;
pub mod text;
pub mod valuation;

pub use entity::{Entity, IndexEntry};
pub use id::{
    ApiKeyId, CeremonyId, ChallengeId, MailId, PasskeyId, PortfolioId, RequestId, RunId, ScenarioId,
    SessionId, TaskId, TenantId, TransactionId, UserId,
};
pub use invalid::{FieldError, Invalid, Validation};
