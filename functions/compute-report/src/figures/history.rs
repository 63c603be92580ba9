use quant::{
    QuantError, Weights,
    performance::{self, Performance, Settings, analyse, buy_and_hold},
};
use report::model::{self, Drawdown, MonthlyReturn, PerformanceFigures, YearlyReturn};

use super::{DAYS, Subject};

/// A window of half a year, or of a quarter of a shorter history.
const WINDOW: usize = 126;
const DRAWDOWNS: usize = 10;

/// What the holdings, held as they are, would have returned, as a performance analysis of the same portfolio has it.
pub(crate) struct History {
    returns: Vec<f64>,
    own: Performance,
    other: Option<Performance>,
}

impl History {
    pub fn of(subject: Subject) -> Result<Self, QuantError> {
        let of = subject.of;
        let returns = buy_and_hold(&of.returns, &first_weights(subject)?)?;
        let window = WINDOW.min(of.returns.periods() / 4);
        let settings = Settings {
            risk_free_rate: of.settings.risk_free_rate,
            rolling_window: (window >= 10).then_some(window),
            drawdowns: DRAWDOWNS,
            ..Settings::default()
        };
        let benchmark = of.benchmark.as_ref().map(|benchmark| benchmark.returns.as_slice());
        let history = |returns, benchmark| performance::History { returns, benchmark, dates: Some(&of.days) };
        let own = analyse(history(&returns, benchmark), settings)?;
        let other = benchmark.map(|returns| analyse(history(returns, None), settings)).transpose()?;
        Ok(Self { returns, own, other })
    }

    pub fn series(&self, subject: Subject) -> model::History {
        let of = subject.of;
        let benchmark = of.benchmark.as_ref().map(|benchmark| model::Benchmark {
            name: benchmark.name.clone(),
            returns: benchmark.returns.clone(),
        });
        model::History {
            dates: of.days.clone(),
            returns: self.returns.clone(),
            benchmark,
            risk_free_rate: of.settings.risk_free_rate,
            periods_per_year: DAYS,
        }
    }

    pub fn figures(&self) -> PerformanceFigures {
        let mut figures = figures(&self.own);
        if let Some(benchmark) = &self.own.benchmark {
            figures.beta = benchmark.beta;
            figures.alpha = benchmark.alpha;
            figures.correlation = benchmark.correlation;
            figures.r_squared = benchmark.r_squared;
            figures.tracking_error = Some(benchmark.tracking_error);
            figures.information_ratio = benchmark.information_ratio;
            figures.up_capture = benchmark.up_capture;
            figures.down_capture = benchmark.down_capture;
        }
        figures
    }

    pub fn benchmark_figures(&self) -> Option<PerformanceFigures> {
        self.other.as_ref().map(figures)
    }

    pub fn drawdowns(&self) -> Vec<Drawdown> {
        let dated = |one: &performance::Drawdown| {
            let (peak, trough) = one.peak_date.zip(one.trough_date)?;
            Some(Drawdown { depth: one.depth, peak, trough, recovery: one.recovery_date, length: one.length })
        };
        self.own.drawdowns.iter().filter_map(dated).collect()
    }

    pub fn months(&self) -> Vec<MonthlyReturn> {
        let months = self.own.monthly_returns.iter().flatten();
        months.map(|one| MonthlyReturn { year: one.year, month: one.month, value: one.value }).collect()
    }

    pub fn years(&self) -> Vec<YearlyReturn> {
        let others =
            self.other.as_ref().and_then(|other| other.yearly_returns.as_deref()).unwrap_or_default();
        let benchmark = |year| others.iter().find(|other| other.year == year).map(|other| other.value);
        let years = self.own.yearly_returns.iter().flatten();
        years
            .map(|one| YearlyReturn { year: one.year, value: one.value, benchmark: benchmark(one.year) })
            .collect()
    }

    pub fn rolling(&self, subject: Subject) -> Option<model::Rolling> {
        let rolling = self.own.rolling.as_ref()?;
        let dates = subject.of.days.get(rolling.window..)?.to_vec();
        Some(model::Rolling {
            window: rolling.window,
            dates,
            volatility: rolling.volatility.clone(),
            sharpe: rolling.sharpe.clone(),
        })
    }
}

/// Today's holdings as weights of the first day: quantities stay, so that weights follow prices.
fn first_weights(subject: Subject) -> Result<Weights, QuantError> {
    let of = subject.of;
    if subject.is_by_weight() {
        return Ok(of.weights.clone());
    }
    let mut weights = of.weights.as_slice().to_vec();
    for row in 0..of.returns.periods() {
        for (weight, change) in weights.iter_mut().zip(of.returns.simple().row(row)) {
            *weight /= 1.0 + change;
        }
    }
    let sum: f64 = weights.iter().sum();
    Weights::new(weights.into_iter().map(|weight| weight / sum).collect())
}

fn figures(of: &Performance) -> PerformanceFigures {
    let (figures, ratios) = (of.figures, of.ratios);
    PerformanceFigures {
        cumulative_return: Some(figures.cumulative_return),
        annual_return: figures.annual_return,
        annual_volatility: Some(figures.annual_volatility),
        downside_deviation: Some(figures.downside_deviation),
        max_drawdown: Some(figures.max_drawdown),
        sharpe: ratios.sharpe,
        probabilistic_sharpe: ratios.probabilistic_sharpe,
        sortino: ratios.sortino,
        calmar: ratios.calmar,
        omega: ratios.omega,
        tail_ratio: ratios.tail_ratio,
        win_rate: ratios.win_rate,
        best_day: Some(figures.best),
        worst_day: Some(figures.worst),
        skewness: ratios.skewness,
        excess_kurtosis: ratios.excess_kurtosis,
        ..PerformanceFigures::default()
    }
}
