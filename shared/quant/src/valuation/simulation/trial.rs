use std::cmp::Ordering;

use crate::valuation::{
    Assumptions, TerminalMethod, YearAssumptions,
    bridge::{equity, per_share},
    projection::{Discounted, Discounting, OperatingYear},
    terminal::{exit, gordon},
};

/// The least that the WACC of a perpetuity must be above its growth: a percentage point.
pub(super) const LEAST_SPREAD: f64 = 0.01;
/// What a difference of rates may be off, so that 0.03 - 0.02 counts as 0.01.
const ROUNDING: f64 = 1e-12;

/// Why a trial is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoValue {
    Wacc,
    NearGrowth,
    Growth,
    Multiple,
    Overflow,
}

/// The value a share where growth, margin, WACC and exit multiple are as drawn.
#[inline]
pub(super) fn value(
    assumptions: &Assumptions,
    [growth, margin, wacc, multiple]: [f64; 4],
) -> Result<f64, NoValue> {
    let gordons = assumptions.terminal_method == TerminalMethod::Gordon;
    // No `<=` here and below: what is no number has no value either.
    if !(wacc > 0.0 && (!gordons || wacc > assumptions.terminal_growth)) {
        return Err(NoValue::Wacc);
    }
    if gordons && wacc - assumptions.terminal_growth < LEAST_SPREAD - ROUNDING {
        return Err(NoValue::NearGrowth);
    }
    if !(gordons || multiple > 0.0) {
        return Err(NoValue::Multiple);
    }
    let first = &assumptions.years[0];
    let (more_growth, more_margin) = (growth - first.growth, margin - first.margin);
    let discounting = Discounting::new(wacc, assumptions.mid_year);
    let mut discounted = Discounted { present_value: 0.0, last_factor: 1.0 };
    let (mut flow, mut factor, mut revenue) =
        (OperatingYear::default(), discounting.first, assumptions.revenue);
    for year in &assumptions.years {
        let growth = year.growth + more_growth;
        if !matches!(growth.partial_cmp(&-1.0), Some(Ordering::Greater)) {
            return Err(NoValue::Growth);
        }
        let year = YearAssumptions { growth, margin: year.margin + more_margin, ..*year };
        flow = OperatingYear::after(revenue, assumptions.margin_basis, &year);
        revenue = flow.revenue;
        discounted.present_value += flow.free_cash_flow * factor;
        discounted.last_factor = factor;
        factor = discounting.next(factor);
    }
    let terminal = if gordons {
        gordon(&flow, discounted, wacc, assumptions.terminal_growth)
    } else {
        exit(&flow, discounted, discounting, multiple)
    };
    let enterprise_value = discounted.present_value + terminal.present_value;
    if !enterprise_value.is_finite() {
        return Err(NoValue::Overflow);
    }
    let value = per_share(equity(enterprise_value, &assumptions.claims), &assumptions.claims);
    if value.is_finite() { Ok(value) } else { Err(NoValue::Overflow) }
}
