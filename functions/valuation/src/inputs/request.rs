//! Inputs as clients send them, under each of their names.

use std::collections::HashSet;

use domain::{Invalid, Validation, currency::Currency, decimal::DecimalInput};
use quant::valuation::{Capital, MAXIMUM_AXIS, MAXIMUM_YEARS, TerminalMethod, fade, faults};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AxesInput, Inputs, Options, path::Path, written::Written};

const DEFAULT_YEARS: usize = 5;
/// Smaller rates are as good as none, and not every store keeps them.
const SMALLEST_RATE: f64 = 1e-15;

/// The assumptions of a valuation.
///
/// **Units.** Rates, margins and ratios are fractions: 0.09 means 9 %, under the `snake_case` and the `camelCase` names alike.
/// Only names that end in `Pct` are in percent (`waccPct` 9 means 9 %). A figure that can't be a fraction is refused, and so is
/// one in percent that looks like a fraction: below 1 for cost of capital, tax and margin, below 0.1 for growth. Amounts
/// are decimals, as strings or numbers, in one unit throughout (for example millions); so are shares. Each assumption is given
/// under one of its names.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ValuationInputsRequest)]
pub(crate) struct InputsRequest {
    /// The company's symbol.
    #[schema(pattern = "^[A-Za-z0-9.^=_-]{1,20}$", example = "AAPL")]
    ticker: Option<String>,
    /// The currency of all amounts (ISO 4217); USD when not given.
    #[schema(pattern = "^[A-Z]{3}$", default = "USD", example = "USD")]
    currency: Option<String>,
    /// The revenue of the last full year; above 0.
    revenue: Option<DecimalInput>,
    /// The number of explicit years, 1–20, without those of `fade`; as many as `growth` has, or else 5.
    #[schema(minimum = 1, maximum = 20, example = 5)]
    years: Option<usize>,
    /// The growth of revenue, as a fraction: one for all explicit years or one a year. Or give `growth_y1`.
    growth: Option<Path>,
    /// The growth of revenue in year 1, as a fraction, from which it changes in equal steps to the terminal growth in the last
    /// explicit year. Or give `growth`.
    #[schema(example = 0.08)]
    growth_y1: Option<f64>,
    /// The same as `growth_y1`: a fraction.
    #[serde(rename = "growthY1")]
    growth_y1_camel: Option<f64>,
    /// The same as `growth_y1`, in percent.
    #[serde(rename = "growthY1Pct")]
    growth_y1_percent: Option<f64>,
    /// More explicit years, after those of `growth`.
    fade: Option<FadeRequest>,
    /// EBIT over revenue, as a fraction: one for all explicit years or one a year. Or give `ebitda_margin`.
    ebit_margin: Option<Path>,
    /// The same as `ebit_margin`: fractions.
    #[serde(rename = "ebitMargin")]
    ebit_margin_camel: Option<Path>,
    /// The same as `ebit_margin`, in percent.
    #[serde(rename = "ebitMarginPct")]
    ebit_margin_percent: Option<Path>,
    /// EBITDA over revenue, as a fraction: one for all explicit years or one a year.
    ebitda_margin: Option<Path>,
    /// The same as `ebitda_margin`: fractions.
    #[serde(rename = "ebitdaMargin")]
    ebitda_margin_camel: Option<Path>,
    /// Tax over EBIT, as a fraction: one for all explicit years or one a year.
    tax_rate: Option<Path>,
    /// The same as `tax_rate`: fractions.
    #[serde(rename = "taxRate")]
    tax_rate_camel: Option<Path>,
    /// The same as `tax_rate`, in percent.
    #[serde(rename = "taxRatePct")]
    tax_rate_percent: Option<Path>,
    /// Depreciation and amortisation over revenue, as a fraction; 0 when not given.
    depreciation: Option<Path>,
    /// Capital expenditure over revenue, as a fraction; 0 when not given.
    capital_expenditure: Option<Path>,
    /// Working capital bound by each unit of additional revenue, as a fraction; 0 when not given.
    working_capital: Option<Path>,
    /// The weighted average cost of capital, as a fraction: 0.09 means 9 %. Or give `capital`.
    #[schema(example = 0.09)]
    wacc: Option<f64>,
    /// The same as `wacc`, in percent.
    #[serde(rename = "waccPct")]
    wacc_percent: Option<f64>,
    /// What the cost of capital is built from; all rates as fractions. Or give `wacc`.
    capital: Option<Capital>,
    /// The growth after the explicit years, as a fraction; below the cost of capital.
    #[schema(example = 0.025)]
    terminal_growth: Option<f64>,
    /// The same as `terminal_growth`: a fraction.
    #[serde(rename = "terminalGrowth")]
    terminal_growth_camel: Option<f64>,
    /// The same as `terminal_growth`: a fraction.
    #[serde(rename = "termGrowth")]
    term_growth: Option<f64>,
    /// The same as `terminal_growth`, in percent.
    #[serde(rename = "termGrowthPct")]
    term_growth_percent: Option<f64>,
    /// The enterprise value after the last explicit year over that year's EBITDA; without it, that method is left out.
    #[schema(example = 11.0)]
    exit_multiple: Option<f64>,
    /// The same as `exit_multiple`.
    #[serde(rename = "exitMultiple")]
    exit_multiple_camel: Option<f64>,
    /// Which terminal value the figures at the top are of; `gordon` when not given.
    terminal_method: Option<TerminalMethod>,
    /// Whether cash flows come in the middle of their years rather than at the end; false when not given.
    mid_year: Option<bool>,
    /// The same as `mid_year`.
    #[serde(rename = "midYear")]
    mid_year_camel: Option<bool>,
    /// Debt at market value; 0 when not given.
    debt: Option<DecimalInput>,
    /// Cash; 0 when not given.
    cash: Option<DecimalInput>,
    /// Debt less cash, in place of both; negative where there is more cash.
    net_debt: Option<DecimalInput>,
    /// The same as `net_debt`.
    #[serde(rename = "netDebt")]
    net_debt_camel: Option<DecimalInput>,
    /// Minority interests at market value; 0 when not given.
    minority_interest: Option<DecimalInput>,
    /// Shares outstanding, without options; above 0.
    shares: Option<DecimalInput>,
    /// Options on new shares, at most 50 tranches; they dilute by the treasury-stock method.
    #[schema(max_items = 50)]
    options: Option<Vec<OptionsRequest>>,
    /// The market's price of a share, for the upside and for what it implies.
    price: Option<DecimalInput>,
    /// The values along the sides of the sensitivity grids.
    sensitivity: Option<AxesInput>,
}

