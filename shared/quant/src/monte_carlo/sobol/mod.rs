//! Sobol' points with Owen's scrambling, as the increments of Brownian motions.

mod bridge;
mod direction;
mod normal;

pub use direction::MAXIMUM_DIMENSIONS;

use self::{bridge::Bridge, direction::Directions, normal::quantile};
use super::lanes::{LANES, Row};

/// Independent scramblings of a run, from whose differences standard errors follow.
pub(super) const REPLICATES: u64 = 16;

/// Scrambled Sobol' points for a number of Brownian motions. Coordinate `k · drivers + d` is the k-th point of the bridge of
/// motion d.
#[derive(Debug, Clone)]
pub(super) struct Sobol {
    directions: Vec<Directions>,
    bridge: Bridge,
    steps: usize,
    drivers: usize,
    seed: u64,
    /// The paths of a replicate, a multiple of [`LANES`].
    replicate: u64,
}

impl Sobol {
    pub(super) fn new(steps: usize, drivers: usize, seed: u64, replicate: u64) -> Self {
        let directions = direction::directions(steps * drivers);
        Self { directions, bridge: Bridge::new(steps), steps, drivers, seed, replicate }
    }

    /// The increments of paths `first..first + LANES`: entry `day · drivers + driver`.
    #[inline(always)]
    pub(super) fn increments(&self, first: u64, increments: &mut Vec<Row>, motion: &mut Vec<Row>) {
        increments.resize(self.steps * self.drivers, Row::ZERO);
        motion.resize(self.steps + 1, Row::ZERO);
        let (replicate, index) = (first / self.replicate, (first % self.replicate) as u32);
        for driver in 0..self.drivers {
            for (k, point) in self.bridge.points().iter().enumerate() {
                let normals = self.normals(k * self.drivers + driver, replicate, index);
                let (left, right) = (motion[point.left], motion[point.right]);
                for (lane, value) in motion[point.at].0.iter_mut().enumerate() {
                    let mean = point.left_weight * left.0[lane] + point.right_weight * right.0[lane];
                    *value = point.deviation.mul_add(normals.0[lane], mean);
                }
            }
            for day in 0..self.steps {
                let (before, after) = (motion[day], motion[day + 1]);
                let increment = &mut increments[day * self.drivers + driver];
                for (lane, value) in increment.0.iter_mut().enumerate() {
                    *value = after.0[lane] - before.0[lane];
                }
            }
        }
    }

    /// One coordinate of the points `index..index + LANES`, where `index` is a multiple of [`LANES`], through `Φ⁻¹`.
    #[inline(always)]
    fn normals(&self, dimension: usize, replicate: u64, index: u32) -> Row {
        let directions = &self.directions[dimension];
        let bits = (0..32).filter(|bit| index >> bit & 1 == 1);
        let mut points = [bits.fold(0, |value, bit| value ^ directions[bit]); LANES];
        for lane in 1..LANES {
            points[lane] = points[lane & (lane - 1)] ^ directions[lane.trailing_zeros() as usize];
        }
        let key = scramble_key(self.seed, replicate, dimension as u64);
        let mut row = Row::ZERO;
        for (value, point) in row.0.iter_mut().zip(points) {
            *value = quantile((f64::from(scramble(point, key)) + 0.5) * 2f64.powi(-32));
        }
        row
    }
}

/// The finaliser of `SplitMix64` over seed, replicate and dimension.
fn scramble_key(seed: u64, replicate: u64, dimension: u64) -> u32 {
    let mix = |value: u64| {
        let z = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let inner = mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
    (mix(inner ^ mix(replicate << 32 | dimension).wrapping_add(1)) >> 32) as u32
}

/// Owen's nested uniform scrambling by a hash (Laine & Karras 2011, Burley 2020): every bit is flipped by a hash of the bits
/// above it.
#[inline(always)]
fn scramble(point: u32, key: u32) -> u32 {
    let x = point.reverse_bits();
    let x = x ^ x.wrapping_mul(0x3d20_adea);
    let x = x.wrapping_add(key);
    let x = x.wrapping_mul((key >> 16) | 1);
    let x = x ^ x.wrapping_mul(0x0552_6c56);
    let x = x ^ x.wrapping_mul(0x53a2_2864);
    x.reverse_bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrambled_points_keep_one_point_an_interval() {
        for key in [0, 1, 0x1234_5678, u32::MAX] {
            let mut seen = [false; 256];
            let first = direction::directions(1)[0];
            for index in 0..256u32 {
                let point =
                    (0..8).filter(|bit| index >> bit & 1 == 1).fold(0, |value, bit| value ^ first[bit]);
                seen[(scramble(point, key) >> 24) as usize] = true;
            }
            assert!(seen.iter().all(|seen| *seen));
        }
    }

    #[test]
    fn increments_are_normals_with_the_variance_of_a_day() {
        let sobol = Sobol::new(5, 2, 3, 1024);
        let (mut increments, mut motion) = (Vec::new(), Vec::new());
        let mut squares = [0.0; 10];
        for tile in 0..16 {
            sobol.increments(tile * 64, &mut increments, &mut motion);
            for (sum, row) in squares.iter_mut().zip(&increments) {
                *sum += row.0.iter().map(|z| z * z).sum::<f64>() / 1024.0;
            }
        }
        assert!(squares.iter().all(|square| (square - 1.0).abs() < 0.1), "{squares:?}");
    }
}
