use axum::http::{StatusCode, header};

use crate::support::{get, get_with};

/// What a page refers to, as paths from the root.
fn references(html: &str) -> Vec<String> {
    let parts = html.split(['"']).collect::<Vec<_>>();
    let named = parts.windows(2).filter(|pair| pair[0].ends_with("src=") || pair[0].ends_with("href="));
    named.map(|pair| format!("/{}", pair[1])).collect()
}

#[tokio::test]
async fn every_file_that_the_pages_name_is_served() {
    for (path, count) in [("/docs", 5), ("/redoc", 5)] {
        let page = get(path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert_eq!(page.header(header::CONTENT_TYPE), "text/html; charset=utf-8");
        let references = references(&page.body);
        assert_eq!(references.len(), count, "{references:?}");
        for reference in references {
            let file = get(&reference).await;
            assert_eq!(file.status, StatusCode::OK, "{reference}");
            assert!(!file.header(header::ETAG).is_empty() && !file.body.is_empty(), "{reference}");
        }
    }
}

#[tokio::test]
async fn pages_may_load_nothing_from_elsewhere() {
    for path in ["/docs", "/redoc"] {
        let page = get(path).await;
        let policy = page.header(header::CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!page.body.contains("://"), "{path}");
    }
    let script = get("/redoc/redoc.standalone.js").await.body;
    assert!(!script.contains("cdn.redoc.ly"));
}

#[tokio::test]
async fn files_come_whole_and_with_their_types() {
    let script = get("/docs/swagger-ui-bundle.js").await;
    assert_eq!(script.body, include_str!("../../assets/swagger-ui/swagger-ui-bundle.js"));
    assert_eq!(script.header(header::CONTENT_TYPE), "text/javascript; charset=utf-8");
    assert_eq!(get("/docs/swagger-ui.css").await.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert_eq!(get("/redoc/icon.svg").await.header(header::CONTENT_TYPE), "image/svg+xml");
}

#[tokio::test]
async fn a_file_that_the_client_has_is_not_sent_again() {
    let file = get("/docs/docs.js").await;
    let again = get_with("/docs/docs.js", header::IF_NONE_MATCH, file.header(header::ETAG)).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
}

#[tokio::test]
async fn unknown_files_are_problems() {
    for path in ["/docs/unknown.js", "/docs/..%2Fmain.rs", "/redoc/swagger-ui.css", "/redoc/a/b", "/unknown"]
    {
        get(path).await.assert_problem(StatusCode::NOT_FOUND);
    }
}
