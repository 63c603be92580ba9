//! A client as the documentation has it.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use e2e::{Ballast, MONTE_CARLO, PASSWORD, data};
use serde_json::{Value, json};

#[tokio::test]
async fn a_client_logs_in_submits_polls_and_fetches() {
    let ballast = Ballast::start().await;
    let (user, client) = (ballast.tenant().await, ballast.visitor());
    let login = json!({"username": user.email, "password": PASSWORD});
    let answer = client.post("/api/v1/auth/login", &login).await.expect(200).json();
    let client = client.with_token(answer["data"]["access_token"].as_str().unwrap());
    let returns = data::returns(&data::symbols()[..3]);
    let request = json!({
        "portfolio_data": {"weights": [0.4, 0.3, 0.3], "historical_returns": returns},
        "num_simulations": 10000, "time_horizon": 252
    });
    let answer = client.post(MONTE_CARLO, &request).await.expect(202).json();
    let task = answer["data"]["task_id"].as_str().unwrap();
    let status = format!("/api/v1/tasks/{task}/status");
    let mut pause = tokio::time::interval(Duration::from_millis(200));
    loop {
        let answer = client.get(&status).await.expect(200).json();
        if !["PENDING", "STARTED"].contains(&answer["data"]["status"].as_str().unwrap()) {
            break;
        }
        pause.tick().await;
    }
    let answer = client.get(&format!("/api/v1/tasks/{task}/result")).await.expect(200).json();
    check(&answer["data"]["result"]);
}

fn check(result: &Value) {
    assert!(
        result["statistics"]["mean"].is_number() && result["statistics"]["standard_deviation"].is_number()
    );
    let risk = result["risk"].as_array().unwrap();
    assert!(
        risk.iter().all(|risk| risk["conditional_value_at_risk"].as_f64() > risk["value_at_risk"].as_f64())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_python_client_gets_its_result() {
    let Some(python) = python() else {
        eprintln!("skipped: there is no python with requests; make test installs one");
        return;
    };
    let ballast = Ballast::start().await;
    let user = ballast.tenant().await;
    let (base, email) = (ballast.base_url().to_owned(), user.email.clone());
    let output = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("client.py");
        Command::new(python).arg(script).args([&base, &email, PASSWORD]).output().unwrap()
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    check(&serde_json::from_slice(&output.stdout).unwrap());
}

/// A Python that has `requests`: the one of SAM, which every `make test` installs, or the machine's.
fn python() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let candidates =
        [root.join(".venv/sam/bin/python"), root.join(".venv/emulator/bin/python"), "python3".into()];
    candidates.into_iter().find(|python| {
        let output = Command::new(python).args(["-c", "import requests"]).output();
        output.is_ok_and(|output| output.status.success())
    })
}
