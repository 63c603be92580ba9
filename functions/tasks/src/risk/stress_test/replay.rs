use domain::{Validation, replay::replay, risk::StressReplay, text::Name};
use jiff::civil::Date;
use quant::stress::CRISES;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::risk::portfolio::Chosen;

const MAXIMUM_ROWS: usize = 5_000;

/// A stretch of past prices to live through: a `crisis` or `from` and `to`, over the stored prices of a stored portfolio; or
/// `prices`, for a portfolio in numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayRequest {
    /// The year of a known crisis, from the close before the S&P 500 fell to its low: 2008 (2007-10-09 to 2009-03-09), 2011
    /// (2011-04-29 to 2011-10-03), 2020 (2020-02-19 to 2020-03-23) or 2022 (2022-01-03 to 2022-10-12).
    #[schema(example = 2020)]
    crisis: Option<i16>,
    /// What to call it.
    name: Option<Name>,
    /// The day of the first close.
    from: Option<Date>,
    /// The day of the last close.
    to: Option<Date>,
    /// Closes above 0: rows are days, columns are the portfolio's assets. At least 2 rows.
    prices: Option<Vec<Vec<f64>>>,
}

impl ReplayRequest {
    pub(super) fn parse(
        &self,
        chosen: &Chosen,
        pointer: &str,
        validation: &mut Validation,
    ) -> Option<StressReplay> {
        match chosen {
            Chosen::Stored(stored) => {
                let (name, window) = self.window(pointer, validation)?;
                validation.nest(pointer, replay(&stored.portfolio, &stored.prices, name, window))
            }
            Chosen::Data(history) => {
                let dated = self.crisis.is_some() || self.from.is_some() || self.to.is_some();
                validation.require(
                    !dated,
                    pointer,
                    "past prices are looked up for portfolio_id; give prices with portfolio_data",
                );
                let prices = validation.check(pointer, self.prices.as_ref().ok_or("must have prices"))?;
                check_prices(prices, history.assets.len(), &format!("{pointer}/prices"), validation);
                let name = self.name.as_ref().map_or_else(|| "replay".to_owned(), Name::to_string);
                Some(StressReplay { name, dates: Vec::new(), prices: prices.clone() })
            }
        }
    }

    fn window(&self, pointer: &str, validation: &mut Validation) -> Option<(String, (Date, Date))> {
        validation.require(
            self.prices.is_none(),
            &format!("{pointer}/prices"),
            "goes with portfolio_data; a stored portfolio has stored prices",
        );
        let name = self.name.as_ref().map(Name::to_string);
        match (self.crisis, self.from, self.to) {
            (Some(year), None, None) => {
                let Some(crisis) = CRISES.iter().find(|crisis| crisis.year == year) else {
                    let detail = format!("must be 2008, 2011, 2020 or 2022, but is {year}");
                    validation.reject(format!("{pointer}/crisis"), detail);
                    return None;
                };
                Some((name.unwrap_or_else(|| crisis.title.to_owned()), (crisis.first, crisis.last)))
            }
            (None, Some(from), Some(to)) if from < to => {
                Some((name.unwrap_or_else(|| format!("{from} to {to}")), (from, to)))
            }
            (None, Some(_), Some(_)) => {
                validation.reject(format!("{pointer}/from"), "must be before to");
                None
            }
            _ => {
                validation.reject(pointer, "must have crisis, or else from and to");
                None
            }
        }
    }
}

fn check_prices(prices: &[Vec<f64>], assets: usize, pointer: &str, validation: &mut Validation) {
    validation.require(
        (2..=MAXIMUM_ROWS).contains(&prices.len()),
        pointer,
        format!("must have 2 to {MAXIMUM_ROWS} rows (days), but has {}", prices.len()),
    );
    for (day, row) in prices.iter().enumerate() {
        let fits = row.len() == assets && row.iter().all(|price| *price > 1e-9 && *price < 1e12);
        if !fits {
            let detail = format!("must have {assets} prices above 0, one an asset");
            return validation.reject(format!("{pointer}/{day}"), detail);
        }
    }
}
