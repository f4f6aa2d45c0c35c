//! One upload to all its variants: decode once, then each size from the next larger one.
//!
//! # The order of processing
//! 1. *Inspect*: format, size, orientation, profile, under the limits ([`header::read_whole`]).
//! 2. *Plan*: for each variant, what it shows and at how many pixels ([`Plan::of`]).
//! 3. *Decode*, once: of a JPEG no more pixels than the largest variant needs ([`decode::decode`]).
//! 4. *Resize* to the size of the largest variant, uncropped.
//! 5. *Convert* to sRGB ([`color`](crate::color)), and drop an alpha channel that says nothing.
//! 6. *Turn* upright ([`orient`](crate::orient)): this is the [`Canvas`], and 4 to 6 are [`Canvas::new`]. Planes that
//!    need no conversion and only leave as planes skip 5.
//! 7. *Crop and resize*, for each variant, the largest first ([`Canvas::take`]).
//! 8. *Sharpen*, then *flatten* on the background where the format has no alpha ([`Canvas::into_picture`]).
//! 9. *Fingerprint* the smallest whole picture ([`Fingerprint::of`]).
//!
//! Two steps follow, of another worker: the *watermark* and the *encoding* ([`finish`](crate::finish)).

use serde::{Deserialize, Serialize};

use crate::canvas::Canvas;
use crate::decode::DecodeSize;
use crate::error::ImageError;
use crate::fingerprint::Fingerprint;
use crate::format::Format;
use crate::header::model::{ColorModel, Header};
use crate::limits::Limits;
use crate::picture::Picture;
use crate::plan::Plan;
use crate::recipe::Recipe;
use crate::{decode, header, sandbox};

/// What [`develop`] makes.
#[derive(Clone, Debug)]
pub struct Developed {
    /// For the record.
    pub facts: Facts,
    /// One for each variant of the recipe, in its order.
    pub pictures: Vec<Picture>,
}

/// What the record keeps of a picture.
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
    /// The original's colour profile, by its own name.
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
    sandbox::catch(|| {
        let found = header::read_whole(bytes, limits)?;
        let size = found.header.upright_size();
        let plans: Vec<Plan> = recipe.variants().iter().map(|variant| Plan::of(variant, size)).collect();
        // One decode serves the variant that needs most, and the others come of that.
        let scale = plans.iter().map(|plan| plan.scale).fold(0.0, f64::max);
        // JPEG and AVIF keep brightness and colour apart, at half the size: where only they go out, so do we.
        let planar = recipe.variants().iter().all(|variant| variant.format.is_planar());
        let wanted = DecodeSize::new(&found.header, scale, planar);
        let decoded = decode::decode(bytes, &found, wanted)?;
        let canvas = Canvas::new(decoded, &found.header, found.icc.as_deref(), wanted);
        Ok(cascade(canvas, recipe, &plans).finish(found.header))
    })
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

/// Largest first; each whole picture is the source of the smaller ones.
fn cascade(mut canvas: Canvas, recipe: &Recipe, plans: &[Plan]) -> Made {
    let transparent = canvas.has_alpha();
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by(|a, b| plans[*b].scale.total_cmp(&plans[*a].scale));
    let mut pictures: Vec<Option<Picture>> = plans.iter().map(|_| None).collect();
    for index in order {
        let (plan, variant) = (&plans[index], &recipe.variants()[index]);
        let taken = canvas.take(plan);
        if plan.whole {
            canvas = taken.clone();
        }
        pictures[index] = Some(taken.into_picture(variant, recipe.background()));
    }
    let fingerprint = Fingerprint::of(&canvas);
    Made { pictures: pictures.into_iter().flatten().collect(), transparent, fingerprint }
}
