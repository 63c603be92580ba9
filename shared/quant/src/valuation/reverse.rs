use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Assumptions, TerminalMethod,
    bridge::equity_at,
    projection::{Discounted, Discounting, OperatingYear, discount, project},
    terminal::{exit, gordon, implied_growth},
};
use crate::root::on_grid;

/// How far from a rate its neighbours are that tell whether the value rises with growth.
const SLOPE_STEP: f64 = 1e-6;

/// What the price of a share implies, one assumption at a time, all else being as assumed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReverseDcf)]
pub struct Reverse {
    /// The price.
    pub price: f64,
    /// What the shareholders' part is worth at the price, options by the treasury-stock method.
    pub equity_value: f64,
    /// What the business is worth at the price.
    pub enterprise_value: f64,
    /// One growth of revenue for all explicit years, with the chosen terminal method.
    pub growth: ImpliedGrowth,
    /// The perpetuity's growth after the explicit years; null where no growth above -100 % and below the WACC gives the price.
    pub terminal_growth: Option<f64>,
    /// The exit multiple after the explicit years; null where the last year's EBITDA is not positive.
    pub exit_multiple: Option<f64>,
}

/// The growth of revenue in all explicit years that gives the price.
///
/// Growth binds working capital, so that more of it is worth more up to a point, and less beyond: a price has one growth on
/// either side, of which one is absurd. The answer is on the side of the run's own mean growth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImpliedGrowth {
    /// What the search found.
    pub outcome: RootOutcome,
    /// The growth a year, as a fraction, where the value moves with growth as it does at the run's own mean growth (for most
    /// companies: rises); null unless there is exactly one.
    pub annual: Option<f64>,
    /// All rates from -90 % to 200 % that give the price, ascending, those where the value moves the other way included.
    pub candidates: Vec<f64>,
}

/// What a search for a rate found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RootOutcome {
    /// One rate where the value moves with growth as it does in the run.
    Unique,
    /// Several such rates, none of which is the answer.
    Ambiguous,
    /// No such rate.
    None,
}

pub(super) fn reverse(
    assumptions: &Assumptions,
    last: &OperatingYear,
    discounted: Discounted,
    price: f64,
) -> Reverse {
    let claims = &assumptions.claims;
    let equity_value = equity_at(price, claims);
    let enterprise_value = equity_value + claims.debt - claims.cash + claims.minority_interest;
    let terminal = enterprise_value - discounted.present_value;
    let discounting = Discounting::new(assumptions.wacc, assumptions.mid_year);
    let at_end = terminal / discounting.end_of_year(discounted.last_factor);
    Reverse {
        price,
        equity_value,
        enterprise_value,
        growth: growth(assumptions, enterprise_value),
        terminal_growth: implied_growth(
            terminal / discounted.last_factor,
            last.free_cash_flow,
            assumptions.wacc,
        ),
        exit_multiple: (last.ebitda > 0.0).then(|| at_end / last.ebitda),
    }
}

/// Looks for changes of sign of the enterprise value less the one wanted, over growth rates a percentage point apart, and
/// narrows each down.
fn growth(assumptions: &Assumptions, wanted: f64) -> ImpliedGrowth {
    let excess = |growth: f64| enterprise_value(assumptions, growth) - wanted;
    let rises = |growth: f64| excess(growth + SLOPE_STEP) > excess(growth - SLOPE_STEP);
    let candidates = on_grid(excess, (-90..=200).map(|percent| f64::from(percent) / 100.0));
    let in_run = rises(mean_growth(assumptions));
    let mut alike = candidates.iter().copied().filter(|&growth| rises(growth) == in_run);
    let (outcome, annual) = match (alike.next(), alike.next()) {
        (None, _) => (RootOutcome::None, None),
        (Some(growth), None) => (RootOutcome::Unique, Some(growth)),
        (Some(_), Some(_)) => (RootOutcome::Ambiguous, None),
    };
    ImpliedGrowth { outcome, annual, candidates }
}

/// What the business is worth, by the chosen terminal method, when all explicit years grow alike.
fn enterprise_value(assumptions: &Assumptions, growth: f64) -> f64 {
    let discounting = Discounting::new(assumptions.wacc, assumptions.mid_year);
    let mut changed = assumptions.clone();
    changed.years.iter_mut().for_each(|year| year.growth = growth);
    let flows = project(&changed);
    let last = flows.last().copied().unwrap_or_default();
    let discounted = discount(discounting, flows.iter().map(|flow| flow.free_cash_flow));
    let terminal = match (assumptions.terminal_method, assumptions.exit_multiple) {
        (TerminalMethod::ExitMultiple, Some(multiple)) => exit(&last, discounted, discounting, multiple),
        _ => gordon(&last, discounted, assumptions.wacc, assumptions.terminal_growth),
    };
    discounted.present_value + terminal.present_value
}

/// The one growth a year that leads to the last explicit year's revenue.
fn mean_growth(assumptions: &Assumptions) -> f64 {
    let logarithms = assumptions.years.iter().map(|year| libm::log1p(year.growth));
    libm::expm1(logarithms.sum::<f64>() / assumptions.years.len() as f64)
}
