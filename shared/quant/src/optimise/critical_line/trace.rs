use super::{Corner, CriticalLine, free::Free};
use crate::{Matrix, estimate::linear::dot};

#[derive(Clone, Copy, PartialEq)]
enum State {
    Lower,
    Upper,
    Free,
}

#[derive(Clone, Copy)]
enum Event {
    Leaves(usize, State),
    Enters(usize),
}

/// The frontier `min ½ wᵀΣw - λ μᵀw` for λ from ∞ to 0 under `Σ w = 1` and `l ≤ w ≤ u` (Markowitz 1956; Niedermayer &
/// Niedermayer 2010), exactly: a corner wherever an asset meets or leaves a bound.
///
/// * `covariance`: positive definite.
/// * `lower`, `upper`: finite, `lower ≤ upper`, and 1 between their sums.
///
/// `None` where rounding stops the algorithm (a singular block, or more steps than any frontier of this size should
/// need): the caller then takes a general solver.
pub(crate) fn trace(mean: &[f64], covariance: &Matrix, lower: &[f64], upper: &[f64]) -> Option<CriticalLine> {
    let n = mean.len();
    let (mut weights, mut states, first) = highest_return(mean, lower, upper);
    let mut free = Free::new(covariance, first)?;
    let mut held = vec![0.0; n];
    for i in (0..n).filter(|&i| i != first) {
        shift(&mut held, covariance, i, weights[i]);
    }
    let mut lambda = f64::INFINITY;
    let mut corners = Vec::new();
    for _ in 0..(20 * n + 200) {
        let step = Line::at(mean, &free, &held, &weights)?;
        let (fixed, slope) = step.products(covariance, &free, &held);
        let (next, event) = step.next_event(mean, &free, (&fixed, &slope), &states, (lower, upper), lambda);
        let next = if event.is_some() { next.max(0.0) } else { 0.0 };
        for (k, &asset) in free.assets.iter().enumerate() {
            weights[asset] = (step.fixed[k] + next * step.slope[k]).clamp(lower[asset], upper[asset]);
        }
        if !weights.iter().all(|weight| weight.is_finite()) {
            return None;
        }
        let product: Vec<f64> = fixed.iter().zip(&slope).map(|(a, b)| a + next * b).collect();
        if next < lambda {
            let (expected, variance) = (dot(&weights, mean), dot(&weights, &product));
            corners.push(Corner { lambda: next, weights: weights.clone(), expected, variance });
        }
        lambda = next;
        match event {
            None => return Some(CriticalLine { corners }),
            Some(Event::Leaves(position, state)) => {
                let asset = free.assets[position];
                states[asset] = state;
                weights[asset] = if state == State::Lower { lower[asset] } else { upper[asset] };
                free.remove(covariance, position)?;
                shift(&mut held, covariance, asset, weights[asset]);
            }
            Some(Event::Enters(asset)) => {
                states[asset] = State::Free;
                shift(&mut held, covariance, asset, -weights[asset]);
                free.add(covariance, asset)?;
            }
        }
    }
    None
}

/// The maximum-return portfolio: every asset at its lower bound, then filled up by falling return. The asset that was
/// filled last is free.
fn highest_return(mean: &[f64], lower: &[f64], upper: &[f64]) -> (Vec<f64>, Vec<State>, usize) {
    let mut order: Vec<usize> = (0..mean.len()).collect();
    order.sort_by(|&a, &b| mean[b].total_cmp(&mean[a]).then(a.cmp(&b)));
    let mut weights = lower.to_vec();
    let mut states = vec![State::Lower; mean.len()];
    let mut left = 1.0 - lower.iter().sum::<f64>();
    let mut last = order[0];
    for &asset in &order {
        if left <= 1e-15 {
            break;
        }
        let room = (upper[asset] - lower[asset]).min(left);
        if room > 0.0 {
            weights[asset] += room;
            states[asset] = State::Upper;
            left -= room;
            last = asset;
        }
    }
    states[last] = State::Free;
    (weights, states, last)
}

