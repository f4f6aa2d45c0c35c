//! Decisions about arrivals, outcomes and deletions, as pure steps over the table's state of a photo. The handlers
//! carry the steps out, the table's conditions say the same at the moment of a write, and the simulation in
//! `tests/simulation` drives the same steps.

use crate::id::OwnerId;
use crate::order::WorkOrder;
use crate::record::Status;
use crate::timestamp::rfc3339;
use serde::Deserialize;
use std::time::Duration;
use time::OffsetDateTime;

/// How long an execution can last at most: the state machine's own timeout.
pub const EXECUTION: Duration = Duration::from_hours(6);

/// How long after `began_at` an execution can start at most: the orchestrator's own timeout, and the difference of
/// clocks.
pub const START: Duration = Duration::from_mins(5);

/// The part of a record that decides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Known {
    /// The status of the photo. Every release has written one.
    #[serde(default = "processing")]
    pub status: Status,
    /// S3's sequencer of the event that was marked last.
    #[serde(default)]
    pub sequencer: Option<String>,
    /// The version that was marked last.
    #[serde(default)]
    pub version_id: Option<String>,
    /// When that version arrived. RFC 3339.
    #[serde(default)]
    pub arrived_at: Option<String>,
    /// When its execution was last about to begin. RFC 3339.
    #[serde(default)]
    pub began_at: Option<String>,
    /// When the record was last changed. RFC 3339.
    #[serde(default)]
    pub updated_at: Option<String>,
    /// When the sweeper last told its event again. RFC 3339.
    #[serde(default)]
    pub told_at: Option<String>,
    /// When the sweeper began to remove its original, after its quarantine. RFC 3339.
    #[serde(default)]
    pub original_removed_at: Option<String>,
    /// Until when a ticket is valid, in seconds since 1970.
    #[serde(default)]
    pub awaited_until: Option<i64>,
    /// When the item expires, in seconds since 1970.
    #[serde(default)]
    pub expires_at: Option<i64>,
}

impl Known {
    /// A ticket that was just given.
    pub const fn ticket(awaited_until: i64, expires_at: i64) -> Self {
        Self {
            status: Status::AwaitingUpload,
            sequencer: None,
            version_id: None,
            arrived_at: None,
            began_at: None,
            updated_at: None,
            told_at: None,
            original_removed_at: None,
            awaited_until: Some(awaited_until),
            expires_at: Some(expires_at),
        }
    }

    /// True if, by the record, an execution may be writing for it. A record of an earlier release says when its photo
    /// arrived, and not when an execution began.
    pub(crate) fn may_be_written(&self, now: OffsetDateTime) -> bool {
        let since = rfc3339(now - EXECUTION - START);
        let began = self.began_at.as_ref().or(self.arrived_at.as_ref());
        self.status == Status::Processing && began.is_some_and(|began| *began >= since)
    }
}

const fn processing() -> Status {
    Status::Processing
}

/// How an arrival relates to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// New: the record says `processing` from now on.
    Fresh,
    /// The version that is being processed: delivered twice, or an earlier attempt could not start its execution.
    Known,
    /// The version whose development has ended.
    Ended,
    /// Older than what the record has (imports only).
    Overtaken,
    /// Another version under a ticket that was used: the first counts (uploads only).
    Surplus,
    /// The photo is being deleted.
    Deleted,
    /// There is no record.
    Unticketed,
}

/// Decides about an arrival by the table's state. `mark_arrival` in `src/aws` says the same as conditions on a write.
pub fn mark(known: Option<&Known>, order: &WorkOrder) -> Mark {
    let is_import = order.owner_id == OwnerId::operator();
    let Some(known) = known else {
        // No ticket is given for an import, so its arrival makes the record.
        return if is_import { Mark::Fresh } else { Mark::Unticketed };
    };
    if known.status == Status::Deleting {
        return Mark::Deleted;
    }
    let Some(sequencer) = known.sequencer.as_deref() else { return Mark::Fresh };
    let is_same = if is_import {
        sequencer == order.source.sequencer
    } else {
        known.version_id.as_deref() == Some(&order.source.version_id)
    };
    match known.status {
        Status::Processing if is_same => Mark::Known,
        _ if is_same => Mark::Ended,
        _ if !is_import => Mark::Surplus,
        _ if *sequencer > *order.source.sequencer => Mark::Overtaken,
        _ => Mark::Fresh,
    }
}

