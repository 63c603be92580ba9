use computations::report::{Benchmark, Content, Holding, Input, ReportFormat, Settings, Subject};
use domain::{
    Invalid, PortfolioId, Validation,
    history::{self, PortfolioHistory},
    ledger::{Book, CostMethod, in_order},
    portfolio::{HoldingSize, Portfolio},
    price::{Close, PriceSeries},
    replay::replay,
    risk::StressReplay,
    symbol::Symbol,
    text::Name,
};
use jiff::civil::Date;
use quant::{Returns, Weights, stress::CRISES};
use rust_decimal::Decimal;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::ApiError;

use crate::{
    risk::{
        levels,
        portfolio::{Chosen, PortfolioChoice, StoredPortfolio},
    },
    state::{invalid, within},
};

/// What a portfolio that is held by weight is taken to be worth.
const NOTIONAL: i64 = 1_000_000;
/// What a page and a second hold.
const MAXIMUM_HOLDINGS: usize = 200;
const MAXIMUM_RETURNS: usize = 5_040;
const MAXIMUM_SIMULATIONS: u64 = 200_000;
/// Of paths times days times holdings: some ten seconds of the one worker that makes a report.
const MAXIMUM_WORK: u64 = 6_000_000_000;
const USUAL_SEED: u64 = 1;

/// Which portfolio to report on, and how. The same request of a day gives the same file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportRequest {
    /// A stored portfolio of at most 200 holdings, whose history comes from the stored prices.
    portfolio_id: PortfolioId,
    /// The file that is wanted; `pdf` when not given. A PDF's typeface has Latin, Greek and Cyrillic letters: names in other
    /// scripts are boxes on its pages, and a warning says so.
    #[serde(default)]
    format: ReportFormat,
    /// The first day of the stored prices to use. Together they may give at most 5,040 returns; when not given, the last
    /// 5,040 are used.
    #[schema(example = "2018-01-02")]
    from: Option<Date>,
    /// The last day of the stored prices to use.
    #[schema(example = "2022-12-28")]
    to: Option<Date>,
    /// The symbol of stored prices to compare a portfolio's history with; risk reports have none.
    #[schema(example = "SP500")]
    benchmark: Option<Symbol>,
    /// The annual rate without risk, as a fraction; 0 when not given.
    #[schema(example = 0.02)]
    risk_free_rate: Option<f64>,
    /// Where VaR and CVaR are told, each between 0 and 1; 0.95 and 0.99 when not given.
    #[schema(example = json!([0.95, 0.99]))]
    confidence_levels: Option<Vec<f64>>,
    /// The number of simulated paths, 100–200,000; 10,000 when not given. Times the days and the portfolio's holdings it is at
    /// most 6,000,000,000.
    #[schema(minimum = 100, maximum = 200_000, default = 10_000, example = 10_000)]
    num_simulations: Option<u64>,
    /// The number of simulated trading days, 1–2,520; 252 when not given.
    #[schema(minimum = 1, maximum = 2520, default = 252, example = 252)]
    time_horizon: Option<u32>,
    /// The simulation's seed; 1 when not given.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64, default = 1, example = 42)]
    seed: Option<u64>,
}

/// Where a report is asked for, and when.
pub(super) struct Asked<'a> {
    pub store: &'a Scope,
    pub organisation: &'a Name,
    pub today: Date,
}

impl ReportRequest {
    /// The report's input, with the portfolio and its prices.
    ///
    /// # Errors
    /// 404 when there is no such portfolio, 422 for all that is wrong with the request.
    pub(super) async fn parse(
        self,
        asked: Asked<'_>,
        content: fn(Subject) -> Content,
    ) -> Result<Input, ApiError> {
        let settings = self.settings()?;
        let (format, store) = (self.format, asked.store);
        let choice =
            PortfolioChoice { data: None, id: Some(self.portfolio_id), from: self.from, to: self.to };
        let Chosen::Stored(stored) = choice.choose(store).await? else {
            return Err(invalid("/portfolio_id", "must name a stored portfolio"));
        };
        let benchmark = match &self.benchmark {
            Some(symbol) => Some(series(symbol, store).await?),
            None => None,
        };
        let cash = cash(&stored.portfolio, store).await?;
        let subject = Subject { cash, ..subject(&stored, benchmark, settings)? };
        let organisation = asked.organisation.to_string();
        Ok(Input { format, organisation, asked_on: asked.today, content: content(subject) })
    }

    pub(super) fn refuse_benchmark(&self) -> Result<(), Invalid> {
        match self.benchmark {
            Some(_) => Err(Invalid::field("/benchmark", "goes with the report of a portfolio")),
            None => Ok(()),
        }
    }

