//! A task's way to its end, as a bar.

use std::{
    io::{IsTerminal, Write, stdout},
    time::{Duration, Instant},
};

use local::BoxError;

use super::{
    api::Api,
    figures::{Progress, Standing},
};

const PAUSE: Duration = Duration::from_millis(50);
const WIDTH: usize = 30;

/// Waits for the task's end. A terminal sees the bar grow, a file gets its last state only.
pub async fn to_its_end(api: &Api, name: &str, task: &str) -> Result<(), BoxError> {
    let start = Instant::now();
    let live = stdout().is_terminal();
    loop {
        let now: Standing = api.get(&format!("/api/v1/tasks/{task}/status")).await?;
        let line = bar(name, now.progress, start.elapsed());
        match now.status.as_str() {
            "PENDING" | "STARTED" if live => show(&format!("\r{line}"))?,
            "PENDING" | "STARTED" => {}
            "SUCCESS" => {
                let begin = if live { "\r" } else { "" };
                return Ok(show(&format!("{begin}{line}\n"))?);
            }
            state => {
                let reason = now.failure.map_or_else(|| state.to_owned(), |failure| failure.detail);
                return Err(format!("{name}: {reason}").into());
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn show(text: &str) -> std::io::Result<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn bar(name: &str, Progress { done, total }: Progress, elapsed: Duration) -> String {
    let filled = (WIDTH * done as usize).checked_div(total as usize).unwrap_or(0).min(WIDTH);
    let (full, free) = ("█".repeat(filled), "░".repeat(WIDTH - filled));
    format!("  {name:<12} {full}{free} {done:>3}/{total} shards  {:5.1} s", elapsed.as_secs_f64())
}
