use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    BenchmarkFigures, Conventions, Drawdown, MonthlyReturn, Rolling, YearlyReturn, against_benchmark,
    annual_return, cumulative_return, downside_deviation, drawdowns, monthly_returns, must_be_wealth,
    must_have_dates, omega, probabilistic_sharpe, rolling, sharpe, sortino, stability, tail_ratio,
    yearly_returns,
};
use crate::{
    QuantError,
    moments::{Estimator, excess_kurtosis, mean, skewness, standard_deviation},
    var_cvar::{historical_linear, measures::relative_drawdowns},
};

/// A portfolio's history, as it is analysed.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// The portfolio's simple returns, one a period, oldest first, at least two, each above -1.
    pub returns: &'a [f64],
    /// A benchmark's returns of the same periods.
    pub benchmark: Option<&'a [f64]>,
    /// Ascending, one more than returns: of the start, then of each return.
    pub dates: Option<&'a [Date]>,
}

/// What a performance analysis takes as given.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = PerformanceSettings)]
pub struct Settings {
    /// The risk-free rate a year, as a fraction; also the acceptable return of Sortino's ratio and of Omega.
    pub risk_free_rate: f64,
    /// The periods a year: 252 for trading days.
    pub periods_per_year: f64,
    /// The confidence level of value at risk and `CVaR`.
    pub confidence_level: f64,
    /// The window of the rolling figures in periods; null for none.
    pub rolling_window: Option<usize>,
    /// How many drawdowns are listed, the deepest first.
    pub drawdowns: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            risk_free_rate: 0.0,
            periods_per_year: 252.0,
            confidence_level: 0.95,
            rolling_window: None,
            drawdowns: 5,
        }
    }
}

/// A performance analysis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Performance {
    /// What was taken as given.
    pub settings: Settings,
    /// Growth and risk.
    pub figures: Figures,
    /// Ratios of the two, and the shape of the distribution.
    pub ratios: Ratios,
    /// The deepest drawdowns.
    pub drawdowns: Vec<Drawdown>,
    /// The returns of calendar months; null without dates.
    pub monthly_returns: Option<Vec<MonthlyReturn>>,
    /// The returns of calendar years; null without dates.
    pub yearly_returns: Option<Vec<YearlyReturn>>,
    /// Against the benchmark; null without one.
    pub benchmark: Option<BenchmarkFigures>,
    /// Over a moving window; null unless asked for.
    pub rolling: Option<Rolling>,
    /// How the figures are meant.
    pub conventions: Conventions,
}

/// Growth and risk of a history, as fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PerformanceFigures)]
pub struct Figures {
    /// The number of returns.
    pub periods: usize,
    /// The cumulative return.
    pub cumulative_return: f64,
    /// The annual return (compound annual growth rate).
    pub annual_return: Option<f64>,
    /// The arithmetic mean return, times the periods a year.
    pub arithmetic_annual_mean: f64,
    /// The annual volatility.
    pub annual_volatility: f64,
    /// The annual deviation below the risk-free rate.
    pub downside_deviation: f64,
    /// The largest drawdown, negative or 0.
    pub max_drawdown: f64,
    /// The root of the mean squared drawdown.
    pub ulcer_index: f64,
    /// Value at risk of one period, positive = loss.
    pub value_at_risk: f64,
    /// `CVaR` of one period, positive = loss.
    pub conditional_value_at_risk: f64,
    /// The best return.
    pub best: f64,
    /// The worst return.
    pub worst: f64,
}

/// Ratios of growth and risk, and the shape of the distribution of returns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PerformanceRatios)]
pub struct Ratios {
    /// Sharpe ratio a year; null for returns without spread.
    pub sharpe: Option<f64>,
    /// The probability that the true Sharpe ratio (without risk-free rate) is positive.
    pub probabilistic_sharpe: Option<f64>,
    /// Sortino ratio; null where no return falls short.
    pub sortino: Option<f64>,
    /// The annual return over the largest drawdown; null without drawdown.
    pub calmar: Option<f64>,
    /// Omega ratio; null where no return falls short.
    pub omega: Option<f64>,
    /// The upper tail over the lower one.
    pub tail_ratio: Option<f64>,
    /// The sum of returns over the sum of losses; null without losses.
    pub gain_to_pain: Option<f64>,
    /// The share of gains among all returns.
    pub win_rate: Option<f64>,
    /// The R² of a straight line through the cumulative log-returns.
    pub stability: Option<f64>,
    /// Unbiased skewness.
    pub skewness: Option<f64>,
    /// Unbiased excess kurtosis.
    pub excess_kurtosis: Option<f64>,
}

