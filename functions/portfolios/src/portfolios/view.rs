//! A portfolio as clients see it.

use domain::{
    PortfolioId,
    currency::Currency,
    portfolio::{Holding, HoldingSize, KeptBy, Portfolio},
    symbol::Symbol,
    text::Name,
};
use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use store::Stored;
use utoipa::ToSchema;

/// A named list of holdings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Portfolio)]
pub(crate) struct PortfolioView {
    /// Its id.
    pub(super) id: PortfolioId,
    /// What it is called.
    name: Name,
    /// The currency that its value is told in (ISO 4217).
    base_currency: Currency,
    /// What it holds.
    holdings: Vec<HoldingView>,
    /// What its holdings are known from: they were given, or follow from its transactions.
    kept_by: KeptBy,
    /// When it was created.
    created_at: Timestamp,
    /// When it was last changed.
    updated_at: Timestamp,
}

/// One position.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Holding)]
struct HoldingView {
    /// The instrument.
    symbol: Symbol,
    /// A number of units; negative when sold short.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "100")]
    quantity: Option<Decimal>,
    /// A share of the portfolio's value (0.05 = 5 %); negative when sold short.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "0.25")]
    weight: Option<Decimal>,
}

impl From<Stored<Portfolio>> for PortfolioView {
    fn from(stored: Stored<Portfolio>) -> Self {
        let kept_by = stored.entity.kept_by();
        let Portfolio { id, name, base_currency, holdings, .. } = stored.entity;
        Self {
            id,
            name,
            base_currency,
            holdings: holdings.as_slice().iter().map(HoldingView::from).collect(),
            kept_by,
            created_at: stored.created_at,
            updated_at: stored.updated_at,
        }
    }
}

impl From<&Holding> for HoldingView {
    fn from(holding: &Holding) -> Self {
        let (quantity, weight) = match holding.size {
            HoldingSize::Quantity(quantity) => (Some(quantity), None),
            HoldingSize::Weight(weight) => (None, Some(weight)),
        };
        Self { symbol: holding.symbol.clone(), quantity, weight }
    }
}
