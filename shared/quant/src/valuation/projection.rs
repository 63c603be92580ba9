use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Assumptions, MarginBasis, YearAssumptions};

/// One explicit year, step by step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DcfYear)]
pub struct Year {
    /// Which, from 1.
    pub year: u32,
    /// The growth of revenue over the year before.
    pub growth: f64,
    /// Revenue.
    pub revenue: f64,
    /// Earnings before interest, tax, depreciation and amortisation.
    pub ebitda: f64,
    /// Depreciation and amortisation.
    pub depreciation: f64,
    /// Earnings before interest and tax.
    pub ebit: f64,
    /// Tax on EBIT.
    pub tax: f64,
    /// Net operating profit after tax: EBIT less tax.
    pub nopat: f64,
    /// Capital expenditure.
    pub capital_expenditure: f64,
    /// What is put into working capital.
    pub working_capital_change: f64,
    /// Free cash flow to the firm: NOPAT + depreciation - capital expenditure - change of working capital.
    pub free_cash_flow: f64,
    /// For how many years it is discounted.
    pub discount_years: f64,
    /// What one unit is worth today.
    pub discount_factor: f64,
    /// What the free cash flow is worth today.
    pub present_value: f64,
}

/// A year's figures before discounting.
#[derive(Clone, Copy, Default)]
pub(super) struct OperatingYear {
    pub(super) revenue: f64,
    pub(super) ebitda: f64,
    depreciation: f64,
    ebit: f64,
    tax: f64,
    capital_expenditure: f64,
    working_capital_change: f64,
    pub(super) free_cash_flow: f64,
}

impl OperatingYear {
    #[inline]
    pub(super) fn after(previous: f64, basis: MarginBasis, year: &YearAssumptions) -> Self {
        let revenue = previous * (1.0 + year.growth);
        let depreciation = year.depreciation * revenue;
        let margin = year.margin * revenue;
        let (ebit, ebitda) = match basis {
            MarginBasis::Ebit => (margin, margin + depreciation),
            MarginBasis::Ebitda => (margin - depreciation, margin),
        };
        let tax = ebit * year.tax_rate;
        let capital_expenditure = year.capital_expenditure * revenue;
        let working_capital_change = year.working_capital * (revenue - previous);
        let free_cash_flow = ebit - tax + depreciation - capital_expenditure - working_capital_change;
        Self {
            revenue,
            ebitda,
            depreciation,
            ebit,
            tax,
            capital_expenditure,
            working_capital_change,
            free_cash_flow,
        }
    }
}

/// How amounts of later years are made comparable with today's.
#[derive(Clone, Copy)]
pub(super) struct Discounting {
    /// What a unit in one year is worth today.
    year: f64,
    /// What a unit of the first cash flow is worth today.
    pub(super) first: f64,
    /// From a cash flow's time to the end of its year.
    to_end: f64,
}

impl Discounting {
    #[inline]
    pub(super) fn new(wacc: f64, mid_year: bool) -> Self {
        let year = 1.0 / (1.0 + wacc);
        let half = year.sqrt();
        if mid_year {
            Self { year, first: half, to_end: half }
        } else {
            Self { year, first: year, to_end: 1.0 }
        }
    }

    /// The factor of the cash flow after the one with `factor`.
    #[inline]
    pub(super) fn next(&self, factor: f64) -> f64 {
        factor * self.year
    }

    /// The factor at the end of the year whose cash flow has `factor`.
    #[inline]
    pub(super) fn end_of_year(&self, factor: f64) -> f64 {
        factor * self.to_end
    }
}

/// What the explicit years are worth today, and the factor of the last cash flow.
#[derive(Clone, Copy)]
pub(super) struct Discounted {
    pub(super) present_value: f64,
    pub(super) last_factor: f64,
}

#[inline]
pub(super) fn discount(discounting: Discounting, flows: impl IntoIterator<Item = f64>) -> Discounted {
    let mut total = Discounted { present_value: 0.0, last_factor: 1.0 };
    let mut factor = discounting.first;
    for flow in flows {
        total.present_value += flow * factor;
        total.last_factor = factor;
        factor = discounting.next(factor);
    }
    total
}

/// The flows of all explicit years.
pub(super) fn project(assumptions: &Assumptions) -> Vec<OperatingYear> {
    let mut revenue = assumptions.revenue;
    let flow = |year| {
        let flow = OperatingYear::after(revenue, assumptions.margin_basis, year);
        revenue = flow.revenue;
        flow
    };
    assumptions.years.iter().map(flow).collect()
}

/// The years as they are shown.
pub(super) fn years(assumptions: &Assumptions, flows: &[OperatingYear]) -> Vec<Year> {
    let discounting = Discounting::new(assumptions.wacc, assumptions.mid_year);
    let mut factor = discounting.first;
    let year = |(index, (flow, year)): (usize, (&OperatingYear, &YearAssumptions))| {
        let discount_factor = factor;
        factor = discounting.next(factor);
        Year {
            year: index as u32 + 1,
            growth: year.growth,
            revenue: flow.revenue,
            ebitda: flow.ebitda,
            depreciation: flow.depreciation,
            ebit: flow.ebit,
            tax: flow.tax,
            nopat: flow.ebit - flow.tax,
            capital_expenditure: flow.capital_expenditure,
            working_capital_change: flow.working_capital_change,
            free_cash_flow: flow.free_cash_flow,
            discount_years: index as f64 + if assumptions.mid_year { 0.5 } else { 1.0 },
            discount_factor,
            present_value: flow.free_cash_flow * discount_factor,
        }
    };
    flows.iter().zip(&assumptions.years).enumerate().map(year).collect()
}
