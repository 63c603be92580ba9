//! Files that are written as they come, in constant memory.

use aws_sdk_s3::{
    primitives::ByteStream,
    types::{CompletedMultipartUpload, CompletedPart},
};
use domain::{digest::Fingerprint, task::PayloadRef};

use crate::{Bucket, Scope, StoreError, keys};

/// The bytes of a part; S3 takes no less than 5 MiB but for the last, and 10,000 parts at most.
const PART: usize = 8 << 20;
/// The most bytes that S3 copies in one call.
const MAXIMUM: u64 = 5 << 30;

/// A file that is being written. It is there for others once [`Upload::finish`] has named it by its content.
///
/// What is smaller than a part is put in one call. What is larger goes part by part to a place of its own, and from there to
/// its name, which only the last byte tells: so whoever has the name never sees other bytes, or some of them.
pub struct Upload {
    scope: Scope,
    bucket: Bucket,
    content_type: &'static str,
    place: String,
    pending: Vec<u8>,
    hash: Fingerprint,
    size: u64,
    begun: Option<Begun>,
}

struct Begun {
    id: String,
    parts: Vec<CompletedPart>,
}

impl Scope {
    /// A new file to hand on, empty so far; `name` is nobody else's.
    pub fn upload(&self, bucket: &Bucket, name: &str, content_type: &'static str) -> Upload {
        Upload {
            scope: self.clone(),
            bucket: bucket.clone(),
            content_type,
            place: keys::upload(&self.prefix, name),
            pending: Vec::new(),
            hash: Fingerprint::default(),
            size: 0,
            begun: None,
        }
    }
}

impl Upload {
    /// Adds bytes at the end.
    ///
    /// # Errors
    /// `TooLarge` above 5 GiB.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.size += bytes.len() as u64;
        if self.size > MAXIMUM {
            return Err(StoreError::TooLarge);
        }
        self.hash.update(bytes);
        self.pending.extend_from_slice(bytes);
        while self.pending.len() >= PART {
            let rest = self.pending.split_off(PART);
            let part = std::mem::replace(&mut self.pending, rest);
            self.send(part).await?;
        }
        Ok(())
    }

    /// Ends the file, and names it by its content. It is kept for at least 100 days.
    pub async fn finish(mut self) -> Result<PayloadRef, StoreError> {
        let last = std::mem::take(&mut self.pending);
        if self.begun.is_none() {
            return self.scope.put_file(&self.bucket, last, self.content_type).await;
        }
        if !last.is_empty() {
            self.send(last).await?;
        }
        let Some(Begun { id, parts }) = self.begun.take() else {
            return Err(StoreError::Corrupt("an upload has no parts".to_owned()));
        };
        let (client, bucket) = (&self.bucket.client, &self.bucket.name);
        client
            .complete_multipart_upload()
            .bucket(bucket)
            .key(&self.place)
            .upload_id(id)
            .multipart_upload(CompletedMultipartUpload::builder().set_parts(Some(parts)).build())
            .send()
            .await?;
        let sha256 = self.hash.to_hex();
        let copied = client
            .copy_object()
            .copy_source(format!("{bucket}/{}", self.place))
            .bucket(bucket)
            .key(keys::object(&self.scope.prefix, &sha256))
            .send()
            .await;
        // Whole objects are not what the lifecycle looks for among the uploads: this one goes, copied or not.
        let deleted = client.delete_object().bucket(bucket).key(&self.place).send().await;
        copied?;
        deleted?;
        Ok(PayloadRef { sha256, size: self.size, content_type: Some(self.content_type.to_owned()) })
    }

    /// Throws away what was written. What can't be is deleted by the bucket's lifecycle a day later.
    pub async fn abandon(self) -> Result<(), StoreError> {
        if let Some(begun) = self.begun {
            let abort = self.bucket.client.abort_multipart_upload();
            abort.bucket(&self.bucket.name).key(&self.place).upload_id(begun.id).send().await?;
        }
        Ok(())
    }

    async fn send(&mut self, bytes: Vec<u8>) -> Result<(), StoreError> {
        if self.begun.is_none() {
            let create = self.bucket.client.create_multipart_upload();
            let create = create.bucket(&self.bucket.name).key(&self.place).content_type(self.content_type);
            let id = create.send().await?.upload_id;
            let id = id.ok_or_else(|| StoreError::Corrupt("an upload has no id".to_owned()))?;
            self.begun = Some(Begun { id, parts: Vec::new() });
        }
        let Some(begun) = &mut self.begun else { return Ok(()) };
        let number = i32::try_from(begun.parts.len() + 1).map_err(|_| StoreError::TooLarge)?;
        let part = self
            .bucket
            .client
            .upload_part()
            .bucket(&self.bucket.name)
            .key(&self.place)
            .upload_id(&begun.id)
            .part_number(number)
            .body(ByteStream::from(bytes))
            .send()
            .await?;
        let part = CompletedPart::builder()
            .part_number(number)
            .set_e_tag(part.e_tag)
            // The SDK sends one with each part, and S3 then wants it again.
            .set_checksum_crc32(part.checksum_crc32)
            .build();
        begun.parts.push(part);
        Ok(())
    }
}
