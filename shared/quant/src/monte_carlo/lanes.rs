//! Rows of lanes: one value for each of the paths that are simulated side by side.

/// Paths side by side. A multiple of every vector width, and few enough for all rows to stay in the first-level cache.
pub(crate) const LANES: usize = 64;

/// One `f64` a path.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(crate) struct Row(pub(crate) [f64; LANES]);

impl Row {
    pub(crate) const ZERO: Self = Self([0.0; LANES]);
    pub(crate) const ONE: Self = Self([1.0; LANES]);
}
