//! A new run.

use axum::extract::State;
use domain::{
    RunId,
    audit::Action,
    permission::ValuationWrite,
    valuation::{Run, RunDocument},
};
use jiff::SignedDuration;
use web::{ApiError, Created, Data, Json, auth::Tenant};

use super::{
    compute::{Computed, RunRequest},
    view::RunView,
};
use crate::Valuation;

/// Simulations of up to this many trials are computed with the request: about 50 ms on one core.
const INLINE_TRIALS: u64 = 100_000;
/// When maintenance first looks whether a task has ended.
const FIRST_LOOK: SignedDuration = SignedDuration::from_mins(1);

/// Value a company
///
/// Values the company by discounted cash flows, keeps the run, and answers with all its steps. Explicit years of revenue,
/// margins, tax, depreciation, capital expenditure and working capital give free cash flows; Gordon growth and, with an exit
/// multiple, that one too give the terminal value; the bridge leads from the enterprise value to a share. With `price`, the
/// upside and what the price implies are told.
///
/// Rates are fractions: 0.09 means 9 %. With `mc_settings` the valuation is simulated as well: up to 100,000 trials at once,
/// more of them as a task, whose outcome the run shows when it has ended, and keeps for good.
///
/// Trials without a value are counted and left out. So are those that Gordon growth would value with a WACC above growth by
/// less than a percentage point, as mean and standard deviation would not converge with them; the outcome warns when more than
/// 1 % of the trials are left out.
#[utoipa::path(
    post,
    path = "/api/v1/runs",
    operation_id = "create_run",
    tag = super::TAG,
    security(("bearer" = ["valuation:write"])),
    request_body(content = RunRequest, example = json!({
        "inputs": {
            "ticker": "AAPL", "currency": "USD", "revenue": "1000", "growth": [0.12, 0.1, 0.09, 0.08, 0.06],
            "ebit_margin": 0.18, "tax_rate": 0.25, "depreciation": 0.04, "capital_expenditure": 0.05,
            "working_capital": 0.1, "wacc": 0.09, "terminal_growth": 0.025, "exit_multiple": 11, "mid_year": true,
            "debt": "350", "shares": "120", "options": [{"count": "5", "strike": "12.00"}], "price": "18.00"
        },
        "mc_settings": {"trials": 10000, "volPP": 2, "seed": 42},
        "timestamp": "2026-11-22T09:30:00Z"
    })),
    responses((
        status = 201,
        description = "The run was computed and is kept.",
        body = Data<RunView>,
        headers(("Location" = String, description = "Where the run is."))
    ))
)]
pub(crate) async fn create(
    State(valuation): State<Valuation>,
    tenant: Tenant<ValuationWrite>,
    Json(body): Json<RunRequest>,
) -> Result<Created<RunView>, ApiError> {
    let (now, seed) = (valuation.now(), valuation.seed());
    let computed = blocking(move || body.compute(now, seed)).await?;
    let view = Box::pin(keep(&valuation, &tenant, computed)).await?;
    // A run never changes, so it has no version to name.
    Ok(Created { location: format!("/api/v1/runs/{}", view.id()), version: None, data: view })
}

/// Keeps a run with its documents, and sends a large simulation on its way.
async fn keep(
    valuation: &Valuation,
    tenant: &Tenant<ValuationWrite>,
    computed: Computed,
) -> Result<RunView, ApiError> {
    let Computed { result, figures, trials, timestamp } = computed;
    let count = result.mc_settings.as_ref().map(|settings| settings.trials);
    let (mut task, mut simulation) = (None, None);
    match trials {
        Some(trials) if count > Some(INLINE_TRIALS) => {
            task = Some(valuation.submit(tenant, trials.input).await?.entity);
        }
        Some(trials) => {
            let outcome = blocking(move || trials.run()).await?;
            simulation = Some(serde_json::to_string(&outcome).map_err(ApiError::internal)?);
        }
        None => {}
    }
    let (id, now) = (valuation.id::<RunId>(), valuation.now());
    let (task, state) = task.map(|task| (task.id, task.state)).unzip();
    let run = Run {
        id,
        ticker: result.inputs.ticker.clone(),
        currency: result.inputs.currency,
        figures,
        timestamp,
        trials: count,
        task,
        created_by: tenant.user_id(),
        due_at: task.map(|_| now + FIRST_LOOK),
    };
    let result = serde_json::to_string(&result).map_err(ApiError::internal)?;
    let document = RunDocument { id, result, simulation };
    let audited = tenant.audited(Action::RunCreated)?;
    let scope = audited.scope();
    let writes = vec![scope.write_new(&run)?, scope.write_new(&document)?];
    let view = RunView::about_to_be_kept(run.clone(), document, now, state)?;
    audited.clone().changed(None, Some(&run)).transact(writes).await?;
    // It is kept. A read that fails must not say otherwise, or a client would run it once more.
    Ok(match scope.get::<Run>(&id).await {
        Ok(stored) => view.created_at(stored.created_at),
        Err(_) => view,
    })
}

/// Computes away from the threads that serve requests.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?
}
