//! One upload to all its variants: decode once, then each size from the next larger one.

use serde::{Deserialize, Serialize};

use crate::decode::{self, Channels, Raster};
use crate::header::{self, ColorModel, Header};
use crate::picture::Pixels;
use crate::recipe::{Color, Fit, Variant};
use crate::resize::{self, Rect, Source};
use crate::{Format, ImageError, Limits, Picture, Recipe, color, guard, look, orient, sharpen};

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
    guard::catch(|| {
        let found = header::read_whole(bytes, limits)?;
        let size = found.header.upright_size();
        let plans: Vec<Plan> = recipe.variants().iter().map(|variant| Plan::of(variant, size)).collect();
        let scale = plans.iter().map(|plan| plan.scale).fold(0.0, f64::max);
        let raster = decode::decode(bytes, &found, scale)?;
        let base = Base::from_raster(raster, &found.header, found.icc.as_deref(), scale);
        let pictures = cascade(base, recipe, &plans);
        Ok(pictures.finish(found.header))
    })
}

/// What one variant takes of the upright original.
struct Plan {
    width: u32,
    height: u32,
    /// The share of the original's size at which the variant has one pixel for each of its own.
    scale: f64,
    /// Left, top, width and height of what is shown, as shares of the original.
    part: [f64; 4],
}

impl Plan {
    fn of(variant: &Variant, (full_width, full_height): (u32, u32)) -> Self {
        let (box_width, box_height, fit) = variant.frame();
        let (w, h) = (f64::from(full_width), f64::from(full_height));
        if fit == Fit::Inside {
            let (width, height) = resize::inside(full_width, full_height, box_width, box_height);
            let scale = (f64::from(width) / w).max(f64::from(height) / h);
            return Self { width, height, scale, part: [0.0, 0.0, 1.0, 1.0] };
        }
        // The largest part of the box's shape, then no larger than the box and no larger than it is.
        let shape = f64::from(box_width) / f64::from(box_height);
        let (part_width, part_height) = if w / h > shape { (h * shape, h) } else { (w, w / shape) };
        let scale = (f64::from(box_width) / part_width).min(1.0);
        let (right, down) = variant.gravity.shares();
        let part = [(w - part_width) * right / w, (h - part_height) * down / h, part_width / w, part_height / h];
        Self {
            width: resize::scaled(full_width, part_width * scale / w),
            height: resize::scaled(full_height, part_height * scale / h),
            scale,
            part,
        }
    }
}

/// A whole picture, upright and sRGB, that variants are made from.
struct Base {
    width: u32,
    height: u32,
    channels: Channels,
    bytes: Vec<u8>,
}

impl Base {
    /// The raster at the largest scale that any variant wants. Colour and orientation come after the resize:
    /// there are fewer pixels then.
    fn from_raster(raster: Raster, header: &Header, icc: Option<&[u8]>, scale: f64) -> Self {
        let (width, height) = (resize::scaled(header.width, scale), resize::scaled(header.height, scale));
        let whole = raster.extent == (f64::from(raster.width), f64::from(raster.height));
        let bytes = if whole && (raster.width, raster.height) == (width, height) {
            raster.bytes
        } else {
            let source =
                Source { bytes: &raster.bytes, width: raster.width, height: raster.height, channels: raster.channels };
            resize::resize(source, Rect::all(raster.extent.0, raster.extent.1), width, height)
        };
        let (bytes, channels) = color::to_srgb(bytes, raster.channels, icc);
        let (bytes, channels) = drop_opaque_alpha(bytes, channels);
        let (bytes, width, height) = match channels {
            Channels::Rgba => orient::upright::<4>(bytes, width, height, header.orientation),
            _ => orient::upright::<3>(bytes, width, height, header.orientation),
        };
        Self { width, height, channels, bytes }
    }

