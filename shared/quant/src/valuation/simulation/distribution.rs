use serde::{Deserialize, Serialize};
use statrs::function::beta::beta_reg;

use super::Driver;
use crate::{QuantError, normal, root::narrow};

/// The most that a lognormal standard deviation is of its mean: beyond, nearly all draws are next to nothing.
const MAXIMUM_DISPERSION: f64 = 10.0;

/// How an uncertain assumption is spread. All figures are in the assumption's own unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Distribution {
    /// Normal.
    Normal {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        standard_deviation: f64,
    },
    /// Lognormal, by the mean and standard deviation of the value itself, not of its logarithm.
    Lognormal {
        /// Its mean; positive.
        mean: f64,
        /// Its standard deviation.
        standard_deviation: f64,
    },
    /// Triangular.
    Triangular {
        /// The least.
        minimum: f64,
        /// The most likely.
        mode: f64,
        /// The greatest.
        maximum: f64,
    },
    /// PERT: a beta distribution with the mean `(minimum + 4 mode + maximum) / 6` (Malcolm et al. 1959).
    Pert {
        /// The least.
        minimum: f64,
        /// The most likely.
        mode: f64,
        /// The greatest.
        maximum: f64,
    },
}

impl Distribution {
    /// Checks that its centre and its ends are what the driver itself may be, and its spread what may be of it.
    ///
    /// # Errors
    /// `OutOfRange`: the parameter's name, and what it must be.
    pub fn check(&self, driver: Driver) -> Result<(), QuantError> {
        let require = |holds: bool, name, range, value| {
            if holds { Ok(()) } else { Err(QuantError::OutOfRange { name, range, value }) }
        };
        let bounds = driver.bounds();
        let bounded = |name, value| require(bounds.contain(value), name, bounds.range, value);
        match *self {
            Self::Normal { mean, standard_deviation } | Self::Lognormal { mean, standard_deviation } => {
                bounded("mean", mean)?;
                let (most, range) = driver.largest_deviation();
                let fits = (0.0..=most).contains(&standard_deviation);
                require(fits, "standard_deviation", range, standard_deviation)?;
                if matches!(self, Self::Lognormal { .. }) {
                    require(mean > 0.0, "mean", "above 0 for a lognormal distribution", mean)?;
                    let fits = standard_deviation / mean <= MAXIMUM_DISPERSION;
                    let range = "at most 10 times the mean for a lognormal distribution";
                    require(fits, "standard_deviation", range, standard_deviation)?;
                }
                Ok(())
            }
            Self::Triangular { minimum, mode, maximum } | Self::Pert { minimum, mode, maximum } => {
                bounded("minimum", minimum)?;
                bounded("maximum", maximum)?;
                require(maximum > minimum, "maximum", "above the minimum", maximum)?;
                let fits = (minimum..=maximum).contains(&mode);
                require(fits, "mode", "from the minimum to the maximum", mode)
            }
        }
    }
}

/// A distribution in the form that turns a standard normal draw into one of its own.
#[derive(Debug, Clone)]
pub(super) enum Sampler {
    /// Always the same.
    Fixed(f64),
    Normal {
        mean: f64,
        deviation: f64,
    },
    /// Mean and standard deviation of the logarithm.
    Lognormal {
        mean: f64,
        deviation: f64,
    },
    Triangular {
        minimum: f64,
        mode: f64,
        maximum: f64,
    },
    Table(Box<Table>),
}

impl Sampler {
    /// The form of a distribution whose parameters were [checked](Distribution::check).
    pub(super) fn new(distribution: &Distribution) -> Self {
        match *distribution {
            Distribution::Normal { mean, standard_deviation: deviation } => Self::Normal { mean, deviation },
            Distribution::Lognormal { mean, standard_deviation } => {
                let relative = standard_deviation / mean;
                let variance = libm::log1p(relative * relative);
                Self::Lognormal { mean: libm::log(mean) - 0.5 * variance, deviation: variance.sqrt() }
            }
            Distribution::Triangular { minimum, mode, maximum } => {
                Self::Triangular { minimum, mode, maximum }
            }
            Distribution::Pert { minimum, mode, maximum } => {
                Self::Table(Box::new(Table::pert(minimum, mode, maximum)))
            }
        }
    }

    /// The value at the same probability as the standard normal draw `z`: it never falls as z rises.
    pub(super) fn at(&self, z: f64) -> f64 {
        match self {
            Self::Fixed(value) => *value,
            Self::Normal { mean, deviation } => mean + deviation * z,
            Self::Lognormal { mean, deviation } => libm::exp(mean + deviation * z),
            Self::Triangular { minimum, mode, maximum } => {
                let width = maximum - minimum;
                let (below, above) = (normal::distribution(z), normal::distribution(-z));
                if below * width <= mode - minimum {
                    minimum + (below * width * (mode - minimum)).sqrt()
                } else {
                    maximum - (above * width * (maximum - mode)).sqrt()
                }
            }
            Self::Table(table) => table.at(z),
        }
    }

    /// Whether every draw is the same.
    pub(super) fn is_constant(&self) -> bool {
        self.at(REACH) <= self.at(-REACH)
    }
}

/// No draw of the generator is further from 0.
const REACH: f64 = 8.5;

