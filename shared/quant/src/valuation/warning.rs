use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Assumptions, ExitMultiple, Gordon, TerminalMethod, Year, YearAssumptions};

/// A part of revenue from which on it is most likely a percentage that was meant.
const IMPLAUSIBLE: f64 = 0.9;

/// What should be looked at before the figures are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DcfWarning)]
pub enum Warning {
    /// The last explicit year's free cash flow is not positive, so that a perpetuity of it has no sensible value.
    TerminalCashFlowNotPositive,
    /// The terminal value is more than 85 % of the enterprise value.
    TerminalValueDominates,
    /// The last explicit year still grows by more than 2 percentage points above the perpetuity.
    GrowthDropsAfterLastYear,
    /// The perpetuity grows while capital expenditure is below depreciation.
    GrowthWithoutInvestment,
    /// Debt and minority interests are worth more than the enterprise value and cash.
    EquityNotPositive,
    /// Revenue doubles in a year, or grows by more: a growth of 2 means 200 %.
    GrowthImplausible,
    /// A margin, or EBITDA over revenue, is 90 % or more: a margin of 1 means 100 %.
    MarginImplausible,
    /// Depreciation or capital expenditure is 90 % of revenue or more: a ratio of 1 means 100 %. Both at 1 cancel each other.
    RatioImplausible,
}

pub(super) fn warnings(
    assumptions: &Assumptions,
    years: &[Year],
    gordon: &Gordon,
    exit: Option<&ExitMultiple>,
    equity: f64,
) -> Vec<Warning> {
    let share = match (assumptions.terminal_method, exit) {
        (TerminalMethod::ExitMultiple, Some(exit)) => exit.share_of_enterprise_value,
        _ => gordon.share_of_enterprise_value,
    };
    let growth = assumptions.terminal_growth;
    let last = |holds: &dyn Fn(&Year) -> bool| years.last().is_some_and(holds);
    let some = |holds: &dyn Fn(&YearAssumptions) -> bool| assumptions.years.iter().any(holds);
    let ebitda = years.iter().any(|year| year.ebitda >= IMPLAUSIBLE * year.revenue);
    [
        (last(&|year| year.free_cash_flow <= 0.0), Warning::TerminalCashFlowNotPositive),
        (share.is_some_and(|share| share > 0.85), Warning::TerminalValueDominates),
        (last(&|year| year.growth > growth + 0.02), Warning::GrowthDropsAfterLastYear),
        (
            growth > 0.0 && last(&|year| year.capital_expenditure < year.depreciation),
            Warning::GrowthWithoutInvestment,
        ),
        (equity <= 0.0, Warning::EquityNotPositive),
        (some(&|year| year.growth >= 1.0), Warning::GrowthImplausible),
        (ebitda || some(&|year| year.margin >= IMPLAUSIBLE), Warning::MarginImplausible),
        (
            some(&|year| year.depreciation.max(year.capital_expenditure) >= IMPLAUSIBLE),
            Warning::RatioImplausible,
        ),
    ]
    .into_iter()
    .filter_map(|(applies, warning)| applies.then_some(warning))
    .collect()
}
