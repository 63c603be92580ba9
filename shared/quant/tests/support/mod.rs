//! The reference data of `tests/data`, shared by the tests of this crate.

pub mod valuation;

use std::path::PathBuf;

use quant::{Returns, Weights};
use serde_json::Value;

fn data(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The reference cases of a topic.
pub fn oracle(topic: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(&data(&format!("oracle/{topic}.json"))).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// The daily returns and the weights of a case's tickers, in one order.
pub fn portfolio(case: &Value) -> (Returns, Weights) {
    let text = data("prices/prices.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let weights = case["inputs"]["weights"].as_object().unwrap();
    let column = |ticker: &String| header.iter().position(|name| name == ticker).unwrap();
    let columns: Vec<usize> = weights.keys().map(column).collect();
    let prices: Vec<Vec<f64>> = reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            columns.iter().map(|&column| row[column].parse().unwrap()).collect()
        })
        .collect();
    let weights = weights.values().map(|weight| weight.as_f64().unwrap()).collect();
    (Returns::from_prices(&prices).unwrap(), Weights::new(weights).unwrap())
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// One column of a price file, for example `SP500` of `benchmark`.
pub fn column(file: &str, name: &str) -> Vec<f64> {
    let text = data(&format!("prices/{file}.csv"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|header| header == name).unwrap();
    reader.records().map(|row| row.unwrap()[at].parse().unwrap()).collect()
}

/// The tickers of the price file, in its order.
pub const TICKERS: [&str; 10] = ["AAPL", "BAC", "CVX", "HD", "JNJ", "KO", "MSFT", "PFE", "UNH", "WMT"];

/// The daily returns of all tickers.
pub fn history() -> Returns {
    let columns: Vec<Vec<f64>> = TICKERS.iter().map(|ticker| column("prices", ticker)).collect();
    let row = |at: usize| columns.iter().map(|column| column[at]).collect::<Vec<f64>>();
    Returns::from_prices(&(0..columns[0].len()).map(row).collect::<Vec<_>>()).unwrap()
}

/// A table of closes: the dates, the column names and the rows.
pub struct Closes {
    /// One date a row.
    pub dates: Vec<String>,
    /// One name a column.
    pub names: Vec<String>,
    /// The closes.
    pub rows: Vec<Vec<f64>>,
}

impl Closes {
    /// The rows of some columns, in the order asked for.
    pub fn columns(&self, names: &[&str]) -> Vec<Vec<f64>> {
        let at: Vec<usize> =
            names.iter().map(|name| self.names.iter().position(|own| own == name).unwrap()).collect();
        self.rows.iter().map(|row| at.iter().map(|&column| row[column]).collect()).collect()
    }
}

/// The closes of one file of `tests/data/prices`.
pub fn closes(file: &str) -> Closes {
    let text = data(&format!("prices/{file}.csv"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().iter().skip(1).map(str::to_owned).collect();
    let (mut dates, mut rows) = (Vec::new(), Vec::new());
    for row in reader.records() {
        let row = row.unwrap();
        dates.push(row[0].to_owned());
        rows.push(row.iter().skip(1).map(|value| value.parse().unwrap()).collect());
    }
    Closes { dates, names, rows }
}

/// A case's weights over all ten tickers, 0 where the case has none, with the tickers in the file's order.
pub fn full_weights(case: &Value, names: &[String]) -> Weights {
    let weights = case["inputs"]["weights"].as_object().unwrap();
    let weight = |name: &String| weights.get(name).map_or(0.0, number);
    Weights::new(names.iter().map(weight).collect()).unwrap()
}

/// Asserts agreement within a case's `tolerance`, in which a figure's own key overrides the common one.
pub fn agree(case: &Value, key: &str, found: f64, expected: &Value) {
    let common = &case["tolerance"];
    let own = &common[key];
    let part = |name: &str| {
        own[name].as_f64().or(if own.is_object() { None } else { common[name].as_f64() }).unwrap_or(0.0)
    };
    let expected = number(expected);
    let within = part("abs") + part("rel") * expected.abs();
    let id = &case["id"];
    assert!((found - expected).abs() <= within, "{id} {key}: {found} where {expected} was expected");
}

/// Asserts that a figure agrees, or is absent where the case says null.
pub fn agree_option(case: &Value, key: &str, found: Option<f64>, expected: &Value) {
    match found {
        Some(found) => agree(case, key, found, expected),
        None => assert!(expected.is_null(), "{} {key}: nothing where {expected} was expected", case["id"]),
    }
}

/// The topics of the reference cases.
pub fn topics() -> Vec<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/oracle");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}
