use std::io::{Cursor, Read};

use aws_config::SdkConfig;
use domain::{TenantId, id::Id};
use jiff::Timestamp;
use platform::Clock;
use serde::Serialize;
use store::{Bucket, Scope, Store, StoreConfig, VerifiedTenant};
use zip::ZipArchive;

use super::*;
use crate::export::field::{plain, text};

const PAGE: u32 = 2_000;

/// Takes what is written, and remembers how much came at once at most.
struct Taken {
    store: Scope,
    bucket: Bucket,
    bytes: Vec<u8>,
    keep: bool,
    most: usize,
    steps: u32,
}

struct Nobody;

impl VerifiedTenant for Nobody {
    fn tenant_id(&self) -> TenantId {
        TenantId::generate(Timestamp::UNIX_EPOCH, &mut platform::IdSource::default().randomness())
    }
}

impl Taken {
    fn new(keep: bool) -> Self {
        let aws = SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
        let config = StoreConfig { state_table: String::new(), transient_table: String::new() };
        let store = Store::new(&aws, config, Clock::system()).tenant(&Nobody);
        let bucket = Bucket::new(&aws, String::new());
        Self { store, bucket, bytes: Vec::new(), keep, most: 0, steps: 0 }
    }
}

impl Output for Taken {
    fn source(&self) -> Source<'_> {
        Source { store: &self.store, bucket: &self.bucket }
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        self.most = self.most.max(bytes.len());
        if self.keep {
            self.bytes.extend_from_slice(bytes);
        }
        Ok(())
    }

    async fn step(&mut self) -> Result<(), JobError> {
        self.steps += 1;
        Ok(())
    }
}

#[derive(Serialize)]
struct Row {
    number: u32,
    words: String,
}

impl Record for Row {
    const HEADS: &[&str] = &["number", "words"];

    fn fields(&self) -> Vec<String> {
        vec![plain(self.number), text(&self.words)]
    }
}

/// Rows that hardly compress.
#[derive(Default)]
struct Rows<const COUNT: u32>(u32);

impl<const COUNT: u32> Pages for Rows<COUNT> {
    type Row = Row;

    async fn next(&mut self, _: Source<'_>) -> Result<Option<Vec<Row>>, JobError> {
        let first = self.0;
        self.0 = COUNT.min(first + PAGE);
        let words = |number: u32| {
            let mut hash = domain::digest::sha256_hex(number.to_be_bytes());
            hash.push_str(&domain::digest::sha256_hex(&hash));
            hash
        };
        let rows = (first..self.0).map(|number| Row { number, words: format!("={}", words(number)) });
        Ok((first < COUNT).then(|| rows.collect()))
    }
}

async fn written<const COUNT: u32>(keep: bool) -> Taken {
    let mut taken = Taken::new(keep);
    let mut archive = Archive::new(&mut taken);
    archive.text("README.txt", "Hello").await.unwrap();
    archive.csv::<Rows<COUNT>>("rows.csv").await.unwrap();
    archive.json::<Rows<COUNT>>("rows.json").await.unwrap();
    archive.finish().await.unwrap();
    taken
}

fn file(archive: &[u8], name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn both_forms_have_all_rows_and_the_same_rows_give_the_same_bytes() {
    let taken = written::<5_000>(true).await;
    assert_eq!(taken.steps, 1);
    let csv = file(&taken.bytes, "rows.csv");
    assert!(csv.starts_with("\u{feff}number,words\n0,'="), "{}", &csv[..40]);
    assert_eq!(csv.lines().count(), 5_001);
    let json: Vec<serde_json::Value> = serde_json::from_str(&file(&taken.bytes, "rows.json")).unwrap();
    assert_eq!(json.len(), 5_000);
    assert_eq!(json[4_999]["number"], 4_999);
    assert!(json[0]["words"].as_str().unwrap().starts_with('='), "JSON has the text as it is");
    assert_eq!(file(&taken.bytes, "README.txt"), "Hello");
    assert!(taken.bytes == written::<5_000>(true).await.bytes);
}

#[tokio::test]
async fn an_empty_table_is_a_line_of_heads_and_an_empty_array() {
    let taken = written::<0>(true).await;
    assert_eq!(file(&taken.bytes, "rows.csv"), "\u{feff}number,words\n");
    assert_eq!(file(&taken.bytes, "rows.json"), "[]\n");
}

/// The most memory that this process has had, in bytes; Linux alone tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[tokio::test]
async fn a_hundred_thousand_rows_take_no_more_memory_than_ten_thousand() {
    written::<10_000>(false).await;
    let before = peak();
    let taken = written::<100_000>(false).await;
    assert!(taken.most < 2 * CHUNK, "{} at once", taken.most);
    if let (Some(before), Some(after)) = (before, peak()) {
        // All rows together have some 30 MB in the archive alone, and twice as much as text.
        assert!(after - before < 8 << 20, "{} bytes more", after - before);
    }
}
