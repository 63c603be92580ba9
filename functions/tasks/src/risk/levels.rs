//! Confidence levels, which all risk tasks take.

use domain::Validation;

/// The most confidence levels of one task.
const MAXIMUM: usize = 20;

/// The levels, or 95 % and 99 % when nothing is said.
pub(crate) fn parse(levels: Option<Vec<f64>>, validation: &mut Validation) -> Vec<f64> {
    const POINTER: &str = "/confidence_levels";
    let levels = levels.unwrap_or_else(|| vec![0.95, 0.99]);
    validation.require(
        (1..=MAXIMUM).contains(&levels.len()),
        POINTER,
        format!("must have 1 to {MAXIMUM} levels, but has {}", levels.len()),
    );
    for (index, level) in levels.iter().enumerate() {
        check(*level, &format!("{POINTER}/{index}"), validation);
    }
    levels
}

/// Notes a level that is none.
pub(crate) fn check(level: f64, pointer: &str, validation: &mut Validation) {
    let detail = format!("must be between 0 and 1 (0.95 means 95 %), but is {level}");
    validation.require(level > 0.0 && level < 1.0, pointer, detail);
}
