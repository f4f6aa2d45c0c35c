//! Decisions of the sweeper about photos that have not ended, as pure steps over the table's state of a photo, and over
//! what was learned of its original and its executions. `lambdas/sweep` carries the steps out, and the simulation in
//! `tests/simulation` drives the same steps.

use crate::act::REMEMBERED_DAYS;
use crate::id::ImageId;
use crate::protocol::Known;
use crate::record::Status;
use crate::timestamp::rfc3339;
use serde::Serialize;
use std::time::Duration;
use time::OffsetDateTime;

/// How long after the end of a ticket its photo is looked for, and how long an event that was told again is given
/// before it is told once more: a message may wait in the queue that long.
const QUEUE: Duration = Duration::from_hours(24);
/// How long an execution is left alone. Most end within a minute.
const EXECUTION: Duration = Duration::from_hours(1);
/// How long a deletion is left to the request that began it.
const DELETION: Duration = Duration::from_mins(15);

/// The step for a photo in the index of unfinished photos.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Nothing: another part of Darkroom has time left for it.
    Leave,
    /// Check whether its original is there, and decide by [`by_original`].
    LookForOriginal,
    /// Check its executions, and decide by [`by_executions`].
    LookForExecutions,
    /// Tell the event of its original again.
    TellEvent,
    /// Take the ticket out of the index: no photo came. The record stays until it expires.
    CloseTicket,
    /// Record that its execution ended without an outcome.
    RecordFailure,
    /// Finish its deletion.
    FinishDeletion,
    /// Take it out of the index: it has ended.
    Unlist,
    /// Remove its original, which was rejected and is not tried again any more.
    EndQuarantine,
}

impl Step {
    /// The reason, for a report.
    pub const fn why(self) -> &'static str {
        match self {
            Self::Leave => "it has time left",
            Self::LookForOriginal => "its ticket has ended",
            Self::LookForExecutions => "it has been processed for long",
            Self::TellEvent => "its original is there, and no execution of it",
            Self::CloseTicket => "its ticket has ended, and no photo came",
            Self::RecordFailure => "its execution has ended without an outcome",
            Self::FinishDeletion => "its deletion broke off",
            Self::Unlist => "it has ended",
            Self::EndQuarantine => "it was rejected, and its quarantine is over",
        }
    }
}

/// What Step Functions knows of the executions of one version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executions {
    /// There is none.
    None,
    /// One has not ended.
    Running,
    /// All have ended.
    Ended,
}

/// True if the photo is too young for any step but [`Step::Leave`], so that its record need not be read. The id of an
/// import does not tell its age.
pub fn is_young(image: ImageId, now: OffsetDateTime) -> bool {
    image.given_at().is_some_and(|given| given + DELETION > now)
}

/// The first step, by the record alone.
pub fn step(known: &Known, now: OffsetDateTime) -> Step {
    let is_since = |at: Option<&String>, time| at.is_some_and(|at| *at >= rfc3339(now - time));
    let began = known.began_at.as_ref().or(known.arrived_at.as_ref());
    // Told since its execution was last about to begin: its message waits in the queue, or is a dead letter.
    let is_told = is_since(known.told_at.as_ref(), QUEUE) && known.told_at.as_ref() > began;
    match known.status {
        Status::AwaitingUpload => {
            let ended = known.awaited_until.or(known.expires_at).unwrap_or_default();
            let is_over = ended <= (now - QUEUE).unix_timestamp();
            if is_over && !is_told { Step::LookForOriginal } else { Step::Leave }
        }
        Status::Processing if is_since(began, EXECUTION) || is_told => Step::Leave,
        Status::Processing => Step::LookForExecutions,
        Status::Deleting if is_since(known.updated_at.as_ref(), DELETION) => Step::Leave,
        Status::Deleting => Step::FinishDeletion,
        // An execution of an earlier release leaves the photo in the index.
        Status::Ready | Status::Rejected | Status::Failed => Step::Unlist,
    }
}

/// The step for a ticket that has ended.
pub const fn by_original(is_there: bool, is_deletion_remembered: bool) -> Step {
    if is_there && !is_deletion_remembered { Step::TellEvent } else { Step::CloseTicket }
}