/// Analyses a portfolio's history.
///
/// # Errors
/// `TooFewRows` for fewer than two returns, `NotFinite`, `TotalLoss` for a return of -1 or less, `LengthMismatch` for a
/// benchmark of another length, `DatesMismatch`, `DatesNotAscending`, `OutOfRange` for a setting, `Overflow`.
pub fn analyse(history: History, settings: Settings) -> Result<Performance, QuantError> {
    let returns = history.returns;
    check(settings)?;
    must_be_wealth(returns)?;
    if returns.len() < 2 {
        return Err(QuantError::TooFewRows { rows: returns.len(), minimum: 2 });
    }
    if let Some(dates) = history.dates {
        must_have_dates(returns, dates)?;
    }
    let p = settings.periods_per_year;
    let risk_free = settings.risk_free_rate / p;
    let all = drawdowns(returns)?;
    let figures = figures(returns, &all, settings)?;
    let dated = |drawdown: &Drawdown| history.dates.map_or(*drawdown, |dates| drawdown.dated(dates));
    let against = |benchmark| against_benchmark(returns, benchmark, risk_free, p);
    let over = |window| rolling(returns, history.benchmark, window, risk_free, p);
    Ok(Performance {
        settings,
        figures,
        ratios: ratios(returns, &figures, settings)?,
        drawdowns: all.iter().take(settings.drawdowns).map(dated).collect(),
        monthly_returns: history.dates.map(|dates| monthly_returns(returns, dates)).transpose()?,
        yearly_returns: history.dates.map(|dates| yearly_returns(returns, dates)).transpose()?,
        benchmark: history.benchmark.map(against).transpose()?,
        rolling: settings.rolling_window.map(over).transpose()?,
        conventions: Conventions::default(),
    })
}

fn check(settings: Settings) -> Result<(), QuantError> {
    let (p, rate) = (settings.periods_per_year, settings.risk_free_rate);
    if !(p > 0.0 && p <= 1e6) {
        let range = "above 0 and at most 1000000";
        return Err(QuantError::OutOfRange { name: "periods_per_year", range, value: p });
    }
    if !(rate > -1.0 && rate <= 10.0) {
        return Err(QuantError::OutOfRange {
            name: "risk_free_rate",
            range: "above -1 and at most 10",
            value: rate,
        });
    }
    Ok(())
}

fn figures(returns: &[f64], all: &[Drawdown], settings: Settings) -> Result<Figures, QuantError> {
    let p = settings.periods_per_year;
    let cumulative = cumulative_return(returns)?;
    let tail = historical_linear(returns, &[settings.confidence_level], 1)?[0];
    let squares: f64 = relative_drawdowns(returns)?.iter().map(|drawdown| drawdown * drawdown).sum();
    Ok(Figures {
        periods: returns.len(),
        cumulative_return: cumulative,
        annual_return: annual_return(cumulative, returns.len(), p),
        arithmetic_annual_mean: mean(returns)? * p,
        annual_volatility: standard_deviation(returns, 1)? * p.sqrt(),
        downside_deviation: downside_deviation(returns, settings.risk_free_rate / p, p)?,
        max_drawdown: all.first().map_or(0.0, |drawdown| drawdown.depth),
        ulcer_index: (squares / returns.len() as f64).sqrt(),
        value_at_risk: tail.value_at_risk,
        conditional_value_at_risk: tail.conditional_value_at_risk,
        best: returns.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        worst: returns.iter().copied().fold(f64::INFINITY, f64::min),
    })
}

fn ratios(returns: &[f64], figures: &Figures, settings: Settings) -> Result<Ratios, QuantError> {
    let p = settings.periods_per_year;
    let risk_free = settings.risk_free_rate / p;
    let compounded = libm::expm1(libm::log1p(settings.risk_free_rate) / p);
    let wins = returns.iter().filter(|&&value| value > 0.0).count();
    let number = |value: f64| value.is_finite().then_some(value);
    Ok(Ratios {
        sharpe: sharpe(returns, risk_free, p)?,
        probabilistic_sharpe: probabilistic_sharpe(returns, 0.0)?,
        sortino: sortino(returns, risk_free, p)?,
        calmar: figures.annual_return.and_then(|annual| number(annual / figures.max_drawdown.abs())),
        omega: omega(returns, compounded)?,
        tail_ratio: tail_ratio(returns)?,
        gain_to_pain: omega(returns, 0.0)?.map(|ratio| ratio - 1.0),
        win_rate: number(wins as f64 / returns.len() as f64),
        stability: stability(returns)?,
        skewness: skewness(returns, Estimator::Unbiased)?,
        excess_kurtosis: excess_kurtosis(returns, Estimator::Unbiased)?,
    })
}
