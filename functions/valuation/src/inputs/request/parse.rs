//! From a request to inputs.

use domain::{Invalid, currency::Currency};
use rust_decimal::Decimal;

use super::{
    InputsRequest,
    check::check,
    reading::{Reading, fractions, kept},
};
use crate::inputs::{Inputs, Options, path::Path};

impl InputsRequest {
    /// The inputs.
    ///
    /// # Errors
    /// Names every assumption that can't be taken, by the name under which it was given.
    pub(crate) fn parse(mut self) -> Result<Inputs, Invalid> {
        let mut reading = Reading::default();
        let ticker = self.ticker.take();
        reading.validation.require(ticker.is_some(), "/ticker", "is required");
        let ticker = ticker.and_then(|text| reading.validation.check("/ticker", text.parse()));
        let currency = self.currency.take().map(|code| Currency::parse(&code));
        let currency = currency.and_then(|parsed| reading.validation.check("/currency", parsed));
        // Stand-ins for what was refused, so that all else is looked at too.
        let ticker = ticker.or_else(|| "X".parse().ok());
        let currency = currency.or_else(|| Currency::parse("USD").ok());
        let (debt, cash) = self.debt(&mut reading);
        self.check_percents(&mut reading.validation);
        let terminal_growth = self.terminal_growth(&mut reading);
        let growth = self.growth(&mut reading, terminal_growth);
        let years = growth.len();
        let (ebit_margin, ebitda_margin) = self.margins(&mut reading, years);
        let (wacc, capital) = self.cost_of_capital(&mut reading);
        let tax_rate = reading.choose(
            "tax_rate",
            [
                ("tax_rate", self.tax_rate),
                ("taxRate", self.tax_rate_camel),
                ("taxRatePct", self.tax_rate_percent.map(fractions)),
            ],
        );
        let tax_rate = reading.required("tax_rate", tax_rate, Path::One(0.25));
        let depreciation = reading.ratio("depreciation", [("depreciation", self.depreciation)], years);
        let names = [
            ("capital_expenditure", self.capital_expenditure),
            ("capitalExpenditure", self.capital_expenditure_camel),
        ];
        let capital_expenditure = reading.ratio("capital_expenditure", names, years);
        let names =
            [("working_capital", self.working_capital), ("workingCapital", self.working_capital_camel)];
        let working_capital = reading.ratio("working_capital", names, years);
        let exit_multiple = reading.choose(
            "exit_multiple",
            [("exit_multiple", self.exit_multiple), ("exitMultiple", self.exit_multiple_camel)],
        );
        let terminal_method = reading.choose(
            "terminal_method",
            [("terminal_method", self.terminal_method), ("terminalMethod", self.terminal_method_camel)],
        );
        let mid_year =
            reading.choose("mid_year", [("mid_year", self.mid_year), ("midYear", self.mid_year_camel)]);
        let options = self.options.unwrap_or_default();
        let inputs = ticker.zip(currency).map(|(ticker, currency)| Inputs {
            ticker,
            currency,
            revenue: reading.required("revenue", self.revenue.map(|revenue| revenue.0), Decimal::ONE),
            growth,
            ebit_margin,
            ebitda_margin,
            tax_rate: reading.path("tax_rate", tax_rate, years),
            depreciation,
            capital_expenditure,
            working_capital,
            wacc,
            capital,
            terminal_growth,
            exit_multiple: exit_multiple.map(kept),
            terminal_method: terminal_method.unwrap_or_default(),
            mid_year: mid_year.unwrap_or_default(),
            debt,
            cash,
            minority_interest: reading.amount(
                "minority_interest",
                [
                    ("minority_interest", self.minority_interest),
                    ("minorityInterest", self.minority_interest_camel),
                ],
            ),
            shares: reading.required("shares", self.shares.map(|shares| shares.0), Decimal::ONE),
            options: options.iter().map(|of| Options { count: of.count.0, strike: of.strike.0 }).collect(),
            price: self.price.map(|price| price.0),
            sensitivity: self.sensitivity.map(|axes| axes.map(kept)),
        });
        let Reading { mut validation, written } = reading;
        if let Some(inputs) = &inputs {
            check(&mut validation, &written, inputs);
        }
        validation.finish(inputs)
    }
}
