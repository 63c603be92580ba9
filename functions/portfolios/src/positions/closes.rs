//! The prices of many instruments.

use std::{collections::BTreeMap, future};

use domain::{price::PriceSeries, symbol::Symbol};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use store::{Scope, StoreError};

/// How many series are read at once.
const AT_ONCE: usize = 16;

/// The price series of these symbols one after the other, as far as there are any.
pub(crate) fn series_of(
    scope: &Scope,
    symbols: impl IntoIterator<Item = Symbol>,
) -> impl Stream<Item = Result<(Symbol, Option<PriceSeries>), StoreError>> {
    let read = async |symbol: Symbol| {
        let series = scope.find::<PriceSeries>(&symbol).await?;
        Ok((symbol, series.map(|series| series.entity)))
    };
    stream::iter(symbols).map(read).buffered(AT_ONCE)
}

/// All of them at once.
pub(super) async fn load(
    scope: &Scope,
    symbols: impl IntoIterator<Item = Symbol>,
) -> Result<BTreeMap<Symbol, PriceSeries>, StoreError> {
    let there = |(symbol, series): (Symbol, Option<PriceSeries>)| {
        future::ready(Ok(series.map(|series| (symbol, series))))
    };
    series_of(scope, symbols).try_filter_map(there).try_collect().await
}
