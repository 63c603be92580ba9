use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::money;

/// A quantity bought at one time and price.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TaxLot {
    /// The day.
    pub acquired: Date,
    /// The quantity that is left of it.
    pub quantity: Decimal,
    /// What one cost.
    pub unit_cost: Decimal,
}

/// Which tax lots are sold first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LotOrder {
    /// The oldest (first in, first out).
    #[default]
    Fifo,
    /// The dearest (highest in, first out): the smallest gain now. Of equal cost the oldest.
    Hifo,
}

/// What a sale takes from a tax lot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ClosedLot {
    /// The lot's place in the position's list.
    pub lot: usize,
    /// The quantity taken.
    pub quantity: Decimal,
    /// Its part of the sale's value; the parts add up to it exactly.
    pub proceeds: Decimal,
    /// What it had cost.
    pub cost_basis: Decimal,
    /// The difference; costs of the trade not deducted.
    pub gain: Decimal,
}

/// Takes a sold quantity from lots, in their order.
///
/// * `value`: of the whole sale, rounded to the currency's digits.
pub(super) fn close(
    lots: &[TaxLot],
    order: LotOrder,
    quantity: Decimal,
    value: Decimal,
    digits: u32,
) -> Vec<ClosedLot> {
    let mut queue: Vec<usize> = (0..lots.len()).filter(|&lot| lots[lot].quantity > Decimal::ZERO).collect();
    queue.sort_by(|&left, &right| {
        let older = lots[left].acquired.cmp(&lots[right].acquired).then(left.cmp(&right));
        match order {
            LotOrder::Fifo => older,
            LotOrder::Hifo => lots[right].unit_cost.cmp(&lots[left].unit_cost).then(older),
        }
    });
    let (mut left, mut unpaid) = (quantity, value);
    let mut closed = Vec::new();
    for lot in queue {
        if left <= Decimal::ZERO {
            break;
        }
        let taken = left.min(lots[lot].quantity);
        let proceeds = if taken == left { unpaid } else { money(unpaid * (taken / left), digits) };
        let cost_basis = money(taken * lots[lot].unit_cost, digits);
        closed.push(ClosedLot { lot, quantity: taken, proceeds, cost_basis, gain: proceeds - cost_basis });
        left -= taken;
        unpaid -= proceeds;
    }
    closed
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lots() -> Vec<TaxLot> {
        let lot = |day, quantity, cents| TaxLot {
            acquired: date(2024, 1, day),
            quantity: Decimal::from(quantity),
            unit_cost: Decimal::new(cents, 2),
        };
        vec![lot(3, 5, 1200), lot(1, 4, 900), lot(2, 6, 1500)]
    }

    #[test]
    fn oldest_or_dearest_first() {
        let sold = |order| close(&lots(), order, Decimal::from(7), Decimal::new(7001, 2), 2);
        let fifo = sold(LotOrder::Fifo);
        assert_eq!(fifo.iter().map(|part| part.lot).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(
            fifo.iter().map(|part| part.quantity).collect::<Vec<_>>(),
            [Decimal::from(4), Decimal::from(3)]
        );
        assert_eq!(fifo.iter().map(|part| part.proceeds).sum::<Decimal>(), Decimal::new(7001, 2));
        assert_eq!(fifo[0].cost_basis, Decimal::from(36));
        let hifo = sold(LotOrder::Hifo);
        assert_eq!(hifo.iter().map(|part| part.lot).collect::<Vec<_>>(), [2, 0]);
        let gain = |parts: &[ClosedLot]| parts.iter().map(|part| part.gain).sum::<Decimal>();
        assert!(gain(&hifo) < gain(&fifo));
    }
}
