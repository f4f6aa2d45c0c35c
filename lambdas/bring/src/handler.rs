//! A closed loop: an object is copied in only while fewer than `window` photos of this batch are on their way through the
//! pipeline. So an import never fills the uploads queue, and a person's upload does not wait behind it (ADR 62).

use crate::work::{Task, Waiting, Work};
use darkroom_aws::copying::{Copied, CopyIn, Place};
use darkroom_aws::imports::{Brought, Counts, Import, ReadImport, Refused, WriteBrought, WriteRun};
use darkroom_aws::memory::RecallDeletions;
use darkroom_aws::records::{Consistency, ReadRecords};
use darkroom_domain::Error;
use darkroom_domain::id::ImageId;
use darkroom_domain::import::{Listed, Reason};
use darkroom_domain::record::{Record, Status};
use darkroom_runtime::worker::WorkStats;
use futures::future::join_all;
use std::collections::HashMap;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};
use tracing::{info, warn};

/// How long an invocation goes on; the state machine calls again for the rest.
pub const BUDGET: Duration = Duration::from_secs(45);
/// How long it waits before it looks at its photos again.
pub const PAUSE: Duration = Duration::from_secs(1);
/// How long a photo is waited for, in seconds: longer than any photo takes that is not throttled.
const LONGEST_WAIT_S: i64 = 900;
/// How long a new record may be missing in reads that are not consistent, in seconds.
const UNSEEN_S: i64 = 60;

/// What the function needs.
pub struct Bring<T, S> {
    pub table: T,
    pub storage: S,
    pub originals_bucket: String,
    pub kms_key_arn: String,
    /// Photos of a batch that may be on their way at once.
    pub window: usize,
    pub budget: Duration,
    pub pause: Duration,
}

/// What became of an object.
enum Step {
    /// It is on its way, after so many bytes were copied.
    OnItsWay(Waiting, u64),
    /// It is ready since an earlier run.
    Known,
    /// It is not a ready photo.
    Refused(Refused),
}

