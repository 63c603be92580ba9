//! Performance analyses.

use computations::performance::{
    AssetsHistory, Attribution, AttributionInput, Group, History, Input, PerformanceAnalysis,
};
use domain::risk::Rebalance;
use quant::{
    QuantError,
    performance::{
        self, Valuation, analyse, brinson_fachler, buy_and_hold, cumulative_return, money_weighted_return,
        time_weighted_return,
    },
};

/// The names of the assets, where there are any.
pub(crate) fn assets(input: &Input) -> &[String] {
    match &input.history {
        History::Assets(history) => &history.assets,
        History::Returns(_) | History::Valuations(_) => &[],
    }
}

pub(crate) fn compute(input: &Input) -> Result<PerformanceAnalysis, QuantError> {
    let returns = match &input.history {
        History::Returns(returns) => returns.clone(),
        History::Valuations(valuations) => sub_period_returns(valuations)?,
        History::Assets(history) => match history.rebalance {
            Rebalance::None => buy_and_hold(&history.returns, &history.weights)?,
            Rebalance::Daily => history.returns.portfolio(&history.weights)?,
        },
    };
    let history = performance::History {
        returns: &returns,
        benchmark: input.benchmark.as_deref(),
        dates: input.dates.as_deref(),
    };
    let (time_weighted_return, money_weighted_return) = match &input.history {
        History::Valuations(valuations) => {
            (Some(time_weighted_return(valuations)?), Some(money_weighted_return(valuations)?))
        }
        History::Returns(_) | History::Assets(_) => (None, None),
    };
    let attribution = match &input.history {
        History::Assets(history) => {
            history.attribution.as_ref().map(|asked| attribution(history, asked)).transpose()?
        }
        History::Returns(_) | History::Valuations(_) => None,
    };
    let performance = analyse(history, input.settings)?;
    Ok(PerformanceAnalysis { performance, attribution, time_weighted_return, money_weighted_return })
}

/// The returns between valuations: what each sub-period made of what was there after the cash flow before it.
fn sub_period_returns(valuations: &[Valuation]) -> Result<Vec<f64>, QuantError> {
    let each = valuations.windows(2).enumerate().map(|(row, pair)| {
        let start = pair[0].value + pair[0].flow;
        if start > 0.0 {
            Ok(pair[1].value / start - 1.0)
        } else {
            Err(QuantError::ValueNotPositive { row, value: start })
        }
    });
    each.collect()
}

fn attribution(history: &AssetsHistory, asked: &AttributionInput) -> Result<Attribution, QuantError> {
    let simple = history.returns.simple();
    let returns = (0..history.returns.assets()).map(|asset| cumulative_return(&simple.column(asset)));
    let returns = returns.collect::<Result<Vec<_>, _>>()?;
    let found = brinson_fachler(&history.weights, &asked.benchmark, &returns, &asked.group_of)?;
    let groups = asked.groups.iter().zip(found.groups);
    Ok(Attribution {
        portfolio_return: found.portfolio_return,
        benchmark_return: found.benchmark_return,
        active_return: found.active_return,
        groups: groups.map(|(group, effects)| Group { group: group.clone(), effects }).collect(),
    })
}
