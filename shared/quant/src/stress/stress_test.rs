use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Conventions, CorrelationStress, CorrelationStressed, FactorImpact, FactorModel, Impact, Replay,
    ReverseStress, impact, impact::revalue, propagate, replay, reverse_stress, stress_correlations,
};
use crate::{Matrix, QuantError, Returns, Weights, moments::covariance};

/// All that a portfolio is put through.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StressTestSettings {
    /// The portfolio's worth, in its currency.
    pub notional: f64,
    /// Shocks with a name.
    pub scenarios: Vec<Scenario>,
    /// One name a factor, for the answer.
    pub factor_names: Vec<String>,
    /// Returns of the factors that scenarios shock, of the same periods as the assets' returns.
    pub factors: Option<Returns>,
    /// Stretches of past prices.
    pub replays: Vec<ReplayWindow>,
    /// Tighter correlations.
    pub correlation_stress: Vec<CorrelationStress>,
    /// Parts of the portfolio's value to lose, each in (0, 1].
    pub reverse_stress: Vec<f64>,
}

/// Shocks with a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The name.
    pub name: String,
    /// What is shocked.
    pub shocks: Shocks,
}

/// What is shocked; shocks are simple returns.
#[derive(Debug, Clone, PartialEq)]
pub enum Shocks {
    /// One an asset; all others stay as they are.
    Assets(Vec<Option<f64>>),
    /// One an asset; all others follow as they usually do ([`propagate`]).
    Propagated(Vec<Option<f64>>),
    /// One a factor.
    Factors(Vec<f64>),
}

/// A stretch of past prices.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayWindow {
    /// Its name.
    pub name: String,
    /// The date of each close; none where they aren't known.
    pub dates: Vec<Date>,
    /// Closes × assets.
    pub prices: Matrix,
}

/// What a portfolio loses under each of the stresses, in their order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct StressTest {
    /// The portfolio's worth before, in its currency.
    pub notional: f64,
    /// The scenarios.
    pub scenarios: Vec<ScenarioOutcome>,
    /// The replays.
    pub replays: Vec<ReplayOutcome>,
    /// The tighter correlations.
    pub correlation_stress: Vec<CorrelationStressed>,
    /// The reverse stresses.
    pub reverse_stress: Vec<ReverseOutcome>,
    /// The factors' names.
    pub factors: Vec<String>,
    /// The assets' betas to the factors; null without factors.
    pub factor_model: Option<FactorModel>,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// What a scenario does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ScenarioOutcome {
    /// Its name.
    pub name: String,
    /// Profit and loss.
    #[serde(flatten)]
    pub impact: Impact,
    /// Shocked assets that tell nothing more than other shocked ones, where shocks are propagated.
    pub redundant: Vec<usize>,
    /// Each factor's part of the profit or loss; null without factor shocks.
    pub pnl_by_factor: Option<Vec<f64>>,
    /// The portfolio's betas; null without factor shocks.
    pub portfolio_betas: Option<Vec<f64>>,
}

/// What a replay does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReplayOutcome {
    /// Its name.
    pub name: String,
    /// The date of the first close; null, like all dates here, where they aren't known.
    pub from: Option<Date>,
    /// The date of the last close.
    pub to: Option<Date>,
    /// The date of the lowest close of the largest drawdown.
    pub trough_date: Option<Date>,
    /// The date of the worst return.
    pub worst_date: Option<Date>,
    /// The figures.
    #[serde(flatten)]
    pub replay: Replay,
}

/// What it takes to lose a part of the portfolio.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReverseOutcome {
    /// The part to lose.
    pub loss: f64,
    /// The smallest shock; null where the portfolio doesn't vary, so that no shock of its assets loses anything.
    pub shock: Option<ReverseStress>,
    /// Its profit and loss: exactly the part.
    pub impact: Option<Impact>,
}

/// Puts a portfolio through scenarios, replays, tighter correlations and reverse stresses.
///
/// * `returns`: periods × assets, which covariances and betas are estimated from.
/// * `weights`: one an asset.
///
/// # Errors
/// As the stresses themselves, and `Empty` where factors are shocked and no factors are given.
pub fn stress_test(
    returns: &Returns,
    weights: &Weights,
    settings: &StressTestSettings,
) -> Result<StressTest, QuantError> {
    weights.must_cover(returns.assets())?;
    let (_, covariance) = covariance(returns.simple())?;
    let model = settings.factors.as_ref().map(|factors| FactorModel::fit(returns, factors)).transpose()?;
    let bench = Bench { weights, covariance, model, notional: settings.notional };
    let correlation = |stress| stress_correlations(&bench.covariance, weights, stress, settings.notional);
    Ok(StressTest {
        notional: settings.notional,
        scenarios: settings.scenarios.iter().map(|it| bench.scenario(it)).collect::<Result<_, _>>()?,
        replays: settings.replays.iter().map(|it| bench.replay(it)).collect::<Result<_, _>>()?,
        correlation_stress: settings.correlation_stress.iter().map(correlation).collect::<Result<_, _>>()?,
        reverse_stress: settings
            .reverse_stress
            .iter()
            .map(|&loss| bench.reverse(loss))
            .collect::<Result<_, _>>()?,
        factors: settings.factor_names.clone(),
        factor_model: bench.model,
        conventions: Conventions::default(),
    })
}

struct Bench<'a> {
    weights: &'a Weights,
    covariance: Matrix,
    model: Option<FactorModel>,
    notional: f64,
}

impl Bench<'_> {
    fn scenario(&self, scenario: &Scenario) -> Result<ScenarioOutcome, QuantError> {
        let plain = |impact, redundant| ScenarioOutcome {
            name: scenario.name.clone(),
            impact,
            redundant,
            pnl_by_factor: None,
            portfolio_betas: None,
        };
        match &scenario.shocks {
            Shocks::Assets(shocks) => {
                let shocks: Vec<f64> = shocks.iter().map(|shock| shock.unwrap_or(0.0)).collect();
                Ok(plain(impact(self.weights, &shocks, self.notional)?, Vec::new()))
            }
            Shocks::Propagated(shocks) => {
                let propagated = propagate(&self.covariance, shocks)?;
                let impact = revalue(self.weights, &propagated.shocks, self.notional)?;
                Ok(plain(impact, propagated.redundant))
            }
            Shocks::Factors(shocks) => {
                let model = self.model.as_ref().ok_or(QuantError::Empty { what: "factors" })?;
                let FactorImpact { impact, pnl_by_factor, portfolio_betas } =
                    model.impact(self.weights, shocks, self.notional)?;
                Ok(ScenarioOutcome {
                    pnl_by_factor: Some(pnl_by_factor),
                    portfolio_betas: Some(portfolio_betas),
                    ..plain(impact, Vec::new())
                })
            }
        }
    }

    fn replay(&self, window: &ReplayWindow) -> Result<ReplayOutcome, QuantError> {
        let replay = replay(&window.prices, self.weights, self.notional)?;
        let date = |row: usize| window.dates.get(row).copied();
        Ok(ReplayOutcome {
            name: window.name.clone(),
            from: date(0),
            to: date(replay.rows - 1),
            trough_date: date(replay.trough),
            worst_date: date(replay.worst),
            replay,
        })
    }

    fn reverse(&self, loss: f64) -> Result<ReverseOutcome, QuantError> {
        let shock = reverse_stress(&self.covariance, self.weights, loss)?;
        let impact = shock
            .as_ref()
            .map(|shock| revalue(self.weights, &shock.asset_shocks, self.notional))
            .transpose()?;
        Ok(ReverseOutcome { loss, shock, impact })
    }
}
