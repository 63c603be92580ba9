//! Elementary functions without branches, so that a loop over lanes becomes vector code. Every product that is added is
//! an explicit fused multiply-add: the same bits with AVX2, AVX-512, NEON and without vectors.

const ROUND: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²: adding it leaves the nearest whole number in the low bits

/// `exp(x)` within 1 ulp, for x in -700 to 700.
///
/// `x = k ln 2 + r`, `|r| <= ln 2 / 2`, and a minimax polynomial of degree 11 for `exp(r)` (relative error 2.7e-17).
#[inline(always)]
pub(super) fn exp(x: f64) -> f64 {
    const LN_2_LOW: f64 = 2.319_046_813_846_299_6e-17;
    let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = k.mul_add(-LN_2_LOW, k.mul_add(-std::f64::consts::LN_2, x));
    let mut p = 2.461_215_676_390_154_5e-8f64;
    p = p.mul_add(r, 2.762_088_186_614_61e-7);
    p = p.mul_add(r, 2.755_872_112_055_51e-6);
    p = p.mul_add(r, 2.480_152_046_686_342_6e-5);
    p = p.mul_add(r, 1.984_126_839_560_473_6e-4);
    p = p.mul_add(r, 1.388_888_891_703_094_6e-3);
    p = p.mul_add(r, 8.333_333_333_898_86e-3);
    p = p.mul_add(r, 4.166_666_666_662_511e-2);
    p = p.mul_add(r, 0.166_666_666_666_659_94);
    p = p.mul_add(r, 0.500_000_000_000_000_1);
    let value = (r * r).mul_add(p, r) + 1.0;
    f64::from_bits(value.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// `ln(x)` within 2 ulp, for normal x in (0, 1].
///
/// `x = 2^k m`, `m` in √½ to √2, and `ln m = 2 artanh((m-1)/(m+1))` by the polynomial of FreeBSD's `e_log.c`.
#[inline(always)]
pub(super) fn ln(x: f64) -> f64 {
    const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const BIAS: u64 = 1024;
    const TWO_52: u64 = 0x4330_0000_0000_0000;
    const OFFSET: f64 = 4_503_599_627_371_520.0; // 2⁵² + BIAS
    let exponent = x.to_bits().wrapping_sub(ROOT_HALF).wrapping_add(BIAS << 52) >> 52;
    let fraction = f64::from_bits(x.to_bits().wrapping_sub(exponent.wrapping_sub(BIAS) << 52));
    let power = f64::from_bits(exponent | TWO_52) - OFFSET;
    let s = (fraction - 1.0) / (fraction + 1.0);
    let z = s * s;
    let mut p = 1.479_819_860_511_658_6e-1f64;
    p = p.mul_add(z, 1.531_383_769_920_937_3e-1);
    p = p.mul_add(z, 1.818_357_216_161_805e-1);
    p = p.mul_add(z, 2.222_219_843_214_978_4e-1);
    p = p.mul_add(z, 2.857_142_874_366_239e-1);
    p = p.mul_add(z, 3.999_999_999_940_942e-1);
    p = p.mul_add(z, 6.666_666_666_666_735e-1);
    let twice = s + s;
    power.mul_add(std::f64::consts::LN_2, s.mul_add(z * p, twice))
}

/// `(sin(x), cos(x))` within 1 ulp, for `|x| <= π/4`, by the polynomials of FreeBSD's `k_sin.c` and `k_cos.c`.
#[inline(always)]
pub(super) fn sin_cos(x: f64) -> (f64, f64) {
    let z = x * x;
    let mut s = 1.589_690_995_211_55e-10f64;
    s = s.mul_add(z, -2.505_076_025_340_686_3e-8);
    s = s.mul_add(z, 2.755_731_370_707_006_8e-6);
    s = s.mul_add(z, -1.984_126_982_985_795e-4);
    s = s.mul_add(z, 8.333_333_333_322_49e-3);
    s = s.mul_add(z, -1.666_666_666_666_663_2e-1);
    let mut c = -1.135_964_755_778_819_5e-11f64;
    c = c.mul_add(z, 2.087_572_321_298_175e-9);
    c = c.mul_add(z, -2.755_731_435_139_066_3e-7);
    c = c.mul_add(z, 2.480_158_728_947_673e-5);
    c = c.mul_add(z, -1.388_888_888_887_411e-3);
    c = c.mul_add(z, 4.166_666_666_666_66e-2);
    ((x * z).mul_add(s, x), (z * z).mul_add(c, z.mul_add(-0.5, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ulps(value: f64, exact: f64) -> f64 {
        (value - exact).abs() / (exact.abs() * f64::EPSILON)
    }

    #[test]
    fn exp_agrees_with_libm() {
        let worst =
            (-700_000..700_000).map(|i| f64::from(i) * 1.000_1e-3).map(|x| ulps(exp(x), libm::exp(x)));
        assert!(worst.fold(0.0, f64::max) <= 1.5);
        let small = (-100_000..100_000).map(|i| f64::from(i) * 1e-6).map(|x| ulps(exp(x), libm::exp(x)));
        assert!(small.fold(0.0, f64::max) <= 1.5);
    }

    #[test]
    fn ln_agrees_with_libm() {
        let worst = (1..1_000_000).map(|i| f64::from(i) * 1e-6).map(|x| ulps(ln(x), libm::log(x)));
        assert!(worst.fold(0.0, f64::max) <= 2.0);
        let tiny = (0..53).map(|i| 0.5f64.powi(i) * 1.3).map(|x| (x.min(1.0), libm::log(x.min(1.0))));
        assert!(tiny.filter(|x| x.0 < 1.0).map(|(x, exact)| ulps(ln(x), exact)).fold(0.0, f64::max) <= 2.0);
        assert!(ln(1.0).abs() < f64::MIN_POSITIVE);
        let close = 1.0 - f64::EPSILON;
        assert!(ulps(ln(close), libm::log(close)) <= 1.0);
    }

    #[test]
    fn sin_cos_agrees_with_libm() {
        for i in -1_000_000..=1_000_000 {
            let x = f64::from(i) * 1e-6 * std::f64::consts::FRAC_PI_4;
            let (sin, cos) = sin_cos(x);
            assert!((sin - libm::sin(x)).abs() <= 1.2e-16 && (cos - libm::cos(x)).abs() <= 2.3e-16);
        }
    }
}
