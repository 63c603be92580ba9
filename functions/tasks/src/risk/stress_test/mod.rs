//! Stress tests.

mod correlation;
mod factors;
mod replay;
mod scenario;

use std::collections::BTreeMap;

use axum::extract::State;
use correlation::CorrelationStressRequest;
use domain::{
    Validation,
    decimal::DecimalInput,
    history::{self, PortfolioHistory},
    permission::TasksWrite,
    risk::{RiskInput, StressTest},
    task::TaskKind,
};
use factors::FactorsRequest;
use replay::ReplayRequest;
use rust_decimal::prelude::ToPrimitive;
use scenario::{Names, ScenarioRequest};
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::{
    portfolio::{Chosen, PortfolioChoice},
    request::AboutPortfolio,
};
use crate::{
    state::{Tasks, require_portfolio},
    task::view::Submitted,
};

const MAXIMUM_SCENARIOS: usize = 100;
/// Of replays, correlation stresses and reverse stresses each.
const MAXIMUM_OTHERS: usize = 20;
const USUAL_NOTIONAL: f64 = 1_000_000.0;

/// What a portfolio is put through; at least one of `scenarios`, `replays`, `correlation_stress` and `reverse_stress`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "portfolio_id": "pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN",
    "scenarios": [{"name": "Oil falls", "shocks": {"CVX": -0.3}, "propagate": true}],
    "replays": [{"crisis": 2020}], "correlation_stress": [{"strength": 0.5, "volatility_multiple": 1.5}],
    "reverse_stress": [0.25]
}))]
pub struct StressTestRequest {
    /// The portfolio's worth, in its currency, as a decimal. When not given: the market value of a portfolio that is held by
    /// quantity, else 1000000.
    #[schema(example = "1000000")]
    notional: Option<DecimalInput>,
    /// Shocks with a name, at most 100.
    #[serde(default)]
    scenarios: Vec<ScenarioRequest>,
    /// Groups of assets, for example sectors, for scenarios to shock: the names of each group's assets.
    #[serde(default)]
    #[schema(example = json!({"technology": ["AAPL", "MSFT"]}))]
    groups: BTreeMap<String, Vec<String>>,
    /// Factors of the assets' returns, for scenarios to shock.
    factors: Option<FactorsRequest>,
    /// Stretches of past prices, at most 20.
    #[serde(default)]
    replays: Vec<ReplayRequest>,
    /// Tighter correlations, at most 20.
    #[serde(default)]
    correlation_stress: Vec<CorrelationStressRequest>,
    /// Parts of the portfolio's value to lose, each above 0 and at most 1; the answer is the smallest shock that does it. At
    /// most 20.
    #[serde(default)]
    #[schema(example = json!([0.1, 0.25]))]
    reverse_stress: Vec<f64>,
}

type Request = AboutPortfolio<StressTestRequest>;

impl StressTestRequest {
    async fn parse(self, choice: PortfolioChoice, store: &Scope) -> Result<StressTest, ApiError> {
        let mut validation = Validation::new();
        let notional = self.check(&mut validation);
        for (index, stress) in self.correlation_stress.iter().enumerate() {
            stress.check(&format!("/correlation_stress/{index}"), &mut validation);
        }
        validation.finish(Some(()))?;

        let chosen = choice.choose(store).await?;
        let mut validation = Validation::new();
        let series = match &self.factors {
            Some(factors) => factors.look_up(store, &chosen, &mut validation).await?,
            None => Vec::new(),
        };
        let (portfolio, stored_factors) = match &chosen {
            Chosen::Data(history) => (
                PortfolioHistory { history: history.clone(), days: Vec::new(), market_value: None },
                Vec::new(),
            ),
            Chosen::Stored(stored) => {
                history::join_with_factors(&stored.portfolio, &stored.prices, &series, stored.window)?
            }
        };
        let PortfolioHistory { history, market_value, .. } = portfolio;
        let factors = self
            .factors
            .as_ref()
            .and_then(|factors| factors.parse(stored_factors, history.returns.len(), &mut validation));
        let names = Names::new(&history.assets, &self.groups, factors.as_ref(), &mut validation);
        let scenarios = (self.scenarios.iter().enumerate())
            .filter_map(|(at, it)| it.parse(&names, &format!("/scenarios/{at}"), &mut validation));
        let scenarios = scenarios.collect();
        let replays = (self.replays.iter().enumerate())
            .filter_map(|(at, it)| it.parse(&chosen, &format!("/replays/{at}"), &mut validation));
        let replays = replays.collect();
        let correlation_stress = (self.correlation_stress.iter().enumerate()).filter_map(|(at, it)| {
            it.parse(history.assets.len(), &format!("/correlation_stress/{at}"), &mut validation)
        });
        let correlation_stress = correlation_stress.collect();
        validation.finish(Some(()))?;
        let market_value = market_value.and_then(|value| value.to_f64());
        Ok(StressTest {
            portfolio: history,
            notional: notional.or(market_value).unwrap_or(USUAL_NOTIONAL),
            scenarios,
            factors,
            replays,
            correlation_stress,
            reverse_stress: self.reverse_stress,
        })
    }

    /// What can be checked without the portfolio; the notional, if it was given.
    fn check(&self, validation: &mut Validation) -> Option<f64> {
        let notional = self.notional.map(|value| value.0.to_f64().unwrap_or(f64::NAN));
        validation.require(
            notional.is_none_or(|value| value > 0.0 && value <= 1e15),
            "/notional",
            "must be above 0 and at most 1e15",
        );
        let counts = [
            ("/scenarios", self.scenarios.len(), MAXIMUM_SCENARIOS),
            ("/replays", self.replays.len(), MAXIMUM_OTHERS),
            ("/correlation_stress", self.correlation_stress.len(), MAXIMUM_OTHERS),
            ("/reverse_stress", self.reverse_stress.len(), MAXIMUM_OTHERS),
        ];
        for (pointer, count, maximum) in counts {
            let detail = format!("must have at most {maximum} entries, but has {count}");
            validation.require(count <= maximum, pointer, detail);
        }
        validation.require(
            counts.iter().any(|(_, count, _)| *count > 0),
            "/scenarios",
            "at least one of scenarios, replays, correlation_stress and reverse_stress must be given",
        );
        for (index, loss) in self.reverse_stress.iter().enumerate() {
            let detail = format!("must be above 0 and at most 1 (0.1 = 10 %), but is {loss}");
            validation.require(*loss > 0.0 && *loss <= 1.0, &format!("/reverse_stress/{index}"), detail);
        }
        notional
    }
}

/// Stress a portfolio
///
/// Shocks of assets, groups and factors; replays of past crises (2008, 2011, 2020, 2022) over the tenant's own prices;
/// tighter correlations; and the smallest shock that loses a given part. Profit and loss is in the portfolio's currency,
/// negative = money lost.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/risk/stress-test",
    operation_id = "submit_stress_test",
    tag = "risk",
    request_body = Request,
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
    Json(AboutPortfolio { choice, asked }): Json<Request>,
) -> Result<Accepted<Submitted>, ApiError> {
    require_portfolio(&tenant, choice.id)?;
    let input = asked.parse(choice, &tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::StressTest, RiskInput::StressTest(input)).await
}
