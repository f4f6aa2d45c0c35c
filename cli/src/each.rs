//! The same command for several photos: an error of one does not stop the others.

use crate::error::Error;
use crate::image;

/// Calls `work` on each id. An error of one photo is reported, and the next photo follows. An error that every photo
/// would meet ends the command: no sign-in, no answer, a size that does not exist.
pub fn each(ids: &[String], as_json: bool, mut work: impl FnMut(&str) -> Result<(), Error>) -> Result<(), Error> {
    // A mistyped id is an error before anything is done.
    for image_id in ids {
        image::path(image_id)?;
    }
    let mut failed = false;
    for image_id in ids {
        match work(image_id) {
            Ok(()) => {}
            Err(failure) if ids.len() == 1 || failure.exit_code() != 1 => return Err(failure),
            Err(failure) => {
                failed = true;
                failure.about(image_id).report(as_json);
            }
        }
    }
    if failed { Err(Error::PartialFailure) } else { Ok(()) }
}
