//! Gives out upload tickets: writes a record for the expected photo, and signs an upload of exactly that. It counts the
//! day's quota, so it also answers `/me`.

use crate::account;
use crate::curl;
use crate::ticket::{Sealed, Signer, Ticket};
use crate::upload_request::{self, BatchRequest, Declared, UploadRequest};
use darkroom_aws::accounts::{ChangeProfile, ReadProfile, ReadUsage};
use darkroom_aws::forms::SealForm;
use darkroom_aws::ready::GlimpseReady;
use darkroom_aws::signing::SealUpload;
use darkroom_aws::tickets::{IdempotencyRecord, RenewTicket, Renewed, Tickets, Usage, WriteTickets, Written, midnight};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::Record;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::{ErrorCode, hex};
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::time::Duration;
use time::OffsetDateTime;

const KEY_MAX: usize = 255;

/// The routes and what they need.
pub struct Upload<T, S, F> {
    pub table: T,
    pub signer: Signer<S, F>,
    pub client_id: String,
}

impl<T, S, F> Upload<T, S, F>
where
    T: WriteTickets + RenewTicket + ReadProfile + ChangeProfile + ReadUsage + GlimpseReady,
    S: SealUpload,
    F: SealForm,
{
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        match request.route() {
            ("POST", "/upload") => self.one(request, &owner).await,
            ("POST", "/uploads") => self.many(request, &owner).await,
            ("POST", "/upload/{image_id}") => self.renewed(request, &owner).await,
            ("GET", "/s3/params") => self.form(request, &owner).await,
            // Boxed: they ask for three things at once, and their futures are as large.
            ("GET", "/me") => Box::pin(account::show(&self.table, &owner, request)).await,
            ("PUT", "/me") => Box::pin(account::change(&self.table, &owner, request)).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn one(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let photo: UploadRequest = request.json()?;
        let mut fields = Fields::default();
        let declared = photo.checked(&mut fields, "");
        // A curl config file cannot hold a form.
        fields.check(!is_for_curl(request) || photo.size_bytes.is_some(), "size_bytes", || "curl needs it".into());
        fields.done()?;
        let idempotency = idempotency_record(request, &json!(photo))?;
        let tickets = self.given(owner, &[declared], idempotency, request.arrived()).await?;
        tickets.first().map_or_else(|| Err(ErrorCode::WorkerBug.into()), |ticket| ticket_answer(request, ticket))
    }

    async fn many(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let batch: BatchRequest = request.json()?;
        let declared = batch.checked()?;
        let idempotency = idempotency_record(request, &json!(batch))?;
        let tickets = self.given(owner, &declared, idempotency, request.arrived()).await?;
        let tickets: Vec<Value> = tickets.iter().map(Ticket::to_json).collect();
        Ok(Answer::json(201, &json!({ "tickets": tickets }))?)
    }

    async fn renewed(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let image = ImageId::parse(request.path("image_id"))?;
        let now = request.arrived();
        let until = now + Duration::from_secs(LIMITS.awaiting_upload_s);
        let record = match self.table.renew_ticket(owner, image, now, until).await? {
            Renewed::Awaited(record) => record,
            Renewed::Arrived => {
                return Err(Problem::from(ErrorCode::RequestConflict).detail("The photo has arrived already."));
            }
            Renewed::Unknown => return Err(ErrorCode::RequestNotFound.into()),
        };
        let ticket = self.signer.sign(&record, now).await?;
        tracing::info!(image_id = %image, "ticket renewed");
        ticket_answer(request, &ticket)
    }

    /// The contract of Uppy's plugin for S3, which sends a name and a type, and posts the form of the answer.
    async fn form(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let mut fields = Fields::default();
        let declared = upload_request::of_uppy(&mut fields, request.query("filename")?, request.query("type")?);
        fields.done()?;
        let tickets = self.given(owner, &[declared], None, request.arrived()).await?;
        match tickets.as_slice() {
            [Ticket { image, sealed: Sealed::Form(form), .. }] => {
                let body = json!({
                    "method": "POST",
                    "url": form.url,
                    "fields": form.fields,
                    "expires": LIMITS.upload_url_s,
                    "image_id": image,
                });
                Ok(Answer::json(200, &body)?)
            }
            _ => Err(ErrorCode::WorkerBug.into()),
        }
    }

    async fn given(
        &self,
        owner: &OwnerId,
        declared: &[Declared],
        idempotency: Option<IdempotencyRecord>,
        now: OffsetDateTime,
    ) -> Result<Vec<Ticket>, Problem> {
        let new: Vec<ImageId> = declared.iter().map(|_| ImageId::new()).collect();
        let records = recorded(owner, declared, &new, now);
        // Signed before it is written down: a ticket that cannot be signed leaves no record behind.
        let tickets = self.signer.sign_all(&records, now).await?;
        let bytes = declared.iter().map(|photo| photo.size_bytes.unwrap_or(LIMITS.max_bytes)).sum();
        let written = Tickets {
            owner,
            records: &records,
            takes: Usage { images: declared.len() as u64, bytes },
            quota: Usage { images: LIMITS.images_per_day, bytes: LIMITS.bytes_per_day },
            idempotency: idempotency.as_ref(),
            now,
        };
        match self.table.write_tickets(&written).await? {
            Written::Now => {
                for record in &records {
                    tracing::info!(image_id = %record.image_id, size_bytes = record.size_bytes, "ticket given");
                }
                Ok(tickets)
            }
            // Signed with the stored time, so that it is the same ticket and not a longer one.
            Written::Before(images, then) => {
                tracing::info!(images = images.len(), "ticket given again");
                Ok(self.signer.sign_all(&recorded(owner, declared, &images, then), then).await?)
            }
            Written::AnotherBody => Err(ErrorCode::RequestIdempotencyMismatch.into()),
            Written::NoAlbum(album) => Err(upload_request::no_album(declared, album)),
            Written::OverQuota(used) => Err(over_quota(used, written.takes, now)),
        }
    }
}

fn recorded(owner: &OwnerId, declared: &[Declared], images: &[ImageId], now: OffsetDateTime) -> Vec<Record> {
    declared.iter().zip(images).map(|(photo, image)| photo.record(owner.clone(), *image, now)).collect()
}

/// The request of the client's key, if it gave one. Bodies are compared by their meaning, not by their spaces.
fn idempotency_record(request: &Request, wanted: &Value) -> Result<Option<IdempotencyRecord>, Problem> {
    if !request.has_header("idempotency-key") {
        return Ok(None);
    }
    let key = request.header("idempotency-key").unwrap_or_default();
    let fits = (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if !fits {
        return Err(Problem::field("Idempotency-Key", format!("must have 1 to {KEY_MAX} visible ASCII characters")));
    }
    let body = format!("{}\n{wanted}", request.resource());
    let kept = Duration::from_secs(LIMITS.idempotency_s);
    Ok(Some(IdempotencyRecord { key: hex(&Sha256::digest(key)), body: hex(&Sha256::digest(body)), kept }))
}

fn ticket_answer(request: &Request, ticket: &Ticket) -> Result<Answer, Problem> {
    let answer = match &ticket.sealed {
        Sealed::Put(put) if is_for_curl(request) => {
            Answer::text(201, curl::MEDIA_TYPE, curl::config(ticket.image, put))
        }
        _ => Answer::json(201, &ticket.to_json())?,
    };
    Ok(answer.with("location", &ticket.location))
}

fn is_for_curl(request: &Request) -> bool {
    curl::is_wanted(request.header("accept").unwrap_or_default())
}

fn over_quota(used: Usage, takes: Usage, now: OffsetDateTime) -> Problem {
    let detail = if used.images + takes.images > LIMITS.images_per_day {
        format!("{} of {} images of this day (UTC) are used.", used.images, LIMITS.images_per_day)
    } else {
        format!("{} of {} bytes of this day (UTC) are used.", used.bytes, LIMITS.bytes_per_day)
    };
    let wait = (midnight(now) - now).whole_seconds() + 1;
    Problem::from(ErrorCode::RequestQuotaExceeded).detail(detail).retry_after(u32::try_from(wait).unwrap_or(86_400))
}

#[cfg(test)]
mod tests;
