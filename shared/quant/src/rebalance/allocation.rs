use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::exact::exact;

/// How quantities are rounded to whole lots.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DiscreteAllocation)]
pub enum Allocation {
    /// Rounded down, then the rest of the money buys one lot more of what is furthest below its weight among what is held, as
    /// far as it goes (the rule of `PyPortfolioOpt`).
    #[default]
    Greedy,
    /// The whole numbers of lots with the least total distance to the targets and the least idle cash, by branch and bound.
    Exact,
}

/// How good the rounding to lots is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AllocationOutcome {
    /// Nothing had to be rounded: no trade.
    None,
    /// The greedy answer.
    Greedy,
    /// The best answer there is, to half a cent.
    Optimal,
    /// The best answer found before the limit of the search.
    NodeLimit {
        /// By how much money the shortfall may be above the least possible.
        gap: f64,
    },
}

/// One asset to allocate: the value that is wanted and the value of a lot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) wanted: f64,
    pub(super) lot: f64,
}

/// Whole numbers of lots whose value is at most `budget`. Wants beyond the budget are scaled down to it first.
pub(super) fn allocate(items: &[Item], budget: f64, method: Allocation) -> (Vec<u64>, AllocationOutcome) {
    let wanted: f64 = items.iter().map(|item| item.wanted.max(0.0)).sum();
    let scale = if wanted > budget { (budget / wanted).max(0.0) } else { 1.0 };
    let scaled: Vec<Item> =
        items.iter().map(|item| Item { wanted: item.wanted.max(0.0) * scale, ..*item }).collect();
    let greedy = greedy(&scaled, budget);
    match method {
        Allocation::Greedy => (greedy, AllocationOutcome::Greedy),
        Allocation::Exact => exact(&scaled, budget, &greedy),
    }
}

/// Rounds down, then spends the rest a lot at a time on what is furthest below its share of the money invested so far, among what
/// can be afforded.
fn greedy(items: &[Item], budget: f64) -> Vec<u64> {
    let mut lots: Vec<u64> =
        items.iter().map(|item| (item.wanted / item.lot + 1e-12).floor() as u64).collect();
    let total: f64 = items.iter().map(|item| item.wanted).sum();
    let mut invested: f64 = lots.iter().zip(items).map(|(&count, item)| count as f64 * item.lot).sum();
    loop {
        let share = if invested > 0.0 { invested / total } else { 1.0 };
        let missing = |(item, &count): (&Item, &u64)| share * item.wanted - count as f64 * item.lot;
        let affordable =
            items.iter().zip(&lots).enumerate().filter(|(_, (item, _))| item.lot <= budget - invested);
        let short = affordable
            .map(|(at, pair)| (at, missing(pair)))
            .filter(|&(at, missing)| missing > 1e-9 * items[at].lot);
        let Some((at, _)) = short.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))) else {
            return lots;
        };
        lots[at] += 1;
        invested += items[at].lot;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(values: &[(f64, f64)]) -> Vec<Item> {
        values.iter().map(|&(wanted, lot)| Item { wanted, lot }).collect()
    }

    #[test]
    fn the_rest_buys_what_is_furthest_below() {
        let wants = items(&[(55.0, 10.0), (48.0, 10.0), (17.0, 10.0)]);
        assert_eq!(allocate(&wants, 120.0, Allocation::Greedy).0, [5, 5, 2]);
        assert_eq!(allocate(&wants, 60.0, Allocation::Greedy).0.iter().sum::<u64>(), 6);
        assert_eq!(allocate(&wants, -5.0, Allocation::Greedy).0, [0, 0, 0]);
    }
}