/// The step that follows an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// Start the execution that the order names.
    Start,
    /// Nothing, for this reason.
    Suppress(&'static str),
    /// Put the original under a delete marker: its deletion is remembered.
    Hide,
    /// Remove exactly this version, since another one of the same key counts.
    RemoveVersion,
    /// Check whether a deletion is remembered, and decide by [`unticketed`].
    Recall,
    /// Leave the original as it is, and note it.
    Note,
}

/// The step for an arrival with this mark.
pub const fn react(mark: Mark) -> Reaction {
    match mark {
        Mark::Fresh | Mark::Known => Reaction::Start,
        Mark::Ended => Reaction::Suppress("its development has ended"),
        Mark::Overtaken => Reaction::Suppress("a later event came first"),
        Mark::Surplus => Reaction::RemoveVersion,
        Mark::Deleted => Reaction::Hide,
        Mark::Unticketed => Reaction::Recall,
    }
}

/// The step for an original without a record. Only an original whose deletion is remembered is hidden: an expired
/// ticket, or a restored table, is not a reason to take a photo from its owner.
pub const fn unticketed(is_deletion_remembered: bool) -> Reaction {
    if is_deletion_remembered { Reaction::Hide } else { Reaction::Note }
}

/// The result of the first step of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletionStart {
    /// No list shows it any more, and no event or execution brings it back, so its objects may be removed.
    Started,
    /// An execution may be writing at this moment.
    Busy,
    /// The owner has no such image.
    NoImage,
}

/// Decides whether a photo may be deleted now.
pub fn begin_deletion(known: Option<&Known>, now: OffsetDateTime) -> DeletionStart {
    let Some(known) = known else { return DeletionStart::NoImage };
    let is_awaited = known.awaited_until.or(known.expires_at).is_some_and(|until| until > now.unix_timestamp());
    if known.status == Status::AwaitingUpload && !is_awaited {
        return DeletionStart::NoImage;
    }
    if known.may_be_written(now) { DeletionStart::Busy } else { DeletionStart::Started }
}

/// True if an execution of this version may write its outcome into the record. The state machine has the same
/// condition.
pub fn may_record(known: Option<&Known>, version_id: &str) -> bool {
    known.is_some_and(|known| known.version_id.as_deref() == Some(version_id))
}

