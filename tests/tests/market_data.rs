//! The upkeep of prices from a source of closes, and what is deleted when its time has come.

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Ballast, InProcess, Options, Tenant};
use jiff::SignedDuration;
use maintenance::Job;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const REPORT: &str = "/api/v1/market-data/report";

async fn hold(tenant: &Tenant, symbols: &[&str]) -> String {
    let holdings: Vec<_> = symbols.iter().map(|symbol| json!({"symbol": symbol, "quantity": 1})).collect();
    let body = json!({"name": "Held", "base_currency": "USD", "holdings": holdings});
    tenant.post("/api/v1/portfolios", &body).await.expect(201).header("location").to_owned()
}

async fn closes(tenant: &Tenant, symbol: &str) -> Vec<String> {
    let series = tenant.get(&format!("/api/v1/prices/{symbol}")).await.data(200);
    let close = |row: &Value| format!("{}={}", row["date"].as_str().unwrap(), row["close"].as_str().unwrap());
    series["closes"].as_array().unwrap().iter().map(close).collect()
}

async fn update(ballast: &InProcess, url: &str, time: SignedDuration) {
    ballast
        .scheduled(Job::UpdateMarketData, time, &[("MARKET_DATA_URL", url), ("MARKET_DATA_KEY", "k/&1")])
        .await;
}

/// A vendor that knows a few symbols and has a bad day with others. It answers one request a connection.
async fn vendor() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut flaky, mut down, mut busy) = (0, 0, 0);
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            let request = String::from_utf8(request).unwrap();
            let target = request.split(' ').nth(1).unwrap();
            let symbol = target.strip_prefix("/eod/").and_then(|rest| rest.split_once('?')).unwrap();
            assert!(symbol.1.ends_with("&key=k%2F%261"), "{target}");
            let (status, body) = match symbol.0 {
                "AAPL" if symbol.1.starts_with("from=1990-01-01") => {
                    ("200 OK", "date,open,close\n2024-01-02,1,185.64\n2024-01-03,1,184.25\n".to_owned())
                }
                // A week before the last day that is known.
                "AAPL" => {
                    assert!(symbol.1.starts_with("from=2023-12-27"), "{target}");
                    ("200 OK", "date,open,close\n2024-01-03,1,184.26\n2024-01-04,1,181.91\n".to_owned())
                }
                "%5EGSPC" => {
                    ("200 OK", "timestamp,close\n2024-01-03,4704.81\n2024-01-02,4742.83\n".to_owned())
                }
                "FLAKY" => {
                    flaky += 1;
                    match flaky {
                        1 => ("503 Service Unavailable", String::new()),
                        _ => ("200 OK", "date,close\n2024-01-02,1\n".to_owned()),
                    }
                }
                // Not once in a call.
                "DOWN" => {
                    down += 1;
                    match down {
                        1..=3 => ("503 Service Unavailable", String::new()),
                        _ => ("200 OK", "date,close\n2024-01-02,1\n".to_owned()),
                    }
                }
                "BUSY" => {
                    busy += 1;
                    match busy {
                        1 => ("429 Too Many Requests\r\nRetry-After: 7200", String::new()),
                        _ => ("200 OK", "date,close\n2024-01-02,1\n".to_owned()),
                    }
                }
                "MOVED" => ("302 Found\r\nLocation: http://169.254.169.254/latest/meta-data", String::new()),
                "HTML" => ("200 OK", "<html><script>alert(1)</script></html>".to_owned()),
                "HUGE" => ("200 OK", "date,close\n".to_owned() + &"x".repeat(5 * 1024 * 1024)),
                "FUTURE" => ("200 OK", "date,close\n2999-01-01,1\n".to_owned()),
                "TYPO" => ("200 OK", "date,close\n2024-01-02,1\n2099-01-03,7\n".to_owned()),
                "BROKEN" => ("500 Internal Server Error", String::new()),
                _ => ("404 Not Found", String::new()),
            };
            let length = body.len();
            let answer =
                format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
            // Who refuses a huge answer hangs up.
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    format!("http://{address}/eod/{{symbol}}?from={{from}}&key={{key}}")
}

