//! Closes from files: one a symbol.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    path::{Path, PathBuf},
};

use domain::symbol::Symbol;
use futures::future::BoxFuture;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Closes, MarketData, SourceError, closes};

/// The largest file that is read.
const MAXIMUM_BYTES: u64 = 4 * 1024 * 1024;

/// A folder with a file `AAPL.csv` for each symbol.
pub(super) struct FileSource {
    folder: PathBuf,
}

impl FileSource {
    pub(super) fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }
}

impl MarketData for FileSource {
    fn name(&self) -> String {
        "files".to_owned()
    }

    fn closes<'a>(
        &'a self,
        symbol: &'a Symbol,
        _: Option<Date>,
    ) -> BoxFuture<'a, Result<Closes, SourceError>> {
        // A symbol has no separators, so its file lies in the folder and nowhere else.
        let path = self.folder.join(format!("{symbol}.csv"));
        Box::pin(async move {
            let text = tokio::task::spawn_blocking(move || read(&path)).await;
            let text = text.map_err(|_| SourceError::unavailable("reading failed"))??;
            closes::parse(&text, Timestamp::now().to_zoned(TimeZone::UTC).date())
        })
    }
}

fn read(path: &Path) -> Result<String, SourceError> {
    let file = File::open(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => SourceError::Unknown,
        kind => SourceError::unavailable(kind.to_string()),
    })?;
    let mut text = String::new();
    let read = file.take(MAXIMUM_BYTES + 1).read_to_string(&mut text);
    read.map_err(|error| SourceError::Unusable(error.kind().to_string()))?;
    if text.len() as u64 > MAXIMUM_BYTES {
        return Err(SourceError::Unusable("it is larger than 4 MB".to_owned()));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_symbol_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("BRK-B.csv"), "date,close\n2024-01-02,360.5\n").unwrap();
        let source = FileSource::new(folder.path());
        let closes = |symbol: &str| {
            let symbol: Symbol = symbol.parse().unwrap();
            let source = &source;
            async move { source.closes(&symbol, None).await.map(|found| found.closes.len()) }
        };
        assert_eq!(closes("BRK-B").await, Ok(1));
        for unknown in ["AAPL", "..", "^GSPC"] {
            assert_eq!(closes(unknown).await, Err(SourceError::Unknown), "{unknown}");
        }
    }
}
