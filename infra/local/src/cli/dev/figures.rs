//! The parts of the API's answers that the demo shows.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Submitted {
    pub task_id: String,
}

#[derive(Deserialize)]
pub struct Standing {
    pub status: String,
    pub progress: Progress,
    pub failure: Option<Failure>,
}

#[derive(Clone, Copy, Deserialize)]
pub struct Progress {
    pub done: u32,
    pub total: u32,
}

#[derive(Deserialize)]
pub struct Failure {
    pub detail: String,
}

#[derive(Deserialize)]
pub struct Task<T> {
    pub result: T,
}

#[derive(Deserialize)]
pub struct MonteCarlo {
    pub paths: u64,
    pub steps: u32,
    pub assets: usize,
    pub seed: u64,
    pub initial_value: f64,
    pub statistics: Statistics,
    pub risk: Vec<Tail>,
    pub drawdown: Drawdown,
    pub provenance: Provenance,
}

#[derive(Deserialize)]
pub struct Statistics {
    pub mean: f64,
    pub standard_deviation: f64,
    pub probability_of_loss: f64,
    pub standard_errors: StatisticsErrors,
}

#[derive(Deserialize)]
pub struct StatisticsErrors {
    pub mean: Option<f64>,
    pub standard_deviation: Option<f64>,
    pub probability_of_loss: Option<f64>,
}

#[derive(Deserialize)]
pub struct Tail {
    pub confidence_level: f64,
    pub value_at_risk: f64,
    pub conditional_value_at_risk: f64,
    pub standard_errors: TailErrors,
}

#[derive(Deserialize)]
pub struct TailErrors {
    pub value_at_risk: Option<f64>,
    pub conditional_value_at_risk: Option<f64>,
}

#[derive(Deserialize)]
pub struct Drawdown {
    pub expected_maximum: f64,
    pub expected_maximum_standard_error: Option<f64>,
    pub worst_maximum: f64,
}

#[derive(Deserialize)]
pub struct Provenance {
    pub history_days: usize,
}

#[derive(Deserialize)]
pub struct VarCvar {
    pub methods: Methods,
}

#[derive(Deserialize)]
pub struct Methods {
    pub historical: Vec<Loss>,
    pub parametric_normal: Vec<Loss>,
    pub cornish_fisher: Vec<Loss>,
}

#[derive(Deserialize)]
pub struct Loss {
    pub confidence_level: f64,
    pub horizon: u32,
    pub value_at_risk: f64,
    pub conditional_value_at_risk: f64,
    /// Told of the Cornish-Fisher expansion, which is not always a distribution.
    #[serde(default = "yes")]
    pub monotone: bool,
}

fn yes() -> bool {
    true
}
