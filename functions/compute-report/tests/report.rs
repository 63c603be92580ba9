//! Reports of real prices, from the input that the worker is handed to the file.
#![allow(clippy::panic, clippy::unwrap_used, reason = "these are tests, with their helpers")]

use computations::{
    Kept,
    report::{Benchmark, Content, Holding, Input, ReportFormat, Settings, Subject},
};
use compute_report::ReportWork;
use domain::{
    currency::Currency,
    task::{PayloadRef, TaskKind},
};
use jiff::civil::{Date, date};
use jobs::Work;
use quant::{Returns, Weights, monte_carlo, performance, var_cvar};
use report::{
    Report,
    model::{Basis, PortfolioReport},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

const PRICES: &str = include_str!("../../../tests/data/prices/prices.csv");
const QUANTITIES: [(usize, i64); 4] = [(0, 1_200), (2, 600), (4, 700), (6, 300)];

fn subject() -> Subject {
    let mut lines = PRICES.lines();
    let symbols: Vec<&str> = lines.next().unwrap().split(',').skip(1).collect();
    let rows: Vec<(Date, Vec<Decimal>)> = lines
        .map(|line| {
            let (day, closes) = line.split_once(',').unwrap();
            (day.parse().unwrap(), closes.split(',').map(|close| close.parse().unwrap()).collect())
        })
        .collect();
    let last = &rows[rows.len() - 1].1;
    let holdings: Vec<Holding> = QUANTITIES
        .iter()
        .map(|(column, quantity)| Holding {
            symbol: symbols[*column].to_owned(),
            quantity: Some(Decimal::from(*quantity)),
            price: last[*column],
        })
        .collect();
    let values: Vec<Decimal> =
        holdings.iter().map(|holding| holding.quantity.unwrap() * holding.price).collect();
    let value: Decimal = values.iter().sum();
    let weights = values.iter().map(|one| (one / value).to_f64().unwrap()).collect::<Vec<_>>();
    let sum: f64 = weights.iter().sum();
    let number = |close: &Decimal| close.to_f64().unwrap();
    let returns: Vec<Vec<f64>> = rows
        .windows(2)
        .map(|pair| {
            QUANTITIES
                .iter()
                .map(|(column, _)| number(&pair[1].1[*column]) / number(&pair[0].1[*column]) - 1.0)
                .collect()
        })
        .collect();
    let benchmark = rows.windows(2).map(|pair| number(&pair[1].1[9]) / number(&pair[0].1[9]) - 1.0).collect();
    Subject {
        name: "Core equities".into(),
        currency: Currency::parse("USD").unwrap(),
        value,
        cash: None,
        holdings,
        returns: Returns::from_rows(&returns).unwrap(),
        weights: Weights::new(weights.into_iter().map(|weight| weight / sum).collect()).unwrap(),
        days: rows.iter().map(|(day, _)| *day).collect(),
        until: None,
        benchmark: Some(Benchmark { name: symbols[9].to_owned(), returns: benchmark }),
        replays: Vec::new(),
        settings: Settings {
            risk_free_rate: 0.02,
            confidence_levels: vec![0.95, 0.99],
            num_simulations: 2_000,
            time_horizon: 252,
            seed: 42,
        },
    }
}

fn made(content: Content, format: ReportFormat) -> Vec<u8> {
    let input =
        Input { format, organisation: "Analytical Capital".into(), asked_on: date(2026, 11, 22), content };
    let reference = PayloadRef { sha256: "3f".repeat(32), size: 1, content_type: None };
    let bytes = input.to_bytes().unwrap();
    let job = ReportWork.prepare(TaskKind::PortfolioReport, &bytes, &reference).unwrap();
    assert!(ReportWork.content_type(&job).is_some());
    ReportWork.reduce(&job, vec![Vec::new()]).unwrap()
}

fn told(subject: Subject) -> PortfolioReport {
    match serde_json::from_slice(&made(Content::Portfolio(subject), ReportFormat::Json)).unwrap() {
        Report::Portfolio(report) => *report,
        other => panic!("{other:?}"),
    }
}

fn portfolio() -> PortfolioReport {
    told(subject())
}

#[test]
fn figures_are_those_of_the_tasks() {
    let (subject, report) = (subject(), portfolio());
    let own = subject.returns.portfolio(&subject.weights).unwrap();
    let historical = &var_cvar::historical(&own, &[0.95], 1).unwrap()[0];
    let told = report.risk.iter().find(|one| one.method == "Historical" && one.horizon == 1).unwrap();
    assert!((told.value_at_risk - historical.value_at_risk).abs() < 1e-12);
    let analysed = performance::History {
        returns: &report.history.returns,
        benchmark: Some(&subject.benchmark.as_ref().unwrap().returns),
        dates: Some(&subject.days),
    };
    let settings = performance::Settings { risk_free_rate: 0.02, ..performance::Settings::default() };
    let analysis = performance::analyse(analysed, settings).unwrap();
    let sharpe = report.performance.sharpe.unwrap();
    assert!((sharpe - analysis.ratios.sharpe.unwrap()).abs() < 1e-9);
    assert!((report.performance.beta.unwrap() - analysis.benchmark.unwrap().beta.unwrap()).abs() < 1e-9);
    let settings = monte_carlo::Settings {
        initial_value: subject.value.to_f64().unwrap(),
        paths: 2_000,
        seed: 42,
        ..monte_carlo::Settings::default()
    };
    let model =
        monte_carlo::Specification::from_simple_returns(&subject.returns, subject.weights.clone(), settings);
    let outcome = monte_carlo::Simulation::prepare(model.unwrap()).unwrap().outcome().unwrap();
    let simulated = report.simulation.unwrap();
    let (told, risk) = (&simulated.risk[0], &outcome.risk[0]);
    assert!((told.value_at_risk_amount - risk.value_at_risk).abs() < 1e-6 * risk.value_at_risk);
}

#[test]
fn parts_add_up_to_the_whole() {
    let report = portfolio();
    let value: Decimal = report.holdings.iter().map(|one| one.value).sum();
    assert_eq!(value, report.value);
    assert!((report.holdings.iter().map(|one| one.weight).sum::<f64>() - 1.0).abs() < 1e-9);
    assert!((report.contributions.iter().map(|one| one.share).sum::<f64>() - 1.0).abs() < 1e-9);
    let days = report.history.dates.len();
    assert_eq!(report.history.returns.len() + 1, days);
    let rolling = report.rolling.unwrap();
    assert_eq!(
        (rolling.dates.len(), rolling.volatility.len()),
        (days - rolling.window, days - rolling.window)
    );
    let frontier = report.frontier.unwrap();
    let ratio = |of: &report::model::FrontierPoint| of.sharpe.unwrap();
    assert!(ratio(&frontier.portfolios[2]) >= ratio(&frontier.portfolios[0]));
    // Of old prices, and of daily returns whose tails Cornish-Fisher's expansion can't follow.
    assert_eq!(report.warnings.len(), 2, "{:?}", report.warnings);
}

#[test]
fn every_format_of_every_report_is_made_and_the_same_input_gives_the_same_bytes() {
    for format in [ReportFormat::Pdf, ReportFormat::Xlsx, ReportFormat::Json, ReportFormat::Csv] {
        let portfolio = made(Content::Portfolio(subject()), format);
        assert!(portfolio == made(Content::Portfolio(subject()), format), "{format:?}");
        assert!(!made(Content::Risk(subject()), format).is_empty());
        let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("core-equities.{format:?}").to_lowercase());
        std::fs::write(path, portfolio).unwrap();
    }
}

