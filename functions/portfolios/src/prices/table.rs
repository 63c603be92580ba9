//! Closes as CSV: a line a trading day, a column a symbol.

use csv::{Reader, StringRecord};
use domain::{
    Invalid,
    decimal::DecimalInput,
    price::{Close, InvalidRow, PriceSeries},
    symbol::Symbol,
};
use jiff::civil::Date;

use super::input::check_symbols;
use crate::{
    days,
    rows::{self, Rows},
};

/// Reads `date,SYM1,SYM2,…`. An empty cell says that the symbol has no close on that day.
///
/// * `latest`: the last day that a close may have.
///
/// # Errors
/// Points to `/header` or to the first bad row as `/rows/17` (counted from 0, without the header), and tells its line.
pub(super) fn parse(text: &str, latest: Date) -> Result<Vec<PriceSeries>, Invalid> {
    let (mut reader, rows) = rows::open(text);
    let symbols = symbols(&header(&mut reader)?)?;
    Table::read(reader, rows, &symbols, Gaps::Allowed)?.into_series(symbols, latest)
}

/// Reads `date,close`, with a close in each row.
///
/// # Errors
/// As for [`parse`].
pub(super) fn parse_one(symbol: Symbol, text: &str, latest: Date) -> Result<PriceSeries, Invalid> {
    let (mut reader, rows) = rows::open(text);
    let wrong = || Invalid::field("/header", "must be date,close");
    let header = header(&mut reader)?;
    if header.len() != 2 || !header[1].eq_ignore_ascii_case("close") {
        return Err(wrong());
    }
    let symbols = vec![symbol];
    let mut all = Table::read(reader, rows, &symbols, Gaps::Refused)?.into_series(symbols, latest)?;
    all.pop().ok_or_else(wrong)
}

fn header(reader: &mut Reader<&[u8]>) -> Result<Vec<String>, Invalid> {
    let header = reader.headers().map_err(|error| Invalid::field("/header", error))?;
    let names: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
    match names.first() {
        Some(first) if first.eq_ignore_ascii_case("date") => Ok(names),
        _ => Err(Invalid::field("/header", "must begin with date")),
    }
}

fn symbols(header: &[String]) -> Result<Vec<Symbol>, Invalid> {
    let parse = |(column, name): (usize, &String)| {
        name.parse().map_err(|error| Invalid::field(format!("/header/{column}"), error))
    };
    let symbols = header.iter().enumerate().skip(1).map(parse).collect::<Result<Vec<Symbol>, _>>()?;
    check_symbols(symbols.iter(), "/header", |index| format!("/header/{}", index + 1))?;
    Ok(symbols)
}

/// What an empty cell is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Allowed,
    Refused,
}

struct Table<'a> {
    rows: Rows<'a>,
    columns: Vec<Column>,
}

/// The closes of a column, and the rows that they stand in: with gaps, the two don't count alike.
#[derive(Default)]
struct Column {
    closes: Vec<Close>,
    rows: Vec<usize>,
}

