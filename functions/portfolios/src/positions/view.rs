//! Books as clients see them.

use std::collections::BTreeMap;

use domain::{
    currency::Currency,
    ledger::{Book, CostMethod, Position, Splits},
    portfolio::Portfolio,
    price::{Close, PriceSeries},
    symbol::Symbol,
};
use jiff::civil::Date;
use rust_decimal::{Decimal, RoundingStrategy::MidpointAwayFromZero};
use serde::Serialize;
use utoipa::ToSchema;

/// A portfolio's books at the end of a day. All amounts are in its currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Positions)]
pub(super) struct PositionsView {
    /// The day.
    #[schema(example = "2024-06-28")]
    as_of: Date,
    /// Which units are sold first.
    cost_method: CostMethod,
    /// The portfolio's currency.
    currency: Currency,
    /// The cash that is left; below zero where more was paid than the transactions brought in.
    #[schema(value_type = String, example = "31436.00")]
    cash: Decimal,
    /// What was paid for all that is held, with the fees of the trades.
    #[schema(value_type = String, example = "18565.00")]
    cost: Decimal,
    /// What all that is held is worth at its last closes; null where one has no close.
    #[schema(value_type = Option<String>, example = "21062.00")]
    market_value: Option<Decimal>,
    /// What it is worth beyond its cost; null where one has no close.
    #[schema(value_type = Option<String>, example = "2497.00")]
    unrealised: Option<Decimal>,
    /// What sales have brought in beyond the cost of what was sold, after fees.
    #[schema(value_type = String, example = "0.00")]
    realised: Decimal,
    /// What the owner has put in.
    #[schema(value_type = String, example = "50000.00")]
    deposits: Decimal,
    /// What the owner has taken out.
    #[schema(value_type = String, example = "0.00")]
    withdrawals: Decimal,
    /// What the instruments have paid out.
    #[schema(value_type = String, example = "24.00")]
    dividends: Decimal,
    /// What services have cost, without the fees of trades.
    #[schema(value_type = String, example = "0.00")]
    fees: Decimal,
    /// Every instrument that the transactions name, by symbol; also those that are no longer held.
    positions: Vec<PositionView>,
}

/// The books of one instrument.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Position)]
pub(super) struct PositionView {
    /// The instrument.
    symbol: Symbol,
    /// How many units are held.
    #[schema(value_type = String, example = "100")]
    quantity: Decimal,
    /// What was paid for them, with the fees of their purchase.
    #[schema(value_type = String, example = "18565.00")]
    cost: Decimal,
    /// The same a unit, to 8 decimals; null without units.
    #[schema(value_type = Option<String>, example = "185.65")]
    average_cost: Option<Decimal>,
    /// The last close, to 8 decimals and in the units that are held: adjusted for splits after its day. Null without units, or
    /// without a close.
    #[schema(value_type = Option<String>, example = "210.62")]
    close: Option<Decimal>,
    /// Of which day.
    close_date: Option<Date>,
    /// What the units are worth at this close.
    #[schema(value_type = Option<String>, example = "21062.00")]
    market_value: Option<Decimal>,
    /// What they are worth beyond their cost.
    #[schema(value_type = Option<String>, example = "2497.00")]
    unrealised: Option<Decimal>,
    /// What sales have brought in beyond the cost of what was sold, after fees.
    #[schema(value_type = String, example = "0.00")]
    realised: Decimal,
    /// What it has paid out.
    #[schema(value_type = String, example = "24.00")]
    dividends: Decimal,
    /// What holding it has cost.
    #[schema(value_type = String, example = "0.00")]
    fees: Decimal,
}

/// What the view is made of.
pub(super) struct BookOf<'a> {
    pub(super) portfolio: &'a Portfolio,
    pub(super) book: Book,
    pub(super) prices: BTreeMap<Symbol, PriceSeries>,
    pub(super) splits: Splits,
    pub(super) as_of: Date,
    pub(super) cost_method: CostMethod,
}

impl PositionsView {
    pub(super) fn new(of: &BookOf) -> Self {
        let BookOf { portfolio, book, prices, splits, as_of, cost_method } = of;
        let decimals = portfolio.base_currency.decimals();
        let view = |(symbol, position): (&Symbol, &Position)| {
            let last = prices.get(symbol).and_then(|prices| prices.window(None, Some(*as_of)).last());
            let last = last.map(|last| Close { close: splits.adjusted(symbol, last), ..*last });
            PositionView::new(symbol, position, last, decimals)
        };
        let positions: Vec<_> = book.positions.iter().map(view).collect();
        let cost = positions.iter().map(|position| position.cost).sum();
        let held = positions.iter().filter(|position| !position.quantity.is_zero());
        let market_value: Option<Decimal> = held.map(|position| position.market_value).sum();
        let amount = |value| in_units(value, decimals);
        Self {
            as_of: *as_of,
            cost_method: *cost_method,
            currency: portfolio.base_currency,
            cash: amount(book.cash),
            cost: amount(cost),
            market_value: market_value.map(amount),
            unrealised: market_value.map(|value| amount(value - cost)),
            realised: amount(book.realised),
            deposits: amount(book.deposits),
            withdrawals: amount(book.withdrawals),
            dividends: amount(book.dividends),
            fees: amount(book.fees),
            positions,
        }
    }
}

impl PositionView {
    /// * `last`: the last close, in the units that are held.
    fn new(symbol: &Symbol, position: &Position, last: Option<Close>, decimals: u32) -> Self {
        let amount = |value| in_units(value, decimals);
        let (quantity, cost) = (position.quantity(), position.cost());
        let market_value = last.and_then(|last| quantity.checked_mul(last.close)).map(amount);
        let average = cost.checked_div(quantity).map(|average| average.round_dp(8).normalize());
        Self {
            symbol: symbol.clone(),
            quantity: quantity.normalize(),
            cost: amount(cost),
            average_cost: average,
            close: last.map(|last| last.close.round_dp(8).normalize()),
            close_date: last.map(|last| last.date),
            market_value,
            unrealised: market_value.map(|value| amount(value - cost)),
            realised: amount(position.realised),
            dividends: amount(position.dividends),
            fees: amount(position.fees),
        }
    }
}

/// The amount to the currency's smallest unit, written with all its decimals.
fn in_units(amount: Decimal, decimals: u32) -> Decimal {
    let mut amount = amount.round_dp_with_strategy(decimals, MidpointAwayFromZero);
    amount.rescale(decimals);
    amount
}
