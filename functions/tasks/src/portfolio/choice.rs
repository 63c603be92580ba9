//! The two ways to say which assets are meant: in numbers, or by a stored portfolio.

use domain::{PortfolioId, Validation};
use jiff::civil::Date;
use quant::Returns;
use store::Scope;
use web::ApiError;

use super::assets::{AssetReturns, AssetsData};
use crate::{risk::portfolio::PortfolioChoice, state::invalid};

/// Which assets are meant: exactly one of the two ways.
pub(crate) struct AssetsChoice {
    pub(crate) data: Option<AssetsData>,
    pub(crate) id: Option<PortfolioId>,
    pub(crate) from: Option<Date>,
    pub(crate) to: Option<Date>,
}

/// The assets that are meant, and their weights now, where they are known.
pub(crate) struct Assets {
    pub(crate) names: Vec<String>,
    pub(crate) history: AssetReturns,
    pub(crate) current: Option<Vec<f64>>,
}

impl AssetsChoice {
    /// The assets' returns; a stored portfolio's come from the stored prices.
    ///
    /// # Errors
    /// 404 when there is no such portfolio, 422 for all else that is wrong with the choice.
    pub(crate) async fn resolve(self, store: &Scope) -> Result<Assets, ApiError> {
        const POINTER: &str = "/assets_data";
        match (self.data, self.id) {
            (Some(_), Some(_)) => Err(invalid(POINTER, "must not be given together with portfolio_id")),
            (None, None) => Err(invalid(POINTER, "either assets_data or portfolio_id must be given")),
            (Some(_), None) if self.from.is_some() || self.to.is_some() => {
                let detail = "from and to choose among stored prices; they go with portfolio_id";
                Err(invalid("/from", detail))
            }
            (Some(data), None) => {
                let mut validation = Validation::new();
                let history = validation.nest(POINTER, data.parse());
                Ok(Assets { history: validation.finish(history)?, names: data.asset_names, current: None })
            }
            (None, id) => {
                let choice = PortfolioChoice { data: None, id, from: self.from, to: self.to };
                let stored = choice.resolve(store).await?.history;
                let returns = Returns::from_rows(&stored.returns)
                    .map_err(|error| invalid("/portfolio_id", &error.to_string()))?;
                let history = AssetReturns { returns, complete_days: None };
                Ok(Assets { names: stored.assets, history, current: Some(stored.weights) })
            }
        }
    }
}
