//! One transaction.

use domain::{
    PortfolioId, TransactionId, ledger::reversals, permission::PortfoliosRead, portfolio::Portfolio,
};
use web::{ApiError, Data, Path, auth::Tenant};

use super::view::TransactionView;

/// Get a transaction
#[utoipa::path(
    get,
    path = "/api/v1/portfolios/{id}/transactions/{transaction_id}",
    operation_id = "get_transaction",
    tag = super::TAG,
    security(("bearer" = ["portfolios:read"])),
    params(
        ("id" = PortfolioId, Path, description = "The portfolio's id."),
        ("transaction_id" = TransactionId, Path, description = "The transaction's id.")
    ),
    responses((status = 200, description = "The transaction.", body = Data<TransactionView>))
)]
pub(super) async fn read(
    tenant: Tenant<PortfoliosRead>,
    Path((id, transaction)): Path<(PortfolioId, TransactionId)>,
) -> Result<Data<TransactionView>, ApiError> {
    let scope = tenant.store();
    let head = scope.get::<Portfolio>(&id).await?.entity.ledger.unwrap_or_default();
    let place = transaction.place();
    if place >= head.entries {
        return Err(ApiError::not_found());
    }
    // What reverses it would come later, anywhere.
    let (entries, place) = if head.corrected {
        (scope.ledger(id, head).await?, place as usize)
    } else {
        (scope.ledger_part(id, place..place + 1).await?, 0)
    };
    let entry = entries.get(place).filter(|entry| entry.id == transaction).ok_or_else(ApiError::not_found)?;
    Ok(Data::new(TransactionView::new(entry, &reversals(&entries))))
}
