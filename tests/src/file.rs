use domain::digest::sha256_hex;
use serde_json::Value;

/// The file behind a result's address, fetched as anybody would: without a token. It is what the result says.
pub async fn fetched(file: &Value) -> Vec<u8> {
    let answer = reqwest::get(file["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status().as_u16(), 200, "{file}");
    assert_eq!(answer.headers()["content-type"], file["content_type"].as_str().unwrap());
    let disposition = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!(bytes.len() as u64, file["size"].as_u64().unwrap());
    assert_eq!(sha256_hex(&bytes), file["sha256"].as_str().unwrap());
    bytes
}
