/// The order in which a Brownian motion's points are drawn: the end first, then the middle of the largest gap, each given its
/// neighbours (Moskowitz & Caflisch 1996). So the first coordinates of a sequence, which are the most even, decide most.
#[derive(Debug, Clone)]
pub(super) struct Bridge(Vec<Point>);

/// `W_at = left_weight W_left + right_weight W_right + deviation z`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) at: usize,
    pub(super) left: usize,
    pub(super) right: usize,
    pub(super) left_weight: f64,
    pub(super) right_weight: f64,
    pub(super) deviation: f64,
}

impl Bridge {
    /// For a motion of `steps` steps of variance 1, at least one.
    pub(super) fn new(steps: usize) -> Self {
        let end = Point {
            at: steps,
            left: 0,
            right: 0,
            left_weight: 0.0,
            right_weight: 0.0,
            deviation: (steps as f64).sqrt(),
        };
        let mut points = vec![end];
        let mut gaps = std::collections::VecDeque::from([(0, steps)]);
        while let Some((left, right)) = gaps.pop_front() {
            if right - left < 2 {
                continue;
            }
            let at = usize::midpoint(left, right);
            let (before, after) = ((at - left) as f64, (right - at) as f64);
            let whole = before + after;
            points.push(Point {
                at,
                left,
                right,
                left_weight: after / whole,
                right_weight: before / whole,
                deviation: (before * after / whole).sqrt(),
            });
            gaps.extend([(left, at), (at, right)]);
        }
        Self(points)
    }

    /// The points in the order in which they are drawn.
    pub(super) fn points(&self) -> &[Point] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a linear map from independent normals, its rows must give `Cov(W_s, W_t) = min(s, t)`.
    #[test]
    fn is_a_brownian_motion() {
        for steps in [1, 2, 7, 12] {
            let bridge = Bridge::new(steps);
            assert_eq!(bridge.points().len(), steps);
            let mut rows = vec![vec![0.0; steps]; steps + 1];
            for (k, point) in bridge.points().iter().enumerate() {
                let mut row: Vec<f64> = (0..steps)
                    .map(|j| {
                        point.left_weight * rows[point.left][j] + point.right_weight * rows[point.right][j]
                    })
                    .collect();
                row[k] += point.deviation;
                rows[point.at] = row;
            }
            for s in 1..=steps {
                for t in 1..=steps {
                    let covariance: f64 = rows[s].iter().zip(&rows[t]).map(|(a, b)| a * b).sum();
                    assert!((covariance - s.min(t) as f64).abs() < 1e-12);
                }
            }
        }
    }
}
