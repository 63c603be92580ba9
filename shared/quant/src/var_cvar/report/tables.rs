use super::{HorizonScaling, ReportSettings, Variant};
use crate::{
    QuantError,
    var_cvar::{
        CornishFisherRisk, Methods, NormalRisk, Sample, StudentTRisk, cornish_fisher, degrees_of_freedom,
        ewma, filtered_historical, historical, historical_linear, kernel, parametric_normal, student_t,
        weighted_historical,
    },
};

/// The figures of every method, horizon and level.
pub(super) fn methods(
    returns: &[f64],
    sample: &Sample,
    settings: &ReportSettings,
) -> Result<Methods, QuantError> {
    let (levels, scaling) = (&settings.confidence_levels, settings.horizon_scaling);
    let mut methods = Methods::default();
    for &horizon in &settings.horizons {
        methods.historical.extend(historical(returns, levels, horizon)?);
        for &level in levels {
            let normal = scaled(scaling, horizon, |days| parametric_normal(sample, level, days))?;
            methods.parametric_normal.push(normal);
            let expansion = scaled(scaling, horizon, |days| cornish_fisher(sample, level, days))?;
            methods.cornish_fisher.push(expansion);
        }
        for variant in &settings.variants {
            add(&mut methods, *variant, (returns, sample), (settings, horizon))?;
        }
    }
    Ok(methods)
}

fn add(
    methods: &mut Methods,
    variant: Variant,
    (returns, sample): (&[f64], &Sample),
    (settings, horizon): (&ReportSettings, u32),
) -> Result<(), QuantError> {
    let levels = &settings.confidence_levels;
    match variant {
        Variant::HistoricalLinear => {
            methods.historical_linear.extend(historical_linear(returns, levels, horizon)?);
        }
        Variant::FilteredHistorical { volatility } => {
            methods.filtered_historical.extend(filtered_historical(returns, levels, horizon, volatility)?);
        }
        Variant::WeightedHistorical { lambda } => {
            let entry = |level| weighted_historical(returns, level, horizon, lambda);
            methods.weighted_historical.extend(each(levels, entry)?);
        }
        Variant::Kernel => {
            methods.kernel.extend(each(levels, |level| kernel(returns, level, horizon))?);
        }
        Variant::Ewma { lambda } => {
            methods.ewma.extend(each(levels, |level| ewma(returns, level, horizon, lambda))?);
        }
        Variant::StudentT { degrees_of_freedom: given } => {
            let degrees = given.unwrap_or_else(|| degrees_of_freedom(sample));
            let entry = |level| {
                let of_days = |days| student_t(sample, level, days, degrees);
                scaled(settings.horizon_scaling, horizon, of_days)
            };
            methods.student_t.extend(each(levels, entry)?);
        }
    }
    Ok(())
}

fn each<T>(levels: &[f64], entry: impl Fn(f64) -> Result<T, QuantError>) -> Result<Vec<T>, QuantError> {
    levels.iter().map(|&level| entry(level)).collect()
}

/// An entry of a method whose own scaling isn't the square root of time.
fn scaled<T: Stretch>(
    scaling: HorizonScaling,
    horizon: u32,
    entry: impl FnOnce(u32) -> Result<T, QuantError>,
) -> Result<T, QuantError> {
    match scaling {
        HorizonScaling::ByMethod => entry(horizon),
        HorizonScaling::SquareRootOfTime => {
            let entry = entry(1)?.stretch(horizon, f64::from(horizon).sqrt());
            if entry.is_finite() { Ok(entry) } else { Err(QuantError::Overflow { what: "a value at risk" }) }
        }
    }
}

/// A figure of one period that is told for a horizon.
trait Stretch {
    fn stretch(self, horizon: u32, factor: f64) -> Self;
    fn is_finite(&self) -> bool;
}

macro_rules! stretch {
    ($($risk:ty: $($more:ident)?),+) => {$(
        impl Stretch for $risk {
            fn stretch(self, horizon: u32, factor: f64) -> Self {
                Self {
                    horizon,
                    value_at_risk: self.value_at_risk * factor,
                    conditional_value_at_risk: self.conditional_value_at_risk * factor,
                    $($more: self.$more.map(|value| value * factor),)?
                    ..self
                }
            }

            fn is_finite(&self) -> bool {
                self.value_at_risk.is_finite() && self.conditional_value_at_risk.is_finite()
            }
        }
    )+};
}

stretch!(NormalRisk:, StudentTRisk:, CornishFisherRisk: conditional_value_at_risk_boudt);
