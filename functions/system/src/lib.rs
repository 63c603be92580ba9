//! Health, status and the API's description.

mod asset;
mod description;
mod docs;
mod health;
mod page;
mod queues;
mod redoc;
mod status;
mod welcome;

use axum::{Router, extract::FromRef, middleware::map_response};
use jiff::Timestamp;
use platform::{Context, EnvError};
use store::Bucket;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::App;

use queues::Queues;

/// What the handlers work with.
#[derive(Clone)]
pub struct System {
    app: App,
    queues: Queues,
    bucket: Bucket,
    stage: String,
    started_at: Timestamp,
}

impl System {
    /// The system as the context says: the variables of [`App`], the queues' URLs, `DATA_BUCKET` and `STAGE`.
    ///
    /// # Errors
    /// Names the variable that is missing.
    pub fn new(context: &Context) -> Result<Self, EnvError> {
        Ok(Self {
            app: App::without_audit(context)?,
            queues: Queues::new(context)?,
            bucket: Bucket::from_env(context)?,
            stage: context.env.optional("STAGE")?.unwrap_or_else(|| "local".to_owned()),
            started_at: context.clock.now(),
        })
    }
}

impl FromRef<System> for App {
    fn from_ref(system: &System) -> Self {
        system.app.clone()
    }
}

/// What the description says besides its operations. The server is a relative address, so that clients find the API
/// wherever they got the description from: behind a stage, on a domain of its own, on one machine.
#[derive(OpenApi)]
#[openapi(
    servers((url = ".", description = "Where this description comes from")),
    tags((name = "system", description = "Health, status and this description."))
)]
struct Description;

/// The routes and their description.
pub fn routes() -> OpenApiRouter<System> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(welcome::show))
        .routes(routes!(health::show))
        .routes(routes!(status::show))
        .routes(routes!(description::show))
        .routes(routes!(docs::show))
        .routes(routes!(docs::file))
        .routes(routes!(redoc::show))
        .routes(routes!(redoc::file))
}

/// The service.
pub fn router(system: System) -> Router {
    web::service(Router::from(routes()), system).layer(map_response(status::code))
}

/// The description of the routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().into_openapi()
}
