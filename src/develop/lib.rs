//! Connects the imaging engine, which knows no other package, with the settings, the error catalogue and the record.
//! The three workers and the command line develop photos through this crate, so that they report the same of each.

use darkroom_domain::record::{PictureFacts, SourceFacts};
use darkroom_domain::{Error, ErrorCode, hex, settings};
use darkroom_imaging::{Encoded, Facts, Header, ImageError, Limits, Picture, Recipe, WorkError};
use sha2::{Digest, Sha256};

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

/// A constant, so that a worker's binary has the encoder, 3 MB, only if the recipe of this build asks for it.
const MAKES_AVIF: bool = contains(settings::RECIPE, "avif");

const fn contains(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let mut start = 0;
    while start + word.len() <= text.len() {
        let mut same = 0;
        while same < word.len() && text[start + same] == word[same] {
            same += 1;
        }
        if same == word.len() {
            return true;
        }
        start += 1;
    }
    false
}

/// Watermarks and encodes a picture as the recipe of this build says.
pub fn finish(picture: Picture, recipe: &Recipe) -> Result<Encoded, Error> {
    darkroom_imaging::finish_with::<MAKES_AVIF>(picture, recipe).map_err(|error| fault(&error))
}

/// The public error of a refused upload.
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

/// The public error of a failure between two workers, which is never the upload's fault.
pub fn fault(error: &WorkError) -> Error {
    Error::new(ErrorCode::WorkerBug, error.to_string())
}

/// The facts of a header, for the record.
pub fn source_facts(header: Header, bytes: u64) -> SourceFacts {
    let (width, height) = header.upright_size();
    SourceFacts {
        format: header.format.content_type().trim_start_matches("image/").into(),
        width,
        height,
        orientation: header.orientation,
        bytes,
        animated: header.frames > 1,
        camera: header.camera,
        taken_at: header.taken_at,
    }
}

/// The facts of a whole file, which may have more than its head: the EXIF of a PNG may lie behind its pixels.
pub fn whole_source_facts(facts: &Facts, bytes: u64) -> SourceFacts {
    SourceFacts {
        format: facts.format.content_type().trim_start_matches("image/").into(),
        width: facts.width,
        height: facts.height,
        orientation: facts.orientation,
        bytes,
        animated: facts.animated,
        camera: facts.camera.clone(),
        taken_at: facts.taken_at.clone(),
    }
}

/// The facts of an original's pixels, for the record.
pub fn picture_facts(original: &[u8], facts: Facts) -> PictureFacts {
    PictureFacts {
        sha256: hex(&Sha256::digest(original)),
        thumbhash: facts.thumbhash,
        dominant_color: facts.dominant_color,
        phash: facts.phash,
    }
}

#[cfg(test)]
mod tests {
    use darkroom_imaging::OutputFormat;

    use super::*;

    #[test]
    fn the_recipe_of_this_build_is_a_recipe() {
        let names: Vec<_> = recipe().unwrap().variants().iter().map(|variant| variant.name.clone()).collect();
        assert_eq!(names, ["thumbnail", "small", "medium", "large"]);
    }

    #[test]
    fn the_encoder_is_there_where_the_recipe_asks_for_it() {
        let asks = recipe().unwrap().variants().iter().any(|variant| variant.format == OutputFormat::Avif);
        assert_eq!(MAKES_AVIF, asks);
        for (text, holds) in [("avif", true), (r#""format":"avif"}"#, true), ("avi", false), ("aviavi f", false)] {
            assert_eq!(contains(text, "avif"), holds, "{text}");
        }
    }
}
