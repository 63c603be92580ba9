use domain::{
    Validation,
    risk::{VarCvarVariant, VolatilityFilter},
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A method beside `historical`, `parametric_normal` and `cornish_fisher`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FurtherMethod {
    /// The interpolated quantile of the history, as `NumPy` and empyrical have it.
    HistoricalLinear,
    /// Age-weighted: older returns count less (Boudoukh, Richardson & Whitelaw 1998).
    WeightedHistorical,
    /// Returns rescaled to today's volatility (Hull & White 1998).
    FilteredHistorical,
    /// A history smoothed with a Gaussian kernel.
    Kernel,
    /// A normal distribution with an exponentially weighted volatility and no mean (`RiskMetrics`).
    Ewma,
    /// A Student-t distribution.
    StudentT,
}

/// The volatilities of filtered historical simulation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VolatilityModel {
    /// Exponentially weighted around zero.
    #[default]
    Ewma,
    /// GARCH(1,1), fitted by maximum likelihood.
    Garch,
}

/// The parameters that methods share.
pub(super) struct Parameters {
    pub(super) ewma_lambda: Option<f64>,
    pub(super) age_lambda: Option<f64>,
    pub(super) degrees_of_freedom: Option<f64>,
    pub(super) volatility_model: VolatilityModel,
}

pub(super) fn parse(
    methods: &[FurtherMethod],
    parameters: &Parameters,
    validation: &mut Validation,
) -> Vec<VarCvarVariant> {
    let ewma = decay(parameters.ewma_lambda, 0.94, "/ewma_lambda", validation);
    let age = decay(parameters.age_lambda, 0.98, "/age_lambda", validation);
    let degrees_of_freedom = parameters.degrees_of_freedom;
    validation.require(
        degrees_of_freedom.is_none_or(|degrees| degrees > 2.0 && degrees <= 1e6),
        "/degrees_of_freedom",
        "must be above 2 (else there is no variance) and at most 1000000",
    );
    for (index, method) in methods.iter().enumerate() {
        validation.require(
            !methods[..index].contains(method),
            &format!("/methods/{index}"),
            "is asked for twice",
        );
    }
    let variant = |method: &FurtherMethod| match method {
        FurtherMethod::HistoricalLinear => VarCvarVariant::HistoricalLinear,
        FurtherMethod::WeightedHistorical => VarCvarVariant::WeightedHistorical { lambda: age },
        FurtherMethod::FilteredHistorical => {
            VarCvarVariant::FilteredHistorical(match parameters.volatility_model {
                VolatilityModel::Ewma => VolatilityFilter::Ewma { lambda: ewma },
                VolatilityModel::Garch => VolatilityFilter::Garch,
            })
        }
        FurtherMethod::Kernel => VarCvarVariant::Kernel,
        FurtherMethod::Ewma => VarCvarVariant::Ewma { lambda: ewma },
        FurtherMethod::StudentT => VarCvarVariant::StudentT { degrees_of_freedom },
    };
    methods.iter().map(variant).collect()
}

/// A decay factor, or the usual one.
pub(super) fn decay(given: Option<f64>, usual: f64, pointer: &str, validation: &mut Validation) -> f64 {
    let lambda = given.unwrap_or(usual);
    let detail = || format!("must be between 0 and 1 (0.94 is usual), but is {lambda}");
    validation.require(lambda > 0.0 && lambda < 1.0, pointer, detail());
    lambda
}
