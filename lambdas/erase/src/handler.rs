//! One message, one account. Albums and share links are removed first, then the photos, then the user. The message is
//! deleted last, so if a step fails, it comes again and the rest is removed (R58). Each step may be repeated.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use darkroom_aws::deletion::{Buckets, remove_photo};
use darkroom_aws::edit_record::DeleteRecord;
use darkroom_aws::identity::CloseAccount;
use darkroom_aws::memory::RememberErasure;
use darkroom_aws::owners::ForgetOwner;
use darkroom_aws::removal::RemoveObjects;
use darkroom_aws::visibility::ChangeVisibility;
use darkroom_domain::erasure::{self, Erasure};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::protocol::DeletionStart;
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_runtime::batch::{self, Verdict};
use futures::stream::{self, StreamExt, TryStreamExt};
use lambda_runtime::{Diagnostic, LambdaEvent};
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// For how long one call begins with further photos. That is well below the alarm's limit of four fifths of the
/// function's timeout, since the photos that were begun are finished.
pub const WORK_TIME: Duration = Duration::from_mins(3);
/// Photos that are removed at the same time; each takes a handful of calls that mostly wait.
const AT_ONCE: usize = 16;
/// How long an account with photos under development waits, by how often it has waited. An execution ends within an
/// hour.
const PAUSES: [Duration; 4] =
    [Duration::from_mins(1), Duration::from_mins(5), Duration::from_mins(15), Duration::from_mins(30)];

/// Erases accounts.
pub struct Eraser<T, S, A, Q> {
    pub table: T,
    pub objects: S,
    pub accounts: A,
    pub queue: Q,
    pub queue_url: String,
    pub originals_bucket: String,
    pub images_bucket: String,
    pub work_time: Duration,
}

/// What is left of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Nothing,
    /// Photos for which no time was left.
    Photos,
    /// Photos that an execution may be writing at this moment.
    Busy,
}

impl<T, S, A, Q> Eraser<T, S, A, Q>
where
    T: DeleteRecord + ForgetOwner + RememberErasure,
    S: RemoveObjects,
    A: CloseAccount,
    Q: ChangeVisibility,
{
    /// The messages of one call.
    pub async fn erase_all(
        &self,
        event: LambdaEvent<SqsEvent>,
        now: OffsetDateTime,
    ) -> Result<SqsBatchResponse, Diagnostic> {
        let handler = async |message: &SqsMessage| self.erase(message, now).await;
        batch::each(event, &handler).await
    }

    async fn erase(&self, message: &SqsMessage, now: OffsetDateTime) -> Result<Verdict, Error> {
        let Erasure { owner_id: owner, asked_at } = read(message)?;
        self.accounts.close_account(&owner).await?;
        let rest = self.erase_owner(&owner, now).await?;
        let pause = match rest {
            Rest::Photos => Duration::ZERO,
            Rest::Busy => pause(message),
            Rest::Nothing => {
                self.accounts.delete_account(&owner).await?;
                // The gateway still takes its tokens: a last look erases what their holder makes meanwhile.
                let last = erasure::afterwards().as_secs().saturating_add_signed(asked_at - now.unix_timestamp());
                if last == 0 {
                    tracing::info!(owner_id = %owner, "account erased");
                    return Ok(Verdict::Done);
                }
                Duration::from_secs(last)
            }
        };
        tracing::info!(owner_id = %owner, rest = ?rest, again_in_s = pause.as_secs(), "to be looked at again");
        let receipt = message.receipt_handle.as_deref().unwrap_or_default();
        // If this fails, the message comes again after the queue's own visibility timeout instead.
        if let Err(error) = self.queue.change_visibility(&self.queue_url, receipt, pause).await {
            tracing::warn!(code = error.code.name(), detail = error.detail, "goes on without");
        }
        Ok(Verdict::Again)
    }

    async fn erase_owner(&self, owner: &OwnerId, now: OffsetDateTime) -> Result<Rest, Error> {
        let began = Instant::now();
        // First, so that each original that arrives from now on is hidden, also one of a ticket that is deleted next.
        self.table.remember_erasure(owner, now).await?;
        self.table.forget_all_but_photos(owner).await?;
        let (mut behind, mut busy) = (None, false);
        loop {
            let photos = self.table.photos_behind(owner, behind).await?;
            let Some(last) = photos.last().copied() else { break };
            if began.elapsed() >= self.work_time {
                return Ok(Rest::Photos);
            }
            let removals = stream::iter(photos).map(|image| self.remove(owner, image, now)).buffer_unordered(AT_ONCE);
            busy |= removals.try_fold(false, |some, one| async move { Ok(some | one) }).await?;
            behind = Some(last);
        }
        if busy {
            return Ok(Rest::Busy);
        }
        // Originals of deleted tickets are there without a record, hidden.
        self.objects.remove_objects(&self.originals_bucket, &key::uploads_of(owner)).await?;
        Ok(Rest::Nothing)
    }

    /// Removes a photo. True if it must wait for its execution.
    async fn remove(&self, owner: &OwnerId, image: ImageId, now: OffsetDateTime) -> Result<bool, Error> {
        match self.table.begin_deletion(owner, image, now).await? {
            DeletionStart::Started => {}
            DeletionStart::Busy => return Ok(true),
            DeletionStart::NoImage => {
                self.table.forget_expired(owner, image, now).await?;
                return Ok(false);
            }
        }
        let buckets = Buckets { originals: &self.originals_bucket, images: &self.images_bucket };
        remove_photo(&self.table, &self.objects, buckets, owner, image, now).await?;
        Ok(false)
    }
}

fn read(message: &SqsMessage) -> Result<Erasure, Error> {
    let erasure: Erasure = serde_json::from_str(message.body.as_deref().unwrap_or_default())
        .map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("not an erasure: {why}")))?;
    if erasure.owner_id == OwnerId::operator() {
        // Imports do not belong to an account.
        return Err(Error::new(ErrorCode::WorkerBadInput, "the operator's photos are not erased"));
    }
    Ok(erasure)
}

/// Longer each time the queue hands the message out.
fn pause(message: &SqsMessage) -> Duration {
    let received: usize =
        message.attributes.get("ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1);
    PAUSES[received.clamp(1, PAUSES.len()) - 1]
}

#[cfg(test)]
mod tests;
