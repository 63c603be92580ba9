//! Rows of lanes: one value for each of the paths that are simulated side by side.

/// Paths side by side. A multiple of every vector width, and few enough for all rows to stay in the first-level cache.
pub(super) const LANES: usize = 64;

/// One `f64` a path.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Row(pub(super) [f64; LANES]);

impl Row {
    pub(super) const ZERO: Self = Self([0.0; LANES]);
    pub(super) const ONE: Self = Self([1.0; LANES]);
}
