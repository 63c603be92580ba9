/// Where a search ended.
pub(super) struct Minimum {
    pub(super) at: [f64; 3],
    pub(super) value: f64,
    pub(super) converged: bool,
}

/// The least value of a function of three numbers near a start, by the simplex of Nelder & Mead (1965), with the usual
/// coefficients (reflection 1, expansion 2, contraction and shrinking 1/2).
pub(super) fn minimise(function: impl Fn([f64; 3]) -> f64, start: [f64; 3], step: f64) -> Minimum {
    const ITERATIONS: usize = 600;
    const TOLERANCE: f64 = 1e-10;
    let mut simplex: Vec<([f64; 3], f64)> = (0..4)
        .map(|vertex| {
            let mut at = start;
            if vertex > 0 {
                at[vertex - 1] += step;
            }
            (at, function(at))
        })
        .collect();
    for _ in 0..ITERATIONS {
        simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
        if simplex[3].1 - simplex[0].1 <= TOLERANCE * simplex[0].1.abs().max(1.0) {
            return Minimum { at: simplex[0].0, value: simplex[0].1, converged: true };
        }
        let centre: [f64; 3] =
            std::array::from_fn(|k| (simplex[0].0[k] + simplex[1].0[k] + simplex[2].0[k]) / 3.0);
        let worst = simplex[3];
        let towards = |share: f64| {
            let at = std::array::from_fn(|k| (worst.0[k] - centre[k]).mul_add(share, centre[k]));
            (at, function(at))
        };
        let reflected = towards(-1.0);
        if reflected.1 < simplex[0].1 {
            let expanded = towards(-2.0);
            simplex[3] = if expanded.1 < reflected.1 { expanded } else { reflected };
            continue;
        }
        if reflected.1 < simplex[2].1 {
            simplex[3] = reflected;
            continue;
        }
        let contracted = towards(if reflected.1 < worst.1 { -0.5 } else { 0.5 });
        if contracted.1 < worst.1.min(reflected.1) {
            simplex[3] = contracted;
            continue;
        }
        let best = simplex[0].0;
        for vertex in &mut simplex[1..] {
            let at = std::array::from_fn(|k| f64::midpoint(vertex.0[k], best[k]));
            *vertex = (at, function(at));
        }
    }
    simplex.sort_by(|a, b| a.1.total_cmp(&b.1));
    Minimum { at: simplex[0].0, value: simplex[0].1, converged: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_bottom_of_a_bent_valley() {
        let valley = |[x, y, z]: [f64; 3]| (1.0 - x).powi(2) + 10.0 * (y - x * x).powi(2) + (z - y).powi(2);
        let minimum = minimise(valley, [-1.0, 2.0, 0.0], 0.5);
        assert!(minimum.converged && minimum.value < 1e-8);
        assert!(minimum.at.iter().all(|x| (x - 1.0).abs() < 1e-3));
    }
}
