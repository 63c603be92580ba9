use crate::{QuantError, root::of_present_value};

/// The net present value `Σ F_k (1 + r)^(-t_k)`.
///
/// * `flows`: time in years and amount; what is paid is negative.
/// * `rate`: a year, above -1.
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange`, `Overflow`.
pub fn net_present_value(rate: f64, flows: &[(f64, f64)]) -> Result<f64, QuantError> {
    check_rate("rate", rate)?;
    check_flows(flows)?;
    finite(flows.iter().map(|(time, amount)| amount * libm::pow(1.0 + rate, -time)).sum())
}

/// All rates at which the net present value is 0, ascending: none for flows of one sign, possibly several where the flows
/// change their sign more than once. There is one investment's internal rate of return only where there is one rate.
///
/// The search covers rates whose logarithm times the last time is within ±40.
///
/// # Errors
/// `Empty`, `NotFinite`, `OutOfRange` unless the last time is positive.
pub fn internal_rates(flows: &[(f64, f64)]) -> Result<Vec<f64>, QuantError> {
    check_flows(flows)?;
    let span = flows.iter().map(|(time, _)| *time).fold(0.0, f64::max);
    if span <= 0.0 {
        return Err(QuantError::OutOfRange {
            name: "time",
            range: "positive for the last flow",
            value: span,
        });
    }
    let worth = |growth: f64| {
        flows.iter().map(|(time, amount)| amount * libm::exp(-growth * time / span)).sum::<f64>()
    };
    let rates = of_present_value(worth).into_iter().map(|growth| libm::expm1(growth / span));
    Ok(rates.filter(|rate| rate.is_finite()).collect())
}

/// The modified internal rate of return: what is paid is financed at one rate, what comes is reinvested at another until the
/// last time.
///
/// # Errors
/// As for [`net_present_value`]; `ValueNotPositive` unless something is paid and something comes.
pub fn modified_internal_rate(
    flows: &[(f64, f64)],
    finance_rate: f64,
    reinvest_rate: f64,
) -> Result<f64, QuantError> {
    let side = |keep: fn(f64) -> bool| -> Vec<(f64, f64)> {
        flows.iter().copied().filter(|(_, amount)| keep(*amount)).collect()
    };
    check_flows(flows)?;
    let span = flows.iter().map(|(time, _)| *time).fold(0.0, f64::max);
    let (paid, comes) = (side(|amount| amount < 0.0), side(|amount| amount > 0.0));
    if paid.is_empty() || comes.is_empty() || span <= 0.0 {
        return Err(QuantError::ValueNotPositive { row: 0, value: 0.0 });
    }
    let cost = -net_present_value(finance_rate, &paid)?;
    let worth = net_present_value(reinvest_rate, &comes)? * libm::pow(1.0 + reinvest_rate, span);
    finite(libm::pow(worth / cost, 1.0 / span) - 1.0)
}

/// When what came has covered what was paid, with an even flow between two times; none where it never does.
///
/// # Errors
/// `Empty`, `NotFinite`.
pub fn payback(flows: &[(f64, f64)]) -> Result<Option<f64>, QuantError> {
    check_flows(flows)?;
    let (mut total, mut before) = (0.0, 0.0);
    for &(time, amount) in flows {
        if total < 0.0 && total + amount >= 0.0 {
            return Ok(Some(before + (time - before) * (-total / amount)));
        }
        total += amount;
        before = time;
    }
    Ok(None)
}

/// [`payback`] of the flows' present values.
///
/// # Errors
/// As for [`net_present_value`].
pub fn discounted_payback(rate: f64, flows: &[(f64, f64)]) -> Result<Option<f64>, QuantError> {
    check_rate("rate", rate)?;
    let discounted: Vec<(f64, f64)> =
        flows.iter().map(|&(time, amount)| (time, amount * libm::pow(1.0 + rate, -time))).collect();
    payback(&discounted)
}

/// The present value of all later flows over the first one, which is paid.
///
/// # Errors
/// As for [`net_present_value`]; `ValueNotPositive` unless the first flow is paid.
pub fn profitability_index(rate: f64, flows: &[(f64, f64)]) -> Result<f64, QuantError> {
    let value = net_present_value(rate, flows)?;
    let paid = -flows[0].1;
    if paid <= 0.0 {
        return Err(QuantError::ValueNotPositive { row: 0, value: paid });
    }
    finite((value + paid) / paid)
}

pub(super) fn check_rate(name: &'static str, rate: f64) -> Result<(), QuantError> {
    if rate > -1.0 && rate.is_finite() {
        return Ok(());
    }
    Err(QuantError::OutOfRange { name, range: "above -1", value: rate })
}

fn check_flows(flows: &[(f64, f64)]) -> Result<(), QuantError> {
    if flows.is_empty() {
        return Err(QuantError::Empty { what: "flows" });
    }
    match flows.iter().position(|(time, amount)| !(time.is_finite() && amount.is_finite())) {
        Some(row) => Err(QuantError::NotFinite { what: "flows", row, column: 0 }),
        None => Ok(()),
    }
}

pub(super) fn finite(value: f64) -> Result<f64, QuantError> {
    if value.is_finite() { Ok(value) } else { Err(QuantError::Overflow { what: "the present value" }) }
}
