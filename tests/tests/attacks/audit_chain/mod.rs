//! The chain of audit records: written with every change, and every way of changing it afterwards is found and told apart.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::{Ballast, InProcess, Options, Tables, Tenant, VAR_CVAR, requests, valuation};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};

type Item = HashMap<String, AttributeValue>;

async fn report(tenant: &Tenant) -> Value {
    tenant.get("/api/v1/audit/verify").await.data(200)
}

/// The faults as `(kind, from, to)`.
async fn faults(tenant: &Tenant) -> Vec<(String, u64, u64)> {
    let report = report(tenant).await;
    let faults = report["faults"].as_array().unwrap();
    assert_eq!(report["intact"], faults.is_empty());
    let number = |fault: &Value, name: &str| fault[name].as_u64().unwrap();
    let read = |fault: &Value| {
        (fault["kind"].as_str().unwrap().to_owned(), number(fault, "from"), number(fault, "to"))
    };
    faults.iter().map(read).collect()
}

#[track_caller]
fn assert_faults(found: Vec<(String, u64, u64)>, wanted: &[(&str, u64, u64)]) {
    let found: Vec<_> = found.iter().map(|(kind, from, to)| (kind.as_str(), *from, *to)).collect();
    assert_eq!(found, wanted);
}

fn key(seq: u64) -> String {
    format!("{seq:020}")
}

/// A tenant with at least six events.
async fn busy(ballast: &Ballast) -> Tenant {
    let tenant = ballast.tenant().await;
    for number in 0..5 {
        let body = requests::stored_portfolio(&format!("Number {number}"));
        tenant.post("/api/v1/portfolios", &body).await.expect(201);
    }
    tenant
}

async fn last(tenant: &Tenant) -> u64 {
    report(tenant).await["last"].as_u64().unwrap()
}

fn canonical(item: &Item) -> String {
    item["data"].as_m().unwrap()["canonical"].as_s().unwrap().clone()
}

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

#[tokio::test]
async fn an_edited_record_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    let record = ballast.item(&tenant, "AUDIT", &key(3)).await;
    let edited = canonical(&record).replace("portfolio.created", "portfolio.deleted");
    ballast.set(&tenant, "AUDIT", &key(3), "canonical", AttributeValue::S(edited)).await;
    assert_faults(faults(&tenant).await, &[("edited", 3, 3)]);
    ballast.set(&tenant, "AUDIT", &key(3), "canonical", AttributeValue::Bool(true)).await;
    assert_faults(faults(&tenant).await, &[("edited", 3, 3)]);
    ballast.put_item(record).await;
    assert_faults(faults(&tenant).await, &[]);
    ballast.set(&tenant, "AUDIT", &key(4), "mac", AttributeValue::S("0".repeat(64))).await;
    assert_faults(faults(&tenant).await, &[("edited", 4, 4)]);
}

#[tokio::test]
async fn a_removed_record_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    for seq in [2, 4, 5] {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    assert_faults(faults(&tenant).await, &[("removed", 2, 2), ("removed", 4, 5)]);
}

#[tokio::test]
async fn a_cut_off_end_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    let end = last(&tenant).await;
    for seq in [end - 1, end] {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    assert_faults(faults(&tenant).await, &[("truncated", end - 1, end)]);
}

#[tokio::test]
async fn a_head_that_was_set_back_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    let (head, end) = (ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await, last(&tenant).await);
    let body = requests::stored_portfolio("To be hidden");
    tenant.post("/api/v1/portfolios", &body).await.expect(201);
    ballast.put_item(head).await;
    assert_faults(faults(&tenant).await, &[("forked", end + 1, end + 1)]);
    // To hide the record it would have to be deleted as well: then the kept number and tag differ from the chain's.
    ballast.delete_item(&tenant, "AUDIT-HEAD", "HEAD").await;
    assert_faults(faults(&tenant).await, &[("head_lost", end + 1, end + 1)]);
}

#[tokio::test]
async fn a_record_of_another_tenant_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let (tenant, other) = (busy(&ballast).await, busy(&ballast).await);
    let mut foreign = ballast.item(&other, "AUDIT", &key(3)).await;
    let own = ballast.item(&tenant, "AUDIT", &key(3)).await;
    foreign.insert("pk".to_owned(), own["pk"].clone());
    ballast.put_item(foreign).await;
    assert_faults(faults(&tenant).await, &[("misplaced", 3, 3)]);
    // Two records in each other's places.
    let (mut two, mut three) = (ballast.item(&tenant, "AUDIT", &key(2)).await, own);
    let place = two["sk"].clone();
    two.insert("sk".to_owned(), three["sk"].clone());
    three.insert("sk".to_owned(), place);
    ballast.put_item(two).await;
    ballast.put_item(three).await;
    assert_faults(faults(&tenant).await, &[("misplaced", 2, 2), ("misplaced", 3, 3)]);
}