/// The step for a photo that has been processed for long.
pub fn by_executions(known: &Known, executions: Executions, now: OffsetDateTime) -> Step {
    // Step Functions forgets executions. Of an old photo it may have forgotten the first, and run a restart whose name
    // follows from the first.
    let remembered = now - Duration::from_hours(24 * REMEMBERED_DAYS.unsigned_abs());
    let is_old = known.arrived_at.as_ref().is_none_or(|at| *at < rfc3339(remembered));
    match executions {
        Executions::Running => Step::Leave,
        Executions::Ended => Step::RecordFailure,
        Executions::None if is_old && known.may_be_written(now) => Step::Leave,
        Executions::None => Step::TellEvent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{EXECUTION as LONGEST, START};

    fn now() -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_769_860_807).unwrap()
    }

    #[expect(clippy::unnecessary_wraps, reason = "as a record has it")]
    fn ago(time: Duration) -> Option<String> {
        Some(rfc3339(now() - time))
    }

    fn known(status: Status) -> Known {
        let at = now().unix_timestamp();
        Known { status, ..Known::ticket(at, at) }
    }

    const HOUR: Duration = Duration::from_hours(1);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn r51_the_photo_of_a_ticket_is_looked_for_when_a_message_can_no_longer_wait() {
        let ended = |ago: i64| {
            let at = now().unix_timestamp() - ago;
            [Known::ticket(at, at + 9_999_999), Known { awaited_until: None, ..Known::ticket(0, at) }]
        };
        for (seconds, expected) in [(-60, Step::Leave), (86_399, Step::Leave), (86_400, Step::LookForOriginal)] {
            for ticket in ended(seconds) {
                assert_eq!(step(&ticket, now()), expected, "{seconds} s ago");
            }
        }
        assert_eq!(by_original(true, false), Step::TellEvent);
        assert_eq!(by_original(false, false), Step::CloseTicket);
        assert_eq!(by_original(true, true), Step::CloseTicket, "an erased account brings no photo back");
    }

    #[test]
    fn r51_an_event_is_told_once_a_day_until_its_execution_begins() {
        let mut ticket = Known::ticket(0, i64::MAX);
        let mut photo = Known { began_at: ago(5 * HOUR), arrived_at: ago(9 * HOUR), ..known(Status::Processing) };
        for (told, is_left) in [(2 * HOUR, true), (24 * HOUR, true), (24 * HOUR + SECOND, false)] {
            ticket.told_at = ago(told);
            assert_eq!(step(&ticket, now()) == Step::Leave, is_left, "{told:?}");
        }
        for (told, is_left) in [(2 * HOUR, true), (6 * HOUR, false)] {
            photo.told_at = ago(told);
            assert_eq!(step(&photo, now()) == Step::Leave, is_left, "{told:?}");
        }
    }

    #[test]
    fn r51_an_execution_has_an_hour_from_when_it_was_about_to_begin() {
        let mut photo = Known { arrived_at: ago(90 * HOUR), ..known(Status::Processing) };
        for (began, expected) in
            [(ago(HOUR), Step::Leave), (ago(HOUR + SECOND), Step::LookForExecutions), (None, Step::LookForExecutions)]
        {
            photo.began_at = began;
            assert_eq!(step(&photo, now()), expected, "{:?}", photo.began_at);
        }
        photo.arrived_at = ago(HOUR);
        assert_eq!(step(&photo, now()), Step::Leave, "a record of an earlier release");
    }

    #[test]
    fn r51_what_step_functions_says_decides_about_a_photo_that_is_processed_for_long() {
        let photo = Known { began_at: ago(2 * HOUR), arrived_at: ago(3 * HOUR), ..known(Status::Processing) };
        assert_eq!(by_executions(&photo, Executions::Running, now()), Step::Leave);
        assert_eq!(by_executions(&photo, Executions::Ended, now()), Step::RecordFailure);
        assert_eq!(by_executions(&photo, Executions::None, now()), Step::TellEvent);
    }

    #[test]
    fn r40_a_restart_that_step_functions_may_hide_is_waited_for() {
        let mut photo = Known { arrived_at: ago(91 * 24 * HOUR), ..known(Status::Processing) };
        for (began, expected) in [(LONGEST, Step::Leave), (LONGEST + START + SECOND, Step::TellEvent)] {
            photo.began_at = ago(began);
            assert_eq!(by_executions(&photo, Executions::None, now()), expected, "{began:?}");
        }
    }

    #[test]
    fn r58_a_deletion_that_broke_off_is_finished_and_a_running_one_left_alone() {
        let mut photo = known(Status::Deleting);
        for (began, expected) in
            [(ago(DELETION), Step::Leave), (ago(DELETION + SECOND), Step::FinishDeletion), (None, Step::FinishDeletion)]
        {
            photo.updated_at = began;
            assert_eq!(step(&photo, now()), expected, "{:?}", photo.updated_at);
        }
    }

    #[test]
    fn r51_what_has_ended_leaves_the_index() {
        for status in [Status::Ready, Status::Rejected, Status::Failed] {
            assert_eq!(step(&known(status), now()), Step::Unlist, "{status:?}");
        }
    }

    #[test]
    fn r51_a_young_photo_needs_no_look() {
        let given = |time: Duration| {
            let millis = u128::try_from((now() - time).unix_timestamp_nanos() / 1_000_000).unwrap();
            ImageId::from_number((millis << 80) | (7 << 76) | (0x8 << 60))
        };
        assert!(is_young(given(Duration::from_mins(14)), now()) && !is_young(given(DELETION), now()));
        assert!(!is_young(ImageId::of_import("imports/a"), now()));
    }
}
