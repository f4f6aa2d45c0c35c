//! Connects the imaging engine, which knows no other package, with the settings, the error catalogue and the record.
//! The three workers and the command line develop photos through this crate, so that they report the same of each.

use darkroom_domain::focus::Shares;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::record::{PictureFacts, SourceFacts};
use darkroom_domain::{Error, ErrorCode, hex, key, settings};
use darkroom_imaging::{Encoded, Facts, FocalPoint, Header, ImageError, Limits, Picture, Recipe, WorkError};
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

/// The focal point of an order, if the recipe crops.
pub fn focal_point(order: &WorkOrder, recipe: &Recipe) -> Option<FocalPoint> {
    let Shares { x, y } = order.focus.filter(|_| recipe.crops())?.into();
    Some(FocalPoint { x, y })
}

/// The build of an order: what `resize` and `watermark` must agree on, and part of every key that they write. Crops around
/// another focal point are another build, since a variant never changes under its key.
pub fn build(order: &WorkOrder, recipe: &Recipe) -> String {
    let mut look = recipe.hash();
    if let Some(FocalPoint { x, y }) = focal_point(order, recipe) {
        look = format!("{look} {x} {y}");
    }
    key::build(&order.source.version_id, &look)
}

/// Watermarks and encodes a picture as the recipe of this build says. The last file is the one that every program reads.
pub fn finish(picture: Picture, recipe: &Recipe) -> Result<Vec<Encoded>, Error> {
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
    use darkroom_imaging::{OutputFormat, Variant};

    use super::*;
    use darkroom_domain::focus::Focus;
    use darkroom_domain::id::{ImageId, OwnerId};
    use darkroom_domain::order::Source;

    fn order(focus: Option<(f64, f64)>) -> WorkOrder {
        let source = Source {
            bucket: "originals".into(),
            key: "imports/a".into(),
            version_id: "v1".into(),
            sequencer: "1".into(),
            size_bytes: 7,
        };
        let focus = focus.map(|(x, y)| Focus::try_from(Shares { x, y }).unwrap());
        WorkOrder { focus, ..WorkOrder::new(OwnerId::operator(), ImageId::from_number(1), source) }
    }

    #[test]
    fn crops_around_another_point_are_another_build() {
        let crops = Recipe::from_json(r#"{"variants":[{"name":"a","box":[9,9],"fit":"cover"}]}"#).unwrap();
        let (plain, left, right) = (order(None), order(Some((0.1, 0.5))), order(Some((0.9, 0.5))));
        assert_eq!(build(&plain, &crops), key::build("v1", &crops.hash()));
        let builds = [&plain, &left, &right].map(|order| build(order, &crops));
        assert!(builds[0] != builds[1] && builds[1] != builds[2] && builds[0] != builds[2], "{builds:?}");
        assert_eq!(focal_point(&left, &crops), Some(FocalPoint { x: 0.1, y: 0.5 }));
    }

    #[test]
    fn a_recipe_that_crops_nothing_makes_the_same_of_any_focal_point() {
        let whole = Recipe::from_json(r#"{"variants":[{"name":"a","longest_side":9}]}"#).unwrap();
        assert_eq!(build(&order(Some((0.1, 0.5))), &whole), build(&order(None), &whole));
        assert_eq!(focal_point(&order(Some((0.1, 0.5))), &whole), None);
    }

    #[test]
    fn the_recipe_of_this_build_is_a_recipe() {
        let names: Vec<_> = recipe().unwrap().variants().iter().map(|variant| variant.name.clone()).collect();
        assert_eq!(names, ["thumbnail", "small", "medium", "large"]);
    }

    #[test]
    fn the_encoder_is_there_where_the_recipe_asks_for_it() {
        let outputs = recipe().unwrap().variants().iter().flat_map(Variant::outputs).collect::<Vec<_>>();
        let asks = outputs.iter().any(|(format, _)| *format == OutputFormat::Avif);
        assert_eq!(MAKES_AVIF, asks);
        for (text, holds) in [("avif", true), (r#""format":"avif"}"#, true), ("avi", false), ("aviavi f", false)] {
            assert_eq!(contains(text, "avif"), holds, "{text}");
        }
    }
}
