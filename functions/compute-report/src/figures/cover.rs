use jiff::{civil::Date, tz::TimeZone};
use report::model::{Cover, Period};

use super::Subject;

/// How much of a hash tells one report from another.
const REFERENCE: usize = 12;

pub(crate) fn cover(title: &str, subject: Subject) -> Cover {
    let Subject { of, input, reference } = subject;
    let midnight = |date: Date| date.to_zoned(TimeZone::UTC).map(|time| time.timestamp()).unwrap_or_default();
    let (first, last) = (of.days.first().copied(), of.days.last().copied());
    Cover {
        title: title.to_owned(),
        subject: of.name.clone(),
        organisation: input.organisation.clone(),
        currency: of.currency.to_string(),
        as_of: last.unwrap_or(input.asked_on),
        period: first.zip(last).map(|(from, to)| Period { from, to, observations: of.returns.periods() }),
        generated_at: midnight(input.asked_on),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        reference: reference.sha256.chars().take(REFERENCE).collect(),
    }
}

/// What a reader must know about the data.
pub(crate) fn warnings(subject: Subject) -> Vec<String> {
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
    if of.holdings.iter().any(|holding| holding.quantity.is_none()) {
        warnings.push(format!(
            "The portfolio is held by weight: amounts are those of a notional value of {} {}.",
            of.value, of.currency
        ));
    }
    if let Some(last) = of.days.last()
        && subject.input.asked_on.since(*last).is_ok_and(|age| age.get_days() > 7)
    {
        warnings.push(format!("The last day on which all holdings have a price is {last}."));
    }
    warnings
}
