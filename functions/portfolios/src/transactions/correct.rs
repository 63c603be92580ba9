//! Corrections of transactions.

use axum::extract::State;
use domain::{
    FieldError, Invalid, PortfolioId, TransactionId, Validation,
    audit::Action,
    ledger::{self, Draft, Earlier, Fault, LedgerHead, Note},
    permission::PortfoliosWrite,
    portfolio::Portfolio,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{ApiError, App, Created, Data, Json, Path, auth::Tenant};

use super::{input::TransactionInput, ledger::append, view::TransactionView};
use crate::days::latest;

/// What is wrong with a transaction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCorrection)]
pub(super) struct CorrectionInput {
    /// What is to stand in its place, on whichever date; without it, the transaction is taken out. Within its day it counts at
    /// the place of the one that it replaces. Without a `reference` it has that of the one that it replaces, so that a feed that
    /// sends the amended transaction does not record it again.
    replacement: Option<TransactionInput>,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "The broker corrected the price.")]
    note: Option<String>,
}

/// A correction, as it was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Correction {
    /// What takes the transaction out of the books.
    reversal: TransactionView,
    /// What stands in its place.
    replacement: Option<TransactionView>,
}

impl CorrectionInput {
    fn parse(
        &self,
        portfolio: &Portfolio,
        latest: jiff::civil::Date,
    ) -> Result<(Option<Draft>, Option<Note>), Invalid> {
        let mut validation = Validation::new();
        let replacement = self.replacement.as_ref().map(|input| input.parse(portfolio.base_currency, latest));
        let replacement = validation.nest("/replacement", replacement.transpose());
        let note = validation.check("/note", self.note.as_deref().map(Note::parse).transpose());
        validation.finish(replacement.zip(note))
    }
}

/// Correct a transaction
///
/// Records a reversal, which takes the transaction out of the books from its own date on, and what is to stand in its place.
/// All three stay in the ledger. It is refused if more would be sold than is held, on any day.
#[utoipa::path(
    post,
    path = "/api/v1/portfolios/{id}/transactions/{transaction_id}/corrections",
    operation_id = "correct_transaction",
    tag = super::TAG,
    security(("bearer" = ["portfolios:write"])),
    params(
        ("id" = PortfolioId, Path, description = "The portfolio's id."),
        ("transaction_id" = TransactionId, Path, description = "The transaction's id.")
    ),
    request_body(content = CorrectionInput, example = json!({
        "note": "The broker corrected the price.",
        "replacement": {"kind": "buy", "date": "2024-01-02", "symbol": "AAPL", "quantity": "100", "price": "185.46"}
    })),
    responses(
        (
            status = 201,
            description = "The correction was recorded.",
            body = Data<Correction>,
            headers(("Location" = String, description = "Where the reversal is."))
        ),
        (status = 409, description = "It was corrected before, or is a reversal itself; or others kept changing the ledger.")
    )
)]
pub(super) async fn correct(
    State(app): State<App>,
    tenant: Tenant<PortfoliosWrite>,
    Path((id, transaction)): Path<(PortfolioId, TransactionId)>,
    Json(body): Json<CorrectionInput>,
) -> Result<Created<Correction>, ApiError> {
    let (audited, now) = (tenant.audited(Action::TransactionCorrected)?, app.clock.now());
    let decide = |portfolio: &Portfolio, head: LedgerHead, earlier: Earlier<'_>| {
        let Earlier::Entries(entries) = earlier else { return Ok(None) };
        let (replacement, note) = body.parse(portfolio, latest(now))?;
        let corrected =
            ledger::correct((head, entries), transaction, replacement, note, now, &mut app.ids.randomness());
        Ok(Some(corrected?))
    };
    let recorded = append(&app, &audited, id, &[], decide).await.map_err(|error| error.told(blame))?;
    let mut entries = recorded.entries.iter().map(TransactionView::from);
    let reversal = entries.next().ok_or_else(ApiError::not_found)?;
    let location = format!("/api/v1/portfolios/{id}/transactions/{}", reversal.id);
    Ok(Created { location, version: None, data: Correction { reversal, replacement: entries.next() } })
}

fn blame(faults: &[Fault]) -> Invalid {
    let place = |fault: &Fault| {
        let pointer =
            if fault.pointer.is_empty() { String::new() } else { format!("/replacement{}", fault.pointer) };
        FieldError { pointer, detail: fault.detail.clone() }
    };
    Invalid(faults.iter().map(place).collect())
}
