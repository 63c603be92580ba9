//! The risk tables.

use std::fmt::Write;

use super::{
    figures::{Loss, MonteCarlo, VarCvar},
    number::{grouped, percent},
    table::Table,
};

const NOTE: &str = "\n  * Too fat tails for this expansion: not a distribution, so not to be relied on\n";

/// The simulation's figures.
pub fn monte_carlo(result: &MonteCarlo) -> String {
    let (statistics, errors) = (&result.statistics, &result.statistics.standard_errors);
    let money = |value: f64, error: Option<f64>| with_error(&grouped(value, 0), error.map(|e| grouped(e, 0)));
    let share = |value: f64, error: Option<f64>| with_error(&percent(value, 2), error.map(|e| percent(e, 2)));

    let mut risk = Table::default();
    let levels = result.risk.iter().map(|risk| percent(risk.confidence_level, 0));
    risk.row(std::iter::once("Loss not exceeded with".to_owned()).chain(levels));
    risk.row(line("Value at risk (VaR)", &result.risk, |risk| {
        money(risk.value_at_risk, risk.standard_errors.value_at_risk)
    }));
    risk.row(line("Mean loss beyond (CVaR)", &result.risk, |risk| {
        money(risk.conditional_value_at_risk, risk.standard_errors.conditional_value_at_risk)
    }));

    let mut path = Table::default();
    path.row(["Mean profit".to_owned(), money(statistics.mean, errors.mean)]);
    let deviation = money(statistics.standard_deviation, errors.standard_deviation);
    path.row(["Standard deviation".to_owned(), deviation]);
    let loss = share(statistics.probability_of_loss, errors.probability_of_loss);
    path.row(["Probability of a loss".to_owned(), loss]);
    let drawdown = &result.drawdown;
    let expected = share(drawdown.expected_maximum, drawdown.expected_maximum_standard_error);
    path.row(["Maximum drawdown, mean".to_owned(), expected]);
    path.row(["Maximum drawdown, worst".to_owned(), percent(drawdown.worst_maximum, 2)]);

    let mut text = String::new();
    // Writing to a string can't fail.
    let _ = writeln!(
        text,
        "\nMonte Carlo: {} paths × {} days × {} assets, seed {}, from {} days of history\n\
         USD on a portfolio worth {}; ± is the standard error\n",
        grouped(result.paths as f64, 0),
        result.steps,
        result.assets,
        result.seed,
        grouped(result.provenance.history_days as f64, 0),
        grouped(result.initial_value, 2),
    );
    text + &risk.text() + "\n" + &path.text()
}

/// The figures from history.
pub fn var_cvar(result: &VarCvar) -> String {
    let methods = &result.methods;
    let mut table = Table::default();
    let first = methods.historical.first().map_or(0, |loss| loss.horizon);
    let levels = methods.historical.iter().take_while(|loss| loss.horizon == first);
    let names = levels.flat_map(|loss| {
        let level = percent(loss.confidence_level, 0);
        [format!("VaR {level}"), format!("CVaR {level}")]
    });
    table.row(std::iter::once(String::new()).chain(names));
    for (name, losses) in [
        ("Historical", &methods.historical),
        ("Normal", &methods.parametric_normal),
        ("Cornish-Fisher", &methods.cornish_fisher),
    ] {
        for group in losses.chunk_by(|one, other| one.horizon == other.horizon) {
            let days = group.first().map_or(0, |loss| loss.horizon);
            let plural = if days == 1 { "" } else { "s" };
            let mark = if group.iter().all(|loss| loss.monotone) { "" } else { " *" };
            let cells = group.iter().flat_map(cells);
            table.row(std::iter::once(format!("{name}, {days} day{plural}{mark}")).chain(cells));
        }
    }
    let note = if methods.cornish_fisher.iter().all(|loss| loss.monotone) { "" } else { NOTE };
    format!("\nFrom history: loss as a share of the portfolio's value\n\n{}{note}", table.text())
}

fn cells(loss: &Loss) -> [String; 2] {
    [percent(loss.value_at_risk, 2), percent(loss.conditional_value_at_risk, 2)]
}

fn line<T>(name: &str, entries: &[T], cell: impl Fn(&T) -> String) -> Vec<String> {
    std::iter::once(name.to_owned()).chain(entries.iter().map(cell)).collect()
}

fn with_error(value: &str, error: Option<String>) -> String {
    error.map_or_else(|| value.to_owned(), |error| format!("{value} ± {error}"))
}
