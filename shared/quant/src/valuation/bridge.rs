use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Claims, OptionTranche};

/// The way from the enterprise value to a share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = EquityBridge)]
pub struct Bridge {
    /// What the business is worth.
    pub enterprise_value: f64,
    /// Less debt.
    pub debt: f64,
    /// Plus cash.
    pub cash: f64,
    /// Less minority interests.
    pub minority_interest: f64,
    /// What is left for the shareholders. It may be negative: that their liability is limited is not taken into account.
    pub equity_value: f64,
    /// Shares without options.
    pub basic_shares: f64,
    /// The options, one by one.
    pub options: Vec<Exercise>,
    /// Shares with the new ones that options add by the treasury-stock method.
    pub diluted_shares: f64,
    /// The equity value over the diluted shares.
    pub value_per_share: f64,
}

/// What becomes of one tranche of options.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = OptionExercise)]
pub struct Exercise {
    /// How many there are.
    pub count: f64,
    /// What a share costs who exercises one.
    pub strike: f64,
    /// Whether they are exercised: the value a share is above the strike.
    pub exercised: bool,
    /// The new shares less those that the proceeds buy back at the value a share: `count · (1 - strike / value)`.
    pub net_shares: f64,
}

/// The bridge of an enterprise value.
///
/// Options dilute by the treasury-stock method at the value a share itself, which is therefore a fixed point
/// `v = E / (S + Σ n_i max(0, 1 - K_i / v))`. It is `v = (E + Σ n_i K_i) / (S + Σ n_i)` over the options in the money, who
/// are found by taking them in by ascending strike: exact, with no iteration.
pub fn bridge(enterprise_value: f64, claims: &Claims) -> Bridge {
    let equity_value = equity(enterprise_value, claims);
    let value_per_share = per_share(equity_value, claims);
    let exercise = |&OptionTranche { count, strike }: &OptionTranche| {
        let exercised = value_per_share > strike;
        let net_shares = if exercised { count * (1.0 - strike / value_per_share) } else { 0.0 };
        Exercise { count, strike, exercised, net_shares }
    };
    let options: Vec<Exercise> = claims.options.iter().map(exercise).collect();
    let diluted_shares = claims.shares + options.iter().map(|option| option.net_shares).sum::<f64>();
    Bridge {
        enterprise_value,
        debt: claims.debt,
        cash: claims.cash,
        minority_interest: claims.minority_interest,
        equity_value,
        basic_shares: claims.shares,
        options,
        diluted_shares,
        value_per_share,
    }
}

#[inline]
pub(super) fn equity(enterprise_value: f64, claims: &Claims) -> f64 {
    enterprise_value - claims.debt + claims.cash - claims.minority_interest
}

/// The fixed point of [`bridge`]; what is no number for an equity value that is none.
#[inline]
pub(super) fn per_share(equity: f64, claims: &Claims) -> f64 {
    let lowest_above = |below: f64| {
        let strikes = claims.options.iter().map(|option| option.strike).filter(|&strike| strike > below);
        strikes.fold(f64::INFINITY, f64::min)
    };
    let (mut value, mut next) = (equity / claims.shares, lowest_above(f64::NEG_INFINITY));
    // Each round takes in the lowest strike above the last one, as long as it is in the money.
    while next < value {
        let taken = claims.options.iter().filter(|option| option.strike <= next);
        let (proceeds, shares) = taken.fold((equity, claims.shares), |(proceeds, shares), option| {
            (proceeds + option.count * option.strike, shares + option.count)
        });
        (value, next) = (proceeds / shares, lowest_above(next));
    }
    value
}

/// The equity value at which a share is worth `value`: the inverse of [`per_share`].
pub(super) fn equity_at(value: f64, claims: &Claims) -> f64 {
    let dilution = |option: &OptionTranche| option.count * (value - option.strike).max(0.0);
    claims.shares * value + claims.options.iter().map(dilution).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(options: &[(f64, f64)]) -> Claims {
        let options = options.iter().map(|&(count, strike)| OptionTranche { count, strike }).collect();
        Claims { debt: 300.0, cash: 100.0, minority_interest: 50.0, shares: 100.0, options }
    }

    #[test]
    fn the_value_a_share_is_the_fixed_point_of_iteration() {
        for options in
            [&[(10.0, 5.0), (20.0, 9.5), (30.0, 40.0), (5.0, 5.0)][..], &[(1000.0, 0.0)], &[(4.0, 10.5)]]
        {
            let claims = claims(options);
            let bridge = bridge(1250.0, &claims);
            assert!((bridge.equity_value - 1000.0).abs() < 1e-12);
            let mut value = 10.0f64;
            for _ in 0..500 {
                let new: f64 = options.iter().map(|&(n, k)| n * (1.0 - k / value).max(0.0)).sum();
                value = 0.5 * value + 0.5 * 1000.0 / (100.0 + new);
            }
            assert!(
                (bridge.value_per_share / value - 1.0).abs() < 1e-12,
                "{} {value}",
                bridge.value_per_share
            );
            assert!((equity_at(bridge.value_per_share, &claims) - 1000.0).abs() < 1e-10);
        }
    }

    #[test]
    fn options_at_or_out_of_the_money_and_negative_equity_add_no_shares() {
        let at = bridge(1250.0, &claims(&[(50.0, 10.0), (50.0, 11.0)]));
        assert!((at.diluted_shares - 100.0).abs() < 1e-12 && (at.value_per_share - 10.0).abs() < 1e-12);
        let under_water = bridge(0.0, &claims(&[(50.0, 0.0)]));
        assert!((under_water.value_per_share - -2.5).abs() < 1e-12 && !under_water.options[0].exercised);
    }

    #[test]
    fn what_is_no_number_comes_to_an_end() {
        for options in [&[][..], &[(50.0, 10.0), (50.0, 11.0)]] {
            assert!(per_share(f64::NAN, &claims(options)).is_nan());
            assert!(per_share(f64::INFINITY, &claims(options)).is_infinite());
            assert!(per_share(f64::NEG_INFINITY, &claims(options)).is_infinite());
        }
    }
}
