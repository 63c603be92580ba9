//! Transactions as CSV: a line a transaction, a column a field.

use csv::StringRecord;
use domain::{Invalid, decimal::DecimalInput};

use super::{batch::MAXIMUM_LOAD, input::TransactionInput};
use crate::{
    days,
    rows::{self, Rows},
};

const COLUMNS: [&str; 11] = [
    "kind",
    "date",
    "symbol",
    "quantity",
    "price",
    "amount",
    "fee",
    "ratio",
    "currency",
    "reference",
    "note",
];

/// Reads lines below a header of the fields' names, in any order. An empty cell is a field that is not given.
///
/// # Errors
/// Points to `/header` or to the first row that can't be read as `/rows/17`, and tells its line.
pub(super) fn parse(text: &str) -> Result<(Vec<TransactionInput>, Rows<'_>), Invalid> {
    let (mut reader, mut rows) = rows::open(text);
    let header = reader.headers().map_err(|error| Invalid::field("/header", error))?;
    let columns = Columns::parse(header)?;
    let mut inputs = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|error| rows.unreadable(&error))? {
        let row = rows.begin(&record);
        if row == MAXIMUM_LOAD {
            return Err(rows.fault(row, format!("one load has at most {MAXIMUM_LOAD} transactions")));
        }
        inputs.push(columns.read(&record).map_err(|reason| rows.fault(row, reason))?);
    }
    Ok((inputs, rows))
}

/// Where each field stands.
struct Columns([Option<usize>; COLUMNS.len()]);

impl Columns {
    fn parse(header: &StringRecord) -> Result<Self, Invalid> {
        let mut columns = [None; COLUMNS.len()];
        for (place, name) in header.iter().enumerate() {
            let name = name.trim().to_ascii_lowercase();
            let wrong = |detail: String| Invalid::field(format!("/header/{place}"), detail);
            let column = COLUMNS.iter().position(|column| *column == name);
            let column = column.ok_or_else(|| wrong(format!("must be one of {}", COLUMNS.join(", "))))?;
            if columns[column].replace(place).is_some() {
                return Err(wrong(format!("{name} stands here twice")));
            }
        }
        match columns {
            [Some(_), Some(_), ..] => Ok(Self(columns)),
            _ => Err(Invalid::field("/header", "must have kind and date")),
        }
    }

    fn read(&self, record: &StringRecord) -> Result<TransactionInput, String> {
        let cell = |column: usize| {
            let cell = self.0[column].and_then(|place| record.get(place)).unwrap_or_default().trim();
            (!cell.is_empty()).then_some(cell)
        };
        let text = |column: usize| cell(column).map(str::to_owned);
        let decimal = |column: usize| {
            let parse = |cell: &str| {
                let reason = |error| format!("the {} {error}, but is \"{cell:.40}\"", COLUMNS[column]);
                cell.parse::<DecimalInput>().map_err(reason)
            };
            cell(column).map(parse).transpose()
        };
        let kind = cell(0).unwrap_or_default();
        let date = cell(1).unwrap_or_default();
        Ok(TransactionInput {
            kind: kind.parse().map_err(|error| format!("the kind {error}, but is \"{kind:.40}\""))?,
            date: days::parse(date).map_err(|reason| format!("the date {reason}, but is \"{date:.40}\""))?,
            symbol: text(2),
            quantity: decimal(3)?,
            price: decimal(4)?,
            amount: decimal(5)?,
            fee: decimal(6)?,
            ratio: text(7),
            currency: text(8),
            reference: text(9),
            note: text(10),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_any_order_and_empty_cells_are_no_fields() {
        let text = "\u{feff}Date,kind, Symbol ,quantity,price\r\n2024-01-02,buy,AAPL,10,185.64\r\n\r\n2024-01-03,sell,AAPL,,\r\n";
        let (inputs, _) = parse(text).unwrap();
        assert_eq!(inputs.len(), 2);
        assert_eq!(inputs[0].price.unwrap().0.to_string(), "185.64");
        assert!(inputs[1].quantity.is_none() && inputs[0].note.is_none());
    }

    #[test]
    fn what_can_not_be_read_is_named_by_its_place_and_its_line() {
        for (text, pointer, detail) in [
            ("", "/header", "must have kind and date"),
            ("kind,date,colour\n", "/header/2", "must be one of kind, date"),
            ("kind,date,kind\n", "/header/2", "kind stands here twice"),
            ("kind,date\nbuy,2024-13-01\n", "/rows/0", "line 2: the date must be YYYY-MM-DD"),
            ("kind,date\n\nbury,2024-01-01\n", "/rows/0", "line 3: the kind must be buy"),
            (
                "kind,date,fee\nbuy,2024-01-01,\nbuy,2024-01-01,1e5\n",
                "/rows/1",
                "line 3: the fee must be a decimal",
            ),
            ("kind,date\nbuy,2024-01-01,3\n", "/rows/0", "line 2: must have 2 cells"),
        ] {
            let Err(Invalid(errors)) = parse(text) else { panic!("must be refused: {text}") };
            assert_eq!(errors[0].pointer, pointer, "{text}");
            assert!(errors[0].detail.starts_with(detail), "{:?}", errors[0]);
        }
    }
}
