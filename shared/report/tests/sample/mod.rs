//! A portfolio report of real prices, whose figures are computed plainly, and reports of the other kinds.

#![allow(clippy::unwrap_used, clippy::wildcard_imports, clippy::too_many_lines, dead_code)]

use jiff::civil::{Date, date};
use report::{Format, model::*};
use rust_decimal::Decimal;

const PRICES: &str = include_str!("../../../../tests/data/prices/prices.csv");
const QUANTITIES: [(&str, i64); 6] =
    [("AAPL", 1_200), ("JNJ", 700), ("CVX", 600), ("KO", 2_000), ("UNH", 150), ("MSFT", 300)];

pub fn cover(title: &str, subject: &str) -> Cover {
    Cover {
        title: title.into(),
        subject: subject.into(),
        organisation: "Analytical Capital".into(),
        currency: "USD".into(),
        as_of: date(2022, 12, 28),
        period: None,
        generated_on: date(2026, 11, 22),
        engine: "0.1.0".into(),
        reference: "3f9a6c1d72b0".into(),
    }
}

pub fn notes() -> Vec<Note> {
    let note = |topic: &str, text: &str| Note { topic: topic.into(), text: text.into() };
    vec![
        note(
            "Returns",
            "Simple daily returns of closing prices; the holdings' quantities are those of today throughout. Annual \
             figures take 252 trading days: annual = (1 + cumulative)^(252/n) − 1, volatility = σ·√252 with ddof = 1.",
        ),
        note(
            "Sharpe ratio",
            "mean(r − f) / σ · √252, with the risk-free rate f = 2% / 252 a day (Sharpe 1994).",
        ),
        note(
            "Value at risk",
            "Historical: minus the type-7 quantile of returns. Normal: −(μ + σ·z). Cornish-Fisher: z corrected for skewness \
             and kurtosis. Student t: location, scale and degrees of freedom by maximum likelihood.",
        ),
    ]
}

struct Market {
    dates: Vec<Date>,
    symbols: Vec<String>,
    closes: Vec<Vec<f64>>,
}

fn market() -> Market {
    let mut lines = PRICES.lines();
    let symbols: Vec<String> = lines.next().unwrap().split(',').skip(1).map(str::to_owned).collect();
    let mut closes = vec![Vec::new(); symbols.len()];
    let mut dates = Vec::new();
    for line in lines {
        let mut fields = line.split(',');
        dates.push(fields.next().unwrap().parse().unwrap());
        for (series, field) in closes.iter_mut().zip(fields) {
            series.push(field.parse().unwrap());
        }
    }
    Market { dates, symbols, closes }
}

fn returns(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn covariance(left: &[f64], right: &[f64]) -> f64 {
    let (a, b) = (mean(left), mean(right));
    left.iter().zip(right).map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (left.len() as f64 - 1.0)
}

fn deviation(values: &[f64]) -> f64 {
    covariance(values, values).sqrt()
}

fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = p * (sorted.len() - 1) as f64;
    let (low, share) = (at.floor() as usize, at.fract());
    sorted[low] + (sorted[(low + 1).min(sorted.len() - 1)] - sorted[low]) * share
}

fn histogram(values: &[f64], bins: usize) -> Histogram {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let edges: Vec<f64> = (0..=bins).map(|bin| low + (high - low) * bin as f64 / bins as f64).collect();
    let mut counts = vec![0; bins];
    for value in values {
        counts[(((value - low) / (high - low) * bins as f64) as usize).min(bins - 1)] += 1;
    }
    Histogram { edges, counts, mean: mean(values), standard_deviation: deviation(values) }
}

