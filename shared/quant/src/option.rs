//! European options in closed form.

use serde::{Deserialize, Serialize};

use crate::{
    QuantError,
    normal::{density, distribution},
};

/// The right that an option gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Right {
    /// To buy.
    Call,
    /// To sell.
    Put,
}

/// A European option on an asset without dividends.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct European {
    /// The right.
    pub right: Right,
    /// The asset's price now; positive.
    pub spot: f64,
    /// The price in the contract; positive.
    pub strike: f64,
    /// The asset's volatility a year; positive.
    pub volatility: f64,
    /// The continuously compounded interest rate a year.
    pub rate: f64,
    /// The time to expiry in years; positive.
    pub years: f64,
}

/// An option's price and its derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Valuation {
    /// The price.
    pub price: f64,
    /// By the asset's price.
    pub delta: f64,
    /// By the asset's price, twice.
    pub gamma: f64,
    /// By the volatility.
    pub vega: f64,
    /// By time, a year.
    pub theta: f64,
    /// By the rate.
    pub rho: f64,
}

impl European {
    /// Price and derivatives after Black & Scholes (1973) and Merton (1973): with `d₁ = (ln(S/K) + (r + σ²/2) T) / (σ √T)` and
    /// `d₂ = d₁ - σ √T`, a call is worth `S Φ(d₁) - K exp(-rT) Φ(d₂)`, a put `K exp(-rT) Φ(-d₂) - S Φ(-d₁)`.
    ///
    /// # Errors
    /// `OutOfRange` for a price, volatility or time that isn't positive, `NotFinite` for the rate, `Overflow`.
    pub fn value(&self) -> Result<Valuation, QuantError> {
        for (name, value) in [
            ("spot", self.spot),
            ("strike", self.strike),
            ("volatility", self.volatility),
            ("years", self.years),
        ] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(QuantError::OutOfRange { name, range: "positive and finite", value });
            }
        }
        if !self.rate.is_finite() {
            return Err(QuantError::NotFinite { what: "rate", row: 0, column: 0 });
        }
        let deviation = self.volatility * self.years.sqrt();
        let drift = (self.rate + 0.5 * self.volatility * self.volatility) * self.years;
        let d1 = (libm::log(self.spot / self.strike) + drift) / deviation;
        let d2 = d1 - deviation;
        let discounted = self.strike * libm::exp(-self.rate * self.years);
        let sign = if self.right == Right::Call { 1.0 } else { -1.0 };
        let (near, far) = (distribution(sign * d1), distribution(sign * d2));
        let slope = self.spot * density(d1);
        let valuation = Valuation {
            price: sign * (self.spot * near - discounted * far),
            delta: sign * near,
            gamma: density(d1) / (self.spot * deviation),
            vega: slope * self.years.sqrt(),
            theta: -slope * self.volatility / (2.0 * self.years.sqrt()) - sign * self.rate * discounted * far,
            rho: sign * self.years * discounted * far,
        };
        let Valuation { price, delta, gamma, vega, theta, rho } = valuation;
        if [price, delta, gamma, vega, theta, rho].iter().all(|value| value.is_finite()) {
            return Ok(valuation);
        }
        Err(QuantError::Overflow { what: "an option's price" })
    }
}
