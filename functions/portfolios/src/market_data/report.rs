//! How the last round of updates went.

use domain::{
    market_data::{PriceUpdate, UpdateReport},
    permission::PricesRead,
};
use jiff::Timestamp;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;
use web::{ApiError, Data, auth::Tenant};

/// The upkeep of a tenant's prices.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(super) struct MarketDataReport {
    /// From when on the next round may begin; null before the first portfolio. During a round, when it goes on.
    next_update: Option<Timestamp>,
    /// How many symbols the round that is under way has yet to ask for, or to ask for again; null between rounds.
    #[schema(example = json!(null))]
    waiting: Option<usize>,
    /// How the last round went; null before its end.
    last: Option<UpdateReport>,
}

impl From<Stored<PriceUpdate>> for MarketDataReport {
    fn from(stored: Stored<PriceUpdate>) -> Self {
        let PriceUpdate { due_at, round, report, next_first: _ } = stored.entity;
        Self { next_update: Some(due_at), waiting: round.map(|round| round.waiting.len()), last: report }
    }
}

/// Get the market data report
///
/// Once a day, where the stage has a source of market data, the closes of all symbols that the tenant's portfolios hold are
/// asked for and added to its prices. This tells when, and which symbols failed. Where the source did not answer, it is asked
/// again a quarter of an hour later and another hour later, and the report tells what came of it. Symbols that are no longer held
/// are not asked for. The source's closes have to be what `POST /api/v1/prices` wants; a stage has one source for all tenants.
#[utoipa::path(
    get,
    path = "/api/v1/market-data/report",
    operation_id = "get_market_data_report",
    tag = super::TAG,
    security(("bearer" = ["prices:read"])),
    responses((status = 200, description = "The last and the next round.", body = Data<MarketDataReport>))
)]
pub(super) async fn report(tenant: Tenant<PricesRead>) -> Result<Data<MarketDataReport>, ApiError> {
    let update = tenant.store().find::<PriceUpdate>(PriceUpdate::KEY).await?;
    Ok(Data::new(update.map(MarketDataReport::from).unwrap_or_default()))
}
