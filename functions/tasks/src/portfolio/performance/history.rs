//! The history that is analysed.

use computations::performance::{AssetsHistory, History};
use domain::{Invalid, PortfolioId, Validation, decimal::DecimalInput, history, risk::MAXIMUM_HISTORY};
use jiff::civil::Date;
use quant::{Returns, Weights, performance::Valuation};
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::ApiError;

use super::{
    PerformanceRequest,
    benchmark::{self, BenchmarkInput},
};
use crate::{
    portfolio::names::Names,
    risk::portfolio::{Chosen, PortfolioChoice, StoredPortfolio},
    state::invalid,
};

/// The worth of a portfolio on a day, and what its owner put in (positive) or took out (negative) then.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValuationInput {
    /// The day.
    #[schema(example = "2022-06-30")]
    date: Date,
    /// The worth before the cash flow.
    #[schema(example = "91200")]
    value: DecimalInput,
    /// The cash flow; 0 when not given.
    #[schema(example = "20000")]
    flow: Option<DecimalInput>,
}

/// A history, with its days where they are known, and the benchmark's returns where they came with it.
pub(super) struct Found {
    pub(super) input: History,
    pub(super) dates: Option<Vec<Date>>,
    pub(super) benchmark: Option<Vec<f64>>,
}

impl Found {
    /// The number of returns.
    pub(super) fn periods(&self) -> usize {
        match &self.input {
            History::Returns(returns) => returns.len(),
            History::Valuations(valuations) => valuations.len().saturating_sub(1),
            History::Assets(history) => history.returns.periods(),
        }
    }
}

/// Takes the one history of the request.
pub(super) async fn find(
    request: &mut PerformanceRequest,
    benchmark: Option<&BenchmarkInput>,
    store: &Scope,
) -> Result<Found, ApiError> {
    let given = [
        request.portfolio_id.is_some(),
        request.assets_data.is_some(),
        request.returns.is_some(),
        request.values.is_some(),
        request.valuations.is_some(),
    ];
    if given.into_iter().filter(|given| *given).count() != 1 {
        let detail = "exactly one of portfolio_id, assets_data, returns, values and valuations must be given";
        return Err(invalid("", detail));
    }
    misplaced(request)?;
    if let Some(id) = request.portfolio_id {
        return portfolio(request, id, benchmark, store).await;
    }
    let dates = request.dates.take();
    Ok(match (request.returns.take(), request.values.take(), request.valuations.take()) {
        (Some(returns), ..) => {
            check_returns(&returns)?;
            dated(History::Returns(returns), dates)?
        }
        (_, Some(values), _) => dated(History::Returns(simple_returns(&values, "/values")?), dates)?,
        (.., Some(valuations)) => valued(&valuations)?,
        _ => assets(request, dates)?,
    })
}

/// Fields that go with another way to give a history.
fn misplaced(request: &PerformanceRequest) -> Result<(), Invalid> {
    let mut validation = Validation::new();
    let stored = request.portfolio_id.is_some();
    let detail = "from and to choose among stored prices; they go with portfolio_id";
    validation.require(stored || (request.from.is_none() && request.to.is_none()), "/from", detail);
    let assets = request.assets_data.is_some();
    validation.require(
        request.weights.is_some() == assets,
        "/weights",
        "must be given together with assets_data",
    );
    validation.require(
        request.rebalance.is_none() || assets || stored,
        "/rebalance",
        "needs assets: portfolio_id, or assets_data with weights",
    );
    let dated = !stored && request.valuations.is_none();
    validation.require(
        request.dates.is_none() || dated,
        "/dates",
        "goes with returns, values and assets_data; the others have days of their own",
    );
    validation.finish(Some(()))
}

/// A stored portfolio: held by quantity it has the weights of its first day, held by weight those that it names.
async fn portfolio(
    request: &PerformanceRequest,
    id: PortfolioId,
    benchmark: Option<&BenchmarkInput>,
    store: &Scope,
) -> Result<Found, ApiError> {
    let choice = PortfolioChoice { data: None, id: Some(id), from: request.from, to: request.to };
    let Chosen::Stored(StoredPortfolio { portfolio, prices, window }) = choice.choose(store).await? else {
        return Err(invalid("/portfolio_id", "must name a stored portfolio"));
    };
    let symbol = benchmark.and_then(|benchmark| benchmark.symbol.as_ref());
    let series = match symbol {
        Some(symbol) => vec![benchmark::prices(symbol, store).await?],
        None => Vec::new(),
    };
    let (joined, benchmark) = history::join_with_factors(&portfolio, &prices, &series, window)?;
    let mut weights = joined.history.weights;
    if joined.market_value.is_some() {
        for row in &joined.history.returns {
            for (weight, change) in weights.iter_mut().zip(row) {
                *weight /= 1.0 + change;
            }
        }
        let sum: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= sum;
        }
    }
    let mut validation = Validation::new();
    let weights = validation.check("/portfolio_id", Weights::new(weights));
    let returns = validation.check("/portfolio_id", Returns::from_rows(&joined.history.returns));
    let (weights, returns) = validation.finish(weights.zip(returns))?;
    let input = History::Assets(AssetsHistory {
        assets: joined.history.assets,
        returns,
        weights,
        rebalance: request.rebalance.unwrap_or_default(),
        attribution: None,
    });
    let benchmark = (!series.is_empty()).then(|| benchmark.into_iter().flatten().collect());
    Ok(Found { input, dates: Some(joined.days), benchmark })
}

