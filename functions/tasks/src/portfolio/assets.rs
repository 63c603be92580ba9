//! The history of assets, in numbers.

use domain::{
    Invalid, Validation,
    risk::{MAXIMUM_ASSETS, MAXIMUM_HISTORY},
};
use quant::{QuantError, Returns};
use serde::Deserialize;
use utoipa::ToSchema;

use super::names;

/// Assets with their returns or their prices: exactly one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetsData {
    /// One name an asset, each once: 1–500.
    #[schema(example = json!(["AAPL", "JNJ", "CVX"]))]
    pub(crate) asset_names: Vec<String>,
    /// Simple returns as fractions: rows are days, oldest first, columns are assets. At least 2 rows.
    #[schema(example = json!([[-0.0108, -0.006, -0.0031], [0.0179, 0.0002, 0.0169], [-0.0002, 0.0096, 0.0073]]))]
    returns: Option<Vec<Vec<f64>>>,
    /// Prices in the place of returns: at least 3 complete rows. A row with a missing price (null) is left out; the result
    /// says how many were.
    #[schema(example = json!([[40.552, 121.358, 99.001], [40.113, 120.633, 98.693], [40.831, 120.653, 100.363]]))]
    prices: Option<Vec<Vec<Option<f64>>>>,
}

/// The returns of assets.
pub(crate) struct AssetReturns {
    pub(crate) returns: Returns,
    /// Which rows of prices they come from; none where the returns themselves were given.
    pub(crate) complete_days: Option<CompleteDays>,
}

/// The rows of prices that have a price for each asset.
pub(crate) struct CompleteDays {
    pub(crate) kept: Vec<usize>,
    pub(crate) total: usize,
}

impl AssetReturns {
    /// How many rows of prices were left out.
    pub(crate) fn incomplete_days(&self) -> usize {
        self.complete_days.as_ref().map_or(0, |days| days.total - days.kept.len())
    }
}

impl AssetsData {
    /// The returns, one column a name.
    ///
    /// # Errors
    /// Points to each field that can't be taken, below the data.
    pub(crate) fn parse(&self) -> Result<AssetReturns, Invalid> {
        let mut validation = Validation::new();
        let count = self.asset_names.len();
        validation.require(
            (1..=MAXIMUM_ASSETS).contains(&count),
            "/asset_names",
            format!("must have 1 to {MAXIMUM_ASSETS} names, but has {count}"),
        );
        names::check(&self.asset_names, "/asset_names", &mut validation);
        let parsed = match (&self.returns, &self.prices) {
            (Some(rows), None) => {
                let returns = check_rows(rows, count, "/returns", &mut validation)
                    .then(|| Returns::from_rows(rows))
                    .and_then(|returns| located(returns, "/returns", |row| row, &mut validation));
                returns.map(|returns| AssetReturns { returns, complete_days: None })
            }
            (None, Some(rows)) => check_rows(rows, count, "/prices", &mut validation)
                .then(|| from_prices(rows, &mut validation))
                .flatten(),
            (None, None) => {
                validation.reject("", "must have either returns or prices");
                None
            }
            (Some(_), Some(_)) => {
                validation.reject("/prices", "must not be given together with returns");
                None
            }
        };
        validation.finish(parsed)
    }
}

/// Whether there are neither too many rows nor one of another length than there are names.
fn check_rows<T>(rows: &[Vec<T>], count: usize, pointer: &str, validation: &mut Validation) -> bool {
    let ragged = rows.iter().position(|row| row.len() != count);
    if rows.len() > MAXIMUM_HISTORY {
        let detail = format!("must have at most {MAXIMUM_HISTORY} rows, but has {}", rows.len());
        validation.reject(pointer, detail);
    }
    if let Some(row) = ragged {
        let found = rows[row].len();
        validation.reject(
            format!("{pointer}/{row}"),
            format!("must have one value for each of the {count} asset_names, but has {found}"),
        );
    }
    rows.len() <= MAXIMUM_HISTORY && ragged.is_none()
}

fn from_prices(rows: &[Vec<Option<f64>>], validation: &mut Validation) -> Option<AssetReturns> {
    let complete: Vec<(usize, Vec<f64>)> = rows
        .iter()
        .enumerate()
        .filter_map(|(day, row)| row.iter().copied().collect::<Option<Vec<f64>>>().map(|row| (day, row)))
        .collect();
    let (days, prices): (Vec<usize>, Vec<Vec<f64>>) = complete.into_iter().unzip();
    let day = |row: usize| days.get(row).copied().unwrap_or(row);
    let returns = located(Returns::from_prices(&prices), "/prices", day, validation)?;
    let complete_days = Some(CompleteDays { kept: days, total: rows.len() });
    Some(AssetReturns { returns, complete_days })
}

/// The value, or none and an error at the row and column that are at fault.
fn located<T>(
    result: Result<T, QuantError>,
    pointer: &str,
    day: impl Fn(usize) -> usize,
    validation: &mut Validation,
) -> Option<T> {
    result
        .map_err(|error| match error {
            QuantError::TotalLoss { row, column, value } => validation.reject(
                format!("{pointer}/{}/{column}", day(row)),
                format!("must be a simple return above -1, but is {value}"),
            ),
            QuantError::PriceNotPositive { row, column, value } => validation.reject(
                format!("{pointer}/{}/{column}", day(row)),
                format!("must be above 0, but is {value}"),
            ),
            QuantError::TooFewRows { rows, minimum } => validation
                .reject(pointer, format!("must have at least {minimum} complete rows, but has {rows}")),
            error => validation.reject(pointer, error),
        })
        .ok()
}
