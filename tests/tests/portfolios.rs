//! Portfolios: created, read, replaced, deleted, listed.

use e2e::{Ballast, requests::stored_portfolio};
use serde_json::json;

const PATH: &str = "/api/v1/portfolios";

#[tokio::test]
async fn a_portfolio_is_read_back_as_it_was_created() {
    let tenant = Ballast::start().await.tenant().await;
    let body = json!({
        "name": " Core ", "base_currency": "USD",
        "holdings": [{"symbol": "aapl", "quantity": "100.50"}, {"symbol": "MSFT", "quantity": -25}]
    });
    let answer = tenant.post(PATH, &body).await.expect(201);
    let (location, etag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let created = answer.data(201);
    assert_eq!(location, format!("{PATH}/{}", created["id"].as_str().unwrap()));
    assert!(created["id"].as_str().unwrap().starts_with("pfl_"));
    assert_eq!((&created["name"], &created["base_currency"]), (&json!("Core"), &json!("USD")));
    let holdings = json!([{"symbol": "AAPL", "quantity": "100.50"}, {"symbol": "MSFT", "quantity": "-25"}]);
    assert_eq!(created["holdings"], holdings);
    assert_eq!(created["created_at"], created["updated_at"]);

    let read = tenant.get(&location).await.expect(200);
    assert_eq!((read.header("etag"), etag.as_str()), ("\"v1\"", "\"v1\""));
    assert_eq!(read.clone().data(200), created);
    let again = tenant.get(&location).header("if-none-match", &etag).await.expect(304);
    assert_eq!((again.header("etag"), again.body.as_str()), (etag.as_str(), ""));
}

#[tokio::test]
async fn a_change_needs_the_version_that_it_was_made_from() {
    let tenant = Ballast::start().await.tenant().await;
    let location =
        tenant.post(PATH, &stored_portfolio("One")).await.expect(201).header("location").to_owned();
    let (first, stale) = ("\"v1\"", "\"v7\"");
    for seen in [stale, "\"v0\"", "W/\"v1\"", "v1", "\"x\""] {
        tenant.put(&location, &stored_portfolio("Lost")).header("if-match", seen).await.problem(412);
        tenant.delete(&location).header("if-match", seen).await.problem(412);
    }
    assert_eq!(tenant.get(&location).await.data(200)["name"], "One", "nothing changed");

    let replaced =
        tenant.put(&location, &stored_portfolio("Two")).header("if-match", first).await.expect(200);
    assert_eq!(replaced.header("etag"), "\"v2\"");
    let problem =
        tenant.put(&location, &stored_portfolio("Lost")).header("if-match", first).await.problem(412);
    assert_eq!(problem.kind(), "version-mismatch");
    let read = tenant.get(&location).await.data(200);
    assert_eq!(read, replaced.data(200));
    let time = |name: &str| read[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert!(time("updated_at") >= time("created_at"));

    tenant.put(&location, &stored_portfolio("Three")).await.expect(200);
    tenant.put(&location, &stored_portfolio("Four")).header("if-match", "*").await.expect(200);
    tenant.delete(&location).header("if-match", "\"v4\"").await.expect(204);
    tenant.get(&location).await.problem(404);
}

#[tokio::test]
async fn of_writers_with_the_same_version_one_wins() {
    let tenant = Ballast::start().await.tenant().await;
    let location =
        tenant.post(PATH, &stored_portfolio("One")).await.expect(201).header("location").to_owned();
    let writes = (0..6).map(|writer| {
        let (tenant, location) = (&tenant, &location);
        async move {
            let body = stored_portfolio(&format!("Writer {writer}"));
            (body["name"].clone(), tenant.put(location, &body).header("if-match", "\"v1\"").await.status)
        }
    });
    let answers = futures::future::join_all(writes).await;
    let won: Vec<_> = answers.iter().filter(|(_, status)| *status == 200).collect();
    assert_eq!((won.len(), answers.iter().filter(|(_, status)| *status == 412).count()), (1, 5));
    assert_eq!(tenant.get(&location).await.data(200)["name"], won[0].0);
}

#[tokio::test]
async fn a_deleted_portfolio_is_gone() {
    let tenant = Ballast::start().await.tenant().await;
    let location =
        tenant.post(PATH, &stored_portfolio("One")).await.expect(201).header("location").to_owned();
    assert_eq!(tenant.delete(&location).await.expect(204).body, "");
    tenant.get(&location).await.problem(404);
    tenant.put(&location, &stored_portfolio("One")).await.problem(404);
    tenant.delete(&location).await.problem(404);
    assert_eq!(tenant.get(PATH).await.data(200), json!([]));
}

#[tokio::test]
async fn lists_come_in_pages_the_newest_first() {
    let tenant = Ballast::start().await.tenant().await;
    for name in ["A", "B", "C", "D", "E"] {
        tenant.post(PATH, &stored_portfolio(name)).await.expect(201);
    }
    let (mut names, mut pages, mut next) = (String::new(), 0, Some(String::new()));
    while let Some(cursor) = next {
        let page = tenant.get(&format!("{PATH}?limit=2{cursor}")).await.expect(200).json();
        names.extend(
            page["data"].as_array().unwrap().iter().map(|portfolio| portfolio["name"].as_str().unwrap()),
        );
        next = page["next_cursor"].as_str().map(|cursor| format!("&cursor={cursor}"));
        pages += 1;
    }
    assert_eq!((names.as_str(), pages), ("EDCBA", 3));
    for query in ["limit=0", "limit=201", "limit=-1", "limit=x", "unknown=1", "cursor=x"] {
        tenant.get(&format!("{PATH}?{query}")).await.problem(400);
    }
}
