//! The queue's side: reads an event, calls its owner's webhook if there is one, and decides about the next attempt. If
//! a receiver is down, its events come again for hours and are then given up, without a dead letter or an alarm. Only
//! errors of ours become dead letters.

use super::{Webhooks, host};
use crate::post::{Post, Refusal};
use crate::schedule;
use aws_lambda_events::sqs::{SqsBatchResponse, SqsMessage};
use darkroom_aws::deliveries::NoteAttempt;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::visibility::ChangeVisibility;
use darkroom_aws::webhooks::{Disabled, Failure, KeepWebhook, NoteDelivery, ReadWebhook, Webhook};
use darkroom_domain::delivery::{Delivered, Delivery};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::settings;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::batch::{self, Verdict};
use darkroom_runtime::metrics::Metrics;
use darkroom_runtime::worker;
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Instant;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

/// A webhook that has taken no event for so long is disabled with the next event that is given up.
const FAILING_AT_MOST: Duration = Duration::days(3);

/// An event as the rule puts it into the queue; the rest of its envelope names our account and is dropped. It is sent
/// in this form: the fields of `api/announcement.schema.json`, and the time.
#[derive(Serialize, Deserialize)]
struct Event {
    source: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    time: String,
    detail: Value,
}

/// One attempt to deliver one event.
struct Attempt<'a> {
    owner: OwnerId,
    webhook: Webhook,
    id: String,
    event: String,
    image: String,
    host: String,
    /// The first is 1.
    number: u32,
    message: &'a SqsMessage,
    now: OffsetDateTime,
}

