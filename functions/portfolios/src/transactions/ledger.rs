//! Reading and continuing a portfolio's ledger.

use axum::http::StatusCode;
use domain::{
    Invalid, PortfolioId, TransactionId,
    ledger::{CorrectionError, Earlier, Entry, Fault, LedgerHead, Recorded, Reference},
    portfolio::Portfolio,
};
use store::{Attempts, Audited, Scope, StoreError, Stored};
use web::{ApiError, App};

/// Why nothing was recorded.
#[derive(Debug)]
pub(super) enum RecordError {
    /// The portfolio's holdings were given.
    KeptByHoldings,
    /// A transaction can't be taken as it is.
    Invalid(Invalid),
    /// The books would not add up.
    Faults(Vec<Fault>),
    /// The transaction is a reversal, which is not corrected.
    IsReversal,
    /// The transaction was corrected before.
    Reversed(TransactionId),
    /// The store did not do its part.
    Store(StoreError),
}

impl From<StoreError> for RecordError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Invalid> for RecordError {
    fn from(error: Invalid) -> Self {
        Self::Invalid(error)
    }
}

impl From<CorrectionError> for RecordError {
    fn from(error: CorrectionError) -> Self {
        match error {
            CorrectionError::NotFound => Self::Store(StoreError::NotFound),
            CorrectionError::IsReversal => Self::IsReversal,
            CorrectionError::Reversed(by) => Self::Reversed(by),
            CorrectionError::Faults(faults) => Self::Faults(faults),
        }
    }
}

impl RecordError {
    /// What the client is told; `blame` says where the faults are in what it sent.
    pub(super) fn told(self, blame: impl FnOnce(&[Fault]) -> Invalid) -> ApiError {
        match self {
            Self::KeptByHoldings => kept_by_holdings(),
            Self::Invalid(invalid) => invalid.into(),
            Self::Faults(faults) => blame(&faults).into(),
            Self::IsReversal => {
                ApiError::conflict("A reversal is not corrected; record the transaction anew.")
            }
            Self::Reversed(by) => ApiError::conflict(format!("It was corrected before; {by} reverses it.")),
            Self::Store(StoreError::TooLarge) => ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "These transactions are too large for one load; load fewer at a time.",
            ),
            Self::Store(error) => error.into(),
        }
    }
}

/// Continues a portfolio's ledger by what `decide` makes of it, again and again until nobody came in between: the entries,
/// the head and the holdings change together, or not at all.
///
/// * `references`: those of what is to be recorded.
/// * `decide`: called with the holdings first, which are at hand, and with the entries that have one of the references; with all
///   entries if it gives nothing, or one of the entries may have been corrected.
pub(super) async fn append(
    app: &App,
    audited: &Audited,
    id: PortfolioId,
    references: &[Reference],
    decide: impl Fn(&Portfolio, LedgerHead, Earlier<'_>) -> Result<Option<Recorded>, RecordError>,
) -> Result<Recorded, RecordError> {
    let scope = audited.scope();
    let mut attempts = Attempts::new(&app.ids);
    while attempts.next().await {
        let portfolio = scope.get::<Portfolio>(&id).await?;
        let (known, head) = (&portfolio.entity, head(&portfolio.entity).ok_or(RecordError::KeptByHoldings)?);
        let repeated = scope.ledger_known(id, head, references).await?;
        let may_be_corrected = head.corrected && !repeated.is_empty();
        let by_holdings = || decide(known, head, Earlier::Holdings(&known.holdings, &repeated));
        let decided = match if may_be_corrected { None } else { by_holdings()? } {
            None => decide(known, head, Earlier::Entries(&scope.ledger(id, head).await?))?,
            decided => decided,
        };
        let Some(recorded) = decided else { continue };
        if recorded.entries.is_empty() {
            return Ok(recorded);
        }
        match write(audited, portfolio, head, &recorded).await {
            Err(error) if error.is_lost_race() => {}
            Err(error) => return Err(error.into()),
            Ok(()) => return Ok(recorded),
        }
    }
    Err(StoreError::Contended.into())
}

async fn write(
    audited: &Audited,
    portfolio: Stored<Portfolio>,
    head: LedgerHead,
    recorded: &Recorded,
) -> Result<(), StoreError> {
    let (scope, before) = (audited.scope(), portfolio.entity.clone());
    let mut writes = scope.write_ledger(portfolio.entity.id, head, &recorded.entries).await?;
    let (ledger, holdings) = (Some(recorded.head), recorded.holdings.clone());
    let changed = portfolio.map(|portfolio| Portfolio { holdings, ledger, ..portfolio });
    writes.push(scope.write_changed(&changed)?);
    audited.clone().changed(Some(&before), Some(&changed.entity)).transact(writes).await
}

/// A portfolio that may be kept by transactions, with all of its entries.
///
/// # Errors
/// 409 when its holdings were given.
pub(crate) async fn read(scope: &Scope, id: PortfolioId) -> Result<(Portfolio, Vec<Entry>), ApiError> {
    let portfolio = scope.get::<Portfolio>(&id).await?.entity;
    let head = head(&portfolio).ok_or_else(kept_by_holdings)?;
    Ok((portfolio, scope.ledger(id, head).await?))
}

/// The ledger of a portfolio, which one without holdings has yet to begin.
fn head(portfolio: &Portfolio) -> Option<LedgerHead> {
    portfolio.ledger.or_else(|| portfolio.holdings.as_slice().is_empty().then(LedgerHead::default))
}

fn kept_by_holdings() -> ApiError {
    ApiError::conflict(
        "The portfolio is kept by its holdings, which no transactions explain; use one without holdings for transactions.",
    )
}