fn figures(of: &[f64], against: Option<&[f64]>) -> PerformanceFigures {
    let n = of.len() as f64;
    let total = of.iter().fold(1.0, |value, one| value * (1.0 + one)) - 1.0;
    let annual = (1.0 + total).powf(252.0 / n) - 1.0;
    let (m, s) = (mean(of), deviation(of));
    let central = |power: i32| of.iter().map(|one| (one - m).powi(power)).sum::<f64>() / n;
    let (g1, g2) = (central(3) / central(2).powf(1.5), central(4) / central(2).powi(2) - 3.0);
    let worst = drawdowns(of).into_iter().next().map_or(0.0, |one| one.0);
    let beta = against.map(|other| covariance(of, other) / covariance(other, other));
    let correlation = against.map(|other| covariance(of, other) / (s * deviation(other)));
    PerformanceFigures {
        cumulative_return: Some(total),
        annual_return: Some(annual),
        annual_volatility: Some(s * 252f64.sqrt()),
        max_drawdown: Some(worst),
        sharpe: Some((m - 0.02 / 252.0) / s * 252f64.sqrt()),
        calmar: Some(annual / worst.abs()),
        win_rate: Some(of.iter().filter(|one| **one > 0.0).count() as f64 / n),
        best_day: of.iter().copied().reduce(f64::max),
        worst_day: of.iter().copied().reduce(f64::min),
        skewness: Some(g1 * (n * (n - 1.0)).sqrt() / (n - 2.0)),
        excess_kurtosis: Some((n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * g2 + 6.0)),
        beta,
        correlation,
        r_squared: correlation.map(|value| value * value),
        ..PerformanceFigures::default()
    }
}

/// Depth, peak, trough, recovery; the deepest first.
fn drawdowns(of: &[f64]) -> Vec<(f64, usize, usize, Option<usize>)> {
    let mut wealth = vec![1.0];
    for one in of {
        wealth.push(wealth[wealth.len() - 1] * (1.0 + one));
    }
    let mut found = Vec::new();
    let mut peak = 0;
    let mut trough = 0;
    for (index, value) in wealth.iter().enumerate() {
        if *value >= wealth[peak] {
            if trough > peak {
                found.push((wealth[trough] / wealth[peak] - 1.0, peak, trough, Some(index)));
            }
            (peak, trough) = (index, index);
        } else if *value < wealth[trough] {
            trough = index;
        }
    }
    if trough > peak {
        found.push((wealth[trough] / wealth[peak] - 1.0, peak, trough, None));
    }
    found.sort_by(|left, right| left.0.total_cmp(&right.0));
    found
}

fn calendar<K: PartialEq>(of: &[f64], dates: &[Date], key: impl Fn(&Date) -> K) -> Vec<(K, f64)> {
    let mut found: Vec<(K, f64)> = Vec::new();
    for (one, date) in of.iter().zip(&dates[1..]) {
        let key = key(date);
        match found.last_mut().filter(|last| last.0 == key) {
            Some(last) => last.1 = (1.0 + last.1) * (1.0 + one) - 1.0,
            None => found.push((key, *one)),
        }
    }
    found
}

fn measures(of: &[f64], value: f64) -> Vec<RiskMeasure> {
    let mut all = Vec::new();
    for (method, shift) in
        [("Historical", 0.0), ("Normal", -0.0012), ("Cornish-Fisher", 0.0016), ("Student t", 0.0007)]
    {
        for level in [0.95, 0.99] {
            let var = -quantile(of, 1.0 - level) + shift;
            let tail: Vec<f64> = of.iter().copied().filter(|one| -one >= var).collect();
            let cvar = -mean(&tail);
            all.push(RiskMeasure {
                method: method.into(),
                reliable: true,
                confidence_level: level,
                horizon: 1,
                value_at_risk: var,
                conditional_value_at_risk: cvar,
                value_at_risk_amount: var * value,
                conditional_value_at_risk_amount: cvar * value,
            });
        }
    }
    all
}

fn stress(value: f64) -> Vec<Stress> {
    [
        ("Global financial crisis", "Equities as from October 2007 to March 2009", -0.482),
        ("COVID-19 sell-off", "Equities as from 19 February to 23 March 2020", -0.317),
        ("Dot-com bust", "Technology −60%, other equities −25%", -0.361),
        ("Rates +200 bp", "A parallel shift of the yield curve, through each holding's rate beta", -0.094),
        ("Oil +40%", "A supply shock: energy gains, all else loses a little", 0.031),
    ]
    .map(|(name, description, change)| Stress {
        name: name.into(),
        description: description.into(),
        change,
        amount: change * value,
    })
    .to_vec()
}

