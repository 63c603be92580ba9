//! Ballast's own functions on the one-machine stack: built as their `main.rs` builds them, but all in one process.

mod description;

use std::{collections::BTreeMap, sync::Arc};

use audit::Audit;
use identity::{Identity, Passkeys, Rotation};
use mailer::Mailer;
use maintenance::{Job, Maintenance};
use platform::{Clock, Context, Env};
use system::System;
use tasks::Tasks;
use valuation::Valuation;
use web::App;

use crate::{BoxError, Environment, Error, Functions, Stack, StackOptions};

pub use description::{Clash, description, descriptions, document};

/// Variables to set besides those of the template: a smaller shard, a shorter lease.
pub type Overrides = BTreeMap<String, String>;

/// Starts the stack with Ballast's functions.
///
/// # Errors
/// Why it could not start.
pub async fn start(options: StackOptions, overrides: Overrides) -> Result<Stack, Error> {
    Stack::start(options, async |environment| functions(environment, &overrides, &Clock::system()).await)
        .await
}

/// What a function is configured with, by its logical id.
pub fn variables(environment: &Environment, function: &str) -> BTreeMap<String, String> {
    let mut variables = environment.variables(function);
    // Secrets Manager is not embedded; the made-up secret takes the place of its ARN.
    if let Some(secret) = variables.get("SIGNING_SECRET_ARN").and_then(|arn| environment.secrets.get(arn)) {
        variables.insert("SIGNING_SECRET".to_owned(), secret.clone());
    }
    variables
}

/// Builds all functions, which go by this clock.
///
/// # Errors
/// When the template lacks a variable that a function needs.
pub async fn functions(
    environment: &Environment,
    overrides: &Overrides,
    clock: &Clock,
) -> Result<Functions, BoxError> {
    let context = |function: &str| {
        let mut variables = variables(environment, function);
        variables.extend(overrides.clone());
        Context::new(Env::from(variables), environment.endpoints.sdk_config().clone(), clock.clone())
    };
    let identity = Identity::new(&context("IdentityFunction")).await?;
    let accounts = Identity::new(&context("AccountsFunction")).await?;
    let passkeys = Passkeys::new(&context("PasskeysFunction")).await?;
    let signing_keys = Rotation::new(&context("SigningKeysFunction")).await?;
    let audit = Audit::new(&context("AuditFunction"))?;
    let portfolios = App::new(&context("PortfoliosFunction"))?;
    let tasks = Tasks::new(&context("TasksFunction"))?;
    let valuation = Valuation::new(&context("ValuationFunction"))?;
    let system = System::new(&context("SystemFunction"))?;
    let risk = Arc::new(compute_risk::worker(&context("ComputeRiskFunction"))?);
    let portfolio = Arc::new(compute_portfolio::worker(&context("ComputePortfolioFunction"))?);
    let mailer = Mailer::new(&context("MailerFunction"))?;
    let report = Arc::new(compute_report::worker(&context("ComputeReportFunction"))?);
    let maintenance = Maintenance::new(&context("MaintenanceFunction"))?;
    let scheduled = maintenance.clone();
    Ok(Functions::new()
        .http("IdentityFunction", identity::serve(identity::door(), identity))
        .http("AccountsFunction", identity::serve(identity::accounts(), accounts))
        .http("PasskeysFunction", identity::serve(identity::passkeys(), passkeys))
        .http("AuditFunction", audit::router(audit))
        .http("PortfoliosFunction", portfolios::router(portfolios))
        .http("TasksFunction", tasks::router(tasks))
        .http("ValuationFunction", valuation::router(valuation))
        .http("SystemFunction", system::router(system))
        .queue("ComputeRiskFunction", move |event| compute_risk::handle(Arc::clone(&risk), event))
        .queue("ComputePortfolioFunction", move |event| {
            compute_portfolio::handle(Arc::clone(&portfolio), event)
        })
        .queue("MailerFunction", move |event| {
            let mailer = mailer.clone();
            async move { Ok::<_, BoxError>(mailer.handle(event).await) }
        })
        .queue("ComputeReportFunction", move |event| compute_report::handle(Arc::clone(&report), event))
        .queue("MaintenanceFunction", move |event| {
            let maintenance = maintenance.clone();
            async move { maintenance.dead_letters(event).await }
        })
        .schedule("SigningKeysFunction", move |_| {
            let signing_keys = signing_keys.clone();
            async move { signing_keys.rotate_when_due().await }
        })
        .schedule("MaintenanceFunction", move |event| {
            let maintenance = scheduled.clone();
            async move { maintenance.scheduled(Job::of(&event)?).await }
        }))
}