#[tokio::test]
async fn a_branch_in_place_of_what_happened_is_found() {
    let Some(ballast) = Tables::start().await else { return };
    let tenant = busy(&ballast).await;
    // What an attacker with the table, but not the key, can do: have us write another branch, and mix both.
    let end = last(&tenant).await;
    let (head, first) =
        (ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await, ballast.item(&tenant, "AUDIT", &key(end)).await);
    let before = ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await;
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("One")).await.expect(201);
    let hidden = ballast.item(&tenant, "AUDIT", &key(end + 1)).await;
    ballast.delete_item(&tenant, "AUDIT", &key(end + 1)).await;
    ballast.put_item(before).await;
    for name in ["Two", "Three"] {
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio(name)).await.expect(201);
    }
    assert_faults(faults(&tenant).await, &[]);
    ballast.put_item(hidden).await;
    assert_faults(faults(&tenant).await, &[("forked", end + 2, end + 2)]);
    assert!(head.contains_key("pk") && first.contains_key("pk"));
}

#[tokio::test]
async fn a_key_that_is_not_there_is_told_from_an_edit() {
    let data = tempfile::tempdir().unwrap();
    let old = format!("1:{}", "a".repeat(64));
    let options = |keys: &str| Options::default().data(data.path()).variable("AUDIT_KEYS", keys);
    let Some(ballast) = InProcess::start(options(&old)).await else { return };
    let tenant = busy(&ballast).await;
    let (email, count) = (tenant.email.clone(), last(&tenant).await);
    drop(tenant);
    ballast.shutdown().await;

    let login = json!({"email": email, "password": e2e::PASSWORD});
    let enter = async |ballast: &InProcess| {
        let tokens = ballast.visitor().post("/api/v1/auth/login", &login).await.data(200);
        ballast.visitor().with_token(tokens["access_token"].as_str().unwrap())
    };
    // Rotated: the new key writes, the old one still proves what is old.
    let both = format!("{old},2:{}", "b".repeat(64));
    let ballast = InProcess::start(options(&both)).await.unwrap();
    let client = enter(&ballast).await;
    client.post("/api/v1/portfolios", &requests::stored_portfolio("New key")).await.expect(201);
    let report = client.get("/api/v1/audit/verify").await.data(200);
    assert_eq!(report["intact"], true, "{report}");
    drop(client);
    ballast.shutdown().await;

    // The old key was lost.
    let ballast = InProcess::start(options(&format!("2:{}", "b".repeat(64)))).await.unwrap();
    let client = enter(&ballast).await;
    let report = client.get("/api/v1/audit/verify").await.data(200);
    let faults = report["faults"].as_array().unwrap();
    assert!(faults.iter().all(|fault| fault["kind"] == "unknown_key"), "{report}");
    assert_eq!(
        report["fault_count"].as_u64().unwrap(),
        count + 1,
        "the old records and the anchor: {report}"
    );
    drop(client);
    ballast.shutdown().await;
}

#[tokio::test]
async fn what_was_kept_for_its_time_is_let_go_and_not_missed() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    assert_eq!(tenant.get("/api/v1/audit/retention").await.data(200)["days"], 2555);
    for days in [0, 89, 36_501] {
        let answer = tenant.put("/api/v1/audit/retention", &json!({"days": days})).await;
        assert_eq!(answer.problem(422).pointers(), ["/days"]);
    }
    tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.expect(200);
    let before = last(&tenant).await;
    ballast.maintain_after(SignedDuration::from_hours(24 * 30)).await;
    assert_eq!(report(&tenant).await["first"], 1, "too young");
    ballast.maintain_after(SignedDuration::from_hours(24 * 91)).await;
    let report = report(&tenant).await;
    assert_eq!(report["intact"], true, "{report}");
    assert_eq!((report["first"].as_u64(), report["last"].as_u64()), (Some(before + 1), Some(before + 1)));
    let events = tenant.get("/api/v1/audit").await.data(200);
    assert_eq!(events.as_array().unwrap().len(), 1);
    assert_eq!((&events[0]["action"], &events[0]["actor"]), (&json!("audit.pruned"), &json!("system")));
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Later")).await.expect(201);
    assert_faults(faults(&tenant).await, &[]);
    ballast.delete_item(&tenant, "AUDIT", &key(before + 1)).await;
    assert_faults(faults(&tenant).await, &[("removed", before + 1, before + 1)]);
}

