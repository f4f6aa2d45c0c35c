//! The settings that Terraform and the Lambdas share, compiled in from `settings/`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `settings/recipe.json`, as text: the imaging engine reads it.
pub const RECIPE: &str = include_str!("../../settings/recipe.json");

const FUNCTIONS: &str = include_str!("../../settings/functions.json");

/// What an upload may be, and how long links live.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a file.
    pub max_bytes: u64,
    /// Pixels of a side.
    pub max_side: u32,
    /// Width × height.
    pub max_pixels: u64,
    /// Frames of an animation.
    pub max_frames: u32,
    /// What an upload may declare.
    pub content_types: Vec<String>,
    /// Life of an upload ticket.
    pub upload_url_s: u64,
    /// Life of a download link.
    pub download_url_s: u64,
    /// How long the table remembers a ticket that nobody used.
    pub awaiting_upload_s: u64,
    /// Tickets of one call.
    pub uploads_per_call: usize,
    /// How long an `Idempotency-Key` is remembered.
    pub idempotency_s: u64,
    /// Tickets of a user and day.
    pub images_per_day: u64,
    /// Bytes of a user and day.
    pub bytes_per_day: u64,
    /// Life of a share link, unless its maker says otherwise.
    pub share_link_s: u64,
    /// Life of a share link at most.
    pub share_link_max_s: u64,
}

/// What a function is given.
#[derive(Clone, Debug, Deserialize)]
pub struct Function {
    /// Seconds.
    pub timeout_s: u64,
    /// The names of its environment variables.
    pub environment: Vec<String>,
}

/// The limits, parsed once.
pub static LIMITS: LazyLock<Limits> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../settings/limits.json")).expect("tested below"));

/// What every function is given, by name.
pub fn functions() -> BTreeMap<String, Function> {
    #[derive(Deserialize)]
    struct File {
        functions: BTreeMap<String, Function>,
    }
    serde_json::from_str::<File>(FUNCTIONS).expect("tested below").functions
}

/// After how many seconds a webhook that did not take an event is tried again: once for each.
pub fn webhook_retry_delays() -> Vec<u64> {
    #[derive(Deserialize)]
    struct File {
        webhooks_queue: Queue,
    }
    #[derive(Deserialize)]
    struct Queue {
        retry_delays_s: Vec<u64>,
    }
    serde_json::from_str::<File>(FUNCTIONS).expect("tested below").webhooks_queue.retry_delays_s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_can_be_read() {
        assert!(LIMITS.max_bytes > 0 && !functions().is_empty() && !webhook_retry_delays().is_empty());
    }

    #[test]
    fn r32_links_live_at_most_a_quarter_of_an_hour() {
        assert!(LIMITS.upload_url_s <= 900 && LIMITS.download_url_s <= 900);
    }

    #[test]
    fn r10_a_message_stays_hidden_for_six_runs_of_its_function() {
        let file: serde_json::Value = serde_json::from_str(FUNCTIONS).unwrap();
        for (queue, function) in [("uploads_queue", "orchestrator"), ("webhooks_queue", "webhook")] {
            let visibility = file[queue]["visibility_timeout_s"].as_u64().unwrap();
            assert!(visibility >= 6 * functions()[function].timeout_s, "{queue}");
        }
    }

    #[test]
    fn a_webhook_is_tried_to_the_end_before_its_message_is_a_dead_letter_or_forgotten() {
        let file: serde_json::Value = serde_json::from_str(FUNCTIONS).unwrap();
        let (queue, delays) = (&file["webhooks_queue"], webhook_retry_delays());
        assert!(delays.len() as u64 + 1 < queue["max_receive_count"].as_u64().unwrap());
        // A quarter more, which is how far chance may stretch a delay.
        assert!(delays.iter().sum::<u64>() * 5 / 4 < queue["retention_s"].as_u64().unwrap());
        // SQS hides a message for twelve hours at most, counted from when it was handed out.
        assert!(delays.iter().all(|delay| delay * 5 / 4 + functions()["webhook"].timeout_s <= 43_200));
        assert!(delays.is_sorted());
    }
}
