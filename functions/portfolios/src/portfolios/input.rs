//! What a client says about a portfolio.

use domain::{
    Invalid, PortfolioId, Validation,
    currency::Currency,
    decimal::DecimalInput,
    portfolio::{Holding, HoldingSize, Holdings, MAXIMUM_HOLDINGS, Portfolio},
    text::Name,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A portfolio to be created, or to take another's place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PortfolioInput {
    /// What it is called.
    #[schema(min_length = 1, max_length = 200, example = "Core equities")]
    name: String,
    /// The currency that its value is told in (ISO 4217).
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    base_currency: String,
    /// What it holds: each symbol once, all by quantity or all by weight, weights that sum to 1. It may be empty.
    #[schema(max_items = 500)]
    holdings: Vec<HoldingInput>,
}

/// One position: a symbol, and exactly one of `quantity` and `weight`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldingInput {
    /// The instrument.
    #[schema(pattern = "^[A-Za-z0-9.^=_-]{1,20}$", example = "AAPL")]
    symbol: String,
    /// A number of units; negative when sold short.
    quantity: Option<DecimalInput>,
    /// A share of the portfolio's value (0.05 = 5 %); negative when sold short.
    weight: Option<DecimalInput>,
}

impl PortfolioInput {
    /// The portfolio with this id.
    ///
    /// # Errors
    /// Names every field that can't be taken.
    pub(crate) fn parse(self, id: PortfolioId) -> Result<Portfolio, Invalid> {
        let mut validation = Validation::new();
        let name = validation.check("/name", Name::parse(&self.name));
        let base_currency = validation.check("/base_currency", Currency::parse(&self.base_currency));
        let holdings = validation.nest("/holdings", parse_holdings(self.holdings));
        let parts = name.zip(base_currency).zip(holdings);
        validation.finish(parts.map(|((name, base_currency), holdings)| Portfolio {
            id,
            name,
            base_currency,
            holdings,
            ledger: None,
        }))
    }
}

fn parse_holdings(inputs: Vec<HoldingInput>) -> Result<Holdings, Invalid> {
    // Before all else: an answer that names the faults of a million holdings helps nobody.
    if inputs.len() > MAXIMUM_HOLDINGS {
        return Err(Invalid::field("", format!("must have at most {MAXIMUM_HOLDINGS} holdings")));
    }
    let mut validation = Validation::new();
    let mut holdings = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.into_iter().enumerate() {
        holdings.extend(validation.nest(&format!("/{index}"), input.parse()));
    }
    Holdings::parse(validation.finish(Some(holdings))?)
}

impl HoldingInput {
    fn parse(self) -> Result<Holding, Invalid> {
        let mut validation = Validation::new();
        let symbol = validation.check("/symbol", self.symbol.parse());
        let (quantity, weight) = (self.quantity.map(|input| input.0), self.weight.map(|input| input.0));
        let size = validation.nest("", HoldingSize::parse(quantity, weight));
        validation.finish(symbol.zip(size).map(|(symbol, size)| Holding { symbol, size }))
    }
}

#[cfg(test)]
mod tests {
    use platform::IdSource;

    use super::*;

    fn holding(symbol: &str, quantity: Option<&str>, weight: Option<&str>) -> HoldingInput {
        let decimal = |text: Option<&str>| text.map(|text| text.parse().unwrap());
        HoldingInput { symbol: symbol.to_owned(), quantity: decimal(quantity), weight: decimal(weight) }
    }

    fn parse(name: &str, currency: &str, holdings: Vec<HoldingInput>) -> Result<Portfolio, Vec<String>> {
        PortfolioInput { name: name.to_owned(), base_currency: currency.to_owned(), holdings }
            .parse(IdSource::default().id())
            .map_err(|Invalid(errors)| errors.into_iter().map(|error| error.pointer).collect())
    }

    #[test]
    fn a_sound_portfolio_is_taken() {
        let holdings = vec![holding("aapl", Some("100.5"), None), holding("MSFT", Some("-3"), None)];
        let portfolio = parse(" Core ", "USD", holdings).unwrap();
        assert_eq!(portfolio.name.to_string(), "Core");
        assert_eq!(portfolio.holdings.as_slice()[0].symbol.to_string(), "AAPL");
        assert!(parse("Empty", "EUR", vec![]).is_ok());
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let holdings = vec![
            holding("no symbol", Some("1"), None),
            holding("A", Some("1"), None),
            holding("B", Some("1"), Some("0.5")),
            holding("C", None, None),
        ];
        assert_eq!(
            parse("", "usd", holdings).unwrap_err(),
            ["/name", "/base_currency", "/holdings/0/symbol", "/holdings/2", "/holdings/3"]
        );
    }

    #[test]
    fn holdings_must_fit_together() {
        let mixed = vec![holding("A", Some("1"), None), holding("B", None, Some("1"))];
        assert_eq!(parse("P", "USD", mixed).unwrap_err(), ["/holdings"]);
        let short_of_one = vec![holding("A", None, Some("0.5")), holding("B", None, Some("0.4"))];
        assert_eq!(parse("P", "USD", short_of_one).unwrap_err(), ["/holdings"]);
        let twice = vec![holding("A", Some("1"), None), holding("a", Some("1"), None)];
        assert_eq!(parse("P", "USD", twice).unwrap_err(), ["/holdings/1/symbol"]);
        let many = (0..=MAXIMUM_HOLDINGS).map(|_| holding("no symbol", None, None)).collect();
        assert_eq!(parse("P", "USD", many).unwrap_err(), ["/holdings"]);
    }
}