fn simulation(value: f64) -> Simulation {
    let steps: Vec<f64> = (0..=12).map(|step| f64::from(step) * 21.0).collect();
    let quantiles = [
        (1.0, -2.326),
        (5.0, -1.645),
        (25.0, -0.674),
        (50.0, 0.0),
        (75.0, 0.674),
        (95.0, 1.645),
        (99.0, 2.326),
    ];
    let at = |z: f64, step: f64| value * (0.09 * step / 252.0 + 0.21 * z * (step / 252.0).sqrt()).exp();
    let bands = quantiles
        .map(|(percentile, z)| Band { percentile, values: steps.iter().map(|step| at(z, *step)).collect() });
    let terminal: Vec<f64> = (0..4_000)
        .map(|index| at(2.6 * ((f64::from(index) + 0.5) / 4_000.0 - 0.5).sin() * 2.0, 252.0))
        .collect();
    Simulation {
        model: "multivariate Student t".into(),
        paths: 100_000,
        horizon: 252,
        seed: 42,
        steps,
        bands: bands.to_vec(),
        terminal: histogram(&terminal, 40),
        percentiles: quantiles.map(|(percentile, z)| Percentile { percentile, value: at(z, 252.0) }).to_vec(),
        probability_of_loss: 0.334,
        risk: Vec::new(),
    }
}

pub fn portfolio() -> PortfolioReport {
    let Market { dates, symbols, closes } = market();
    let series = |symbol: &str| &closes[symbols.iter().position(|one| one == symbol).unwrap()];
    let held: Vec<(&str, i64, &Vec<f64>)> = QUANTITIES
        .iter()
        .filter(|(symbol, _)| symbols.iter().any(|one| one == symbol))
        .map(|(symbol, quantity)| (*symbol, *quantity, series(symbol)))
        .collect();
    let values: Vec<f64> = (0..dates.len())
        .map(|day| held.iter().map(|(_, quantity, closes)| *quantity as f64 * closes[day]).sum())
        .collect();
    let equal: Vec<f64> = (0..dates.len())
        .map(|day| closes.iter().map(|closes| closes[day] / closes[0]).sum::<f64>())
        .collect();
    let (own, other) = (returns(&values), returns(&equal));
    let last = dates.len() - 1;
    let mut holdings: Vec<Holding> = held
        .iter()
        .map(|(symbol, quantity, closes)| {
            let price = Decimal::try_from(closes[last]).unwrap().round_dp(2);
            Holding {
                symbol: (*symbol).into(),
                quantity: Some(Decimal::from(*quantity)),
                price: Some(price),
                value: price * Decimal::from(*quantity),
                weight: 0.0,
                total_return: Some(closes[last] / closes[0] - 1.0),
                volatility: Some(deviation(&returns(closes)) * 252f64.sqrt()),
            }
        })
        .collect();
    holdings.sort_by_key(|one| std::cmp::Reverse(one.value));
    let value: Decimal = holdings.iter().map(|one| one.value).sum();
    let amount = f64::try_from(value).unwrap();
    for one in &mut holdings {
        one.weight = f64::try_from(one.value).unwrap() / amount;
    }
    let asset = |symbol: &str| returns(series(symbol));
    let of: Vec<Vec<f64>> = holdings.iter().map(|one| asset(&one.symbol)).collect();
    let weights: Vec<f64> = holdings.iter().map(|one| one.weight).collect();
    let sigma = |left: usize, right: usize| covariance(&of[left], &of[right]) * 252.0;
    let count = of.len();
    let variance: f64 = (0..count)
        .flat_map(|i| (0..count).map(move |j| (i, j)))
        .map(|(i, j)| weights[i] * weights[j] * sigma(i, j))
        .sum();
    let volatility = variance.sqrt();
    let contributions = (0..count)
        .map(|i| {
            let marginal = (0..count).map(|j| weights[j] * sigma(i, j)).sum::<f64>() / volatility;
            let component = weights[i] * marginal;
            Contribution {
                symbol: holdings[i].symbol.clone(),
                weight: weights[i],
                marginal,
                component,
                share: component / volatility,
            }
        })
        .collect();
    let matrix = (0..count)
        .map(|i| (0..count).map(|j| sigma(i, j) / (sigma(i, i) * sigma(j, j)).sqrt()).collect())
        .collect();
    let window = 126;
    let rolling = Rolling {
        window,
        dates: dates[window..].to_vec(),
        volatility: own.windows(window).map(|part| deviation(part) * 252f64.sqrt()).collect(),
        sharpe: own
            .windows(window)
            .map(|part| Some((mean(part) - 0.02 / 252.0) / deviation(part) * 252f64.sqrt()))
            .collect(),
    };
    let point = |name: &str, volatility: f64, expected_return: f64| FrontierPoint {
        name: name.into(),
        volatility,
        expected_return,
        sharpe: Some((expected_return - 0.02) / volatility),
    };
    let gain = |i: usize| mean(&of[i]) * 252.0;
    let frontier = Frontier {
        points: (0..30)
            .map(|step| {
                let x = f64::from(step) / 29.0;
                point("", 0.16 + 0.13 * x * x, 0.08 + 0.17 * x)
            })
            .collect(),
        portfolios: vec![
            point("This portfolio", volatility, (0..count).map(|i| weights[i] * gain(i)).sum()),
            point("Minimum variance", 0.16, 0.08),
            point("Maximum Sharpe ratio", 0.19, 0.165),
        ],
        assets: (0..count).map(|i| point(&holdings[i].symbol, sigma(i, i).sqrt(), gain(i))).collect(),
        trades: holdings
            .iter()
            .enumerate()
            .map(|(i, one)| Trade {
                symbol: one.symbol.clone(),
                current: one.weight,
                proposed: if i % 2 == 0 { one.weight + 0.1 } else { one.weight - 0.1 },
            })
            .collect(),
    };
    let dated = |(depth, peak, trough, recovery): (f64, usize, usize, Option<usize>)| Drawdown {
        depth,
        peak: dates[peak],
        trough: dates[trough],
        recovery: recovery.map(|index| dates[index]),
        length: recovery.unwrap_or(last) - peak,
    };
    let years = calendar(&own, &dates, |date| date.year());
    let benchmark_years = calendar(&other, &dates, |date| date.year());
    let mut cover = cover("Portfolio report", "Core equities");
    cover.as_of = dates[last];
    cover.period = Some(Period { from: dates[0], to: dates[last], observations: own.len() });
    PortfolioReport {
        cover,
        value,
        basis: Basis::Market,
        cash: None,
        allocation: vec![Breakdown {
            name: "Sector".into(),
            shares: [
                ("Technology", 0.62),
                ("Health care", 0.18),
                ("Energy", 0.14),
                ("Consumer staples", 0.06),
            ]
            .map(|(name, weight)| Share { name: name.into(), weight })
            .to_vec(),
        }],
        performance: figures(&own, Some(&other)),
        benchmark_performance: Some(figures(&other, None)),
        drawdowns: drawdowns(&own).into_iter().take(10).map(dated).collect(),
        monthly_returns: calendar(&own, &dates, |date| (date.year(), date.month()))
            .into_iter()
            .map(|((year, month), value)| MonthlyReturn { year, month, value })
            .collect(),
        yearly_returns: years
            .into_iter()
            .zip(benchmark_years)
            .map(|((year, value), (_, other))| YearlyReturn { year, value, benchmark: Some(other) })
            .collect(),
        distribution: histogram(&own, 50),
        rolling: Some(rolling),
        risk: measures(&own, amount),
        contributions,
        correlation: Some(Correlation {
            symbols: holdings.iter().map(|one| one.symbol.clone()).collect(),
            matrix,
        }),
        simulation: Some(simulation(amount)),
        stress: stress(amount),
        frontier: Some(frontier),
        notes: notes(),
        warnings: vec![
            "Expected returns are means of five years; the standard error of each is several percent a year."
                .into(),
        ],
        history: History {
            dates,
            returns: own,
            benchmark: Some(Benchmark { name: "Equal weights".into(), returns: other }),
            risk_free_rate: 0.02,
            periods_per_year: 252.0,
        },
        holdings,
    }
}

