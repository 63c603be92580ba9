use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Matrix, QuantError, Weights, moments::standard_deviation};

/// When a portfolio is brought back to its targets.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[schema(as = RebalancePolicy)]
pub enum Policy {
    /// Never.
    Never,
    /// At the last close of each month.
    Monthly,
    /// At the last close of each quarter.
    Quarterly,
    /// At each close at which a weight is off its target by more than the width.
    Band {
        /// The width, as a fraction of the portfolio.
        width: f64,
    },
}

/// A rebalancing policy over past prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = RebalanceSimulation)]
pub struct Simulation {
    /// The portfolio's value at each close, after costs.
    pub values: Vec<f64>,
    /// The rows at which it was rebalanced.
    pub rebalances: Vec<usize>,
    /// All costs, in the currency of the initial value.
    pub total_cost: f64,
    /// The traded values as fractions of the portfolio's value then, added up.
    pub traded_fraction: f64,
    /// The largest drawdown on closes, negative or 0.
    pub max_drawdown: f64,
    /// The volatility a year (252 days).
    pub annual_volatility: f64,
}

/// Simulates a policy with fractional quantities: bought at the first close without cost; at a rebalance
/// `Σ |w_i V - V_i|` is traded, its cost is paid from the portfolio, and each position is then `w_i (V - cost)`. The last
/// close is never one to trade at.
///
/// * `prices`: closes × assets, at least three rows, above 0.
/// * `dates`: ascending, one a row.
/// * `cost`: the fraction of the traded value that it costs, in [0, 1).
///
/// # Errors
/// `AssetsMismatch`, `LengthMismatch`, `DatesNotAscending`, `TooFewRows`, `PriceNotPositive`, `OutOfRange`,
/// `ValueNotPositive` where nothing is left, `Overflow`.
pub fn simulate(
    prices: &Matrix,
    dates: &[Date],
    targets: &Weights,
    policy: Policy,
    cost: f64,
    initial_value: f64,
) -> Result<Simulation, QuantError> {
    check(prices, dates, targets, cost, initial_value)?;
    let targets = targets.as_slice();
    let invest = |value: f64| targets.iter().map(|weight| weight * value).collect::<Vec<f64>>();
    let mut held = invest(initial_value);
    let mut values = vec![initial_value];
    let (mut rebalances, mut total_cost, mut traded_fraction) = (Vec::new(), 0.0, 0.0);
    for row in 1..prices.rows() {
        for ((value, now), before) in held.iter_mut().zip(prices.row(row)).zip(prices.row(row - 1)) {
            *value *= now / before;
        }
        let mut value: f64 = held.iter().sum();
        if value <= 0.0 {
            return Err(QuantError::ValueNotPositive { row, value });
        }
        if row + 1 < prices.rows() && due(policy, dates[row], dates[row + 1], &held, targets, value) {
            let traded: f64 =
                held.iter().zip(targets).map(|(held, weight)| (weight * value - held).abs()).sum();
            total_cost += traded * cost;
            traded_fraction += traded / value;
            value -= traded * cost;
            held = invest(value);
            rebalances.push(row);
        }
        values.push(value);
    }
    let returns: Vec<f64> = values.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
    let mut peak = f64::MIN_POSITIVE;
    let max_drawdown = values.iter().fold(0.0f64, |deepest, &value| {
        peak = peak.max(value);
        deepest.min(value / peak - 1.0)
    });
    let annual_volatility = standard_deviation(&returns, 1)? * 252f64.sqrt();
    Ok(Simulation { values, rebalances, total_cost, traded_fraction, max_drawdown, annual_volatility })
}

fn due(policy: Policy, today: Date, next: Date, held: &[f64], targets: &[f64], value: f64) -> bool {
    let month = |date: Date| (date.year(), date.month());
    let quarter = |date: Date| (date.year(), (date.month() - 1) / 3);
    match policy {
        Policy::Never => false,
        Policy::Monthly => month(today) != month(next),
        Policy::Quarterly => quarter(today) != quarter(next),
        Policy::Band { width } => {
            held.iter().zip(targets).any(|(held, weight)| (held / value - weight).abs() > width)
        }
    }
}

fn check(
    prices: &Matrix,
    dates: &[Date],
    targets: &Weights,
    cost: f64,
    value: f64,
) -> Result<(), QuantError> {
    targets.must_cover(prices.columns())?;
    if dates.len() != prices.rows() {
        let (found, expected) = (dates.len(), prices.rows());
        return Err(QuantError::LengthMismatch { what: "the dates", found, expected });
    }
    if let Some(before) = dates.windows(2).position(|pair| pair[1] <= pair[0]) {
        return Err(QuantError::DatesNotAscending { row: before + 1 });
    }
    if prices.rows() < 3 {
        return Err(QuantError::TooFewRows { rows: prices.rows(), minimum: 3 });
    }
    for row in 0..prices.rows() {
        if let Some(column) = prices.row(row).iter().position(|&price| price <= 0.0) {
            return Err(QuantError::PriceNotPositive { row, column, value: prices[(row, column)] });
        }
    }
    if !(0.0..1.0).contains(&cost) {
        return Err(QuantError::OutOfRange { name: "cost", range: "at least 0 and below 1", value: cost });
    }
    if !(value > 0.0 && value <= 1e15) {
        return Err(QuantError::OutOfRange {
            name: "initial_value",
            range: "above 0 and at most 1e15",
            value,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_end_where_the_next_close_is_in_another() {
        let dates = [date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29)];
        let prices = Matrix::from_rows("prices", &[[1.0, 1.0], [2.0, 1.0], [2.0, 1.0], [2.0, 1.0]]).unwrap();
        let equal = Weights::equal(2).unwrap();
        let result = simulate(&prices, &dates, &equal, Policy::Monthly, 0.01, 100.0).unwrap();
        assert_eq!(result.rebalances, [1]);
        assert!((result.total_cost - 0.5).abs() < 1e-12 && (result.values[3] - 149.5).abs() < 1e-12);
        let never = simulate(&prices, &dates, &equal, Policy::Never, 0.01, 100.0).unwrap();
        assert!(never.rebalances.is_empty() && (never.values[3] - 150.0).abs() < 1e-12);
        assert!(simulate(&prices, &dates[1..], &equal, Policy::Never, 0.0, 1.0).is_err());
        assert!(simulate(&prices, &dates, &equal, Policy::Never, 1.0, 1.0).is_err());
    }
}
