//! What must hold for the analysis of any history.

use jiff::{ToSpan, civil::date};
use proptest::prelude::*;
use quant::{
    QuantError, Weights,
    performance::{
        History, Settings, Valuation, analyse, brinson_fachler, drawdowns, money_weighted_return,
        monthly_returns, time_weighted_return, yearly_returns,
    },
};

fn history() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-0.3f64..0.3, 2..200)
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn months_and_years_compound_to_the_whole(returns in history(), step in 1i64..40) {
        let start = date(2001, 5, 17);
        let dates: Vec<_> = (0i64..).take(returns.len() + 1).map(|i| start + (i * step).days()).collect();
        let history = History { returns: &returns, benchmark: None, dates: Some(&dates) };
        let total = analyse(history, Settings::default()).unwrap().figures.cumulative_return;
        let months = monthly_returns(&returns, &dates).unwrap();
        let years = yearly_returns(&returns, &dates).unwrap();
        prop_assert!(close(months.iter().map(|month| 1.0 + month.value).product::<f64>() - 1.0, total));
        prop_assert!(close(years.iter().map(|year| 1.0 + year.value).product::<f64>() - 1.0, total));
        prop_assert!(months.len() >= years.len());
    }

    #[test]
    fn drawdowns_lie_apart_and_within_bounds(returns in history()) {
        let mut found = drawdowns(&returns).unwrap();
        prop_assert!(found.windows(2).all(|pair| pair[0].depth <= pair[1].depth));
        found.sort_by_key(|drawdown| drawdown.peak);
        for drawdown in &found {
            prop_assert!(drawdown.depth < 0.0 && drawdown.depth > -1.0);
            prop_assert!(drawdown.peak < drawdown.trough && drawdown.trough <= returns.len());
            prop_assert!(drawdown.recovery.is_none_or(|end| end > drawdown.trough && end - drawdown.peak == drawdown.length));
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].recovery.is_some_and(|end| end <= pair[1].peak)));
    }

    #[test]
    fn ratios_keep_under_leverage_of_the_numbers(returns in history(), scale in 0.1f64..3.0) {
        let scaled: Vec<f64> = returns.iter().map(|r| scale * r).collect();
        prop_assume!(scaled.iter().all(|&r| r > -1.0));
        let plain = analyse(History { returns: &returns, benchmark: Some(&returns), dates: None }, Settings::default()).unwrap();
        let scaled = analyse(History { returns: &scaled, benchmark: Some(&returns), dates: None }, Settings::default()).unwrap();
        for (a, b) in [(plain.ratios.sharpe, scaled.ratios.sharpe), (plain.ratios.omega, scaled.ratios.omega)] {
            prop_assert!(a.zip(b).is_none_or(|(a, b)| close(a, b)));
        }
        prop_assert!(close(scale * plain.figures.annual_volatility, scaled.figures.annual_volatility));
        prop_assert!(scaled.benchmark.unwrap().beta.is_none_or(|beta| close(beta, scale)));
        prop_assert!(plain.benchmark.unwrap().beta.is_none_or(|beta| close(beta, 1.0)));
    }

    #[test]
    fn attribution_adds_up(
        ours in prop::collection::vec(0.0f64..1.0, 8),
        theirs in prop::collection::vec(0.0f64..1.0, 8),
        returns in prop::collection::vec(-0.9f64..2.0, 8),
        groups in prop::collection::vec(0usize..4, 8),
    ) {
        let weights = |raw: &[f64]| {
            let sum: f64 = raw.iter().sum();
            Weights::new(raw.iter().map(|value| value / sum).collect()).unwrap()
        };
        let result = brinson_fachler(&weights(&ours), &weights(&theirs), &returns, &groups).unwrap();
        let sum: f64 = result.groups.iter().map(|g| g.allocation + g.selection + g.interaction).sum();
        prop_assert!(close(sum, result.active_return));
    }

    #[test]
    fn the_money_weighted_rate_explains_the_final_value(
        flows in prop::collection::vec(0.0f64..1000.0, 1..30),
        growth in prop::collection::vec(-0.2f64..0.25, 30),
    ) {
        let start = date(2010, 1, 1);
        let mut worth = 500.0;
        let mut valuations = vec![Valuation { date: start, value: worth, flow: 0.0 }];
        for ((month, flow), growth) in (1i64..).zip(&flows).zip(&growth) {
            worth *= 1.0 + growth;
            valuations.push(Valuation { date: start + (31 * month).days(), value: worth, flow: *flow });
            worth += flow;
        }
        let result = money_weighted_return(&valuations).unwrap();
        let rate = result.annual.unwrap();
        let last = valuations.last().unwrap();
        let years = |valuation: &Valuation| f64::from((last.date - valuation.date).get_days()) / 365.0;
        let carried: f64 = valuations[..valuations.len() - 1].iter().enumerate().map(|(i, valuation)| {
            let amount = if i == 0 { valuation.value } else { valuation.flow };
            amount * (1.0 + rate).powf(years(valuation))
        }).sum();
        prop_assert!(close(carried, last.value));
        let time = time_weighted_return(&valuations).unwrap();
        let compounded: f64 = growth[..flows.len()].iter().map(|g| 1.0 + g).product();
        prop_assert!(close(time.cumulative, compounded - 1.0));
    }
}

