/// The direction numbers of Joe & Kuo (2008), search criterion D6, as they publish them.
const TABLE: &str = include_str!("../../../data/joe-kuo/new-joe-kuo-6.4096.txt");
/// The most dimensions of Sobol' points: steps × independent assets.
pub const MAXIMUM_DIMENSIONS: usize = 4096;
/// The bits of a coordinate.
const BITS: usize = 32;

/// The direction numbers of one dimension, one a bit of a point's number.
pub(super) type Directions = [u32; BITS];

/// The direction numbers of the first dimensions; fewer where there aren't as many.
pub(super) fn directions(dimensions: usize) -> Vec<Directions> {
    let first = std::array::from_fn(|bit| 1 << (BITS - 1 - bit));
    let rest = TABLE.lines().skip(1).filter_map(of_line);
    std::iter::once(first).chain(rest).take(dimensions).collect()
}

/// One line: dimension, degree `s`, coefficients `a` of the primitive polynomial, and `m_1 … m_s` (Joe & Kuo 2008,
/// section 2).
fn of_line(line: &str) -> Option<Directions> {
    let mut numbers = line.split_ascii_whitespace().skip(1).map(str::parse::<u32>);
    let mut next = || numbers.next()?.ok();
    let (degree, coefficients) = (next()? as usize, next()?);
    let mut directions = [0; BITS];
    for bit in 0..BITS {
        directions[bit] = if bit < degree {
            next()? << (BITS - 1 - bit)
        } else {
            let before = directions[bit - degree];
            (1..degree).fold(before ^ (before >> degree), |value, k| {
                let wanted = coefficients >> (degree - 1 - k) & 1;
                value ^ (wanted * directions[bit - k])
            })
        };
    }
    Some(directions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dimension_of_the_table_is_read() {
        let all = directions(usize::MAX);
        assert_eq!(all.len(), MAXIMUM_DIMENSIONS);
        // A direction number's highest bit is its own, or a coordinate would not be a permutation.
        for directions in &all {
            assert!(
                directions.iter().enumerate().all(|(bit, value)| value.trailing_zeros() as usize == 31 - bit)
            );
        }
    }

    /// The first points in three dimensions, as in Joe & Kuo's program (in Gray-code order there).
    #[test]
    fn the_first_points_are_known() {
        let all = directions(3);
        let point = |index: usize| {
            let bits = (0..BITS).filter(|bit| index >> bit & 1 == 1);
            let at = bits.fold([0u32; 3], |at, bit| std::array::from_fn(|d| at[d] ^ all[d][bit]));
            at.map(|value| f64::from(value) / 2f64.powi(32))
        };
        assert_eq!(point(1).map(f64::to_bits), [0.5; 3].map(f64::to_bits));
        assert_eq!(point(3).map(f64::to_bits), [0.75, 0.25, 0.25].map(f64::to_bits));
        assert_eq!(point(2).map(f64::to_bits), [0.25, 0.75, 0.75].map(f64::to_bits));
    }
}