#[tokio::test]
async fn a_shorter_retention_that_nobody_chose_lets_nothing_go() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    let anchor = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    for (field, value) in [("retention_days", "0"), ("revision", "9")] {
        ballast.put_item(anchor.clone()).await;
        let value = AttributeValue::N(value.to_owned());
        ballast.set(&tenant, "AUDIT-ANCHOR", "ANCHOR", field, value).await;
        ballast.maintain_in_vain_after(SignedDuration::from_hours(2)).await;
        assert!(ballast.has_item(&tenant, "AUDIT", &key(1)).await, "{field}");
        assert_faults(faults(&tenant).await, &[("anchor_lost", 0, 0)]);
        tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.problem(409);
    }
    ballast.put_item(anchor).await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    assert_faults(faults(&tenant).await, &[]);
}

#[tokio::test]
async fn records_that_are_not_what_was_written_are_not_let_go() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.expect(200);
    let (record, end) = (ballast.item(&tenant, "AUDIT", &key(2)).await, last(&tenant).await);
    let at = canonical(&record).split("\"at\":\"").nth(1).unwrap()[..4].to_owned();
    let aged = canonical(&record).replace(&format!("\"at\":\"{at}"), "\"at\":\"1999");
    ballast.set(&tenant, "AUDIT", &key(2), "canonical", AttributeValue::S(aged)).await;
    for hours in [2, 24 * 91] {
        ballast.maintain_in_vain_after(SignedDuration::from_hours(hours)).await;
    }
    assert_faults(faults(&tenant).await, &[("edited", 2, 2)]);
    let report = report(&tenant).await;
    assert_eq!((report["first"].as_u64(), report["last"].as_u64()), (Some(1), Some(end)));
    // In order again, it is let go.
    ballast.put_item(record).await;
    ballast.maintain_after(SignedDuration::from_hours(24 * 92)).await;
    assert_faults(faults(&tenant).await, &[]);
    assert!(!ballast.has_item(&tenant, "AUDIT", &key(2)).await);
}

/// What an insider can do who writes the table and has no key: take what came last, and put back a head of before.
#[tokio::test]
async fn a_chain_that_was_set_back_behind_its_checkpoint_is_found() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    assert_eq!(report(&tenant).await["checkpoint"], Value::Null);
    let (head, end) = (ballast.item(&tenant, "AUDIT-HEAD", "HEAD").await, last(&tenant).await);
    let add = async |name: &str| {
        tenant.post("/api/v1/portfolios", &requests::stored_portfolio(name)).await.expect(201);
    };
    add("To be hidden").await;
    add("To be hidden as well").await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    assert_eq!(report(&tenant).await["checkpoint"], end + 2);
    for seq in [end + 1, end + 2] {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    ballast.put_item(head).await;
    assert_faults(faults(&tenant).await, &[("rolled_back", end + 1, end + 2)]);
    let resumed = tenant.get(&format!("/api/v1/audit/verify?after={}", end + 1)).await.data(200);
    assert_eq!(resumed["intact"], false, "{resumed}");
    // The chain goes on, and is as long as before, and longer; no new checkpoint covers that up.
    for name in ["One", "Two", "Three"] {
        add(name).await;
    }
    assert_faults(faults(&tenant).await, &[("rolled_back", end + 2, end + 2)]);
    ballast.maintain_in_vain_after(SignedDuration::from_hours(4)).await;
    let report = report(&tenant).await;
    assert_eq!((&report["checkpoint"], &report["fault_count"]), (&json!(end + 2), &json!(1)));
}

#[tokio::test]
async fn a_chain_that_is_gone_as_a_whole_is_found() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    let end = last(&tenant).await;
    for seq in 1..=end {
        ballast.delete_item(&tenant, "AUDIT", &key(seq)).await;
    }
    ballast.delete_item(&tenant, "AUDIT-HEAD", "HEAD").await;
    ballast.delete_item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    assert_faults(faults(&tenant).await, &[("rolled_back", 0, 0), ("rolled_back", 1, end)]);
}

