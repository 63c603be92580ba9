//! The shared data of `tests/data`.

use std::path::Path;

use serde_json::Value;

/// Daily closes of ten shares, as CSV.
pub fn prices_csv() -> String {
    read("prices/prices.csv")
}

/// The symbols of [`prices_csv`].
pub fn symbols() -> Vec<String> {
    prices_csv().lines().next().unwrap().split(',').skip(1).map(str::to_owned).collect()
}

/// Simple daily returns of these symbols: rows are days.
pub fn returns<S: AsRef<str>>(symbols: &[S]) -> Vec<Vec<f64>> {
    let text = prices_csv();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |symbol: &S| header.iter().position(|name| name == symbol.as_ref()).unwrap();
    let columns: Vec<usize> = symbols.iter().map(column).collect();
    let prices: Vec<Vec<f64>> = reader
        .records()
        .map(|row| row.unwrap())
        .map(|row| columns.iter().map(|&column| row[column].parse().unwrap()).collect())
        .collect();
    let simple = |days: &[Vec<f64>]| days[0].iter().zip(&days[1]).map(|(from, to)| to / from - 1.0).collect();
    prices.windows(2).map(simple).collect()
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
