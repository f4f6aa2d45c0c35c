//! One photo through the stages of the workflow, in memory: the same functions in the same order as in the three
//! workers, and the same words for what goes wrong.

use darkroom_domain::order::Stage;
use darkroom_domain::record::{PictureFacts, SourceFacts};
use darkroom_domain::{Error, ErrorCode};
use darkroom_imaging::{Encoded, Header, ImageError, Inspection, Limits, Recipe, develop, finish, inspect};
use darkroom_pixels as pixels;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A photo that became its variants.
#[derive(Debug)]
pub struct Photo {
    pub source: SourceFacts,
    pub facts: PictureFacts,
    /// In the recipe's order.
    pub variants: Vec<Encoded>,
}

/// The stage at which a photo ended, and why.
#[derive(Debug)]
pub struct Ended {
    pub stage: Stage,
    pub error: Error,
}

/// The whole way of a photo. A panic is named as in a worker; it never takes the other photos with it.
pub fn photo(original: &[u8], recipe: &Recipe, limits: &Limits) -> Result<Photo, Ended> {
    let header = at(Stage::Validate, || header(original, limits))?;
    let developed = at(Stage::Resize, || develop(original, recipe, limits).map_err(|error| pixels::rejection(&error)))?;
    let variants = at(Stage::Watermark, || {
        let pictures = developed.pictures.into_iter();
        pictures.map(|picture| finish(picture, recipe).map_err(|error| pixels::fault(&error))).collect()
    })?;
    let source = pixels::source_facts(header, original.len() as u64);
    Ok(Photo { source, facts: pixels::picture_facts(original, developed.facts), variants })
}

/// The header of a whole file.
pub fn header(original: &[u8], limits: &Limits) -> Result<Header, Error> {
    match inspect(original, original.len() as u64, None, limits) {
        Ok(Inspection::Header(header)) => Ok(header),
        Ok(Inspection::NeedMore { .. }) => Err(pixels::rejection(&ImageError::Corrupt("the header never ends"))),
        Err(error) => Err(pixels::rejection(&error)),
    }
}

fn at<T>(stage: Stage, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Ended> {
    let panicked = |_| Err(Error::new(ErrorCode::WorkerBug, "panicked; please report it, with the photo if you can"));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked).map_err(|error| Ended { stage, error })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str) -> Vec<u8> {
        std::fs::read(format!("{}/../fixtures/images/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn developed(name: &str) -> Result<Photo, Ended> {
        photo(&fixture(name), &pixels::recipe().unwrap(), &pixels::limits())
    }

    #[test]
    fn a_photo_becomes_what_the_recipe_says() {
        let photo = developed("orientation-6.jpg").unwrap();
        let names: Vec<_> = photo.variants.iter().map(|variant| variant.name.as_str()).collect();
        assert_eq!(names, ["thumbnail", "small", "medium", "large"]);
        assert_eq!(photo.source.orientation, 6);
        assert_eq!(photo.facts.sha256.len(), 64);
    }

    #[test]
    fn each_refusal_has_its_name_and_its_stage() {
        for (name, stage, code) in [
            ("text.jpg", Stage::Validate, ErrorCode::ImageUnsupported),
            ("header-only.heic", Stage::Validate, ErrorCode::ImageHeic),
            ("truncated.jpg", Stage::Resize, ErrorCode::ImageCorrupt),
        ] {
            let ended = developed(name).unwrap_err();
            assert_eq!((ended.stage, ended.error.code), (stage, code), "{name}");
        }
    }

    #[test]
    fn a_panic_ends_one_photo_only() {
        let ended = at::<()>(Stage::Watermark, || panic!("index out of bounds")).unwrap_err();
        assert_eq!((ended.stage, ended.error.code), (Stage::Watermark, ErrorCode::WorkerBug));
    }
}
