use quant::{Matrix, Weights, monte_carlo::*};
fn spec(n: usize, paths: u64, rebalance: Rebalance) -> Specification {
    let s = |i: usize| (0.2 + 0.2 * i as f64 / (n as f64 - 1.0)) / 252f64.sqrt();
    let rows: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| s(i) * s(j) * if i == j { 1.0 } else { 0.4 }).collect()).collect();
    Specification {
        weights: Weights::equal(n).unwrap(),
        log_return_mean: (0..n).map(|i| 0.07 / 252.0 - s(i) * s(i) / 2.0).collect(),
        covariance: Matrix::from_rows("c", &rows).unwrap(),
        settings: Settings { paths, rebalance, ..Settings::default() },
    }
}
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    s.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let args: Vec<usize> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    for rebalance in [Rebalance::Daily, Rebalance::None] {
        for &n in &args {
            let sim = Simulation::prepare(spec(n, 10_000, rebalance)).unwrap();
            // main thread is the only worker: use_current_thread
            let mut times: Vec<f64> = (0..9)
                .map(|_| {
                    let t = cpu();
                    let o = sim.outcome().unwrap();
                    assert!(o.paths > 0);
                    cpu() - t
                })
                .collect();
            times.sort_by(f64::total_cmp);
            let o = sim.outcome().unwrap();
            println!(
                "{rebalance:?} n={n} cpu median {:.4} min {:.4}  var95 {:.5} mdd {:.5}",
                times[4], times[0], o.risk[0].value_at_risk, o.drawdown.expected_maximum
            );
        }
    }
}
