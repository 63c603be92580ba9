//! The commands.

mod dev;
mod logs;
mod openapi;
mod serve;
mod services;
mod settings;
mod signals;

use local::BoxError;
use settings::Settings;

const USAGE: &str = "\
Usage: local COMMAND

  dev       the stack with a demo tenant, and the main job run through its API
  serve     the empty stack
  services  the embedded services alone; prints each function's variables as JSON
  openapi   write functions/system/openapi.json

Settings: PORT=8080, DATA=folder to keep data in, HOST=address for services, RUST_LOG=info for logs";

/// Does what the arguments ask for.
pub async fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), BoxError> {
    let command = arguments.next().filter(|_| arguments.next().is_none());
    match command.as_deref() {
        Some("dev") => dev::run(Settings::from_env()?).await,
        Some("serve") => serve::run(Settings::from_env()?).await,
        Some("services") => services::run(Settings::from_env()?).await,
        Some("openapi") => openapi::write(),
        Some("help" | "--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(USAGE.into()),
    }
}
