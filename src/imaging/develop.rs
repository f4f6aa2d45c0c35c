//! One upload to all its variants: decode once, then each size from the next larger one.
//!
//! # The order of processing
//! 1. *Inspect*: format, size, orientation, profile, under the limits ([`header::read_whole`]).
//! 2. *Plan*: for each variant, the part that it shows and its size ([`Plan::of`]).
//! 3. *Decode*, once: of a JPEG no more pixels than the largest variant needs ([`decode::decode`]).
//! 4. *Resize* to the size of the largest variant, uncropped.
//! 5. *Convert* to sRGB ([`color`](crate::color)), and drop an alpha channel that is opaque everywhere.
//! 6. *Turn* upright ([`orient`](crate::orient)): this is the [`Canvas`], and 4 to 6 are [`Canvas::new`]. Planes that
//!    need no conversion and only leave as planes skip 5.
//! 7. *Crop and resize*, for each variant, the largest first ([`Canvas::take`]); where [`Attention`] tells what to keep,
//!    before the first crop that asks.
//! 8. *Sharpen*, then *flatten* on the background where no format of the variant has alpha ([`Canvas::into_picture`]).
//! 9. *Fingerprint* the smallest whole picture ([`Fingerprint::of`]).
//!
//! Another worker does the two last steps: the *watermark* and the *encoding* ([`finish`](crate::finish)).

use serde::{Deserialize, Serialize};

use crate::attention::Attention;
use crate::canvas::Canvas;
use crate::decode::{DecodeSize, Decoded};
use crate::error::ImageError;
use crate::fingerprint::Fingerprint;
use crate::format::Format;
use crate::header::model::{ColorModel, Found, Header};
use crate::limits::Limits;
use crate::picture::Picture;
use crate::plan::{FocalPoint, Plan};
use crate::recipe::{Recipe, Variant};
use crate::{color, decode, header, sandbox};

/// The result of [`develop`].
#[derive(Clone, Debug)]
pub struct Developed {
    /// For the record.
    pub facts: Facts,
    /// One for each variant of the recipe, in its order.
    pub pictures: Vec<Picture>,
}

/// The facts of a picture, for the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Of the original.
    pub format: Format,
    /// Width of the original as a person sees it.
    pub width: u32,
    /// Height of the original as a person sees it.
    pub height: u32,
    /// EXIF orientation of the original. The variants are upright.
    pub orientation: u8,
    /// More than one for an animation, of which the first frame is shown.
    pub frames: u32,
    /// Does the original move?
    pub animated: bool,
    /// How the original keeps its colours.
    pub color: ColorModel,
    /// Is any pixel transparent?
    pub transparent: bool,
    /// The original's colour profile, by its own name; `(not applied)` behind it where the profile is damaged, or of other
    /// channels than the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Make and model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// `YYYY-MM-DDThh:mm:ss`, by the camera's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
    /// A picture of 25 bytes to show while another one loads, Base64.
    pub thumbhash: String,
    /// `#rrggbb`.
    pub dominant_color: String,
    /// 16 hex digits; those of resized copies differ in few bits.
    pub phash: String,
}

/// Decodes an upload and makes the recipe's pictures of it: upright, sRGB, never larger than the original,
/// without a watermark yet.
pub fn develop(bytes: &[u8], recipe: &Recipe, limits: &Limits) -> Result<Developed, ImageError> {
    develop_around(bytes, recipe, limits, None)
}

/// The same, with the focal point in the middle of each crop, or as near to it as the picture's edges allow. It takes the
/// place of the recipe's gravity.
pub fn develop_around(
    bytes: &[u8],
    recipe: &Recipe,
    limits: &Limits,
    focus: Option<FocalPoint>,
) -> Result<Developed, ImageError> {
    develop_by(make, bytes, recipe, limits, focus)
}

/// Only header, decode (with the first resize of what comes row by row) and colour conversion run in the sandbox, since
/// only they read uploaded bytes. Other steps work on pixels and plans of ours: a panic there is a bug of ours, and is reported as one.
fn develop_by(
    make: impl FnOnce(Read, &Recipe) -> Result<Made, ImageError>,
    bytes: &[u8],
    recipe: &Recipe,
    limits: &Limits,
    focus: Option<FocalPoint>,
) -> Result<Developed, ImageError> {
    let mut found = sandbox::catch(|| header::read_whole(bytes, limits))?;
    let size = found.header.upright_size();
    let plans: Vec<Plan> = recipe.variants().iter().map(|variant| Plan::of(variant, size, focus)).collect();
    // One decode serves the variant that needs most, and the others are made of its pixels.
    let scale = plans.iter().map(|plan| plan.scale).fold(0.0, f64::max);
    // JPEG and AVIF store colour at half the size of brightness. If all variants are of these formats, so is the
    // canvas.
    let planar = recipe.variants().iter().all(Variant::is_planar);
    let wanted = DecodeSize::new(&found.header, scale, planar);
    let decoded = sandbox::catch(|| decode::decode(bytes, &mut found, wanted))?;
    let Found { mut header, icc, .. } = found;
    let icc = icc.filter(|icc| color::fits(icc, decoded.channels()));
    if icc.is_none() {
        header.profile = header.profile.map(|name| format!("{name} (not applied)"));
    }
    let made = make(Read { decoded, header: &header, icc: icc.as_deref(), wanted, plans }, recipe)?;
    Ok(made.finish(header))
}

