use std::collections::BTreeMap;
use std::path::Path;

use rand::RngExt;
use rand::distr::Alphanumeric;

use crate::error::Error;
use crate::template::Template;

/// The template's secrets by their ARN: those that the data folder keeps, the others made up as a deployment does.
pub(crate) fn secrets(template: &Template, data: Option<&Path>) -> Result<BTreeMap<String, String>, Error> {
    let file = data.map(|data| data.join("secrets.json"));
    let kept = file.as_ref().and_then(|file| std::fs::read(file).ok());
    let mut secrets: BTreeMap<String, String> =
        kept.and_then(|kept| serde_json::from_slice(&kept).ok()).unwrap_or_default();
    for secret in &template.secrets {
        secrets.entry(secret.arn.clone()).or_insert_with(|| {
            rand::rng().sample_iter(Alphanumeric).take(secret.length).map(char::from).collect()
        });
    }
    if let Some(file) = file {
        let text = serde_json::to_vec_pretty(&secrets).map_err(Error::provision("secrets.json"))?;
        std::fs::write(&file, text).map_err(Error::io(file.display().to_string()))?;
    }
    Ok(secrets)
}
