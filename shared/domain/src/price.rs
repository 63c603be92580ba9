//! Daily closing prices of an instrument.

use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::{Entity, symbol::Symbol};

/// The most rows of one series: about sixty years of trading days.
pub const MAXIMUM_ROWS: usize = 15_000;
/// The most decimals of a price.
pub const MAXIMUM_SCALE: u32 = 8;
/// Prices stay below this.
pub const MAXIMUM_PRICE: i64 = 10_000_000_000;

/// One day's close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Close {
    /// The trading day.
    pub date: Date,
    /// The closing price, above zero.
    pub close: Decimal,
}

/// A row that can't be part of a series.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidRow {
    /// The row's place in the series, from 0.
    pub row: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// The daily closes of one symbol: at least one, by ascending date, each above zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceSeries {
    /// The instrument.
    pub symbol: Symbol,
    #[serde(serialize_with = "pack", deserialize_with = "unpack")]
    closes: Vec<Close>,
}

impl PriceSeries {
    /// Checks the rows of a series; all are taken or none.
    ///
    /// # Errors
    /// The first bad row.
    pub fn parse(symbol: Symbol, closes: Vec<Close>) -> Result<Self, InvalidRow> {
        let fault = |row, reason: String| Err(InvalidRow { row, reason });
        if closes.is_empty() {
            return fault(0, "a series needs at least one row".to_owned());
        }
        if closes.len() > MAXIMUM_ROWS {
            return fault(MAXIMUM_ROWS, format!("a series has at most {MAXIMUM_ROWS} rows"));
        }
        for (row, &Close { date, close }) in closes.iter().enumerate() {
            if close <= Decimal::ZERO || close >= Decimal::from(MAXIMUM_PRICE) {
                return fault(
                    row,
                    format!("the close of {date} must be above 0 and below 10000000000, but is {close}"),
                );
            }
            if close.normalize().scale() > MAXIMUM_SCALE {
                return fault(row, format!("the close of {date} has more than {MAXIMUM_SCALE} decimals"));
            }
            if row > 0 && closes[row - 1].date >= date {
                return fault(row, format!("dates must ascend, but {date} follows {}", closes[row - 1].date));
            }
        }
        Ok(Self { symbol, closes })
    }

    /// The same series, if it ends by a day.
    ///
    /// # Errors
    /// The first row after the day.
    pub fn not_after(self, latest: Date) -> Result<Self, InvalidRow> {
        match self.window(None, Some(latest)).len() {
            row if row < self.closes.len() => {
                let date = self.closes[row].date;
                Err(InvalidRow {
                    row,
                    reason: format!("a close must not be of the future, but is of {date}"),
                })
            }
            _ => Ok(self),
        }
    }

    /// The same days with other prices.
    #[must_use]
    pub(crate) fn map(mut self, price: impl Fn(&Close) -> Decimal) -> Self {
        for close in &mut self.closes {
            close.close = price(close);
        }
        self
    }

    /// The closes, by ascending date.
    pub fn closes(&self) -> &[Close] {
        &self.closes
    }

    /// The closes from `from` to `to`, both included, both optional.
    pub fn window(&self, from: Option<Date>, to: Option<Date>) -> &[Close] {
        let start = from.map_or(0, |from| self.closes.partition_point(|close| close.date < from));
        let end = to.map_or(self.closes.len(), |to| self.closes.partition_point(|close| close.date <= to));
        self.closes.get(start..end).unwrap_or_default()
    }

    /// This series with the rows of `newer` added; where both have a date, `newer` wins.
    ///
    /// # Errors
    /// When the two together are too long.
    pub fn merge(self, newer: Self) -> Result<Self, InvalidRow> {
        let mut closes: std::collections::BTreeMap<Date, Decimal> =
            self.closes.into_iter().map(|close| (close.date, close.close)).collect();
        closes.extend(newer.closes.into_iter().map(|close| (close.date, close.close)));
        Self::parse(newer.symbol, closes.into_iter().map(|(date, close)| Close { date, close }).collect())
    }
}

impl Entity for PriceSeries {
    const KIND: &'static str = "PRICES";
    type Key = Symbol;

    fn key(&self) -> String {
        self.symbol.to_string()
    }
}

