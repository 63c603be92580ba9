//! How a valuation is simulated.

mod correlation;

use domain::{Invalid, Validation};
use quant::{
    Matrix,
    valuation::{self, Assumptions, Driver, MAXIMUM_TRIALS, Simulation, Specification, TerminalMethod},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use correlation::refused;

use super::{
    distribution::DistributionInput,
    written::{Named, Written},
};

const DEFAULT_TRIALS: u64 = 10_000;
/// JavaScript reads whole numbers up to here exactly.
const MAXIMUM_SEED: u64 = (1 << 53) - 1;
/// A volatility of fewer percentage points is most likely a fraction.
const LEAST_POINTS: f64 = 0.1;
const NAMES: [&str; 4] = ["growth", "margin", "wacc", "exit_multiple"];

/// How a valuation is simulated.
///
/// **Units.** `growth_volatility`, `margin_volatility` and `wacc_volatility` are standard deviations as fractions (0.02 means 2
/// percentage points). `volPP`, `marginVolPP` and `waccVolPP` are the same in percentage points (`volPP` 2 means 0.02); below 0.1
/// they are refused, as they look like fractions. The parameters of `distributions` are in the assumptions' own units, and what
/// these may be; there, `camelCase` names are taken too (`standardDeviation`).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SimulationSettingsRequest)]
pub(crate) struct SettingsRequest {
    /// The number of trials, 1–1,000,000; 10,000 when not given. More than 100,000 become a task.
    #[schema(minimum = 1, maximum = 1_000_000, default = 10_000, example = 10_000)]
    trials: Option<u64>,
    /// The same seed and inputs give the same figures to the last bit; one is drawn, and told, when not given.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64, example = 42)]
    seed: Option<u64>,
    /// The standard deviation of growth, as a fraction: growth is normal around the input.
    #[schema(example = 0.02)]
    growth_volatility: Option<f64>,
    /// The same as `growth_volatility`: a fraction.
    #[serde(rename = "growthVolatility")]
    growth_volatility_camel: Option<f64>,
    /// The same as `growth_volatility`, in percentage points.
    #[serde(rename = "volPP")]
    vol_pp: Option<f64>,
    /// The standard deviation of the margin, as a fraction: the margin is normal around the input.
    margin_volatility: Option<f64>,
    /// The same as `margin_volatility`: a fraction.
    #[serde(rename = "marginVolatility")]
    margin_volatility_camel: Option<f64>,
    /// The same as `margin_volatility`, in percentage points.
    #[serde(rename = "marginVolPP")]
    margin_vol_pp: Option<f64>,
    /// The standard deviation of the cost of capital, as a fraction: it is normal around the input.
    wacc_volatility: Option<f64>,
    /// The same as `wacc_volatility`: a fraction.
    #[serde(rename = "waccVolatility")]
    wacc_volatility_camel: Option<f64>,
    /// The same as `wacc_volatility`, in percentage points.
    #[serde(rename = "waccVolPP")]
    wacc_vol_pp: Option<f64>,
    /// Distributions of any kind, in place of a volatility.
    #[serde(default)]
    distributions: Distributions,
    /// The correlation of the normal draws behind the assumptions (Gaussian copula): 4 × 4 in the order growth, margin, wacc,
    /// exit multiple; symmetric, positive semidefinite, 1 on the diagonal. None when not given.
    #[schema(example = json!([[1, 0.3, 0, 0], [0.3, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]))]
    correlation: Option<Vec<Vec<f64>>>,
    /// The correlation of growth and margin, from -1 to 1, in place of `correlation`.
    growth_margin_correlation: Option<f64>,
    /// The same as `growth_margin_correlation`.
    #[serde(rename = "growthMarginCorrelation")]
    growth_margin_correlation_camel: Option<f64>,
    /// The same as `growth_margin_correlation`.
    #[serde(rename = "corrGM")]
    corr_gm: Option<f64>,
}

/// One distribution an uncertain assumption. Those of growth and margin are of year 1; the later years move along.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DriverDistributions)]
pub(crate) struct Distributions {
    /// Of the growth of revenue, as a fraction.
    #[serde(skip_serializing_if = "Option::is_none")]
    growth: Option<DistributionInput>,
    /// Of the margin, as a fraction.
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<DistributionInput>,
    /// Of the cost of capital, as a fraction.
    #[serde(skip_serializing_if = "Option::is_none")]
    wacc: Option<DistributionInput>,
    /// Of the exit multiple; only with the terminal method `exit_multiple`.
    #[serde(alias = "exitMultiple", skip_serializing_if = "Option::is_none")]
    exit_multiple: Option<DistributionInput>,
}

/// How a valuation was simulated, as it was understood.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = SimulationSettings)]
pub(crate) struct Settings {
    /// The number of trials.
    pub(crate) trials: u64,
    /// The seed.
    seed: u64,
    /// The distributions.
    distributions: Distributions,
    /// The correlation, if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    correlation: Option<Vec<Vec<f64>>>,
}

impl SettingsRequest {
    /// The settings, the specification that they make, and its simulation, ready to run.
    ///
    /// # Errors
    /// Names every setting that can't be taken.
    pub(crate) fn parse(
        self,
        assumptions: &Assumptions,
        drawn_seed: u64,
    ) -> Result<(Settings, Specification, Simulation), Invalid> {
        let mut validation = Validation::new();
        let (trials, seed) = (self.trials.unwrap_or(DEFAULT_TRIALS), self.seed.unwrap_or(drawn_seed));
        let within = (1..=MAXIMUM_TRIALS).contains(&trials);
        validation.require(within, "/trials", format!("must be 1 to {MAXIMUM_TRIALS}, but is {trials}"));
        let within = seed <= MAXIMUM_SEED;
        validation.require(within, "/seed", format!("must be 0 to {MAXIMUM_SEED}, but is {seed}"));
        let distributions = self.distributions(&mut validation);
        let chosen =
            [distributions.growth, distributions.margin, distributions.wacc, distributions.exit_multiple];
        let none = chosen.iter().all(Option::is_none);
        validation.require(
            !none,
            "",
            "must make at least one assumption uncertain, for example by growth_volatility",
        );
        let multiple_is_used = assumptions.terminal_method == TerminalMethod::ExitMultiple;
        let mut resolved = [None; 4];
        for (driver, input) in Driver::ALL.into_iter().zip(chosen) {
            let Some(input) = input else { continue };
            let pointer = format!("/distributions/{}", NAMES[driver as usize]);
            match driver.base(assumptions) {
                Some(base) if driver != Driver::ExitMultiple || multiple_is_used => {
                    resolved[driver as usize] = validation.nest(&pointer, input.around(driver, base));
                }
                _ => validation.reject(
                    pointer,
                    "needs the terminal method exit_multiple, as the value does not depend on it otherwise",
                ),
            }
        }
        let (name, correlation) = self.correlation(&mut validation);
        let matrix = correlation.as_ref().and_then(|rows| {
            let parsed = Matrix::from_rows("correlation", rows);
            validation.check(&name, parsed)
        });
        validation.finish(Some(()))?;
        let specification = Specification {
            assumptions: assumptions.clone(),
            distributions: resolved,
            correlation: matrix,
            settings: valuation::Settings { trials, seed },
        };
        let simulation =
            Simulation::prepare(specification.clone()).map_err(|error| refused(&error, &name))?;
        Ok((Settings { trials, seed, distributions, correlation }, specification, simulation))
    }

    /// The distributions, those that were given as a volatility included.
    fn distributions(&self, validation: &mut Validation) -> Distributions {
        for (name, points) in
            [("volPP", self.vol_pp), ("marginVolPP", self.margin_vol_pp), ("waccVolPP", self.wacc_vol_pp)]
        {
            let mistaken = points.is_some_and(|points| points > 0.0 && points < LEAST_POINTS);
            let detail = "must be in percentage points (2 means 0.02 as a fraction), but looks like a fraction; give the \
                          volatility as one if it is meant";
            validation.require(!mistaken, &format!("/{name}"), detail);
        }
        let mut volatility = |names: [Named<f64>; 3], given: Option<DistributionInput>| {
            let mut written = Written::default();
            let chosen = written.choose(validation, "volatility", names);
            let name = written.name("volatility");
            let Some(deviation) = chosen else { return given };
            let range =
                "a standard deviation from 0 to 0.5 as a fraction, or from 0 to 50 in percentage points";
            let fits = (0.0..=0.5).contains(&deviation);
            validation.require(fits, &format!("/{name}"), format!("must be {range}"));
            if given.is_some() {
                validation.reject(format!("/{name}"), "must not be given together with a distribution");
            }
            // A stand-in that breaks no other rule.
            let standard_deviation = if fits { deviation } else { 0.0 };
            Some(DistributionInput::Normal { mean: None, standard_deviation })
        };
        let points = |volatility: Option<f64>| volatility.map(|points| points / 100.0);
        let given = self.distributions;
        Distributions {
            growth: volatility(
                [
                    ("growth_volatility", self.growth_volatility),
                    ("growthVolatility", self.growth_volatility_camel),
                    ("volPP", points(self.vol_pp)),
                ],
                given.growth,
            ),
            margin: volatility(
                [
                    ("margin_volatility", self.margin_volatility),
                    ("marginVolatility", self.margin_volatility_camel),
                    ("marginVolPP", points(self.margin_vol_pp)),
                ],
                given.margin,
            ),
            wacc: volatility(
                [
                    ("wacc_volatility", self.wacc_volatility),
                    ("waccVolatility", self.wacc_volatility_camel),
                    ("waccVolPP", points(self.wacc_vol_pp)),
                ],
                given.wacc,
            ),
            exit_multiple: given.exit_multiple,
        }
    }
}
