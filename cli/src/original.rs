//! A photo's file, read as the service reads it: a file above the size limit is not opened, and the header decides.

use darkroom_domain::Error;
use darkroom_imaging::{Header, ImageError, Inspection, Limits, inspect};
use std::path::Path;

/// A whole file, and what its header says.
#[derive(Debug)]
pub struct Original {
    pub content: Vec<u8>,
    pub header: Header,
}

/// Why a file is not sent or developed.
#[derive(Debug)]
pub enum Unfit {
    Io(std::io::Error),
    Rejected(Error),
}

impl Original {
    pub fn read(path: &Path, limits: &Limits) -> Result<Self, Unfit> {
        let bytes = path.metadata().map_err(Unfit::Io)?.len();
        if bytes > limits.max_bytes {
            return Err(rejected(&ImageError::TooLarge { bytes, limit: limits.max_bytes }));
        }
        Self::of(std::fs::read(path).map_err(Unfit::Io)?, limits)
    }

    fn of(content: Vec<u8>, limits: &Limits) -> Result<Self, Unfit> {
        match inspect(&content, content.len() as u64, None, limits) {
            Ok(Inspection::Header(header)) => Ok(Self { content, header }),
            Ok(Inspection::NeedMore { .. }) => Err(rejected(&ImageError::Corrupt("the header never ends"))),
            Err(error) => Err(rejected(&error)),
        }
    }
}

fn rejected(error: &ImageError) -> Unfit {
    Unfit::Rejected(darkroom_develop::rejection(error))
}

/// A fixture, for the tests.
#[cfg(test)]
pub fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/images").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use darkroom_domain::ErrorCode;

    fn code(name: &str, limits: &Limits) -> Option<ErrorCode> {
        match Original::read(&fixture(name), limits) {
            Ok(_) => None,
            Err(Unfit::Rejected(error)) => Some(error.code),
            Err(Unfit::Io(why)) => panic!("{why}"),
        }
    }

    #[test]
    fn what_the_service_would_refuse_by_its_header_is_refused_here() {
        let limits = darkroom_develop::limits();
        assert_eq!(code("dandelion.jpg", &limits), None);
        assert_eq!(code("grid.heic", &limits), None);
        assert_eq!(code("header-only.avif", &limits), Some(ErrorCode::ImageAvif));
        assert_eq!(code("text.jpg", &limits), Some(ErrorCode::ImageUnsupported));
        assert_eq!(code("dandelion.jpg", &Limits { max_bytes: 1000, ..limits }), Some(ErrorCode::ImageTooLarge));
        assert_eq!(code("dandelion.jpg", &Limits { max_side: 100, ..limits }), Some(ErrorCode::ImageTooManyPixels));
        assert!(
            matches!(Original::of(Vec::new(), &limits), Err(Unfit::Rejected(e)) if e.code == ErrorCode::ImageEmpty)
        );
        assert!(matches!(Original::read(Path::new("no/such.jpg"), &limits), Err(Unfit::Io(_))));
    }
}
