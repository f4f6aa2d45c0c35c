//! What a sweeper needs.

use darkroom_domain::Error;
use darkroom_domain::id::ImageId;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::time::Instant;

/// For how long one run begins with further photos.
pub const WORK_TIME: Duration = Duration::from_secs(170);
/// For how long it walks along records and objects after that. The rest of the function's timeout is for what was begun.
pub const WALK: Duration = Duration::from_secs(50);

/// Its capabilities, and the names of what they work on.
pub struct Sweeper<T, S, M, Q> {
    pub table: T,
    pub objects: S,
    pub executions: M,
    pub queue: Q,
    /// The ARN of the state machine, or of its alias.
    pub machine: String,
    /// The queue of uploads.
    pub queue_url: String,
    pub originals_bucket: String,
    pub images_bucket: String,
    pub work_time: Duration,
    /// For how long variants stay that newer ones took the place of.
    pub grace: Duration,
    /// The client of the users' sign-ins.
    pub client_id: String,
}

/// One run's own facts.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub now: OffsetDateTime,
    /// Until when it begins with further photos.
    pub until: Instant,
    /// For how long it walks after that.
    pub walk: Duration,
    /// It writes nothing.
    pub is_dry: bool,
    /// The clock's runs share one walk. Any other run begins its own.
    pub is_by_clock: bool,
}

/// An error in the log. Without an image, it is about a shard of the index or a page of the walk.
pub fn logged(error: &Error, image: Option<ImageId>) {
    let (code, detail, image_id) = (error.code.name(), &error.detail, image.map(|image| image.to_string()));
    tracing::error!(code, detail, image_id, "not swept");
}
