//! The stack with a demo tenant, whose risk is computed through the API as any client would have it computed.

mod api;
mod figures;
mod follow;
mod mails;
mod number;
mod outlook;
mod report;
mod setup;
mod table;
mod users;

use local::{BoxError, Stack, ballast::Overrides};
use serde_json::json;

use super::{serve, settings::Settings, signals};
use api::Api;
use figures::{MonteCarlo, Submitted, Task, VarCvar};
use setup::Demo;

/// Asset-steps of a shard: small, so that a demo of seconds has progress to show.
const WORK_PER_SHARD: &str = "20000000";
const PATHS: u64 = 100_000;
const DAYS: u32 = 252;
const SEED: u64 = 42;

/// Serves until the process is asked to end, and runs the demo meanwhile.
pub async fn run(settings: Settings) -> Result<(), BoxError> {
    let overrides = Overrides::from([("WORK_PER_SHARD".to_owned(), WORK_PER_SHARD.to_owned())]);
    let stack = serve::start(&settings, overrides).await?;
    let ended = tokio::select! {
        shown = show(&stack) => match shown {
            Ok(()) => tokio::select! {
                () = mails::show(stack.mails().subscribe()) => Ok(()),
                ended = signals::end() => ended.map_err(BoxError::from),
            },
            Err(error) => Err(format!("The demo failed: {error}").into()),
        },
        ended = signals::end() => ended.map_err(BoxError::from),
    };
    stack.shutdown().await;
    ended
}

async fn show(stack: &Stack) -> Result<(), BoxError> {
    let mut api = Api::new(stack.base_url());
    let demo = setup::prepare(&mut api).await?;
    users::prepare(&api, stack, &demo).await?;
    let (simulation, from_history) = submit(&api, &demo).await?;
    follow::to_its_end(&api, "Monte Carlo", &simulation).await?;
    follow::to_its_end(&api, "VaR and CVaR", &from_history).await?;
    let simulated = result::<MonteCarlo>(&api, &simulation).await?;
    let historical = result::<VarCvar>(&api, &from_history).await?;
    print!("{}", report::monte_carlo(&simulated));
    print!("{}", report::var_cvar(&historical));
    let outbox = format!("{}/outbox", stack.endpoints().ses);
    print!("{}", outlook::text(&api, &demo, &simulation, &outbox));
    Ok(())
}

async fn submit(api: &Api, demo: &Demo) -> Result<(String, String), BoxError> {
    let id = &demo.portfolio_id;
    let simulation =
        json!({ "portfolio_id": id, "num_simulations": PATHS, "time_horizon": DAYS, "seed": SEED });
    let from_history = json!({ "portfolio_id": id, "horizons": [1, 10] });
    let simulation: Submitted = api.post("/api/v1/tasks/risk/monte-carlo", &simulation).await?;
    let from_history: Submitted = api.post("/api/v1/tasks/risk/var-cvar", &from_history).await?;
    Ok((simulation.task_id, from_history.task_id))
}

async fn result<T: serde::de::DeserializeOwned>(api: &Api, task: &str) -> Result<T, BoxError> {
    let task: Task<T> = api.get(&format!("/api/v1/tasks/{task}/result")).await?;
    Ok(task.result)
}
