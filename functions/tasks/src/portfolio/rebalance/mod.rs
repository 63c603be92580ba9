//! Rebalancing.

mod positions;
mod settings;

use axum::extract::State;
use computations::{PortfolioInput, rebalancing};
use domain::{PortfolioId, Validation, decimal::DecimalInput, permission::TasksWrite, task::TaskKind};
use jiff::civil::Date;
use quant::{Weights, rebalance::Request};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::names::below;
use crate::{
    state::{Tasks, require_portfolio},
    task::view::Submitted,
};
use positions::{Held, TaxLotInput};
use settings::RebalanceSettings;

/// What is held, and what is to be held. Amounts of money and quantities are decimals.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RebalanceRequest {
    /// The quantities held, by name; or give `portfolio_id`.
    #[schema(example = json!({"AAPL": "1200", "JNJ": "700", "CVX": "600"}))]
    holdings: Option<BTreeMap<String, DecimalInput>>,
    /// A stored portfolio that is held by quantity; or give `holdings`. It takes `portfolios:read` as well.
    portfolio_id: Option<PortfolioId>,
    /// The day whose stored prices are used with `portfolio_id`, or the last trading day before it; the newest when not
    /// given.
    #[schema(example = "2022-12-28")]
    to: Option<Date>,
    /// The price of one of each asset, by name; stored prices are used for those that are missing with `portfolio_id`.
    #[schema(example = json!({"AAPL": "125.608", "JNJ": "174.096", "CVX": "173.728"}))]
    #[serde(default)]
    prices: BTreeMap<String, DecimalInput>,
    /// The target weights, by name: fractions of what is left after cash buffer and costs, none negative. They sum to 1
    /// (within 1e-6). What is held and not named is sold whole.
    #[schema(example = json!({"AAPL": 0.4, "JNJ": 0.35, "CVX": 0.25}))]
    target_weights: BTreeMap<String, f64>,
    /// The cash before; negative for a debt, 0 when not given.
    #[schema(example = "25000.00")]
    cash: Option<DecimalInput>,
    /// The smallest quantity that is traded, by name; 1 for who is not named. Trades are its multiples, but for a sale of
    /// all.
    #[schema(example = json!({"AAPL": "0.001"}))]
    #[serde(default)]
    lot_sizes: BTreeMap<String, DecimalInput>,
    /// When and at what price the quantities were bought, by name; each asset's add up to what is held.
    #[schema(example = json!({"AAPL": [{"acquired": "2018-01-02", "quantity": "1200", "unit_cost": "40.831"}]}))]
    #[serde(default)]
    tax_lots: BTreeMap<String, Vec<TaxLotInput>>,
    /// How to trade.
    #[serde(default)]
    settings: RebalanceSettings,
}

impl RebalanceRequest {
    async fn parse(self, store: &Scope) -> Result<rebalancing::Input, ApiError> {
        let held = Held::find(self.holdings, self.portfolio_id, self.to, store).await?;
        let mut validation = Validation::new();
        check_targets(&self.target_weights, &mut validation);
        let settings = validation.nest("/settings", self.settings.parse());
        let given = positions::Given {
            targets: &self.target_weights,
            prices: self.prices,
            lot_sizes: self.lot_sizes,
            tax_lots: self.tax_lots,
            cash: self.cash.map(|cash| cash.0).unwrap_or_default(),
        };
        let (settings, given) = validation.finish(settings.map(|settings| (settings, given)))?;
        let cash = given.cash;
        let (assets, positions) = held.positions(given, store).await?;
        let targets = assets.iter().map(|name| self.target_weights.get(name).copied().unwrap_or(0.0));
        let mut validation = Validation::new();
        let targets = validation.check("/target_weights", Weights::new(targets.collect()));
        let targets = validation.finish(targets)?;
        Ok(rebalancing::Input { assets, request: Request { positions, targets, cash, settings } })
    }
}

fn check_targets(targets: &BTreeMap<String, f64>, validation: &mut Validation) {
    const POINTER: &str = "/target_weights";
    for (name, weight) in targets.iter().filter(|(_, weight)| **weight < 0.0) {
        validation.reject(below(POINTER, name), format!("must not be negative, but is {weight}"));
    }
    let sum: f64 = targets.values().sum();
    validation.require(
        (sum - 1.0).abs() <= quant::WEIGHT_SUM_TOLERANCE,
        POINTER,
        format!("must sum to 1 (within 1e-6), but sum to {sum}"),
    );
}

/// Rebalance a portfolio
///
/// Finds the trades that bring holdings to target weights: whole lots, minimum trades, costs, a cash buffer, tolerance
/// bands, tax lots. Money is exact: cash before, sales, purchases, costs and cash after add up to the last digit.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/portfolio/rebalance",
    operation_id = "submit_rebalance",
    tag = "portfolio",
    request_body = RebalanceRequest,
    responses(
        (status = 202, description = "Accepted; follow it at `Location`.", body = Data<Submitted>,
         headers(("Location" = String, description = "Where its status is."), ("Retry-After" = u32, description = "When to ask first, in seconds."))),
        (status = 404, description = "The tenant has no such portfolio."),
    ),
    security(("bearer" = ["tasks:write"]))
)]
pub(crate) async fn submit(
    tenant: Tenant<TasksWrite>,
    State(tasks): State<Tasks>,
    Json(request): Json<RebalanceRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    require_portfolio(&tenant, request.portfolio_id)?;
    let input = request.parse(&tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::Rebalance, PortfolioInput::Rebalance(input)).await
}
