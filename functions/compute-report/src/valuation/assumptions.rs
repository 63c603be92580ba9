use computations::report::{Assumed, RunResult};
use quant::valuation::{Bridge, Dcf, TerminalMethod};
use report::{Format, model::Fact};
use rust_decimal::prelude::ToPrimitive;

const AMOUNT: Format = Format::Number(1);
const RATE: Format = Format::Percent(2);

/// The bridge of the terminal value that the figures at the top are of.
pub(super) fn chosen(dcf: &Dcf) -> &Bridge {
    match (dcf.terminal_method, &dcf.exit_multiple) {
        (TerminalMethod::ExitMultiple, Some(exit)) => &exit.bridge,
        _ => &dcf.gordon.bridge,
    }
}

/// What was assumed; paths by their first and last year.
pub(super) fn facts(of: &RunResult) -> Vec<Fact> {
    let (inputs, dcf) = (&of.inputs, &of.valuation);
    let bridge = chosen(dcf);
    let growth: Vec<f64> = dcf.years.iter().map(|year| year.growth).collect();
    let (margin_name, margin) = margin(inputs);
    let mut facts = Facts(Vec::new());
    facts.some("Revenue of the last full year", inputs.revenue.to_f64(), AMOUNT);
    facts.one("Explicit years", dcf.years.len() as f64, Format::Number(0));
    facts.path("Growth of revenue", &growth);
    facts.path(margin_name, margin);
    facts.path("Tax over EBIT", &inputs.tax_rate);
    facts.path("Depreciation over revenue", &inputs.depreciation);
    facts.path("Capital expenditure over revenue", &inputs.capital_expenditure);
    facts.path("Working capital over additional revenue", &inputs.working_capital);
    if let Some(capital) = &of.cost_of_capital {
        let equity = capital.cost_of_equity_at_target.unwrap_or(capital.cost_of_equity);
        facts.one("Cost of equity", equity, RATE);
        facts.one("Cost of debt after tax", capital.cost_of_debt_after_tax, RATE);
    }
    facts.one("WACC", dcf.wacc, RATE);
    facts.one("Growth after the explicit years", dcf.gordon.growth, RATE);
    facts.some("Exit multiple of EBITDA", dcf.exit_multiple.as_ref().map(|exit| exit.multiple), AMOUNT);
    facts.one("Debt", bridge.debt, AMOUNT);
    facts.one("Cash", bridge.cash, AMOUNT);
    facts.one("Minority interests", bridge.minority_interest, AMOUNT);
    facts.one("Shares", bridge.basic_shares, AMOUNT);
    facts.one("Shares with those of options", bridge.diluted_shares, AMOUNT);
    facts.some("Price of a share", inputs.price.and_then(|price| price.to_f64()), Format::Number(2));
    facts.0
}

fn margin(inputs: &Assumed) -> (&'static str, &[f64]) {
    match (&inputs.ebit_margin, &inputs.ebitda_margin) {
        (None, Some(margin)) => ("EBITDA over revenue", margin),
        (margin, _) => ("EBIT over revenue", margin.as_deref().unwrap_or_default()),
    }
}

struct Facts(Vec<Fact>);

impl Facts {
    fn one(&mut self, name: &str, value: f64, format: Format) {
        self.0.push(Fact { name: name.to_owned(), value, format });
    }

    fn some(&mut self, name: &str, value: Option<f64>, format: Format) {
        if let Some(value) = value {
            self.one(name, value, format);
        }
    }

    /// One line where all years are the same.
    fn path(&mut self, name: &str, path: &[f64]) {
        let (Some(first), Some(last)) = (path.first(), path.last()) else { return };
        if path.iter().all(|one| one.to_bits() == first.to_bits()) {
            self.one(name, *first, RATE);
        } else {
            self.one(&format!("{name}, year 1"), *first, RATE);
            self.one(&format!("{name}, year {}", path.len()), *last, RATE);
        }
    }
}
