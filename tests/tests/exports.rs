//! Exports: all that a tenant has, and nothing of another's.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use e2e::{Ballast, Client, InProcess, Options, Tenant, fetched, requests, valuation};
use futures::{StreamExt, stream};
use local::delivery::{DeliveryOptions, Faults};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

const EXPORTS: &str = "/api/v1/tasks/exports";
const FORMULA: &str = "=HYPERLINK(\"http://example.com\")";

/// The files of an export, by name.
type Files = BTreeMap<String, String>;

async fn export(client: &Client) -> (Value, Files) {
    let file = client.compute(EXPORTS, &json!({})).await;
    assert_eq!(file["content_type"], "application/zip");
    let mut archive = ZipArchive::new(Cursor::new(fetched(&file).await)).unwrap();
    let mut files = Files::new();
    let mut names = Vec::new();
    for index in 0..archive.len() {
        let (mut text, mut entry) = (String::new(), archive.by_index(index).unwrap());
        entry.read_to_string(&mut text).unwrap();
        let name = entry.name().unwrap().into_owned();
        names.push(name.clone());
        files.insert(name, text);
    }
    assert!(names.is_sorted(), "{names:?}");
    (file, files)
}

/// The rows of a CSV, each by its heads.
fn rows(files: &Files, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = files[name].strip_prefix('\u{feff}').expect("a byte order mark");
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(|row| row.unwrap()).collect()
}

fn json_of(files: &Files, name: &str) -> Value {
    serde_json::from_str(&files[name]).unwrap()
}

/// A portfolio by weight, one by transactions, a simulated run, a note.
async fn furnish(tenant: &Tenant) -> (String, Value) {
    let mut named = requests::stored_portfolio(FORMULA);
    named["holdings"][0]["weight"] = json!("0.7");
    named["holdings"][1]["weight"] = json!("0.4");
    named["holdings"][2]["weight"] = json!("-0.1");
    tenant.post("/api/v1/portfolios", &named).await.expect(201);
    let empty = json!({"name": "By transactions", "base_currency": "EUR", "holdings": []});
    let ledger = tenant.post("/api/v1/portfolios", &empty).await.data(201);
    let ledger = ledger["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/portfolios/{ledger}/transactions");
    let deposit = tenant.post(&path, &requests::deposit("100000.00")).await.data(201);
    let buy = json!({
        "kind": "buy", "date": "2024-01-03", "symbol": "AAPL", "quantity": "3.5", "price": "184.25",
        "fee": "1.00", "reference": "+1", "note": FORMULA
    });
    tenant.post(&path, &buy).await.expect(201);
    let correction = format!("{path}/{}/corrections", deposit["id"].as_str().unwrap());
    let instead = json!({"replacement": requests::deposit("200000.00")});
    let corrected = tenant.post(&correction, &instead).await;
    assert!(corrected.status < 300, "{}", corrected.body);
    tenant
        .post("/api/v1/notes/AAPL", &json!({"content": "-1 is *no* formula,\nbut \"looks\" like one"}))
        .await;
    (ledger, tenant.run(&valuation::simulated(500)).await)
}

#[tokio::test]
async fn an_export_has_what_the_api_says() {
    let tenant = Ballast::start().await.tenant().await;
    let (ledger, run) = furnish(&tenant).await;
    let (_, files) = export(&tenant).await;
    let kinds = ["holdings", "notes", "portfolios", "runs", "transactions"];
    let expected = kinds.iter().flat_map(|kind| [format!("{kind}.csv"), format!("{kind}.json")]);
    let expected: Vec<String> = std::iter::once("README.txt".to_owned()).chain(expected).collect();
    assert!(files.keys().eq(expected.iter()), "{:?}", files.keys());

    // Transactions: all, in the order of recording; JSON with the API's own fields, CSV with its figures.
    let path = format!("/api/v1/portfolios/{ledger}/transactions?limit=200");
    let mut told = tenant.get(&path).await.expect(200).json()["data"].as_array().unwrap().clone();
    told.reverse();
    let (json, csv) = (json_of(&files, "transactions.json"), rows(&files, "transactions.csv"));
    assert_eq!((json.as_array().unwrap().len(), csv.len()), (told.len(), told.len()));
    for ((told, json), csv) in told.iter().zip(json.as_array().unwrap()).zip(&csv) {
        for (name, value) in told.as_object().unwrap().iter().filter(|(name, _)| *name != "reversed_by") {
            assert_eq!(&json[name], value, "{name}");
            let guarded = ["reference", "note"].contains(&name.as_str());
            assert!(guarded || value == &json!(csv[name]), "{name}: {value}, not {}", csv[name]);
        }
        assert_eq!((&json["portfolio_id"], &json["currency"]), (&json!(ledger), &json!("EUR")));
    }
    let buy = csv.iter().find(|row| row["kind"] == "buy").unwrap();
    assert_eq!((buy["note"].as_str(), buy["reference"].as_str()), (&*format!("'{FORMULA}"), "'+1"));

    // Portfolios and holdings.
    let names: Vec<_> = rows(&files, "portfolios.csv").into_iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, [format!("'{FORMULA}"), "By transactions".to_owned()]);
    assert_eq!(json_of(&files, "portfolios.json")[0]["name"], FORMULA);
    let holdings = rows(&files, "holdings.csv");
    assert_eq!(holdings[2]["weight"], "-0.1", "a negative number is a number");
    assert_eq!((holdings[3]["symbol"].as_str(), holdings[3]["quantity"].as_str()), ("AAPL", "3.5"));

    // Runs, with all steps in JSON, as they were answered.
    let row = &rows(&files, "runs.csv")[0];
    for name in ["enterprise_value", "equity_value", "value_per_share"] {
        assert_eq!(json!(row[name]), run["figures"][name], "{name}");
    }
    let document = &json_of(&files, "runs.json")[0];
    assert_eq!(document["result"], run["result"]);
    assert_eq!(document["simulation"], run["simulation"]["outcome"]);

    // Notes, over several lines.
    let note = &rows(&files, "notes.csv")[0];
    assert_eq!(note["content"], "'-1 is *no* formula,\nbut \"looks\" like one");
    assert_eq!(json_of(&files, "notes.json")[0]["version"], 1);
}

