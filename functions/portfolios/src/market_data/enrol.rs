//! A tenant's entry among those whose prices are kept up to date.

use domain::market_data::PriceUpdate;
use jiff::Timestamp;
use store::{Scope, StoreError};

/// Has the tenant's prices updated from now on, if they are not already. It comes before the tenant's portfolio: a tenant that
/// holds nothing costs a look a day, one that is forgotten has no prices.
pub(crate) async fn enrol(scope: &Scope, now: Timestamp) -> Result<(), StoreError> {
    match scope.create(PriceUpdate::new(now)).await {
        Ok(_) | Err(StoreError::AlreadyExists) => Ok(()),
        Err(error) => Err(error),
    }
}
