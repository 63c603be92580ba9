use computations::report::{Trials, Valuation};
use quant::valuation::{Outcome, Warning};
use report::model::Note;

/// How figures are meant.
pub(super) fn notes(run: &Valuation) -> Vec<Note> {
    let note = |topic: &str, text: &str| Note { topic: topic.to_owned(), text: text.to_owned() };
    let timing = if run.result.inputs.mid_year {
        "Cash flows come in the middle of their years, and so does what the perpetuity is taken over from; an exit multiple is \
         paid at the end of the last year."
    } else {
        "Cash flows come at the ends of their years."
    };
    let run_id = format!(
        "Run {} of {}, computed by {}; all of its steps can be had from the API under this id.",
        run.run, run.run_on, run.result.engine_version
    );
    let mut notes = vec![
        note("Run", &run_id),
        note(
            "Units",
            "Amounts are in the unit of the inputs, which may be thousands or millions of the currency; the value of a share is \
             equity value over shares, both in the inputs' units. Rates and margins are shown in percent.",
        ),
        note(
            "Free cash flow",
            "EBIT less tax on it, plus depreciation and amortisation, less capital expenditure, less what working capital takes \
             up; before interest, so it belongs to all who finance the company (Koller, Goedhart & Wessels 2020).",
        ),
        note(
            "Discounting",
            &format!("{timing} All are discounted with the weighted average cost of capital."),
        ),
        note(
            "Terminal value",
            "Growing perpetuity: the last year's free cash flow times (1 + g) / (WACC − g) (Gordon & Shapiro 1956). Exit multiple: \
             a multiple of the last year's EBITDA. The figures at the top are of the method that the run chose.",
        ),
        note(
            "Options",
            "Dilute by the treasury-stock method at the value of a share itself. The equity value may be negative: that \
             shareholders' liability is limited is not taken into account.",
        ),
        note(
            "Implied growth",
            "One rate for all explicit years at which the value of a share is its price, all else as assumed, and at which the value \
             moves with growth as it does at the assumed growth; not shown where there is none, or more than one.",
        ),
    ];
    if matches!(run.simulation, Trials::Some(_)) {
        notes.push(note(
            "Monte Carlo",
            "Assumptions are drawn from the run's distributions, correlated by a Gaussian copula; growth and margin of later years \
             move along with those of year 1. The histogram goes from the 0.5th to the 99.5th percentile. What the value depends \
             on is told by Spearman's rank correlations. The seed makes the same trials again.",
        ));
    }
    notes
}

/// What a reader must know.
pub(super) fn warnings(run: &Valuation) -> Vec<String> {
    let mut warnings: Vec<String> =
        run.result.valuation.warnings.iter().map(|warning| told(*warning).to_owned()).collect();
    match &run.simulation {
        Trials::Missing => warnings.push(
            "The run was to be simulated, but there was no outcome when this report was asked for: its task had not ended, had \
             failed, or was kept no longer."
                .to_owned(),
        ),
        Trials::Some(outcome) => warnings.extend(left_out(outcome)),
        Trials::None => {}
    }
    warnings
}

fn left_out(of: &Outcome) -> Vec<String> {
    let mut told = Vec::new();
    if of.undefined.trials > 0 {
        told.push(format!(
            "{} of {} trials have no value, for example because their WACC is not above the terminal growth. They are left out, \
             so the spread is that of the others.",
            of.undefined.trials, of.trials
        ));
    }
    if of.near_growth.trials > 0 {
        told.push(format!(
            "{} of {} trials have a WACC above the terminal growth by less than a percentage point. They are left out, as mean \
             and standard deviation would not converge with them.",
            of.near_growth.trials, of.trials
        ));
    }
    told
}

fn told(warning: Warning) -> &'static str {
    match warning {
        Warning::TerminalCashFlowNotPositive => {
            "The last explicit year's free cash flow is not positive: a perpetuity of it has no sensible value."
        }
        Warning::TerminalValueDominates => {
            "The terminal value is more than 85% of the enterprise value: the result hangs on what is assumed beyond the \
             explicit years."
        }
        Warning::GrowthDropsAfterLastYear => {
            "Revenue still grows by more than 2 percentage points above the perpetuity in the last explicit year."
        }
        Warning::GrowthWithoutInvestment => {
            "The perpetuity grows while capital expenditure is below depreciation."
        }
        Warning::EquityNotPositive => {
            "Debt and minority interests are worth more than the enterprise value and cash: there is nothing left for the \
             shareholders."
        }
        Warning::GrowthImplausible => "Revenue doubles in a year, or grows by more.",
        Warning::MarginImplausible => "A margin, or EBITDA over revenue, is 90% or more.",
        Warning::RatioImplausible => "Depreciation or capital expenditure is 90% of revenue or more.",
    }
}
