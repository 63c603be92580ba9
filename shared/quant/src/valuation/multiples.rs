use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Year;

/// What the enterprise value is a multiple of; null where the figure below the line is not positive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImpliedMultiples)]
pub struct Multiples {
    /// Of the revenue of year 0.
    pub ev_to_revenue: Option<f64>,
    /// Of the revenue of year 1.
    pub ev_to_forward_revenue: Option<f64>,
    /// Of the EBITDA of year 1.
    pub ev_to_forward_ebitda: Option<f64>,
    /// Of the EBIT of year 1.
    pub ev_to_forward_ebit: Option<f64>,
    /// Of the NOPAT of year 1.
    pub ev_to_forward_nopat: Option<f64>,
    /// The free cash flow of year 1 over the enterprise value; null for one that is not positive.
    pub forward_free_cash_flow_yield: Option<f64>,
}

pub(super) fn multiples(enterprise_value: f64, revenue: f64, first: &Year) -> Multiples {
    let ratio = |above: f64, below: f64| (below > 0.0).then(|| above / below);
    Multiples {
        ev_to_revenue: ratio(enterprise_value, revenue),
        ev_to_forward_revenue: ratio(enterprise_value, first.revenue),
        ev_to_forward_ebitda: ratio(enterprise_value, first.ebitda),
        ev_to_forward_ebit: ratio(enterprise_value, first.ebit),
        ev_to_forward_nopat: ratio(enterprise_value, first.nopat),
        forward_free_cash_flow_yield: ratio(first.free_cash_flow, enterprise_value),
    }
}
