//! What is held, with its prices.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Invalid, PortfolioId, Validation,
    decimal::DecimalInput,
    ledger::Splits,
    portfolio::{HoldingSize, Portfolio},
    price::{Close, PriceSeries},
    risk::MAXIMUM_ASSETS,
    symbol::Symbol,
};
use futures::future::try_join_all;
use jiff::civil::Date;
use quant::rebalance::{Position, TaxLot};
use rust_decimal::Decimal;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::ApiError;

use crate::{
    portfolio::names::below,
    state::{invalid, within},
};

/// No worth above this, so that sums and products of decimals stay exact.
const LARGEST: i64 = 1_000_000_000_000_000;
const MILLIARD: i64 = 1_000_000_000;
/// The most tax lots of an asset.
const MAXIMUM_LOTS: usize = 10_000;

/// A quantity bought at one time and price.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxLotInput {
    /// The day.
    #[schema(example = "2018-01-02")]
    acquired: Date,
    /// The quantity that is left of it.
    #[schema(example = "1200")]
    quantity: DecimalInput,
    /// What one cost.
    #[schema(example = "40.831")]
    unit_cost: DecimalInput,
}

/// What is said about the positions, by name.
pub(super) struct Given<'a> {
    pub(super) targets: &'a BTreeMap<String, f64>,
    pub(super) prices: BTreeMap<String, DecimalInput>,
    pub(super) lot_sizes: BTreeMap<String, DecimalInput>,
    pub(super) tax_lots: BTreeMap<String, Vec<TaxLotInput>>,
    pub(super) cash: Decimal,
}

/// The quantities held, and where prices are looked up that aren't given.
pub(super) struct Held {
    quantities: BTreeMap<String, Decimal>,
    pointer: &'static str,
    /// For a stored portfolio, whose prices are stored too: the splits among its transactions.
    splits: Option<Splits>,
    to: Option<Date>,
}

impl Held {
    /// The holdings that are given, or those of the portfolio.
    pub(super) async fn find(
        holdings: Option<BTreeMap<String, DecimalInput>>,
        id: Option<PortfolioId>,
        to: Option<Date>,
        store: &Scope,
    ) -> Result<Self, ApiError> {
        match (holdings, id) {
            (Some(_), Some(_)) => Err(invalid("/holdings", "must not be given together with portfolio_id")),
            (None, None) => Err(invalid("/holdings", "either holdings or portfolio_id must be given")),
            (Some(_), None) if to.is_some() => {
                Err(invalid("/to", "chooses among stored prices; it goes with portfolio_id"))
            }
            (Some(holdings), None) => {
                let quantities = holdings.into_iter().map(|(name, quantity)| (name, quantity.0)).collect();
                Ok(Self { quantities, pointer: "/holdings", splits: None, to })
            }
            (None, Some(id)) => {
                let portfolio = store.get::<Portfolio>(&id).await?.entity;
                let quantities = portfolio.holdings.as_slice().iter().map(|holding| match holding.size {
                    HoldingSize::Quantity(quantity) => Some((holding.symbol.to_string(), quantity)),
                    HoldingSize::Weight(_) => None,
                });
                let quantities = quantities.collect::<Option<_>>().ok_or_else(|| {
                    invalid("/portfolio_id", "the portfolio is held by weight; only quantities can be traded")
                })?;
                let splits = Some(store.splits(&portfolio).await?);
                Ok(Self { quantities, pointer: "/portfolio_id", splits, to })
            }
        }
    }

    /// The positions held and wanted, in the order of their names.
    pub(super) async fn positions(
        mut self,
        given: Given<'_>,
        store: &Scope,
    ) -> Result<(Vec<String>, Vec<Position>), ApiError> {
        let wanted = given.targets.iter().filter(|(_, weight)| **weight > 0.0);
        for (name, _) in wanted {
            self.quantities.entry(name.clone()).or_default();
        }
        let assets: Vec<String> = self.quantities.keys().cloned().collect();
        let mut prices: BTreeMap<String, Decimal> =
            given.prices.iter().map(|(name, price)| (name.clone(), price.0)).collect();
        if let Some(splits) = &self.splits {
            let missing: Vec<&String> = assets.iter().filter(|name| !prices.contains_key(*name)).collect();
            prices.extend(self.closes(&missing, splits, store).await?);
        }
        Ok((assets.clone(), self.check(&assets, &prices, &given)?))
    }

    /// The closes of the last day, which must be one for all, in the units that are held.
    async fn closes(
        &self,
        names: &[&String],
        splits: &Splits,
        store: &Scope,
    ) -> Result<Vec<(String, Decimal)>, ApiError> {
        let mut validation = Validation::new();
        let symbols = names
            .iter()
            .map(|name| validation.check(&below("/target_weights", name), name.parse::<Symbol>()));
        let symbols = symbols.collect::<Option<Vec<_>>>();
        let symbols = validation.finish(symbols)?;
        let series = try_join_all(symbols.iter().map(|symbol| store.find::<PriceSeries>(symbol))).await?;
        let last = series.iter().map(|series| {
            series.as_ref().and_then(|series| series.entity.window(None, self.to).last()).copied()
        });
        let last: Vec<Option<Close>> = last.collect();
        let missing: Vec<&str> = names
            .iter()
            .zip(&last)
            .filter(|(_, close)| close.is_none())
            .map(|(name, _)| name.as_str())
            .collect();
        if !missing.is_empty() {
            return Err(invalid(
                "/prices",
                &format!("no prices are given or loaded for {}", missing.join(", ")),
            ));
        }
        let closes: Vec<Close> = last.into_iter().flatten().collect();
        if let Some(other) = closes.iter().position(|close| close.date != closes[0].date) {
            return Err(invalid(
                "/prices",
                &format!(
                    "the last stored prices are of different days ({} of {}, {} of {}); give to, or prices",
                    names[0], closes[0].date, names[other], closes[other].date
                ),
            ));
        }
        let closes = symbols.iter().zip(&closes).map(|(symbol, close)| splits.adjusted(symbol, close));
        Ok(names.iter().map(|name| (*name).clone()).zip(closes).collect())
    }

