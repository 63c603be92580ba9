//! Closes as sources write them: CSV with a column for the day and one for the close.

use csv::{Reader, StringRecord};
use domain::{
    decimal::DecimalInput,
    price::{Close, MAXIMUM_ROWS, MAXIMUM_SCALE},
};
use jiff::civil::Date;

use super::{Closes, SourceError};

/// What sources call the day.
const DAYS: [&str; 2] = ["date", "timestamp"];
/// Cells of days without a close.
const EMPTY: [&str; 4] = ["", "null", "n/a", "nan"];

/// Reads a text with a header that has `date` (or `timestamp`) and `close`, whatever else it has, by ascending or descending
/// date. Closes are rounded to the decimals that prices have; rows without one are left out, and so are those of days to come.
///
/// * `latest`: the last day that a close may have.
///
/// # Errors
/// `Unknown` for a text without closes, `Unusable` for one that is something else.
pub(super) fn parse(text: &str, latest: Date) -> Result<Closes, SourceError> {
    let unusable = |reason: String| SourceError::Unusable(reason);
    let mut reader = Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|_| unusable("it is no CSV".to_owned()))?;
    let column =
        |names: &[&str]| header.iter().position(|name| names.contains(&&*name.trim().to_ascii_lowercase()));
    let (Some(day), Some(close)) = (column(&DAYS), column(&["close"])) else {
        return Err(unusable("its header has no date and close".to_owned()));
    };
    let (mut closes, mut rows, mut future_rows) = (Vec::new(), 0_usize, 0);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| unusable(format!("row {} is no CSV", rows + 1)))? {
        rows += 1;
        let wrong = |what: &str| unusable(format!("row {rows} has no {what}"));
        let cell = |place: usize| record.get(place).unwrap_or_default().trim();
        let date: Date = cell(day).parse().map_err(|_| wrong("date"))?;
        if EMPTY.contains(&&*cell(close).to_ascii_lowercase()) {
            continue;
        }
        let DecimalInput(price) = cell(close).parse().map_err(|_| wrong("decimal close"))?;
        if date > latest {
            future_rows += 1;
            continue;
        }
        if closes.len() == MAXIMUM_ROWS {
            return Err(unusable(format!("it has more than {MAXIMUM_ROWS} rows")));
        }
        closes.push(Close { date, close: price.round_dp(MAXIMUM_SCALE) });
    }
    closes.sort_by_key(|close| close.date);
    match (closes.is_empty(), future_rows) {
        (false, _) => Ok(Closes { closes, future_rows }),
        (true, 0) => Err(SourceError::Unknown),
        (true, _) => Err(unusable("all of it is in the future".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn read(text: &str) -> Result<Vec<(i8, String)>, SourceError> {
        let Closes { closes, .. } = parse(text, date(2024, 1, 31))?;
        Ok(closes.into_iter().map(|close| (close.date.day(), close.close.to_string())).collect())
    }

    #[test]
    fn vendors_forms_are_read() {
        let two = Ok(vec![(2, "185.64".to_owned()), (3, "184.25".to_owned())]);
        assert_eq!(
            read(
                "Date,Open,High,Low,Close,Adjusted_close,Volume\n2024-01-02,1,1,1,185.64,9,5\n2024-01-03,1,1,1,184.25,9,5\n"
            ),
            two
        );
        assert_eq!(
            read("timestamp,close\r\n2024-01-03,184.25\r\n2024-01-02,185.64\r\n2024-01-01,null\r\n"),
            two
        );
        assert_eq!(
            read("date,close\n2024-01-02,185.639999389648437\n"),
            Ok(vec![(2, "185.63999939".to_owned())])
        );
    }

    #[test]
    fn days_to_come_are_left_out_and_counted() {
        let text = "date,close\n2099-01-02,1\n2024-01-31,2\n2024-02-01,3\n";
        let found = parse(text, date(2024, 1, 31)).unwrap();
        assert_eq!((found.closes.len(), found.future_rows), (1, 2));
    }

    #[test]
    fn what_is_no_table_of_closes_is_refused() {
        for text in [
            "<html>",
            "{\"error\": 1}",
            "date,open\n",
            "date,close\n2024-13-01,1\n",
            "date,close\n2024-01-02,1e9\n",
            "date,close\n2024-02-01,1\n",
            "date,close\n2024-01-02,1,2\n",
        ] {
            assert!(matches!(read(text), Err(SourceError::Unusable(_))), "{text}");
        }
        assert_eq!(read("date,close\n"), Err(SourceError::Unknown));
    }
}
