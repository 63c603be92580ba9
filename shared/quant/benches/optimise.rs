//! Portfolio optimisation at the sizes of docs/PERFORMANCE.md, one thread.
fn main() {}
