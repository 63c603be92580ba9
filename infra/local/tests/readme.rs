//! The README's own commands, run as they stand there.
//!
//! Against a stack of their own or, where `BALLAST_BASE_URL` names one, against that.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use local::ballast::{self, Overrides};
use local::{Stack, StackOptions};
use reqwest::{Client, StatusCode};
use serde_json::json;
use tokio::process::Command;

const README: &str = include_str!("../../../README.md");
/// Where the README believes the stack to be.
const BASE_URL: &str = "http://127.0.0.1:8080";

/// The code of one language in one section.
fn code(section: &str, language: &str) -> String {
    let (_, section) = README.split_once(&format!("\n## {section}\n")).expect("the section");
    let section = section.split("\n## ").next().unwrap();
    let fence = format!("```{language}\n");
    let blocks = section.split(&fence).skip(1).map(|block| block.split("```").next().unwrap());
    let code: String = blocks.collect();
    assert!(!code.is_empty(), "no {language} in {section}");
    code
}

/// The URL of the stack to test, with the stack that must live as long, if it is our own.
async fn base_url() -> (String, Option<Stack>) {
    if let Ok(url) = std::env::var("BALLAST_BASE_URL") {
        return (url, None);
    }
    let stack = ballast::start(StackOptions::default(), Overrides::new()).await.unwrap();
    (stack.base_url().to_owned(), Some(stack))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What is typed in all these sections, by somebody of this name.
fn session(sections: &[&str], name: &str) -> String {
    let session: String = sections.iter().map(|section| code(section, "bash")).collect();
    session.replace("ada@example.com", &format!("{name}@example.com"))
}

/// What a terminal shows after it.
async fn typed(session: &str) -> String {
    let (base_url, _stack) = base_url().await;
    run(Command::new("bash").args(["-euo", "pipefail", "-c", session]).env("BALLAST", base_url)).await
}

async fn run(command: &mut Command) -> String {
    let output = command.current_dir(root()).stdin(Stdio::null()).output().await.unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    told
}

#[tokio::test]
async fn the_first_session_works() {
    let told = typed(&session(&["A first session"], "ada")).await;
    for figure in [
        "\"SUCCESS\"",
        "\"value_at_risk\"",
        "\"standard_errors\"",
        "\"implied_growth\"",
        "\"realised\"",
        "\"time_weighted\"",
    ] {
        assert!(told.contains(figure), "{figure} is missing in:\n{told}");
    }
}

#[tokio::test]
async fn the_tour_of_portfolio_tasks_works() {
    let told = typed(&session(&["A first session", "A tour of portfolio tasks"], "grace")).await;
    for figure in
        ["\"weights\":{\"AAPL\":0.45", "\"closed_lots\":[{", "\"attribution\":{", "\"information_ratio\""]
    {
        assert!(told.contains(figure), "{figure} is missing in:\n{told}");
    }
}

#[tokio::test]
async fn the_tour_of_risk_tasks_works() {
    let sections = ["A first session", "A tour of portfolio tasks", "A tour of risk tasks"];
    let told = typed(&session(&sections, "katherine")).await;
    for figure in ["\"garch\":{", "\"exception_dates\":[\"20", "\"name\":\"Covid-19\"", "\"tangency\":{"] {
        assert!(told.contains(figure), "{figure} is missing in:\n{told}");
    }
}

#[tokio::test]
async fn the_tour_of_reports_works() {
    let session = session(&["A first session", "A tour of portfolio tasks", "A tour of reports"], "dorothy");
    let folder = tempfile::tempdir().unwrap();
    let session =
        ["report.pdf", "valuation.xlsx", "export.zip", "chart.svg"].iter().fold(session, |session, file| {
            session.replace(file, &folder.path().join(file).display().to_string())
        });
    let told = typed(&session).await;
    for figure in ["\"content_type\":\"application/pdf\"", "%PDF-1.7", "transactions.csv", "<svg "] {
        assert!(told.contains(figure), "{figure} is missing in:\n{told}");
    }
}

#[tokio::test]
async fn the_python_client_works() {
    let (base_url, _stack) = base_url().await;
    // What `make dev` does before anybody logs in.
    let user = json!({
        "email": "user@example.com", "password": "correct horse battery", "name": "Ada", "tenant_name": "Demo",
    });
    let registered = Client::new().post(format!("{base_url}/api/v1/auth/register")).json(&user).send().await;
    assert!([StatusCode::CREATED, StatusCode::CONFLICT].contains(&registered.unwrap().status()));

    let client = code("A client in Python", "python");
    assert!(client.contains(BASE_URL));
    let told = run(Command::new(python()).args(["-c", &client.replace(BASE_URL, &base_url)])).await;
    assert!(told.contains("value_at_risk"), "{told}");
}

/// A Python that has `requests`: the one of SAM, which every `make test` installs, or the machine's.
fn python() -> PathBuf {
    let own = root().join(".venv/sam/bin/python");
    if own.exists() { own } else { "python3".into() }
}
