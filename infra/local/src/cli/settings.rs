//! What the environment says.

use std::{
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
};

use local::{BoxError, StackOptions, ballast::Overrides};
use platform::Env;

const DEFAULT_PORT: u16 = 8080;

/// How the stack is to be run.
pub struct Settings {
    pub port: u16,
    pub data: Option<PathBuf>,
    pub host: IpAddr,
    pub market_data: PathBuf,
}

impl Settings {
    /// Reads `PORT`, `DATA`, `HOST` and `MARKET_DATA`, which may all be missing.
    ///
    /// # Errors
    /// Names the variable that can't be read.
    pub fn from_env() -> Result<Self, BoxError> {
        let env = Env::process();
        let port = env.optional::<String>("PORT")?.map(|port| {
            port.parse().map_err(|_| format!("PORT must be a number from 0 to {}, but is {port}", u16::MAX))
        });
        let data: Option<PathBuf> = env.optional("DATA")?;
        let market_data = || data.clone().unwrap_or_default().join("market-data");
        Ok(Self {
            port: port.transpose()?.unwrap_or(DEFAULT_PORT),
            market_data: env.optional("MARKET_DATA")?.unwrap_or_else(market_data),
            data,
            host: env.optional("HOST")?.unwrap_or(Ipv4Addr::LOCALHOST.into()),
        })
    }

    /// The variables that take the place of a stage's parameters: closes come from files on one machine.
    pub fn overrides(&self) -> Overrides {
        Overrides::from([("MARKET_DATA_URL".to_owned(), format!("file://{}", self.market_data.display()))])
    }

    pub fn options(&self) -> StackOptions {
        StackOptions { port: self.port, data: self.data.clone(), ..StackOptions::default() }
    }
}
