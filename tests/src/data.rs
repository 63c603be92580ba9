//! The shared data of `tests/data`.

use std::path::Path;

use serde_json::Value;

/// Daily closes of ten shares, as CSV.
pub fn prices_csv() -> String {
    read("prices/prices.csv")
}

/// The S&P 500's level on the same days, as CSV.
pub fn benchmark_csv() -> String {
    read("prices/benchmark.csv")
}

/// Daily closes of five factors' funds on the same days, as CSV.
pub fn factors_csv() -> String {
    read("prices/factors.csv")
}

/// Daily closes of the ten shares and the index in the crisis of 2008, as CSV.
pub fn crisis_2008_csv() -> String {
    read("prices/crisis_2008.csv")
}

/// The same in the first weeks of Covid-19.
pub fn covid_2020_csv() -> String {
    read("prices/covid_2020.csv")
}

/// The symbols of [`prices_csv`].
pub fn symbols() -> Vec<String> {
    prices_csv().lines().next().unwrap().split(',').skip(1).map(str::to_owned).collect()
}

/// The days of [`prices_csv`], and the closes of these symbols: rows are days.
pub fn closes<S: AsRef<str>>(symbols: &[S]) -> (Vec<String>, Vec<Vec<f64>>) {
    closes_of(&prices_csv(), symbols)
}

/// The days of a CSV, and the closes of these symbols in it: rows are days.
pub fn closes_of<S: AsRef<str>>(text: &str, symbols: &[S]) -> (Vec<String>, Vec<Vec<f64>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |symbol: &S| header.iter().position(|name| name == symbol.as_ref()).unwrap();
    let columns: Vec<usize> = symbols.iter().map(column).collect();
    let rows = reader.records().map(|row| row.unwrap());
    rows.map(|row| {
        let closes = columns.iter().map(|&column| row[column].parse().unwrap()).collect();
        (row[0].to_owned(), closes)
    })
    .unzip()
}

/// Simple daily returns of these symbols: rows are days.
pub fn returns<S: AsRef<str>>(symbols: &[S]) -> Vec<Vec<f64>> {
    simple_returns(&closes(symbols).1)
}

/// Simple daily returns of closes: rows are days.
pub fn simple_returns(closes: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let simple = |days: &[Vec<f64>]| days[0].iter().zip(&days[1]).map(|(from, to)| to / from - 1.0).collect();
    closes.windows(2).map(simple).collect()
}

/// The reference cases of a topic whose id starts with `prefix`.
pub fn oracle(topic: &str, prefix: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(&read(&format!("oracle/{topic}.json"))).unwrap();
    let Value::Array(cases) = file["cases"].take() else { panic!("{topic} has no cases") };
    cases.into_iter().filter(|case| case["id"].as_str().unwrap().starts_with(prefix)).collect()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
