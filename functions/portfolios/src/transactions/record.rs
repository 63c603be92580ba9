//! New transactions.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use domain::{
    PortfolioId, TransactionId,
    audit::Action,
    ledger::{self, Earlier, LedgerHead, Recorded},
    permission::PortfoliosWrite,
    portfolio::Portfolio,
};
use serde::Serialize;
use store::Scope;
use utoipa::ToSchema;
use web::{ApiError, App, Created, Data, Path, Text, auth::Tenant};

use super::{
    batch::Batch,
    input::TransactionsInput,
    ledger::{RecordError, append},
    view::TransactionView,
};
use crate::days::latest;

/// What became of transactions that were sent together.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TransactionsRecorded {
    /// How many were recorded.
    #[schema(example = 9998)]
    recorded: usize,
    /// How many had been recorded before, with the same reference, and count.
    #[schema(example = 2)]
    repeated: usize,
    /// How many had been recorded before, with the same reference, but were reversed since: they don't count, and were not
    /// recorded again.
    #[schema(example = 0)]
    reversed: usize,
    /// The first that was recorded.
    first: Option<TransactionId>,
    /// The last that was recorded.
    last: Option<TransactionId>,
}

/// What the client gets.
pub(super) enum Answer {
    One(Created<TransactionView>),
    Known(Data<TransactionView>),
    Many(Created<TransactionsRecorded>),
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::One(created) => created.into_response(),
            Self::Known(data) => data.into_response(),
            Self::Many(created) => created.into_response(),
        }
    }
}

/// Record transactions
///
/// One, an array, or CSV with the fields as columns; up to 10,000. All are recorded or none: one bad row refuses the whole
/// load, and the answer names it (`/rows/17` in CSV, counted from 0 without the header, with its line; `/17` in an array).
///
/// The portfolio must be one without holdings, or one that has transactions already. From then on its holdings follow from
/// them, and every calculation that is asked for by `portfolio_id` uses these. A transaction counts from its own date on,
/// also if that is long past; it is refused if it sells more than is held then, or leaves too little for what was sold later.
/// Cash may fall below zero. Closes are kept as they were on their day, in the portfolio's currency; a split is recorded, and
/// whatever is computed from closes adjusts them for it. So record splits from before the first purchase too, back to the first
/// close that is loaded.
///
/// A transaction whose `reference` the ledger has, and that says the same, is not recorded again; also not if it was reversed,
/// which `reversed_by` tells, or `reversed` after an array or CSV: what is to count after all needs another reference, or none.
/// Nothing that was recorded can be changed, only corrected.
///
/// Within a day, transactions count in the order in which they come. A load whose dates only descend is taken to have the newest
/// first, and is recorded from its end.
#[utoipa::path(
    post,
    path = "/api/v1/portfolios/{id}/transactions",
    operation_id = "record_transactions",
    tag = super::TAG,
    security(("bearer" = ["portfolios:write"])),
    params(("id" = PortfolioId, Path, description = "The portfolio's id.")),
    request_body(
        description = "Up to 10,000 transactions.",
        content(
            (
                TransactionsInput = "application/json",
                example = json!({"kind": "buy", "date": "2024-01-02", "symbol": "AAPL", "quantity": "100",
                    "price": "185.64", "fee": "1.00", "reference": "broker-20240102-0017"})
            ),
            (
                String = "text/csv",
                example = "kind,date,symbol,quantity,price,amount,fee,ratio,reference\n\
                    deposit,2024-01-02,,,,50000.00,,,\nbuy,2024-01-02,AAPL,100,185.64,,1.00,,broker-20240102-0017\n"
            )
        )
    ),
    responses(
        (
            status = 201,
            description = "The transaction was recorded. After an array or CSV: how many were.",
            body = Data<TransactionView>,
            headers(("Location" = String, description = "Where the transaction is, or the list of all."))
        ),
        (
            status = 200,
            description = "The transaction had been recorded before. It counts unless it has `reversed_by`.",
            body = Data<TransactionView>
        ),
        (
            status = 409,
            description = "The portfolio is kept by its holdings; or others kept changing it, or a request with this \
                           Idempotency-Key is in progress. Nothing was recorded."
        ),
        (
            status = 413,
            description = "The body is larger than 6 MB, or the transactions are more than is written at once, as many with long \
                           notes are. Nothing was recorded; load fewer at a time."
        )
    )
)]
pub(super) async fn record(
    State(app): State<App>,
    tenant: Tenant<PortfoliosWrite>,
    Path(id): Path<PortfolioId>,
    body: Text<TransactionsInput>,
) -> Result<Answer, ApiError> {
    let text;
    let batch = match body {
        Text::Csv(csv) => {
            text = csv;
            Batch::csv(&text)?
        }
        Text::Json(input) => Batch::json(input)?,
    };
    let audited = tenant.audited(Action::TransactionsRecorded)?;
    let now = app.clock.now();
    let decide = |portfolio: &Portfolio, head: LedgerHead, earlier: Earlier<'_>| {
        let drafts = batch.drafts(portfolio.base_currency, latest(now))?;
        if matches!(earlier, Earlier::Holdings(..)) && !head.suffices(&drafts) {
            return Ok(None);
        }
        let recorded = ledger::record(head, earlier, drafts, now, &mut app.ids.randomness());
        recorded.map(Some).map_err(RecordError::Faults)
    };
    let recorded = append(&app, &audited, id, &batch.references(), decide).await;
    let recorded = recorded.map_err(|error| error.told(|faults| batch.blame(faults)))?;
    answer(audited.scope(), id, &batch, &recorded).await
}

async fn answer(
    scope: &Scope,
    portfolio: PortfolioId,
    batch: &Batch<'_>,
    recorded: &Recorded,
) -> Result<Answer, ApiError> {
    let list = format!("/api/v1/portfolios/{portfolio}/transactions");
    if !batch.is_one() {
        let reversed = recorded.ids.iter().filter(|id| recorded.reversed.contains_key(*id)).count();
        let data = TransactionsRecorded {
            recorded: recorded.entries.len(),
            repeated: recorded.ids.len() - recorded.entries.len() - reversed,
            reversed,
            first: recorded.entries.first().map(|entry| entry.id),
            last: recorded.entries.last().map(|entry| entry.id),
        };
        return Ok(Answer::Many(Created { location: list, version: None, data }));
    }
    if let Some(entry) = recorded.entries.first() {
        let location = format!("{list}/{}", entry.id);
        return Ok(Answer::One(Created { location, version: None, data: entry.into() }));
    }
    let place = recorded.ids.first().map_or(0, |id| id.place());
    let known = scope.ledger_part(portfolio, place..place + 1).await?;
    let known = known.first().map(|entry| TransactionView::new(entry, &recorded.reversed));
    known.map(|known| Answer::Known(Data::new(known))).ok_or_else(ApiError::not_found)
}
