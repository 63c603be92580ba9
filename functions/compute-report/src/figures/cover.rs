use computations::report::Input;
use domain::{currency::Currency, task::PayloadRef};
use report::model::{Cover, Period};

use super::{Risk, Subject};

/// How much of a hash tells one report from another.
const REFERENCE: usize = 12;

/// The cover of a report on a portfolio.
pub(crate) fn cover(title: &str, subject: Subject) -> Cover {
    let Subject { of, input, reference } = subject;
    let (first, last) = (of.days.first().copied(), of.days.last().copied());
    let period = first.zip(last);
    Cover {
        as_of: last.unwrap_or(input.asked_on),
        period: period.map(|(from, to)| Period { from, to, observations: of.returns.periods() }),
        ..plain_cover(title, (&of.name, of.currency), (input, reference))
    }
}

/// A cover without a history, as of the day on which the report was asked for.
pub(crate) fn plain_cover(
    title: &str,
    (subject, currency): (&str, Currency),
    (input, reference): (&Input, &PayloadRef),
) -> Cover {
    Cover {
        title: title.to_owned(),
        subject: subject.to_owned(),
        organisation: input.organisation.clone(),
        currency: currency.to_string(),
        as_of: input.asked_on,
        period: None,
        generated_on: input.asked_on,
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        reference: reference.sha256.chars().take(REFERENCE).collect(),
    }
}

/// What a reader must know about the data.
pub(crate) fn warnings(subject: Subject, risk: &Risk) -> Vec<String> {
    let Subject { of, .. } = subject;
    let mut warnings = Vec::new();
    let periods = of.returns.periods();
    if periods < 252 {
        warnings.push(format!(
            "The history has only {periods} returns, less than a year: annual figures, tails and correlations are rough."
        ));
    }
    if of.returns.assets() > periods {
        warnings.push(
            "There are more holdings than returns: the covariance is singular, and the frontier is not reliable.".into(),
        );
    }
    if subject.is_by_weight() {
        warnings.push(format!(
            "The portfolio is held by weight: amounts are those of a notional value of {} {}.",
            of.value, of.currency
        ));
    }
    let wanted = of.until.map_or(subject.input.asked_on, |until| until.min(subject.input.asked_on));
    if let Some(last) = of.days.last()
        && wanted.since(*last).is_ok_and(|age| age.get_days() > 7)
    {
        warnings.push(format!("The last day on which all holdings have a price is {last}."));
    }
    if of.cash.is_some() {
        warnings.push(
            "The portfolio is kept by transactions: values, weights and risk are those of its holdings, without its cash."
                .into(),
        );
    }
    if risk.measures.iter().any(|measure| !measure.reliable) {
        warnings.push(
            "The history's skewness and kurtosis are too strong for the Cornish-Fisher expansion: figures that are marked \
             as unreliable may be far off, or smaller at a higher confidence."
                .into(),
        );
    }
    warnings
}
