//! Gives out an upload ticket: notes in the table what is to come, and signs a PUT of exactly that.

use crate::curl;
use darkroom::aws::records::CreateRecord;
use darkroom::aws::signing::{self, Lifetime, SealUpload};
use darkroom::runtime::api::{Answer, Fields, Problem, Request, no_null};
use darkroom::runtime::rfc3339;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{Record, Status, Visibility};
use darkroom_domain::settings::LIMITS;
use darkroom_domain::{ErrorCode, key};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use time::OffsetDateTime;

const FILENAME_MAX: usize = 255;

/// The route and what it needs.
pub struct Upload<T, S> {
    pub records: T,
    pub objects: S,
    pub table: String,
    pub bucket: String,
    pub kms_key_arn: String,
    pub client_id: String,
}

/// What the client says of its file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    filename: String,
    content_type: String,
    size_bytes: u64,
    #[serde(default, deserialize_with = "no_null")]
    sha256: Option<String>,
}

/// The same, checked.
struct Declared {
    filename: String,
    content_type: String,
    size_bytes: u64,
    sha256: Option<[u8; 32]>,
}

impl<T: CreateRecord, S: SealUpload> Upload<T, S> {
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        match request.route() {
            ("POST", "/upload") => self.ticket(request).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn ticket(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        let declared = request.json::<Wanted>()?.checked()?;
        let image = ImageId::new();
        let life = Lifetime { from: request.arrived(), length: Duration::from_secs(LIMITS.upload_url_seconds) };
        let upload = signing::Upload {
            bucket: &self.bucket,
            key: &key::upload(&owner, image),
            kms_key_arn: &self.kms_key_arn,
            content_type: &declared.content_type,
            size_bytes: declared.size_bytes,
            sha256: declared.sha256,
        };
        // Signed before it is written down: a ticket that cannot be signed leaves no record behind.
        let signed = self.objects.seal_upload(upload, life).await?;
        self.records.create_record(&self.table, &declared.record(owner, image, request.arrived())).await?;
        tracing::info!(image_id = %image, size_bytes = declared.size_bytes, "ticket given");

        // Relative to the API's URL, which is also what it means relative to this request's.
        let status_url = format!("image/{image}");
        let answer = if curl::is_wanted(request.header("accept").unwrap_or_default()) {
            Answer::text(201, curl::MEDIA_TYPE, curl::config(image, &signed))
        } else {
            let ticket = json!({
                "image_id": image,
                "upload": {
                    "method": "PUT",
                    "url": signed.url,
                    "headers": signed.headers,
                    "expires_at": rfc3339(life.end()),
                },
                "limits": {
                    "max_bytes": LIMITS.max_bytes,
                    "max_side": LIMITS.max_side,
                    "max_pixels": LIMITS.max_pixels,
                    "max_frames": LIMITS.max_frames,
                    "content_types": LIMITS.content_types,
                },
                "status_url": status_url,
            });
            Answer::json(201, &ticket)?
        };
        Ok(answer.with("location", &status_url))
    }
}

impl Wanted {
    fn checked(self) -> Result<Declared, Problem> {
        let mut fields = Fields::default();
        fields.check(is_filename(&self.filename), "filename", || {
            format!("must have 1 to {FILENAME_MAX} characters, no slashes, no control or direction marks")
        });
        fields.check(LIMITS.content_types.contains(&self.content_type), "content_type", || {
            format!("must be one of {}", LIMITS.content_types.join(", "))
        });
        fields.check((1..=LIMITS.max_bytes).contains(&self.size_bytes), "size_bytes", || {
            format!("must be 1 to {}", LIMITS.max_bytes)
        });
        let sha256 = self.sha256.as_deref().map(unhex);
        fields.check(sha256 != Some(None), "sha256", || "must be 64 hexadecimal digits".into());
        fields.done()?;
        Ok(Declared {
            filename: self.filename,
            content_type: self.content_type,
            size_bytes: self.size_bytes,
            sha256: sha256.flatten(),
        })
    }
}

impl Declared {
    fn record(&self, owner: OwnerId, image: ImageId, now: OffsetDateTime) -> Record {
        let forget_at = now + Duration::from_secs(LIMITS.awaiting_upload_seconds);
        Record {
            object_key: key::upload(&owner, image),
            image_id: image,
            owner_id: owner,
            status: Status::AwaitingUpload,
            filename: Some(self.filename.clone()),
            content_type: Some(self.content_type.clone()),
            size_bytes: Some(self.size_bytes),
            sha256: self.sha256.map(|digest| darkroom_domain::hex(&digest)),
            version_id: None,
            execution: None,
            album_id: None,
            visibility: Visibility::Private,
            caption: None,
            created_at: rfc3339(now),
            arrived_at: None,
            updated_at: rfc3339(now),
            expires_at: Some(forget_at.unix_timestamp()),
            outcome: None,
            source: None,
            facts: None,
            variants: BTreeMap::new(),
        }
    }
}

/// A name that can be shown anywhere: no path, no control characters, and nothing that makes the end of a name look
/// like its middle.
fn is_filename(name: &str) -> bool {
    let unfit = |c: char| {
        c.is_control()
            || matches!(c, '/' | '\\' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    (1..=FILENAME_MAX).contains(&name.chars().count()) && !name.contains(unfit)
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect();
    bytes.try_into().ok().filter(|_| digits.len() == 64)
}

#[cfg(test)]
mod tests;
