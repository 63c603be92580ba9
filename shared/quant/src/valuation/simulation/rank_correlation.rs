/// The places of values in ascending order, by a radix sort (least significant digit first): linear in their number, and
/// stable.
pub(super) fn ascending(values: &[f64]) -> Vec<u32> {
    const BITS: u32 = 11;
    const MASK: u64 = (1 << BITS) - 1;
    let mut order: Vec<(u64, u32)> = values.iter().map(|&value| key(value)).zip(0..).collect();
    let mut next = order.clone();
    for shift in (0..u64::BITS).step_by(BITS as usize) {
        let digit = |key: u64| (key >> shift & MASK) as usize;
        let mut starts = [0u32; 1 << BITS];
        for &(key, _) in &order {
            starts[digit(key)] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        for &entry in &order {
            let start = &mut starts[digit(entry.0)];
            next[*start as usize] = entry;
            *start += 1;
        }
        std::mem::swap(&mut order, &mut next);
    }
    order.into_iter().map(|(_, place)| place).collect()
}

/// A number as a whole number that ascends alike; 0 and -0 are the same.
fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    bits ^ ((bits.cast_signed() >> 63).cast_unsigned() | 1 << 63)
}

/// The ranks of values, from 1, given their order; equal values share the mean of theirs.
pub(super) fn ranks(values: &[f64], order: &[u32]) -> Vec<f64> {
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for group in order.chunk_by(|&left, &right| key(values[left as usize]) == key(values[right as usize])) {
        let rank = start as f64 + f64::midpoint(1.0, group.len() as f64);
        for &place in group {
            ranks[place as usize] = rank;
        }
        start += group.len();
    }
    ranks
}

/// Spearman's rank correlation: Pearson's correlation of two lists of ranks; none where a list has no spread.
pub(super) fn correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    let middle = f64::midpoint(1.0, left.len() as f64);
    let (mut product, mut squares) = (0.0, [0.0; 2]);
    for (left, right) in left.iter().zip(right) {
        let (left, right) = (left - middle, right - middle);
        product += left * right;
        squares[0] += left * left;
        squares[1] += right * right;
    }
    let value = product / (squares[0] * squares[1]).sqrt();
    value.is_finite().then(|| value.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranks_of(values: &[f64]) -> Vec<f64> {
        ranks(values, &ascending(values))
    }

    #[test]
    fn the_order_is_that_of_a_comparing_sort() {
        let mut values: Vec<f64> =
            (0..5000).map(|i| (f64::from(i * 7919 % 5003) - 2500.0).powi(3) * 1e-7).collect();
        values.extend([0.0, -0.0, 1e-310, -1e300, f64::MAX]);
        let sorted: Vec<f64> = ascending(&values).into_iter().map(|place| values[place as usize]).collect();
        assert!(sorted.windows(2).all(|pair| pair[0] <= pair[1]) && sorted.len() == values.len());
        assert!(ascending(&[]).is_empty());
    }

    #[test]
    fn ties_share_their_ranks() {
        assert_eq!(ranks_of(&[3.0, -1.0, 3.0, 0.0, -0.0, 7.0]), [4.5, 1.0, 4.5, 2.5, 2.5, 6.0]);
    }

    /// `scipy.stats.spearmanr([1, 2, 3, 4, 5, 5], [5, 6, 7, 8, 7, 1])`: 0.0588...
    #[test]
    fn agrees_with_a_known_value() {
        let found = correlation(
            &ranks_of(&[1.0, 2.0, 3.0, 4.0, 5.0, 5.0]),
            &ranks_of(&[5.0, 6.0, 7.0, 8.0, 7.0, 1.0]),
        );
        let (left, right) = ([1.0, 2.0, 3.0, 4.0, 5.5, 5.5], [2.0, 3.0, 4.5, 6.0, 4.5, 1.0]);
        let sum = |f: &dyn Fn(usize) -> f64| (0..6).map(f).sum::<f64>();
        let covariance = sum(&|i| (left[i] - 3.5) * (right[i] - 3.5));
        let spread = sum(&|i| (left[i] - 3.5).powi(2)) * sum(&|i| (right[i] - 3.5).powi(2));
        assert!((found.unwrap() - covariance / spread.sqrt()).abs() < 1e-15);
        assert_eq!(correlation(&[1.5, 1.5], &[1.0, 2.0]), None);
    }
}
