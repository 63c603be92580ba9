//! All that a tenant has, as a zip of CSV and JSON.

mod archive;
mod field;
mod holdings;
mod notes;
mod pages;
mod portfolios;
mod runs;
mod transactions;

use futures::{FutureExt, future::BoxFuture};
use jobs::{Gather, Gathering, JobError};

use archive::{Archive, Output};
use holdings::Holdings;
use notes::Notes;
use portfolios::Portfolios;
use runs::{RunDocuments, Runs};
use transactions::Transactions;

const README: &str = include_str!("README.txt");

/// Exports, in one step a table.
#[derive(Debug)]
pub(crate) struct Export;

impl Gather for Export {
    fn content_type(&self) -> &'static str {
        "application/zip"
    }

    fn steps(&self) -> u32 {
        5
    }

    fn gather<'a>(&'a self, at: &'a mut Gathering<'_>) -> BoxFuture<'a, Result<(), JobError>> {
        write(at).boxed()
    }
}

/// The files in the order of their names, each read anew, so that none is ever held as a whole.
async fn write(to: &mut impl Output) -> Result<(), JobError> {
    let mut archive = Archive::new(to);
    archive.text("README.txt", README).await?;
    archive.csv::<Holdings>("holdings.csv").await?;
    archive.json::<Holdings>("holdings.json").await?;
    archive.step().await?;
    archive.csv::<Notes>("notes.csv").await?;
    archive.json::<Notes>("notes.json").await?;
    archive.step().await?;
    archive.csv::<Portfolios>("portfolios.csv").await?;
    archive.json::<Portfolios>("portfolios.json").await?;
    archive.step().await?;
    archive.csv::<Runs>("runs.csv").await?;
    archive.json::<RunDocuments>("runs.json").await?;
    archive.step().await?;
    archive.csv::<Transactions>("transactions.csv").await?;
    archive.json::<Transactions>("transactions.json").await?;
    archive.finish().await
}
