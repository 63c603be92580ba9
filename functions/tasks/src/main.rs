//! The Lambda function.

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    let tasks = tasks::Tasks::new(&platform::Context::of_process().await)?;
    tasks.warm().await;
    web::lambda::run(tasks::router(tasks)).await
}
