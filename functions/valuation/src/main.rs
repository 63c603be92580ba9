//! Entry point.

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let valuation = valuation::Valuation::new(&platform::Context::of_process().await)?;
    valuation.warm().await;
    web::lambda::run(valuation::router(valuation)).await
}