#[tokio::test]
async fn a_checkpoint_covers_what_came_since_the_one_before_and_no_more() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    let first = last(&tenant).await;
    tenant.post("/api/v1/portfolios", &requests::stored_portfolio("Later")).await.expect(201);
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    assert_eq!(report(&tenant).await["checkpoint"], first, "not due yet");
    ballast.maintain_after(SignedDuration::from_hours(4)).await;
    assert_eq!(report(&tenant).await["checkpoint"], first + 1);
    ballast.maintain_after(SignedDuration::from_hours(6)).await;
    assert_faults(faults(&tenant).await, &[]);
    assert_eq!(ballast.checkpoints(&tenant).await.len(), 2, "none for a chain that has not grown");
    // One that nobody of ours has made.
    ballast.put_checkpoint(&tenant, 0, "{}").await;
    assert_faults(faults(&tenant).await, &[("checkpoint_lost", 0, 0)]);
    ballast.maintain_in_vain_after(SignedDuration::from_hours(8)).await;
}

/// The others' chains are looked after all the same, and the alarm is raised again as long as it is so.
#[tokio::test]
async fn a_chain_in_doubt_makes_way_and_is_not_forgotten() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let (tenant, other) = (busy(&ballast).await, busy(&ballast).await);
    ballast.set(&tenant, "AUDIT-ANCHOR", "ANCHOR", "revision", AttributeValue::N("9".to_owned())).await;
    let sealed = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    ballast.maintain_in_vain_after(SignedDuration::from_mins(120)).await;
    assert_eq!(report(&other).await["checkpoint"], last(&other).await);
    let postponed = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    assert_eq!(
        (&postponed["data"], &postponed["version"]),
        (&sealed["data"], &sealed["version"]),
        "nothing is sealed anew"
    );
    ballast.maintain_after(SignedDuration::from_mins(121)).await;
    ballast.maintain_in_vain_after(SignedDuration::from_mins(181)).await;
    // One that nobody can read is none the less missed.
    ballast.set(&tenant, "AUDIT-ANCHOR", "ANCHOR", "link", AttributeValue::Bool(true)).await;
    for minutes in [242, 303] {
        let add = other.post("/api/v1/portfolios", &requests::stored_portfolio("Another"));
        add.await.expect(201);
        ballast.maintain_in_vain_after(SignedDuration::from_mins(minutes)).await;
        assert_eq!(report(&other).await["checkpoint"], last(&other).await);
    }
}

#[tokio::test]
async fn an_older_retention_that_was_put_back_lets_nothing_go() {
    let Some(ballast) = InProcess::start(Options::default()).await else { return };
    let tenant = busy(&ballast).await;
    tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.expect(200);
    let short = ballast.item(&tenant, "AUDIT-ANCHOR", "ANCHOR").await;
    tenant.put("/api/v1/audit/retention", &json!({"days": 36500})).await.expect(200);
    ballast.maintain_after(SignedDuration::from_hours(2)).await;
    ballast.put_item(short).await;
    assert_faults(faults(&tenant).await, &[("rolled_back", 0, 0)]);
    ballast.maintain_in_vain_after(SignedDuration::from_hours(24 * 91)).await;
    assert!(ballast.has_item(&tenant, "AUDIT", &key(1)).await);
}

#[tokio::test]
async fn a_stolen_token_shortens_no_retention() {
    let Some(ballast) = InProcess::start(Options::default().manual_clock()).await else { return };
    let tenant = ballast.tenant().await;
    ballast.advance(SignedDuration::from_mins(11));
    let refused = tenant.put("/api/v1/audit/retention", &json!({"days": 90})).await.problem(401);
    assert_eq!(refused.kind(), "insufficient-user-authentication");
    tenant.get("/api/v1/audit/retention").await.expect(200);
}

#[tokio::test]
async fn a_tenant_sees_its_own_records_only() {
    let ballast = Ballast::start().await;
    let (tenant, other) = (busy(&ballast).await, ballast.tenant().await);
    let seen = other.get("/api/v1/audit?format=jsonl").await.expect(200);
    assert!(!seen.body.contains(&tenant.id) && !seen.body.contains(&tenant.user_id()), "{}", seen.body);
    let page = tenant.get("/api/v1/audit?limit=1").await.expect(200).json();
    let cursor = page["next_cursor"].as_str().unwrap();
    other.get(&format!("/api/v1/audit?limit=1&cursor={cursor}")).await.problem(400);
}
