//! The walk along records and objects, a page at a time: what a record names and storage lacks, and what stands in
//! storage without a record. A page counts as a whole or not at all.

use crate::sweeper::{Run, Sweeper, logged};
use darkroom_aws::audit::{AuditRecords, KeepWalks, KeptWalks};
use darkroom_aws::keys::{ListKeys, Stored};
use darkroom_aws::removal::{HideOriginal, RemoveObjects, RemoveSuperseded};
use darkroom_domain::drift::{self, Kind, Part, Unrecorded, Walk};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::order::Source;
use darkroom_domain::{Error, ErrorCode, key};
use darkroom_runtime::metrics::Metrics;
use futures::stream::{self, StreamExt};
use std::collections::BTreeMap;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio::time::Instant;

/// Records, keys or folders of one page.
const PAGE: i32 = 100;
/// The most that S3 lists at once.
const LONGEST_LIST: i32 = 1000;
/// Photos at the same time; each takes a few calls that mostly wait.
const AT_ONCE: usize = 8;

/// The result of a walk.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Where it came to. None if nothing was begun.
    pub walk: Option<Walk>,
    /// The last walk of the clock's runs that ended.
    pub last: Option<Walk>,
    /// Photos that could not be looked at, or the page that stopped it.
    pub errors: u32,
}

/// What a page held.
struct Looked {
    /// Records, keys or folders.
    count: u64,
    found: Vec<(Kind, String)>,
    next: Option<String>,
    errors: u32,
}

impl<T, S, M, Q> Sweeper<T, S, M, Q>
where
    T: AuditRecords + KeepWalks,
    S: ListKeys + HideOriginal + RemoveObjects + RemoveSuperseded,
{
    /// As far as the time allows. The clock's runs go on where the one before stopped.
    pub async fn walk(&self, run: Run) -> Walked {
        let mut walked = Walked::default();
        if let Err(error) = self.walk_on(run, &mut walked).await {
            logged(&error, None);
            walked.errors += 1;
        }
        walked
    }

    async fn walk_on(&self, run: Run, walked: &mut Walked) -> Result<(), Error> {
        let until = Instant::now() + run.walk;
        let mut kept = self.table.read_walks().await?;
        walked.last.clone_from(&kept.last);
        let goes_on = kept.under_way.take().filter(|walk| run.is_by_clock && !walk.is_over(run.now));
        let mut walk = goes_on.unwrap_or_else(|| Walk::begin(run.now));
        walked.walk = Some(walk.clone());
        while walk.ended_at.is_none() && Instant::now() < until {
            let Looked { count, found, next, errors } = self.page(&walk, run).await?;
            walked.errors += errors;
            walk.add_page(count, found.clone(), next, run.now);
            if run.is_by_clock {
                let last = if walk.ended_at.is_some() { Some(walk.clone()) } else { kept.last.clone() };
                kept = KeptWalks { under_way: Some(walk.clone()), last, saved: kept.saved };
                if !self.table.save_walks(&kept).await? {
                    // Another run walks. What this one saw, that one sees too.
                    return Ok(());
                }
                kept.saved += 1;
                walked.last.clone_from(&kept.last);
                count_metrics(&found);
            }
            walked.walk = Some(walk.clone());
        }
        Ok(())
    }

    async fn page(&self, walk: &Walk, run: Run) -> Result<Looked, Error> {
        let behind = walk.behind.as_deref();
        let (originals, images) = (&self.originals_bucket, &self.images_bucket);
        match walk.part {
            Part::Records => {
                let page = self.table.ready_behind(behind, PAGE).await?;
                each(&page.items, page.next, async |(owner, image)| self.of_record(owner, *image, run).await).await
            }
            Part::Uploads | Part::Imports => {
                let prefix = if walk.part == Part::Uploads { key::UPLOADS } else { key::IMPORTS };
                let page = self.objects.keys_behind(originals, prefix, behind, PAGE).await?;
                each(&page.items, page.next, async |stored| self.of_original(stored, run).await).await
            }
            Part::Variants => {
                let page = self.objects.folders_behind(images, key::VARIANTS, behind, PAGE).await?;
                each(&page.items, page.next, async |folder| self.of_folder(folder, run).await).await
            }
        }
    }

    /// A photo that the index calls ready.
    async fn of_record(&self, owner: &OwnerId, image: ImageId, run: Run) -> Result<Vec<(Kind, String)>, Error> {
        let Some(record) = self.table.read_holding(owner, image).await? else { return Ok(Vec::new()) };
        // The key itself comes before every other that begins with it.
        let listed = self.objects.keys_behind(&self.originals_bucket, &record.original, None, 1).await?;
        let has_original = listed.items.first().is_some_and(|stored| stored.key == record.original);
        let found = drift::of_record(&record, has_original, &self.variants(image).await?, self.grace, run.now);
        // The looks took time, in which the photo may have been deleted, or another version of it may have arrived.
        if found.is_empty() || self.table.read_holding(owner, image).await?.as_ref() != Some(&record) {
            return Ok(Vec::new());
        }
        if let Some(published) = &record.published_at
            && found.contains(&Kind::VariantSuperseded)
            && !run.is_dry
        {
            let before = published_at(published)?;
            let (bucket, prefix) = (&self.images_bucket, key::variants_of(image));
            self.objects.remove_superseded(bucket, &prefix, &record.variants, before).await?;
        }
        Ok(found.into_iter().map(|kind| noted(kind, image.to_string())).collect())
    }

    /// The keys of all variants of an image, and when they were stored.
    async fn variants(&self, image: ImageId) -> Result<BTreeMap<String, OffsetDateTime>, Error> {
        let (prefix, mut keys, mut behind) = (key::variants_of(image), BTreeMap::new(), None);
        loop {
            let page = self.objects.keys_behind(&self.images_bucket, &prefix, behind.as_deref(), LONGEST_LIST).await?;
            keys.extend(page.items.into_iter().map(|stored| (stored.key, stored.at)));
            behind = page.next;
            if behind.is_none() {
                return Ok(keys);
            }
        }
    }

    /// A key in the bucket of originals.
    async fn of_original(&self, stored: &Stored, run: Run) -> Result<Vec<(Kind, String)>, Error> {
        let Some((owner, image)) = key::read_original(&stored.key) else {
            return Ok(vec![noted(Kind::KeyUnknown, stored.key.clone())]);
        };
        if self.table.read_holding(&owner, image).await?.is_some() {
            return Ok(Vec::new());
        }
        let deleted_at = self.table.deletion_of(&owner, image).await?;
        let is_import = owner == OwnerId::operator();
        let object = Unrecorded { deleted_at: deleted_at.as_deref(), stored_at: stored.at, is_import };
        let Some(kind) = drift::of_original(object, run.now) else { return Ok(Vec::new()) };
        if kind.remedy().is_some() && !run.is_dry {
            self.objects.hide_original(&at_key(&self.originals_bucket, &stored.key)).await?;
        }
        Ok(vec![noted(kind, image.to_string())])
    }

    /// A folder of variants. Its name has no owner, so the index tells who has the photo, or had it.
    async fn of_folder(&self, folder: &str, run: Run) -> Result<Vec<(Kind, String)>, Error> {
        let Some(image) = key::read_variants_of(folder) else {
            return Ok(vec![noted(Kind::KeyUnknown, folder.to_owned())]);
        };
        let owners = self.table.owners_of(image).await?;
        if let Some(owner) = &owners.has
            && self.table.read_holding(owner, image).await?.is_some()
        {
            return Ok(Vec::new());
        }
        let deleted_at = match owners.had.or(owners.has) {
            Some(owner) => self.table.deletion_of(&owner, image).await?,
            None => None,
        };
        let Some(kind) = drift::of_variants(deleted_at.as_deref(), run.now) else { return Ok(Vec::new()) };
        if kind.remedy().is_some() && !run.is_dry {
            self.objects.remove_objects(&self.images_bucket, folder).await?;
        }
        Ok(vec![noted(kind, image.to_string())])
    }
}

