//! What an analysis takes as given.

use domain::{Invalid, Validation};
use quant::performance::Settings;

use super::PerformanceRequest;
use crate::state::within;

impl PerformanceRequest {
    /// The settings for a history of so many returns.
    pub(super) fn settings(&self, periods: usize) -> Result<Settings, Invalid> {
        let usual = Settings::default();
        let settings = Settings {
            risk_free_rate: self.risk_free_rate.unwrap_or(usual.risk_free_rate),
            periods_per_year: self.periods_per_year.unwrap_or(usual.periods_per_year),
            confidence_level: self.confidence_level.unwrap_or(usual.confidence_level),
            rolling_window: self.rolling_window,
            drawdowns: self.drawdowns.unwrap_or(usual.drawdowns),
        };
        let mut validation = Validation::new();
        validation.check("/risk_free_rate", within(settings.risk_free_rate, -0.99, 10.0));
        validation.check("/periods_per_year", within(settings.periods_per_year, 1.0, 1e6));
        let level = settings.confidence_level;
        let detail = format!("must be between 0 and 1 (0.95 means 95 %), but is {level}");
        validation.require(level > 0.0 && level < 1.0, "/confidence_level", detail);
        if let Some(window) = settings.rolling_window {
            validation.check("/rolling_window", within(window, 2, periods));
        }
        validation.check("/drawdowns", within(settings.drawdowns, 0, 1_000));
        validation.finish(Some(settings))
    }
}
