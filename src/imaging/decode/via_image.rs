//! GIF, and WebP that is lossless, transparent or moving, through `image`: pure Rust, under limits and a clock.

use image::codecs::{gif::GifDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder};

use super::timed::{DAMAGED, Timed, late};
use crate::error::ImageError;
use crate::format::Format;
use crate::header::model::Found;
use crate::raster::{Channels, Raster, buffer};
use crate::sandbox::Deadline;

const HEADER: ImageError = ImageError::Corrupt("its header cannot be read");
const TOO_MUCH_MEMORY: ImageError = ImageError::TooComplex("it needs too much memory");

/// Memory of a decoder besides the pixels that it returns: a multiple of them, and a minimum.
const WORKING_SHARE: u64 = 3;
const WORKING_MEMORY: u64 = 64 << 20;

pub(super) fn decode(bytes: &[u8], found: &Found, deadline: Deadline) -> Result<Raster, ImageError> {
    let reader = Timed::new(bytes, deadline);
    match found.header.format {
        Format::WebP => through(WebPDecoder::new(reader).map_err(|_| HEADER)?, found, deadline),
        _ => through(GifDecoder::new(reader).map_err(|_| HEADER)?, found, deadline),
    }
}

fn through(mut decoder: impl ImageDecoder, found: &Found, deadline: Deadline) -> Result<Raster, ImageError> {
    let (width, height) = (found.header.width, found.header.height);
    if decoder.dimensions() != (width, height) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    let channels = match decoder.color_type() {
        ColorType::L8 => Channels::Gray,
        ColorType::La8 => Channels::GrayAlpha,
        ColorType::Rgb8 => Channels::Rgb,
        ColorType::Rgba8 => Channels::Rgba,
        _ => return Err(ImageError::Unsupported("its channels have more than 8 bits")),
    };
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(width);
    limits.max_image_height = Some(height);
    limits.max_alloc = Some(working_memory(width, height));
    decoder.set_limits(limits).map_err(|_| TOO_MUCH_MEMORY)?;
    let mut pixels = buffer(width, height, channels.count())?;
    if decoder.total_bytes() != pixels.len() as u64 {
        return Err(DAMAGED);
    }
    decoder.read_image(&mut pixels).map_err(|error| match error {
        image::ImageError::Limits(_) => TOO_MUCH_MEMORY,
        _ => late(deadline),
    })?;
    Ok(Raster { width, height, channels, bytes: pixels })
}

fn working_memory(width: u32, height: u32) -> u64 {
    (u64::from(width) * u64::from(height) * 4 * WORKING_SHARE).max(WORKING_MEMORY)
}
