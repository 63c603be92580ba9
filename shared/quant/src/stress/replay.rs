use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Impact, impact::revalue};
use crate::{Matrix, QuantError, Weights};

/// A portfolio taken through a stretch of past prices. Indices count the rows of the stretch from 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = StressReplay)]
pub struct Replay {
    /// The number of closes.
    pub rows: usize,
    /// The profit or loss of the portfolio bought at the first close and held to the last.
    pub impact: Impact,
    /// Its largest drawdown on closes, negative or 0; below -1 where short positions lose more than everything.
    pub max_drawdown: f64,
    /// The row of the lowest close of that drawdown.
    pub trough: usize,
    /// The worst return from one close to the next while there is value left.
    pub worst_return: f64,
    /// Its row.
    pub worst: usize,
    /// The first row at which nothing is left; null where the portfolio survives.
    pub ruined: Option<usize>,
    /// The return of the portfolio rebalanced to its weights at each close; null where it is ruined on the way.
    pub rebalanced_return: Option<f64>,
}

/// Replays a stretch of past prices: bought at the first close at the weights, `V_t = Σ w_i P_it / P_i0`, and held.
///
/// * `prices`: closes × assets, at least two rows, above 0.
/// * `notional`: the portfolio's worth at the start.
///
/// # Errors
/// `AssetsMismatch`, `TooFewRows`, `PriceNotPositive`, `OutOfRange` for the notional, `Overflow`.
pub fn replay(prices: &Matrix, weights: &Weights, notional: f64) -> Result<Replay, QuantError> {
    weights.must_cover(prices.columns())?;
    let rows = prices.rows();
    if rows < 2 {
        return Err(QuantError::TooFewRows { rows, minimum: 2 });
    }
    for row in 0..rows {
        if let Some(column) = prices.row(row).iter().position(|&price| price <= 0.0) {
            return Err(QuantError::PriceNotPositive { row, column, value: prices[(row, column)] });
        }
    }
    let (first, last) = (prices.row(0), prices.row(rows - 1));
    let shocks: Vec<f64> = first.iter().zip(last).map(|(first, last)| last / first - 1.0).collect();
    let weights_slice = weights.as_slice();
    let mut path = Path {
        value: 1.0,
        peak: 1.0,
        max_drawdown: 0.0,
        trough: 0,
        worst_return: 0.0,
        worst: 0,
        ruined: None,
    };
    let mut rebalanced = Some(1.0);
    for row in 1..rows {
        let (before, now) = (prices.row(row - 1), prices.row(row));
        let held = weights_slice.iter().zip(first).zip(now);
        path.step(row, held.map(|((weight, first), now)| weight * (now / first)).sum::<f64>());
        let daily = weights_slice.iter().zip(before).zip(now);
        let growth = 1.0 + daily.map(|((weight, before), now)| weight * (now / before - 1.0)).sum::<f64>();
        rebalanced = rebalanced.filter(|_| growth > 0.0).map(|value| value * growth);
    }
    if !(path.value.is_finite() && rebalanced.is_none_or(f64::is_finite)) {
        return Err(QuantError::Overflow { what: "the portfolio's value" });
    }
    Ok(Replay {
        rows,
        impact: revalue(weights, &shocks, notional)?,
        max_drawdown: path.max_drawdown,
        trough: path.trough,
        worst_return: path.worst_return,
        worst: path.worst,
        ruined: path.ruined,
        rebalanced_return: rebalanced.map(|value| value - 1.0),
    })
}

struct Path {
    value: f64,
    peak: f64,
    max_drawdown: f64,
    trough: usize,
    worst_return: f64,
    worst: usize,
    ruined: Option<usize>,
}

impl Path {
    fn step(&mut self, row: usize, value: f64) {
        let change = value / self.value - 1.0;
        if self.ruined.is_none() && (self.worst == 0 || change < self.worst_return) {
            (self.worst_return, self.worst) = (change, row);
        }
        self.peak = self.peak.max(value);
        let drawdown = value / self.peak - 1.0;
        if drawdown < self.max_drawdown {
            (self.max_drawdown, self.trough) = (drawdown, row);
        }
        if value <= 0.0 {
            self.ruined.get_or_insert(row);
        }
        self.value = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prices(rows: &[[f64; 2]]) -> Matrix {
        Matrix::from_rows("prices", rows).unwrap()
    }

    #[test]
    fn bought_and_held() {
        let weights = Weights::equal(2).unwrap();
        let result = replay(&prices(&[[1.0, 10.0], [0.5, 10.0], [1.0, 10.0]]), &weights, 100.0).unwrap();
        assert!(result.impact.pnl.abs() < 1e-12 && (result.max_drawdown + 0.25).abs() < 1e-15);
        assert_eq!((result.rows, result.trough, result.worst, result.ruined), (3, 1, 1, None));
        assert!((result.rebalanced_return.unwrap() - 0.125).abs() < 1e-15);
    }

    #[test]
    fn a_short_position_can_ruin() {
        let weights = Weights::new(vec![-1.0, 2.0]).unwrap();
        let result = replay(&prices(&[[1.0, 1.0], [3.0, 1.0], [1.0, 1.0]]), &weights, 100.0).unwrap();
        assert_eq!((result.ruined, result.rebalanced_return, result.worst), (Some(1), None, 1));
        assert!((result.max_drawdown + 2.0).abs() < 1e-15);
        assert!(replay(&prices(&[[1.0, 1.0]]), &weights, 100.0).is_err());
        assert!(replay(&prices(&[[1.0, 1.0], [0.0, 1.0]]), &weights, 100.0).is_err());
    }
}