#[tokio::test]
async fn the_same_data_gives_the_same_bytes() {
    let tenant = Ballast::start().await.tenant().await;
    furnish(&tenant).await;
    assert_eq!(export(&tenant).await.0["sha256"], export(&tenant).await.0["sha256"]);
}

#[tokio::test]
async fn who_has_nothing_gets_nothing_and_nobody_gets_another_s() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (ballast.tenant().await, ballast.tenant().await);
    let (ledger, run) = furnish(&tenant).await;
    let (_, files) = export(&other).await;
    for (name, text) in &files {
        let empty = name == "README.txt" || text == "[]\n" || text.lines().count() == 1;
        assert!(empty, "{name}: {text}");
        assert!(!text.contains(&ledger) && !text.contains(run["id"].as_str().unwrap()), "{name}");
    }
    let task = tenant.submit(EXPORTS, &json!({})).await;
    tenant.ended(&task).await;
    other.get(&format!("/api/v1/tasks/{task}/result")).await.problem(404);
    tenant.post(EXPORTS, &json!({"tenant": "ten_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN"})).await.problem(422);
}

#[tokio::test]
async fn an_export_takes_the_permissions_of_all_that_it_shows() {
    let tenant = Ballast::start().await.tenant().await;
    let key = async |permissions: &[&str]| {
        let wanted = json!({"name": "Backup", "permissions": permissions, "expires_in_days": 1});
        let made = tenant.post("/api/v1/api-keys", &wanted).await.data(201);
        tenant.with_token(made["key"].as_str().unwrap())
    };
    let partly = key(&["tasks:read", "tasks:write", "portfolios:read"]).await;
    let problem = partly.post(EXPORTS, &json!({})).await.problem(403);
    assert!(problem.detail().contains("valuation:read"), "{}", problem.detail());
    let task = tenant.submit(EXPORTS, &json!({})).await;
    tenant.ended(&task).await;
    partly.get(&format!("/api/v1/tasks/{task}/result")).await.problem(403);
    let wholly = key(&["tasks:read", "tasks:write", "portfolios:read", "valuation:read"]).await;
    wholly.get(&format!("/api/v1/tasks/{task}/result")).await.expect(200);
    export(&wholly).await;
}

/// More than one part of an upload: notes that hardly compress, told twice.
#[tokio::test]
async fn a_large_export_comes_in_parts_and_whole() {
    let tenant = Ballast::start().await.tenant().await;
    let mut written = BTreeMap::new();
    for number in 0..64_u32 {
        let digest = |line: u32| Sha256::digest([number.to_be_bytes(), line.to_be_bytes()].concat());
        let content: String = (0..2_200).map(|line| BASE64.encode(digest(line))).collect();
        let ticker = format!("T{number:03}");
        tenant.post(&format!("/api/v1/notes/{ticker}"), &json!({"content": content})).await.expect(200);
        written.insert(ticker, content);
    }
    let (file, files) = export(&tenant).await;
    assert!(file["size"].as_u64().unwrap() > 8 << 20, "{}", file["size"]);
    let notes = json_of(&files, "notes.json");
    let found: BTreeMap<String, String> = notes
        .as_array()
        .unwrap()
        .iter()
        .map(|note| {
            (note["ticker"].as_str().unwrap().to_owned(), note["content"].as_str().unwrap().to_owned())
        })
        .collect();
    assert!(found == written);
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_survive_messages_twice_and_workers_that_die() {
    // As in the cloud, a message comes back later than a dead worker's lease ends.
    let redelivery = Some(Duration::from_millis(1_200));
    let delivery = DeliveryOptions { redelivery, faults: Some(Faults::all(7)), ..DeliveryOptions::default() };
    let options = Options::default().variable("LEASE", "1s").delivery(delivery);
    let Some(ballast) = InProcess::start(options).await else { return };
    let tenant = ballast.tenant().await;
    furnish(&tenant).await;
    let (first, _) = export(&tenant).await;
    let nothing = json!({});
    let exports = (0..20).map(|_| tenant.compute(EXPORTS, &nothing));
    for again in stream::iter(exports).buffered(5).collect::<Vec<_>>().await {
        assert_eq!(again["sha256"], first["sha256"]);
    }
    let deliveries = ballast.stack().deliveries("ComputeReportFunction");
    assert!(deliveries.copies > 0 && deliveries.killed > 0, "there were faults: {deliveries:?}");
}
