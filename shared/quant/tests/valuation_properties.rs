//! What must hold for any valuation.

use proptest::prelude::*;
use quant::{
    QuantError,
    valuation::{
        Assumptions, Axes, Bridge, Claims, Dcf, MarginBasis, OptionTranche, RootOutcome, TerminalMethod,
        Warning, YearAssumptions, faults, value,
    },
};

fn year() -> impl Strategy<Value = YearAssumptions> {
    (-0.1..0.3f64, 0.05..0.4f64, 0.0..0.4f64, 0.0..0.08f64, 0.0..0.08f64, 0.0..0.2f64).prop_map(
        |(growth, margin, tax_rate, depreciation, capital_expenditure, working_capital)| YearAssumptions {
            growth,
            margin,
            tax_rate,
            depreciation,
            capital_expenditure,
            working_capital,
        },
    )
}

fn claims() -> impl Strategy<Value = Claims> {
    let options = prop::collection::vec((0.0..50.0f64, 0.0..60.0f64), 0..6);
    (0.0..2000.0f64, 0.0..2000.0f64, 0.0..200.0f64, 1.0..500.0f64, options).prop_map(
        |(debt, cash, minority_interest, shares, options)| Claims {
            debt,
            cash,
            minority_interest,
            shares,
            options: options.into_iter().map(|(count, strike)| OptionTranche { count, strike }).collect(),
        },
    )
}

fn assumptions() -> impl Strategy<Value = Assumptions> {
    let terminal = (0.05..0.15f64, -0.02..0.04f64, 4.0..20.0f64, any::<bool>(), any::<bool>(), any::<bool>());
    (100.0..1e5f64, prop::collection::vec(year(), 1..=20), terminal, claims()).prop_map(
        |(revenue, years, (wacc, terminal_growth, multiple, mid_year, exit, ebitda), claims)| Assumptions {
            revenue,
            margin_basis: if ebitda { MarginBasis::Ebitda } else { MarginBasis::Ebit },
            years,
            wacc,
            terminal_growth,
            exit_multiple: Some(multiple),
            terminal_method: if exit { TerminalMethod::ExitMultiple } else { TerminalMethod::Gordon },
            mid_year,
            claims,
            price: None,
        },
    )
}

fn run(assumptions: &Assumptions) -> Dcf {
    value(assumptions, &Axes::around(assumptions)).unwrap()
}

fn close(left: f64, right: f64, scale: f64) -> bool {
    (left - right).abs() <= 1e-9 * scale.abs().max(1.0)
}

