use domain::risk::StressReplay;
use quant::{
    Matrix, QuantError,
    stress::{ReplayWindow, Scenario, Shocks, StressTestSettings, stress_test},
};
use report::model::Stress;

use super::Subject;

/// Falls of all holdings at once.
const FALLS: [f64; 3] = [-0.1, -0.2, -0.3];
/// How much the largest holding falls by itself.
const LARGEST: f64 = -0.3;

/// Named shocks, and past crises that all prices cover, as a stress test of the same portfolio has them.
pub(crate) fn stress(subject: Subject) -> Result<Vec<Stress>, QuantError> {
    let of = subject.of;
    let assets = of.holdings.len();
    let weights = of.weights.as_slice();
    let mut scenarios: Vec<Scenario> = FALLS
        .iter()
        .map(|fall| Scenario {
            name: format!("All holdings {:.0}%", fall * 100.0),
            shocks: Shocks::Assets(vec![Some(*fall); assets]),
        })
        .collect();
    let largest = (0..assets).max_by(|left, right| weights[*left].abs().total_cmp(&weights[*right].abs()));
    let mut told: Vec<String> = FALLS
        .iter()
        .map(|fall| format!("Every holding's price changes by {:.0}% at once", fall * 100.0))
        .collect();
    if let Some(largest) = largest.filter(|_| assets > 1) {
        let mut shocks = vec![None; assets];
        shocks[largest] = Some(LARGEST);
        let symbol = &of.holdings[largest].symbol;
        told.push(format!(
            "{symbol} changes by {:.0}%, all others follow as they usually do",
            LARGEST * 100.0
        ));
        scenarios.push(Scenario {
            name: format!("{symbol} {:.0}%", LARGEST * 100.0),
            shocks: Shocks::Propagated(shocks),
        });
    }
    let settings = StressTestSettings {
        notional: subject.value(),
        scenarios,
        factor_names: Vec::new(),
        factors: None,
        replays: of.replays.iter().map(replay).collect::<Result<_, _>>()?,
        correlation_stress: Vec::new(),
        reverse_stress: Vec::new(),
    };
    let found = stress_test(&of.returns, &of.weights, &settings)?;
    let shocks = found.scenarios.into_iter().zip(told).map(|(one, description)| Stress {
        name: one.name,
        description,
        change: one.impact.portfolio_return,
        amount: one.impact.pnl,
    });
    let replays = found.replays.into_iter().map(|one| Stress {
        description: match one.from.zip(one.to) {
            Some((from, to)) => format!("The prices of {from} to {to} once more, bought and held"),
            None => "Past prices once more, bought and held".to_owned(),
        },
        name: one.name,
        change: one.replay.impact.portfolio_return,
        amount: one.replay.impact.pnl,
    });
    Ok(shocks.chain(replays).collect())
}

fn replay(of: &StressReplay) -> Result<ReplayWindow, QuantError> {
    let prices = Matrix::from_rows("prices", &of.prices)?;
    Ok(ReplayWindow { name: of.name.clone(), dates: of.dates.clone(), prices })
}
