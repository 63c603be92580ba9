/// The type-7 quantile of values sorted ascending (the default of `NumPy`, R and Excel): linear between the order
/// statistics around `(n - 1) p` (Hyndman & Fan 1996).
///
/// * `sorted`: at least one finite value.
/// * `probability`: in [0, 1].
pub(crate) fn quantile(sorted: &[f64], probability: f64) -> f64 {
    let at = probability * (sorted.len() - 1) as f64;
    let below = (at.floor() as usize).min(sorted.len() - 1);
    let above = (below + 1).min(sorted.len() - 1);
    let share = at - below as f64;
    let (low, high) = (sorted[below], sorted[above]);
    // From the nearer end, as NumPy does it: monotone in the probability.
    if share < 0.5 { low + (high - low) * share } else { high - (high - low) * (1.0 - share) }
}

/// The values in ascending order.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lies_between_the_order_statistics() {
        let values = sorted(&[3.0, 1.0, 2.0, 4.0]);
        for (p, expected) in [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (1.0, 4.0), (0.9, 3.7)] {
            assert!((quantile(&values, p) - expected).abs() < 1e-15);
        }
        assert!((quantile(&[7.0], 0.3) - 7.0).abs() < f64::EPSILON);
    }
}