fn shift(held: &mut [f64], covariance: &Matrix, asset: usize, weight: f64) {
    if weight != 0.0 {
        for (value, entry) in held.iter_mut().zip(covariance.row(asset)) {
            *value += weight * entry;
        }
    }
}

/// The free weights as a line in λ, `w_F = fixed + λ slope`, and the budget's multiplier `ν = budget.0 + λ budget.1`.
struct Line {
    fixed: Vec<f64>,
    slope: Vec<f64>,
    budget: (f64, f64),
}

impl Line {
    /// * `held`: `Σ w` of the assets at their bounds, for all assets.
    fn at(mean: &[f64], free: &Free, held: &[f64], weights: &[f64]) -> Option<Self> {
        let gather = |values: &[f64]| free.assets.iter().map(|&asset| values[asset]).collect::<Vec<_>>();
        let ones = free.solve(&vec![1.0; free.assets.len()]);
        let means = free.solve(&gather(mean));
        let bound = free.solve(&gather(held));
        let (a, b, c) = (ones.iter().sum::<f64>(), means.iter().sum::<f64>(), bound.iter().sum::<f64>());
        let at_bounds = weights.iter().sum::<f64>() - gather(weights).iter().sum::<f64>();
        let budget = ((1.0 - at_bounds + c) / a, -b / a);
        if !(budget.0.is_finite() && budget.1.is_finite()) {
            return None;
        }
        let fixed = ones.iter().zip(&bound).map(|(one, bound)| one * budget.0 - bound).collect();
        let slope = ones.iter().zip(&means).map(|(one, mean)| mean + one * budget.1).collect();
        // A single free asset has no direction to move in; what is left of one is rounding.
        let slope = if free.assets.len() == 1 { vec![0.0] } else { slope };
        Some(Self { fixed, slope, budget })
    }

    /// `Σ w` of all assets as a line in λ.
    fn products(&self, covariance: &Matrix, free: &Free, held: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut fixed = held.to_vec();
        let mut slope = vec![0.0; held.len()];
        for (k, &asset) in free.assets.iter().enumerate() {
            let row = covariance.row(asset);
            let (a, b) = (self.fixed[k], self.slope[k]);
            for ((fixed, slope), entry) in fixed.iter_mut().zip(&mut slope).zip(row) {
                *fixed += a * entry;
                *slope += b * entry;
            }
        }
        (fixed, slope)
    }

    /// The largest λ below `lambda` at which a free asset meets a bound or one at a bound wants to leave it.
    fn next_event(
        &self,
        mean: &[f64],
        free: &Free,
        (fixed, slope): (&[f64], &[f64]),
        states: &[State],
        (lower, upper): (&[f64], &[f64]),
        lambda: f64,
    ) -> (f64, Option<Event>) {
        let mut next = (0.0, None);
        let mut consider = |at: f64, event: Event| {
            let at = at.min(lambda);
            if at > next.0 || (next.1.is_none() && at > 0.0) {
                next = (at, Some(event));
            }
        };
        let steepest = self.slope.iter().fold(0.0f64, |most, slope| most.max(slope.abs()));
        for (k, &asset) in free.assets.iter().enumerate() {
            let (bound, state) =
                if self.slope[k] > 0.0 { (lower[asset], State::Lower) } else { (upper[asset], State::Upper) };
            if self.slope[k].abs() > 1e-13 * steepest {
                consider((bound - self.fixed[k]) / self.slope[k], Event::Leaves(k, state));
            }
        }
        for asset in (0..mean.len()).filter(|&asset| states[asset] != State::Free) {
            if lower[asset] >= upper[asset] {
                continue;
            }
            let constant = fixed[asset] - self.budget.0;
            let rise = slope[asset] - self.budget.1 - mean[asset];
            let leaves = if states[asset] == State::Lower { rise > 0.0 } else { rise < 0.0 };
            if leaves {
                consider(-constant / rise, Event::Enters(asset));
            }
        }
        next
    }
}
