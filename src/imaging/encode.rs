//! Pixels to files. No metadata is ever written, so none can leak.

mod avif;

use crate::error::WorkError;
use crate::output::OutputFormat;
use crate::picture::{Picture, Pixels, flatten};
use crate::recipe::{Recipe, Variant};
use crate::style::Color;
use crate::watermark;
use crate::ycc::Ycc;

/// A file of a variant, ready to be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The variant's name.
    pub name: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The media type.
    pub content_type: &'static str,
    /// The ending of a file name, without the dot.
    pub extension: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Encoded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, width, height, content_type, bytes, .. } = self;
        write!(out, "Encoded({name} {width}×{height} {content_type}, {} bytes)", bytes.len())
    }
}

/// Watermarks a picture if the recipe's variant of its name has a mark, and encodes it in each of that variant's formats.
/// The last is the file that every program reads.
pub fn finish(picture: Picture, recipe: &Recipe) -> Result<Vec<Encoded>, WorkError> {
    finish_with::<true>(picture, recipe)
}

/// [`finish`] for a program that knows when it is compiled whether its recipe asks for AVIF. If not, the program omits
/// the encoder, by far the largest of all.
pub fn finish_with<const AVIF: bool>(picture: Picture, recipe: &Recipe) -> Result<Vec<Encoded>, WorkError> {
    let variant = recipe.variant(picture.name()).ok_or_else(|| WorkError::UnknownVariant(picture.name().to_owned()))?;
    encode_with::<AVIF>(&marked(picture, variant, recipe), variant, recipe)
}

/// A picture with the recipe's watermark, if its variant has one.
pub fn marked(mut picture: Picture, variant: &Variant, recipe: &Recipe) -> Picture {
    if let (true, Some(mark)) = (variant.watermark, recipe.watermark()) {
        watermark::watermark(&mut picture, mark);
    }
    picture
}

/// Encodes a picture in each format of the variant, without a watermark.
pub fn encode(picture: &Picture, variant: &Variant, recipe: &Recipe) -> Result<Vec<Encoded>, WorkError> {
    encode_with::<true>(picture, variant, recipe)
}

fn encode_with<const AVIF: bool>(
    picture: &Picture,
    variant: &Variant,
    recipe: &Recipe,
) -> Result<Vec<Encoded>, WorkError> {
    let encoded = |(format, quality): (OutputFormat, u8)| {
        let bytes = match format {
            OutputFormat::Jpeg => jpeg(picture, quality, recipe.background())?,
            OutputFormat::Png => png(picture)?,
            OutputFormat::Webp => webp(picture, quality)?,
            OutputFormat::Avif if AVIF => avif::file(picture, quality)?,
            OutputFormat::Avif => return Err(WorkError::Encoder("this program was built without AVIF".into())),
        };
        Ok(Encoded {
            name: picture.name().to_owned(),
            width: picture.width(),
            height: picture.height(),
            content_type: format.content_type(),
            extension: format.extension(),
            bytes,
        })
    };
    variant.outputs().into_iter().map(encoded).collect()
}

fn jpeg(picture: &Picture, quality: u8, background: Color) -> Result<Vec<u8>, WorkError> {
    let side = |length: u32| u16::try_from(length).map_err(|_| WorkError::Encoder("too large for JPEG".into()));
    let converted;
    let ycc = match picture.pixels() {
        Pixels::Ycc(ycc) => ycc,
        Pixels::Rgb(pixels) => {
            converted = Ycc::from_rgb(pixels, picture.width(), picture.height());
            &converted
        }
        // Of a variant that has a format with alpha, too.
        Pixels::Rgba(pixels) => {
            let opaque = flatten(pixels, background);
            converted = Ycc::from_rgb(&opaque, picture.width(), picture.height());
            &converted
        }
    };
    let planes = planar_jpeg::Planes {
        width: side(ycc.width)?,
        height: side(ycc.height)?,
        luma: &ycc.luma,
        chroma: ycc.chroma.each_ref().map(Vec::as_slice),
    };
    planar_jpeg::encode(&planes, quality).map_err(|error| WorkError::Encoder(error.to_string()))
}

fn png(picture: &Picture) -> Result<Vec<u8>, WorkError> {
    let failed = |error: png::EncodingError| WorkError::Encoder(error.to_string());
    let converted;
    let (color, pixels) = match picture.pixels() {
        Pixels::Rgb(pixels) => (png::ColorType::Rgb, pixels),
        Pixels::Rgba(pixels) => (png::ColorType::Rgba, pixels),
        Pixels::Ycc(ycc) => {
            converted = ycc.to_rgb();
            (png::ColorType::Rgb, &converted)
        }
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(bytes)
}

/// libwebp's own default effort: 2 takes half the time for 3 % more bytes, 6 twice the time for 1 % fewer.
const WEBP_METHOD: i32 = 4;

fn webp(picture: &Picture, quality: u8) -> Result<Vec<u8>, WorkError> {
    let failed = |what: &str| WorkError::Encoder(format!("WebP: {what}"));
    let mut config = webp::WebPConfig::new().map_err(|()| failed("no configuration"))?;
    config.quality = f32::from(quality);
    config.method = WEBP_METHOD;
    let (width, height) = (picture.width(), picture.height());
    let converted;
    let encoder = match picture.pixels() {
        Pixels::Rgb(pixels) => webp::Encoder::from_rgb(pixels, width, height),
        Pixels::Rgba(pixels) => webp::Encoder::from_rgba(pixels, width, height),
        Pixels::Ycc(ycc) => {
            converted = ycc.to_rgb();
            webp::Encoder::from_rgb(&converted, width, height)
        }
    };
    let bytes = encoder.encode_advanced(&config).map_err(|error| failed(&format!("{error:?}")))?;
    Ok(bytes.to_vec())
}
