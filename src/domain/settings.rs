//! The settings that Terraform and the Lambdas share, compiled in from `settings/`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `settings/recipe.json`, as text: the imaging engine reads it.
pub const RECIPE: &str = include_str!("../../settings/recipe.json");

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
    pub upload_url_seconds: u64,
    /// Life of a download link.
    pub download_url_seconds: u64,
    /// How long the table remembers a ticket that nobody used.
    pub awaiting_upload_seconds: u64,
    /// Tickets of one call.
    pub uploads_per_call: usize,
    /// How long an `Idempotency-Key` is remembered.
    pub idempotency_seconds: u64,
    /// Tickets of a user and day.
    pub images_per_day: u64,
    /// Bytes of a user and day.
    pub bytes_per_day: u64,
    /// Life of a share link, unless its maker says otherwise.
    pub share_link_seconds: u64,
    /// Life of a share link at most.
    pub share_link_max_seconds: u64,
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
    serde_json::from_str::<File>(include_str!("../../settings/functions.json")).expect("tested below").functions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_can_be_read() {
        assert!(LIMITS.max_bytes > 0 && !functions().is_empty());
    }

    #[test]
    fn r32_links_live_at_most_a_quarter_of_an_hour() {
        assert!(LIMITS.upload_url_seconds <= 900 && LIMITS.download_url_seconds <= 900);
    }

    #[test]
    fn r10_a_message_stays_hidden_for_six_runs_of_its_function() {
        let file: serde_json::Value = serde_json::from_str(include_str!("../../settings/functions.json")).unwrap();
        let visibility = file["uploads_queue"]["visibility_timeout_s"].as_u64().unwrap();
        assert!(visibility >= 6 * functions()["orchestrator"].timeout_s);
    }
}
