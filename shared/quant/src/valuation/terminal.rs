use super::projection::{Discounted, Discounting, OperatingYear};

/// A terminal value and what it is worth today.
#[derive(Clone, Copy)]
pub(super) struct Terminal {
    pub(super) value: f64,
    pub(super) factor: f64,
    pub(super) present_value: f64,
}

/// The value of a perpetuity whose payment is `flow (1 + growth)` a year from now: `F (1 + g) / (WACC - g)`.
///
/// By the mid-year convention its payments, too, come half a year early, so that it is discounted like the last cash flow.
#[inline]
pub(super) fn gordon(last: &OperatingYear, discounted: Discounted, wacc: f64, growth: f64) -> Terminal {
    let value = last.free_cash_flow * (1.0 + growth) / (wacc - growth);
    Terminal { value, factor: discounted.last_factor, present_value: value * discounted.last_factor }
}

/// The price that the company has at the end of the last explicit year, by the mid-year convention too.
#[inline]
pub(super) fn exit(
    last: &OperatingYear,
    discounted: Discounted,
    discounting: Discounting,
    multiple: f64,
) -> Terminal {
    let (value, factor) = (multiple * last.ebitda, discounting.end_of_year(discounted.last_factor));
    Terminal { value, factor, present_value: value * factor }
}

/// The perpetual growth that a terminal value implies: `(TV · WACC - F) / (TV + F)`, for a value at the time of the last
/// cash flow. None where there is no such growth above -100 % and below the WACC.
pub(super) fn implied_growth(value: f64, flow: f64, wacc: f64) -> Option<f64> {
    let growth = (value * wacc - flow) / (value + flow);
    (growth > -1.0 && growth < wacc).then_some(growth)
}
