//! VaR and CVaR from history.

use domain::{
    risk::{self, BacktestForecast, DecompositionMean, VarCvarVariant},
    task::Failure,
};
use jiff::civil::Date;
use quant::{
    Returns, Weights,
    backtest::Forecast,
    decomposition,
    var_cvar::{BacktestSettings, HorizonScaling, Report, ReportSettings, Variant, VolatilityFilter, report},
};

use crate::{failure::not_computable, risk::numbers};

/// A calculation that is ready to run.
pub struct VarCvar {
    returns: Returns,
    weights: Weights,
    dates: Vec<Date>,
    settings: ReportSettings,
}

impl VarCvar {
    pub(crate) fn prepare(input: risk::VarCvar) -> Result<Self, Failure> {
        let (returns, weights) = numbers(input.portfolio)?;
        let settings = ReportSettings {
            confidence_levels: input.confidence_levels,
            horizons: input.horizons,
            variants: input.variants.into_iter().map(variant).collect(),
            horizon_scaling: match input.horizon_scaling {
                risk::HorizonScaling::ByMethod => HorizonScaling::ByMethod,
                risk::HorizonScaling::SquareRootOfTime => HorizonScaling::SquareRootOfTime,
            },
            decomposition: input.decomposition.map(|part| decomposition::Settings {
                confidence_level: part.confidence_level,
                horizon: part.horizon,
                mean: match part.mean {
                    DecompositionMean::Zero => decomposition::Mean::Zero,
                    DecompositionMean::Sample => decomposition::Mean::Sample,
                },
            }),
            backtest: input.backtest.map(|part| BacktestSettings {
                confidence_level: part.confidence_level,
                window: part.window,
                forecast: forecast(part.forecast),
            }),
            risk_measures: input.risk_measures,
        };
        Ok(Self { returns, weights, dates: input.dates, settings })
    }

    pub(crate) fn compute(&self) -> Result<Report, Failure> {
        let mut report = report(&self.returns, &self.weights, &self.settings).map_err(not_computable)?;
        if !self.dates.is_empty() {
            report.backtest = report.backtest.map(|backtest| backtest.dated(&self.dates));
        }
        Ok(report)
    }
}

fn variant(variant: VarCvarVariant) -> Variant {
    match variant {
        VarCvarVariant::HistoricalLinear => Variant::HistoricalLinear,
        VarCvarVariant::WeightedHistorical { lambda } => Variant::WeightedHistorical { lambda },
        VarCvarVariant::FilteredHistorical(filter) => Variant::FilteredHistorical {
            volatility: match filter {
                risk::VolatilityFilter::Ewma { lambda } => VolatilityFilter::Ewma { lambda },
                risk::VolatilityFilter::Garch => VolatilityFilter::Garch,
            },
        },
        VarCvarVariant::Kernel => Variant::Kernel,
        VarCvarVariant::Ewma { lambda } => Variant::Ewma { lambda },
        VarCvarVariant::StudentT { degrees_of_freedom } => Variant::StudentT { degrees_of_freedom },
    }
}

fn forecast(forecast: BacktestForecast) -> Forecast {
    match forecast {
        BacktestForecast::Historical => Forecast::Historical,
        BacktestForecast::HistoricalLinear => Forecast::HistoricalLinear,
        BacktestForecast::Normal => Forecast::Normal,
        BacktestForecast::Ewma { lambda } => Forecast::Ewma { lambda },
    }
}
