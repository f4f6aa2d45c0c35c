//! Dead letters are sent back, all or chosen ones. Each is received, which hides it from others for a minute, and looked
//! at. A letter that is sent back is sent first and deleted then; the others are not touched, so none is ever lost.

use super::Mend;
use darkroom_aws::acts::WriteAct;
use darkroom_aws::executions::StartAgain;
use darkroom_aws::mark_arrival::MarkRestart;
use darkroom_aws::queues::{DeadLetter, MoveLetters};
use darkroom_aws::records::ReadRecord;
use darkroom_aws::visibility::ChangeVisibility;
use darkroom_aws::watching::WatchExecutions;
use darkroom_domain::act::Act;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::letter::{Subject, subject};
use darkroom_domain::record::{Record, Status};
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::api::{Answer, Problem, Request, no_null};
use futures::future::{join_all, try_join_all};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use time::OffsetDateTime;
use tracing::warn;

/// The queues whose dead letters can be sent back.
const REDRIVABLE: [&str; 3] = ["uploads", "webhooks", "erasures"];
const COUNT_MAX: u32 = 100;
/// Letters that one request looks at: received within seconds, and so before the first is seen again.
const LOOKED_AT: usize = 300;
/// As long as SQS keeps a dead letter.
const AGE_MAX_S: u64 = 14 * 86_400;
const CODE_LENGTH_MAX: usize = 64;

/// The letters that are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RedriveRequest {
    count: u32,
    #[serde(default)]
    dry_run: bool,
    #[serde(default, deserialize_with = "no_null")]
    code: Option<String>,
    #[serde(default, deserialize_with = "no_null")]
    owner_id: Option<OwnerId>,
    #[serde(default, deserialize_with = "no_null")]
    older_than_s: Option<u64>,
}

#[derive(Serialize)]
struct Redriven<'a> {
    queue: &'a str,
    moved: usize,
    looked_at: usize,
    dry_run: bool,
    letters: Vec<LetterView>,
}

/// A letter without its owner and body (ADR 54).
#[derive(Debug, Serialize)]
struct LetterView {
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<ImageId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<String>,
    received: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Status>,
}

