//! A ticket: permission for one upload, signed as its record says. It can be signed again from the record and the time.

use crate::upload_request::unhex;
use darkroom_aws::forms::{Form, SealForm, SignedForm};
use darkroom_aws::signing::{Lifetime, SealUpload, SignedRequest, Upload};
use darkroom_domain::Error;
use darkroom_domain::id::ImageId;
use darkroom_domain::record::Record;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::timestamp::rfc3339;
use serde_json::{Value, json};
use std::time::Duration;
use time::OffsetDateTime;

/// Signs uploads to the originals bucket.
pub struct Signer<S, F> {
    pub puts: S,
    pub forms: F,
    pub bucket: String,
    pub kms_key_arn: String,
}

/// The signed upload.
pub enum Sealed {
    /// Of a known size.
    Put(SignedRequest),
    /// Of any size that is allowed.
    Form(SignedForm),
}

/// The ticket as the client gets it.
pub struct Ticket {
    pub image: ImageId,
    /// Relative to the API's URL.
    pub location: String,
    pub sealed: Sealed,
    end: OffsetDateTime,
}

impl<S: SealUpload, F: SealForm> Signer<S, F> {
    /// The ticket of this record, valid from then on.
    pub async fn sign(&self, record: &Record, from: OffsetDateTime) -> Result<Ticket, Error> {
        let life = Lifetime { from, length: Duration::from_secs(LIMITS.upload_url_s) };
        let content_type = record.content_type.as_deref().unwrap_or_default();
        let (bucket, key, kms_key_arn) = (&self.bucket, &record.object_key, &self.kms_key_arn);
        let sealed = if let Some(size_bytes) = record.size_bytes {
            let sha256 = record.sha256.as_deref().and_then(unhex);
            let upload = Upload { bucket, key, kms_key_arn, content_type, size_bytes, sha256 };
            Sealed::Put(self.puts.seal_upload(upload, life).await?)
        } else {
            let form = Form { bucket, key, kms_key_arn, content_type, size_bytes: 1..=LIMITS.max_bytes };
            Sealed::Form(self.forms.seal_form(form, life).await?)
        };
        let location = format!("image/{}", record.image_id);
        Ok(Ticket { image: record.image_id, location, sealed, end: life.end() })
    }

    /// The tickets of all of them.
    pub async fn sign_all(&self, records: &[Record], from: OffsetDateTime) -> Result<Vec<Ticket>, Error> {
        let mut tickets = Vec::with_capacity(records.len());
        for record in records {
            tickets.push(self.sign(record, from).await?);
        }
        Ok(tickets)
    }
}

impl Ticket {
    /// As the API describes it.
    pub fn to_json(&self) -> Value {
        let end = rfc3339(self.end);
        let upload = match &self.sealed {
            Sealed::Put(put) => {
                json!({ "method": "PUT", "url": put.url, "headers": put.headers, "expires_at": end })
            }
            Sealed::Form(form) => {
                json!({ "method": "POST", "url": form.url, "headers": {}, "fields": form.fields, "expires_at": end })
            }
        };
        json!({
            "image_id": self.image,
            "upload": upload,
            "limits": file_limits(),
            "status_url": self.location,
        })
    }
}

/// The limits of a file.
pub fn file_limits() -> Value {
    json!({
        "max_bytes": LIMITS.max_bytes,
        "max_side": LIMITS.max_side,
        "max_pixels": LIMITS.max_pixels,
        "max_frames": LIMITS.max_frames,
        "content_types": LIMITS.content_types,
    })
}