pub fn risk() -> RiskReport {
    let of = portfolio();
    let value = f64::try_from(of.value).unwrap();
    RiskReport {
        cover: Cover { title: "Risk report".into(), ..of.cover },
        value,
        basis: of.basis,
        measures: of.risk,
        distribution: of.distribution,
        contributions: of.contributions,
        correlation: of.correlation,
        simulation: of.simulation,
        stress: of.stress,
        notes: of.notes,
        warnings: of.warnings,
    }
}

pub fn valuation() -> ValuationReport {
    let wacc: f64 = 0.09;
    let mut revenue = 383.3;
    let forecast: Vec<ForecastYear> = (1..=10u32)
        .map(|year| {
            let growth = 0.08 - 0.005 * f64::from(year - 1);
            revenue *= 1.0 + growth;
            let ebit = revenue * 0.30;
            let (tax, depreciation, capex, working) =
                (ebit * 0.16, revenue * 0.03, revenue * 0.035, revenue * 0.002);
            let cash = ebit - tax + depreciation - capex - working;
            let factor = (1.0 + wacc).powf(-(f64::from(year) - 0.5));
            ForecastYear {
                year,
                revenue,
                growth,
                ebit,
                tax,
                depreciation,
                capital_expenditure: capex,
                working_capital_change: working,
                free_cash_flow: cash,
                discount_factor: factor,
                present_value: cash * factor,
            }
        })
        .collect();
    let explicit: f64 = forecast.iter().map(|one| one.present_value).sum();
    let terminal = |method: &str, value: f64| {
        let present = value * (1.0 + wacc).powi(-10);
        let enterprise = explicit + present;
        TerminalValue {
            method: method.into(),
            value,
            present_value: present,
            share_of_enterprise_value: Some(present / enterprise),
            enterprise_value: enterprise,
            value_per_share: (enterprise - 50.0) / 15.5,
        }
    };
    let gordon = terminal("Gordon growth, 3%", forecast[9].free_cash_flow * 1.03 / (wacc - 0.03));
    let multiple = terminal("Exit multiple, 15 × EBIT", forecast[9].ebit * 15.0);
    let (enterprise, share) = (gordon.enterprise_value, gordon.value_per_share);
    let axis = |centre: f64, step: f64| (-2..=2).map(|k| centre + step * f64::from(k)).collect::<Vec<f64>>();
    let grid = Grid {
        row_name: "WACC".into(),
        rows: axis(wacc, 0.01),
        row_format: Format::Percent(1),
        column_name: "Terminal growth".into(),
        columns: axis(0.03, 0.005),
        column_format: Format::Percent(1),
        values: (-2..=2)
            .map(|row| {
                (-2..=2)
                    .map(|column| Some(share * (1.0 - 0.13 * f64::from(row) + 0.06 * f64::from(column))))
                    .collect()
            })
            .collect(),
    };
    let samples: Vec<f64> = (0..5_000)
        .map(|index| share * (1.0 + 0.35 * (f64::from(index) * 0.7).sin() * (f64::from(index) * 0.31).cos()))
        .collect();
    let item = |name: &str, amount: f64, total: bool| BridgeItem { name: name.into(), amount, total };
    ValuationReport {
        cover: cover("Valuation report", "AAPL"),
        value_per_share: share,
        price: Some(186.4),
        enterprise_value: enterprise,
        equity_value: enterprise - 50.0,
        wacc,
        assumptions: vec![
            Fact { name: "Revenue, last year (USD bn)".into(), value: 383.3, format: Format::Number(1) },
            Fact { name: "Growth, first year".into(), value: 0.08, format: Format::Percent(1) },
            Fact { name: "EBIT margin".into(), value: 0.30, format: Format::Percent(1) },
            Fact { name: "Terminal growth".into(), value: 0.03, format: Format::Percent(1) },
        ],
        forecast,
        terminal_values: vec![gordon, multiple],
        bridge: vec![
            item("Enterprise value", enterprise, false),
            item("Debt", -111.0, false),
            item("Cash", 61.0, false),
            item("Equity value", enterprise - 50.0, true),
        ],
        multiples: vec![
            Multiple { name: "EV / EBIT".into(), value: 19.3 },
            Multiple { name: "EV / revenue".into(), value: 5.8 },
        ],
        sensitivities: vec![
            grid.clone(),
            Grid {
                column_name: "Exit multiple".into(),
                columns: axis(15.0, 1.0),
                column_format: Format::Number(1),
                ..grid
            },
        ],
        implied_growth: Some(0.117),
        trials: Some(Trials {
            count: 100_000,
            seed: 7,
            percentiles: [5.0, 25.0, 50.0, 75.0, 95.0]
                .map(|percentile| Percentile { percentile, value: quantile(&samples, percentile / 100.0) })
                .to_vec(),
            histogram: histogram(&samples, 40),
            drivers: [
                ("EBIT margin", 0.71),
                ("WACC", -0.58),
                ("Growth, first year", 0.33),
                ("Exit multiple", 0.12),
            ]
            .map(|(name, value)| Driver { name: name.into(), rank_correlation: value })
            .to_vec(),
            probability_above_price: Some(0.41),
        }),
        notes: notes(),
        warnings: Vec::new(),
    }
}