/// A quantile function over standard normal draws, tabulated and interpolated by cubics to 10⁻⁷ of its range.
#[derive(Debug, Clone)]
pub(super) struct Table {
    low: f64,
    high: f64,
    values: Vec<f64>,
}

impl Table {
    const STEPS: usize = 512;

    fn pert(minimum: f64, mode: f64, maximum: f64) -> Self {
        let width = maximum - minimum;
        let first = 1.0 + 4.0 * (mode - minimum) / width;
        let second = 6.0 - first;
        // From the nearer end each, where small probabilities keep their relative accuracy.
        let lower = |shapes: (f64, f64), z: f64| {
            let wanted = normal::distribution(z);
            let excess = |x: f64| beta_reg(shapes.0, shapes.1, x) - wanted;
            narrow(&excess, (0.0, -wanted), (1.0, 1.0 - wanted))
        };
        let value = |step: usize| {
            let z = (2.0 * step as f64 / Self::STEPS as f64 - 1.0) * REACH;
            if z <= 0.0 {
                minimum + width * lower((first, second), z)
            } else {
                maximum - width * lower((second, first), -z)
            }
        };
        Self { low: minimum, high: maximum, values: (0..=Self::STEPS).map(value).collect() }
    }

    fn at(&self, z: f64) -> f64 {
        let place = (z / REACH + 1.0) * 0.5 * Self::STEPS as f64;
        let step = place.clamp(1.0, Self::STEPS as f64 - 2.0).floor();
        let x = (place - step).clamp(-1.0, 2.0);
        let points = &self.values[step as usize - 1..];
        // Lagrange's cubic through the four points around.
        let cubic = -points[0] * x * (x - 1.0) * (x - 2.0) / 6.0
            + points[1] * (x + 1.0) * (x - 1.0) * (x - 2.0) / 2.0
            - points[2] * (x + 1.0) * x * (x - 2.0) / 2.0
            + points[3] * (x + 1.0) * x * (x - 1.0) / 6.0;
        cubic.clamp(self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampler(distribution: Distribution) -> Sampler {
        Sampler::new(&distribution)
    }

    #[test]
    fn quantiles_invert_their_distribution_functions() {
        let pert = sampler(Distribution::Pert { minimum: 9.0, mode: 10.5, maximum: 14.0 });
        let triangular = sampler(Distribution::Triangular { minimum: -1.0, mode: 0.5, maximum: 1.0 });
        let (first, second) = (1.0 + 4.0 * 1.5 / 5.0, 1.0 + 4.0 * 3.5 / 5.0);
        for i in -600..=600 {
            let z = f64::from(i) / 100.0 + 0.003;
            let share = beta_reg(first, second, (pert.at(z) - 9.0) / 5.0);
            assert!((share - normal::distribution(z)).abs() < 1e-7, "{z}");
            let x = triangular.at(z);
            let below = if x <= 0.5 { (x + 1.0).powi(2) / 3.0 } else { 1.0 - (1.0 - x).powi(2) };
            assert!((below - normal::distribution(z)).abs() < 1e-12, "{z}");
        }
    }

    #[test]
    fn a_mode_at_an_end_and_draws_far_out_stay_within_the_range() {
        for mode in [0.0, 1.0] {
            for kind in [
                Distribution::Pert { minimum: 0.0, mode, maximum: 1.0 },
                Distribution::Triangular { minimum: 0.0, mode, maximum: 1.0 },
            ] {
                let sampler = sampler(kind);
                let draws: Vec<f64> = (-200..=200).map(|i| sampler.at(f64::from(i) / 10.0)).collect();
                assert!(draws.iter().all(|draw| (0.0..=1.0).contains(draw)), "{draws:?}");
                assert!(draws.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{kind:?}");
            }
        }
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        let normal = |mean, standard_deviation| Distribution::Normal { mean, standard_deviation };
        let lognormal = |mean, standard_deviation| Distribution::Lognormal { mean, standard_deviation };
        for (driver, wrong, name) in [
            (Driver::Growth, normal(f64::NAN, 0.1), "mean"),
            (Driver::Growth, normal(8.0, 2.0), "mean"),
            (Driver::Growth, normal(0.0, -0.1), "standard_deviation"),
            (Driver::Margin, normal(0.2, 2.0), "standard_deviation"),
            (Driver::Wacc, normal(9.0, 0.02), "mean"),
            (Driver::ExitMultiple, normal(11.0, 101.0), "standard_deviation"),
            (Driver::Growth, lognormal(0.0, 0.1), "mean"),
            (Driver::Growth, lognormal(1e-200, 0.05), "standard_deviation"),
            (Driver::Growth, Distribution::Triangular { minimum: 1.0, mode: 1.0, maximum: 1.0 }, "maximum"),
            (Driver::Wacc, Distribution::Triangular { minimum: 0.0, mode: 0.1, maximum: 0.2 }, "minimum"),
            (Driver::Margin, Distribution::Pert { minimum: 0.0, mode: 0.2, maximum: 18.0 }, "maximum"),
            (Driver::Margin, Distribution::Pert { minimum: 0.0, mode: 2.0, maximum: 1.0 }, "mode"),
        ] {
            assert!(
                matches!(wrong.check(driver), Err(QuantError::OutOfRange { name: n, .. }) if n == name),
                "{wrong:?}"
            );
        }
        assert_eq!(lognormal(0.08, 0.02).check(Driver::Growth), Ok(()));
    }
}
