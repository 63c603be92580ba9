//! The company that is simulated and measured.

use quant::valuation::{Assumptions, Claims, MarginBasis, OptionTranche, TerminalMethod, YearAssumptions};

/// A company that grows as told.
pub fn assumptions(growth: impl IntoIterator<Item = f64>) -> Assumptions {
    let year = |growth| YearAssumptions {
        growth,
        margin: 0.18,
        tax_rate: 0.25,
        depreciation: 0.04,
        capital_expenditure: 0.05,
        working_capital: 0.1,
    };
    Assumptions {
        revenue: 1000.0,
        margin_basis: MarginBasis::Ebit,
        years: growth.into_iter().map(year).collect(),
        wacc: 0.09,
        terminal_growth: 0.025,
        exit_multiple: Some(11.0),
        terminal_method: TerminalMethod::Gordon,
        mid_year: true,
        claims: Claims {
            debt: 350.0,
            shares: 120.0,
            options: vec![OptionTranche { count: 5.0, strike: 12.0 }],
            ..Claims::default()
        },
        price: Some(18.0),
    }
}
