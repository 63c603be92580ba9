//! Performance as clients see it.

use domain::{
    currency::Currency,
    ledger::{DailyValue, Flows},
    symbol::Symbol,
};
use jiff::civil::Date;
use quant::performance::{MoneyWeightedReturn, TimeWeightedReturn};
use serde::Serialize;
use utoipa::ToSchema;

use super::returns::Days;

/// What a portfolio has returned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerPerformance)]
pub(super) struct PerformanceView {
    /// The portfolio's currency.
    currency: Currency,
    /// The first day of the window with a value; null without transactions.
    from: Option<Date>,
    /// The last one.
    to: Option<Date>,
    /// What counts as put in and taken out.
    flows: Flows,
    /// What the owner put in within the window.
    #[schema(example = 50000.0)]
    deposited: f64,
    /// What the owner took out within the window.
    #[schema(example = 0.0)]
    withdrawn: f64,
    /// The return of the portfolio, whatever money was in it (GIPS 2020); null where it is not defined.
    time_weighted: Option<TimeWeightedReturn>,
    /// The return of the owner's money, which is the internal rate of return; null where it is not defined.
    money_weighted: Option<MoneyWeightedReturn>,
    /// Why a return is not defined, for example as the portfolio was worth nothing for a while.
    not_defined: Vec<String>,
    /// Instruments that are valued at the price of their last trade, as no close has followed it.
    without_closes: Vec<Symbol>,
    /// What the portfolio was worth, day by day.
    values: Vec<DailyValueView>,
}

/// The end of a day that has a transaction or a close.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DailyValue)]
pub(super) struct DailyValueView {
    /// The day.
    #[schema(example = "2024-01-02")]
    date: Date,
    /// Holdings at their last prices, and cash.
    #[schema(example = 50312.5)]
    value: f64,
    /// What the owner put in on this day.
    #[schema(example = 0.0)]
    deposited: f64,
    /// What the owner took out on this day.
    #[schema(example = 0.0)]
    withdrawn: f64,
}

/// What the values are of.
pub(super) struct Kept {
    pub(super) currency: Currency,
    pub(super) flows: Flows,
    pub(super) without_closes: Vec<Symbol>,
}

impl PerformanceView {
    /// The days from place `from` on.
    pub(super) fn new(kept: Kept, all: &[DailyValue], from: usize) -> Self {
        let Kept { currency, flows, without_closes } = kept;
        let (days, mut not_defined) = (Days::new(all, from), Vec::new());
        let time_weighted = days.time_weighted();
        let money_weighted = days.money_weighted();
        not_defined.extend(time_weighted.as_ref().err().map(|error| format!("time_weighted: {error}")));
        not_defined.extend(money_weighted.as_ref().err().map(|error| format!("money_weighted: {error}")));
        let values = &all[from..];
        Self {
            currency,
            flows,
            from: values.first().map(|day| day.date),
            to: values.last().map(|day| day.date),
            deposited: values.iter().map(|day| day.deposited).sum(),
            withdrawn: values.iter().map(|day| day.withdrawn).sum(),
            time_weighted: time_weighted.ok(),
            money_weighted: money_weighted.ok(),
            not_defined,
            without_closes,
            values: values.iter().map(DailyValueView::from).collect(),
        }
    }
}

impl From<&DailyValue> for DailyValueView {
    fn from(day: &DailyValue) -> Self {
        let DailyValue { date, value, deposited, withdrawn, has_return: _ } = *day;
        Self { date, value, deposited, withdrawn }
    }
}
