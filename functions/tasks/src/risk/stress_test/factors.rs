use std::collections::HashSet;

use domain::{Validation, price::PriceSeries, risk::StressFactors, symbol::Symbol};
use futures::future::try_join_all;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::ApiError;

use crate::risk::portfolio::Chosen;

const MAXIMUM_FACTORS: usize = 50;

/// Factors of the assets' returns: `symbols` whose prices are stored, for a stored portfolio, or `names` and `returns`, for
/// one in numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FactorsRequest {
    /// Factors whose prices the tenant has loaded, for example of funds.
    #[schema(example = json!(["MTUM", "QUAL"]))]
    symbols: Option<Vec<Symbol>>,
    /// One name a factor.
    names: Option<Vec<String>>,
    /// Simple daily returns: rows are the days of `historical_returns`, columns are factors.
    returns: Option<Vec<Vec<f64>>>,
}

impl FactorsRequest {
    /// The prices of a stored portfolio's factors.
    pub(super) async fn look_up(
        &self,
        store: &Scope,
        chosen: &Chosen,
        validation: &mut Validation,
    ) -> Result<Vec<PriceSeries>, ApiError> {
        let (Some(symbols), Chosen::Stored(_)) = (&self.symbols, chosen) else {
            let (wanted, refused) = match chosen {
                Chosen::Stored(_) => ("symbols", self.names.is_some() || self.returns.is_some()),
                Chosen::Data(_) => ("names and returns", self.symbols.is_some()),
            };
            let given = self.names.is_some() && self.returns.is_some();
            let complete = matches!(chosen, Chosen::Data(_)) && given;
            validation.require(complete && !refused, "/factors", format!("must have {wanted} alone"));
            return Ok(Vec::new());
        };
        validation.require(
            self.names.is_none() && self.returns.is_none(),
            "/factors",
            "must have symbols alone",
        );
        check_names(symbols, "/factors/symbols", validation);
        if symbols.len() > MAXIMUM_FACTORS {
            return Ok(Vec::new());
        }
        let found = try_join_all(symbols.iter().map(|symbol| store.find::<PriceSeries>(symbol))).await?;
        for (index, (symbol, series)) in symbols.iter().zip(&found).enumerate() {
            let pointer = format!("/factors/symbols/{index}");
            validation.require(series.is_some(), &pointer, format!("no prices are loaded for {symbol}"));
        }
        Ok(found.into_iter().flatten().map(|series| series.entity).collect())
    }

    /// The factors over the days of the portfolio's history.
    ///
    /// * `stored`: the returns of those that were looked up.
    pub(super) fn parse(
        &self,
        stored: Vec<Vec<f64>>,
        days: usize,
        validation: &mut Validation,
    ) -> Option<StressFactors> {
        let factors = match (&self.symbols, &self.names, &self.returns) {
            (Some(symbols), ..) => {
                StressFactors { names: symbols.iter().map(Symbol::to_string).collect(), returns: stored }
            }
            (None, Some(names), Some(returns)) => {
                check_names(names, "/factors/names", validation);
                check_returns(returns, names.len(), days, validation);
                StressFactors { names: names.clone(), returns: returns.clone() }
            }
            _ => return None,
        };
        let needed = factors.names.len() + 2;
        let detail = format!("need at least {needed} days of history, but there are {days}");
        validation.require(days >= needed, "/factors", detail);
        Some(factors)
    }
}

fn check_names<T: std::hash::Hash + Eq + ToString>(names: &[T], pointer: &str, validation: &mut Validation) {
    validation.require(
        (1..=MAXIMUM_FACTORS).contains(&names.len()),
        pointer,
        format!("must have 1 to {MAXIMUM_FACTORS} factors, but has {}", names.len()),
    );
    let mut seen = HashSet::new();
    for (index, name) in names.iter().enumerate() {
        let detail = format!("{} is there twice", name.to_string());
        validation.require(seen.insert(name), &format!("{pointer}/{index}"), detail);
    }
}

fn check_returns(returns: &[Vec<f64>], factors: usize, days: usize, validation: &mut Validation) {
    const POINTER: &str = "/factors/returns";
    validation.require(
        returns.len() == days,
        POINTER,
        format!(
            "must have one row for each of the {days} days of historical_returns, but has {}",
            returns.len()
        ),
    );
    for (day, row) in returns.iter().enumerate() {
        let fits = row.len() == factors && row.iter().all(|value| *value > -1.0 && *value <= 100.0);
        if !fits {
            let detail = format!("must have {factors} simple returns above -1 and at most 100");
            return validation.reject(format!("{POINTER}/{day}"), detail);
        }
    }
}
