use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Assumptions, TerminalMethod,
    bridge::equity_at,
    projection::{Discounted, Discounting, OperatingYear, discount, project},
    terminal::{exit, gordon, implied_growth},
};
use crate::root::on_grid;

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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ImpliedGrowth {
    /// What the search found.
    pub outcome: RootOutcome,
    /// The growth a year, as a fraction; null unless there is exactly one.
    pub annual: Option<f64>,
    /// All that were found from -90 % to 200 %, ascending.
    pub candidates: Vec<f64>,
}

/// What a search for a rate found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RootOutcome {
    /// One rate.
    Unique,
    /// Several rates, none of which is the answer.
    Ambiguous,
    /// No rate.
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
    let discounting = Discounting::new(assumptions.wacc, assumptions.mid_year);
    let excess = |growth: f64| {
        let mut changed = assumptions.clone();
        changed.years.iter_mut().for_each(|year| year.growth = growth);
        let flows = project(&changed);
        let last = flows.last().copied().unwrap_or_default();
        let discounted = discount(discounting, flows.iter().map(|flow| flow.free_cash_flow));
        let terminal = match (assumptions.terminal_method, assumptions.exit_multiple) {
            (TerminalMethod::ExitMultiple, Some(multiple)) => exit(&last, discounted, discounting, multiple),
            _ => gordon(&last, discounted, assumptions.wacc, assumptions.terminal_growth),
        };
        discounted.present_value + terminal.present_value - wanted
    };
    let candidates = on_grid(excess, (-90..=200).map(|percent| f64::from(percent) / 100.0));
    let outcome = match candidates.len() {
        0 => RootOutcome::None,
        1 => RootOutcome::Unique,
        _ => RootOutcome::Ambiguous,
    };
    ImpliedGrowth { outcome, annual: (outcome == RootOutcome::Unique).then(|| candidates[0]), candidates }
}
