use super::cash_flow::{check_rate, finite};
use crate::QuantError;

/// A loan that equal payments at the ends of periods pay off.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loan {
    rate: f64,
    periods: u32,
    principal: f64,
    payment: f64,
}

impl Loan {
    /// A loan of `principal` over `periods` at `rate` a period.
    ///
    /// # Errors
    /// `OutOfRange`, `Overflow`.
    pub fn new(principal: f64, rate: f64, periods: u32) -> Result<Self, QuantError> {
        check_rate("rate", rate)?;
        if periods == 0 {
            return Err(QuantError::OutOfRange { name: "periods", range: "at least 1", value: 0.0 });
        }
        let n = f64::from(periods);
        // 1 - (1 + r)^-n without cancellation for small rates.
        let share = if rate == 0.0 { n.recip() } else { rate / -libm::expm1(-n * libm::log1p(rate)) };
        Ok(Self { rate, periods, principal, payment: finite(principal * share)? })
    }

    /// What is paid each period.
    pub fn payment(&self) -> f64 {
        self.payment
    }

    /// What is still owed after so many payments.
    ///
    /// # Errors
    /// `OutOfRange` for more periods than the loan has.
    pub fn balance(&self, paid: u32) -> Result<f64, QuantError> {
        if paid > self.periods {
            let value = f64::from(paid);
            return Err(QuantError::OutOfRange { name: "period", range: "within the loan", value });
        }
        let growth = libm::expm1(f64::from(paid) * libm::log1p(self.rate));
        let payments = if self.rate == 0.0 { f64::from(paid) } else { growth / self.rate };
        finite(self.principal * (1.0 + growth) - self.payment * payments)
    }

    /// The interest in a period's payment, and what it pays off; periods count from 1.
    ///
    /// # Errors
    /// `OutOfRange` for a period that the loan doesn't have.
    pub fn split(&self, period: u32) -> Result<(f64, f64), QuantError> {
        if period == 0 {
            return Err(QuantError::OutOfRange { name: "period", range: "at least 1", value: 0.0 });
        }
        let interest = self.balance(period - 1)? * self.rate;
        Ok((interest, self.payment - interest))
    }
}
