//! The two ways to say which portfolio is meant: by its numbers, or by its id.

use domain::{
    Invalid, PortfolioId, Validation,
    history::{self, PortfolioHistory, Window},
    portfolio::Portfolio,
    price::PriceSeries,
    risk::AssetHistory,
};
use futures::future::try_join_all;
use jiff::civil::Date;
use serde::Deserialize;
use store::{Scope, Stored};
use utoipa::ToSchema;
use web::ApiError;

use crate::state::invalid;

/// A portfolio in numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PortfolioData {
    /// One weight an asset, as a fraction of the portfolio's value. They sum to 1 (within 1e-6); short positions are
    /// negative.
    #[schema(example = json!([0.4, 0.3, 0.3]))]
    weights: Vec<f64>,
    /// Simple daily returns as fractions: rows are days, oldest first, columns are assets. At least 2 rows.
    #[schema(example = json!([[0.011, -0.004, 0.002], [-0.007, 0.003, 0.001], [0.004, 0.001, -0.002]]))]
    historical_returns: Vec<Vec<f64>>,
    /// The assets' names, for the result to repeat.
    #[schema(example = json!(["AAPL", "JNJ", "CVX"]))]
    asset_names: Option<Vec<String>>,
}

/// Which portfolio is meant: exactly one of the two ways.
#[derive(Debug, Default, ToSchema)]
pub(crate) struct PortfolioChoice {
    /// The portfolio in numbers; or give `portfolio_id`.
    #[schema(rename = "portfolio_data")]
    pub(crate) data: Option<PortfolioData>,
    /// A stored portfolio, whose returns come from the stored prices; or give `portfolio_data`. It takes `portfolios:read`
    /// as well.
    #[schema(rename = "portfolio_id")]
    pub(crate) id: Option<PortfolioId>,
    /// The first day of the stored prices to use.
    pub(crate) from: Option<Date>,
    /// The last day of the stored prices to use.
    pub(crate) to: Option<Date>,
}

/// The portfolio that is meant.
pub(crate) enum Chosen {
    /// In numbers.
    Data(AssetHistory),
    /// By its id.
    Stored(StoredPortfolio),
}

/// A stored portfolio, with the prices of its holdings in their order, adjusted for the splits among its transactions.
pub(crate) struct StoredPortfolio {
    pub(crate) portfolio: Portfolio,
    pub(crate) prices: Vec<Option<PriceSeries>>,
    pub(crate) window: Window,
}

impl PortfolioChoice {
    /// The portfolio's weights and history; market prices and holdings are looked up in the tenant's store.
    ///
    /// # Errors
    /// 404 when there is no such portfolio, 422 for all else that is wrong with the choice.
    pub(crate) async fn resolve(self, store: &Scope) -> Result<PortfolioHistory, ApiError> {
        Ok(match self.choose(store).await? {
            Chosen::Data(history) => PortfolioHistory { history, days: Vec::new(), market_value: None },
            Chosen::Stored(stored) => history::join(&stored.portfolio, &stored.prices, stored.window)?,
        })
    }

    /// The portfolio itself, with all prices of its holdings.
    ///
    /// # Errors
    /// As [`Self::resolve`].
    pub(crate) async fn choose(self, store: &Scope) -> Result<Chosen, ApiError> {
        match (self.data, self.id) {
            (Some(data), None) => {
                if self.from.is_some() || self.to.is_some() {
                    return Err(invalid(
                        "/from",
                        "from and to choose among stored prices; they go with portfolio_id",
                    ));
                }
                Ok(Chosen::Data(data.parse()?))
            }
            (None, Some(id)) => {
                let window = Window { from: self.from, to: self.to };
                if let (Some(from), Some(to)) = (window.from, window.to)
                    && from > to
                {
                    return Err(invalid("/from", "must not be after to"));
                }
                let portfolio = store.get::<Portfolio>(&id).await?.entity;
                let symbols = portfolio.holdings.as_slice().iter().map(|holding| &holding.symbol);
                let prices = try_join_all(symbols.map(|symbol| store.find::<PriceSeries>(symbol))).await?;
                let splits = store.splits(&portfolio).await?;
                let adjusted = |series: Stored<PriceSeries>| splits.adjust(series.entity);
                let prices = prices.into_iter().map(|series| series.map(adjusted)).collect();
                Ok(Chosen::Stored(StoredPortfolio { portfolio, prices, window }))
            }
            (None, None) => {
                Err(invalid("/portfolio_data", "either portfolio_data or portfolio_id must be given"))
            }
            (Some(_), Some(_)) => {
                Err(invalid("/portfolio_data", "must not be given together with portfolio_id"))
            }
        }
    }
}

impl PortfolioData {
    fn parse(self) -> Result<AssetHistory, Invalid> {
        let mut validation = Validation::new();
        let assets = self
            .asset_names
            .unwrap_or_else(|| (1..=self.weights.len()).map(|asset| format!("asset {asset}")).collect());
        validation.require(
            assets.len() == self.weights.len(),
            "/portfolio_data/asset_names",
            format!(
                "must have one name for each of the {} weights, but has {}",
                self.weights.len(),
                assets.len()
            ),
        );
        for (index, name) in assets.iter().enumerate() {
            let fits = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
            validation.require(
                fits,
                &format!("/portfolio_data/asset_names/{index}"),
                "must have 1 to 100 characters",
            );
        }
        let history = AssetHistory::parse(assets, self.weights, self.historical_returns);
        let history = validation.nest("/portfolio_data", history);
        validation.finish(history)
    }
}
