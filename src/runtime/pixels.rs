//! Where the imaging engine, which knows nobody, meets the settings and the error catalogue.

use darkroom_domain::{Error, ErrorCode, settings};
use darkroom_imaging::{ImageError, Limits, Recipe, WorkError};

/// The limits of an upload, as the engine reads them.
pub fn limits() -> Limits {
    let limits = &*settings::LIMITS;
    Limits {
        max_bytes: limits.max_bytes,
        max_side: limits.max_side,
        max_pixels: limits.max_pixels,
        max_frames: limits.max_frames,
    }
}

/// The recipe of this build.
pub fn recipe() -> Result<Recipe, Error> {
    Recipe::from_json(settings::RECIPE).map_err(|why| Error::new(ErrorCode::WorkerMisconfigured, why.to_string()))
}

/// The public name of what is wrong with an upload.
pub fn rejection(error: &ImageError) -> Error {
    let code = match error {
        ImageError::Empty => ErrorCode::ImageEmpty,
        ImageError::TooLarge { .. } => ErrorCode::ImageTooLarge,
        ImageError::TooManyPixels { .. } => ErrorCode::ImageTooManyPixels,
        ImageError::TooManyFrames { .. } => ErrorCode::ImageTooManyFrames,
        ImageError::Unsupported(_) => ErrorCode::ImageUnsupported,
        ImageError::Heic => ErrorCode::ImageHeic,
        ImageError::Avif => ErrorCode::ImageAvif,
        ImageError::TypeMismatch { .. } => ErrorCode::ImageTypeMismatch,
        ImageError::Corrupt(_) => ErrorCode::ImageCorrupt,
        ImageError::TooComplex(_) => ErrorCode::ImageTooComplex,
    };
    Error::new(code, error.to_string())
}

/// The public name of what went wrong between two workers: never the upload's fault.
pub fn fault(error: &WorkError) -> Error {
    Error::new(ErrorCode::WorkerBug, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_of_this_build_is_a_recipe() {
        let names: Vec<_> = recipe().unwrap().variants().iter().map(|variant| variant.name.clone()).collect();
        assert_eq!(names, ["thumbnail", "small", "medium", "large"]);
    }
}
