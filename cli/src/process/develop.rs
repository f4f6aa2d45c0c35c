//! One photo through the stages of the workflow, in memory: the same functions in the same order as in the three
//! workers, and the same words for what goes wrong.

use crate::original::{Original, Unfit};
use darkroom_domain::order::Stage;
use darkroom_domain::record::{PictureFacts, SourceFacts};
use darkroom_domain::{Error, ErrorCode};
use darkroom_imaging::{
    Encoded, FocalPoint, Limits, OutputFormat, Picture, Recipe, WorkError, develop_around, encode, marked,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// A photo that became its variants.
#[derive(Debug)]
pub struct Photo {
    pub source: SourceFacts,
    pub facts: PictureFacts,
    /// In the recipe's order.
    pub variants: Vec<Made>,
}

/// One file of a variant.
#[derive(Debug)]
pub struct Made {
    pub file: Encoded,
    /// The pixels before they were encoded, for a format that cannot be decoded here: a contact sheet shows them.
    pub unreadable: Option<Picture>,
}

impl Made {
    /// The files of a picture, one for each format of its variant.
    fn all_of(picture: Picture, recipe: &Recipe) -> Result<Vec<Self>, WorkError> {
        let variant = recipe.variant(picture.name()).expect("the picture was made by this recipe");
        let picture = marked(picture, variant, recipe);
        let files = encode(&picture, variant, recipe)?.into_iter();
        let is_unreadable = |file: &Encoded| file.content_type == OutputFormat::Avif.content_type();
        Ok(files.map(|file| Self { unreadable: is_unreadable(&file).then(|| picture.clone()), file }).collect())
    }
}

/// The stage at which a photo ended, and why.
#[derive(Debug)]
pub struct Ended {
    pub stage: Stage,
    pub error: Error,
}

/// Why there is no picture.
#[derive(Debug)]
pub enum Unfinished {
    /// The file could not be read.
    Io(std::io::Error),
    /// It was refused, or failed.
    Ended(Ended),
}

impl From<Ended> for Unfinished {
    fn from(ended: Ended) -> Self {
        Self::Ended(ended)
    }
}

/// Develops one photo from file to variants. A panic is named as in a worker, and ends this photo only.
pub fn photo(path: &Path, recipe: &Recipe, limits: &Limits, focus: Option<FocalPoint>) -> Result<Photo, Unfinished> {
    let Original { content, .. } = Original::read(path, limits).map_err(|unfit| match unfit {
        Unfit::Io(why) => Unfinished::Io(why),
        Unfit::Rejected(error) => Unfinished::Ended(Ended { stage: Stage::Validate, error }),
    })?;
    let developed = at(Stage::Resize, || {
        develop_around(&content, recipe, limits, focus).map_err(|error| darkroom_develop::rejection(&error))
    })?;
    let source = darkroom_develop::whole_source_facts(&developed.facts, content.len() as u64);
    let facts = darkroom_develop::picture_facts(&content, developed.facts);
    drop(content);
    let variants = at(Stage::Watermark, || {
        let pictures = developed.pictures.into_iter();
        let made = pictures.map(|picture| Made::all_of(picture, recipe)).collect::<Result<Vec<_>, _>>();
        made.map(|made| made.into_iter().flatten().collect()).map_err(|error| darkroom_develop::fault(&error))
    })?;
    Ok(Photo { source, facts, variants })
}

fn at<T>(stage: Stage, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Ended> {
    let panicked = |_| Err(Error::new(ErrorCode::WorkerBug, "panicked; please report it, with the photo if you can"));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked).map_err(|error| Ended { stage, error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::original::fixture;

    fn developed(name: &str) -> Result<Photo, Unfinished> {
        photo(&fixture(name), &darkroom_develop::recipe().unwrap(), &darkroom_develop::limits(), None)
    }

    #[test]
    fn a_photo_becomes_what_the_recipe_says() {
        let photo = developed("orientation-6.jpg").unwrap();
        let names: Vec<_> = photo.variants.iter().map(|made| made.file.name.as_str()).collect();
        assert_eq!(names, ["thumbnail", "small", "medium", "large"]);
        assert_eq!(photo.source.orientation, 6);
        assert_eq!(photo.facts.sha256.len(), 64);
    }

    #[test]
    fn each_refusal_has_its_name_and_its_stage() {
        for (name, stage, code) in [
            ("text.jpg", Stage::Validate, ErrorCode::ImageUnsupported),
            ("header-only.avif", Stage::Validate, ErrorCode::ImageAvif),
            ("truncated.jpg", Stage::Resize, ErrorCode::ImageCorrupt),
        ] {
            let Unfinished::Ended(ended) = developed(name).unwrap_err() else { panic!("{name} can be read") };
            assert_eq!((ended.stage, ended.error.code), (stage, code), "{name}");
        }
    }

    #[test]
    fn a_panic_ends_one_photo_only() {
        let ended = at::<()>(Stage::Watermark, || panic!("index out of bounds")).unwrap_err();
        assert_eq!((ended.stage, ended.error.code), (Stage::Watermark, ErrorCode::WorkerBug));
    }
}
