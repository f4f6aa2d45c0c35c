//! The attempts to deliver announcements of one photo to its owner's webhook, as they are remembered for operators. They
//! tell neither the URL nor its host.

use crate::ErrorCode;
use serde::{Deserialize, Serialize};

/// The most attempts that are remembered of one photo: those of six announcements that no receiver took.
pub const MOST: usize = 50;

/// One attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// When it began. RFC 3339.
    pub at: String,
    /// The kind of the announcement, such as `Image Ready`.
    pub event: String,
    /// The first is 1.
    pub attempt: u32,
    /// How it ended.
    pub result: Delivered,
    /// The receiver's status code, if it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why the receiver did not take it: a word of the API's list. Or the name of our own error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Seconds until the next attempt, at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_in_s: Option<u64>,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivered {
    /// The receiver took it.
    Delivered,
    /// The receiver did not take it, and it comes again.
    Refused,
    /// The receiver did not take it, and it does not come again.
    GivenUp,
    /// We failed, and it comes again.
    Failed,
    /// We failed too often: the message is a dead letter now.
    DeadLetter,
}

impl Delivery {
    /// An attempt that an error of ours ended. The queue hands a message out so many times at most.
    pub fn failed(at: String, event: String, attempt: u32, error: ErrorCode, at_most: u32) -> Self {
        let result = if attempt >= at_most { Delivered::DeadLetter } else { Delivered::Failed };
        let reason = Some(error.name().into());
        Self { at, event, attempt, result, status: None, reason, again_in_s: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_that_we_fail_is_a_dead_letter_if_the_queue_hands_it_out_no_more() {
        let result =
            |attempt| Delivery::failed(String::new(), String::new(), attempt, ErrorCode::WorkerDenied, 12).result;
        assert_eq!([result(1), result(11), result(12)], [Delivered::Failed, Delivered::Failed, Delivered::DeadLetter]);
    }
}
