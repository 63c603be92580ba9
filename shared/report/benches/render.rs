//! A portfolio report of five years and six holdings, in each format.

#[path = "../tests/sample/mod.rs"]
mod sample;

use criterion::{Criterion, criterion_group, criterion_main};
use report::{FileFormat, Report};

fn render(criterion: &mut Criterion) {
    let report = Report::Portfolio(Box::new(sample::portfolio()));
    let mut group = criterion.benchmark_group("report");
    group.sample_size(20);
    for format in [FileFormat::Pdf, FileFormat::Xlsx, FileFormat::Csv, FileFormat::Json] {
        group.bench_function(format.extension(), |bencher| bencher.iter(|| report.render(format)));
    }
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
