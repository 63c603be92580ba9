//! The embedded services alone, for functions that run elsewhere: in the containers of `sam local`.

use std::collections::BTreeMap;

use local::{BoxError, Environment, ballast, services::Services};

use super::{logs, settings::Settings, signals};

/// Serves until the process is asked to end. The first line on standard output tells, as JSON, the variables of each
/// function by its logical id.
pub async fn run(settings: Settings) -> Result<(), BoxError> {
    logs::start();
    let services = Services::start_on(settings.host, settings.data.as_deref()).await?;
    let environment = Environment::deploy(&services, &settings.options()).await?;
    let functions = environment.template.functions.iter();
    let variables: BTreeMap<_, _> =
        functions.map(|function| (&function.id, ballast::variables(&environment, &function.id))).collect();
    println!("{}", serde_json::to_string(&variables)?);
    signals::end().await?;
    services.shutdown().await;
    Ok(())
}
