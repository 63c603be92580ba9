use quant::{Matrix, Weights, monte_carlo::*};
fn main() {
    let a: Vec<u64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let (n, paths, steps, threads, shards) = (a[0] as usize, a[1], a[2] as u32, a[3] as usize, a[4]);
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().unwrap();
    let s = |i: usize| (0.2 + 0.2 * i as f64 / (n as f64 - 1.0)) / 252f64.sqrt();
    let rows: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| s(i) * s(j) * if i == j { 1.0 } else { 0.4 }).collect()).collect();
    let sim = Simulation::prepare(Specification {
        weights: Weights::equal(n).unwrap(),
        log_return_mean: (0..n).map(|i| 0.07 / 252.0 - s(i) * s(i) / 2.0).collect(),
        covariance: Matrix::from_rows("c", &rows).unwrap(),
        settings: Settings { paths, steps, ..Settings::default() },
    })
    .unwrap();
    let t = std::time::Instant::now();
    let parts: Vec<_> =
        sim.shards(shards).into_iter().map(|b| postcard::to_stdvec(&sim.run(b).unwrap()).unwrap()).collect();
    let ran = t.elapsed();
    let sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
    let o = sim.reduce(parts.iter().map(|b| postcard::from_bytes(b).unwrap())).unwrap();
    println!(
        "{a:?} run {ran:?} total {:?} partial bytes max {} json {} {:?} {:?}",
        t.elapsed(),
        sizes.iter().max().unwrap(),
        serde_json::to_string(&o).unwrap().len(),
        o.risk[0],
        o.quantile_method
    );
    println!(
        "{}",
        std::fs::read_to_string("/proc/self/status")
            .unwrap()
            .lines()
            .find(|l| l.starts_with("VmHWM"))
            .unwrap()
    );
}
