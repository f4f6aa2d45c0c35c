//! What a re-render needs, and how it looks through a library.

use darkroom_aws::library::{BATCH, VisitLibrary};
use darkroom_domain::Error;
use darkroom_domain::rerender::{Photo, Scope, Visit};
use darkroom_imaging::Recipe;
use std::time::Duration;
use tokio::time::Instant;

/// For how long one call looks through the library. The rest of the function's timeout is for what was begun.
pub const WORK_TIME: Duration = Duration::from_secs(15);

/// Its capabilities, and the names of what they work on.
pub struct Rerender<T, S, M> {
    pub table: T,
    pub objects: S,
    pub executions: M,
    /// The ARN of its state machine, or of the alias.
    pub machine: String,
    pub originals_bucket: String,
    pub images_bucket: String,
    pub kms_key_arn: String,
    /// The client of the users' sign-ins.
    pub client_id: String,
    /// Photos that are made at the same time: the state machine's own limit.
    pub at_once: u32,
    /// The recipe of this release.
    pub recipe: Recipe,
    pub work_time: Duration,
}

/// What was seen of a library.
#[derive(Debug, Default)]
pub struct Seen {
    /// Photos that were looked at.
    pub looked_at: u64,
    /// Those that another recipe made.
    pub outdated: Vec<Photo>,
    /// Behind what there is more.
    pub behind: Option<String>,
}

impl<T: VisitLibrary, S, M> Rerender<T, S, M> {
    /// Looks at photos behind this place, until enough are found, the time is over, or there are no more.
    pub async fn look(&self, scope: &Scope, behind: Option<String>, at_most: usize) -> Result<Seen, Error> {
        let until = Instant::now() + self.work_time;
        let mut seen = Seen { behind, ..Seen::default() };
        loop {
            let most = i32::try_from(BATCH).unwrap_or(i32::MAX);
            let page = self.table.visits_behind(scope, seen.behind.as_deref(), most).await?;
            let photos = self.table.read_photos(&page.items).await?;
            seen.looked_at += photos.len() as u64;
            let since = scope.since.as_deref();
            seen.outdated.extend(photos.into_iter().filter(|photo| photo.is_since(since) && self.is_outdated(photo)));
            seen.behind = page.next;
            if seen.behind.is_none() || seen.outdated.len() >= at_most || Instant::now() >= until {
                return Ok(seen);
            }
        }
    }

    /// True if it is ready, and its variants are not those that this release would make.
    pub fn is_outdated(&self, photo: &Photo) -> bool {
        let order = photo.order(&self.originals_bucket);
        order.is_some_and(|order| !photo.is_of(&darkroom_develop::build(&order.order, &self.recipe)))
    }
}

/// A photo of a page.
pub fn visit_of(photo: &Photo) -> Visit {
    Visit { owner_id: photo.owner_id.clone(), image_id: photo.image_id }
}