/// A series as it is stored: steps from row to row, which a variable-length encoding makes small. Thirty years are about
/// 25 KB, so a series is one item and a load of many is one transaction.
#[derive(Serialize, Deserialize)]
struct Packed {
    scale: u32,
    steps: Vec<(i32, i64)>,
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

fn pack<S: Serializer>(closes: &[Close], serializer: S) -> Result<S::Ok, S::Error> {
    let scale = closes.iter().map(|close| close.close.normalize().scale()).max().unwrap_or_default();
    let mut previous = (0, 0);
    let steps = closes.iter().map(|close| {
        let mut price = close.close;
        price.rescale(scale);
        let row = (
            i32::try_from(close.date.duration_since(EPOCH).as_hours() / 24).map_err(ser::Error::custom)?,
            i64::try_from(price.mantissa()).map_err(ser::Error::custom)?,
        );
        let step = (row.0 - previous.0, row.1 - previous.1);
        previous = row;
        Ok(step)
    });
    let packed = Packed { scale, steps: steps.collect::<Result<_, S::Error>>()? };
    serializer.serialize_bytes(&postcard::to_stdvec(&packed).map_err(ser::Error::custom)?)
}

fn unpack<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Close>, D::Error> {
    let bytes = serde_bytes::ByteBuf::deserialize(deserializer)?;
    let packed: Packed = postcard::from_bytes(&bytes).map_err(de::Error::custom)?;
    let mut row = (0_i32, 0_i64);
    let closes = packed.steps.into_iter().map(|(days, mantissa)| {
        row = (row.0 + days, row.1 + mantissa);
        let date = EPOCH.checked_add(row.0.days()).map_err(de::Error::custom)?;
        Ok(Close { date, close: Decimal::new(row.1, packed.scale).normalize() })
    });
    closes.collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn close(day: i8, close: &str) -> Close {
        Close { date: date(2024, 1, day), close: close.parse().unwrap() }
    }

    fn series(closes: Vec<Close>) -> Result<PriceSeries, InvalidRow> {
        PriceSeries::parse("AAPL".parse().unwrap(), closes)
    }

    #[test]
    fn a_series_survives_its_packed_form() {
        let before =
            series(vec![close(2, "185.64"), close(3, "9999999999.12345678"), close(31, "0.00000001")])
                .unwrap();
        let stored = postcard::to_stdvec(&before).unwrap();
        assert_eq!(postcard::from_bytes::<PriceSeries>(&stored).unwrap(), before);
    }

    #[test]
    fn a_bad_row_is_named() {
        assert_eq!(series(vec![close(2, "1"), close(2, "1")]).unwrap_err().row, 1);
        assert_eq!(series(vec![close(2, "1"), close(3, "0")]).unwrap_err().row, 1);
        assert_eq!(series(vec![close(2, "0.000000001")]).unwrap_err().row, 0);
        assert_eq!(series(vec![]).unwrap_err().row, 0);
    }

    #[test]
    fn there_are_no_closes_of_the_future() {
        let two = || series(vec![close(2, "1"), close(4, "1")]).unwrap();
        assert_eq!(two().not_after(date(2024, 1, 4)), Ok(two()));
        assert_eq!(two().not_after(date(2024, 1, 3)).unwrap_err().row, 1);
        assert_eq!(two().not_after(date(2024, 1, 1)).unwrap_err().row, 0);
    }

    #[test]
    fn a_window_has_both_its_ends() {
        let series = series(vec![close(2, "1"), close(3, "2"), close(5, "3")]).unwrap();
        let dates = |from, to| series.window(from, to).iter().map(|c| c.date.day()).collect::<Vec<_>>();
        assert_eq!(dates(None, None), [2, 3, 5]);
        assert_eq!(dates(Some(date(2024, 1, 3)), Some(date(2024, 1, 4))), [3]);
        assert!(dates(Some(date(2024, 1, 6)), Some(date(2024, 1, 1))).is_empty());
    }

    #[test]
    fn newer_rows_win_a_merge() {
        let old = series(vec![close(2, "1"), close(3, "2")]).unwrap();
        let new = series(vec![close(3, "5"), close(4, "6")]).unwrap();
        assert_eq!(old.merge(new).unwrap().closes(), [close(2, "1"), close(3, "5"), close(4, "6")]);
    }
}