#[tokio::test]
async fn closes_are_asked_for_once_a_day_and_failures_are_told() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    assert_eq!(
        tenant.get(REPORT).await.data(200),
        json!({"next_update": null, "waiting": null, "last": null})
    );
    hold(&tenant, &["AAPL", "^GSPC", "FLAKY", "MOVED", "HTML", "TYPO"]).await;
    hold(&tenant, &["HUGE", "FUTURE", "BROKEN", "NOBODY", "..", "AAPL"]).await;
    hold(&other, &["AAPL"]).await;
    let url = vendor().await;
    update(&ballast, &url, SignedDuration::ZERO).await;

    assert_eq!(closes(&tenant, "AAPL").await, ["2024-01-02=185.64", "2024-01-03=184.25"]);
    assert_eq!(closes(&tenant, "%5EGSPC").await, ["2024-01-02=4742.83", "2024-01-03=4704.81"]);
    assert_eq!(closes(&tenant, "FLAKY").await.len(), 1, "asked again after a failure");
    assert_eq!(closes(&tenant, "TYPO").await, ["2024-01-02=1"], "without the day to come");
    assert_eq!(closes(&other, "AAPL").await.len(), 2);
    let report = tenant.get(REPORT).await.data(200);
    let last = &report["last"];
    let counts = ["symbols", "updated", "failed", "left_out", "future_rows"];
    assert_eq!(counts.map(|name| last[name].as_u64().unwrap()), [11, 4, 7, 0, 1], "{report}");
    assert!(last["source"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(report["waiting"], 1, "the one that was not answered");
    let reason = |symbol: &str| {
        let failures = last["failures"].as_array().unwrap();
        let failure = failures.iter().find(|failure| failure["symbol"] == symbol).unwrap();
        failure["reason"].as_str().unwrap().to_owned()
    };
    for (symbol, wanted) in [
        ("MOVED", "status 302"),
        ("HTML", "no date and close"),
        ("HUGE", "larger than 4 MB"),
        ("FUTURE", "in the future"),
        ("BROKEN", "status 500"),
        ("NOBODY", "no closes of this symbol"),
        ("..", "no closes of this symbol"),
    ] {
        assert!(reason(symbol).contains(wanted), "{symbol}: {}", reason(symbol));
    }
    assert!(!report.to_string().contains("k%2F") && !report.to_string().contains("script"), "{report}");

    for (minutes, waiting) in [(16, json!(1)), (90, json!(null))] {
        update(&ballast, &url, SignedDuration::from_mins(minutes)).await;
        let again = tenant.get(REPORT).await.data(200);
        assert_eq!((&again["waiting"], &again["last"]["failed"]), (&waiting, &json!(7)), "{again}");
        assert_eq!(again["last"]["updated"], 4, "{again}");
    }
    let report = tenant.get(REPORT).await.data(200);
    update(&ballast, &url, SignedDuration::from_hours(23)).await;
    assert_eq!(tenant.get(REPORT).await.data(200), report, "not yet");
    update(&ballast, &url, SignedDuration::from_hours(25)).await;
    assert_eq!(
        closes(&tenant, "AAPL").await,
        ["2024-01-02=185.64", "2024-01-03=184.26", "2024-01-04=181.91"],
        "the new close wins"
    );
}

#[tokio::test]
async fn who_did_not_answer_is_asked_again_the_same_day() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    hold(&tenant, &["AAPL", "BUSY", "DOWN", "NOBODY"]).await;
    let url = vendor().await;
    let report = async |time: SignedDuration| {
        update(&ballast, &url, time).await;
        let report = tenant.get(REPORT).await.data(200);
        let counts = ["updated", "failed"].map(|name| report["last"][name].as_u64().unwrap());
        (counts, report["waiting"].as_u64(), report["last"]["failures"].to_string())
    };
    let (counts, waiting, failures) = report(SignedDuration::ZERO).await;
    assert_eq!((counts, waiting), ([1, 3], Some(2)));
    assert!(failures.contains("status 429") && failures.contains("status 503"), "{failures}");
    // One of them has asked for two hours.
    assert_eq!(report(SignedDuration::from_mins(110)).await, (counts, waiting, failures));
    let (counts, waiting, failures) = report(SignedDuration::from_mins(130)).await;
    assert_eq!((counts, waiting), ([3, 1], None));
    assert!(failures.contains("NOBODY") && !failures.contains("DOWN"), "{failures}");
    assert_eq!(closes(&tenant, "DOWN").await.len() + closes(&tenant, "BUSY").await.len(), 2);
}

#[tokio::test]
async fn a_series_that_can_not_be_read_is_that_symbols_failure() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    hold(&tenant, &["AAPL", "^GSPC"]).await;
    tenant.request("POST", "/api/v1/prices").body("text/csv", "date,AAPL\n2024-01-02,1\n").await.expect(200);
    ballast.set(&tenant, "PRICES", "AAPL", "closes", AttributeValue::S("no closes".to_owned())).await;
    update(&ballast, &vendor().await, SignedDuration::ZERO).await;
    let last = tenant.get(REPORT).await.data(200)["last"].take();
    assert_eq!((&last["updated"], &last["failed"]), (&json!(1), &json!(1)), "{last}");
    assert_eq!(last["failures"][0]["symbol"], "AAPL");
    assert!(last["failures"][0]["reason"].as_str().unwrap().contains("can't be read"), "{last}");
    assert_eq!(closes(&tenant, "%5EGSPC").await.len(), 2);
}

#[tokio::test]
async fn files_are_a_source_too() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    hold(&tenant, &["AAPL", "MSFT"]).await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("AAPL.csv"), "date,close\n2024-01-02,185.64\n").unwrap();
    update(&ballast, &format!("file://{}", folder.path().display()), SignedDuration::ZERO).await;
    assert_eq!(closes(&tenant, "AAPL").await, ["2024-01-02=185.64"]);
    let last = tenant.get(REPORT).await.data(200)["last"].take();
    assert_eq!((&last["updated"], &last["failures"][0]["symbol"]), (&json!(1), &json!("MSFT")));
}

