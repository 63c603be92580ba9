//! Daily closes: loaded whole or not at all, read back as they were.

use std::fmt::Write;

use e2e::{Ballast, Client, data};
use jiff::{ToSpan, civil::date};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/prices";

async fn load(client: &Client, csv: &str) -> e2e::Answer {
    client.request("POST", PATH).body("text/csv", csv.to_owned()).await
}

async fn closes(client: &Client, symbol: &str, query: &str) -> Vec<(String, String)> {
    let read = client.get(&format!("{PATH}/{symbol}{query}")).await.data(200);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    read["closes"].as_array().unwrap().iter().map(|row| (text(&row["date"]), text(&row["close"]))).collect()
}

#[tokio::test]
async fn a_table_of_closes_is_read_back_by_symbol_and_window() {
    let tenant = Ballast::start().await.tenant().await;
    let csv = data::prices_csv();
    let loaded = load(&tenant, &csv).await.data(200);
    assert_eq!(loaded.as_array().unwrap().len(), 10);
    assert_eq!(loaded[0], json!({"symbol": "AAPL", "rows": 1259, "from": "2017-12-28", "to": "2022-12-28"}));
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    for (column, symbol) in data::symbols().iter().enumerate() {
        let found = closes(&tenant, symbol, "").await;
        assert_eq!(found.len(), rows.len());
        let number = |text: &str| text.parse::<f64>().unwrap().to_bits();
        for ((date, close), row) in found.iter().zip(&rows) {
            assert_eq!((date.as_str(), number(close)), (row[0], number(row[column + 1])), "{symbol}");
        }
    }
    let window = closes(&tenant, "aapl", "?from=2018-01-01&to=2018-01-05").await;
    let dates: Vec<_> = window.iter().map(|(date, _)| date.as_str()).collect();
    assert_eq!(dates, ["2018-01-02", "2018-01-03", "2018-01-04", "2018-01-05"]);
    assert!(closes(&tenant, "AAPL", "?from=2030-01-01").await.is_empty());
    for query in ["?from=x", "?to=2018-02-30", "?since=2018-01-01"] {
        tenant.get(&format!("{PATH}/AAPL{query}")).await.problem(400);
    }
    tenant.get(&format!("{PATH}/AAPL?from=2018-01-02&to=2018-01-01")).await.problem(422);
    tenant.get(&format!("{PATH}/UNKNOWN")).await.problem(404);
}

#[tokio::test]
async fn closes_of_the_future_are_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let refused = load(&tenant, "date,A\n2024-01-02,1\n2099-01-02,1\n").await.problem(422);
    assert_eq!(refused.pointers(), ["/rows/1"]);
    let body = json!({"series": [{"symbol": "A", "closes": [{"date": "2099-01-02", "close": "1"}]}]});
    assert_eq!(tenant.post(PATH, &body).await.problem(422).pointers(), ["/series/0/closes/0"]);
    let one =
        tenant.request("PUT", &format!("{PATH}/A")).body("text/csv", "date,close\n2099-01-02,1\n").await;
    assert_eq!(one.problem(422).pointers(), ["/rows/0"]);
    tenant.get(&format!("{PATH}/A")).await.problem(404);
}

#[tokio::test]
async fn twenty_symbols_of_thirty_years_load_in_one_call() {
    let tenant = Ballast::start().await.tenant().await;
    let mut csv = "date".to_owned();
    (0..20).for_each(|symbol| write!(csv, ",SYM{symbol}").unwrap());
    let first = date(1994, 1, 3);
    for day in 0..30 * 252 {
        write!(csv, "\n{}", first + day.days()).unwrap();
        (0..20).for_each(|symbol| write!(csv, ",{}.{:03}", 100 + symbol, day % 1000).unwrap());
    }
    let loaded = load(&tenant, &csv).await.data(200);
    assert_eq!(loaded.as_array().unwrap().len(), 20);
    assert!(loaded.as_array().unwrap().iter().all(|series| series["rows"] == 7560));
    assert_eq!(closes(&tenant, "SYM19", "?from=1994-01-04&to=1994-01-04").await[0].1, "119.001");
}

