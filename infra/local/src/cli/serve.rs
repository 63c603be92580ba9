//! The empty stack.

use std::io::ErrorKind;

use local::{
    BoxError, Error, Stack,
    ballast::{self, Overrides},
};

use super::{logs, settings::Settings, signals};

/// Serves until the process is asked to end.
pub async fn run(settings: Settings) -> Result<(), BoxError> {
    let stack = start(&settings, Overrides::new()).await?;
    signals::end().await?;
    stack.shutdown().await;
    Ok(())
}

/// Starts the stack, and says so once requests are served.
pub async fn start(settings: &Settings, overrides: Overrides) -> Result<Stack, BoxError> {
    logs::start();
    let mut all = settings.overrides();
    all.extend(overrides);
    let stack = ballast::start(settings.options(), all).await.map_err(|error| explain(error, settings))?;
    println!("Ballast is ready at {}", stack.base_url());
    Ok(stack)
}

fn explain(error: Error, settings: &Settings) -> BoxError {
    match error {
        Error::Io { source, .. } if source.kind() == ErrorKind::AddrInUse => {
            format!("Port {} is taken; choose another one with PORT=…", settings.port).into()
        }
        error => format!("Ballast could not start: {error}").into(),
    }
}
