//! The routes of a user's webhook, and the parts that both they and the queue need to call it.

mod deliver;

use crate::destination::{Destination, Trusted};
use crate::post::{Post, Refusal, SignedEvent};
use crate::signature::{self, Secret};
use darkroom_aws::deliveries::NoteAttempt;
use darkroom_aws::derived_key::{DeriveKey, DerivedKey};
use darkroom_aws::visibility::ChangeVisibility;
use darkroom_aws::webhooks::{Disabled, Failure, KeepWebhook, NoteDelivery, ReadWebhook, Webhook};
use darkroom_domain::id::OwnerId;
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use time::OffsetDateTime;

/// The routes, the queue's messages, and what they need.
pub struct Webhooks<T, Q, K, P> {
    pub table: T,
    pub queue: Q,
    pub key: DerivedKey<K>,
    pub post: Arc<P>,
    pub trusted: Trusted,
    pub queue_url: String,
    pub client_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewWebhook {
    url: String,
}

/// A webhook as its owner sees it.
#[derive(Serialize)]
struct WebhookView<'a> {
    url: &'a str,
    state: &'static str,
    created_at: &'a str,
    updated_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    delivered_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<&'a Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_because: Option<Disabled>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl<T, Q, K, P> Webhooks<T, Q, K, P>
where
    T: ReadWebhook + KeepWebhook + NoteDelivery + NoteAttempt,
    Q: ChangeVisibility,
    K: DeriveKey,
    P: Post,
{
    /// Answers one request.
    pub async fn handle(&self, request: &Request) -> Result<Answer, Problem> {
        let owner = request.owner(&self.client_id)?;
        match request.route() {
            ("GET", "/me/webhook") => self.show(&owner).await,
            ("PUT", "/me/webhook") => self.set(request, &owner).await,
            ("POST", "/me/webhook/secret") => self.rotate(request, &owner).await,
            ("DELETE", "/me/webhook") => self.delete(&owner).await,
            ("POST", "/me/webhook/test") => self.try_out(request, &owner).await,
            _ => Err(ErrorCode::RequestNotFound.into()),
        }
    }

    async fn show(&self, owner: &OwnerId) -> Result<Answer, Problem> {
        let webhook = self.table.webhook(owner).await?.ok_or(ErrorCode::RequestNotFound)?;
        Ok(Answer::json(200, &view(&webhook, None))?)
    }

    /// Only this answer and that of a rotation have the secret: an owner who has lost it sets the same URL again.
    async fn set(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let NewWebhook { url } = request.json()?;
        let to = Destination::parse(&url, &self.trusted).map_err(|why| Problem::field("url", why))?;
        // Before any write, since a webhook is useless if its owner cannot get the secret.
        let key = self.key.key().await?;
        let webhook = self.table.set_webhook(owner, &url, request.arrived()).await?;
        tracing::info!(host = to.host(), "webhook set");
        Ok(Answer::json(200, &view(&webhook, Some(Secret::of(key, owner, &webhook))))?)
    }

    async fn rotate(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let key = self.key.key().await?;
        let webhook = self.table.rotate_secret(owner, request.arrived()).await?;
        let webhook = webhook.ok_or(ErrorCode::RequestNotFound)?;
        tracing::info!("webhook's secret rotated");
        Ok(Answer::json(200, &view(&webhook, Some(Secret::of(key, owner, &webhook))))?)
    }

    async fn delete(&self, owner: &OwnerId) -> Result<Answer, Problem> {
        if !self.table.delete_webhook(owner).await? {
            return Err(ErrorCode::RequestNotFound.into());
        }
        tracing::info!("webhook deleted");
        Ok(Answer::empty(204))
    }

    /// Sends a test event once and returns the result, which is not noted on the webhook.
    async fn try_out(&self, request: &Request, owner: &OwnerId) -> Result<Answer, Problem> {
        let webhook = self.table.webhook(owner).await?.ok_or(ErrorCode::RequestNotFound)?;
        let (id, now) = (format!("test-{}", request.id()), request.arrived());
        let body = json!({
            "source": "darkroom",
            "detail-type": "Webhook Test",
            "time": rfc3339(now),
            "detail": { "version": 1, "announcement_id": id, "owner_id": owner },
        });
        let outcome = self.send(owner, &webhook, id, body.to_string(), now).await?;
        tracing::info!(host = host(&webhook, &self.trusted), outcome = word(outcome), "webhook tried out");
        let told = match outcome {
            Ok(status) => json!({ "delivered": true, "status": status }),
            Err(Refusal::Status(status)) => json!({ "delivered": false, "reason": "status", "status": status }),
            Err(refusal) => json!({ "delivered": false, "reason": refusal.reason() }),
        };
        Ok(Answer::json(200, &told)?)
    }

    /// Signs an event and calls the webhook, once. A failure of the receiver is a result, not an error of ours.
    async fn send(
        &self,
        owner: &OwnerId,
        webhook: &Webhook,
        id: String,
        body: String,
        now: OffsetDateTime,
    ) -> Result<Result<u16, Refusal>, Error> {
        // Checked again, since the operator may allow fewer hosts than when it was set.
        let Ok(to) = Destination::parse(&webhook.url, &self.trusted) else { return Ok(Err(Refusal::NotPublic)) };
        let secrets = Secret::good(self.key.key().await?, owner, webhook, now);
        let timestamp = now.unix_timestamp();
        let signature = signature::signature(&secrets, &id, timestamp, &body);
        let (post, signed) = (self.post.clone(), SignedEvent { id, timestamp, signature, body });
        let sent = tokio::task::spawn_blocking(move || post.post(&to, &signed)).await;
        sent.map_err(|why| Error::new(ErrorCode::WorkerBug, format!("post: {why}")))
    }
}

fn view(webhook: &Webhook, secret: Option<Secret>) -> WebhookView<'_> {
    WebhookView {
        url: &webhook.url,
        state: match (&webhook.disabled_at, &webhook.failing_since) {
            (Some(_), _) => "disabled",
            (None, Some(_)) => "failing",
            (None, None) => "active",
        },
        created_at: &webhook.created_at,
        updated_at: &webhook.updated_at,
        delivered_at: webhook.delivered_at.as_deref(),
        failing_since: webhook.failing_since.as_deref(),
        failure: webhook.failure.as_ref(),
        disabled_at: webhook.disabled_at.as_deref(),
        disabled_because: webhook.disabled_because,
        secret: secret.map(|secret| secret.encoded()),
    }
}

/// The only part of a URL that a log may hold.
fn host(webhook: &Webhook, trusted: &Trusted) -> String {
    Destination::parse(&webhook.url, trusted).map(|to| to.host().to_owned()).unwrap_or_default()
}

fn word(outcome: Result<u16, Refusal>) -> &'static str {
    outcome.map_or_else(Refusal::reason, |_| "delivered")
}

#[cfg(test)]
mod tests;