impl<T, Q, K, P> Webhooks<T, Q, K, P>
where
    T: ReadWebhook + KeepWebhook + NoteDelivery + NoteAttempt,
    Q: ChangeVisibility,
    K: DeriveKey,
    P: Post,
{
    /// One batch from the queue.
    pub async fn deliver_all(
        &self,
        event: LambdaEvent<Value>,
        now: OffsetDateTime,
    ) -> Result<SqsBatchResponse, Diagnostic> {
        let LambdaEvent { payload, context, .. } = event;
        let batch = serde_json::from_value(payload)
            .map_err(|why| worker::diagnostic(Error::new(ErrorCode::WorkerBadInput, why.to_string())))?;
        let handler = async |message: &SqsMessage| self.deliver(message, now).await;
        batch::each(LambdaEvent::new(batch, context), &handler).await
    }

    async fn deliver(&self, message: &SqsMessage, now: OffsetDateTime) -> Result<Verdict, Error> {
        let event: Event = serde_json::from_str(message.body.as_deref().unwrap_or_default())
            .map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("not an event: {why}")))?;
        let named = |name: &str| event.detail[name].as_str().unwrap_or_default();
        let owner = OwnerId::parse(named("owner_id"))
            .map_err(|_| Error::new(ErrorCode::WorkerBadInput, "an event without an owner"))?;
        let (id, image) = (named("announcement_id"), named("image_id"));
        let webhook = self.table.webhook(&owner).await?;
        let Some(webhook) = webhook.filter(|webhook| webhook.disabled_at.is_none()) else {
            tracing::info!(
                announcement_id = id,
                image_id = image,
                why = "its owner has no webhook, or a disabled one",
                "ignored"
            );
            return Ok(Verdict::Done);
        };
        let attempt = Attempt {
            id: id.into(),
            event: event.detail_type.clone(),
            image: image.into(),
            host: host(&webhook, &self.trusted),
            number: times_received(message),
            owner,
            webhook,
            message,
            now,
        };
        let body = serde_json::to_string(&event).map_err(|why| Error::new(ErrorCode::WorkerBug, why.to_string()))?;
        let began = Instant::now();
        let sent = self.send(&attempt.owner, &attempt.webhook, attempt.id.clone(), body, now).await;
        let outcome = match sent {
            Ok(outcome) => outcome,
            Err(error) => {
                let (at, event) = (rfc3339(now), attempt.event.clone());
                let at_most = settings::webhook_deliveries_at_most();
                self.remember(&attempt, Delivery::failed(at, event, attempt.number, error.code, at_most)).await;
                return Err(error);
            }
        };
        let duration_ms = began.elapsed().as_secs_f64() * 1000.0;
        Metrics::new().value("WebhookDuration", "Milliseconds", duration_ms).emit();
        match outcome {
            Ok(status) => {
                let Attempt { id, image, host, number, .. } = &attempt;
                tracing::info!(
                    announcement_id = id,
                    image_id = image,
                    host,
                    attempt = number,
                    status,
                    duration_ms,
                    "delivered"
                );
                Metrics::new().count("WebhookDelivered").emit();
                let noted = self.table.note_delivered(&attempt.owner, &attempt.webhook, now).await;
                log_failure(noted);
                let delivered = attempt.ended(Delivered::Delivered, None, Some(status), None);
                self.remember(&attempt, delivered).await;
                Ok(Verdict::Done)
            }
            Err(refusal) => Ok(self.refused(&attempt, refusal, duration_ms).await),
        }
    }

    /// For operators, who ask for a photo's story.
    async fn remember(&self, attempt: &Attempt<'_>, delivery: Delivery) {
        if let Ok(image) = ImageId::parse(&attempt.image) {
            log_failure(self.table.note_attempt(&attempt.owner, image, &delivery, attempt.now).await);
        }
    }

    async fn refused(&self, attempt: &Attempt<'_>, refusal: Refusal, duration_ms: f64) -> Verdict {
        let Attempt { owner, webhook, id, image, host, number, message, now, .. } = attempt;
        let (reason, status) = (refusal.reason(), refusal.status());
        let wait = schedule::delay_after(*number, message.message_id.as_deref().unwrap_or_default());
        let disabled = match (status, wait) {
            (Some(410), _) => Some(Disabled::Gone),
            (_, None) if has_failed_for_too_long(webhook, *now) => Some(Disabled::Failing),
            _ => None,
        };
        let wait = wait.filter(|_| disabled.is_none());
        tracing::info!(
            announcement_id = id,
            image_id = image,
            host,
            attempt = number,
            reason,
            status,
            duration_ms,
            again_in_s = wait.map(|wait| wait.as_secs()),
            disabled = disabled.is_some(),
            "not delivered"
        );
        Metrics::new().count("WebhookRefused").emit();
        if wait.is_none() {
            Metrics::new().count("WebhookGivenUp").emit();
        }
        let failure = Failure { at: rfc3339(*now), reason: reason.into(), status };
        log_failure(self.table.note_failed(owner, webhook, &failure, disabled).await);
        let result = if wait.is_some() { Delivered::Refused } else { Delivered::GivenUp };
        self.remember(attempt, attempt.ended(result, Some(reason), status, wait.map(|wait| wait.as_secs()))).await;
        let Some(wait) = wait else { return Verdict::Done };
        let receipt = message.receipt_handle.as_deref().unwrap_or_default();
        // If this fails, the message comes again after the queue's own visibility timeout instead.
        log_failure(self.queue.change_visibility(&self.queue_url, receipt, wait).await);
        Verdict::Again
    }
}

impl Attempt<'_> {
    fn ended(&self, result: Delivered, why: Option<&str>, status: Option<u16>, again_in_s: Option<u64>) -> Delivery {
        let (at, event, reason) = (rfc3339(self.now), self.event.clone(), why.map(Into::into));
        Delivery { at, event, attempt: self.number, result, status, reason, again_in_s }
    }
}

/// The event's next step is decided; a lost note about it must not change that.
fn log_failure(done: Result<(), Error>) {
    if let Err(error) = done {
        tracing::warn!(code = error.code.name(), detail = error.detail, "goes on without");
    }
}

fn has_failed_for_too_long(webhook: &Webhook, now: OffsetDateTime) -> bool {
    let since = webhook.failing_since.as_deref().and_then(|since| OffsetDateTime::parse(since, &Rfc3339).ok());
    since.is_some_and(|since| now - since >= FAILING_AT_MOST)
}

/// Which delivery of the message this is, by the queue's count.
fn times_received(message: &SqsMessage) -> u32 {
    message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1)
}