    fn settings(&self) -> Result<Settings, Invalid> {
        let mut validation = Validation::new();
        let rate = within(self.risk_free_rate.unwrap_or(0.0), -0.99, 10.0);
        let paths = within(self.num_simulations.unwrap_or(10_000), 100, MAXIMUM_SIMULATIONS);
        let horizon = within(self.time_horizon.unwrap_or(252), 1, 2_520);
        let seed = within(self.seed.unwrap_or(USUAL_SEED), 0, (1 << 53) - 1);
        let rate = validation.check("/risk_free_rate", rate);
        let paths = validation.check("/num_simulations", paths);
        let horizon = validation.check("/time_horizon", horizon);
        let seed = validation.check("/seed", seed);
        let confidence_levels = levels::parse(self.confidence_levels.clone(), &mut validation);
        let numbers = rate.zip(paths).zip(horizon.zip(seed));
        let ((risk_free_rate, num_simulations), (time_horizon, seed)) = validation.finish(numbers)?;
        Ok(Settings { risk_free_rate, confidence_levels, num_simulations, time_horizon, seed })
    }
}

async fn series(symbol: &Symbol, store: &Scope) -> Result<PriceSeries, ApiError> {
    let found = store.find::<PriceSeries>(symbol).await?;
    let missing = || invalid("/benchmark", &format!("no prices are loaded for {symbol}"));
    found.map(|series| series.entity).ok_or_else(missing)
}

/// The cash of a portfolio that is kept by transactions: its holdings are without.
async fn cash(portfolio: &Portfolio, store: &Scope) -> Result<Option<Decimal>, ApiError> {
    let Some(head) = portfolio.ledger else { return Ok(None) };
    let entries = store.ledger(portfolio.id, head).await?;
    let book = Book::keep(&in_order(&entries, &[]), CostMethod::default(), None);
    Ok(Some(book.map_err(ApiError::internal)?.cash))
}

fn subject(
    stored: &StoredPortfolio,
    benchmark: Option<PriceSeries>,
    settings: Settings,
) -> Result<Subject, Invalid> {
    let StoredPortfolio { portfolio, prices, window } = stored;
    let (mut joined, mut others) =
        history::join_with_factors(portfolio, prices, benchmark.as_slice(), *window)?;
    if window.from.is_none() {
        let early = joined.history.returns.len().saturating_sub(MAXIMUM_RETURNS);
        joined.history.returns.drain(..early);
        joined.days.drain(..early);
        others.drain(..early.min(others.len()));
    }
    check_size(&joined, &settings)?;
    let PortfolioHistory { history, days, market_value } = joined;
    let mut validation = Validation::new();
    let weights = validation.check("/portfolio_id", Weights::new(history.weights));
    let returns = validation.check("/portfolio_id", Returns::from_rows(&history.returns));
    let (weights, returns) = validation.finish(weights.zip(returns))?;
    let benchmark = benchmark.map(|series| Benchmark {
        name: series.symbol.to_string(),
        returns: others.into_iter().flatten().collect(),
    });
    Ok(Subject {
        name: portfolio.name.to_string(),
        currency: portfolio.base_currency,
        value: market_value.unwrap_or(Decimal::from(NOTIONAL)),
        cash: None,
        holdings: holdings(stored, days.last().copied().unwrap_or_default()),
        replays: crises(portfolio, prices),
        returns,
        weights,
        days,
        until: window.to,
        benchmark,
        settings,
    })
}

/// A report that would take too long to make, or to read, is refused.
fn check_size(joined: &PortfolioHistory, settings: &Settings) -> Result<(), Invalid> {
    let (assets, returns) = (joined.history.assets.len(), joined.history.returns.len());
    let mut validation = Validation::new();
    let detail = format!("must have at most {MAXIMUM_HOLDINGS} holdings for a report, but has {assets}");
    validation.require(assets <= MAXIMUM_HOLDINGS, "/portfolio_id", detail);
    let detail = format!("must leave at most {MAXIMUM_RETURNS} returns for a report, but leaves {returns}");
    validation.require(returns <= MAXIMUM_RETURNS, "/from", detail);
    let days = settings.time_horizon;
    let work = settings.num_simulations.saturating_mul(u64::from(days)).saturating_mul(assets as u64);
    let detail = format!(
        "times {days} days and {assets} holdings must be at most {MAXIMUM_WORK} for a report, but is {work}"
    );
    validation.require(work <= MAXIMUM_WORK, "/num_simulations", detail);
    validation.finish(Some(()))
}

fn holdings(stored: &StoredPortfolio, last: Date) -> Vec<Holding> {
    let close = |series: &Option<PriceSeries>| {
        let closes = series.as_ref()?.closes();
        let place = closes.binary_search_by_key(&last, |close: &Close| close.date).ok()?;
        Some(closes[place].close)
    };
    let each = stored.portfolio.holdings.as_slice().iter().zip(&stored.prices);
    each.map(|(holding, series)| Holding {
        symbol: holding.symbol.to_string(),
        quantity: match holding.size {
            HoldingSize::Quantity(quantity) => Some(quantity),
            HoldingSize::Weight(_) => None,
        },
        price: close(series).unwrap_or_default(),
    })
    .collect()
}

/// The past crises that all prices cover.
fn crises(portfolio: &Portfolio, prices: &[Option<PriceSeries>]) -> Vec<StressReplay> {
    let lived = CRISES.iter().filter_map(|crisis| {
        replay(portfolio, prices, crisis.title.to_owned(), (crisis.first, crisis.last)).ok()
    });
    lived.collect()
}