/// Looks at each item of a page. What cannot be read stays so, and is passed over; any other error stops the page, and
/// the next run repeats it.
async fn each<I>(
    items: &[I],
    next: Option<String>,
    look: impl AsyncFn(&I) -> Result<Vec<(Kind, String)>, Error>,
) -> Result<Looked, Error> {
    let mut looked = Looked { count: items.len() as u64, found: Vec::new(), next, errors: 0 };
    // Boxed: the SDK's futures nest deeper than the compiler follows.
    let mut looks = stream::iter(items).map(|item| Box::pin(look(item))).buffered(AT_ONCE);
    while let Some(found) = looks.next().await {
        match found {
            Ok(found) => looked.found.extend(found),
            Err(error) if error.code == ErrorCode::WorkerBadInput => {
                logged(&error, None);
                looked.errors += 1;
            }
            Err(error) => return Err(error),
        }
    }
    Ok(looked)
}

/// With a line in the log: a report has one example only.
fn noted(kind: Kind, example: String) -> (Kind, String) {
    tracing::warn!(drift = kind.name(), of = example, why = kind.why(), "drift");
    (kind, example)
}

/// A metric for each kind, and one of photos that cannot be shown whole, for the alarm.
fn count_metrics(found: &[(Kind, String)]) {
    let mut counts: BTreeMap<Kind, u32> = BTreeMap::new();
    for (kind, _) in found {
        *counts.entry(*kind).or_default() += 1;
    }
    let lost: u32 = counts.iter().filter_map(|(kind, count)| kind.is_loss().then_some(count)).sum();
    for (kind, count) in counts {
        Metrics::new().by("kind", kind.name()).value("Drift", "Count", f64::from(count)).emit();
    }
    if lost > 0 {
        Metrics::new().value("ObjectsMissing", "Count", f64::from(lost)).emit();
    }
}

/// The time in a record.
fn published_at(text: &str) -> Result<OffsetDateTime, Error> {
    let time = OffsetDateTime::parse(text, &Rfc3339);
    time.map_err(|why| Error::new(ErrorCode::WorkerBadInput, format!("the time of a publication: {why}")))
}

fn at_key(bucket: &str, key: &str) -> Source {
    let (version_id, sequencer) = (String::new(), String::new());
    Source { bucket: bucket.into(), key: key.into(), version_id, sequencer, size_bytes: 0 }
}

#[cfg(test)]
mod tests;
