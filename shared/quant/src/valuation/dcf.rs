use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Assumptions, Axes, Bridge, Multiples, Reverse, Sensitivity, TerminalMethod, Year,
    bridge::bridge,
    check::check,
    multiples::multiples,
    projection::{Discounted, Discounting, OperatingYear, discount, project, years},
    reverse::reverse,
    sensitivity::sensitivity,
    terminal::{Terminal, exit, gordon, implied_growth},
    warning::{Warning, warnings},
};
use crate::QuantError;

/// A valuation by discounted cash flows, with all its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Dcf {
    /// What cash flows are discounted with.
    pub wacc: f64,
    /// The explicit years.
    pub years: Vec<Year>,
    /// What the explicit years' cash flows are worth today.
    pub present_value_of_cash_flows: f64,
    /// With a growing perpetuity after the explicit years.
    pub gordon: Gordon,
    /// With a multiple of the last year's EBITDA; null when no multiple is assumed.
    pub exit_multiple: Option<ExitMultiple>,
    /// Which of the two the figures below are of.
    pub terminal_method: TerminalMethod,
    /// What the business is worth.
    pub enterprise_value: f64,
    /// What the shareholders' part is worth.
    pub equity_value: f64,
    /// What a share is worth.
    pub value_per_share: f64,
    /// The value a share over the price, less 1; null without a price.
    pub upside: Option<f64>,
    /// What the enterprise value is a multiple of.
    pub multiples: Multiples,
    /// The value for other costs of capital, growth rates and multiples.
    pub sensitivity: Sensitivity,
    /// What the price implies; null without a price.
    pub reverse: Option<Reverse>,
    /// What should be looked at before the figures are used.
    pub warnings: Vec<Warning>,
}

/// A valuation with a growing perpetuity after the explicit years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = GordonValue)]
pub struct Gordon {
    /// The perpetuity's growth.
    pub growth: f64,
    /// `F_N (1 + g) / (WACC - g)`.
    pub terminal_value: f64,
    /// What one unit of it is worth today: it is discounted like the last cash flow.
    pub discount_factor: f64,
    /// What it is worth today.
    pub present_value: f64,
    /// Its share of the enterprise value, as a fraction; null for an enterprise value of 0.
    pub share_of_enterprise_value: Option<f64>,
    /// The terminal value over the last year's EBITDA; null where that is not positive. By the mid-year convention, that is a
    /// multiple half a year before the end of the last year.
    pub implied_exit_multiple: Option<f64>,
    /// The exit multiple that gives the same enterprise value: that at the end of the last year; null where the last year's
    /// EBITDA is not positive.
    pub implied_exit_multiple_end_year: Option<f64>,
    /// From the enterprise value to a share.
    pub bridge: Bridge,
}

/// A valuation with a multiple of the last explicit year's EBITDA.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = ExitMultipleValue)]
pub struct ExitMultiple {
    /// The multiple.
    pub multiple: f64,
    /// The multiple times the last year's EBITDA.
    pub terminal_value: f64,
    /// What one unit of it is worth today: it comes at the end of the last year, by the mid-year convention too.
    pub discount_factor: f64,
    /// What it is worth today.
    pub present_value: f64,
    /// Its share of the enterprise value, as a fraction; null for an enterprise value of 0.
    pub share_of_enterprise_value: Option<f64>,
    /// The growth of a perpetuity of the same value whose payments come at the ends of years; null where there is none.
    pub implied_growth_end_year: Option<f64>,
    /// The growth of a perpetuity of the same value by the convention that is used; null where there is none.
    pub implied_growth: Option<f64>,
    /// From the enterprise value to a share.
    pub bridge: Bridge,
}

