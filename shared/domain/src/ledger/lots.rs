//! What was paid for what is held.

use std::collections::VecDeque;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{fraction, held::scaled};

/// Which of the units that were bought are sold first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostMethod {
    /// First in, first out: the oldest units are sold first, at what was paid for them.
    #[default]
    Fifo,
    /// Weighted average: every unit has cost the same.
    Average,
}

/// Units that were bought together.
#[derive(Debug, Clone, PartialEq)]
struct Lot {
    quantity: Decimal,
    cost: Decimal,
}

/// The units that are held of one instrument, and what was paid for them.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Lots {
    pub(super) quantity: Decimal,
    pub(super) cost: Decimal,
    method: CostMethod,
    /// The oldest first; only for first in, first out.
    open: VecDeque<Lot>,
}

impl Lots {
    pub(super) fn new(method: CostMethod) -> Self {
        Self { method, ..Self::default() }
    }

    pub(super) fn buy(&mut self, quantity: Decimal, cost: Decimal) -> Option<()> {
        self.quantity = self.quantity.checked_add(quantity)?;
        self.cost = self.cost.checked_add(cost)?;
        if self.method == CostMethod::Fifo {
            self.open.push_back(Lot { quantity, cost });
        }
        Some(())
    }

    /// Sells units; what was paid for them. `None` when there are not as many.
    pub(super) fn sell(&mut self, quantity: Decimal) -> Option<Decimal> {
        if quantity > self.quantity {
            return None;
        }
        let cost = match self.method {
            CostMethod::Fifo => self.take(quantity)?,
            CostMethod::Average => fraction::of(self.cost, quantity, self.quantity)?,
        };
        self.quantity -= quantity;
        self.cost -= cost;
        Some(cost)
    }

    /// Takes the oldest units.
    fn take(&mut self, mut wanted: Decimal) -> Option<Decimal> {
        let mut cost = Decimal::ZERO;
        while wanted > Decimal::ZERO {
            let oldest = self.open.front_mut()?;
            if oldest.quantity <= wanted {
                wanted -= oldest.quantity;
                cost += oldest.cost;
                self.open.pop_front();
            } else {
                let part = fraction::of(oldest.cost, wanted, oldest.quantity)?;
                oldest.quantity -= wanted;
                oldest.cost -= part;
                cost += part;
                wanted = Decimal::ZERO;
            }
        }
        Some(cost)
    }

    /// Splits every lot. The sum of all is rounded, not each, so that the lots add up to what is held; a lot that nothing is
    /// left of leaves its cost to the next. What nothing at all is left of has its cost given back, as lost.
    pub(super) fn split(&mut self, new: u32, old: u32) -> Option<Decimal> {
        let (mut before, mut after, mut owed) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        let mut open = VecDeque::with_capacity(self.open.len());
        for lot in &self.open {
            before += lot.quantity;
            let sum = scaled(before, new, old)?;
            let quantity = sum - after;
            after = sum;
            owed += lot.cost;
            if !quantity.is_zero() {
                open.push_back(Lot { quantity, cost: std::mem::take(&mut owed) });
            }
        }
        if let Some(last) = open.back_mut() {
            last.cost += std::mem::take(&mut owed);
        }
        self.open = open;
        self.quantity = scaled(self.quantity, new, old)?;
        let lost = if self.quantity.is_zero() { std::mem::take(&mut self.cost) } else { Decimal::ZERO };
        Some(lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn two_lots(method: CostMethod) -> Lots {
        let mut lots = Lots::new(method);
        lots.buy(number("10"), number("100.00")).unwrap();
        lots.buy(number("20"), number("260.00")).unwrap();
        lots
    }

    #[test]
    fn the_oldest_units_go_first_or_all_have_cost_the_same() {
        assert_eq!(two_lots(CostMethod::Fifo).sell(number("15")), Some(number("165.00")));
        assert_eq!(two_lots(CostMethod::Average).sell(number("15")), Some(number("180.00")));
        assert_eq!(two_lots(CostMethod::Fifo).sell(number("31")), None);
    }

    #[test]
    fn no_cent_is_lost_in_parts() {
        for method in [CostMethod::Fifo, CostMethod::Average] {
            let mut lots = Lots::new(method);
            lots.buy(number("3"), number("10.00")).unwrap();
            let parts = ["1", "1", "1"].map(|part| lots.sell(number(part)).unwrap());
            assert_eq!(parts.iter().sum::<Decimal>(), number("10.00"));
            assert_eq!((lots.quantity, lots.cost), (Decimal::ZERO, Decimal::ZERO));
        }
    }

    #[test]
    fn a_split_keeps_the_cost_and_the_lots_add_up() {
        let mut lots = two_lots(CostMethod::Fifo);
        lots.buy(number("0.00000001"), number("0.01")).unwrap();
        lots.split(1, 3).unwrap();
        assert_eq!((lots.quantity, lots.cost), (number("10"), number("360.01")));
        assert_eq!(lots.open.iter().map(|lot| lot.quantity).sum::<Decimal>(), lots.quantity);
        assert_eq!(lots.open.iter().map(|lot| lot.cost).sum::<Decimal>(), lots.cost);
        assert_eq!(lots.sell(number("10")), Some(number("360.01")));
        let mut dust = Lots::default();
        dust.buy(number("0.00000001"), number("0.01")).unwrap();
        assert_eq!(dust.split(1, 3), Some(number("0.01")));
    }
}
