use crate::{
    Matrix,
    estimate::garch::Garch,
    monte_carlo::{
        lanes::{LANES, Row},
        process::Resampled,
    },
};

/// Filtered historical simulation (Barone-Adesi, Giannopoulos & Vosper 1999): the residuals of a drawn day, scaled by
/// volatilities that go on from the simulated returns.
#[derive(Debug, Clone)]
pub(in crate::monte_carlo) struct Filtered {
    models: Vec<Garch>,
    variances: Vec<f64>,
    pub(in crate::monte_carlo) residuals: Resampled,
}

impl Filtered {
    pub(in crate::monte_carlo) fn new(models: &[Garch], residuals: &Matrix, variances: &[f64]) -> Self {
        Self {
            models: models.to_vec(),
            variances: variances.to_vec(),
            residuals: Resampled::new(residuals, 1.0),
        }
    }

    /// Sets the variances of the first day.
    #[inline(always)]
    pub(in crate::monte_carlo) fn begin(&self, variances: &mut Vec<Row>) {
        variances.clear();
        variances.extend(self.variances.iter().map(|variance| Row([*variance; LANES])));
    }

    /// The log-returns of one asset on those days of the history, and its variances after them.
    #[inline(always)]
    pub(in crate::monte_carlo) fn returns(
        &self,
        asset: usize,
        days: &[u32; LANES],
        variances: &mut [Row],
        row: &mut Row,
    ) {
        let Some(model) = self.models.get(asset) else { return };
        self.residuals.returns(asset, days, row);
        for (value, variance) in row.0.iter_mut().zip(&mut variances[asset].0) {
            let surprise = *value * variance.sqrt();
            *variance = model.next_variance(surprise, *variance);
            *value = model.mean + surprise;
        }
    }
}
