//! Where a request comes from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use axum::{
    extract::FromRequestParts,
    http::{Extensions, request::Parts},
};
use lambda_http::request::RequestContext;

/// Where a request comes from, and what it is called.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The client's address as API Gateway saw it; what a client says of itself (`X-Forwarded-For`) counts for nothing.
    pub address: Option<IpAddr>,
    /// The request's id.
    pub request_id: Arc<str>,
}

impl Origin {
    pub(crate) fn new(extensions: &Extensions, request_id: Arc<str>) -> Self {
        let source = extensions.get::<RequestContext>().and_then(|context| match context {
            RequestContext::ApiGatewayV1(context) => context.identity.source_ip.clone(),
            _ => None,
        });
        Self { address: source.and_then(|source| source.parse().ok()), request_id }
    }

    /// The address as it is counted by: of IPv6 the network, as one household or machine has all of its addresses.
    pub fn network(&self) -> Option<String> {
        self.address.map(|address| match address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = u128::from(address) >> 64 << 64;
                format!("{}/64", Ipv6Addr::from(network))
            }
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let origin = parts.extensions.get::<Self>().cloned();
        Ok(origin.unwrap_or_else(|| Self::new(&parts.extensions, "req_unknown".into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_counts_as_one_address() {
        let network = |text: &str| Origin { address: text.parse().ok(), request_id: "x".into() }.network();
        assert_eq!(network("203.0.113.9").as_deref(), Some("203.0.113.9"));
        assert_eq!(network("::ffff:203.0.113.9").as_deref(), Some("203.0.113.9"));
        assert_eq!(network("2001:db8:1:2:3:4:5:6").as_deref(), Some("2001:db8:1:2::/64"));
        assert_eq!(network("nowhere"), None);
    }
}
