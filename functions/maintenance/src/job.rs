//! What there is to be done on a schedule.

use serde::Deserialize;
use serde_json::Value;

/// A scheduled job, which its schedule names as `{"job": "update_market_data"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Sends tasks that were never sent or have stalled; that of a schedule that names none.
    ReviveTasks,
    /// Asks for new closes of what tenants hold.
    UpdateMarketData,
    /// Deletes what is left of expired tasks and deleted portfolios.
    CleanupExpiredTasks,
}

impl Job {
    /// The job that a schedule's event asks for.
    ///
    /// # Errors
    /// When there is no such job.
    pub fn of(event: &Value) -> Result<Self, serde_json::Error> {
        event.get("job").map_or(Ok(Self::ReviveTasks), Self::deserialize)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_names_its_job() {
        assert_eq!(Job::of(&json!({"job": "update_market_data"})).unwrap(), Job::UpdateMarketData);
        assert_eq!(Job::of(&json!({"job": "cleanup_expired_tasks"})).unwrap(), Job::CleanupExpiredTasks);
        assert_eq!(Job::of(&json!({"source": "aws.scheduler"})).unwrap(), Job::ReviveTasks);
        assert!(Job::of(&json!({"job": "drop_tables"})).is_err());
    }
}
