//! How expected returns and covariances are found.

use std::collections::BTreeMap;

use domain::{Invalid, Validation};
use quant::{
    Matrix, QuantError,
    estimate::{CovarianceModel, ReturnsModel},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::names::Names;
use crate::state::within;

/// An estimator of expected annual returns.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpectedReturnsMethod {
    /// The mean of the history.
    #[default]
    Mean,
    /// The exponentially weighted mean of the history.
    Ema,
    /// The capital asset pricing model.
    Capm,
    /// Arithmetic means, shrunk towards their grand mean (James & Stein).
    JamesStein,
    /// Arithmetic means, shrunk towards their grand mean (Jorion's Bayes-Stein).
    BayesStein,
    /// Values of one's own.
    Given,
}

/// How expected returns are found. A parameter that does not go with the method is refused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"method": "ema", "span": 250}))]
pub struct ExpectedReturnsInput {
    /// The estimator.
    method: ExpectedReturnsMethod,
    /// Whether means are compounded (`mean`, `ema`, `capm`); yes when not given.
    compounding: Option<bool>,
    /// The span of `ema` in days; 500 when not given.
    #[schema(example = 500)]
    span: Option<f64>,
    /// The annual rate without risk of `capm`; 0 when not given.
    risk_free_rate: Option<f64>,
    /// The market's returns for `capm`, one for each of the assets' returns; the assets' mean when not given.
    market_returns: Option<Vec<f64>>,
    /// The annual returns for `given`, by name, as fractions.
    #[schema(example = json!({"AAPL": 0.12, "JNJ": 0.06, "CVX": 0.08}))]
    values: Option<BTreeMap<String, f64>>,
}

impl ExpectedReturnsInput {
    pub(crate) fn parse(mut self, names: &Names, periods: usize) -> Result<ReturnsModel, Invalid> {
        use ExpectedReturnsMethod as Name;
        let mut validation = Validation::new();
        let model = match self.method {
            Name::Mean => ReturnsModel::Mean { compounding: self.compounding.take().unwrap_or(true) },
            Name::Ema => {
                let span = self.span.take().unwrap_or(500.0);
                validation.check("/span", within(span, 1.0, 1e6));
                ReturnsModel::Ema { span, compounding: self.compounding.take().unwrap_or(true) }
            }
            Name::Capm => {
                let market = self.market_returns.take();
                let given = market.as_ref().map_or(periods, Vec::len);
                validation.require(
                    given == periods,
                    "/market_returns",
                    format!("must have one return for each of the {periods} of the assets, but has {given}"),
                );
                let risk_free_rate = self.risk_free_rate.take().unwrap_or(0.0);
                validation.check("/risk_free_rate", within(risk_free_rate, -1.0, 10.0));
                let compounding = self.compounding.take().unwrap_or(true);
                ReturnsModel::Capm { risk_free_rate, market, compounding }
            }
            Name::JamesStein => ReturnsModel::JamesStein,
            Name::BayesStein => ReturnsModel::BayesStein,
            Name::Given => {
                let values = self.values.take().unwrap_or_default();
                ReturnsModel::Given { values: names.each(&values, "/values", &mut validation) }
            }
        };
        refuse(
            &mut validation,
            [
                ("/compounding", self.compounding.is_some()),
                ("/span", self.span.is_some()),
                ("/risk_free_rate", self.risk_free_rate.is_some()),
                ("/market_returns", self.market_returns.is_some()),
                ("/values", self.values.is_some()),
            ],
        );
        validation.finish(Some(model))
    }
}

/// An estimator of covariances.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CovarianceMethod {
    /// The sample covariance.
    #[default]
    Sample,
    /// The sample covariance, shrunk by `intensity` towards equal variances.
    Shrunk,
    /// Exponentially weighted products around the means.
    Exponential,
    /// Exponentially weighted products around 0 (`RiskMetrics`).
    Ewma,
    /// Products of the returns below a benchmark.
    Semi,
    /// Ledoit and Wolf's shrinkage towards equal variances.
    LedoitWolfConstantVariance,
    /// Ledoit and Wolf's shrinkage towards a single-factor model.
    LedoitWolfSingleFactor,
    /// Ledoit and Wolf's shrinkage towards equal correlations.
    LedoitWolfConstantCorrelation,
    /// The oracle approximating shrinkage.
    Oas,
    /// Without the noise that random-matrix theory finds (Marčenko–Pastur).
    Denoised,
    /// The Gerber statistic.
    Gerber,
    /// A matrix of one's own.
    Given,
}

