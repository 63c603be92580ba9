//! Bytes named by their content: small ones in the table, large ones in the bucket, both in the tenant's own part.

use std::time::{Duration, Instant};

use aws_sdk_s3::{
    error::SdkError,
    operation::{get_object::GetObjectError, head_object::HeadObjectError},
    presigning::PresigningConfig,
    primitives::ByteStream,
};
use domain::{Entity, digest::sha256_hex, task::PayloadRef};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{Bucket, Scope, StoreError, keys};

/// The largest payload that lies in an item.
const MAXIMUM_INLINE: usize = 100_000;
/// How long a payload is kept after it was last written; the bucket's lifecycle rule says the same.
const RETENTION: SignedDuration = SignedDuration::from_hours(24 * 100);

/// Why a payload can't be had.
#[derive(Debug, thiserror::Error)]
pub enum PayloadError {
    /// It was written long ago, or never.
    #[error("the payload is gone")]
    Gone,
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Serialize, Deserialize)]
struct Payload {
    sha256: String,
    #[serde(with = "serde_bytes")]
    bytes: Vec<u8>,
    expires_at: Timestamp,
}

impl Entity for Payload {
    const KIND: &'static str = "PAYLOAD";
    type Key = str;

    fn key(&self) -> String {
        self.sha256.clone()
    }

    fn expires_at(&self) -> Option<Timestamp> {
        Some(self.expires_at)
    }
}

impl Bucket {
    /// Deletes the payloads of all tenants that were last written longer ago than they are kept, for maintenance; as many as
    /// it comes upon in this time. Gives how many.
    pub async fn delete_expired_payloads(&self, now: Timestamp, time: Duration) -> Result<u64, StoreError> {
        let (end, expired) = (Instant::now() + time, now - RETENTION);
        let listed = self.client.list_objects_v2().bucket(&self.name).prefix(keys::OBJECTS);
        let mut pages = listed.into_paginator().send();
        let mut deleted = 0;
        while let Some(page) = pages.next().await {
            for object in page?.contents.unwrap_or_default() {
                if Instant::now() >= end {
                    return Ok(deleted);
                }
                let written = object.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok());
                if let (Some(key), true) = (object.key, written.is_some_and(|written| written < expired)) {
                    self.client.delete_object().bucket(&self.name).key(key).send().await?;
                    deleted += 1;
                }
            }
        }
        Ok(deleted)
    }
}

impl Scope {
    /// Keeps bytes, for at least 100 days. The same bytes again are kept once, for longer.
    pub async fn put_payload(&self, bucket: &Bucket, bytes: Vec<u8>) -> Result<PayloadRef, StoreError> {
        let sha256 = sha256_hex(&bytes);
        let size = bytes.len() as u64;
        if bytes.len() <= MAXIMUM_INLINE {
            let expires_at = self.store.clock.now() + RETENTION;
            self.put(&Payload { sha256: sha256.clone(), bytes, expires_at }).await?;
        } else {
            bucket
                .client
                .put_object()
                .bucket(&bucket.name)
                .key(keys::object(&self.prefix, &sha256))
                .body(ByteStream::from(bytes))
                .send()
                .await?;
        }
        Ok(PayloadRef { sha256, size, content_type: None })
    }

    /// Keeps a file to hand on, for at least 100 days: in the bucket whatever its size, as it is fetched from there.
    pub async fn put_file(
        &self,
        bucket: &Bucket,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<PayloadRef, StoreError> {
        let (sha256, size) = (sha256_hex(&bytes), bytes.len() as u64);
        bucket
            .client
            .put_object()
            .bucket(&bucket.name)
            .key(keys::object(&self.prefix, &sha256))
            .content_type(content_type)
            .body(ByteStream::from(bytes))
            .send()
            .await?;
        Ok(PayloadRef { sha256, size, content_type: Some(content_type.to_owned()) })
    }

    /// An address under which whoever has it can fetch a file for some time, named `name`.
    ///
    /// # Errors
    /// `Gone` when the file was not kept that long.
    pub async fn file_url(
        &self,
        bucket: &Bucket,
        file: &PayloadRef,
        name: &str,
        valid_for: SignedDuration,
    ) -> Result<String, PayloadError> {
        let key = keys::object(&self.prefix, &file.sha256);
        let found = bucket.client.head_object().bucket(&bucket.name).key(&key).send().await;
        match found {
            Ok(_) => {}
            Err(SdkError::ServiceError(error)) if matches!(error.err(), HeadObjectError::NotFound(_)) => {
                return Err(PayloadError::Gone);
            }
            Err(error) => return Err(StoreError::from(error).into()),
        }
        let time = PresigningConfig::expires_in(valid_for.unsigned_abs())
            .map_err(|error| StoreError::Unavailable(error.into()))?;
        let asked = bucket
            .client
            .get_object()
            .bucket(&bucket.name)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{name}\""))
            .set_response_content_type(file.content_type.clone())
            .presigned(time)
            .await;
        Ok(asked.map_err(StoreError::from)?.uri().to_owned())
    }

    /// The bytes that `payload` names.
    ///
    /// # Errors
    /// `Gone` when they were not kept that long.
    pub async fn payload(&self, bucket: &Bucket, payload: &PayloadRef) -> Result<Vec<u8>, PayloadError> {
        if payload.content_type.is_none() && payload.size <= MAXIMUM_INLINE as u64 {
            let stored = self.find::<Payload>(&payload.sha256).await?.ok_or(PayloadError::Gone)?;
            return Ok(stored.entity.bytes);
        }
        let sent = bucket
            .client
            .get_object()
            .bucket(&bucket.name)
            .key(keys::object(&self.prefix, &payload.sha256))
            .send()
            .await;
        match sent {
            Ok(object) => {
                let bytes =
                    object.body.collect().await.map_err(|error| StoreError::Unavailable(error.into()))?;
                Ok(bytes.into_bytes().into())
            }
            Err(SdkError::ServiceError(error)) if matches!(error.err(), GetObjectError::NoSuchKey(_)) => {
                Err(PayloadError::Gone)
            }
            Err(error) => Err(StoreError::from(error).into()),
        }
    }
}
