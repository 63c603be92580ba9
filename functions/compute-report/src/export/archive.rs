//! The archive: files one after the other, each a page of rows at a time.

use std::{
    error::Error,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use jobs::{Gathering, JobError, failure::too_large};
use store::StoreError;
use zip::{
    CompressionMethod, ZipWriter,
    write::{SimpleFileOptions, StreamWriter},
};

use super::pages::{Pages, Record, Source};

/// How much is handed on at once.
const CHUNK: usize = 1 << 20;
/// Without it, spreadsheets take a CSV for one in a code page of their own.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// What comes before the rows of a JSON array.
const FIRST: &[u8] = b"[\n";
const FURTHER: &[u8] = b",\n";

/// Where an archive goes, and what its rows are read from.
pub(super) trait Output: Send {
    fn source(&self) -> Source<'_>;
    fn write(&mut self, bytes: &[u8]) -> impl Future<Output = Result<(), JobError>> + Send;
    fn step(&mut self) -> impl Future<Output = Result<(), JobError>> + Send;
}

impl Output for Gathering<'_> {
    fn source(&self) -> Source<'_> {
        Source { store: self.store(), bucket: self.bucket() }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        Gathering::write(self, bytes).await
    }

    async fn step(&mut self) -> Result<(), JobError> {
        Gathering::step(self).await
    }
}

/// An archive that is written as it goes. Its files have the format's first time (1980) and no names but ours.
pub(super) struct Archive<'a, O> {
    out: &'a mut O,
    /// Boxed, as it is some kilobytes that every future of a table would hold.
    zip: Box<ZipWriter<StreamWriter<Pending>>>,
    pending: Pending,
}

impl<'a, O: Output> Archive<'a, O> {
    pub(super) fn new(out: &'a mut O) -> Self {
        let pending = Pending::default();
        Self { out, zip: Box::new(ZipWriter::new_stream(pending.clone())), pending }
    }

    /// A file with a text.
    pub(super) async fn text(&mut self, name: &str, text: &str) -> Result<(), JobError> {
        self.begin(name)?;
        self.write(text.as_bytes()).await
    }

    /// A file with a table as CSV.
    pub(super) async fn csv<P: Pages<Row: Record>>(&mut self, name: &str) -> Result<(), JobError> {
        self.begin(name)?;
        self.write(BYTE_ORDER_MARK).await?;
        self.write(&lines([P::Row::HEADS])?).await?;
        let mut pages = P::default();
        while let Some(rows) = pages.next(self.out.source()).await? {
            self.write(&lines(rows.iter().map(Record::fields))?).await?;
        }
        Ok(())
    }

    /// A file with a table as a JSON array, a row a line.
    pub(super) async fn json<P: Pages>(&mut self, name: &str) -> Result<(), JobError> {
        self.begin(name)?;
        let (mut pages, mut before) = (P::default(), FIRST);
        while let Some(rows) = pages.next(self.out.source()).await? {
            let mut lines = Vec::new();
            for row in &rows {
                lines.extend_from_slice(before);
                serde_json::to_writer(&mut lines, row).map_err(unreadable)?;
                before = FURTHER;
            }
            self.write(&lines).await?;
        }
        let end: &[u8] = if before == FIRST { b"[]\n" } else { b"\n]\n" };
        self.write(end).await
    }

    /// Marks a step as done.
    pub(super) async fn step(&mut self) -> Result<(), JobError> {
        self.out.step().await
    }

    /// Ends the archive, and with it the last step.
    pub(super) async fn finish(self) -> Result<(), JobError> {
        self.zip.finish().map_err(|error| unwritten(&error))?;
        self.out.write(&self.pending.take()).await?;
        self.out.step().await
    }

    fn begin(&mut self, name: &str) -> Result<(), JobError> {
        let options = SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Deflated);
        self.zip.start_file(name, options).map_err(|error| unwritten(&error))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        self.zip.write_all(bytes).map_err(|error| unwritten(&error))?;
        if self.pending.len() >= CHUNK {
            self.out.write(&self.pending.take()).await?;
        }
        Ok(())
    }
}

/// Bytes in memory take no harm, so what is left is a file that has become too large for the format.
fn unwritten(error: &impl Error) -> JobError {
    tracing::error!(%error, "an archive can't be written");
    JobError::Failed(too_large())
}

fn unreadable(error: impl Error) -> JobError {
    JobError::Store(StoreError::Corrupt(error.to_string()))
}

/// Records as lines of CSV.
fn lines<R: IntoIterator<Item: AsRef<[u8]>>>(
    records: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>, JobError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in records {
        writer.write_record(record).map_err(unreadable)?;
    }
    writer.into_inner().map_err(|error| unreadable(error.into_error()))
}

/// What the archive has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Pending(Arc<Mutex<Vec<u8>>>);

impl Pending {
    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