/// Explicit years in which growth changes in equal steps.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GrowthFade)]
struct FadeRequest {
    /// How many years; with the years before at most 20.
    #[schema(minimum = 1, maximum = 20, example = 5)]
    years: usize,
    /// The growth in the first of them, as a fraction; that of the year before when not given.
    start: Option<f64>,
    /// The growth in the last of them, as a fraction; the terminal growth when not given.
    end: Option<f64>,
}

/// Options with one strike.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ValuationOptionsRequest)]
struct OptionsRequest {
    /// How many, in the unit of the shares.
    count: DecimalInput,
    /// What a share costs who exercises one.
    strike: DecimalInput,
}

/// A request on its way to inputs: what is wrong so far, and under which names things were given.
#[derive(Default)]
struct Reading {
    validation: Validation,
    written: Written,
}

impl Reading {
    /// The value, or a stand-in that breaks no other rule with the fault noted.
    fn required<T>(&mut self, field: &str, value: Option<T>, stand_in: T) -> T {
        value.unwrap_or_else(|| {
            self.validation.reject(format!("/{field}"), "is required");
            stand_in
        })
    }

    fn amount(&mut self, field: &'static str, value: Option<DecimalInput>) -> Decimal {
        let _ = self.written.choose(&mut self.validation, field, [(field, value)]);
        value.map(|value| value.0).unwrap_or_default()
    }