/// How the covariance is found. A parameter that does not go with the method is refused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"method": "ewma", "half_life": 40}))]
pub struct CovarianceInput {
    /// The estimator.
    method: CovarianceMethod,
    /// The share of the target of `shrunk`, 0–1.
    #[schema(example = 0.2)]
    intensity: Option<f64>,
    /// The span of `exponential` in days; 180 when not given.
    #[schema(example = 180)]
    span: Option<f64>,
    /// The half-life of `ewma` in days; 40 when not given.
    #[schema(example = 40)]
    half_life: Option<f64>,
    /// The daily return that `semi` counts shortfalls below; 0 when not given.
    benchmark_return: Option<f64>,
    /// The threshold of `gerber` in standard deviations, 0–1; 0.5 when not given.
    #[schema(example = 0.5)]
    threshold: Option<f64>,
    /// The annual covariance for `given`, rows and columns in the assets' order.
    #[schema(example = json!([[0.11, 0.02, 0.04], [0.02, 0.04, 0.02], [0.04, 0.02, 0.13]]))]
    matrix: Option<Vec<Vec<f64>>>,
}

impl CovarianceInput {
    pub(crate) fn parse(mut self, assets: usize) -> Result<CovarianceModel, Invalid> {
        use CovarianceMethod as Name;
        let mut validation = Validation::new();
        let mut bounded = |field: &mut Option<f64>, default, (least, most), pointer| {
            let value = field.take().unwrap_or(default);
            validation.check(pointer, within(value, least, most));
            value
        };
        let model = match self.method {
            Name::Sample => CovarianceModel::Sample,
            Name::Shrunk => CovarianceModel::Shrunk {
                intensity: bounded(&mut self.intensity, 0.2, (0.0, 1.0), "/intensity"),
            },
            Name::Exponential => {
                CovarianceModel::Exponential { span: bounded(&mut self.span, 180.0, (1.0, 1e6), "/span") }
            }
            Name::Ewma => CovarianceModel::Ewma {
                half_life: bounded(&mut self.half_life, 40.0, (0.01, 1e6), "/half_life"),
            },
            Name::Semi => CovarianceModel::Semi {
                benchmark: bounded(&mut self.benchmark_return, 0.0, (-1.0, 1.0), "/benchmark_return"),
            },
            Name::LedoitWolfConstantVariance => CovarianceModel::LedoitWolfConstantVariance,
            Name::LedoitWolfSingleFactor => CovarianceModel::LedoitWolfSingleFactor,
            Name::LedoitWolfConstantCorrelation => CovarianceModel::LedoitWolfConstantCorrelation,
            Name::Oas => CovarianceModel::Oas,
            Name::Denoised => CovarianceModel::Denoised,
            Name::Gerber => CovarianceModel::Gerber {
                threshold: bounded(&mut self.threshold, 0.5, (0.0, 1.0), "/threshold"),
            },
            Name::Given => CovarianceModel::Given {
                matrix: given(self.matrix.take(), assets, &mut validation).unwrap_or(Matrix::zeros(0, 0)),
            },
        };
        refuse(
            &mut validation,
            [
                ("/intensity", self.intensity.is_some()),
                ("/span", self.span.is_some()),
                ("/half_life", self.half_life.is_some()),
                ("/benchmark_return", self.benchmark_return.is_some()),
                ("/threshold", self.threshold.is_some()),
                ("/matrix", self.matrix.is_some()),
            ],
        );
        validation.finish(Some(model))
    }
}

fn given(rows: Option<Vec<Vec<f64>>>, assets: usize, validation: &mut Validation) -> Option<Matrix> {
    let rows = rows.unwrap_or_default();
    let square = rows.len() == assets && rows.iter().all(|row| row.len() == assets);
    validation.require(square, "/matrix", format!("must have {assets} rows and columns, one an asset"));
    let matrix = validation.check("/matrix", Matrix::from_rows("covariance", &rows)).filter(|_| square)?;
    let checked = (0..assets).try_for_each(|row| check_row(&matrix, row));
    validation.check("/matrix", checked)?;
    Some(matrix)
}

/// A row of a covariance: no negative variance, and the same beyond the diagonal as below it.
fn check_row(matrix: &Matrix, row: usize) -> Result<(), QuantError> {
    if matrix[(row, row)] < 0.0 {
        return Err(QuantError::NegativeVariance { asset: row });
    }
    let differs = |column: usize| {
        let scale = (matrix[(row, row)] * matrix[(column, column)]).sqrt();
        (matrix[(row, column)] - matrix[(column, row)]).abs() > 1e-10 * scale
    };
    match (0..row).find(|&column| differs(column)) {
        Some(column) => Err(QuantError::NotSymmetric { row, column }),
        None => Ok(()),
    }
}

fn refuse<const N: usize>(validation: &mut Validation, left: [(&str, bool); N]) {
    for (pointer, _) in left.into_iter().filter(|(_, given)| *given) {
        validation.reject(pointer, "does not go with this method");
    }
}
