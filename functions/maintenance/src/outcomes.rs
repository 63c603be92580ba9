//! Keeps what simulations of runs have come to, which would be forgotten with their tasks.

use domain::{
    task::Task,
    valuation::{Run, RunDocument},
};
use jiff::Timestamp;
use store::{Bucket, PayloadError, Scope, Store, StoreError, Stored};

use crate::{AGAIN, give_way, tenant::Indexed};

/// The most runs of one round; the rest is due in the next.
const ROUND: i32 = 50;
/// Copies the outcomes of tasks that have ended to the runs that they are of. Gives how many runs need no further look.
pub(crate) async fn keep(store: &Store, bucket: &Bucket, now: Timestamp) -> Result<u32, StoreError> {
    let mut settled = 0;
    for (tenant, run) in store.due::<Run>(now, ROUND).await? {
        let (scope, id) = (store.tenant(&Indexed::by_the_store(tenant)), run.entity.id);
        match settle(&scope, bucket, run, now).await {
            Ok(ended) => settled += u32::from(ended),
            // The run was deleted, or another round has it.
            Err(PayloadError::Store(error))
                if error.is_lost_race() || matches!(error, StoreError::NotFound) => {}
            Err(error) => {
                tracing::error!(%tenant, run = %id, %error, "an outcome could not be kept");
                give_way(scope.postpone::<Run>(&id, now + AGAIN).await);
            }
        }
    }
    Ok(settled)
}

async fn settle(
    scope: &Scope,
    bucket: &Bucket,
    run: Stored<Run>,
    now: Timestamp,
) -> Result<bool, PayloadError> {
    let id = run.entity.id;
    let task = match &run.entity.task {
        Some(task) => scope.find::<Task>(task).await?,
        None => None,
    };
    if task.as_ref().is_some_and(|task| !task.entity.state.is_final()) {
        scope.replace(run.map(|run| Run { due_at: Some(now + AGAIN), ..run })).await?;
        return Ok(false);
    }
    let mut writes = vec![scope.write_changed(&run.map(|run| Run { due_at: None, ..run }))?];
    if let Some(result) = task.and_then(|task| task.entity.result) {
        let outcome = String::from_utf8(scope.payload(bucket, &result).await?)
            .map_err(|_| StoreError::Corrupt("an outcome is no text".to_owned()))?;
        let document = scope.get::<RunDocument>(&id).await?;
        let document = document.map(|document| RunDocument { simulation: Some(outcome), ..document });
        writes.push(scope.write_changed(&document)?);
    }
    scope.store().transact(writes).await?;
    Ok(true)
}
