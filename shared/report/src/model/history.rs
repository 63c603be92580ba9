use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Daily returns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Ascending, one more than returns: of the start, then of each return.
    pub dates: Vec<Date>,
    /// The portfolio's simple returns.
    pub returns: Vec<f64>,
    /// What they are compared with; null for nothing.
    pub benchmark: Option<Benchmark>,
    /// The risk-free rate a year.
    pub risk_free_rate: f64,
    /// 252 for trading days.
    pub periods_per_year: f64,
}

/// What a portfolio is compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// What it is called.
    pub name: String,
    /// Its simple returns of the same days.
    pub returns: Vec<f64>,
}

/// Growth, risk and their ratios. A figure that can't be told is null.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PerformanceFigures {
    /// Over the whole period.
    pub cumulative_return: Option<f64>,
    /// A year, compounded.
    pub annual_return: Option<f64>,
    /// The standard deviation of returns, a year.
    pub annual_volatility: Option<f64>,
    /// The deviation below the acceptable return, a year.
    pub downside_deviation: Option<f64>,
    /// The deepest fall from a highest value, negative.
    pub max_drawdown: Option<f64>,
    /// The return above the risk-free rate over volatility.
    pub sharpe: Option<f64>,
    /// The probability that the true Sharpe ratio is above 0.
    pub probabilistic_sharpe: Option<f64>,
    /// The return above the acceptable one over downside deviation.
    pub sortino: Option<f64>,
    /// The annual return over the deepest drawdown.
    pub calmar: Option<f64>,
    /// Gains over losses.
    pub omega: Option<f64>,
    /// The 95th percentile over the size of the 5th.
    pub tail_ratio: Option<f64>,
    /// The share of returns above 0.
    pub win_rate: Option<f64>,
    /// The best return of a day.
    pub best_day: Option<f64>,
    /// The worst return of a day.
    pub worst_day: Option<f64>,
    /// The third standardised moment.
    pub skewness: Option<f64>,
    /// The fourth standardised moment less 3.
    pub excess_kurtosis: Option<f64>,
    /// The slope of returns on the benchmark's.
    pub beta: Option<f64>,
    /// Jensen's alpha, a year.
    pub alpha: Option<f64>,
    /// With the benchmark.
    pub correlation: Option<f64>,
    /// The share of variance that the benchmark explains.
    pub r_squared: Option<f64>,
    /// The volatility of the difference from the benchmark, a year.
    pub tracking_error: Option<f64>,
    /// The active return over tracking error.
    pub information_ratio: Option<f64>,
    /// The share of the benchmark's gains that is taken along.
    pub up_capture: Option<f64>,
    /// The share of the benchmark's losses that is taken along.
    pub down_capture: Option<f64>,
}

/// A fall from a highest value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drawdown {
    /// Negative.
    pub depth: f64,
    /// The day of the highest value.
    pub peak: Date,
    /// The day of the lowest.
    pub trough: Date,
    /// The day on which the highest value was reached again; null if it was not.
    pub recovery: Option<Date>,
    /// From the highest value to recovery, or to the end, in trading days.
    pub length: usize,
}

/// A calendar month's return.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MonthlyReturn {
    /// The year.
    pub year: i16,
    /// From 1 to 12.
    pub month: i8,
    /// As a fraction.
    pub value: f64,
}

/// A calendar year's return.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct YearlyReturn {
    /// The year.
    pub year: i16,
    /// As a fraction.
    pub value: f64,
    /// The benchmark's; null without one.
    pub benchmark: Option<f64>,
}

/// Figures over a moving window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rolling {
    /// Its length in trading days.
    pub window: usize,
    /// The last day of each window.
    pub dates: Vec<Date>,
    /// A year.
    pub volatility: Vec<f64>,
    /// A year; null where volatility is zero.
    pub sharpe: Vec<Option<f64>>,
}