#[test]
fn a_portfolio_by_weight_and_a_single_holding_have_reports() {
    let mut by_weight = subject();
    by_weight.holdings.iter_mut().for_each(|holding| holding.quantity = None);
    by_weight.benchmark = None;
    assert!(!made(Content::Portfolio(by_weight), ReportFormat::Pdf).is_empty());
    let mut single = subject();
    single.holdings.truncate(1);
    let rows: Vec<[f64; 1]> = single.returns.simple().column(0).into_iter().map(|one| [one]).collect();
    single.returns = Returns::from_rows(&rows[..30]).unwrap();
    single.weights = Weights::equal(1).unwrap();
    single.days.truncate(31);
    single.benchmark = None;
    assert!(!made(Content::Portfolio(single.clone()), ReportFormat::Xlsx).is_empty());
    assert!(!made(Content::Risk(single), ReportFormat::Pdf).is_empty());
}

#[test]
fn old_prices_are_warned_of_unless_they_were_asked_for() {
    let warned = |subject| {
        let warnings = told(subject).warnings;
        warnings.iter().any(|warning| warning.starts_with("The last day on which"))
    };
    assert!(warned(subject()));
    assert!(!warned(Subject { until: Some(date(2022, 12, 30)), ..subject() }));
    assert!(warned(Subject { until: Some(date(2023, 6, 30)), ..subject() }));
}

#[test]
fn a_portfolio_by_weight_is_told_as_such() {
    let mut by_weight = subject();
    by_weight.holdings.iter_mut().for_each(|holding| holding.quantity = None);
    let report = told(by_weight);
    assert_eq!(report.basis, Basis::Notional);
    assert!(report.notes[0].text.contains("today's weights, bought"), "{:?}", report.notes[0]);
    let report = told(Subject { cash: Some(Decimal::TEN), ..subject() });
    assert_eq!((report.basis, report.cash), (Basis::Invested, Some(Decimal::TEN)));
    assert!(report.notes[0].text.contains("today's quantities"), "{:?}", report.notes[0]);
}

#[test]
fn an_expansion_that_does_not_hold_is_marked() {
    let mut crash = subject();
    crash.holdings.truncate(1);
    let mut rows: Vec<[f64; 1]> = (0..300).map(|day| [if day % 2 == 0 { 0.002 } else { -0.002 }]).collect();
    rows[150] = [-0.4];
    crash.returns = Returns::from_rows(&rows).unwrap();
    crash.weights = Weights::equal(1).unwrap();
    crash.days.truncate(301);
    crash.benchmark = None;
    let report = told(crash);
    let unreliable =
        |method: &str| report.risk.iter().filter(|one| one.method == method).all(|one| !one.reliable);
    assert!(unreliable("Cornish-Fisher") && !unreliable("Historical"));
    assert!(
        report.warnings.iter().any(|warning| warning.contains("Cornish-Fisher")),
        "{:?}",
        report.warnings
    );
}

#[test]
fn correlations_are_of_the_largest_holdings_first() {
    let report = portfolio();
    let symbols: Vec<&str> = report.holdings.iter().map(|holding| holding.symbol.as_str()).collect();
    assert_eq!(report.correlation.unwrap().symbols, symbols);
}
