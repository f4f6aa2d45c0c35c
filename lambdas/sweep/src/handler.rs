//! One run: the index of unfinished photos, shard by shard and the oldest first, and one step for each photo. A photo
//! that fails does not stop the others, but the run fails in the end, so that its alarm rings.

use crate::look::Plan;
use crate::report::{Report, Swept};
use crate::sweeper::{Run, Sweeper, WALK, logged};
use darkroom_aws::audit::{AuditRecords, KeepWalks};
use darkroom_aws::deletion::{Buckets, remove_photo};
use darkroom_aws::edit_record::DeleteRecord;
use darkroom_aws::keys::ListKeys;
use darkroom_aws::memory::RecallDeletions;
use darkroom_aws::originals::FindOriginal;
use darkroom_aws::quarantine::EndQuarantine;
use darkroom_aws::queues::TellArrival;
use darkroom_aws::removal::{HideOriginal, RemoveObjects, RemoveSuperseded};
use darkroom_aws::sweeping::{FindUnfinished, SettleUnfinished};
use darkroom_aws::watching::{Execution, WatchExecutions};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{Outcome, Status};
use darkroom_domain::shard::Shard;
use darkroom_domain::sweep::{self, Step};
use darkroom_domain::timestamp::rfc3339;
use darkroom_domain::{Error, ErrorCode};
use darkroom_runtime::{log, worker};
use futures::FutureExt;
use futures::future::join_all;
use futures::stream::{self, StreamExt};
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde_json::Value;
use std::panic::AssertUnwindSafe;
use time::OffsetDateTime;
use tokio::time::Instant;
use tracing::{Instrument, info_span};

/// Photos of one shard at the same time; each takes a few calls that mostly wait.
const AT_ONCE: usize = 4;

