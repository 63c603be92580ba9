//! Where to look next.

use super::{api::Api, setup::Demo};

/// What to open, and what to paste.
pub fn text(api: &Api, demo: &Demo, simulation: &str, outbox: &str) -> String {
    let (base, token, portfolio) = (&api.base_url, &api.token, &demo.portfolio_id);
    format!(
        r#"
Where to look next

  Try the API out   {base}/docs
  Read about it     {base}/redoc
  Mails             {outbox}, and below as they are sent
  Ask it yourself   with these lines

export TOKEN={token}
curl -H "Authorization: Bearer $TOKEN" {base}/api/v1/tasks/{simulation}/result
curl -H "Authorization: Bearer $TOKEN" {base}/api/v1/portfolios/{portfolio}

The token is good for 15 minutes. Ctrl-C ends the stack.
"#
    )
}