/// Values a company.
///
/// Free cash flow to the firm, `NOPAT + D&A - capital expenditure - change of working capital`, discounted with the WACC
/// (Koller, Goedhart & Wessels 2020); both terminal values; the bridge from the enterprise value to a share.
///
/// # Errors
/// `OutOfRange`, `GrowthNotBelowWacc`, `Empty` for the exit method without a multiple, `Overflow`. [`super::faults`] names all
/// of them at once.
pub fn value(assumptions: &Assumptions, axes: &Axes) -> Result<Dcf, QuantError> {
    check(assumptions)?;
    axes.check()?;
    let flows = project(assumptions);
    let discounting = Discounting::new(assumptions.wacc, assumptions.mid_year);
    let discounted = discount(discounting, flows.iter().map(|flow| flow.free_cash_flow));
    let years = years(assumptions, &flows);
    let (Some(first), Some(last_flow)) = (years.first(), flows.last()) else {
        return Err(QuantError::Empty { what: "years" });
    };
    let gordon = gordon_value(assumptions, last_flow, discounted, discounting);
    let exit = assumptions.exit_multiple.map(|multiple| {
        exit_value(assumptions, last_flow, discounted, exit(last_flow, discounted, discounting, multiple))
    });
    let chosen = match (assumptions.terminal_method, &exit) {
        (TerminalMethod::ExitMultiple, Some(exit)) => &exit.bridge,
        _ => &gordon.bridge,
    };
    let figures = (chosen.enterprise_value, chosen.equity_value, chosen.value_per_share);
    let dcf = Dcf {
        wacc: assumptions.wacc,
        present_value_of_cash_flows: discounted.present_value,
        terminal_method: assumptions.terminal_method,
        enterprise_value: figures.0,
        equity_value: figures.1,
        value_per_share: figures.2,
        upside: assumptions.price.map(|price| figures.2 / price - 1.0),
        multiples: multiples(figures.0, assumptions.revenue, first),
        sensitivity: sensitivity(assumptions, &flows, axes),
        reverse: assumptions.price.map(|price| reverse(assumptions, last_flow, discounted, price)),
        warnings: warnings(assumptions, &years, &gordon, exit.as_ref(), figures.1),
        gordon,
        exit_multiple: exit,
        years,
    };
    let finite =
        [dcf.enterprise_value, dcf.equity_value, dcf.value_per_share, dcf.gordon.bridge.value_per_share];
    if finite.iter().all(|figure| figure.is_finite()) {
        Ok(dcf)
    } else {
        Err(QuantError::Overflow { what: "the value" })
    }
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole != 0.0).then(|| part / whole)
}

fn gordon_value(
    assumptions: &Assumptions,
    last: &OperatingYear,
    discounted: Discounted,
    discounting: Discounting,
) -> Gordon {
    let multiple = |value: f64| (last.ebitda > 0.0).then(|| value / last.ebitda);
    let terminal = gordon(last, discounted, assumptions.wacc, assumptions.terminal_growth);
    let bridge = bridge(discounted.present_value + terminal.present_value, &assumptions.claims);
    Gordon {
        growth: assumptions.terminal_growth,
        terminal_value: terminal.value,
        discount_factor: terminal.factor,
        present_value: terminal.present_value,
        share_of_enterprise_value: share(terminal.present_value, bridge.enterprise_value),
        implied_exit_multiple: multiple(terminal.value),
        implied_exit_multiple_end_year: multiple(
            terminal.present_value / discounting.end_of_year(discounted.last_factor),
        ),
        bridge,
    }
}

fn exit_value(
    assumptions: &Assumptions,
    last: &OperatingYear,
    discounted: Discounted,
    terminal: Terminal,
) -> ExitMultiple {
    let bridge = bridge(discounted.present_value + terminal.present_value, &assumptions.claims);
    let growth = |value| implied_growth(value, last.free_cash_flow, assumptions.wacc);
    ExitMultiple {
        multiple: assumptions.exit_multiple.unwrap_or_default(),
        terminal_value: terminal.value,
        discount_factor: terminal.factor,
        present_value: terminal.present_value,
        share_of_enterprise_value: share(terminal.present_value, bridge.enterprise_value),
        implied_growth_end_year: growth(terminal.value),
        implied_growth: growth(terminal.present_value / discounted.last_factor),
        bridge,
    }
}
