use quant::{
    QuantError, decomposition,
    moments::covariance,
    var_cvar::{ReportSettings, Variant, report},
};
use report::model::{Contribution, Correlation, Histogram, RiskMeasure};

use super::{DAYS, Subject};

const HORIZONS: [u32; 2] = [1, 10];

/// Value at risk of today's weights, as a VaR and CVaR task of the same portfolio has it.
pub(crate) struct Risk {
    pub measures: Vec<RiskMeasure>,
    pub contributions: Vec<Contribution>,
    pub correlation: Option<Correlation>,
    pub distribution: Histogram,
}

impl Risk {
    pub fn of(subject: Subject) -> Result<Self, QuantError> {
        let of = subject.of;
        let settings = ReportSettings {
            variants: vec![Variant::StudentT { degrees_of_freedom: None }, Variant::Ewma { lambda: 0.94 }],
            decomposition: Some(decomposition::Settings::default()),
            ..ReportSettings::new(of.settings.confidence_levels.clone(), HORIZONS.to_vec())
        };
        let found = report(&of.returns, &of.weights, &settings)?;
        let decomposition = found.decomposition.and_then(|of| of.volatility);
        Ok(Self {
            measures: measures(subject, &found.figures.methods),
            contributions: decomposition.map(|of| contributions(subject, &of)).unwrap_or_default(),
            correlation: correlation(subject)?,
            distribution: Histogram::of(&of.returns.portfolio(&of.weights)?),
        })
    }
}

fn measures(subject: Subject, methods: &quant::var_cvar::Methods) -> Vec<RiskMeasure> {
    let value = subject.value();
    let measure = |method: &str, (level, horizon, var, cvar): (f64, u32, f64, f64)| RiskMeasure {
        method: method.to_owned(),
        reliable: true,
        confidence_level: level,
        horizon: horizon as usize,
        value_at_risk: var,
        conditional_value_at_risk: cvar,
        value_at_risk_amount: var * value,
        conditional_value_at_risk_amount: cvar * value,
    };
    macro_rules! of {
        ($method:expr, $entries:expr) => {
            $entries.iter().map(|one| {
                let figures =
                    (one.confidence_level, one.horizon, one.value_at_risk, one.conditional_value_at_risk);
                measure($method, figures)
            })
        };
    }
    of!("Historical", methods.historical)
        .chain(of!("Normal", methods.parametric_normal))
        .chain(
            of!("Cornish-Fisher", methods.cornish_fisher)
                .zip(&methods.cornish_fisher)
                .map(|(measure, found)| RiskMeasure { reliable: found.monotone, ..measure }),
        )
        .chain(of!("Student t", methods.student_t))
        .chain(of!("EWMA, λ = 0.94", methods.ewma))
        .collect()
}

/// Parts of the annual volatility, the largest first.
fn contributions(subject: Subject, of: &decomposition::Contributions) -> Vec<Contribution> {
    let year = DAYS.sqrt();
    let shares = of.share.clone().unwrap_or_else(|| vec![0.0; of.component.len()]);
    let parts = of.marginal.iter().zip(&of.component).zip(shares);
    let mut all: Vec<Contribution> = subject
        .symbols()
        .into_iter()
        .zip(subject.of.weights.as_slice())
        .zip(parts)
        .map(|((symbol, weight), ((marginal, component), share))| Contribution {
            symbol,
            weight: *weight,
            marginal: marginal * year,
            component: component * year,
            share,
        })
        .collect();
    all.sort_by(|left, right| right.share.total_cmp(&left.share));
    all
}

/// The largest holding first.
fn correlation(subject: Subject) -> Result<Option<Correlation>, QuantError> {
    let weights = subject.of.weights.as_slice();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|left, right| weights[*right].abs().total_cmp(&weights[*left].abs()));
    if order.len() < 2 {
        return Ok(None);
    }
    let (_, covariance) = covariance(subject.of.returns.simple())?;
    let entry = |i: usize, j: usize| {
        let scale = (covariance[(i, i)] * covariance[(j, j)]).sqrt();
        if i == j {
            1.0
        } else if scale > 0.0 {
            (covariance[(i, j)] / scale).clamp(-1.0, 1.0)
        } else {
            0.0
        }
    };
    let matrix = order.iter().map(|i| order.iter().map(|j| entry(*i, *j)).collect()).collect();
    let symbols = order.iter().map(|asset| subject.of.holdings[*asset].symbol.clone()).collect();
    Ok(Some(Correlation { symbols, matrix }))
}