fn adds_up(bridge: &Bridge) -> bool {
    let scale = bridge.enterprise_value.abs() + bridge.debt + bridge.cash;
    let equity = bridge.enterprise_value - bridge.debt + bridge.cash - bridge.minority_interest;
    let new: f64 = bridge.options.iter().map(|option| option.net_shares).sum();
    let fair = bridge.options.iter().all(|option| {
        option.exercised == (bridge.value_per_share > option.strike)
            && (0.0..=option.count).contains(&option.net_shares)
    });
    close(bridge.equity_value, equity, scale)
        && close(bridge.diluted_shares, bridge.basic_shares + new, bridge.diluted_shares)
        && close(bridge.value_per_share * bridge.diluted_shares, bridge.equity_value, scale)
        && fair
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_bridge_adds_up(assumptions in assumptions()) {
        let dcf = run(&assumptions);
        let exit = dcf.exit_multiple.as_ref().unwrap();
        prop_assert!(adds_up(&dcf.gordon.bridge) && adds_up(&exit.bridge), "{dcf:?}");
        let total: f64 = dcf.years.iter().map(|year| year.present_value).sum();
        prop_assert!(close(total, dcf.present_value_of_cash_flows, total));
        for (bridge, terminal) in [(&dcf.gordon.bridge, dcf.gordon.present_value), (&exit.bridge, exit.present_value)] {
            prop_assert!(close(bridge.enterprise_value, total + terminal, bridge.enterprise_value));
        }
        for year in &dcf.years {
            prop_assert!(close(year.ebitda, year.ebit + year.depreciation, year.ebitda));
            let flow = year.nopat + year.depreciation - year.capital_expenditure - year.working_capital_change;
            prop_assert!(close(year.free_cash_flow, flow, year.revenue));
            let factor = (1.0 + assumptions.wacc).powf(-year.discount_years);
            prop_assert!((year.discount_factor - factor).abs() < 1e-13);
        }
    }

    #[test]
    fn the_middle_of_the_grids_is_the_run(assumptions in assumptions()) {
        let dcf = run(&assumptions);
        let growth = &dcf.sensitivity.wacc_by_growth;
        let multiple = dcf.sensitivity.wacc_by_multiple.as_ref().unwrap();
        let exit = dcf.exit_multiple.as_ref().unwrap();
        for (grid, bridge) in [(growth, &dcf.gordon.bridge), (multiple, &exit.bridge)] {
            prop_assert_eq!(grid.value_per_share[2][2].unwrap().to_bits(), bridge.value_per_share.to_bits());
            prop_assert_eq!(grid.enterprise_value[2][2].unwrap().to_bits(), bridge.enterprise_value.to_bits());
        }
    }

    #[test]
    fn each_cell_of_a_grid_is_a_run_of_its_own(assumptions in assumptions(), row in 0..5usize, column in 0..5usize) {
        let dcf = run(&assumptions);
        let axes = Axes::around(&assumptions);
        let by_growth = Assumptions { wacc: axes.wacc[row], terminal_growth: axes.terminal_growth[column], ..assumptions.clone() };
        let cell = dcf.sensitivity.wacc_by_growth.value_per_share[row][column];
        match value(&by_growth, &axes) {
            Ok(alone) => prop_assert_eq!(cell.unwrap().to_bits(), alone.gordon.bridge.value_per_share.to_bits()),
            Err(error) => prop_assert_eq!((cell, matches!(error, QuantError::GrowthNotBelowWacc { .. })), (None, true)),
        }
        let by_multiple = Assumptions { wacc: axes.wacc[row], exit_multiple: Some(axes.exit_multiple[column]), terminal_growth: -0.1, ..assumptions };
        let alone = value(&by_multiple, &axes).unwrap().exit_multiple.unwrap().bridge.value_per_share;
        let cell = dcf.sensitivity.wacc_by_multiple.unwrap().value_per_share[row][column];
        prop_assert_eq!(cell.unwrap().to_bits(), alone.to_bits());
    }

    #[test]
    fn the_value_falls_with_the_wacc_and_rises_with_growth_and_multiple(assumptions in assumptions()) {
        let mut assumptions = assumptions;
        // Cash flows that are positive, so that more and sooner is better.
        for year in &mut assumptions.years {
            (year.margin, year.tax_rate, year.capital_expenditure) = (year.margin + 0.25, 0.2, 0.01);
            year.working_capital = 0.0;
        }
        let base = run(&assumptions);
        let dearer = run(&Assumptions { wacc: assumptions.wacc + 0.01, ..assumptions.clone() });
        prop_assert!(dearer.enterprise_value < base.enterprise_value);
        let faster = run(&Assumptions { terminal_growth: assumptions.terminal_growth + 0.005, ..assumptions.clone() });
        prop_assert!(faster.gordon.bridge.enterprise_value > base.gordon.bridge.enterprise_value);
        let higher = run(&Assumptions { exit_multiple: assumptions.exit_multiple.map(|multiple| multiple + 1.0), ..assumptions.clone() });
        prop_assert!(higher.exit_multiple.unwrap().bridge.enterprise_value > base.exit_multiple.unwrap().bridge.enterprise_value);
        let indebted = Claims { debt: assumptions.claims.debt + 10.0, ..assumptions.claims.clone() };
        let poorer = run(&Assumptions { claims: indebted, ..assumptions });
        prop_assert!(poorer.value_per_share < base.value_per_share);
    }

    #[test]
    fn what_the_price_implies_gives_the_price(assumptions in assumptions(), share in 0.3..3.0f64) {
        let mut assumptions = assumptions;
        let own = run(&assumptions).value_per_share;
        prop_assume!(own > 0.01);
        let price = own * share;
        assumptions.price = Some(price);
        let dcf = run(&assumptions);
        let reverse = dcf.reverse.unwrap();
        prop_assert!(close(dcf.upside.unwrap(), own / price - 1.0, 1.0));
        for growth in &reverse.growth.candidates {
            let mut implied = assumptions.clone();
            implied.years.iter_mut().for_each(|year| year.growth = *growth);
            let found = run(&implied).value_per_share;
            prop_assert!((found / price - 1.0).abs() < 1e-7, "{} {}", found, price);
        }
        prop_assert_eq!(reverse.growth.annual.is_some(), reverse.growth.outcome == RootOutcome::Unique);
        prop_assert!(reverse.growth.annual.is_none_or(|annual| reverse.growth.candidates.contains(&annual)));
        if let Some(growth) = reverse.terminal_growth.filter(|growth| growth.abs() < 0.2) {
            let implied = Assumptions { terminal_growth: growth, ..assumptions.clone() };
            let found = run(&implied).gordon.bridge.value_per_share;
            prop_assert!((found / price - 1.0).abs() < 1e-6, "{} {}", found, price);
        }
        let multiple = reverse.exit_multiple.unwrap();
        if multiple > 0.0 && multiple < 200.0 {
            let implied = Assumptions { exit_multiple: Some(multiple), ..assumptions };
            let found = run(&implied).exit_multiple.unwrap().bridge.value_per_share;
            prop_assert!((found / price - 1.0).abs() < 1e-7, "{} {}", found, price);
        }
    }

    #[test]
    fn a_run_at_its_own_price_implies_its_own_growth(
        assumptions in assumptions(),
        growth in -0.05..0.3f64,
        (margin, working_capital) in (0.03..0.4f64, -0.1..0.6f64),
    ) {
        let mut assumptions = assumptions;
        for year in &mut assumptions.years {
            (year.growth, year.margin, year.working_capital) = (growth, margin, working_capital);
            (year.depreciation, year.capital_expenditure) = (0.03, 0.03);
        }
        let moved = |by: f64| {
            let mut moved = assumptions.clone();
            moved.years.iter_mut().for_each(|year| year.growth = growth + by);
            run(&moved).enterprise_value
        };
        let (below, own, above) = (moved(-0.015), moved(0.0), moved(0.015));
        // Not where the value is about to turn, as there is no telling which side of it the growth is on.
        prop_assume!((below < own) == (own < above));
        let price = run(&assumptions).value_per_share;
        prop_assume!(price > 0.01);
        assumptions.price = Some(price);
        let implied = run(&assumptions).reverse.unwrap().growth;
        prop_assert!((implied.annual.unwrap() - growth).abs() < 1e-6, "{growth} {implied:?}");
    }

    #[test]
    fn no_figure_is_ever_nan(assumptions in assumptions(), wacc in -1.0..10.0f64, growth in -2.0..2.0f64) {
        let changed = Assumptions { wacc, terminal_growth: growth, price: Some(1.0), ..assumptions };
        match value(&changed, &Axes::around(&changed)) {
            Ok(dcf) => {
                let years = dcf.years.iter().flat_map(|year| [year.free_cash_flow, year.present_value]);
                let figures = [dcf.enterprise_value, dcf.value_per_share, dcf.multiples.ev_to_revenue.unwrap()];
                prop_assert!(years.chain(figures).all(f64::is_finite));
                prop_assert!(faults(&changed).is_empty());
            }
            Err(_) => prop_assert!(!faults(&changed).is_empty()),
        }
    }
}

