//! The API's description, written where the function `system` takes it from.

use local::{BoxError, ballast};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../functions/system/openapi.json");

pub fn write() -> Result<(), BoxError> {
    std::fs::write(PATH, ballast::document()?)?;
    println!("Wrote functions/system/openapi.json");
    Ok(())
}