impl<T, S> Bring<T, S>
where
    T: ReadImport + WriteRun + WriteBrought + ReadRecords + RecallDeletions,
    S: CopyIn,
{
    /// Goes on with a batch, until it is done or the time of an invocation is over.
    pub async fn handle(&self, task: Task) -> Result<(Work, WorkStats), Error> {
        let mut work = task.work()?;
        let wanted = self.table.read_import(&work.import).await?.filter(|import| import.is_wanted(work.run));
        let Some(import) = wanted else {
            info!(import = work.import, run = work.run, "this run was stopped, or another one follows it");
            return Ok((work.ended(), WorkStats::default()));
        };
        let mut counts = Counts::default();
        let result = self.go_on(&import, &mut work, &mut counts).await;
        if counts != Counts::default() {
            self.table.add_counts(&work.import, work.run, &counts, OffsetDateTime::now_utc()).await?;
        }
        match result {
            // The state machine would hand in the same batch again, and what was counted would be counted twice.
            Err(error) if counts != Counts::default() => {
                warn!(code = error.code.name(), detail = error.detail, "the rest is tried again");
            }
            other => other?,
        }
        let Counts { ready, known, refused, rejected, failed, late, bytes } = counts;
        let left = work.objects.len() + work.waiting.len();
        info!(import = work.import, ready, known, refused, rejected, failed, late, left, "brought");
        Ok((work, WorkStats { bytes_in: bytes, ..WorkStats::default() }))
    }

    async fn go_on(&self, import: &Import, work: &mut Work, counts: &mut Counts) -> Result<(), Error> {
        let until = Instant::now() + self.budget;
        loop {
            self.look(import, work, counts).await?;
            while work.waiting.len() < self.window && !work.objects.is_empty() {
                self.fill(import, work, counts).await?;
            }
            work.is_done = work.objects.is_empty() && work.waiting.is_empty();
            if work.is_done || Instant::now() + self.pause > until {
                return Ok(());
            }
            sleep(self.pause).await;
        }
    }

    /// Takes those out that have ended.
    async fn look(&self, import: &Import, work: &mut Work, counts: &mut Counts) -> Result<(), Error> {
        let images: Vec<ImageId> = work.waiting.iter().map(|photo| photo.image_id).collect();
        let records = self.table.read_records(&import.source.owner_id, &images, Consistency::Eventual).await?;
        let records: HashMap<ImageId, Record> = records.into_iter().map(|record| (record.image_id, record)).collect();
        let now = OffsetDateTime::now_utc();
        let (mut ended, mut failure) = (Vec::new(), None);
        for photo in &work.waiting {
            let Waiting { image_id, ref key, size_bytes, since } = *photo;
            let age = now.unix_timestamp() - since;
            let record = records.get(&image_id);
            let code = record.and_then(|record| record.outcome.as_ref()?.code.clone());
            let reason = match record.map(|record| record.status) {
                Some(Status::Ready) => {
                    counts.ready += 1;
                    ended.push(image_id);
                    continue;
                }
                Some(Status::Rejected) => Reason::Rejected,
                Some(Status::Failed) => Reason::Failed,
                Some(Status::Deleting) => Reason::Deleted,
                None if age > UNSEEN_S => Reason::Deleted,
                _ if age > LONGEST_WAIT_S => Reason::Late,
                _ => continue,
            };
            let code = code.filter(|_| matches!(reason, Reason::Rejected | Reason::Failed));
            let refused = Refused { image_id, key: key.clone(), size_bytes, reason, code };
            match self.refuse(&work.import, work.run, &refused, counts).await {
                Ok(()) => ended.push(image_id),
                Err(error) => failure = Some(error),
            }
        }
        // What was counted does not wait any more, whatever failed beside it.
        work.waiting.retain(|photo| !ended.contains(&photo.image_id));
        failure.map_or(Ok(()), Err)
    }

    /// Brings as many as there is room for, side by side. An object that could not be decided stays.
    async fn fill(&self, import: &Import, work: &mut Work, counts: &mut Counts) -> Result<(), Error> {
        let room = (self.window - work.waiting.len()).min(work.objects.len());
        let objects: Vec<Listed> = work.objects.drain(..room).collect();
        let steps = join_all(objects.iter().map(|object| self.bring(import, &work.import, object))).await;
        let mut failure = None;
        for (object, step) in objects.into_iter().zip(steps) {
            let settled = match step {
                Ok(Step::OnItsWay(photo, bytes)) => {
                    counts.bytes += bytes;
                    work.waiting.push(photo);
                    Ok(())
                }
                Ok(Step::Known) => {
                    counts.known += 1;
                    Ok(())
                }
                Ok(Step::Refused(refused)) => self.refuse(&work.import, work.run, &refused, counts).await,
                Err(error) => Err(error),
            };
            if let Err(error) = settled {
                work.objects.push(object);
                failure = Some(error);
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// First the record, then the copy: an original without a record would be one that no ticket names.
    async fn bring(&self, import: &Import, name: &str, object: &Listed) -> Result<Step, Error> {
        let (source, now) = (&import.source, OffsetDateTime::now_utc());
        let image_id = ImageId::of_brought(&source.bucket, &object.key, &object.etag, object.last_modified);
        let size_bytes = object.size;
        let refused =
            |reason, code| Step::Refused(Refused { image_id, key: object.key.clone(), size_bytes, reason, code });
        if let Some(reason) = object.refusal() {
            return Ok(refused(reason, None));
        }
        if self.table.was_deleted(&source.owner_id, image_id).await? {
            return Ok(refused(Reason::Deleted, None));
        }
        let photo = Waiting { image_id, key: object.key.clone(), size_bytes, since: now.unix_timestamp() };
        let record = record(import, image_id, object, now);
        match self.table.write_brought(&record, name).await? {
            Brought::Before(Status::Ready, _) => return Ok(Step::Known),
            Brought::Before(Status::Rejected, code) => return Ok(refused(Reason::Rejected, code)),
            Brought::Before(Status::Failed, code) => return Ok(refused(Reason::Failed, code)),
            Brought::Before(Status::Deleting, _) => return Ok(refused(Reason::Deleted, None)),
            Brought::Before(Status::Processing, _) => return Ok(Step::OnItsWay(photo, 0)),
            // An earlier try may have copied it, or not. A second copy is a surplus version, which is removed.
            Brought::Now | Brought::Before(Status::AwaitingUpload, _) => {}
        }
        let place = Place { bucket: &self.originals_bucket, key: &record.object_key, kms_key_arn: &self.kms_key_arn };
        match self.storage.copy_in(&source.bucket, object, place).await? {
            Copied::Done => {
                info!(image_id = %image_id, size_bytes, "copied");
                Ok(Step::OnItsWay(photo, size_bytes))
            }
            Copied::Refused(reason) => {
                self.table.take_back(&source.owner_id, image_id).await?;
                Ok(refused(reason, None))
            }
        }
    }

    /// Counted only once it is noted.
    async fn refuse(&self, import: &str, run: u64, refused: &Refused, counts: &mut Counts) -> Result<(), Error> {
        self.table.note_refused(import, run, refused, OffsetDateTime::now_utc()).await?;
        *match refused.reason {
            Reason::Rejected => &mut counts.rejected,
            Reason::Failed => &mut counts.failed,
            Reason::Late => &mut counts.late,
            _ => &mut counts.refused,
        } += 1;
        Ok(())
    }
}

/// The record that a ticket for it would have.
fn record(import: &Import, image: ImageId, object: &Listed, now: OffsetDateTime) -> Record {
    Record {
        filename: Some(object.filename()),
        size_bytes: Some(object.size),
        ..Record::awaiting(import.source.owner_id.clone(), image, now)
    }
}

#[cfg(test)]
mod tests;
