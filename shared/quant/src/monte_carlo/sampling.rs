use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the random numbers of the paths are drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// Independent paths.
    #[default]
    Random,
    /// Pairs of paths with opposite normals (Hammersley & Morton 1956): odd moments of the normals are exactly 0.
    Antithetic,
    /// The normals of each day and driver are shifted and scaled to mean 0 and variance 1 over groups of
    /// [`super::MOMENT_GROUP`] paths (Barraquand 1995). Groups are independent.
    MomentMatched,
    /// Sobol' points (direction numbers of Joe & Kuo 2008) through a Brownian bridge, in up to 16 replicates with independent
    /// Owen scramblings.
    Sobol,
}

impl Sampling {
    pub(super) fn convention(self) -> &'static str {
        match self {
            Self::Random => "xoshiro256++, one stream a path, seeded by SplitMix64; Box-Muller",
            Self::Antithetic => {
                "xoshiro256++, one stream a pair of paths, seeded by SplitMix64; Box-Muller; the second path of a pair takes \
                 the opposite normals"
            }
            Self::MomentMatched => {
                "xoshiro256++, one stream a path, seeded by SplitMix64; Box-Muller; the normals of each day and driver are \
                 matched to mean 0 and variance 1 over groups of 1024 paths"
            }
            Self::Sobol => {
                "Sobol' points (Joe-Kuo 2008) in up to 16 replicates with independent hash-based Owen scrambling, Brownian bridge, \
                 inverse normal (AS 241)"
            }
        }
    }

    pub(super) fn errors_convention(self) -> &'static str {
        match self {
            Self::Random => "of independent paths, by the central limit theorem",
            Self::Antithetic | Self::MomentMatched => {
                "from the differences between blocks of paths, which are independent; null with fewer than 8 blocks, and for \
                 VaR and CVaR where quantiles come from a histogram"
            }
            Self::Sobol => {
                "from the differences between the independently scrambled replicates; null for VaR and CVaR where quantiles \
                 come from a histogram"
            }
        }
    }
}