#[tokio::test]
async fn one_tenants_trouble_is_not_the_next_ones() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (broken, next) = (ballast.tenant().await, ballast.tenant().await);
    let portfolio = hold(&broken, &["AAPL"]).await;
    hold(&next, &["AAPL"]).await;
    let id = portfolio.rsplit('/').next().unwrap();
    ballast.set(&broken, "PORTFOLIO", id, "holdings", AttributeValue::S("no list".to_owned())).await;
    update(&ballast, &vendor().await, SignedDuration::ZERO).await;
    assert_eq!(broken.get(REPORT).await.data(200)["last"], json!(null));
    assert_eq!(closes(&next, "AAPL").await.len(), 2);
}

#[tokio::test]
async fn without_a_source_nothing_is_asked_and_nothing_fails() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    hold(&tenant, &["AAPL"]).await;
    ballast.scheduled(Job::UpdateMarketData, SignedDuration::ZERO, &[]).await;
    assert_eq!(tenant.get(REPORT).await.data(200)["last"], json!(null));
}

#[tokio::test]
async fn the_ledger_of_a_deleted_portfolio_is_deleted() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let (gone, kept) = (hold(&tenant, &[]).await, hold(&tenant, &[]).await);
    let mut csv = "kind,date,amount\n".to_owned();
    (0..300).for_each(|_| csv.push_str("deposit,2024-01-02,1.00\n"));
    for portfolio in [&gone, &kept] {
        let path = format!("{portfolio}/transactions");
        tenant.request("POST", &path).body("text/csv", csv.clone()).await.expect(201);
    }
    tenant.delete(&gone).await.expect(204);
    let segment =
        |portfolio: &str, number: u32| format!("{}#{number:06}", portfolio.rsplit('/').next().unwrap());
    assert!(ballast.has_item(&tenant, "TRANSACTIONS", &segment(&gone, 0)).await);
    ballast.scheduled(Job::CleanupExpiredTasks, SignedDuration::ZERO, &[]).await;
    for number in 0..3 {
        assert!(!ballast.has_item(&tenant, "TRANSACTIONS", &segment(&gone, number)).await);
        assert!(ballast.has_item(&tenant, "TRANSACTIONS", &segment(&kept, number)).await);
    }
    assert!(!ballast.has_item(&tenant, "REMOVAL", gone.rsplit('/').next().unwrap()).await);
}

#[tokio::test]
async fn a_round_deletes_all_ledgers_that_are_due() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    let mut gone = Vec::new();
    for place in 0..25 {
        let portfolio = hold(&tenant, &[]).await;
        let deposit = json!({"kind": "deposit", "date": "2024-01-02", "amount": "1.00", "reference": format!("r{place}")});
        tenant.post(&format!("{portfolio}/transactions"), &deposit).await.expect(201);
        tenant.delete(&portfolio).await.expect(204);
        gone.push(portfolio.rsplit('/').next().unwrap().to_owned());
    }
    let parts = async |portfolio: &str| {
        let mut found = 0;
        for part in 0..8 {
            found +=
                usize::from(ballast.has_item(&tenant, "REFERENCES", &format!("{portfolio}#{part}")).await);
        }
        found
    };
    assert_eq!(parts(&gone[0]).await, 1);
    ballast.scheduled(Job::CleanupExpiredTasks, SignedDuration::ZERO, &[]).await;
    for portfolio in &gone {
        assert!(!ballast.has_item(&tenant, "TRANSACTIONS", &format!("{portfolio}#000000")).await);
        assert!(!ballast.has_item(&tenant, "REMOVAL", portfolio).await);
        assert_eq!(parts(portfolio).await, 0);
    }
}

#[tokio::test]
async fn objects_are_deleted_when_nothing_can_ask_for_them_any_more() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = ballast.tenant().await;
    // An input above 100 KB is an object.
    let returns: Vec<Vec<f64>> = (0..5_000)
        .map(|day| (0..10).map(|asset| f64::from(day * asset % 97) / 1e4 - 0.004).collect())
        .collect();
    let body = json!({"portfolio_data": {"weights": vec![0.1; 10], "historical_returns": returns}});
    tenant.compute(e2e::VAR_CVAR, &body).await;
    let count = || ballast.objects(&tenant);
    let before = count().await;
    assert!(before > 0);
    ballast.scheduled(Job::CleanupExpiredTasks, SignedDuration::from_hours(24 * 99), &[]).await;
    assert_eq!(count().await, before);
    ballast.scheduled(Job::CleanupExpiredTasks, SignedDuration::from_hours(24 * 101), &[]).await;
    assert_eq!(count().await, 0);
}

#[tokio::test]
async fn the_report_is_the_tenants_own() {
    let ballast = Ballast::start().await;
    let tenant = ballast.tenant().await;
    hold(&tenant, &["AAPL"]).await;
    assert!(tenant.get(REPORT).await.data(200)["next_update"].is_string());
    assert!(ballast.tenant().await.get(REPORT).await.data(200)["next_update"].is_null());
}