/// Growth binds working capital, so that the value falls again where growth is absurd.
#[test]
fn an_absurd_second_growth_does_not_hide_the_implied_one() {
    for (margin, working_capital) in [(0.18, 0.2), (0.05, 0.08)] {
        let year = YearAssumptions { growth: 0.06, margin, working_capital, ..ORDINARY };
        let mut ordinary = plain(year);
        let own = run(&ordinary).value_per_share;
        ordinary.price = Some(own);
        let implied = run(&ordinary).reverse.unwrap().growth;
        assert_eq!((implied.outcome, implied.candidates.len()), (RootOutcome::Unique, 2), "{implied:?}");
        assert!((implied.annual.unwrap() - 0.06).abs() < 1e-9 && implied.candidates[1] > 0.3, "{implied:?}");
        // A price that not even a company which only sells off its working capital is worth.
        ordinary.price = Some(own * 0.01);
        let implied = run(&ordinary).reverse.unwrap().growth;
        assert_eq!((implied.outcome, implied.annual), (RootOutcome::None, None), "{implied:?}");
    }
}

fn plain(year: YearAssumptions) -> Assumptions {
    Assumptions {
        revenue: 1000.0,
        margin_basis: MarginBasis::Ebit,
        years: vec![year; 5],
        wacc: 0.09,
        terminal_growth: 0.025,
        exit_multiple: None,
        terminal_method: TerminalMethod::Gordon,
        mid_year: false,
        claims: Claims { shares: 100.0, ..Claims::default() },
        price: None,
    }
}