impl<M, Q, T> Mend<M, Q, T>
where
    M: WatchExecutions + StartAgain,
    Q: MoveLetters + ChangeVisibility,
    T: WriteAct + MarkRestart + ReadRecord,
{
    /// A dry run tells what each letter is, and is not an act.
    pub(super) async fn redrive(&self, request: &Request) -> Result<Answer, Problem> {
        let queue = REDRIVABLE.into_iter().find(|queue| *queue == request.path("name"));
        let queue = queue.ok_or(ErrorCode::RequestNotFound)?;
        let wanted: RedriveRequest = request.json()?;
        wanted.check()?;
        if wanted.dry_run {
            let (redriven, outcome) = self.look_through(queue, &wanted, request.arrived()).await;
            outcome?;
            return Ok(Answer::json(200, &redriven)?);
        }
        let operator = request.operator(&self.client_id)?;
        let mut act = Act::redrive(operator, rfc3339(request.arrived()), queue, wanted.count);
        self.write_down(&act, request).await?;
        let (redriven, outcome) = self.look_through(queue, &wanted, request.arrived()).await;
        act.moved = Some(u32::try_from(redriven.moved).unwrap_or(u32::MAX));
        self.write_result(&act, request).await;
        outcome?;
        Ok(Answer::json(200, &redriven)?)
    }

    /// Ten at a time, until the asked number is found, enough are looked at, or SQS returns no more. What was done, and
    /// the error that stopped it, if any.
    async fn look_through<'a>(
        &self,
        queue: &'a str,
        wanted: &RedriveRequest,
        now: OffsetDateTime,
    ) -> (Redriven<'a>, Result<(), Error>) {
        let (to, from) = (format!("{}{queue}", self.queue_url_prefix), format!("{}{queue}-dlq", self.queue_url_prefix));
        let mut redriven = Redriven { queue, moved: 0, looked_at: 0, dry_run: wanted.dry_run, letters: Vec::new() };
        let mut held = Vec::new();
        let outcome = loop {
            let left = LOOKED_AT.saturating_sub(redriven.looked_at);
            let missing = (wanted.count as usize).saturating_sub(redriven.letters.len()).min(left);
            if missing == 0 {
                break Ok(());
            }
            // Of a chosen few, more must be looked at than are asked for.
            let at_most = if wanted.is_choosy() { left } else { missing };
            let mut letters = match self.queues.receive(&from, u32::try_from(at_most).unwrap_or(u32::MAX)).await {
                Ok(letters) if letters.is_empty() => break Ok(()),
                Ok(letters) => letters,
                Err(error) => break Err(error),
            };
            redriven.looked_at += letters.len();
            let views = match try_join_all(letters.iter().map(|letter| self.look(queue, letter, wanted, now))).await {
                Ok(views) => views,
                Err(error) => {
                    held.append(&mut letters);
                    break Err(error);
                }
            };
            let mut chosen: Vec<(DeadLetter, LetterView)> = Vec::new();
            for (letter, view) in letters.into_iter().zip(views) {
                match view {
                    Some(view) if chosen.len() < missing => chosen.push((letter, view)),
                    _ => held.push(letter),
                }
            }
            if wanted.dry_run {
                for (letter, view) in chosen {
                    held.push(letter);
                    redriven.letters.push(view);
                }
                continue;
            }
            let sent = join_all(chosen.iter().map(|(letter, _)| self.queues.forward(letter, &from, &to))).await;
            let mut failure = None;
            for ((_, view), sent) in chosen.into_iter().zip(sent) {
                match sent {
                    Ok(()) => redriven.letters.push(view),
                    Err(error) => failure = Some(error),
                }
            }
            redriven.moved = redriven.letters.len();
            if let Some(error) = failure {
                break Err(error);
            }
        };
        // All that were not sent can be received again at once, unless there are more letters than one request looks at:
        // then these stay hidden for their minute, so that the next request looks at others.
        if wanted.dry_run || redriven.looked_at < LOOKED_AT {
            self.release(&from, &held).await;
        }
        (redriven, outcome)
    }

    /// What a letter is, if it fits.
    async fn look(
        &self,
        queue: &str,
        letter: &DeadLetter,
        wanted: &RedriveRequest,
        now: OffsetDateTime,
    ) -> Result<Option<LetterView>, Error> {
        let found = subject(queue, &letter.body);
        let Subject { owner, image, key, event } = found.clone().unwrap_or_default();
        let limit = wanted.older_than_s.map(|age| now - Duration::from_secs(age));
        let is_old = limit.is_none_or(|limit| letter.sent_at.is_some_and(|sent| sent <= limit));
        let is_of_owner = wanted.owner_id.as_ref().is_none_or(|wanted| owner.as_ref() == Some(wanted));
        if !is_old || !is_of_owner {
            return Ok(None);
        }
        let record: Option<Record> = match owner.zip(image) {
            Some((owner, image)) if wanted.dry_run || wanted.code.is_some() => {
                self.table.read_record(&owner, image).await?
            }
            _ => None,
        };
        let unread = found.is_none().then(|| ErrorCode::WorkerBadInput.name().to_owned());
        let code = letter.error_code.clone().or(unread);
        let code = code.or_else(|| record.as_ref()?.outcome.as_ref()?.code.clone());
        if wanted.code.is_some() && wanted.code != code {
            return Ok(None);
        }
        let sent_at = letter.sent_at.map(rfc3339);
        let record = record.map(|record| record.status);
        Ok(Some(LetterView { image_id: image, key, event, sent_at, received: letter.received, code, record }))
    }

    /// Otherwise they are hidden for the rest of their minute, which does no harm.
    async fn release(&self, queue_url: &str, letters: &[DeadLetter]) {
        let released =
            letters.iter().map(|letter| self.queues.change_visibility(queue_url, &letter.receipt, Duration::ZERO));
        if let Some(error) = join_all(released).await.into_iter().find_map(Result::err) {
            warn!(code = error.code.name(), detail = error.detail, "dead letters stay hidden for a minute");
        }
    }
}

impl RedriveRequest {
    fn check(&self) -> Result<(), Problem> {
        if !(1..=COUNT_MAX).contains(&self.count) {
            return Err(Problem::field("count", format!("must be 1 to {COUNT_MAX}")));
        }
        if self.older_than_s.is_some_and(|age| age > AGE_MAX_S) {
            return Err(Problem::field("older_than_s", format!("must be 0 to {AGE_MAX_S}")));
        }
        let is_name = |code: &String| {
            (1..=CODE_LENGTH_MAX).contains(&code.len())
                && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        if !self.code.as_ref().is_none_or(is_name) {
            return Err(Problem::field("code", "must be the name of an error"));
        }
        Ok(())
    }

    const fn is_choosy(&self) -> bool {
        self.code.is_some() || self.owner_id.is_some() || self.older_than_s.is_some()
    }
}
