//! Agreement with the cases `performance/*` and `attribution/*` of `tests/data/oracle/performance.json`.

use crate::support::{Closes, agree, agree_option, closes, full_weights, number, oracle};
use jiff::civil::Date;
use quant::{
    Returns, Weights,
    moments::{Estimator, excess_kurtosis, skewness},
    performance::{
        History, Performance, Settings, analyse, brinson_fachler, buy_and_hold, downside_deviation, omega,
        sharpe, sortino,
    },
};
use serde_json::{Map, Value};

fn dates(closes: &Closes) -> Vec<Date> {
    closes.dates.iter().map(|date| date.parse().unwrap()).collect()
}

fn date(value: &Value) -> Option<Date> {
    value.as_str().map(|date| date.parse().unwrap())
}

fn performance_cases() -> impl Iterator<Item = (Value, Vec<f64>)> {
    let closes = closes("prices");
    let returns = Returns::from_prices(&closes.rows).unwrap();
    oracle("performance")
        .into_iter()
        .filter(|case| case["id"].as_str().unwrap().starts_with("performance/"))
        .map(move |case| {
            let weights = full_weights(&case, &closes.names);
            let daily = case["inputs"]["rebalance"] == "daily";
            let portfolio =
                if daily { returns.portfolio(&weights) } else { buy_and_hold(&returns, &weights) };
            (case, portfolio.unwrap())
        })
}

fn benchmark() -> Vec<f64> {
    Returns::from_prices(&closes("benchmark").rows).unwrap().simple().column(0)
}

fn analysis(returns: &[f64], risk_free_rate: f64) -> Performance {
    let (dates, benchmark) = (dates(&closes("prices")), benchmark());
    let history = History { returns, benchmark: Some(&benchmark), dates: Some(&dates) };
    let settings = Settings { risk_free_rate, rolling_window: Some(126), ..Settings::default() };
    analyse(history, settings).unwrap()
}

#[test]
fn every_figure_agrees() {
    let mut seen = 0;
    for (case, returns) in performance_cases() {
        let rf = number(&case["inputs"]["rf_annual"]);
        let (with, without) = (analysis(&returns, rf), analysis(&returns, 0.0));
        let (figures, ratios, benchmark) = (with.figures, with.ratios, with.benchmark.unwrap());
        let geometric = (1.0 + rf).powf(1.0 / 252.0) - 1.0;
        let found = [
            ("n", Some(figures.periods as f64)),
            ("cumulative_return", Some(figures.cumulative_return)),
            ("annual_return", figures.annual_return),
            ("annual_volatility", Some(figures.annual_volatility)),
            ("arithmetic_annual_mean", Some(figures.arithmetic_annual_mean)),
            ("sharpe_rf0", without.ratios.sharpe),
            ("sharpe", ratios.sharpe),
            ("sharpe_quantstats_rf", sharpe(&returns, geometric, 252.0).unwrap()),
            ("downside_deviation", Some(without.figures.downside_deviation)),
            ("downside_deviation_mar", Some(figures.downside_deviation)),
            ("sortino_rf0", without.ratios.sortino),
            ("sortino", ratios.sortino),
            ("calmar", ratios.calmar),
            ("max_drawdown", Some(figures.max_drawdown)),
            ("omega_0", without.ratios.omega),
            ("omega_mar", ratios.omega),
            ("tail_ratio", ratios.tail_ratio),
            ("stability_r2", ratios.stability),
            ("skew_unbiased", ratios.skewness),
            ("excess_kurtosis_unbiased", ratios.excess_kurtosis),
            ("skew_biased", skewness(&returns, Estimator::Biased).unwrap()),
            ("excess_kurtosis_biased", excess_kurtosis(&returns, Estimator::Biased).unwrap()),
            ("var_cutoff", Some(1.0 - with.settings.confidence_level)),
            ("value_at_risk", Some(-figures.value_at_risk)),
            ("conditional_value_at_risk", Some(-figures.conditional_value_at_risk)),
            ("alpha_empyrical", benchmark.alpha),
            ("beta", without.benchmark.unwrap().beta),
            ("beta_rf", benchmark.beta),
            ("alpha_simple", benchmark.alpha_simple),
            ("information_ratio_daily", benchmark.information_ratio.map(|ratio| ratio / 252f64.sqrt())),
            ("information_ratio_annual", benchmark.information_ratio),
            ("tracking_error", Some(benchmark.tracking_error)),
            ("correlation", benchmark.correlation),
            ("r_squared", benchmark.r_squared),
            ("treynor", benchmark.treynor),
            ("up_capture", benchmark.up_capture),
            ("down_capture", benchmark.down_capture),
            ("capture", benchmark.capture),
            ("ulcer_index", Some(figures.ulcer_index)),
            ("win_rate", ratios.win_rate),
            ("best_day", Some(figures.best)),
            ("worst_day", Some(figures.worst)),
            ("gain_to_pain_daily", ratios.gain_to_pain),
            ("probabilistic_sharpe_0", ratios.probabilistic_sharpe),
        ];
        for (key, found) in found {
            agree_option(&case, key, found, &case["expected"][key]);
            seen += 1;
        }
        assert!((omega(&returns, geometric).unwrap().unwrap() - ratios.omega.unwrap()).abs() < 1e-12);
        assert_eq!(
            downside_deviation(&returns, rf / 252.0, 252.0).unwrap().to_bits(),
            figures.downside_deviation.to_bits()
        );
        assert_eq!(sortino(&returns, rf / 252.0, 252.0).unwrap(), ratios.sortino);
    }
    assert_eq!(seen, 4 * 44);
}

