//! The sandbox around every reader of an upload: a panic becomes an error of the file, and the time is limited. Nothing
//! else runs in it, or a bug of ours would be reported as a damaged file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::error::ImageError;

/// Runs a reader of an upload. A panic of a decoder means a damaged file, so it must not end the process.
pub(crate) fn catch<T>(work: impl FnOnce() -> Result<T, ImageError>) -> Result<T, ImageError> {
    // Nothing is shared with `work` that it could leave half-changed: it takes bytes and gives a value.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ImageError::Corrupt("its decoder gave up")))
}

/// The time limit of one decode. Honest pictures at the limits need a tenth of it; a worker's own timeout is longer.
const BUDGET: Duration = Duration::from_secs(20);

/// The end of a time budget.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    pub(crate) fn start() -> Self {
        Self(Instant::now() + BUDGET)
    }

    pub(crate) fn check(self) -> Result<(), ImageError> {
        if Instant::now() >= self.0 {
            return Err(ImageError::TooComplex("its decode takes too long"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r22_a_panic_is_a_damaged_file() {
        let caught: Result<(), _> = catch(|| panic!("index out of bounds"));
        assert_eq!(caught, Err(ImageError::Corrupt("its decoder gave up")));
        assert_eq!(catch(|| Ok(7)), Ok(7));
    }

    #[test]
    fn r22_time_runs_out() {
        assert!(Deadline::start().check().is_ok());
        assert!(matches!(Deadline(Instant::now()).check(), Err(ImageError::TooComplex(_))));
    }
}
