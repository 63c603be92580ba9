//! The prices of many instruments.

use std::collections::BTreeMap;

use domain::{price::PriceSeries, symbol::Symbol};
use futures::{StreamExt, TryStreamExt, stream};
use store::{Scope, StoreError};

/// How many series are read at once.
const AT_ONCE: usize = 32;

/// The price series of these symbols, as far as there are any.
pub(crate) async fn load(
    scope: &Scope,
    symbols: impl IntoIterator<Item = &Symbol>,
) -> Result<BTreeMap<Symbol, PriceSeries>, StoreError> {
    let symbols: Vec<Symbol> = symbols.into_iter().cloned().collect();
    let found = stream::iter(symbols)
        .map(|symbol| async move { scope.find::<PriceSeries>(&symbol).await })
        .buffer_unordered(AT_ONCE);
    let found: Vec<_> = found.try_collect().await?;
    Ok(found.into_iter().flatten().map(|series| (series.entity.symbol.clone(), series.entity)).collect())
}