/// The header of an upload, and the plans of its variants.
struct Read<'a> {
    decoded: Decoded,
    header: &'a Header,
    icc: Option<&'a [u8]>,
    wanted: DecodeSize,
    plans: Vec<Plan>,
}

fn make(read: Read, recipe: &Recipe) -> Result<Made, ImageError> {
    let canvas = Canvas::new(read.decoded, read.header, read.icc, read.wanted)?;
    Ok(cascade(canvas, recipe, &read.plans))
}

struct Made {
    pictures: Vec<Picture>,
    transparent: bool,
    fingerprint: Fingerprint,
}

impl Made {
    fn finish(self, header: Header) -> Developed {
        let (width, height) = header.upright_size();
        let facts = Facts {
            format: header.format,
            width,
            height,
            orientation: header.orientation,
            frames: header.frames,
            animated: header.frames > 1,
            color: header.color,
            transparent: self.transparent,
            profile: header.profile,
            camera: header.camera,
            taken_at: header.taken_at,
            thumbhash: self.fingerprint.thumbhash,
            dominant_color: self.fingerprint.dominant_color.to_string(),
            phash: self.fingerprint.phash,
        };
        Developed { facts, pictures: self.pictures }
    }
}

/// Largest first; each whole picture is the source of the smaller ones, and becomes a variant's when the next one is made.
fn cascade(mut canvas: Canvas, recipe: &Recipe, plans: &[Plan]) -> Made {
    let transparent = canvas.has_alpha();
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by(|a, b| plans[*b].scale.total_cmp(&plans[*a].scale));
    let mut pictures: Vec<Option<Picture>> = plans.iter().map(|_| None).collect();
    let finished =
        |taken: Canvas, index: usize| Some(taken.into_picture(&recipe.variants()[index], recipe.background()));
    let mut attention = None;
    // The variant that the canvas is.
    let mut shown = None;
    for index in order {
        let plan = &plans[index];
        if plan.whole && shown.is_none() && (plan.width, plan.height) == canvas.size() {
            shown = Some(index);
            continue;
        }
        let taken = if plan.by_attention {
            let [_, _, width, height] = plan.part;
            let attention = attention.get_or_insert_with(|| Attention::of(&canvas));
            canvas.take(&plan.moved_to(attention.focus(width, height)))
        } else {
            canvas.take(plan)
        };
        if plan.whole {
            let larger = std::mem::replace(&mut canvas, taken);
            if let Some(before) = shown.replace(index) {
                pictures[before] = finished(larger, before);
            }
        } else {
            pictures[index] = finished(taken, index);
        }
    }
    let fingerprint = Fingerprint::of(&canvas);
    if let Some(index) = shown {
        pictures[index] = finished(canvas, index);
    }
    Made { pictures: pictures.into_iter().flatten().collect(), transparent, fingerprint }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    /// 3 × 2 pixels, whole.
    const PNG: &[u8] = include_bytes!("../../fixtures/images/tiny.png");

    fn develop_with(
        make: impl FnOnce(Read, &Recipe) -> Result<Made, ImageError>,
    ) -> std::thread::Result<Result<Developed, ImageError>> {
        let recipe = r##"{"variants":[{"name":"small","longest_side":2}],"background":"#ffffff"}"##;
        let recipe = Recipe::from_json(recipe).unwrap();
        let limits = Limits { max_bytes: 9999, max_side: 99, max_pixels: 999, max_frames: 1 };
        catch_unwind(AssertUnwindSafe(|| develop_by(make, PNG, &recipe, &limits, None)))
    }

    #[test]
    fn r60_a_panic_behind_the_decoder_is_a_bug_of_ours_and_never_a_damaged_file() {
        assert!(develop_with(|_, _| panic!("a plan's size fits its pixels")).is_err());
        assert!(develop_with(make).unwrap().is_ok());
    }
}
