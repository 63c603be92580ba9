use super::{
    elementary::{ln, sin_cos},
    lanes::{LANES, Row},
};

/// One xoshiro256++ generator (Blackman & Vigna 2021) a lane, so that a path's draws depend on the seed and the path's
/// number alone.
#[repr(align(64))]
pub(crate) struct Generator {
    a: [u64; LANES],
    b: [u64; LANES],
    c: [u64; LANES],
    d: [u64; LANES],
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// The output function of `SplitMix64` (Steele, Lea & Flood 2014).
#[inline(always)]
fn mix(value: u64) -> u64 {
    let z = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Generator {
    /// The generators of paths `first..first + LANES`. Path p starts from the outputs 4p+1 to 4p+4 of one `SplitMix64`
    /// sequence, which never repeats, so no two paths start alike.
    #[inline(always)]
    pub(crate) fn new(seed: u64, first: u64) -> Self {
        Self::numbered(seed, |lane| first + lane)
    }

    /// The generators of the pairs of paths `first..first + LANES`: both paths of a pair have that of the first.
    #[inline(always)]
    pub(super) fn of_pairs(seed: u64, first: u64) -> Self {
        Self::numbered(seed, |lane| (first + lane) & !1)
    }

    #[inline(always)]
    fn numbered(seed: u64, number: impl Fn(u64) -> u64) -> Self {
        let base = mix(seed.wrapping_add(GOLDEN));
        let mut generator = Self { a: [0; LANES], b: [0; LANES], c: [0; LANES], d: [0; LANES] };
        for lane in 0..LANES {
            let start = base.wrapping_add(number(lane as u64).wrapping_mul(4).wrapping_mul(GOLDEN));
            generator.a[lane] = mix(start.wrapping_add(GOLDEN));
            generator.b[lane] = mix(start.wrapping_add(GOLDEN.wrapping_mul(2)));
            generator.c[lane] = mix(start.wrapping_add(GOLDEN.wrapping_mul(3)));
            generator.d[lane] = mix(start.wrapping_add(GOLDEN.wrapping_mul(4)));
        }
        generator
    }

    /// Two independent standard normals a lane (Box & Muller 1958).
    ///
    /// The radius takes 52 bits of one number; the angle takes 52 bits of the next within a quarter turn, and its two
    /// lowest bits choose the quarter.
    #[inline(always)]
    pub(crate) fn normals(&mut self, first: &mut Row, second: &mut Row) {
        for lane in 0..LANES {
            let state = [self.a[lane], self.b[lane], self.c[lane], self.d[lane]];
            let (radius, state) = next(state);
            let (angle, state) = next(state);
            [self.a[lane], self.b[lane], self.c[lane], self.d[lane]] = state;
            let radius = (-2.0 * ln(2.0 - one_to_two(radius))).sqrt();
            let (sin, cos) = sin_cos((one_to_two(angle) - 1.5) * std::f64::consts::FRAC_PI_2);
            let (sin, cos) = (sin.to_bits(), cos.to_bits());
            let swap = (sin ^ cos) & (angle & 1).wrapping_neg();
            let sign = (angle << 62) & (1 << 63);
            first.0[lane] = radius * f64::from_bits(cos ^ swap ^ sign);
            second.0[lane] = radius * f64::from_bits(sin ^ swap ^ sign);
        }
    }

    /// 64 random bits a lane.
    #[inline(always)]
    pub(super) fn bits(&mut self, bits: &mut [u64; LANES]) {
        for (lane, bits) in bits.iter_mut().enumerate() {
            let (output, state) = next([self.a[lane], self.b[lane], self.c[lane], self.d[lane]]);
            [self.a[lane], self.b[lane], self.c[lane], self.d[lane]] = state;
            *bits = output;
        }
    }

    /// A chi-squared variable a lane, of at least two degrees of freedom: twice a gamma variable (Marsaglia & Tsang 2000). A
    /// lane takes as many numbers as it needs, which touches no other lane.
    #[inline(always)]
    pub(super) fn chi_squared(&mut self, degrees: f64, row: &mut Row) {
        let shape = 0.5f64.mul_add(degrees, -1.0 / 3.0);
        let scale = 1.0 / (9.0 * shape).sqrt();
        for (lane, value) in row.0.iter_mut().enumerate() {
            let mut state = [self.a[lane], self.b[lane], self.c[lane], self.d[lane]];
            let mut uniform = || {
                let (output, following) = next(state);
                state = following;
                2.0 - one_to_two(output)
            };
            *value = loop {
                let radius = (-2.0 * ln(uniform())).sqrt();
                let normal = radius * libm::cos(2.0 * std::f64::consts::PI * uniform());
                let cube = scale.mul_add(normal, 1.0).powi(3);
                let bound = 0.5 * normal * normal + shape * (1.0 - cube);
                if cube > 0.0 && ln(uniform()) < shape.mul_add(libm::log(cube), bound) {
                    break 2.0 * shape * cube;
                }
            };
            [self.a[lane], self.b[lane], self.c[lane], self.d[lane]] = state;
        }
    }
}

/// One output of xoshiro256++ and the state after it.
#[inline(always)]
fn next([a, b, c, d]: [u64; 4]) -> (u64, [u64; 4]) {
    let output = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
    let (c_next, d_next) = (c ^ a, d ^ b);
    (output, [a ^ d_next, b ^ c_next, c_next ^ (b << 17), d_next.rotate_left(45)])
}

/// The number's upper 52 bits as a fraction, plus 1.
#[inline(always)]
fn one_to_two(bits: u64) -> f64 {
    f64::from_bits((bits >> 12) | 0x3ff0_0000_0000_0000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs from the state (1, 2, 3, 4), as published with the reference implementation.
    #[test]
    fn is_xoshiro256_plus_plus() {
        let mut state = [1, 2, 3, 4];
        for expected in [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386] {
            let (output, following) = next(state);
            assert_eq!(output, expected);
            state = following;
        }
    }

    #[test]
    fn normals_have_the_moments_and_tails_of_a_normal() {
        let mut generator = Generator::new(7, 0);
        let (mut first, mut second) = (Row::ZERO, Row::ZERO);
        let (mut count, mut sums, mut product, mut beyond) = (0.0, [0.0; 4], 0.0, 0.0);
        for _ in 0..40_000 {
            generator.normals(&mut first, &mut second);
            for (&x, &y) in first.0.iter().zip(&second.0) {
                for z in [x, y] {
                    count += 1.0;
                    for (sum, power) in sums.iter_mut().zip(1..) {
                        *sum += z.powi(power);
                    }
                    beyond += f64::from(z < -2.326_347_874_040_841);
                }
                product += x * y;
            }
        }
        let within =
            |value: f64, exact: f64, variance: f64| (value - exact).abs() < 4.5 * (variance / count).sqrt();
        assert!(within(sums[0] / count, 0.0, 1.0) && within(sums[1] / count, 1.0, 2.0));
        assert!(within(sums[2] / count, 0.0, 15.0) && within(sums[3] / count, 3.0, 96.0));
        assert!(within(beyond / count, 0.01, 0.0099) && within(2.0 * product / count, 0.0, 2.0));
    }

    #[test]
    fn chi_squared_has_its_mean_and_variance() {
        for degrees in [2.0, 3.7, 30.0] {
            let mut generator = Generator::new(11, 0);
            let (mut row, mut sum, mut squares) = (Row::ZERO, 0.0, 0.0);
            let count = 64.0 * 4000.0;
            for _ in 0..4000 {
                generator.chi_squared(degrees, &mut row);
                sum += row.0.iter().sum::<f64>();
                squares += row.0.iter().map(|x| (x - degrees) * (x - degrees)).sum::<f64>();
            }
            assert!((sum / count - degrees).abs() < 4.5 * (2.0 * degrees / count).sqrt());
            assert!((squares / count / (2.0 * degrees) - 1.0).abs() < 0.04);
        }
    }

    #[test]
    fn a_path_has_the_same_draws_in_any_tile() {
        let (mut first, mut second, mut other) = (Row::ZERO, Row::ZERO, Row::ZERO);
        Generator::new(1, 0).normals(&mut first, &mut second);
        Generator::new(1, 5).normals(&mut other, &mut second);
        assert_eq!(first.0[5].to_bits(), other.0[0].to_bits());
        Generator::new(2, 0).normals(&mut other, &mut second);
        assert_ne!(first.0[0].to_bits(), other.0[0].to_bits());
    }
}
