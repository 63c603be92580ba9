//! Assumptions that can be given in several ways.

use domain::decimal::DecimalInput;
use quant::valuation::{Capital, MAXIMUM_YEARS, fade};
use rust_decimal::Decimal;

use super::{
    InputsRequest,
    reading::{Reading, fraction, fractions, kept, sound},
};
use crate::inputs::path::Path;

const DEFAULT_YEARS: usize = 5;
/// The most that an amount may be, on either side of 0.
const MAXIMUM_AMOUNT: i64 = 1_000_000_000_000_000;

impl InputsRequest {
    /// Debt and cash, or both as one net figure.
    pub(super) fn debt(&self, reading: &mut Reading) -> (Decimal, Decimal) {
        let names = [("net_debt", self.net_debt), ("netDebt", self.net_debt_camel)];
        match reading.choose("net_debt", names) {
            None => {
                (reading.amount("debt", [("debt", self.debt)]), reading.amount("cash", [("cash", self.cash)]))
            }
            Some(DecimalInput(net)) => {
                let name = reading.written.name("net_debt");
                let both = [("debt", self.debt), ("cash", self.cash)];
                for (other, _) in both.into_iter().filter(|(_, amount)| amount.is_some()) {
                    let reason = format!("must not be given together with {name}");
                    reading.validation.reject(format!("/{other}"), reason);
                }
                if net.abs() > Decimal::from(MAXIMUM_AMOUNT) {
                    let reason = format!("must be from -1e15 to 1e15, but is {net}");
                    reading.validation.reject(format!("/{name}"), reason);
                    return (Decimal::ZERO, Decimal::ZERO);
                }
                (net.max(Decimal::ZERO), (-net).max(Decimal::ZERO))
            }
        }
    }

    pub(super) fn terminal_growth(&self, reading: &mut Reading) -> f64 {
        let given = reading.choose(
            "terminal_growth",
            [
                ("terminal_growth", self.terminal_growth),
                ("terminalGrowth", self.terminal_growth_camel),
                ("termGrowth", self.term_growth),
                ("termGrowthPct", self.term_growth_percent.map(fraction)),
            ],
        );
        kept(reading.required("terminal_growth", given, 0.0))
    }

    /// The growth of all explicit years; at least one and at most twenty of them.
    pub(super) fn growth(&mut self, reading: &mut Reading, terminal: f64) -> Vec<f64> {
        let first = [
            ("growth", self.growth.take()),
            ("growth_y1", self.growth_y1.map(Path::One)),
            ("growthY1", self.growth_y1_camel.map(Path::One)),
            ("growthY1Pct", self.growth_y1_percent.map(fraction).map(Path::One)),
        ];
        let given = reading.choose("growth", first);
        let fades = reading.written.name("growth") != "growth";
        let given = reading.required("growth", given, Path::One(0.0));
        let listed = if let Path::Each(list) = &given { Some(list.len()) } else { None };
        let years = self.years.or(listed).unwrap_or(DEFAULT_YEARS);
        if !(1..=MAXIMUM_YEARS).contains(&years) {
            let pointer = if self.years.is_some() { "/years" } else { "/growth" };
            let reason = format!("must be 1 to {MAXIMUM_YEARS} years, but is {years}");
            reading.validation.reject(pointer, reason);
            return vec![0.0];
        }
        let mut growth = match given {
            Path::One(first) if fades => fade(first, sound(terminal), years).unwrap_or_else(|_| vec![first]),
            given => reading.path("growth", given, years),
        };
        if let Some(more) = &self.fade {
            let last = growth.last().copied().unwrap_or_default();
            let (start, end) =
                (reading.faded("start", more.start, last), reading.faded("end", more.end, terminal));
            match fade(start, end, more.years) {
                Ok(faded) if years + faded.len() <= MAXIMUM_YEARS => growth.extend(faded),
                _ => {
                    let reason = format!("must be 1 to {}, but is {}", MAXIMUM_YEARS - years, more.years);
                    reading.validation.reject("/fade/years", reason);
                }
            }
        }
        growth.into_iter().map(kept).collect()
    }

    /// The margins before interest and tax, or those before depreciation too.
    pub(super) fn margins(
        &mut self,
        reading: &mut Reading,
        years: usize,
    ) -> (Option<Vec<f64>>, Option<Vec<f64>>) {
        let ebit = [
            ("ebit_margin", self.ebit_margin.take()),
            ("ebitMargin", self.ebit_margin_camel.take()),
            ("ebitMarginPct", self.ebit_margin_percent.take().map(fractions)),
        ];
        let ebitda =
            [("ebitda_margin", self.ebitda_margin.take()), ("ebitdaMargin", self.ebitda_margin_camel.take())];
        let ebit = reading.choose("ebit_margin", ebit);
        let ebitda = reading.choose("ebitda_margin", ebitda);
        match (ebit, ebitda) {
            (None, Some(ebitda)) => (None, Some(reading.path("ebitda_margin", ebitda, years))),
            (ebit, ebitda) => {
                if ebitda.is_some() {
                    let pointer = format!("/{}", reading.written.name("ebitda_margin"));
                    reading.validation.reject(pointer, "must not be given together with the EBIT margin");
                }
                let ebit = reading.required("ebit_margin", ebit, Path::One(0.0));
                (Some(reading.path("ebit_margin", ebit, years)), None)
            }
        }
    }

    /// The cost of capital, or what it is built from.
    pub(super) fn cost_of_capital(&mut self, reading: &mut Reading) -> (Option<f64>, Option<Capital>) {
        let names = [("wacc", self.wacc), ("waccPct", self.wacc_percent.map(fraction))];
        let wacc = reading.choose("wacc", names);
        match (wacc, self.capital.take()) {
            (None, Some(capital)) => {
                let faults = capital.faults();
                for fault in &faults {
                    reading.validation.reject(format!("/capital/{}", fault.field), fault);
                }
                if faults.is_empty() { (None, Some(capital.map(kept))) } else { (Some(0.5), None) }
            }
            (wacc, capital) => {
                if capital.is_some() {
                    reading.validation.reject("/capital", "must not be given together with wacc");
                }
                (Some(kept(reading.required("wacc", wacc, 0.5))), None)
            }
        }
    }
}
