use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{
    Basis, Contribution, Correlation, Cover, Drawdown, Histogram, History, MonthlyReturn, Note,
    PerformanceFigures, RiskMeasure, Rolling, Simulation, Stress, YearlyReturn,
};

/// All that a portfolio report says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PortfolioReport {
    /// What it is about.
    pub cover: Cover,
    /// What the holdings are worth.
    pub value: Decimal,
    /// What that stands for.
    pub basis: Basis,
    /// The cash beside the holdings, which no other figure counts; null where it is not known.
    pub cash: Option<Decimal>,
    /// What is held, the largest value first.
    pub holdings: Vec<Holding>,
    /// How the value is shared out, besides by holding.
    pub allocation: Vec<Breakdown>,
    /// Daily returns of the holdings as they are.
    pub history: History,
    /// Of the portfolio.
    pub performance: PerformanceFigures,
    /// Of the benchmark; null without one.
    pub benchmark_performance: Option<PerformanceFigures>,
    /// The deepest, the deepest first.
    pub drawdowns: Vec<Drawdown>,
    /// Calendar months.
    pub monthly_returns: Vec<MonthlyReturn>,
    /// Calendar years.
    pub yearly_returns: Vec<YearlyReturn>,
    /// Of daily returns.
    pub distribution: Histogram,
    /// Figures over a moving window; null for a short history.
    pub rolling: Option<Rolling>,
    /// Value at risk and its kin.
    pub risk: Vec<RiskMeasure>,
    /// Where the risk comes from.
    pub contributions: Vec<Contribution>,
    /// How holdings move together; null for a single one.
    pub correlation: Option<Correlation>,
    /// A simulated future; null for none.
    pub simulation: Option<Simulation>,
    /// What scenarios would do.
    pub stress: Vec<Stress>,
    /// The portfolio among all that could be made of its holdings; null for a single one.
    pub frontier: Option<Frontier>,
    /// How figures are meant.
    pub notes: Vec<Note>,
    /// What a reader must know about the data.
    pub warnings: Vec<String>,
}

/// An instrument that is held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// Its symbol.
    pub symbol: String,
    /// Units; negative when sold short; null for what is held by weight.
    pub quantity: Option<Decimal>,
    /// The last close, in the report's currency.
    pub price: Option<Decimal>,
    /// Quantity times price, or the weight's part of the portfolio's value.
    pub value: Decimal,
    /// The share of the portfolio's value.
    pub weight: f64,
    /// Over the period, of the instrument itself; null where it can't be told.
    pub total_return: Option<f64>,
    /// The instrument's volatility a year; null where it can't be told.
    pub volatility: Option<f64>,
}

/// How a whole is shared out by one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// The criterion, such as `Currency`.
    pub name: String,
    /// The largest first.
    pub shares: Vec<Share>,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// What it is called.
    pub name: String,
    /// As a fraction of the whole.
    pub weight: f64,
}

/// The efficient frontier, with the portfolio on the same axes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frontier {
    /// By ascending return.
    pub points: Vec<FrontierPoint>,
    /// The portfolio itself, then portfolios of note.
    pub portfolios: Vec<FrontierPoint>,
    /// Each holding by itself.
    pub assets: Vec<FrontierPoint>,
    /// What would make the portfolio the last one of note.
    pub trades: Vec<Trade>,
}

/// A portfolio by its risk and expected return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontierPoint {
    /// What it is called; empty for a plain point of the frontier.
    pub name: String,
    /// A year.
    pub volatility: f64,
    /// A year.
    pub expected_return: f64,
    /// The return above the risk-free rate over volatility; null without volatility.
    pub sharpe: Option<f64>,
}

/// A change of weight.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trade {
    /// The symbol.
    pub symbol: String,
    /// As it is.
    pub current: f64,
    /// As it would be.
    pub proposed: f64,
}
