//! What the environment says.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use local::{BoxError, StackOptions};
use platform::Env;

const DEFAULT_PORT: u16 = 8080;

/// How the stack is to be run.
pub struct Settings {
    pub port: u16,
    pub data: Option<PathBuf>,
    pub host: IpAddr,
}

impl Settings {
    /// Reads `PORT`, `DATA` and `HOST`, which may all be missing.
    ///
    /// # Errors
    /// Names the variable that can't be read.
    pub fn from_env() -> Result<Self, BoxError> {
        let env = Env::process();
        let port = env.optional::<String>("PORT")?.map(|port| {
            port.parse().map_err(|_| format!("PORT must be a number from 0 to {}, but is {port}", u16::MAX))
        });
        Ok(Self {
            port: port.transpose()?.unwrap_or(DEFAULT_PORT),
            data: env.optional("DATA")?,
            host: env.optional("HOST")?.unwrap_or(Ipv4Addr::LOCALHOST.into()),
        })
    }

    pub fn options(&self) -> StackOptions {
        StackOptions { port: self.port, data: self.data.clone(), ..StackOptions::default() }
    }
}
