use domain::{
    RunId, TaskId, UserId,
    currency::Currency,
    symbol::Symbol,
    valuation::{Figures, Run, RunDocument},
};
use futures::future::try_join_all;
use jiff::Timestamp;
use jobs::JobError;
use serde::Serialize;
use serde_json::value::RawValue;
use store::Stored;

use super::{
    field::{maybe_plain, plain, text},
    pages::{Entities, Pages, Record, Source},
};

const PAGE: usize = 200;
/// A run's documents have up to 400 KB.
const DOCUMENTS: usize = 16;

/// Runs as lists show them.
#[derive(Default)]
pub(super) struct Runs(Entities);

/// Runs with all that they computed.
#[derive(Default)]
pub(super) struct RunDocuments(Entities);

#[derive(Serialize)]
pub(super) struct Row {
    id: RunId,
    ticker: Symbol,
    currency: Currency,
    figures: Figures,
    trials: Option<u64>,
    task_id: Option<TaskId>,
    timestamp: Option<Timestamp>,
    created_by: UserId,
    created_at: Timestamp,
}

#[derive(Serialize)]
pub(super) struct Document {
    #[serde(flatten)]
    row: Row,
    /// As it was first answered, to the last digit.
    result: Box<RawValue>,
    /// The outcome; null without one, or while there is none.
    simulation: Option<Box<RawValue>>,
}

impl Pages for Runs {
    type Row = Row;

    async fn next(&mut self, from: Source<'_>) -> Result<Option<Vec<Row>>, JobError> {
        let page = self.0.next::<Run>(from.store, PAGE).await?;
        Ok(page.map(|page| page.into_iter().map(Row::from).collect()))
    }
}

impl Pages for RunDocuments {
    type Row = Document;

    async fn next(&mut self, from: Source<'_>) -> Result<Option<Vec<Document>>, JobError> {
        let Some(page) = self.0.next::<Run>(from.store, DOCUMENTS).await? else { return Ok(None) };
        let documents = try_join_all(page.into_iter().map(|run| document(from, run))).await?;
        Ok(Some(documents.into_iter().flatten().collect()))
    }
}

/// A run's documents; none when it was deleted meanwhile.
async fn document(from: Source<'_>, run: Stored<Run>) -> Result<Option<Document>, JobError> {
    let Some(found) = from.store.find::<RunDocument>(&run.entity.id).await? else { return Ok(None) };
    let RunDocument { result, simulation, .. } = found.entity;
    let outcome = match (simulation, run.entity.task) {
        (Some(outcome), _) => Some(outcome),
        (None, Some(task)) => jobs::outcome(from.store, from.bucket, task).await?,
        (None, None) => None,
    };
    let simulation = outcome.map(raw).transpose()?;
    Ok(Some(Document { row: Row::from(run), result: raw(result)?, simulation }))
}

fn raw(document: String) -> Result<Box<RawValue>, JobError> {
    let read = RawValue::from_string(document);
    read.map_err(|error| JobError::Store(store::StoreError::Corrupt(error.to_string())))
}

impl From<Stored<Run>> for Row {
    fn from(stored: Stored<Run>) -> Self {
        let Run { id, ticker, currency, figures, timestamp, trials, task, created_by, .. } = stored.entity;
        let created_at = stored.created_at;
        Self { id, ticker, currency, figures, trials, task_id: task, timestamp, created_by, created_at }
    }
}

impl Record for Row {
    const HEADS: &[&str] = &[
        "id",
        "ticker",
        "currency",
        "enterprise_value",
        "equity_value",
        "value_per_share",
        "trials",
        "task_id",
        "timestamp",
        "created_by",
        "created_at",
    ];

    fn fields(&self) -> Vec<String> {
        vec![
            plain(self.id),
            text(self.ticker.to_string()),
            plain(self.currency),
            plain(self.figures.enterprise_value),
            plain(self.figures.equity_value),
            plain(self.figures.value_per_share),
            maybe_plain(self.trials),
            maybe_plain(self.task_id),
            maybe_plain(self.timestamp),
            plain(self.created_by),
            plain(self.created_at),
        ]
    }
}