    fn check(
        &self,
        assets: &[String],
        prices: &BTreeMap<String, Decimal>,
        given: &Given,
    ) -> Result<Vec<Position>, Invalid> {
        let mut validation = Validation::new();
        validation.require(
            (1..=MAXIMUM_ASSETS).contains(&assets.len()),
            self.pointer,
            format!(
                "must be 1 to {MAXIMUM_ASSETS} assets with those of target_weights, but are {}",
                assets.len()
            ),
        );
        let known: BTreeSet<&String> = assets.iter().collect();
        for (name, pointer) in (given.prices.keys().map(|name| (name, "/prices")))
            .chain(given.lot_sizes.keys().map(|name| (name, "/lot_sizes")))
            .chain(given.tax_lots.keys().map(|name| (name, "/tax_lots")))
        {
            validation.require(
                known.contains(name),
                &below(pointer, name),
                format!("{name} is neither held nor wanted"),
            );
        }
        let cash = within(given.cash, -Decimal::from(LARGEST), Decimal::from(LARGEST));
        let cash = validation.check("/cash", cash);
        let positions: Vec<Option<Position>> =
            assets.iter().map(|name| self.position(name, prices, given, &mut validation)).collect();
        let positions = positions.into_iter().collect::<Option<Vec<_>>>();
        if let (Some(positions), Some(cash)) = (&positions, cash) {
            let worth: Decimal = positions.iter().map(|position| position.quantity * position.price).sum();
            let value = worth + cash;
            let detail =
                format!("the positions and the cash must be worth more than 0, but are worth {value}");
            validation.require(value > Decimal::ZERO, "/cash", detail);
        }
        validation.finish(positions)
    }

    fn position(
        &self,
        name: &str,
        prices: &BTreeMap<String, Decimal>,
        given: &Given,
        validation: &mut Validation,
    ) -> Option<Position> {
        let held = self.quantities.get(name).copied().unwrap_or_default();
        let pointer = if self.splits.is_some() { self.pointer.to_owned() } else { below(self.pointer, name) };
        let named = |error: String| format!("{name} {error}");
        let quantity = within(held, Decimal::ZERO, Decimal::from(LARGEST)).map_err(named);
        let quantity = validation.check(&pointer, quantity);
        let price = prices.get(name).copied().ok_or_else(|| "must be given".to_owned());
        let price = validation.check(&below("/prices", name), price.and_then(positive));
        let lot_size = given.lot_sizes.get(name).map_or(Ok(Decimal::ONE), |lot| positive(lot.0));
        let lot_size = validation.check(&below("/lot_sizes", name), lot_size);
        let lots = given.tax_lots.get(name).map_or(&[][..], Vec::as_slice);
        let tax_lots = tax_lots(lots, held, &below("/tax_lots", name), validation);
        let position = Position { quantity: quantity?, price: price?, lot_size: lot_size?, tax_lots };
        let worth = within(position.quantity * position.price, Decimal::ZERO, Decimal::from(LARGEST));
        validation.check(&pointer, worth.map_err(|error| format!("{name} is worth too much: {error}")))?;
        Some(position)
    }
}

fn positive(value: Decimal) -> Result<Decimal, String> {
    if value > Decimal::ZERO && value <= Decimal::from(MILLIARD) {
        Ok(value)
    } else {
        Err(format!("must be above 0 and at most {MILLIARD}, but is {value}"))
    }
}

fn tax_lots(given: &[TaxLotInput], held: Decimal, pointer: &str, validation: &mut Validation) -> Vec<TaxLot> {
    if given.len() > MAXIMUM_LOTS {
        let detail = format!("must have at most {MAXIMUM_LOTS} lots, but has {}", given.len());
        validation.reject(pointer, detail);
        return Vec::new();
    }
    let mut sum = Decimal::ZERO;
    let mut lots = Vec::with_capacity(given.len());
    for (index, lot) in given.iter().enumerate() {
        let (quantity, unit_cost) = (lot.quantity.0, lot.unit_cost.0);
        let pointer = format!("{pointer}/{index}");
        let fits = within(quantity, Decimal::ZERO, Decimal::from(LARGEST));
        validation.check(&format!("{pointer}/quantity"), fits);
        let fits = within(unit_cost, Decimal::ZERO, Decimal::from(MILLIARD));
        validation.check(&format!("{pointer}/unit_cost"), fits);
        sum = sum.checked_add(quantity).unwrap_or(Decimal::MAX);
        lots.push(TaxLot { acquired: lot.acquired, quantity, unit_cost });
    }
    let detail = format!("must add up to the {held} that are held, but add up to {sum}");
    validation.require(lots.is_empty() || sum == held, pointer, detail);
    lots
}
