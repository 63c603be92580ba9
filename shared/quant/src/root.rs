//! Zeros of a function between two points of different sign.

/// The zero between two points `(x, f(x))` of different sign, by bisection and regula falsi (Illinois).
pub(crate) fn narrow(f: &impl Fn(f64) -> f64, low: (f64, f64), high: (f64, f64)) -> f64 {
    let ((mut a, mut at_a), (mut b, mut at_b)) = (low, high);
    for step in 0..200 {
        let secant = (a * at_b - b * at_a) / (at_b - at_a);
        let middle = f64::midpoint(a, b);
        let next = if step % 3 == 2 || !(secant > a && secant < b) { middle } else { secant };
        let value = f(next);
        if value == 0.0 || b - a <= 4.0 * f64::EPSILON * (a.abs() + b.abs()) {
            return next;
        }
        if value * at_a < 0.0 {
            (b, at_b) = (next, value);
            at_a *= 0.5;
        } else {
            (a, at_a) = (next, value);
            at_b *= 0.5;
        }
    }
    f64::midpoint(a, b)
}

/// The zeros of a function where it changes its sign between neighbours of a grid, ascending. Points where it is no number
/// are passed over.
pub(crate) fn on_grid(f: impl Fn(f64) -> f64, grid: impl IntoIterator<Item = f64>) -> Vec<f64> {
    let mut found = Vec::new();
    let mut low: Option<(f64, f64)> = None;
    for x in grid {
        let high = (x, f(x));
        if high.1.is_nan() {
            low = None;
            continue;
        }
        match low {
            Some(low) if low.1 * high.1 < 0.0 => found.push(narrow(&f, low, high)),
            Some(low) if high.1 == 0.0 && low.1 != 0.0 => found.push(high.0),
            _ => {}
        }
        low = Some(high);
    }
    found
}

/// The zeros of a present value in its continuous rate `g`, `|g| <= 40`, on a grid that is dense around 0, ascending.
pub(crate) fn of_present_value(f: impl Fn(f64) -> f64) -> Vec<f64> {
    const STEPS: i32 = 400;
    const WIDTH: f64 = 40.0;
    // Quadratic spacing: steps of 0.00025 around 0, of 0.2 at the ends.
    let point = |i: i32| {
        let share = f64::from(i) / f64::from(STEPS);
        WIDTH * share * share.abs()
    };
    on_grid(f, (-STEPS..=STEPS).map(point))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_sign_is_found() {
        let cubic = |x: f64| (x - 0.25) * (x + 1.0) * (x - 2.0);
        let found = on_grid(cubic, (-30..=30).map(|i| f64::from(i) * 0.11));
        assert!(found.iter().zip([-1.0, 0.25, 2.0]).all(|(x, root)| (x - root).abs() < 1e-14));
        assert_eq!(found.len(), 3);
        assert!(on_grid(|_| f64::NAN, [0.0, 1.0]).is_empty());
        assert!(on_grid(|x| x * x + 1.0, [-1.0, 1.0]).is_empty());
    }
}
