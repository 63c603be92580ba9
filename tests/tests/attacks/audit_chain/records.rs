//! What leaves a record, and how records are read.

use e2e::{Ballast, VAR_CVAR, requests, valuation};
use futures::future::join_all;
use serde_json::{Value, json};

use super::{busy, faults, last, report};

#[tokio::test]
async fn every_change_leaves_a_record_of_who_and_what() {
    let tenant = Ballast::start().await.tenant().await;
    let portfolio = tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Mine")).await.data(201);
    let id = portfolio["id"].as_str().unwrap();
    let path = format!("/api/v1/portfolios/{id}");
    let changed =
        tenant.put(&path, &requests::stored_portfolio("Still mine")).header("x-request-id", "attack-17");
    changed.await.expect(200);
    tenant.delete(&path).await.expect(204);
    tenant.request("POST", "/api/v1/prices").body("text/csv", "date,AAPL\n2024-01-02,1\n").await.expect(200);
    tenant
        .request("PUT", "/api/v1/prices/AAPL")
        .body("text/csv", "date,close\n2024-01-02,2\n")
        .await
        .expect(200);
    let task = tenant.submit(VAR_CVAR, &requests::small_var_cvar()).await;
    tenant.ended(&task).await;

    let events = tenant.get("/api/v1/audit?limit=200").await.data(200);
    let events = events.as_array().unwrap();
    let find = |action: &str| events.iter().find(|event| event["action"] == action).expect(action);
    for action in ["tenant.registered", "prices.loaded", "prices.replaced", "task.submitted"] {
        find(action);
    }
    let (created, changed, deleted) =
        (find("portfolio.created"), find("portfolio.changed"), find("portfolio.deleted"));
    for event in [created, changed, deleted] {
        assert_eq!(event["target"], json!({"kind": "PORTFOLIO", "id": id}));
        assert_eq!(event["actor"], format!("{}/{}", tenant.user_id(), tenant.session_id()));
    }
    assert_eq!((&created["before"], &deleted["after"]), (&Value::Null, &Value::Null));
    assert_eq!((&created["after"], &changed["after"]), (&changed["before"], &deleted["before"]));
    assert_ne!(created["after"], changed["after"]);
    assert_eq!(changed["request_id"], "attack-17");
    let seqs: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).rev().collect::<Vec<_>>(), "the newest first, none missing");
    assert!(faults(&tenant).await.is_empty());
}

#[tokio::test]
async fn ledgers_and_valuations_leave_records_too() {
    let tenant = Ballast::start().await.tenant().await;
    let empty = json!({"name": "By transactions", "base_currency": "USD", "holdings": []});
    let portfolio = tenant.post("/api/v1/portfolios", &empty).await.data(201);
    let id = |made: &Value| made["id"].as_str().unwrap().to_owned();
    let transactions = format!("/api/v1/portfolios/{}/transactions", id(&portfolio));
    let deposit = tenant.post(&transactions, &requests::deposit("100.00")).await.data(201);
    let correction = format!("{transactions}/{}/corrections", id(&deposit));
    tenant.post(&correction, &json!({})).await.expect(201);
    let run = tenant.run(&valuation::run()).await;
    tenant.delete(&format!("{}/{}", valuation::RUNS, id(&run))).await.expect(204);
    let base = json!({"scenarios": [valuation::scenario("Base")]});
    let scenario = tenant.post(valuation::SCENARIOS, &base).await.data(201)[0].take();
    let path = format!("{}/{}", valuation::SCENARIOS, id(&scenario));
    let changed = tenant.put(&path, &valuation::scenario("Bull")).header("if-match", "\"v1\"");
    changed.await.expect(200);
    tenant.delete(&path).header("if-match", "\"v2\"").await.expect(204);
    tenant.post("/api/v1/notes/AAPL", &json!({"content": "Mine"})).await.expect(200);

    let events = tenant.get("/api/v1/audit?limit=200").await.data(200);
    let found =
        events.as_array().unwrap().iter().rev().skip_while(|event| event["action"] != "portfolio.created");
    let found: Vec<_> = found
        .map(|event| (event["action"].as_str().unwrap(), event["target"]["id"].as_str().unwrap()))
        .collect();
    let (portfolio, run, scenario) = (id(&portfolio), id(&run), id(&scenario));
    let wanted = [
        ("portfolio.created", portfolio.as_str()),
        ("transactions.recorded", &portfolio),
        ("transactions.corrected", &portfolio),
        ("run.created", &run),
        ("run.deleted", &run),
        ("scenario.created", &scenario),
        ("scenario.changed", &scenario),
        ("scenario.deleted", &scenario),
        ("note.written", "AAPL"),
    ];
    assert_eq!(found, wanted);
    assert!(faults(&tenant).await.is_empty());
}

#[tokio::test]
async fn what_was_refused_leaves_no_record() {
    let tenant = busy(&Ballast::start().await).await;
    let before = last(&tenant).await;
    let missing = "/api/v1/portfolios/pfl_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN";
    tenant.put(missing, &requests::stored_portfolio("X")).await.problem(404);
    tenant.delete(missing).await.problem(404);
    tenant.post("/api/v1/portfolios", &json!({"name": ""})).await.expect(422);
    assert_eq!(last(&tenant).await, before);
}

