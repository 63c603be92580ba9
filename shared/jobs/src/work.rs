//! What a compute function adds: the computation itself, with no I/O.

use domain::task::{Failure, PayloadRef, TaskKind};

/// One shard of so many.
#[derive(Debug, Clone, Copy)]
pub struct Shard {
    /// Which, from 0.
    pub index: u32,
    /// Of how many.
    pub total: u32,
}

/// A computation that can be cut into shards.
///
/// The result must be a function of the input alone: the same bits for any number of shards and any number of tries.
pub trait Work: Send + Sync + 'static {
    /// An input, read and made ready.
    type Job: Send + Sync + 'static;

    /// Reads an input.
    ///
    /// # Errors
    /// What is wrong with it.
    fn prepare(&self, kind: TaskKind, input: &[u8], reference: &PayloadRef) -> Result<Self::Job, Failure>;

    /// Into how many shards the job is best cut; at least 1.
    fn shards(&self, job: &Self::Job) -> u32;

    /// Computes one shard's partial result.
    ///
    /// # Errors
    /// Why the job can't be done.
    fn compute(&self, job: &Self::Job, shard: Shard) -> Result<Vec<u8>, Failure>;

    /// Merges all partial results, in the order of the shards, into the result: a JSON document, or a file.
    ///
    /// # Errors
    /// Why the job can't be done.
    fn reduce(&self, job: &Self::Job, partials: Vec<Vec<u8>>) -> Result<Vec<u8>, Failure>;

    /// The media type of results that are files to hand on, and no JSON documents. A file is made once for an input: who asks
    /// for the same again gets it from the bucket.
    fn content_type(&self, _: &Self::Job) -> Option<&'static str> {
        None
    }
}
