use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::trial::{LEAST_SPREAD, NoValue};

/// Trials that have no value. They are counted and left out, never set to a made-up figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = UndefinedTrials)]
pub struct Undefined {
    /// How many in all.
    pub trials: u64,
    /// Their share of all trials. A share that is not small makes the other figures those of a cut-off distribution.
    pub share: f64,
    /// Those whose WACC is at or below the terminal growth (or 0).
    pub wacc_not_above_growth: u64,
    /// Those whose growth is -100 % or less in some year.
    pub growth_at_most_minus_one: u64,
    /// Those whose exit multiple is not positive.
    pub multiple_not_positive: u64,
    /// Those whose value no floating-point number can hold.
    pub overflow: u64,
}

/// Trials whose WACC is above the terminal growth by less than the least spread; there are none with an exit multiple.
///
/// A perpetuity is worth a multiple of `1 / (WACC - growth)`. Where trials come as near to growth as they like, that has no
/// mean, and neither mean, standard deviation nor standard error converge, however many trials there are. Like those without
/// a value, these trials are counted and left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = TrialsNearGrowth)]
pub struct NearGrowth {
    /// How many.
    pub trials: u64,
    /// Their share of all trials.
    pub share: f64,
    /// The least that the WACC must be above growth: 0.01, a percentage point, where the perpetuity is already worth 100 times
    /// next year's cash flow.
    #[schema(example = 0.01)]
    pub least_spread: f64,
}

/// Counts of the trials that no figure is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LeftOut {
    undefined: Undefined,
    near_growth: u64,
}

impl LeftOut {
    pub(super) fn count(&mut self, cause: NoValue) {
        let undefined = &mut self.undefined;
        let of_cause = match cause {
            NoValue::NearGrowth => {
                self.near_growth += 1;
                return;
            }
            NoValue::Wacc => &mut undefined.wacc_not_above_growth,
            NoValue::Growth => &mut undefined.growth_at_most_minus_one,
            NoValue::Multiple => &mut undefined.multiple_not_positive,
            NoValue::Overflow => &mut undefined.overflow,
        };
        *of_cause += 1;
        undefined.trials += 1;
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.near_growth += other.near_growth;
        let (sum, other) = (&mut self.undefined, &other.undefined);
        sum.trials += other.trials;
        sum.wacc_not_above_growth += other.wacc_not_above_growth;
        sum.growth_at_most_minus_one += other.growth_at_most_minus_one;
        sum.multiple_not_positive += other.multiple_not_positive;
        sum.overflow += other.overflow;
    }

    /// The counts with their shares of all trials.
    pub(super) fn of(self, trials: u64) -> (Undefined, NearGrowth) {
        let share = |part: u64| part as f64 / trials as f64;
        let undefined = Undefined { share: share(self.undefined.trials), ..self.undefined };
        let (trials, share) = (self.near_growth, share(self.near_growth));
        (undefined, NearGrowth { trials, share, least_spread: LEAST_SPREAD })
    }
}