#[tokio::test]
async fn a_load_adds_to_what_is_there_and_the_new_close_wins() {
    let tenant = Ballast::start().await.tenant().await;
    load(&tenant, "date,A,B\n2024-01-02,1,10\n2024-01-03,2,20\n").await.expect(200);
    let loaded = load(&tenant, "date,A\n2024-01-03,2.5\n2024-01-04,3\n").await.data(200);
    assert_eq!(loaded, json!([{"symbol": "A", "rows": 3, "from": "2024-01-02", "to": "2024-01-04"}]));
    let values: Vec<_> = closes(&tenant, "A", "").await.into_iter().map(|(_, close)| close).collect();
    assert_eq!(values, ["1", "2.5", "3"]);
    assert_eq!(closes(&tenant, "B", "").await.len(), 2);
}

#[tokio::test]
async fn json_is_as_good_as_csv() {
    let tenant = Ballast::start().await.tenant().await;
    let closes_of =
        json!([{"date": "2024-01-02", "close": "185.64"}, {"date": "2024-01-03", "close": 184.25}]);
    let body = json!({"series": [{"symbol": "AAPL", "closes": closes_of}]});
    tenant.post(PATH, &body).await.expect(200);
    assert_eq!(closes(&tenant, "AAPL", "").await[1], ("2024-01-03".to_owned(), "184.25".to_owned()));
    let created = tenant.put(&format!("{PATH}/MSFT"), &json!({"closes": closes_of})).await.expect(201);
    assert_eq!(created.header("location"), format!("{PATH}/MSFT"));
    assert_eq!(closes(&tenant, "MSFT", "").await, closes(&tenant, "AAPL", "").await);
}

#[tokio::test]
async fn one_series_is_replaced_as_a_whole() {
    let tenant = Ballast::start().await.tenant().await;
    let path = format!("{PATH}/AAPL");
    let put = |csv: &str| tenant.request("PUT", &path).body("text/csv", csv.to_owned());
    assert_eq!(put("date,close\n2024-01-02,1\n2024-01-03,2\n").await.expect(201).header("etag"), "\"v1\"");
    assert_eq!(put("date,close\n2024-02-01,7\n").await.expect(200).header("etag"), "\"v2\"");
    put("date,close\n2024-02-01,8\n").header("if-match", "\"v1\"").await.problem(412);
    assert_eq!(closes(&tenant, "AAPL", "").await, [("2024-02-01".to_owned(), "7".to_owned())]);
}

#[tokio::test]
async fn a_load_with_a_bad_row_is_refused_whole_and_the_row_is_named() {
    let tenant = Ballast::start().await.tenant().await;
    load(&tenant, "date,A\n2024-01-02,1\n").await.expect(200);
    let cases = [
        ("2024-01-32,5,1", "YYYY-MM-DD"),
        ("2024-01-05,x,1", "decimal"),
        ("2024-01-05,NaN,1", "decimal"),
        ("2024-01-05,1e400,1", "decimal"),
        ("2024-01-05,Infinity,1", "decimal"),
        ("2024-01-05,1,0", "above 0"),
        ("2024-01-05,1,-2", "above 0"),
        ("2024-01-03,1,1", "ascend"),
        ("2024-01-05,1", "3 cells"),
        ("2024-01-05,1,1,1", "3 cells"),
    ];
    for (row, reason) in cases {
        let csv = format!("date,A,B\n2024-01-03,7,7\n2024-01-04,7,7\n{row}\n2024-01-08,7,7\n");
        let problem = load(&tenant, &csv).await.problem(422);
        assert_eq!(problem.pointers(), ["/rows/2"], "{row}");
        assert!(
            problem.detail().contains(reason) && problem.detail().contains("line 4"),
            "{}",
            problem.detail()
        );
    }
    for csv in [
        "date\n2024-01-02\n",
        "day,A\n2024-01-02,1\n",
        "date,A,A\n2024-01-02,1,1\n",
        "date,A B\n",
        "date,A\n",
    ] {
        load(&tenant, csv).await.problem(422);
    }
    let late = json!({"series": [
        {"symbol": "A", "closes": [{"date": "2024-01-03", "close": "7"}]},
        {"symbol": "B", "closes": [{"date": "2024-01-03", "close": "7"}, {"date": "2024-01-03", "close": "7"}]}
    ]});
    assert_eq!(tenant.post(PATH, &late).await.problem(422).pointers(), ["/series/1/closes/1"]);
    assert_eq!(
        closes(&tenant, "A", "").await,
        [("2024-01-02".to_owned(), "1".to_owned())],
        "nothing changed"
    );
    tenant.get(&format!("{PATH}/B")).await.problem(404);
}
