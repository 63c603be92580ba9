//! The reference data of `tests/data`, shared by the tests of this crate.
#![allow(dead_code)]

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
