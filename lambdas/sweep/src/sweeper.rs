//! What a sweeper needs.

use std::time::Duration;

/// For how long one run begins with further photos. The rest of the function's timeout is for those that were begun.
pub const PATIENCE: Duration = Duration::from_secs(200);

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
    pub patience: Duration,
}
