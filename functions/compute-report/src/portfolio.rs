//! The report of a portfolio.

use quant::{QuantError, moments::standard_deviation, performance::cumulative_return};
use report::model::{Holding, PortfolioReport};
use rust_decimal::{Decimal, prelude::FromPrimitive};

use crate::figures::{DAYS, History, Risk, Subject, cover, frontier, notes, simulation, stress, warnings};

pub(crate) fn report(subject: Subject) -> Result<PortfolioReport, QuantError> {
    let (history, risk) = (History::of(subject)?, Risk::of(subject)?);
    let warnings = warnings(subject, &risk);
    Ok(PortfolioReport {
        cover: cover("Portfolio report", subject),
        value: subject.of.value,
        basis: subject.basis(),
        cash: subject.of.cash,
        holdings: holdings(subject)?,
        allocation: Vec::new(),
        history: history.series(subject),
        performance: history.figures(),
        benchmark_performance: history.benchmark_figures(),
        drawdowns: history.drawdowns(),
        monthly_returns: history.months(),
        yearly_returns: history.years(),
        distribution: risk.distribution,
        rolling: history.rolling(subject),
        risk: risk.measures,
        contributions: risk.contributions,
        correlation: risk.correlation,
        simulation: Some(simulation(subject)?),
        stress: stress(subject)?,
        frontier: frontier(subject)?,
        notes: notes(subject),
        warnings,
    })
}

/// The largest value first.
fn holdings(subject: Subject) -> Result<Vec<Holding>, QuantError> {
    let of = subject.of;
    let mut all = Vec::with_capacity(of.holdings.len());
    for (asset, (holding, weight)) in of.holdings.iter().zip(of.weights.as_slice()).enumerate() {
        let returns = of.returns.simple().column(asset);
        let by_weight = || Decimal::from_f64(*weight).and_then(|weight| weight.checked_mul(of.value));
        let by_quantity = holding.quantity.and_then(|quantity| quantity.checked_mul(holding.price));
        let value = by_quantity.or_else(|| by_weight().map(|value| value.round_dp(2))).unwrap_or_default();
        all.push(Holding {
            symbol: holding.symbol.clone(),
            quantity: holding.quantity,
            price: Some(holding.price),
            value,
            weight: *weight,
            total_return: Some(cumulative_return(&returns)?),
            volatility: Some(standard_deviation(&returns, 1)? * DAYS.sqrt()),
        });
    }
    all.sort_by_key(|holding| std::cmp::Reverse(holding.value));
    Ok(all)
}
