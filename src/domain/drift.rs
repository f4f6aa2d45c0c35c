//! Drift between storage and the table: objects without a record, and records whose objects are not there. The decisions
//! are pure; `lambdas/sweep` looks, counts and reports. Only objects whose deletion is on record are touched
//! (docs/adr/0009-drift-is-counted.md).

use crate::record::Status;
use crate::timestamp::rfc3339;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use time::OffsetDateTime;

/// How long after a deletion an original of it is left to the orchestrator, and how long the event of an import may be
/// on its way: a message may wait in the queue that long.
const QUEUE: Duration = Duration::from_hours(24);
/// From the beginning of a walk to that of the next one at least: each walk costs money for each photo.
const PERIOD: Duration = Duration::from_hours(30 * 24);

/// The kinds of drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A photo is ready, and its original is not there.
    OriginalMissing,
    /// A photo is ready, and a variant that its record names is not there.
    VariantMissing,
    /// A photo is ready, and beside its variants are some that its record does not name, and nothing says why.
    VariantUnnamed,
    /// A photo is ready, and beside its variants are older ones, whose grace time is over.
    VariantSuperseded,
    /// An original has no record, and nothing says why.
    OriginalUnexplained,
    /// An original has no record, because its photo was deleted.
    OriginalOfDeleted,
    /// Variants have no record, and nothing says why.
    VariantUnexplained,
    /// Variants have no record, because their photo was deleted.
    VariantOfDeleted,
    /// A key names no photo.
    KeyUnknown,
}

impl Kind {
    /// In words, for a report.
    pub const fn why(self) -> &'static str {
        match self {
            Self::OriginalMissing => "the photo is ready, and its original is not there",
            Self::VariantMissing => "the photo is ready, and a variant of it is not there",
            Self::VariantUnnamed => "the photo has variants that its record does not name",
            Self::VariantSuperseded => "the photo has variants that newer ones took the place of",
            Self::OriginalUnexplained => "the original has no record, and nothing says why",
            Self::OriginalOfDeleted => "the photo was deleted, and its original is there",
            Self::VariantUnexplained => "the variants have no record, and nothing says why",
            Self::VariantOfDeleted => "the photo was deleted, and variants of it are there",
            Self::KeyUnknown => "the key names no photo",
        }
    }

    /// As it stands in the table and in metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OriginalMissing => "original_missing",
            Self::VariantMissing => "variant_missing",
            Self::VariantUnnamed => "variant_unnamed",
            Self::VariantSuperseded => "variant_superseded",
            Self::OriginalUnexplained => "original_unexplained",
            Self::OriginalOfDeleted => "original_of_deleted",
            Self::VariantUnexplained => "variant_unexplained",
            Self::VariantOfDeleted => "variant_of_deleted",
            Self::KeyUnknown => "key_unknown",
        }
    }

    /// What the sweeper does about it: only where a deletion is on record, or the record names newer variants. An original
    /// is hidden under a delete marker, so that an operator has time to undo a mistake (ADR 34).
    pub const fn remedy(self) -> Option<Remedy> {
        match self {
            Self::OriginalOfDeleted => Some(Remedy::Hide),
            Self::VariantOfDeleted | Self::VariantSuperseded => Some(Remedy::Remove),
            _ => None,
        }
    }

    /// True if a photo that its owner sees cannot be shown whole.
    pub const fn is_loss(self) -> bool {
        matches!(self, Self::OriginalMissing | Self::VariantMissing)
    }
}

/// What the sweeper does about drift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// A delete marker over the original.
    Hide,
    /// Every version of the variants is removed.
    Remove,
}

/// The part of a record that names objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The status of the photo.
    pub status: Status,
    /// The version of the original that was developed.
    pub version_id: Option<String>,
    /// The key of the original.
    pub original: String,
    /// The keys of the variants.
    pub variants: BTreeSet<String>,
    /// When the record moved to these variants. RFC 3339.
    pub published_at: Option<String>,
}

impl Holding {
    /// True if the record moved to other variants after this object was stored: no execution will name it. One that is
    /// under way stores its variants later than that. S3 tells the second in which an object was stored, and no fraction,
    /// so an object of the record's own second is not taken for older.
    pub fn has_superseded(&self, key: &str, stored_at: OffsetDateTime) -> bool {
        let second_after = rfc3339(stored_at + Duration::from_secs(1));
        let is_older = self.published_at.as_ref().is_some_and(|published| second_after <= *published);
        is_older && !self.variants.contains(key)
    }
}