const ORDINARY: YearAssumptions = YearAssumptions {
    growth: 0.04,
    margin: 0.18,
    tax_rate: 0.25,
    depreciation: 0.04,
    capital_expenditure: 0.05,
    working_capital: 0.1,
};

/// Depreciation and capital expenditure of 1, where 1 % was meant, cancel each other in the cash flow.
#[test]
fn ratios_that_were_meant_in_percent_are_warned_of() {
    let warnings = |year| run(&plain(year)).warnings;
    assert_eq!(warnings(ORDINARY), []);
    let both = YearAssumptions { depreciation: 1.0, capital_expenditure: 1.0, ..ORDINARY };
    assert_eq!(warnings(both), [Warning::MarginImplausible, Warning::RatioImplausible]);
    let hidden = YearAssumptions { depreciation: 0.8, capital_expenditure: 0.8, ..ORDINARY };
    assert_eq!(warnings(hidden), [Warning::MarginImplausible]);
    let before_depreciation = Assumptions { margin_basis: MarginBasis::Ebitda, ..plain(both) };
    assert!(run(&before_depreciation).warnings.contains(&Warning::RatioImplausible));
}

#[test]
fn no_grid_has_a_multiple_of_0_or_less_by_itself() {
    for multiple in [0.01, 1.5, 2.0, 4.0, 11.0] {
        let low = Assumptions { exit_multiple: Some(multiple), ..plain(ORDINARY) };
        let columns = Axes::around(&low).exit_multiple;
        assert!(columns[0] > 0.0 && columns.is_sorted_by(|a, b| a < b), "{columns:?}");
        assert!((columns[2] - multiple).abs() < f64::EPSILON);
    }
    let assumptions = Assumptions { exit_multiple: Some(2.0), ..plain(ORDINARY) };
    let axes = Axes { exit_multiple: vec![-1.0, 0.0, 2.0], ..Axes::around(&assumptions) };
    let grid = value(&assumptions, &axes).unwrap().sensitivity.wacc_by_multiple.unwrap();
    assert!(grid.value_per_share.iter().all(|row| row[0].is_none() && row[1].is_none() && row[2].is_some()));
}

#[test]
fn every_fault_is_told_at_once() {
    let year = YearAssumptions {
        growth: 12.0,
        margin: 18.0,
        tax_rate: 25.0,
        depreciation: 0.04,
        capital_expenditure: -0.1,
        working_capital: f64::NAN,
    };
    let wrong = Assumptions {
        revenue: 0.0,
        margin_basis: MarginBasis::Ebit,
        years: vec![year],
        wacc: 9.0,
        terminal_growth: 2.5,
        exit_multiple: Some(0.0),
        terminal_method: TerminalMethod::Gordon,
        mid_year: false,
        claims: Claims { shares: 0.0, ..Claims::default() },
        price: Some(-1.0),
    };
    let found = faults(&wrong);
    let fields: Vec<&str> = found.iter().map(|fault| fault.field).collect();
    assert_eq!(
        fields,
        [
            "revenue",
            "growth",
            "ebit_margin",
            "tax_rate",
            "capital_expenditure",
            "working_capital",
            "wacc",
            "terminal_growth",
            "exit_multiple",
            "shares",
            "price"
        ]
    );
    let wacc = found.iter().find(|fault| fault.field == "wacc").unwrap().to_string();
    assert_eq!(wacc, "must be a fraction above 0 and at most 0.5 (0.09 means 9 %), but is 9");
}
