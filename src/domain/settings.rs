//! The settings that Terraform and the Lambdas share, compiled in from `settings/`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `settings/recipe.json`, as text for the imaging engine.
pub const RECIPE: &str = include_str!("../../settings/recipe.json");

const FUNCTIONS: &str = include_str!("../../settings/functions.json");

/// The limits of uploads, and how long links are valid.
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
    /// Media types that an upload may declare.
    pub content_types: Vec<String>,
    /// Life of an upload ticket.
    pub upload_url_s: u64,
    /// Life of a download link.
    pub download_url_s: u64,
    /// How long a ticket that was not used is shown and can be renewed.
    pub awaiting_upload_s: u64,
    /// How long the table remembers tickets that were not used, and deletions: longer than a message can wait.
    pub remembered_s: u64,
    /// How long the original of a rejected photo is kept, and listed for operators, who may try it again.
    pub quarantine_s: u64,
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

/// Settings that the user pool, the function `auth` and the erasure of accounts share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Of passwords.
    pub password: PasswordPolicy,
    /// Life of an id token.
    pub token_minutes: u64,
    /// How old a sign-in may be for a request that cannot be undone.
    pub fresh_sign_in_s: u64,
    /// The group of the pool whose users are operators.
    pub operators_group: String,
}

/// The rules for a password.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Characters.
    pub minimum_length: usize,
}

/// The settings of a function.
#[derive(Clone, Debug, Deserialize)]
pub struct Function {
    /// Seconds of an invocation.
    pub timeout_s: u64,
    /// The most seconds of it that go to work other than calls to AWS.
    pub own_work_s: u64,
    /// The names of its environment variables.
    pub environment: Vec<String>,
}

/// The types of a format that not every build reads (docs/adr/0017-heic.md).
const HEIC: [&str; 2] = ["image/heic", "image/heif"];

/// The limits, parsed once.
pub static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    let mut limits: Limits = serde_json::from_str(include_str!("../../settings/limits.json")).expect("tested below");
    limits.content_types = readable(limits.content_types, cfg!(feature = "heic"));
    limits
});

/// Only what this build reads: no ticket is given for a photo that `validate` would refuse.
fn readable(mut content_types: Vec<String>, reads_heic: bool) -> Vec<String> {
    content_types.retain(|kind| reads_heic || !HEIC.contains(&kind.as_str()));
    content_types
}

/// The same for identities.
pub static IDENTITY: LazyLock<Identity> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../settings/identity.json")).expect("tested below"));

/// The settings of every function, by name.
pub fn functions() -> BTreeMap<String, Function> {
    #[derive(Deserialize)]
    struct File {
        functions: BTreeMap<String, Function>,
    }
    serde_json::from_str::<File>(FUNCTIONS).expect("tested below").functions
}

/// How the orchestrator keeps the limit of executions in flight.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Pace {
    /// Seconds between two calls of `ListExecutions` by one sandbox. AWS answers two a second in most regions.
    pub period_s: u64,
    /// Seconds for which an execution counts although the list does not name it: the list is "eventually consistent".
    pub unlisted_s: u64,
    /// Seconds that an invocation waits for a place before its messages go back to the queue.
    pub longest_wait_s: u64,
    /// How many sandboxes share the places: the mapping's maximum concurrency.
    #[serde(skip)]
    pub sandboxes: usize,
}

/// The pace of the orchestrator.
pub fn pace() -> Pace {
    #[derive(Deserialize)]
    struct File {
        pace: Pace,
        uploads_queue: Queue,
    }
    #[derive(Deserialize)]
    struct Queue {
        maximum_concurrency: usize,
    }
    let File { pace, uploads_queue } = serde_json::from_str(FUNCTIONS).expect("tested below");
    Pace { sandboxes: uploads_queue.maximum_concurrency, ..pace }
}

/// What an import of many photos takes, to be told before it begins (docs/SCALE.md, docs/COST.md).
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Imports {
    /// Seconds from the copy of a photo until the import has seen that it is ready.
    pub photo_s: f64,
    /// Photos a second, however many are on their way: the uploads queue hands on no more, and people need some.
    pub photos_per_second: f64,
    /// Dollars to bring a photo in and to develop it.
    pub usd_per_photo: f64,
}

/// What an import takes.
pub fn imports() -> Imports {
    #[derive(Deserialize)]
    struct File {
        imports: Imports,
    }
    serde_json::from_str::<File>(FUNCTIONS).expect("tested below").imports
}

impl Imports {
    /// Photos a second with so many on their way at once.
    #[expect(clippy::cast_precision_loss, reason = "some hundreds")]
    pub fn pace(&self, at_once: u64) -> f64 {
        (at_once as f64 / self.photo_s).min(self.photos_per_second)
    }
}

/// The queue of events for webhooks.
#[derive(Deserialize)]
struct WebhooksQueue {
    retry_delays_s: Vec<u64>,
    max_receive_count: u32,
}

fn webhooks_queue() -> WebhooksQueue {
    #[derive(Deserialize)]
    struct File {
        webhooks_queue: WebhooksQueue,
    }
    serde_json::from_str::<File>(FUNCTIONS).expect("tested below").webhooks_queue
}

/// The delays in seconds before each further attempt of a webhook that did not take an event.
pub fn webhook_retry_delays() -> Vec<u64> {
    webhooks_queue().retry_delays_s
}

