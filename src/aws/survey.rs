//! An owner's ready photos, from the newest on, with what the index has of each.

use crate::ready::{Glimpse, GlimpseReady, Seen};
use darkroom_domain::Error;
use darkroom_domain::id::OwnerId;
use darkroom_domain::range::IdRange;

/// The most queries of the index, which has some 350 bytes of a photo and reads a megabyte at once: more than twenty
/// thousand photos, for some thousand read units.
const QUESTIONS: usize = 8;

/// The photos that were read.
pub struct Survey {
    /// The photos, the newest first.
    pub photos: Vec<Glimpse>,
    /// These are all of them.
    pub is_complete: bool,
}

/// Reads this of all of them, or of as many as one request may.
pub async fn survey<T: GlimpseReady>(table: &T, owner: &OwnerId, seen: Seen) -> Result<Survey, Error> {
    let (mut photos, mut rest) = (Vec::new(), Some(IdRange::ALL));
    for _ in 0..QUESTIONS {
        let Some(range) = rest else { break };
        let (found, left) = table.glimpse_ready(owner, range, seen, None).await?;
        photos.extend(found);
        rest = left;
    }
    Ok(Survey { photos, is_complete: rest.is_none() })
}
