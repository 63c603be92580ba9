//! A new portfolio.

use axum::extract::State;
use domain::{audit::Action, permission::PortfoliosWrite};
use web::{ApiError, App, Created, Data, Json, auth::Tenant};

use super::{input::PortfolioInput, view::PortfolioView};
use crate::market_data;

/// Create a portfolio
///
/// Holdings are told all by `quantity` or all by `weight`. Decimals may be strings or numbers; answers have strings. A
/// portfolio without holdings can be kept by its transactions, from which its holdings then follow.
#[utoipa::path(
    post,
    path = "/api/v1/portfolios",
    operation_id = "create_portfolio",
    tag = super::TAG,
    security(("bearer" = ["portfolios:write"])),
    request_body(content = PortfolioInput, example = json!({
        "name": "Core equities",
        "base_currency": "USD",
        "holdings": [{"symbol": "AAPL", "quantity": "100"}, {"symbol": "MSFT", "quantity": "-25.5"}]
    })),
    responses((
        status = 201,
        description = "The portfolio was created.",
        body = Data<PortfolioView>,
        headers(
            ("Location" = String, description = "Where the portfolio is."),
            ("ETag" = String, description = "Its version, for `If-Match`.")
        )
    ))
)]
pub(crate) async fn create(
    State(app): State<App>,
    tenant: Tenant<PortfoliosWrite>,
    Json(body): Json<PortfolioInput>,
) -> Result<Created<PortfolioView>, ApiError> {
    let portfolio = body.parse(app.ids.id())?;
    market_data::enrol(&tenant.store(), app.clock.now()).await?;
    let stored = tenant.audited(Action::PortfolioCreated)?.create(portfolio).await?;
    let (version, data) = (stored.version, PortfolioView::from(stored));
    Ok(Created { location: format!("/api/v1/portfolios/{}", data.id), version: Some(version), data })
}