    /// One figure for each of the years.
    fn path(&mut self, field: &'static str, path: Path, years: usize) -> Vec<f64> {
        if matches!(path, Path::Each(_)) {
            self.written.as_list(field);
        }
        let stand_in = if field == "tax_rate" { 0.25 } else { 0.0 };
        let pointer = format!("/{}", self.written.name(field));
        let path = self.validation.check(&pointer, path.over(years)).unwrap_or_else(|| vec![stand_in; years]);
        path.into_iter().map(kept).collect()
    }
}

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
        let tax_rate = reading.written.choose(
            &mut reading.validation,
            "tax_rate",
            [
                ("tax_rate", self.tax_rate),
                ("taxRate", self.tax_rate_camel),
                ("taxRatePct", self.tax_rate_percent.map(fractions)),
            ],
        );
        let tax_rate = reading.required("tax_rate", tax_rate, Path::One(0.25));
        let mut ratio =
            |field, path: Option<Path>| reading.path(field, path.unwrap_or(Path::One(0.0)), years);
        let depreciation = ratio("depreciation", self.depreciation);
        let capital_expenditure = ratio("capital_expenditure", self.capital_expenditure);
        let working_capital = ratio("working_capital", self.working_capital);
        let exit_multiple = reading.written.choose(
            &mut reading.validation,
            "exit_multiple",
            [("exit_multiple", self.exit_multiple), ("exitMultiple", self.exit_multiple_camel)],
        );
        let mid_year = reading.written.choose(
            &mut reading.validation,
            "mid_year",
            [("mid_year", self.mid_year), ("midYear", self.mid_year_camel)],
        );
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
            terminal_method: self.terminal_method.unwrap_or_default(),
            mid_year: mid_year.unwrap_or_default(),
            debt,
            cash,
            minority_interest: reading.amount("minority_interest", self.minority_interest),
            shares: reading.required("shares", self.shares.map(|shares| shares.0), Decimal::ONE),
            options: options.iter().map(|of| Options { count: of.count.0, strike: of.strike.0 }).collect(),
            price: self.price.map(|price| price.0),
            sensitivity: self.sensitivity,
        });
        let Reading { mut validation, written } = reading;
        if let Some(inputs) = &inputs {
            check(&mut validation, &written, inputs);
        }
        validation.finish(inputs)
    }

    /// Refuses figures in percent that look like fractions.
    fn check_percents(&self, validation: &mut Validation) {
        let one = |figure: Option<f64>| figure.map(Path::One);
        for (name, path, least, fraction) in [
            ("growthY1Pct", one(self.growth_y1_percent), 0.1, "growth_y1"),
            ("ebitMarginPct", self.ebit_margin_percent.clone(), 1.0, "ebit_margin"),
            ("taxRatePct", self.tax_rate_percent.clone(), 1.0, "tax_rate"),
            ("waccPct", one(self.wacc_percent), 1.0, "wacc"),
            ("termGrowthPct", one(self.term_growth_percent), 0.1, "terminal_growth"),
        ] {
            let figures = match path {
                None => Vec::new(),
                Some(Path::One(figure)) => vec![figure],
                Some(Path::Each(figures)) => figures,
            };
            if let Some(figure) = figures.into_iter().find(|figure| *figure != 0.0 && figure.abs() < least) {
                let detail = format!(
                    "must be in percent (9 means 9 %), but {figure} looks like a fraction; give {fraction} if so little is meant"
                );
                validation.reject(format!("/{name}"), detail);
            }
        }
    }

    /// Debt and cash, or both as one net figure.
    fn debt(&self, reading: &mut Reading) -> (Decimal, Decimal) {
        let names = [("net_debt", self.net_debt), ("netDebt", self.net_debt_camel)];
        match reading.written.choose(&mut reading.validation, "net_debt", names) {
            None => (reading.amount("debt", self.debt), reading.amount("cash", self.cash)),
            Some(DecimalInput(net)) => {
                let both = [("debt", self.debt), ("cash", self.cash)];
                for (name, _) in both.into_iter().filter(|(_, amount)| amount.is_some()) {
                    let reason =
                        format!("must not be given together with {}", reading.written.name("net_debt"));
                    reading.validation.reject(format!("/{name}"), reason);
                }
                (net.max(Decimal::ZERO), (-net).max(Decimal::ZERO))
            }
        }
    }

    fn terminal_growth(&self, reading: &mut Reading) -> f64 {
        let given = reading.written.choose(
            &mut reading.validation,
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
    fn growth(&mut self, reading: &mut Reading, terminal: f64) -> Vec<f64> {
        let first = [
            ("growth", self.growth.take()),
            ("growth_y1", self.growth_y1.map(Path::One)),
            ("growthY1", self.growth_y1_camel.map(Path::One)),
            ("growthY1Pct", self.growth_y1_percent.map(fraction).map(Path::One)),
        ];
        let given = reading.written.choose(&mut reading.validation, "growth", first);
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
            Path::One(first) if fades => fade(first, terminal, years).unwrap_or_else(|_| vec![first]),
            given => reading.path("growth", given, years),
        };
        if let Some(more) = &self.fade {
            let last = growth.last().copied().unwrap_or_default();
            match fade(more.start.unwrap_or(last), more.end.unwrap_or(terminal), more.years) {
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
    fn margins(&mut self, reading: &mut Reading, years: usize) -> (Option<Vec<f64>>, Option<Vec<f64>>) {
        let ebit = [
            ("ebit_margin", self.ebit_margin.take()),
            ("ebitMargin", self.ebit_margin_camel.take()),
            ("ebitMarginPct", self.ebit_margin_percent.take().map(fractions)),
        ];
        let ebitda =
            [("ebitda_margin", self.ebitda_margin.take()), ("ebitdaMargin", self.ebitda_margin_camel.take())];
        let ebit = reading.written.choose(&mut reading.validation, "ebit_margin", ebit);
        let ebitda = reading.written.choose(&mut reading.validation, "ebitda_margin", ebitda);
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
    fn cost_of_capital(&mut self, reading: &mut Reading) -> (Option<f64>, Option<Capital>) {
        let names = [("wacc", self.wacc), ("waccPct", self.wacc_percent.map(fraction))];
        let wacc = reading.written.choose(&mut reading.validation, "wacc", names);
        match (wacc, self.capital.take()) {
            (None, Some(capital)) => {
                let faults = capital.faults();
                for fault in &faults {
                    reading.validation.reject(format!("/capital/{}", fault.field), fault);
                }
                if faults.is_empty() { (None, Some(capital)) } else { (Some(0.5), None) }
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

/// The rules of the model, with each fault where the client wrote what is at fault.
fn check(validation: &mut Validation, written: &Written, inputs: &Inputs) {
    match inputs.assumptions() {
        Err(Invalid(errors)) => {
            for error in errors {
                validation.reject(error.pointer, error.detail);
            }
        }
        Ok((assumptions, built)) => {
            let mut seen = HashSet::new();
            for fault in faults(&assumptions) {
                let pointer = match fault.field {
                    "wacc" if built.is_some() => "/capital".to_owned(),
                    _ => written.pointer(&fault),
                };
                if seen.insert(pointer.clone()) {
                    validation.reject(pointer, &fault);
                }
            }
        }
    }
    let axes = inputs.sensitivity.iter().flat_map(|axes| {
        [
            ("wacc", &axes.wacc),
            ("terminal_growth", &axes.terminal_growth),
            ("exit_multiple", &axes.exit_multiple),
        ]
    });
    for (name, axis) in axes {
        let count = axis.as_ref().map_or(1, Vec::len);
        let pointer = format!("/sensitivity/{name}");
        let reason = format!("must have 1 to {MAXIMUM_AXIS} values, but has {count}");
        validation.require((1..=MAXIMUM_AXIS).contains(&count), &pointer, reason);
        let (limit, unit) = if name == "exit_multiple" { (200.0, "multiples") } else { (0.5, "fractions") };
        let far = axis.iter().flatten().any(|value| value.abs() > limit);
        validation.require(!far, &pointer, format!("must be {unit} of at most {limit}"));
    }
}

/// What percent mean.
fn fraction(percent: f64) -> f64 {
    percent / 100.0
}

fn fractions(percent: Path) -> Path {
    match percent {
        Path::One(figure) => Path::One(fraction(figure)),
        Path::Each(figures) => Path::Each(figures.into_iter().map(fraction).collect()),
    }
}

/// A rate as it is kept.
fn kept(rate: f64) -> f64 {
    if rate.abs() < SMALLEST_RATE { 0.0 } else { rate }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn base() -> Value {
        json!({
            "ticker": "aapl", "revenue": "1000", "growth": [0.12, 0.1, 0.09, 0.08, 0.06], "ebit_margin": 0.18,
            "tax_rate": 0.25, "depreciation": 0.04, "capital_expenditure": 0.05, "working_capital": 0.1,
            "wacc": 0.09, "terminal_growth": 0.025, "debt": 350, "shares": 120
        })
    }

    fn with(changes: &Value) -> Value {
        let mut body = base();
        for (name, value) in changes.as_object().unwrap() {
            if value.is_null() {
                body.as_object_mut().unwrap().remove(name);
            } else {
                body[name] = value.clone();
            }
        }
        body
    }

    fn parse(changes: &Value) -> Result<Inputs, Vec<(String, String)>> {
        let request: InputsRequest = serde_json::from_value(with(changes)).unwrap();
        let pairs = |Invalid(errors)| errors.into_iter().map(|error| (error.pointer, error.detail)).collect();
        request.parse().map_err(pairs)
    }

    fn pointers(changes: &Value) -> Vec<String> {
        parse(changes).unwrap_err().into_iter().map(|(pointer, _)| pointer).collect()
    }

    #[test]
    fn every_name_and_unit_says_the_same() {
        let base = parse(&json!({})).unwrap();
        for alias in [
            json!({"wacc": null, "waccPct": 9}),
            json!({"ebit_margin": null, "ebitMargin": 0.18}),
            json!({"ebit_margin": null, "ebitMarginPct": [18, 18, 18, 18, 18]}),
            json!({"tax_rate": null, "taxRatePct": 25}),
            json!({"terminal_growth": null, "termGrowth": 0.025}),
            json!({"terminal_growth": null, "terminalGrowth": 0.025}),
            json!({"terminal_growth": null, "termGrowthPct": 2.5}),
            json!({"debt": null, "netDebt": 350}),
            json!({"midYear": false}),
        ] {
            assert_eq!(parse(&alias).unwrap(), base, "{alias}");
        }
        let faded = parse(&json!({"growth": null, "growth_y1": 0.08, "years": 3})).unwrap();
        assert!((faded.growth[1] - 0.0525).abs() < 1e-15);
        assert_eq!((faded.growth.len(), faded.growth[0], faded.growth[2]), (3, 0.08, 0.025));
        for alias in [json!({"growthY1": 0.08}), json!({"growthY1Pct": 8})] {
            let mut changes = json!({"growth": null, "years": 3});
            changes.as_object_mut().unwrap().extend(alias.as_object().unwrap().clone());
            assert_eq!(parse(&changes).unwrap(), faded);
        }
        let cash = parse(&json!({"debt": null, "netDebt": -50})).unwrap();
        assert_eq!((cash.debt, cash.cash), (0.into(), 50.into()));
    }

    #[test]
    fn inputs_can_be_sent_again_as_they_were_answered() {
        let inputs =
            parse(&json!({"options": [{"count": 5, "strike": "12.50"}], "price": 18, "exit_multiple": 11,
            "fade": {"years": 5}, "sensitivity": {"wacc": [0.08, 0.09]}}))
            .unwrap();
        assert_eq!(inputs.growth.len(), 10);
        let again: InputsRequest = serde_json::from_value(serde_json::to_value(&inputs).unwrap()).unwrap();
        assert_eq!(again.parse().unwrap(), inputs);
    }

    #[test]
    fn a_mixed_up_unit_is_named_where_it_was_written() {
        let errors = parse(&json!({"wacc": 9})).unwrap_err();
        assert_eq!(errors[0].0, "/wacc");
        assert!(errors[0].1.contains("fraction") && errors[0].1.contains("0.09 means 9 %"), "{errors:?}");
        assert_eq!(pointers(&json!({"wacc": null, "waccPct": 900})), ["/waccPct"]);
        assert_eq!(pointers(&json!({"growth": null, "growthY1": 8})), ["/growthY1"]);
        assert_eq!(pointers(&json!({"wacc": null, "waccPct": 0.09})), ["/waccPct", "/terminal_growth"]);
        assert_eq!(pointers(&json!({"tax_rate": null, "taxRatePct": 0.25})), ["/taxRatePct"]);
        assert_eq!(pointers(&json!({"ebit_margin": null, "ebitMarginPct": 0.18})), ["/ebitMarginPct"]);
        assert_eq!(pointers(&json!({"growth": null, "growthY1Pct": 0.08})), ["/growthY1Pct"]);
        assert_eq!(pointers(&json!({"terminal_growth": null, "termGrowthPct": 0.025})), ["/termGrowthPct"]);
        assert!(parse(&json!({"terminal_growth": null, "termGrowthPct": 0.5})).is_ok());
        assert_eq!(pointers(&json!({"growth": [0.1, 12, 0.1]})), ["/growth/1"]);
        assert_eq!(pointers(&json!({"ebit_margin": 18, "tax_rate": 25})), ["/ebit_margin", "/tax_rate"]);
        assert_eq!(pointers(&json!({"terminal_growth": 0.09})), ["/terminal_growth"]);
        assert!(parse(&json!({"terminal_growth": 0.1})).unwrap_err()[0].1.contains("below the WACC of 0.09"));
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let all =
            json!({"ticker": "a b", "revenue": 0, "shares": -1, "debt": -5, "price": 0, "currency": "usd"});
        assert_eq!(pointers(&all), ["/ticker", "/currency", "/revenue", "/debt", "/shares", "/price"]);
        let missing = json!({"revenue": null, "growth": null, "ebit_margin": null, "tax_rate": null, "wacc": null,
            "terminal_growth": null, "shares": null});
        let expected =
            ["/terminal_growth", "/growth", "/ebit_margin", "/wacc", "/tax_rate", "/revenue", "/shares"];
        assert_eq!(pointers(&missing), expected);
        let twice = json!({"waccPct": 9, "growthY1": 0.1, "ebitda_margin": 0.2, "net_debt": 1});
        assert_eq!(pointers(&twice), ["/debt", "/growthY1", "/ebitda_margin", "/waccPct"]);
        assert_eq!(pointers(&json!({"tax_rate": [0.1], "years": 4})), ["/growth", "/tax_rate"]);
        assert_eq!(pointers(&json!({"fade": {"years": 16}})), ["/fade/years"]);
        assert_eq!(pointers(&json!({"years": 21})), ["/years"]);
        assert_eq!(pointers(&json!({"terminal_method": "exit_multiple"})), ["/exit_multiple"]);
        assert_eq!(pointers(&json!({"options": [{"count": -1, "strike": 1}]})), ["/options/0/count"]);
        assert_eq!(pointers(&json!({"sensitivity": {"wacc": []}})), ["/sensitivity/wacc"]);
    }

    #[test]
    fn a_cost_of_capital_is_built_or_refused() {
        let capital = json!({"risk_free_rate": 0.035, "beta": 1.15, "equity_risk_premium": 0.05, "cost_of_debt": 0.055,
            "tax_rate": 0.25, "debt_weight": 0.2});
        let built = parse(&json!({"wacc": null, "capital": capital})).unwrap();
        assert!((built.assumptions().unwrap().0.wacc - 0.08225).abs() < 1e-15);
        let mut percent = capital.clone();
        percent["cost_of_debt"] = json!(5.5);
        assert_eq!(pointers(&json!({"wacc": null, "capital": percent})), ["/capital/cost_of_debt"]);
        assert_eq!(pointers(&json!({"capital": capital})), ["/capital"]);
    }
}
