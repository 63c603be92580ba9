//! Pages for people, whose every part is served by us.

use e2e::Ballast;

/// What a page refers to, as it is written there.
fn references(html: &str) -> Vec<&str> {
    let parts: Vec<_> = html.split('"').collect();
    let named = parts.windows(2).filter(|pair| pair[0].ends_with("src=") || pair[0].ends_with("href="));
    named.map(|pair| pair[1]).collect()
}

#[tokio::test]
async fn every_file_that_a_page_names_is_served_by_us() {
    let visitor = Ballast::start().await.visitor();
    for path in ["/docs", "/redoc"] {
        let page = visitor.get(path).await.expect(200);
        assert!(page.header("content-type").starts_with("text/html"));
        let references = references(&page.body);
        assert!(references.len() >= 4, "{path}: {references:?}");
        for reference in references {
            assert!(!reference.contains(':') && !reference.starts_with('/'), "{path}: {reference}");
            let file = visitor.get(&format!("/{reference}")).await.expect(200);
            assert!(!file.body.is_empty(), "{reference}");
        }
    }
}

#[tokio::test]
async fn pages_load_nothing_from_elsewhere() {
    let visitor = Ballast::start().await.visitor();
    for path in ["/docs", "/redoc"] {
        let page = visitor.get(path).await.expect(200);
        assert!(!page.body.contains("://"), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{path}: {policy}");
        assert!(
            policy.contains("connect-src 'self'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
    }
}

#[tokio::test]
async fn the_welcome_leads_on() {
    let visitor = Ballast::start().await.visitor();
    let links = visitor.get("/").await.data(200)["links"].take();
    for (name, path) in [
        ("docs", "/docs"),
        ("redoc", "/redoc"),
        ("openapi", "/openapi.json"),
        ("health", "/health"),
        ("status", "/api/v1/status"),
    ] {
        // Behind a gateway's stage more stands before the path.
        assert!(links[name].as_str().unwrap().ends_with(path), "{name}: {links}");
        visitor.get(path).await.expect(200);
    }
    let page = visitor.get("/").header("accept", "text/html,*/*;q=0.8").await.expect(200);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.body.contains("Ballast"));
}