/// How often the queue hands an event for a webhook out before it is a dead letter.
pub fn webhook_deliveries_at_most() -> u32 {
    webhooks_queue().max_receive_count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_can_be_read() {
        assert!(
            LIMITS.max_bytes > 0
                && IDENTITY.token_minutes > 0
                && !functions().is_empty()
                && !webhook_retry_delays().is_empty()
                && imports().usd_per_photo > 0.0
        );
    }

    #[test]
    fn r55_an_import_is_as_fast_as_its_share_of_the_executions_and_never_takes_all_of_the_queue() {
        let imports = imports();
        let pace = |at_once| imports.pace(at_once);
        assert!(pace(2) < 1.0 && pace(100) < imports.photos_per_second);
        assert!((pace(100_000) - imports.photos_per_second).abs() < f64::EPSILON);
    }

    #[test]
    fn heic_may_be_declared_where_it_is_read() {
        let all = || LIMITS.content_types.iter().map(String::as_str).chain(HEIC).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(readable(all(), true), all());
        let without = readable(all(), false);
        assert!(without.iter().all(|kind| !kind.starts_with("image/hei")) && without.len() >= 6, "{without:?}");
        assert_eq!(LIMITS.content_types.iter().any(|kind| kind == "image/heic"), cfg!(feature = "heic"));
    }

    #[test]
    fn r12_the_gateway_waits_longer_than_its_functions_run() {
        let of_the_api = |function: &&Function| function.environment.iter().any(|name| name == "CORS_ORIGINS");
        let mut functions = functions();
        // Its clock lets it work for minutes. It answers operators in time by itself (lambdas/sweep/src/operator.rs).
        functions.remove("sweep");
        assert!(functions.values().filter(of_the_api).count() >= 5);
        assert!(functions.values().filter(of_the_api).all(|function| function.timeout_s < 29));
    }

    #[test]
    fn r55_the_orchestrators_lists_stay_below_what_every_region_answers() {
        let pace = pace();
        assert!(pace.sandboxes as u64 <= 2 * pace.period_s, "two ListExecutions a second");
        assert!(pace.unlisted_s >= pace.period_s, "or an execution may be listed too late to count at all");
        assert!(pace.longest_wait_s < functions()["orchestrator"].timeout_s);
    }

    #[test]
    fn r55_a_message_may_wait_until_every_execution_before_it_has_timed_out() {
        let file: serde_json::Value = serde_json::from_str(FUNCTIONS).unwrap();
        let machine: serde_json::Value =
            serde_json::from_str(include_str!("../../statemachine/process-image.asl.json")).unwrap();
        let queue = &file["uploads_queue"];
        let number = |name: &str| queue[name].as_u64().unwrap();
        let waits = number("max_receive_count") * number("visibility_timeout_s");
        assert!(waits > machine["TimeoutSeconds"].as_u64().unwrap(), "waiting would be a dead letter");
        assert!(waits < number("retention_s"), "a message that can never be handled would be forgotten, not kept");
    }

    #[test]
    fn r56_tickets_and_deletions_outlive_every_message_that_may_still_tell_of_them() {
        let file: serde_json::Value = serde_json::from_str(FUNCTIONS).unwrap();
        let waits = |name: &str| file["uploads_queue"][name].as_u64().unwrap();
        let longest = waits("retention_s") + waits("dead_letter_retention_s") + LIMITS.upload_url_s;
        assert!(LIMITS.remembered_s > longest, "a redrive would find neither ticket nor deletion");
        assert!(LIMITS.remembered_s > LIMITS.awaiting_upload_s);
    }

    #[test]
    fn r62_a_photo_leaves_quarantine_before_its_execution_is_forgotten() {
        let forgotten = std::time::Duration::from_hours(24 * crate::act::REMEMBERED_DAYS.unsigned_abs());
        assert!(LIMITS.quarantine_s < forgotten.as_secs(), "a listed photo could not be tried again");
    }

    #[test]
    fn r40_an_execution_lasts_no_longer_than_a_deletion_waits_for_it() {
        use crate::protocol::{EXECUTION, START};
        let machine: serde_json::Value =
            serde_json::from_str(include_str!("../../statemachine/process-image.asl.json")).unwrap();
        assert_eq!(machine["TimeoutSeconds"], EXECUTION.as_secs());
        assert!(START.as_secs() > 2 * functions()["orchestrator"].timeout_s);
    }

    #[test]
    fn r32_links_live_at_most_a_quarter_of_an_hour() {
        assert!(LIMITS.upload_url_s <= 900 && LIMITS.download_url_s <= 900);
    }

    #[test]
    fn r10_a_message_stays_hidden_for_six_runs_of_its_function() {
        let file: serde_json::Value = serde_json::from_str(FUNCTIONS).unwrap();
        let queues = [("uploads_queue", "orchestrator"), ("webhooks_queue", "webhook"), ("erasures_queue", "erase")];
        for (queue, function) in queues {
            let visibility = file[queue]["visibility_timeout_s"].as_u64().unwrap();
            assert!(visibility >= 6 * functions()[function].timeout_s, "{queue}");
        }
    }

    #[test]
    fn a_webhook_is_tried_to_the_end_before_its_message_is_a_dead_letter_or_forgotten() {
        let file: serde_json::Value = serde_json::from_str(FUNCTIONS).unwrap();
        let (queue, delays) = (&file["webhooks_queue"], webhook_retry_delays());
        assert!(delays.len() as u64 + 1 < queue["max_receive_count"].as_u64().unwrap());
        // A quarter more, since the random part of a delay is up to a quarter.
        assert!(delays.iter().sum::<u64>() * 5 / 4 < queue["retention_s"].as_u64().unwrap());
        // SQS hides a message for twelve hours at most after it was received.
        assert!(delays.iter().all(|delay| delay * 5 / 4 + functions()["webhook"].timeout_s <= 43_200));
        assert!(delays.is_sorted());
    }
}