/// What a record names and storage lacks, or the other way round: variants with the times at which they were stored. The
/// status of any other photo may still change. Superseded variants stay for this grace time, and do not count as drift
/// until then.
pub fn of_record(
    record: &Holding,
    has_original: bool,
    objects: &BTreeMap<String, OffsetDateTime>,
    grace: Duration,
    now: OffsetDateTime,
) -> Vec<Kind> {
    if record.status != Status::Ready {
        return Vec::new();
    }
    let is_over = record.published_at.as_ref().is_some_and(|published| *published <= rfc3339(now - grace));
    let unnamed = || objects.iter().filter(|(key, _)| !record.variants.contains(*key));
    let is_superseded = |(key, at): (&String, &OffsetDateTime)| record.has_superseded(key, *at);
    let is_unexplained = |(key, at): (&String, &OffsetDateTime)| !record.has_superseded(key, *at);
    let found = [
        (!has_original, Kind::OriginalMissing),
        (!record.variants.iter().all(|key| objects.contains_key(key)), Kind::VariantMissing),
        (unnamed().any(is_unexplained), Kind::VariantUnnamed),
        (is_over && unnamed().any(is_superseded), Kind::VariantSuperseded),
    ];
    found.into_iter().filter_map(|(is_so, kind)| is_so.then_some(kind)).collect()
}

/// An object whose record was not found.
#[derive(Clone, Copy, Debug)]
pub struct Unrecorded<'a> {
    /// When the deletion of its photo, or of its owner's account, began, if it is remembered (RFC 3339).
    pub deleted_at: Option<&'a str>,
    /// When the object was stored.
    pub stored_at: OffsetDateTime,
    /// The record of an import is made by its event, that of an upload before it.
    pub is_import: bool,
}

/// The drift of an original without a record, if it is one.
pub fn of_original(object: Unrecorded<'_>, now: OffsetDateTime) -> Option<Kind> {
    match object.deleted_at {
        Some(at) => (*at <= *rfc3339(now - QUEUE)).then_some(Kind::OriginalOfDeleted),
        None if object.is_import && object.stored_at + QUEUE > now => None,
        None => Some(Kind::OriginalUnexplained),
    }
}

/// The drift of variants without a record, if it is one.
pub fn of_variants(deleted_at: Option<&str>, now: OffsetDateTime) -> Option<Kind> {
    match deleted_at {
        Some(at) => (*at <= *rfc3339(now - QUEUE)).then_some(Kind::VariantOfDeleted),
        None => Some(Kind::VariantUnexplained),
    }
}

/// The parts of a walk, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Photos that are ready, and what their records name.
    Records,
    /// Originals of tickets, and their records.
    Uploads,
    /// Originals of imports, and their records.
    Imports,
    /// Photos that have variants, and their records.
    Variants,
}

impl Part {
    const fn next(self) -> Option<Self> {
        match self {
            Self::Records => Some(Self::Uploads),
            Self::Uploads => Some(Self::Imports),
            Self::Imports => Some(Self::Variants),
            Self::Variants => None,
        }
    }
}

/// The drift of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Photos, or keys that name none.
    pub count: u64,
    /// The first of them.
    pub example: String,
}

/// One walk along all records and objects, a page at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// When it began. RFC 3339.
    pub began_at: String,
    /// When it ended, if it has. RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<String>,
    /// The part that it is in.
    pub part: Part,
    /// The last record or key that it looked at in this part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
    /// Records that it looked at.
    pub records: u64,
    /// Originals, and folders of variants, that it looked at.
    pub objects: u64,
    /// What it found.
    pub found: BTreeMap<Kind, Found>,
}

impl Walk {
    /// A walk that begins now.
    pub fn begin(now: OffsetDateTime) -> Self {
        let (part, found) = (Part::Records, BTreeMap::new());
        Self { began_at: rfc3339(now), ended_at: None, part, behind: None, records: 0, objects: 0, found }
    }

    /// True if it has ended, and it is time for the next one.
    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        self.ended_at.is_some() && self.began_at <= rfc3339(now - PERIOD)
    }

    /// After a page: what was found on it, and behind what the next one begins, if there is one in this part.
    pub fn add_page(&mut self, looked: u64, found: Vec<(Kind, String)>, next: Option<String>, now: OffsetDateTime) {
        match self.part {
            Part::Records => self.records += looked,
            Part::Uploads | Part::Imports | Part::Variants => self.objects += looked,
        }
        for (kind, example) in found {
            self.found.entry(kind).or_insert(Found { count: 0, example }).count += 1;
        }
        if next.is_none() {
            match self.part.next() {
                Some(part) => self.part = part,
                None => self.ended_at = Some(rfc3339(now)),
            }
        }
        self.behind = next;
    }
}

#[cfg(test)]
mod tests;