impl<T, S, M, Q> Sweeper<T, S, M, Q>
where
    T: EndQuarantine + FindUnfinished + SettleUnfinished + RecallDeletions + DeleteRecord + AuditRecords + KeepWalks,
    S: FindOriginal + RemoveObjects + RemoveSuperseded + ListKeys + HideOriginal,
    M: WatchExecutions,
    Q: TellArrival,
{
    /// One run, as the schedule calls it, or an operator with the right to call the function.
    pub async fn sweep(&self, event: LambdaEvent<Value>, now: OffsetDateTime) -> Result<Report, Diagnostic> {
        let request = &event.context.request_id;
        let span = info_span!("invocation", cold_start = log::cold_start(), function_request_id = request);
        self.scheduled(&event.payload, now).instrument(span).await.map_err(worker::diagnostic)
    }

    async fn scheduled(&self, event: &Value, now: OffsetDateTime) -> Result<Report, Error> {
        let is_dry = is_dry_run(event)?;
        let until = Instant::now() + self.work_time;
        let report = self.run(Run { now, until, walk: WALK, is_dry, is_by_clock: !is_dry }).await;
        if report.errors > 0 && !is_dry {
            let detail = format!("{} photos, shards or pages could not be swept: see the log", report.errors);
            return Err(Error::new(ErrorCode::TransientUnavailable, detail));
        }
        Ok(report)
    }

    /// Photos that have not ended first, then those whose quarantine is over, then the walk.
    pub async fn run(&self, run: Run) -> Report {
        let mut report = Report { dry_run: run.is_dry, ..Report::default() };
        // All shards at once, so that a long one takes no time from the others.
        for shard in join_all(Shard::all().map(|shard| self.sweep_shard(shard, run))).await {
            report.merge(shard);
        }
        report.merge(Box::pin(self.end_quarantines(run)).await);
        let walked = Box::pin(self.walk(run)).await;
        report.walked(walked);
        report.tell();
        report
    }

    async fn sweep_shard(&self, shard: Shard, run: Run) -> Report {
        let (mut report, mut behind) = (Report::default(), None);
        loop {
            let photos = match self.table.unfinished_behind(shard, behind).await {
                Ok(photos) => photos,
                Err(error) => {
                    logged(&error, None);
                    report.errors += 1;
                    return report;
                }
            };
            let Some((_, last)) = photos.last() else { return report };
            behind = Some(*last);
            let swept = stream::iter(&photos).map(|(owner, image)| self.one(owner, *image, run));
            let mut swept = swept.buffer_unordered(AT_ONCE);
            while let Some(one) = swept.next().await {
                report.add(one);
            }
        }
    }

    /// One photo, guarded against a panic too.
    async fn one(&self, owner: &OwnerId, image: ImageId, run: Run) -> Swept {
        if Instant::now() >= run.until {
            return Swept::Left;
        }
        if sweep::is_young(image, run.now) {
            return Swept::Took(image, Step::Leave);
        }
        // Boxed: the SDK's futures nest deeper than the compiler follows.
        let settled = AssertUnwindSafe(Box::pin(self.settle(owner, image, run))).catch_unwind().await;
        match settled.unwrap_or_else(|panic| Err(worker::bug(&*panic))) {
            Ok(step) => Swept::Took(image, step),
            Err(error) => {
                logged(&error, Some(image));
                Swept::Failed(image, error.code.name())
            }
        }
    }

    /// Carries the plan for a photo out, and says which step was taken: none if the record changed meanwhile.
    async fn settle(&self, owner: &OwnerId, image: ImageId, run: Run) -> Result<Step, Error> {
        let plan = self.plan(owner, image, run.now).await?;
        let step = plan.step();
        if run.is_dry || step == Step::Leave {
            return Ok(step);
        }
        let is_done = match &plan {
            Plan::Leave => false,
            Plan::Tell(seen, source) => {
                // Told first: if the note fails, the event is told twice, which is harmless.
                self.queue.tell_arrival(&self.queue_url, source).await?;
                self.table.note_told(owner, image, seen, run.now).await?;
                true
            }
            Plan::Fail(seen, last) => {
                self.table.record_failure(owner, image, seen, &stuck(last, run.now), run.now).await?
            }
            Plan::Unlist(seen, _) => self.table.unlist(owner, image, seen).await?,
            Plan::Delete => {
                let buckets = Buckets { originals: &self.originals_bucket, images: &self.images_bucket };
                remove_photo(&self.table, &self.objects, buckets, owner, image, run.now).await?;
                true
            }
        };
        if !is_done {
            return Ok(Step::Leave);
        }
        let (image_id, why) = (image.to_string(), step.why());
        match step {
            Step::CloseTicket | Step::Unlist => tracing::info!(image_id, ?step, why, "settled"),
            _ => tracing::warn!(image_id, ?step, why, "settled"),
        }
        Ok(step)
    }
}

/// The schedule's event says nothing; an operator sends `{"dry_run": true}`. Another value of that name is refused, since
/// a run that was meant to be dry must not write.
fn is_dry_run(event: &Value) -> Result<bool, Error> {
    match event.pointer("/detail/dry_run").or_else(|| event.get("dry_run")) {
        None => Ok(false),
        Some(Value::Bool(is_dry)) => Ok(*is_dry),
        Some(other) => Err(Error::new(ErrorCode::WorkerBadInput, format!("dry_run is {other}, not true or false"))),
    }
}

/// The outcome of an execution that recorded none. Its name is what an operator starts again.
fn stuck(last: &Execution, now: OffsetDateTime) -> Outcome {
    let message = format!("the execution ended as {:?} without an outcome in the record", last.status);
    Outcome {
        outcome: Status::Failed,
        code: Some(ErrorCode::WorkerStuck.name().into()),
        stage: None,
        message: Some(message),
        execution: Some(last.name.clone()),
        docs: None,
        at: Some(rfc3339(now)),
    }
}

#[cfg(test)]
pub mod tests;