    fn source(&self) -> Source<'_> {
        Source { bytes: &self.bytes, width: self.width, height: self.height, channels: self.channels }
    }

    /// What a plan shows of this base, at the plan's size.
    fn take(&self, plan: &Plan) -> Vec<u8> {
        if plan.part == [0.0, 0.0, 1.0, 1.0] && (plan.width, plan.height) == (self.width, self.height) {
            return self.bytes.clone();
        }
        let (w, h) = (f64::from(self.width), f64::from(self.height));
        let [left, top, width, height] = plan.part;
        let part = Rect { left: left * w, top: top * h, width: width * w, height: height * h };
        resize::resize(self.source(), part, plan.width, plan.height)
    }
}

/// An alpha channel that says nothing costs a third more in every later step.
fn drop_opaque_alpha(bytes: Vec<u8>, channels: Channels) -> (Vec<u8>, Channels) {
    if channels != Channels::Rgba || bytes.as_chunks::<4>().0.iter().any(|pixel| pixel[3] != 255) {
        return (bytes, channels);
    }
    let rgb = bytes.as_chunks::<4>().0.iter().flat_map(|&[r, g, b, _]| [r, g, b]).collect();
    (rgb, Channels::Rgb)
}

struct Made {
    pictures: Vec<Picture>,
    transparent: bool,
    look: look::Look,
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
            thumbhash: self.look.thumbhash,
            dominant_color: self.look.dominant_color.to_string(),
            phash: self.look.phash,
        };
        Developed { facts, pictures: self.pictures }
    }
}

/// Largest first; each whole picture is the source of the smaller ones.
fn cascade(mut base: Base, recipe: &Recipe, plans: &[Plan]) -> Made {
    let transparent = base.channels == Channels::Rgba;
    let mut order: Vec<usize> = (0..plans.len()).collect();
    order.sort_by(|a, b| plans[*b].scale.total_cmp(&plans[*a].scale));
    let mut pictures: Vec<Option<Picture>> = plans.iter().map(|_| None).collect();
    for index in order {
        let (plan, variant) = (&plans[index], &recipe.variants()[index]);
        let bytes = base.take(plan);
        if variant.fit == Fit::Inside
            && base.channels.count() * (plan.width as usize) * (plan.height as usize) == bytes.len()
        {
            base = Base { width: plan.width, height: plan.height, channels: base.channels, bytes: bytes.clone() };
        }
        pictures[index] = Some(picture(variant, plan, bytes, base.channels, recipe.background()));
    }
    let look = look::Look::of(base.source());
    Made { pictures: pictures.into_iter().flatten().collect(), transparent, look }
}

fn picture(variant: &Variant, plan: &Plan, mut bytes: Vec<u8>, channels: Channels, background: Color) -> Picture {
    if variant.sharpen > 0.0 {
        sharpen::sharpen(&mut bytes, plan.width, channels.count(), variant.sharpen);
    }
    let pixels = match channels {
        Channels::Rgba if variant.format.keeps_alpha() => Pixels::Rgba(bytes),
        Channels::Rgba => Pixels::Rgb(flatten(&bytes, background)),
        _ => Pixels::Rgb(bytes),
    };
    Picture::new(&variant.name, plan.width, plan.height, pixels).expect("a plan's size fits its pixels")
}

/// What shows through transparency becomes the background.
fn flatten(rgba: &[u8], Color(background): Color) -> Vec<u8> {
    let over = |front: u8, alpha: u8, back: u8| {
        let sum = u32::from(front) * u32::from(alpha) + u32::from(back) * u32::from(255 - alpha);
        #[allow(clippy::cast_possible_truncation)] // at most 255
        let value = ((sum + 127) / 255) as u8;
        value
    };
    let [r, g, b] = background;
    rgba.as_chunks::<4>()
        .0
        .iter()
        .flat_map(|&[red, green, blue, alpha]| [over(red, alpha, r), over(green, alpha, g), over(blue, alpha, b)])
        .collect()
}
