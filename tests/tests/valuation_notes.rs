//! Notes: versions are kept, and auto-save never overwrites a colleague.

use e2e::Ballast;
use futures::future::join_all;
use serde_json::{Value, json};

const PATH: &str = "/api/v1/notes/AAPL";

fn note(content: &str) -> Value {
    json!({ "content": content })
}

#[tokio::test]
async fn every_version_is_kept_as_it_was_given() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.get(PATH).await.problem(404);
    let script = "# Thesis\r\n\n<script>alert('x')</script> \u{202e} =HYPERLINK() \u{0} 日本 ";
    let first = tenant.post(PATH, &note(script)).await.expect(200);
    assert_eq!(first.header("etag"), "\"v1\"");
    assert_eq!(first.clone().data(200)["content"], script);
    let second = tenant.post(PATH, &note("")).header("if-match", "\"v1\"").await.expect(200);
    assert_eq!((second.header("etag"), &second.clone().data(200)["version"]), ("\"v2\"", &json!(2)));

    let read = tenant.get(PATH).await.expect(200);
    assert_eq!((read.header("etag"), read.header("content-type")), ("\"v2\"", "application/json"));
    assert_eq!(read.header("x-content-type-options"), "nosniff");
    assert_eq!(read.data(200), second.data(200));
    let earlier = tenant.get(&format!("{PATH}?version=1")).await.expect(200);
    assert_eq!(earlier.header("etag"), "\"v2\"", "what the next change has to be made from");
    assert_eq!(earlier.data(200), first.data(200));
    for version in [0, 3] {
        tenant.get(&format!("{PATH}?version={version}")).await.problem(404);
    }
    tenant.get(&format!("{PATH}?version=x")).await.problem(400);
    tenant.get(PATH).header("if-none-match", "\"v2\"").await.expect(304);
    assert_eq!(tenant.get("/api/v1/notes/aapl").await.data(200)["ticker"], "AAPL");
}

#[tokio::test]
async fn the_same_text_adds_no_version_and_versions_are_listed() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.get(&format!("{PATH}/versions")).await.problem(404);
    tenant.post(PATH, &note("1")).await.expect(200);
    let again = tenant.post(PATH, &note("1")).header("if-match", "\"v1\"").await.expect(200);
    assert_eq!(again.header("etag"), "\"v1\"");
    tenant.post(PATH, &note("1")).await.problem(428);
    for version in 2..=5 {
        let seen = format!("\"v{}\"", version - 1);
        tenant.post(PATH, &note(&"x".repeat(version))).header("if-match", &seen).await.expect(200);
    }
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = tenant.get(&format!("{PATH}/versions?limit=2{cursor}")).await.expect(200).json();
        let versions = page["data"].as_array().unwrap().iter();
        found.extend(versions.map(|version| (version["version"].clone(), version["bytes"].clone())));
        assert!(page["data"][0].get("content").is_none() && page["data"][0]["author"].is_string());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found, [5, 4, 3, 2, 1].map(|version| (json!(version), json!(version))));
    tenant.get(&format!("{PATH}/versions?cursor=x")).await.problem(400);
}

/// The lengths of versions are those of their texts, which have to be read for them.
#[tokio::test]
async fn a_page_of_long_versions_is_shorter() {
    let tenant = Ballast::start().await.tenant().await;
    for version in 0..12 {
        let text = format!("{version:02}").repeat(50_000);
        tenant.post(PATH, &note(&text)).header("if-match", &format!("\"v{version}\"")).await.expect(200);
    }
    let page = tenant.get(&format!("{PATH}/versions?limit=200")).await.expect(200).json();
    let versions = |page: &Value| -> Vec<u64> {
        page["data"].as_array().unwrap().iter().map(|of| of["version"].as_u64().unwrap()).collect()
    };
    assert_eq!(versions(&page), (3..=12).rev().collect::<Vec<_>>());
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = tenant.get(&format!("{PATH}/versions?limit=200&cursor={cursor}")).await.expect(200).json();
    assert_eq!((versions(&rest), &rest["next_cursor"]), (vec![2, 1], &Value::Null));
}

#[tokio::test]
async fn a_lost_race_is_told_and_changes_nothing() {
    let tenant = Ballast::start().await.tenant().await;
    tenant.post(PATH, &note("a")).header("if-match", "\"v1\"").await.problem(412);
    tenant.post(PATH, &note("a")).await.expect(200);
    assert_eq!(tenant.post(PATH, &note("b")).await.problem(428).kind(), "precondition-required");
    tenant.post(PATH, &note("b")).header("if-match", "*").await.problem(428);
    for stale in ["\"v0\"", "\"v2\"", "v1"] {
        tenant.post(PATH, &note("b")).header("if-match", stale).await.problem(412);
    }
    assert_eq!(tenant.get(PATH).await.data(200)["content"], "a", "nothing changed");

    let writes = (0..5).map(|writer| {
        let (tenant, content) = (&tenant, format!("writer {writer}"));
        async move {
            let answer = tenant.post(PATH, &note(&content)).header("if-match", "\"v1\"").await;
            (content, answer.status)
        }
    });
    let answers = join_all(writes).await;
    let won: Vec<_> = answers.iter().filter(|(_, status)| *status == 200).collect();
    assert_eq!((won.len(), answers.iter().filter(|(_, status)| *status == 412).count()), (1, 4));
    assert_eq!(tenant.get(PATH).await.data(200)["content"], *won[0].0);
}

#[tokio::test]
async fn the_first_of_two_first_notes_wins() {
    let tenant = Ballast::start().await.tenant().await;
    let writes = ["one", "two"].map(|content| {
        let (tenant, body) = (&tenant, note(content));
        async move { tenant.post(PATH, &body).await.status }
    });
    let mut statuses = join_all(writes).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 428]);
    assert_eq!(tenant.get(PATH).await.data(200)["version"], 1);
}

#[tokio::test]
async fn what_is_no_note_is_refused() {
    let tenant = Ballast::start().await.tenant().await;
    let large = tenant.post(PATH, &note(&"x".repeat(1_000_000))).await.problem(422);
    assert_eq!(large.pointers(), ["/content"]);
    assert!(large.detail().contains("at most 100000 bytes"), "{}", large.detail());
    assert_eq!(tenant.post(PATH, &note(&"ü".repeat(50_001))).await.problem(422).pointers(), ["/content"]);
    assert_eq!(tenant.post(PATH, &json!({"text": "x"})).await.problem(422).pointers(), ["/text"]);
    tenant.post(PATH, &note(&"x".repeat(7 * 1024 * 1024))).await.problem(413);
    for ticker in ["a%20b", "..%2F..%2Fetc", "TOOLONGTOOLONGTOOLONG", "%E2%82%AC"] {
        let path = format!("/api/v1/notes/{ticker}");
        tenant.post(&path, &note("x")).await.problem(404);
        tenant.get(&path).await.problem(404);
    }
    tenant.get(PATH).await.problem(404);
    tenant.post(PATH, &note(&"x".repeat(100_000))).await.expect(200);
}