/// True if an operator may start this version again: its original is there. A retry works from a list of rejected photos, which may be old:
/// `only` is the status that the record must still have, so that no photo is tried twice at once (R40). `mark_restart`
/// in `src/aws` says the same as a condition on a write.
pub fn may_start_again(known: Option<&Known>, version_id: &str, only: Option<Status>) -> bool {
    let is_wanted =
        |known: &Known| known.original_removed_at.is_none() && only.is_none_or(|status| known.status == status);
    may_record(known, version_id) && known.is_some_and(is_wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ImageId;
    use crate::order::Source;

    fn order(owner: &str, version: &str, sequencer: &str) -> WorkOrder {
        let source = Source {
            bucket: "originals".into(),
            key: "k".into(),
            version_id: version.into(),
            sequencer: sequencer.into(),
            size_bytes: 1,
        };
        WorkOrder::new(OwnerId::parse(owner).unwrap(), ImageId::from_number(1), source)
    }

    fn known(status: Status, version: Option<&str>, sequencer: Option<&str>) -> Known {
        let mut known = Known::ticket(2, 3);
        known.status = status;
        known.sequencer = sequencer.map(Into::into);
        known.version_id = version.map(Into::into);
        known
    }

    #[test]
    fn r40_a_photo_waits_for_an_execution_that_began_late_and_not_for_one_that_is_over() {
        let now = OffsetDateTime::from_unix_timestamp(1_769_860_807).unwrap();
        let ago = |time: Duration| Some(rfc3339(now - time));
        let mut photo = known(Status::Processing, Some("v1"), Some("1"));
        photo.arrived_at = ago(Duration::from_hours(100));
        for (began, start) in [
            (ago(Duration::from_mins(1)), DeletionStart::Busy),
            (ago(EXECUTION), DeletionStart::Busy),
            (ago(EXECUTION + START + Duration::from_secs(1)), DeletionStart::Started),
            (None, DeletionStart::Started),
        ] {
            photo.began_at = began;
            assert_eq!(begin_deletion(Some(&photo), now), start, "{:?}", photo.began_at);
        }
        photo.arrived_at = ago(Duration::from_mins(1));
        assert_eq!(begin_deletion(Some(&photo), now), DeletionStart::Busy, "a record of an earlier release");
        photo.status = Status::Ready;
        assert_eq!(begin_deletion(Some(&photo), now), DeletionStart::Started);
    }

    #[test]
    fn r40_a_ticket_that_ran_out_cannot_be_given_back() {
        let now = OffsetDateTime::from_unix_timestamp(100).unwrap();
        assert_eq!(begin_deletion(Some(&Known::ticket(101, 200)), now), DeletionStart::Started);
        assert_eq!(begin_deletion(Some(&Known::ticket(100, 200)), now), DeletionStart::NoImage);
        assert_eq!(begin_deletion(None, now), DeletionStart::NoImage);
    }

    #[test]
    fn r01_under_a_ticket_the_first_arrival_counts_in_whatever_order_events_come() {
        let ticket = known(Status::AwaitingUpload, None, None);
        assert_eq!(mark(Some(&ticket), &order("ada", "v1", "1")), Mark::Fresh);
        for (status, same) in [
            (Status::Processing, Mark::Known),
            (Status::Ready, Mark::Ended),
            (Status::Rejected, Mark::Ended),
            (Status::Failed, Mark::Ended),
        ] {
            let used = known(status, Some("v1"), Some("5"));
            assert_eq!(mark(Some(&used), &order("ada", "v1", "5")), same);
            // The sweeper tells the event of a version again without its sequencer, which S3 does not list.
            assert_eq!(mark(Some(&used), &order("ada", "v1", "0")), same);
            for sequencer in ["4", "6"] {
                assert_eq!(mark(Some(&used), &order("ada", "v2", sequencer)), Mark::Surplus);
            }
        }
        assert_eq!(react(Mark::Surplus), Reaction::RemoveVersion);
    }

    #[test]
    fn r02_of_an_import_the_newest_counts() {
        assert_eq!(mark(None, &order("operator", "v1", "1")), Mark::Fresh);
        let ready = known(Status::Ready, Some("v2"), Some("2"));
        assert_eq!(mark(Some(&ready), &order("operator", "v3", "3")), Mark::Fresh);
        assert_eq!(mark(Some(&ready), &order("operator", "v2", "2")), Mark::Ended);
        assert_eq!(mark(Some(&ready), &order("operator", "v1", "1")), Mark::Overtaken);
    }

    #[test]
    fn r40_a_photo_that_is_no_longer_rejected_is_not_tried_again() {
        let photo = |status| known(status, Some("v1"), Some("1"));
        let only = Some(Status::Rejected);
        assert!(may_start_again(Some(&photo(Status::Rejected)), "v1", only));
        for status in [Status::Processing, Status::Ready, Status::Failed] {
            assert!(!may_start_again(Some(&photo(status)), "v1", only), "{status:?}");
            assert!(may_start_again(Some(&photo(status)), "v1", None), "{status:?}");
        }
        assert!(!may_start_again(Some(&photo(Status::Rejected)), "v2", only));
        assert!(!may_start_again(Some(&known(Status::Deleting, None, Some("~"))), "v1", None));
        assert!(!may_start_again(None, "v1", None));
        let without_original = Known { original_removed_at: Some("2026".into()), ..photo(Status::Rejected) };
        assert!(!may_start_again(Some(&without_original), "v1", only));
    }

    #[test]
    fn r40_only_what_was_deleted_is_hidden() {
        let deleting = known(Status::Deleting, None, Some("~"));
        assert_eq!(react(mark(Some(&deleting), &order("ada", "v1", "1"))), Reaction::Hide);
        assert_eq!(react(mark(None, &order("ada", "v1", "1"))), Reaction::Recall);
        assert_eq!((unticketed(true), unticketed(false)), (Reaction::Hide, Reaction::Note));
    }
}