impl<'a> Table<'a> {
    fn read(
        mut reader: Reader<&[u8]>,
        mut rows: Rows<'a>,
        symbols: &[Symbol],
        gaps: Gaps,
    ) -> Result<Self, Invalid> {
        let mut columns: Vec<Column> = symbols.iter().map(|_| Column::default()).collect();
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).map_err(|error| rows.unreadable(&error))? {
            let row = rows.begin(&record);
            let mut cells = record.iter().map(str::trim);
            let day = cells.next().unwrap_or_default();
            let date = days::parse(day)
                .map_err(|reason| rows.fault(row, format!("the date {reason}, but is \"{day:.40}\"")))?;
            for ((cell, symbol), column) in cells.zip(symbols).zip(&mut columns) {
                if cell.is_empty() && gaps == Gaps::Allowed {
                    continue;
                }
                let DecimalInput(close) = cell.parse().map_err(|error| {
                    rows.fault(row, format!("the close of {symbol} {error}, but is \"{cell:.40}\""))
                })?;
                column.closes.push(Close { date, close });
                column.rows.push(row);
            }
        }
        Ok(Self { rows, columns })
    }

    fn into_series(self, symbols: Vec<Symbol>, latest: Date) -> Result<Vec<PriceSeries>, Invalid> {
        let parse = |(index, (symbol, column)): (usize, (Symbol, Column))| {
            let parsed = PriceSeries::parse(symbol.clone(), column.closes);
            parsed.and_then(|series| series.not_after(latest)).map_err(|InvalidRow { row, reason }| {
                let reason = format!("{symbol}: {reason}");
                match column.rows.get(row) {
                    Some(&row) => self.rows.fault(row, reason),
                    None => Invalid::field(format!("/header/{}", index + 1), reason),
                }
            })
        };
        symbols.into_iter().zip(self.columns).enumerate().map(parse).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATEST: Date = jiff::civil::date(2024, 1, 31);

    fn refusal(text: &str) -> (String, String) {
        let Err(Invalid(mut errors)) = parse(text, LATEST) else { panic!("must be refused: {text}") };
        let first = errors.remove(0);
        (first.pointer, first.detail)
    }

    #[test]
    fn an_empty_cell_is_a_day_without_a_close() {
        let text = "\u{feff}Date, aapl ,MSFT\r\n2024-01-02,185.64,\r\n\r\n2024-01-03,184.25,370.60\r\n";
        let series = parse(text, LATEST).unwrap();
        let counts: Vec<_> = series.iter().map(|one| (one.symbol.to_string(), one.closes().len())).collect();
        assert_eq!(counts, [("AAPL".to_owned(), 2), ("MSFT".to_owned(), 1)]);
        assert_eq!(series[1].closes()[0].date, jiff::civil::date(2024, 1, 3));
    }

    #[test]
    fn a_bad_row_is_named_by_its_place_and_its_line() {
        let cases = [
            ("date,A\n2024-01-02,1\n2024-01-32,1\n", "/rows/1", "line 3: the date must be YYYY-MM-DD"),
            ("date,A\n2024-01-02,1\n\n2024-01-03,x\n", "/rows/1", "line 4: the close of A must be a decimal"),
            (
                "date,A\r\n2024-01-02,1\r\n\r\n2024-01-03,x",
                "/rows/1",
                "line 4: the close of A must be a decimal",
            ),
            ("\u{feff}date,A\n2024-01-02,1\n2024-01-03,1,2\n", "/rows/1", "line 3: must have 2 cells"),
            ("date,A\n2024-01-02,NaN\n", "/rows/0", "line 2: the close of A must be a decimal"),
            ("date,A\n2024-01-02,-1\n", "/rows/0", "line 2: A: the close of 2024-01-02 must be above 0"),
            ("date,A,B\n2024-01-02,1,\n2024-01-03,1,1\n2024-01-04,1,0\n", "/rows/2", "line 4: B: the close"),
            (
                "date,A\n2024-01-31,1\n2024-02-01,1\n",
                "/rows/1",
                "line 3: A: a close must not be of the future",
            ),
            ("date,A\n2024-01-03,1\n2024-01-03,1\n", "/rows/1", "line 3: A: dates must ascend"),
            ("date,A\n2024-01-02,1,2\n", "/rows/0", "line 2: must have 2 cells like the header, but has 3"),
        ];
        for (text, pointer, detail) in cases {
            let refused = refusal(text);
            assert_eq!(refused.0, pointer, "{text}");
            assert!(refused.1.starts_with(detail), "{refused:?}");
        }
    }

    #[test]
    fn a_bad_header_is_named() {
        for (text, pointer) in [
            ("", "/header"),
            ("day,A\n", "/header"),
            ("date\n", "/header"),
            ("date,A,no symbol\n", "/header/2"),
            ("date,A,a\n2024-01-02,1,1\n", "/header/2"),
            ("date,A,B\n2024-01-02,1,\n", "/header/2"),
        ] {
            assert_eq!(refusal(text).0, pointer, "{text}");
        }
        let wide: Vec<_> = (0..26).map(|column| format!("S{column}")).collect();
        assert_eq!(refusal(&format!("date,{}\n", wide.join(","))).1, "must have 1 to 25 symbols, but has 26");
    }

    #[test]
    fn one_series_has_no_gaps() {
        let one = |text| parse_one("AAPL".parse().unwrap(), text, LATEST);
        assert_eq!(one("date,close\n2024-01-02,185.64\n").unwrap().closes().len(), 1);
        for (text, pointer) in [
            ("date,close\n2024-01-02,\n", "/rows/0"),
            ("date,AAPL\n2024-01-02,1\n", "/header"),
            ("date,close\n", "/header/1"),
        ] {
            let Err(Invalid(errors)) = one(text) else { panic!("must be refused: {text}") };
            assert_eq!(errors[0].pointer, pointer);
        }
    }
}
