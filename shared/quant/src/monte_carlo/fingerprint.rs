use super::{
    dynamics::{Dynamics, Normal},
    specification::{Settings, Specification},
};

/// A hash of all inputs (FNV-1a over 64-bit words), to tell partial results of other simulations.
pub(super) fn fingerprint(specification: &Specification) -> u64 {
    let mut hash = Hash(0xcbf2_9ce4_8422_2325);
    hash.numbers(specification.weights.as_slice());
    hash.dynamics(&specification.dynamics);
    hash.settings(&specification.settings);
    hash.0
}

struct Hash(u64);

impl Hash {
    fn word(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29);
    }

    fn numbers(&mut self, numbers: &[f64]) {
        for number in numbers {
            self.word(number.to_bits());
        }
        self.word(numbers.len() as u64);
    }

    fn settings(&mut self, settings: &Settings) {
        self.numbers(&settings.confidence_levels);
        self.numbers(&[settings.initial_value]);
        for word in [
            u64::from(settings.steps),
            settings.paths,
            settings.seed,
            settings.exact_quantile_paths,
            settings.rebalance as u64,
            settings.sampling as u64,
            u64::from(settings.path_statistics),
        ] {
            self.word(word);
        }
    }

    fn dynamics(&mut self, dynamics: &Dynamics) {
        match dynamics {
            Dynamics::GeometricBrownianMotion(normal) => {
                self.word(0);
                self.normal(normal);
            }
            Dynamics::StudentTCopula { normal, degrees_of_freedom, .. } => {
                self.word(1);
                self.normal(normal);
                self.numbers(&[*degrees_of_freedom]);
            }
            Dynamics::Bootstrap { log_returns, mean_block_length, .. } => {
                self.word(2);
                self.numbers(log_returns.values());
                self.numbers(&[*mean_block_length]);
            }
            Dynamics::GarchFilteredHistorical { models, residuals, variances } => {
                self.word(3);
                for model in models {
                    self.numbers(&[model.mean, model.omega, model.alpha, model.beta]);
                }
                self.numbers(residuals.values());
                self.numbers(variances);
            }
        }
    }

    fn normal(&mut self, normal: &Normal) {
        self.numbers(&normal.log_return_mean);
        self.numbers(normal.covariance.values());
    }
}
