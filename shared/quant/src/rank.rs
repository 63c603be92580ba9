/// `⌈α n⌉`, at least 1 and at most n, where a product that misses a whole number by rounding alone counts as that number
/// (`(1 - 0.95) · 10⁶` is 50 000, not 50 001).
pub(crate) fn rank(alpha: f64, n: u64) -> u64 {
    let product = alpha * n as f64;
    let nearest = product.round();
    let whole = (product - nearest).abs() <= 1e-9 * nearest.max(1.0) && nearest > 0.0;
    let rank = if whole { nearest } else { product.ceil() };
    (rank as u64).clamp(1, n.max(1))
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn rounding_alone_does_not_move_a_rank() {
        assert_eq!(rank(1.0 - 0.95, 1_000_000), 50_000);
        assert_eq!(rank(1.0 - 0.95, 1258), 63);
        assert_eq!(rank(1.0 - 0.99, 10), 1);
        assert_eq!(rank(1e-12, 10), 1);
        assert_eq!(rank(1.0 - 1e-17, 10), 10);
    }
}
