use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{QuantError, var_cvar::check_confidence_levels};

/// The days of Basel's test.
const DAYS: usize = 250;

/// Basel's traffic light.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TrafficLight {
    /// The zone.
    pub zone: Zone,
    /// The forecasts counted: the last 250, or all of fewer.
    pub forecasts: usize,
    /// The exceptions among them.
    pub exceptions: usize,
    /// The probability of that many exceptions or fewer, if the model is right.
    pub cumulative_probability: f64,
    /// Basel's multiplier of the capital charge (3 to 4); only for 250 forecasts at 99 %.
    pub multiplier: Option<f64>,
}

/// Where the number of exceptions lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TrafficLightZone)]
pub enum Zone {
    /// Cumulative probability below 95 %: nothing speaks against the model.
    Green,
    /// 95 % to 99.99 %: doubtful.
    Yellow,
    /// 99.99 % and above: the model is presumed wrong.
    Red,
}

/// Basel's traffic light (BCBS 1996; MAR99): the zone of the binomial probability of the exceptions of the last 250 days
/// or fewer. At 99 %: green to 4, yellow from 5 with multipliers 3.40, 3.50, 3.65, 3.75 and 3.85, red from 10 with 4.
///
/// * `hits`: whether each forecast was exceeded, oldest first.
///
/// # Errors
/// `Empty` without forecasts, `OutOfRange` for the level.
pub fn traffic_light(hits: &[bool], confidence_level: f64) -> Result<TrafficLight, QuantError> {
    check_confidence_levels(&[confidence_level])?;
    if hits.is_empty() {
        return Err(QuantError::Empty { what: "forecasts" });
    }
    let last = &hits[hits.len().saturating_sub(DAYS)..];
    let exceptions = last.iter().filter(|&&hit| hit).count();
    let cumulative_probability = binomial(exceptions, last.len(), 1.0 - confidence_level);
    let zone = match cumulative_probability {
        p if p < 0.95 => Zone::Green,
        p if p < 0.9999 => Zone::Yellow,
        _ => Zone::Red,
    };
    let basel = last.len() == DAYS && (confidence_level - 0.99).abs() < 1e-12;
    let multiplier = match exceptions {
        0..=4 => 3.0,
        5 => 3.4,
        6 => 3.5,
        7 => 3.65,
        8 => 3.75,
        9 => 3.85,
        _ => 4.0,
    };
    Ok(TrafficLight {
        zone,
        forecasts: last.len(),
        exceptions,
        cumulative_probability,
        multiplier: basel.then_some(multiplier),
    })
}

/// `P(X <= k)` of a binomial distribution of n draws, by its terms' recurrence in logarithms.
fn binomial(k: usize, n: usize, p: f64) -> f64 {
    let odds = libm::log(p) - libm::log1p(-p);
    let mut term = n as f64 * libm::log1p(-p);
    let mut sum = libm::exp(term);
    for i in 1..=k {
        term += libm::log((n - i + 1) as f64 / i as f64) + odds;
        sum += libm::exp(term);
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zones_of_the_basel_paper() {
        let light = |count: usize| {
            let hits: Vec<bool> = (0..300).map(|i| i >= 300 - count).collect();
            traffic_light(&hits, 0.99).unwrap()
        };
        assert_eq!((light(4).zone, light(4).multiplier), (Zone::Green, Some(3.0)));
        assert_eq!((light(5).zone, light(5).multiplier), (Zone::Yellow, Some(3.4)));
        assert_eq!((light(9).zone, light(10).zone), (Zone::Yellow, Zone::Red));
        assert!((light(4).cumulative_probability - 0.8922).abs() < 5e-5);
        assert!((light(5).cumulative_probability - 0.9588).abs() < 5e-5);
        assert_eq!(traffic_light(&[false; 100], 0.99).unwrap().multiplier, None);
        assert!(traffic_light(&[], 0.99).is_err());
    }
}
