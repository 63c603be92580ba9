use super::cash_flow::{check_rate, finite};
use crate::QuantError;

/// A bond with a fixed coupon, settled on a coupon date (30/360, so that all periods are alike).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bond {
    /// The coupon a year over the face value.
    pub coupon: f64,
    /// Full years left.
    pub years: u32,
    /// Coupons a year: 1, 2, 4 or 12.
    pub frequency: u32,
    /// What is paid back.
    pub face: f64,
}

/// A bond's price and how it moves with the yield.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BondFigures {
    /// The price; clean and dirty are the same on a coupon date.
    pub price: f64,
    /// Macaulay's duration in years.
    pub macaulay: f64,
    /// The modified duration in years.
    pub modified: f64,
    /// The convexity in years².
    pub convexity: f64,
    /// What the price changes by when the yield rises by a basis point, with duration and convexity.
    pub basis_point_value: f64,
}

impl Bond {
    /// The figures at a yield a year, compounded as often as coupons are paid.
    ///
    /// # Errors
    /// `OutOfRange`, `Overflow`.
    pub fn at_yield(&self, annual: f64) -> Result<BondFigures, QuantError> {
        if ![1, 2, 4, 12].contains(&self.frequency) {
            let value = f64::from(self.frequency);
            return Err(QuantError::OutOfRange { name: "frequency", range: "1, 2, 4 or 12", value });
        }
        if !(1..=200).contains(&self.years) {
            let value = f64::from(self.years);
            return Err(QuantError::OutOfRange { name: "years", range: "from 1 to 200", value });
        }
        let frequency = f64::from(self.frequency);
        let step = annual / frequency;
        check_rate("yield", step)?;
        let periods = self.years * self.frequency;
        let (mut price, mut first, mut second) = (0.0, 0.0, 0.0);
        for period in 1..=periods {
            let coupon = self.face * self.coupon / frequency;
            let flow = if period == periods { coupon + self.face } else { coupon };
            let time = f64::from(period) / frequency;
            let worth = flow * libm::pow(1.0 + step, -f64::from(period));
            price += worth;
            first += time * worth;
            second += time * (time + frequency.recip()) * worth;
        }
        let (macaulay, growth) = (first / price, 1.0 + step);
        let (modified, convexity) = (macaulay / growth, second / price / (growth * growth));
        let point = 1e-4;
        Ok(BondFigures {
            price: finite(price)?,
            macaulay: finite(macaulay)?,
            modified,
            convexity: finite(convexity)?,
            basis_point_value: price * (-modified * point + 0.5 * convexity * point * point),
        })
    }
}