/// Assets in numbers, with their weights.
fn assets(request: &mut PerformanceRequest, dates: Option<Vec<Date>>) -> Result<Found, Invalid> {
    let (Some(data), Some(weights)) = (request.assets_data.take(), request.weights.take()) else {
        return Err(Invalid::field("/assets_data", "must be given together with weights"));
    };
    let mut validation = Validation::new();
    let history = validation.nest("/assets_data", data.parse());
    let weights = Names::new(&data.asset_names).each(&weights, "/weights", &mut validation);
    let weights = validation.check("/weights", Weights::new(weights));
    let (history, weights) = validation.finish(history.zip(weights))?;
    let dates = match (dates, history.complete_days) {
        (Some(dates), Some(rows)) if dates.len() == rows.total => {
            Some(rows.kept.into_iter().map(|row| dates[row]).collect())
        }
        (Some(dates), Some(rows)) => {
            let detail = format!("must be one for each of the {} rows, but are {}", rows.total, dates.len());
            return Err(Invalid::field("/dates", detail));
        }
        (dates, _) => dates,
    };
    let input = AssetsHistory {
        assets: data.asset_names,
        returns: history.returns,
        weights,
        rebalance: request.rebalance.unwrap_or_default(),
        attribution: None,
    };
    dated(History::Assets(input), dates)
}

fn valued(given: &[ValuationInput]) -> Result<Found, Invalid> {
    const POINTER: &str = "/valuations";
    let mut validation = Validation::new();
    check_length(given.len(), 3, POINTER, &mut validation);
    let number = |decimal: DecimalInput| decimal.0.to_f64().unwrap_or(f64::MAX);
    let valuations = given.iter().map(|valuation| Valuation {
        date: valuation.date,
        value: number(valuation.value),
        flow: valuation.flow.map_or(0.0, number),
    });
    let valuations: Vec<Valuation> = valuations.collect();
    for (row, pair) in valuations.windows(2).enumerate() {
        let start = pair[0].value + pair[0].flow;
        let detail = format!("must leave more than 0 to be invested, but leaves {start}");
        validation.require(start > 0.0, &format!("{POINTER}/{row}/value"), detail);
        let end = pair[1].value;
        let pointer = format!("{POINTER}/{}/value", row + 1);
        validation.require(end > 0.0, &pointer, format!("must be above 0, but is {end}"));
    }
    let dates: Vec<Date> = valuations.iter().map(|valuation| valuation.date).collect();
    check_days(&dates, |row| format!("{POINTER}/{row}/date"), &mut validation);
    validation.finish(Some(Found {
        input: History::Valuations(valuations),
        dates: Some(dates),
        benchmark: None,
    }))
}

/// A history with its days: one of the start, then one of each return.
fn dated(input: History, dates: Option<Vec<Date>>) -> Result<Found, Invalid> {
    let found = Found { input, dates, benchmark: None };
    let mut validation = Validation::new();
    if let Some(dates) = &found.dates {
        let (expected, given) = (found.periods() + 1, dates.len());
        let detail = format!("must be {expected}, of the start and of each return, but are {given}");
        validation.require(given == expected, "/dates", detail);
        check_days(dates, |row| format!("/dates/{row}"), &mut validation);
    }
    validation.finish(Some(found))
}

fn check_days(days: &[Date], pointer: impl Fn(usize) -> String, validation: &mut Validation) {
    if let Some(before) = days.windows(2).position(|pair| pair[1] <= pair[0]) {
        let detail = format!("must be after {}, but is {}", days[before], days[before + 1]);
        validation.reject(pointer(before + 1), detail);
    }
}

fn check_length(found: usize, least: usize, pointer: &str, validation: &mut Validation) {
    let most = MAXIMUM_HISTORY + 1;
    let detail = format!("must have {least} to {most} entries, but has {found}");
    validation.require((least..=most).contains(&found), pointer, detail);
}

fn check_returns(returns: &[f64]) -> Result<(), Invalid> {
    let mut validation = Validation::new();
    check_length(returns.len(), 2, "/returns", &mut validation);
    if let Some(row) = returns.iter().position(|&value| value <= -1.0) {
        let detail = format!("must be a simple return above -1, but is {}", returns[row]);
        validation.reject(format!("/returns/{row}"), detail);
    }
    validation.finish(Some(()))
}

/// The simple returns between values, which are all above 0.
pub(super) fn simple_returns(values: &[f64], pointer: &str) -> Result<Vec<f64>, Invalid> {
    let mut validation = Validation::new();
    check_length(values.len(), 3, pointer, &mut validation);
    if let Some(row) = values.iter().position(|&value| value <= 0.0) {
        validation.reject(format!("{pointer}/{row}"), format!("must be above 0, but is {}", values[row]));
    }
    let returns: Vec<f64> = values.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
    let numbers = returns.iter().all(|value| value.is_finite() && *value > -1.0);
    validation.finish(Some(()))?;
    if numbers {
        Ok(returns)
    } else {
        Err(Invalid::field(pointer, "has two values whose ratio is no number"))
    }
}