#[tokio::test]
async fn sixty_four_parallel_appends_make_one_chain() {
    let tenant = Ballast::start().await.tenant().await;
    let before = last(&tenant).await;
    let create = async |number: usize| {
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio(&format!("Number {number}"))).await
    };
    for answer in join_all((0..64).map(create)).await {
        answer.expect(201);
    }
    let report = report(&tenant).await;
    assert_eq!((&report["intact"], &report["faults"]), (&json!(true), &json!([])));
    assert_eq!(report["last"].as_u64().unwrap(), before + 64);
}

#[tokio::test]
async fn no_personal_data_stands_there_in_clear() {
    let tenant = busy(&Ballast::start().await).await;
    let export = tenant.get("/api/v1/audit?format=jsonl").await.expect(200);
    for personal in [tenant.email.as_str(), "Ada", "Lovelace", "127.0.0.1", "Number 1"] {
        assert!(!export.body.contains(personal), "{personal}: {}", export.body);
    }
}

#[tokio::test]
async fn filters_find_and_pages_end() {
    let tenant = busy(&Ballast::start().await).await;
    let count = async |query: &str| {
        let page = tenant.get(&format!("/api/v1/audit?limit=200&{query}")).await.data(200);
        page.as_array().unwrap().len()
    };
    assert_eq!(count("action=portfolio.created").await, 5);
    assert_eq!(count(&format!("user={}&target_kind=PORTFOLIO", tenant.user_id())).await, 5);
    assert_eq!(count("user=usr_01KAJ5M3S0Q5T3Y9WBQ0V6F2ZN").await, 0);
    assert_eq!(count("since=2020-01-01T00:00:00Z&action=portfolio.created").await, 5);
    assert_eq!(count("until=2020-01-01T00:00:00Z").await, 0);
    assert_eq!(count("since=2999-01-01T00:00:00Z").await, 0);
    assert_eq!(count("address=203.0.113.9").await, 0);
    tenant.get("/api/v1/audit?action=everything").await.problem(400);
    tenant.get("/api/v1/audit?limit=201").await.problem(400);
    tenant.get("/api/v1/audit?what=x").await.problem(400);
    let (mut seen, mut cursor) = (0, String::new());
    loop {
        let page = tenant
            .get(&format!("/api/v1/audit?limit=2&action=portfolio.created{cursor}"))
            .await
            .expect(200)
            .json();
        seen += page["data"].as_array().unwrap().len();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, 5);
    let first = tenant.get("/api/v1/audit?limit=2").await.expect(200).json();
    let foreign = first["next_cursor"].as_str().unwrap();
    tenant.get(&format!("/api/v1/audit?limit=2&action=task.submitted&cursor={foreign}")).await.problem(400);
}

#[tokio::test]
async fn an_export_has_the_very_bytes_and_is_itself_recorded() {
    let tenant = busy(&Ballast::start().await).await;
    let lines = tenant.get("/api/v1/audit?format=jsonl&limit=3").await.expect(200);
    assert_eq!(lines.header("content-type"), "application/jsonl");
    assert!(lines.header("link").contains("rel=\"next\""), "{:?}", lines.headers);
    assert_eq!(lines.body.lines().count(), 3);
    for line in lines.body.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["mac"].as_str().unwrap().len(), 64);
        assert!(line["entry"]["seq"].as_u64().unwrap() > 0);
    }
    let table = tenant.get("/api/v1/audit?format=csv").await.expect(200);
    assert_eq!(table.header("cache-control"), "no-store");
    assert!(table.body.starts_with("seq,at,action,actor,"), "{}", table.body);
    let recorded = tenant.get("/api/v1/audit?action=audit.exported").await.data(200);
    assert_eq!(recorded.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_exports_links_lead_through_all_that_was_asked_for() {
    let tenant = busy(&Ballast::start().await).await;
    let (mut query, mut seen, mut pages) =
        ("?format=jsonl&action=portfolio.created&limit=2".to_owned(), 0, 0);
    loop {
        let page = tenant.get(&format!("/api/v1/audit{query}")).await.expect(200);
        assert_eq!(page.header("content-type"), "application/jsonl");
        let lines: Vec<_> = page.body.lines().collect();
        assert!(lines.len() <= 2 && lines.iter().all(|line| line.contains("portfolio.created")));
        (seen, pages) = (seen + lines.len(), pages + 1);
        let link = page.header("link");
        if link.is_empty() {
            break;
        }
        assert_eq!(link.matches("cursor=").count(), 1, "{link}");
        query = link.strip_prefix('<').unwrap().split('>').next().unwrap().to_owned();
    }
    assert!(seen == 5 && pages >= 3, "{seen} on {pages} pages");
}

#[tokio::test]
async fn a_check_begins_within_the_chain() {
    let tenant = busy(&Ballast::start().await).await;
    let end = last(&tenant).await;
    let verify = |after: u64| tenant.get(&format!("/api/v1/audit/verify?after={after}"));
    assert_eq!(verify(end).await.data(200)["intact"], true);
    for beyond in [end + 1, 999_999_999] {
        assert!(verify(beyond).await.problem(400).detail().starts_with("after "));
    }
}
