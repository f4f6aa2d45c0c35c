//! Rejected photos, the newest first, merged from the shards of their index. Each shard is the newest first by itself.

use super::{Watch, number};
use darkroom_aws::acts::ReadActs;
use darkroom_aws::derived_key::DeriveKey;
use darkroom_aws::memory::TellDeletion;
use darkroom_aws::queues::MeasureQueue;
use darkroom_aws::records::ReadRecord;
use darkroom_aws::rejected::{ListRejected, Rejected};
use darkroom_aws::watching::WatchExecutions;
use darkroom_domain::cause::Cause;
use darkroom_domain::error::{ErrorCode, Kind};
use darkroom_domain::id::ImageId;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::shard::Shard;
use darkroom_domain::timestamp::rfc3339;
use darkroom_runtime::api::{Answer, Problem, Request};
use futures::future::try_join_all;
use serde::Serialize;
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Photos of each shard that one request looks at; the next request goes on.
const LOOKED_AT: i32 = 250;
/// Behind every time and every id.
const END: &str = "~";

#[derive(Serialize)]
struct Page<'a> {
    items: Vec<RejectedView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct RejectedView<'a> {
    image_id: ImageId,
    rejected_at: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stage: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution: Option<&'a str>,
}

impl<M, Q, T, K> Watch<M, Q, T, K>
where
    M: WatchExecutions,
    Q: MeasureQueue,
    T: ListRejected + ReadActs + ReadRecord + TellDeletion,
    K: DeriveKey,
{
    pub(super) async fn rejected(&self, request: &Request) -> Result<Answer, Problem> {
        let limit = number(request, "limit", 1..=100, 50)?;
        let limit = usize::try_from(limit).unwrap_or_default();
        let code = request.query("code")?.map(rejection).transpose()?;
        let since = since(request)?;
        // A cursor is valid for this list only.
        let context = format!("rejected {code:?} {:?}", request.query("since")?);
        let key = self.cursors.key().await?;
        let before = match request.query("cursor")? {
            None => END.to_owned(),
            Some(cursor) => {
                let opened = key.open(cursor, context.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok());
                opened.ok_or_else(|| Problem::field("cursor", "is not one that this list gave"))?
            }
        };
        // The times of an index end in fractions of a second, which sort before a `Z`.
        let from = since.trim_end_matches('Z');
        // The last page of a list may have left quarantine by now.
        if *before < *from {
            return Ok(Answer::json(200, &Page { items: Vec::new(), next_cursor: None })?);
        }
        let list = |shard| self.table.list_rejected(shard, from, &before, LOOKED_AT);
        let (found, mut next) = merged(try_join_all(Shard::all().map(list)).await?);
        let is_wanted = |rejected: &&Rejected| code.is_none_or(|code| rejected.outcome.code.as_deref() == Some(code));
        let mut wanted: Vec<_> = found.iter().filter(is_wanted).collect();
        if wanted.len() > limit {
            wanted.truncate(limit);
            next = wanted.last().map(|last| last.rejected_id.clone());
        }
        let items = wanted.into_iter().filter_map(view).collect();
        let next_cursor = next.map(|next| key.seal(next.as_bytes(), context.as_bytes()));
        Ok(Answer::json(200, &Page { items, next_cursor })?)
    }
}

/// The photos of all shards, the newest first, as far as all shards are known; and the last of them, if there may be more.
fn merged(shards: Vec<(Vec<Rejected>, bool)>) -> (Vec<Rejected>, Option<String>) {
    let last = |(found, has_more): &(Vec<Rejected>, bool)| found.last().filter(|_| *has_more).cloned();
    let horizon = shards.iter().filter_map(last).map(|last| last.rejected_id).max();
    let mut found: Vec<_> = shards.into_iter().flat_map(|(found, _)| found).collect();
    found.retain(|rejected| horizon.as_ref().is_none_or(|horizon| rejected.rejected_id >= *horizon));
    found.sort_unstable_by(|one, other| other.rejected_id.cmp(&one.rejected_id));
    (found, horizon)
}

fn view(rejected: &Rejected) -> Option<RejectedView<'_>> {
    let (rejected_at, image_id) = rejected.parts()?;
    let outcome = &rejected.outcome;
    let cause = outcome.message.as_deref().map(Cause::read);
    let (message, release) = cause.map_or((None, None), |cause| (Some(cause.message), cause.release));
    Some(RejectedView {
        image_id,
        rejected_at,
        code: outcome.code.as_deref(),
        stage: outcome.stage.as_deref(),
        message,
        release,
        execution: outcome.execution.as_deref(),
    })
}

/// The second from which photos are listed: not before a photo of then has left quarantine.
fn since(request: &Request) -> Result<String, Problem> {
    let kept = request.arrived() - Duration::from_secs(LIMITS.quarantine_s);
    let asked = match request.query("since")? {
        None => kept,
        Some(text) => OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| Problem::field("since", "must be a time such as 2026-01-31T12:00:00Z"))?,
    };
    let second = asked.max(kept).to_offset(time::UtcOffset::UTC);
    Ok(rfc3339(second.replace_nanosecond(0).unwrap_or(second)))
}

fn rejection(text: &str) -> Result<&'static str, Problem> {
    let code = ErrorCode::from_name(text).filter(|code| code.kind() == Kind::Rejection);
    code.map(ErrorCode::name).ok_or_else(|| Problem::field("code", "must be the name of a rejection: Image.…"))
}
