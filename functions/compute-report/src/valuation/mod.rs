//! The report of a valuation: a run's own figures, with nothing computed anew.

mod assumptions;
mod notes;
mod simulation;

use computations::report::{Input, Valuation};
use domain::task::PayloadRef;
use quant::valuation::{self as quantities, Bridge, Dcf};
use report::{
    Format,
    model::{BridgeItem, Cover, ForecastYear, Grid, Multiple, TerminalValue, ValuationReport},
};

use crate::figures::plain_cover;

pub(crate) fn report(run: &Valuation, asked: (&Input, &PayloadRef)) -> ValuationReport {
    let dcf = &run.result.valuation;
    let inputs = &run.result.inputs;
    let cover = plain_cover("Valuation report", (&inputs.ticker.to_string(), inputs.currency), asked);
    let reverse = dcf.reverse.as_ref();
    ValuationReport {
        cover: Cover { as_of: run.run_on, ..cover },
        value_per_share: dcf.value_per_share,
        price: reverse.map(|reverse| reverse.price),
        enterprise_value: dcf.enterprise_value,
        equity_value: dcf.equity_value,
        wacc: dcf.wacc,
        assumptions: assumptions::facts(&run.result),
        forecast: dcf.years.iter().map(year).collect(),
        terminal_values: terminal_values(dcf),
        bridge: bridge(assumptions::chosen(dcf)),
        multiples: multiples(dcf),
        sensitivities: sensitivities(dcf),
        implied_growth: reverse.and_then(|reverse| reverse.growth.annual),
        trials: simulation::trials(&run.simulation),
        notes: notes::notes(run),
        warnings: notes::warnings(run),
    }
}

fn year(of: &quantities::Year) -> ForecastYear {
    ForecastYear {
        year: of.year,
        revenue: of.revenue,
        growth: of.growth,
        ebit: of.ebit,
        tax: of.tax,
        depreciation: of.depreciation,
        capital_expenditure: of.capital_expenditure,
        working_capital_change: of.working_capital_change,
        free_cash_flow: of.free_cash_flow,
        discount_factor: of.discount_factor,
        present_value: of.present_value,
    }
}

fn terminal_values(dcf: &Dcf) -> Vec<TerminalValue> {
    let gordon = &dcf.gordon;
    let gordon = TerminalValue {
        method: "Growing perpetuity".to_owned(),
        value: gordon.terminal_value,
        present_value: gordon.present_value,
        share_of_enterprise_value: gordon.share_of_enterprise_value,
        enterprise_value: gordon.bridge.enterprise_value,
        value_per_share: gordon.bridge.value_per_share,
    };
    let exit = dcf.exit_multiple.as_ref().map(|exit| TerminalValue {
        method: "Exit multiple".to_owned(),
        value: exit.terminal_value,
        present_value: exit.present_value,
        share_of_enterprise_value: exit.share_of_enterprise_value,
        enterprise_value: exit.bridge.enterprise_value,
        value_per_share: exit.bridge.value_per_share,
    });
    std::iter::once(gordon).chain(exit).collect()
}

fn bridge(of: &Bridge) -> Vec<BridgeItem> {
    let item = |name: &str, amount: f64| BridgeItem { name: name.to_owned(), amount, total: false };
    vec![
        item("Enterprise value", of.enterprise_value),
        item("Debt", -of.debt),
        item("Cash", of.cash),
        item("Minority interests", -of.minority_interest),
        BridgeItem { total: true, ..item("Equity value", of.equity_value) },
    ]
}

fn multiples(dcf: &Dcf) -> Vec<Multiple> {
    let of = &dcf.multiples;
    let named = [
        ("Enterprise value / revenue, last year", of.ev_to_revenue),
        ("Enterprise value / revenue, year 1", of.ev_to_forward_revenue),
        ("Enterprise value / EBITDA, year 1", of.ev_to_forward_ebitda),
        ("Enterprise value / EBIT, year 1", of.ev_to_forward_ebit),
        ("Enterprise value / NOPAT, year 1", of.ev_to_forward_nopat),
        ("Terminal value / EBITDA of the last year (perpetuity)", dcf.gordon.implied_exit_multiple),
    ];
    named
        .into_iter()
        .filter_map(|(name, value)| Some(Multiple { name: name.to_owned(), value: value? }))
        .collect()
}

fn sensitivities(dcf: &Dcf) -> Vec<Grid> {
    let grid = |of: &quantities::Grid, name: &str, format| Grid {
        row_name: "WACC".to_owned(),
        rows: of.wacc.clone(),
        row_format: Format::Percent(2),
        column_name: name.to_owned(),
        columns: of.columns.clone(),
        column_format: format,
        values: of.value_per_share.clone(),
    };
    let by_growth = grid(&dcf.sensitivity.wacc_by_growth, "Terminal growth", Format::Percent(2));
    let by_multiple = dcf.sensitivity.wacc_by_multiple.as_ref();
    let by_multiple = by_multiple.map(|of| grid(of, "Exit multiple", Format::Number(1)));
    std::iter::once(by_growth).chain(by_multiple).collect()
}
