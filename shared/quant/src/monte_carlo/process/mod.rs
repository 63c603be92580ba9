//! How a day's log-returns come about, where they aren't plain normals.

mod copula;
mod filtered;
mod resampled;

pub(super) use copula::Copula;
pub(super) use filtered::Filtered;
pub(super) use resampled::Resampled;

/// The model of a day.
#[derive(Debug, Clone)]
pub(super) enum Process {
    /// Correlated normals: the tile's own kernel.
    Brownian,
    Copula(Copula),
    Resampled(Resampled),
    Filtered(Filtered),
}