#[test]
fn drawdowns_agree_with_their_dates() {
    for (case, returns) in performance_cases() {
        let found = analysis(&returns, 0.0).drawdowns;
        let expected = &case["expected"];
        let deepest = found[0];
        assert_eq!(deepest.peak_date, date(&expected["max_drawdown_peak"]));
        assert_eq!(deepest.trough_date, date(&expected["max_drawdown_trough"]));
        assert_eq!(deepest.recovery_date, date(&expected["max_drawdown_recovery"]));
        let table = expected["drawdowns_top5"].as_array().unwrap();
        assert_eq!(found.len(), table.len());
        for (found, expected) in found.iter().zip(table) {
            assert_eq!(found.peak_date, date(&expected["peak"]));
            assert_eq!(found.trough_date, date(&expected["trough"]));
            assert_eq!(found.recovery_date, date(&expected["recovery"]));
            assert_eq!(found.length as u64, expected["length_days"].as_u64().unwrap());
            agree(&case, "depth", found.depth, &expected["depth"]);
        }
    }
}

#[test]
fn rolling_figures_agree() {
    let all = dates(&closes("prices"));
    for (case, returns) in performance_cases() {
        let expected = &case["expected"]["rolling"];
        let found = analysis(&returns, 0.0).rolling.unwrap();
        assert_eq!(found.window as u64, expected["window"].as_u64().unwrap());
        assert_eq!(found.sharpe.len() as u64, expected["count"].as_u64().unwrap());
        assert_eq!(Some(all[found.window]), date(&expected["first_date"]));
        let sharpe: Vec<f64> = found.sharpe.iter().map(|ratio| ratio.unwrap()).collect();
        let beta: Vec<f64> = found.beta.unwrap().iter().map(|beta| beta.unwrap()).collect();
        for (key, series) in
            [("sharpe_sample", &sharpe), ("vol_sample", &found.volatility), ("beta_sample", &beta)]
        {
            for (day, value) in expected[key].as_object().unwrap() {
                let index = all.iter().position(|date| *date == day.parse().unwrap()).unwrap();
                agree(&case, key, series[index - found.window], value);
            }
        }
        let mean = sharpe.iter().sum::<f64>() / sharpe.len() as f64;
        agree(&case, "sharpe_mean", mean, &expected["sharpe_mean"]);
        agree(&case, "sharpe_min", sharpe.iter().copied().fold(f64::MAX, f64::min), &expected["sharpe_min"]);
        agree(&case, "sharpe_max", sharpe.iter().copied().fold(f64::MIN, f64::max), &expected["sharpe_max"]);
    }
}

#[test]
fn calendar_returns_agree() {
    for (case, returns) in performance_cases() {
        let found = analysis(&returns, 0.0);
        let table = |key: &str| -> Map<String, Value> { case["expected"][key].as_object().unwrap().clone() };
        let (months, years) = (table("monthly_returns"), table("yearly_returns"));
        let (found_months, found_years) = (found.monthly_returns.unwrap(), found.yearly_returns.unwrap());
        assert_eq!((found_months.len(), found_years.len()), (months.len(), years.len()));
        for month in found_months {
            let key = format!("{}-{:02}", month.year, month.month);
            agree(&case, &key, month.value, &months[&key]);
        }
        for year in found_years {
            let key = year.year.to_string();
            agree(&case, &key, year.value, &years[&key]);
        }
    }
}

#[test]
fn attribution_agrees() {
    let cases = oracle("performance");
    let case = cases.iter().find(|case| case["id"] == "attribution/brinson_fachler").unwrap();
    let closes = closes("prices");
    let (first, last) = (closes.rows.first().unwrap(), closes.rows.last().unwrap());
    let returns: Vec<f64> = first.iter().zip(last).map(|(first, last)| last / first - 1.0).collect();
    let weights = |side: &str| {
        let weight = |name: &String| number(&case["inputs"][side][name]);
        Weights::new(closes.names.iter().map(weight).collect()).unwrap()
    };
    let sectors = case["inputs"]["sectors"].as_object().unwrap();
    let group = |name: &String| {
        sectors
            .values()
            .position(|members| members.as_array().unwrap().iter().any(|own| own == name))
            .unwrap()
    };
    let groups: Vec<usize> = closes.names.iter().map(group).collect();
    let found = brinson_fachler(&weights("portfolio"), &weights("benchmark"), &returns, &groups).unwrap();
    let expected = &case["expected"];
    agree(case, "active_return", found.active_return, &expected["active_return"]);
    for (name, effects) in sectors.keys().zip(&found.groups) {
        let expected = &expected["sectors"][name];
        for (key, found) in [
            ("wp", effects.portfolio_weight),
            ("wb", effects.benchmark_weight),
            ("rp", effects.portfolio_return.unwrap()),
            ("rb", effects.benchmark_return.unwrap()),
            ("allocation", effects.allocation),
            ("selection", effects.selection),
            ("interaction", effects.interaction),
        ] {
            agree(case, key, found, &expected[key]);
        }
    }
    assert_eq!(found.groups.len(), 5);
}
