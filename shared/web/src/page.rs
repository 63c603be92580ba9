//! Lists by page. A cursor is opaque to the client, and good only for the tenant, route and filter that it was made for.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Entity;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Filter, Listing, Order, Page, Position, Stored};
use utoipa::{IntoParams, ToSchema};

use crate::{ApiError, auth::Tenant};

/// The most entries of a page.
pub const MAXIMUM_LIMIT: usize = 200;
/// The entries of a page when nothing is said.
pub const DEFAULT_LIMIT: usize = 50;
const MAC_BYTES: usize = 16;

/// What cursors are authenticated with.
#[derive(Clone)]
pub struct CursorKey(Hmac<Sha256>);

impl CursorKey {
    /// A key derived from a secret of any length.
    pub fn new(secret: &[u8]) -> Self {
        let key = Sha256::new_with_prefix(b"ballast cursor key").chain_update(secret).finalize();
        Self(Hmac::new_from_slice(&key).unwrap_or_else(|_| unreachable!("HMAC takes keys of any length")))
    }

    fn tag(&self, purpose: &str, position: &str) -> [u8; 32] {
        let mac = self.0.clone().chain_update(purpose.len().to_le_bytes()).chain_update(purpose);
        mac.chain_update(position).finalize().into_bytes().0
    }

    /// A keyed hash of what must not stand in a key in clear, for instance an address.
    pub(crate) fn fingerprint(&self, purpose: &str, text: &str) -> String {
        base16ct::lower::encode_string(&self.tag(purpose, text)[..MAC_BYTES])
    }

    /// The cursor of a position.
    pub(crate) fn seal(&self, purpose: &str, position: &Position) -> String {
        let tag = self.tag(purpose, &position.0);
        URL_SAFE_NO_PAD.encode([&tag[..MAC_BYTES], position.0.as_bytes()].concat())
    }

    /// The position of a cursor.
    ///
    /// # Errors
    /// 400 when it was not made here, for this purpose.
    pub(crate) fn open(&self, purpose: &str, cursor: &str) -> Result<Position, ApiError> {
        let wrong = || ApiError::bad_request("The cursor is not one of this list; start again without it.");
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
        let (tag, position) = bytes.split_at_checked(MAC_BYTES).ok_or_else(wrong)?;
        let position = std::str::from_utf8(position).map_err(|_| wrong())?;
        let mac = self.0.clone().chain_update(purpose.len().to_le_bytes()).chain_update(purpose);
        mac.chain_update(position).verify_truncated_left(tag).map_err(|_| wrong())?;
        Ok(Position(position.to_owned()))
    }
}

/// 200 with `{"data": […], "next_cursor": …}`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<T> {
    /// The entries of this page.
    pub data: Vec<T>,
    /// Ask with this `cursor` for the next page; `null` on the last one.
    pub next_cursor: Option<String>,
}

impl<T> Paged<T> {
    /// The view of a page; `seal` makes the cursor.
    pub fn view<E>(page: Page<E>, seal: impl FnOnce(&Position) -> String) -> Self
    where
        T: From<Stored<E>>,
    {
        Self {
            next_cursor: page.next.as_ref().map(seal),
            data: page.items.into_iter().map(T::from).collect(),
        }
    }
}

impl<T: Serialize> IntoResponse for Paged<T> {
    fn into_response(self) -> Response {
        axum::Json(self).into_response()
    }
}

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PageQuery {
    /// At most this many entries.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<usize>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl<P> Tenant<P> {
    /// A page of the tenant's entities of a kind that pass all filters, the newest first.
    ///
    /// # Errors
    /// 400 for a limit out of range, or a cursor of another list.
    pub async fn list<E, T>(&self, query: PageQuery, filters: Vec<Filter>) -> Result<Paged<T>, ApiError>
    where
        E: Entity,
        T: From<Stored<E>>,
    {
        let terms = filters.iter().map(|filter| format!("{}={}", filter.attribute, filter.value));
        let purpose = terms.collect::<Vec<_>>().join(" ");
        self.page::<E, T>(query, &purpose, filters, None).await
    }

    /// A page of the tenant's entities of a kind that are in a group, or of all of them, the newest first.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn list_group<E, T>(
        &self,
        query: PageQuery,
        group: Option<String>,
    ) -> Result<Paged<T>, ApiError>
    where
        E: Entity,
        T: From<Stored<E>>,
    {
        let purpose = group.as_ref().map_or_else(String::new, |group| format!("group={group}"));
        self.page::<E, T>(query, &purpose, Vec::new(), group.map(Into::into)).await
    }

    async fn page<E, T>(
        &self,
        query: PageQuery,
        purpose: &str,
        filters: Vec<Filter>,
        group: Option<Cow<'static, str>>,
    ) -> Result<Paged<T>, ApiError>
    where
        E: Entity,
        T: From<Stored<E>>,
    {
        let listing = Listing {
            limit: limit(query.limit)?,
            order: Order::Descending,
            after: self.open_cursor(purpose, query.cursor.as_deref())?,
            filters,
            group,
        };
        let page = self.store().list::<E>(listing).await?;
        Ok(Paged::view(page, |position| self.seal_cursor(purpose, position)))
    }
}

/// The number of entries to give.
///
/// # Errors
/// 400 outside 1–200.
pub fn limit(asked: Option<usize>) -> Result<usize, ApiError> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAXIMUM_LIMIT => Ok(limit),
        _ => Err(ApiError::bad_request(format!("limit must be 1 to {MAXIMUM_LIMIT}."))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_purpose_only() {
        let key = CursorKey::new(b"secret");
        let position = Position("pfl_01".to_owned());
        let cursor = key.seal("ten_a portfolios", &position);
        assert_eq!(key.open("ten_a portfolios", &cursor).unwrap(), position);
        for (purpose, cursor) in
            [("ten_b portfolios", cursor.as_str()), ("ten_a portfolios", ""), ("ten_a portfolios", "AAAA")]
        {
            assert!(key.open(purpose, cursor).is_err());
        }
        assert!(CursorKey::new(b"other").open("ten_a portfolios", &cursor).is_err());
    }
}
