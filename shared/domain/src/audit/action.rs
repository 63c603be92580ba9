//! What an event tells of.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What was done: `<kind>.<deed>`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
        pub enum Action {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in records and documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

actions! {
    /// A tenant and its first user registered.
    TenantRegistered = "tenant.registered";
    /// The tenant's settings were changed.
    TenantChanged = "tenant.changed";
    /// The platform suspended the tenant.
    TenantSuspended = "tenant.suspended";
    /// The platform lifted a suspension.
    TenantReactivated = "tenant.reactivated";
    /// The platform chose the tenant's tier and limits.
    TenantPlanChanged = "tenant.plan-changed";
    /// The platform got a new signing key.
    SigningKeyRotated = "signing-key.rotated";
    /// The platform looked at the tenant.
    TenantInspected = "tenant.inspected";
    /// Somebody was invited.
    UserInvited = "user.invited";
    /// A user took up an invitation, or registered.
    UserJoined = "user.joined";
    /// A user's profile was changed.
    UserChanged = "user.changed";
    /// A user got another e-mail address.
    UserEmailChanged = "user.email-changed";
    /// A user's e-mail address was proven.
    UserVerified = "user.verified";
    /// A user's roles were changed.
    UserRolesChanged = "user.roles-changed";
    /// A user may not log in any more.
    UserDeactivated = "user.deactivated";
    /// A deactivated user may log in again.
    UserReactivated = "user.reactivated";
    /// A user's personal data was handed out.
    UserExported = "user.exported";
    /// A user's personal data was erased.
    UserErased = "user.erased";
    /// Too many failures locked a user's logins.
    UserLocked = "user.locked";
    /// A user's logins were unlocked before their time.
    UserUnlocked = "user.unlocked";
    /// A user's password was changed or set anew.
    PasswordChanged = "password.changed";
    /// A password's hash was made anew, as hashes have to cost more by now.
    PasswordRehashed = "password.rehashed";
    /// A session was opened.
    SessionOpened = "session.opened";
    /// The user of a session proved anew to be the user.
    SessionRenewed = "session.renewed";
    /// Somebody with the right first factor gave a wrong second one.
    SessionRefused = "session.refused";
    /// A session was ended.
    SessionEnded = "session.ended";
    /// All sessions of a user were ended.
    SessionsEnded = "session.all-ended";
    /// A used refresh token came back, which ended its session.
    SessionStolen = "session.reuse-detected";
    /// A second factor was offered, and waits to be confirmed.
    FactorOffered = "factor.offered";
    /// A second factor was set up.
    FactorEnrolled = "factor.enrolled";
    /// A second factor was removed.
    FactorRemoved = "factor.removed";
    /// A passkey was added.
    PasskeyAdded = "factor.passkey-added";
    /// A passkey got another name.
    PasskeyRenamed = "factor.passkey-renamed";
    /// A passkey was removed.
    PasskeyRemoved = "factor.passkey-removed";
    /// A passkey was refused, as its counter says that there is a copy of it.
    PasskeyRefused = "factor.passkey-refused";
    /// New recovery codes were made.
    RecoveryCodesMade = "factor.recovery-codes-made";
    /// A recovery code was used.
    RecoveryCodeUsed = "factor.recovery-code-used";
    /// An API key was made.
    ApiKeyCreated = "api-key.created";
    /// An API key got a new secret.
    ApiKeyRotated = "api-key.rotated";
    /// An API key was revoked.
    ApiKeyRevoked = "api-key.revoked";
    /// A portfolio was created.
    PortfolioCreated = "portfolio.created";
    /// A portfolio was changed.
    PortfolioChanged = "portfolio.changed";
    /// A portfolio was deleted.
    PortfolioDeleted = "portfolio.deleted";
    /// Prices of one symbol were replaced.
    PricesReplaced = "prices.replaced";
    /// Transactions were recorded in a portfolio's ledger.
    TransactionsRecorded = "transactions.recorded";
    /// A transaction of a portfolio's ledger was corrected.
    TransactionCorrected = "transactions.corrected";
    /// Prices were loaded.
    PricesLoaded = "prices.loaded";
    /// Ballast brought prices up to date.
    PricesUpdated = "prices.updated";
    /// A company was valued.
    RunCreated = "run.created";
    /// A valuation was deleted.
    RunDeleted = "run.deleted";
    /// Scenarios of a valuation were kept.
    ScenariosCreated = "scenario.created";
    /// A scenario of a valuation was changed.
    ScenarioChanged = "scenario.changed";
    /// A scenario of a valuation was deleted.
    ScenarioDeleted = "scenario.deleted";
    /// A note about a company was written.
    NoteWritten = "note.written";
    /// Long work was asked for.
    TaskSubmitted = "task.submitted";
    /// Long work was cancelled.
    TaskCancelled = "task.cancelled";
    /// It was changed how long events are kept.
    RetentionChanged = "audit.retention-changed";
    /// Events older than the retention were let go.
    AuditPruned = "audit.pruned";
    /// Events were handed out.
    AuditExported = "audit.exported";
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Action {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text).ok_or("must be a known action")
    }
}
