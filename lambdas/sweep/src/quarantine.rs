//! Rejected photos whose quarantine is over: their originals are removed. A hundred of each shard in one run; the next run
//! comes back for others, and for those that broke off.

use crate::report::{Report, Swept};
use crate::sweeper::{Run, Sweeper, logged};
use darkroom_aws::quarantine::{EndQuarantine, Quarantined};
use darkroom_aws::removal::RemoveObjects;
use darkroom_domain::Error;
use darkroom_domain::id::OwnerId;
use darkroom_domain::key;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::shard::Shard;
use darkroom_domain::sweep::Step;
use futures::future::join_all;
use std::time::Duration;
use tokio::time::Instant;

impl<T, S, M, Q> Sweeper<T, S, M, Q>
where
    T: EndQuarantine,
    S: RemoveObjects,
{
    /// All shards at once.
    pub async fn end_quarantines(&self, run: Run) -> Report {
        let mut report = Report::default();
        for shard in join_all(Shard::all().map(|shard| self.end_quarantines_of(shard, run))).await {
            report.merge(shard);
        }
        report
    }

    async fn end_quarantines_of(&self, shard: Shard, run: Run) -> Report {
        let mut report = Report::default();
        let before = run.now - Duration::from_secs(LIMITS.quarantine_s);
        let photos = match self.table.rejected_before(shard, before).await {
            Ok(photos) => photos,
            Err(error) => {
                logged(&error, None);
                report.errors += 1;
                return report;
            }
        };
        for photo in photos {
            if Instant::now() >= run.until {
                report.add(Swept::Left);
                continue;
            }
            report.add(match self.end_quarantine(&photo, run).await {
                Ok(step) => Swept::Took(photo.image, step),
                Err(error) => {
                    logged(&error, Some(photo.image));
                    Swept::Failed(photo.image, error.code.name())
                }
            });
        }
        report
    }

    /// The originals of imports are the operator's own, and stay.
    async fn end_quarantine(&self, photo: &Quarantined, run: Run) -> Result<Step, Error> {
        let is_done = run.is_dry || {
            let is_import = photo.owner == OwnerId::operator();
            if !is_import && self.table.begin_removal(photo, run.now).await? {
                self.objects.remove_objects(&self.originals_bucket, &key::upload(&photo.owner, photo.image)).await?;
            }
            self.table.end_quarantine(photo).await?
        };
        if !is_done {
            return Ok(Step::Leave);
        }
        if !run.is_dry {
            let (image_id, step) = (photo.image.to_string(), Step::EndQuarantine);
            tracing::info!(image_id, ?step, why = step.why(), "settled");
        }
        Ok(Step::EndQuarantine)
    }
}
