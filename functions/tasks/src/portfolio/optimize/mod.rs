//! Portfolio optimisation.

mod method;
mod parameters;

use axum::extract::State;
use computations::{PortfolioInput, optimisation};
use domain::{PortfolioId, Validation, permission::TasksWrite, task::TaskKind};
use jiff::civil::Date;
use serde::Deserialize;
use store::Scope;
use utoipa::ToSchema;
use web::{Accepted, ApiError, Data, Json, auth::Tenant};

use super::{assets::AssetsData, choice::AssetsChoice, names::Names};
use crate::{
    state::{Tasks, require_portfolio},
    task::view::Submitted,
};
use parameters::OptimizationParams;

/// Which portfolio to find the best weights of, and what is best.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptimizeRequest {
    /// The assets in numbers; or give `portfolio_id`.
    assets_data: Option<AssetsData>,
    /// A stored portfolio, whose assets' returns come from the stored prices; or give `assets_data`. It takes
    /// `portfolios:read` as well.
    portfolio_id: Option<PortfolioId>,
    /// The first day of the stored prices to use.
    #[schema(example = "2018-01-02")]
    from: Option<Date>,
    /// The last day of the stored prices to use.
    #[schema(example = "2022-12-28")]
    to: Option<Date>,
    /// What to optimise, and under which constraints.
    optimization_params: OptimizationParams,
}

impl OptimizeRequest {
    async fn parse(self, store: &Scope) -> Result<optimisation::Input, ApiError> {
        let choice =
            AssetsChoice { data: self.assets_data, id: self.portfolio_id, from: self.from, to: self.to };
        let assets = choice.resolve(store).await?;
        let names = Names::new(&assets.names);
        let incomplete_days = assets.history.incomplete_days();
        let mut validation = Validation::new();
        let problem = validation.nest(
            "/optimization_params",
            self.optimization_params.parse(&names, assets.current, assets.history.returns),
        );
        let problem = validation.finish(problem)?;
        Ok(optimisation::Input { assets: assets.names, incomplete_days, problem })
    }
}

/// Optimise a portfolio
///
/// Finds weights that sum to 1 by one of 16 methods, from estimated or given returns and covariances, under constraints.
/// The result says how it ended: an infeasible problem is a `SUCCESS` whose `outcome` names the constraints that conflict.
#[utoipa::path(
    post,
    path = "/api/v1/tasks/portfolio/optimize",
    operation_id = "submit_optimize",
    tag = "portfolio",
    request_body = OptimizeRequest,
    responses(
        (status = 202, description = "Accepted; follow it at `Location`.", body = Data<Submitted>,
         headers(("Location" = String, description = "Where its status is."), ("Retry-After" = u32, description = "When to ask first, in seconds."))),
        (status = 404, description = "The tenant has no such portfolio."),
    ),
    security(("bearer" = ["tasks:write"]))
)]
pub(crate) async fn submit(
    tenant: Tenant<TasksWrite>,
    State(tasks): State<Tasks>,
    Json(request): Json<OptimizeRequest>,
) -> Result<Accepted<Submitted>, ApiError> {
    require_portfolio(&tenant, request.portfolio_id)?;
    let input = request.parse(&tenant.store()).await?;
    tasks.submit(&tenant, TaskKind::Optimise, PortfolioInput::Optimise(Box::new(input))).await
}