#[test]
fn a_constant_history_has_figures_but_no_ratios() {
    let history = History { returns: &[0.01; 40], benchmark: Some(&[0.0; 40]), dates: None };
    let result = analyse(history, Settings { rolling_window: Some(10), ..Settings::default() }).unwrap();
    assert!(result.figures.annual_volatility.abs() < f64::MIN_POSITIVE && result.drawdowns.is_empty());
    assert_eq!((result.ratios.sharpe, result.ratios.calmar, result.ratios.sortino), (None, None, None));
    assert_eq!((result.benchmark.unwrap().beta, result.monthly_returns), (None, None));
    assert!(result.rolling.unwrap().sharpe.iter().all(Option::is_none));
}

#[test]
fn the_answer_survives_json() {
    let history = History { returns: &[0.01, -0.02, 0.03], benchmark: None, dates: None };
    let result = analyse(history, Settings::default()).unwrap();
    let text = serde_json::to_string(&result).unwrap();
    let back: quant::performance::Performance = serde_json::from_str(&text).unwrap();
    assert_eq!((back.drawdowns.len(), back.ratios.excess_kurtosis), (result.drawdowns.len(), None));
    assert!((back.figures.cumulative_return - result.figures.cumulative_return).abs() < 1e-15);
}

#[test]
fn bad_input_is_refused() {
    let settings = Settings::default();
    let of = |returns: &[f64]| analyse(History { returns, benchmark: None, dates: None }, settings);
    assert!(matches!(of(&[]), Err(QuantError::Empty { .. })));
    assert!(matches!(of(&[0.1]), Err(QuantError::TooFewRows { rows: 1, minimum: 2 })));
    assert!(matches!(of(&[0.1, f64::NAN]), Err(QuantError::NotFinite { .. })));
    assert!(matches!(of(&[0.1, -1.5]), Err(QuantError::TotalLoss { row: 1, .. })));
    let short = History { returns: &[0.1, 0.2], benchmark: Some(&[0.1]), dates: None };
    assert!(matches!(analyse(short, settings), Err(QuantError::LengthMismatch { .. })));
    let one = [date(2024, 1, 1)];
    let dated = History { returns: &[0.1, 0.2], benchmark: None, dates: Some(&one) };
    assert!(matches!(analyse(dated, settings), Err(QuantError::DatesMismatch { found: 1, expected: 3 })));
    let history = History { returns: &[0.1, 0.2], benchmark: None, dates: None };
    for settings in [
        Settings { periods_per_year: 0.0, ..settings },
        Settings { risk_free_rate: f64::NAN, ..settings },
        Settings { rolling_window: Some(9), ..settings },
        Settings { confidence_level: 1.0, ..settings },
    ] {
        assert!(matches!(analyse(history, settings), Err(QuantError::OutOfRange { .. })));
    }
}
