//! The scenarios of a company beside each other.

use domain::{
    Invalid, ScenarioId, currency::Currency, permission::ValuationRead, symbol::Symbol, text::Name,
    valuation::Figures,
};
use quant::valuation::{TerminalMethod, Year, YearAssumptions};
use serde::{Deserialize, Serialize};
use store::{Listing, Order};
use utoipa::{IntoParams, ToSchema};
use web::{ApiError, Data, Query, auth::Tenant};

use super::scenario::Scenario;

/// The most scenarios of one table.
const MAXIMUM_ROWS: usize = 100;

/// Of which company.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareQuery {
    /// The company.
    ticker: Symbol,
}

/// The scenarios of a company beside each other.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScenarioComparison)]
pub(super) struct Comparison {
    /// The company.
    ticker: Symbol,
    /// One row a scenario, the first that was kept first; at most 100.
    rows: Vec<Row>,
    /// Whether the company has more scenarios than that.
    more: bool,
}

/// A scenario's assumptions in short, and its value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScenarioRow)]
struct Row {
    /// The scenario.
    id: ScenarioId,
    /// What it is called.
    name: Name,
    /// The currency of its amounts.
    currency: Currency,
    /// The number of explicit years.
    years: usize,
    /// The growth of revenue in year 1.
    growth_first_year: f64,
    /// The growth of revenue in the last explicit year.
    growth_last_year: f64,
    /// EBIT over revenue in year 1.
    ebit_margin_first_year: Option<f64>,
    /// EBIT over revenue in the last explicit year.
    ebit_margin_last_year: Option<f64>,
    /// The cost of capital.
    wacc: f64,
    /// The growth after the explicit years.
    terminal_growth: f64,
    /// The exit multiple.
    exit_multiple: Option<f64>,
    /// Which terminal value the figures are of.
    terminal_method: TerminalMethod,
    /// Why the scenario can't be valued; null where it can, as all else of its value is otherwise.
    not_computable: Option<String>,
    /// The figures, rounded.
    figures: Option<Figures>,
    /// The value a share with Gordon growth, not rounded.
    gordon_value_per_share: Option<f64>,
    /// The value a share with the exit multiple, not rounded; null without one.
    exit_multiple_value_per_share: Option<f64>,
    /// The value a share over the price, less 1; null without a price.
    upside: Option<f64>,
}

impl Row {
    fn of(scenario: Scenario) -> Result<Self, ApiError> {
        let (assumptions, _) = scenario.inputs.assumptions()?;
        let (valued, not_computable) = match scenario.inputs.value() {
            Ok(valued) => (Some(valued), None),
            Err(Invalid(errors)) => (None, errors.into_iter().next().map(|error| error.detail)),
        };
        let (valuation, figures) = valued.unzip();
        let valuation = valuation.as_ref();
        let ebit_margin = |year: &Year| year.ebit / year.revenue;
        let growth = |year: Option<&YearAssumptions>| year.map(|year| year.growth).unwrap_or_default();
        Ok(Self {
            not_computable,
            figures,
            id: scenario.id,
            name: scenario.name,
            currency: scenario.inputs.currency,
            years: assumptions.years.len(),
            growth_first_year: growth(assumptions.years.first()),
            growth_last_year: growth(assumptions.years.last()),
            ebit_margin_first_year: valuation.and_then(|dcf| dcf.years.first()).map(ebit_margin),
            ebit_margin_last_year: valuation.and_then(|dcf| dcf.years.last()).map(ebit_margin),
            wacc: assumptions.wacc,
            terminal_growth: assumptions.terminal_growth,
            exit_multiple: assumptions.exit_multiple,
            terminal_method: assumptions.terminal_method,
            gordon_value_per_share: valuation.map(|dcf| dcf.gordon.bridge.value_per_share),
            exit_multiple_value_per_share: valuation
                .and_then(|dcf| dcf.exit_multiple.as_ref())
                .map(|exit| exit.bridge.value_per_share),
            upside: valuation.and_then(|dcf| dcf.upside),
        })
    }
}

/// Compare scenarios
///
/// The scenarios of a company in one table, valued now: the first 100.
#[utoipa::path(
    get,
    path = "/api/v1/scenarios/compare",
    operation_id = "compare_scenarios",
    tag = super::TAG,
    security(("bearer" = ["valuation:read"])),
    params(CompareQuery),
    responses(
        (status = 200, description = "The table; without rows where the company has no scenarios.", body = Data<Comparison>),
        (status = 400, description = "The ticker is missing, or is none.")
    )
)]
pub(crate) async fn compare(
    tenant: Tenant<ValuationRead>,
    Query(query): Query<CompareQuery>,
) -> Result<Data<Comparison>, ApiError> {
    let listing = Listing {
        limit: MAXIMUM_ROWS,
        order: Order::Ascending,
        after: None,
        filters: Vec::new(),
        group: Some(query.ticker.to_string().into()),
    };
    let page = tenant.store().list::<Scenario>(listing).await?;
    let (scenarios, more) = (page.items.into_iter(), page.next.is_some());
    let rows = scenarios.map(|stored| Row::of(stored.entity)).collect::<Result<_, _>>()?;
    Ok(Data::new(Comparison { ticker: query.ticker, rows, more }))
}
