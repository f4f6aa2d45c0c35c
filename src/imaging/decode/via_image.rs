//! GIF, BMP, and WebP that is lossless, transparent or moving, through `image`, TIFF through its sister crate: pure Rust, under limits and a clock.

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder};
use tiff::ColorType as TiffColor;
use tiff::decoder::{Decoder as TiffDecoder, Limits as TiffLimits};

use super::timed::{DAMAGED, Timed, late};
use crate::error::ImageError;
use crate::format::Format;
use crate::header::model::Found;
use crate::raster::{Channels, Raster, buffer, to_eight_in_place};
use crate::sandbox::Deadline;

const HEADER: ImageError = ImageError::Corrupt("its header cannot be read");

/// What a decoder may hold besides the pixels that it hands out, as a multiple of them, and at least.
const WORKING_SHARE: u64 = 3;
const WORKING_MEMORY: u64 = 64 << 20;

pub(super) fn decode(bytes: &[u8], found: &Found, deadline: Deadline) -> Result<Raster, ImageError> {
    let reader = Timed::new(bytes, deadline);
    match found.header.format {
        Format::WebP => through(WebPDecoder::new(reader).map_err(|_| HEADER)?, found, deadline),
        Format::Gif => through(GifDecoder::new(reader).map_err(|_| HEADER)?, found, deadline),
        Format::Bmp => through(BmpDecoder::new(reader).map_err(|_| HEADER)?, found, deadline),
        _ => tiff(reader, found, deadline),
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
    decoder.set_limits(limits).map_err(|_| ImageError::TooComplex("it needs too much memory"))?;
    let mut pixels = buffer(width, height, channels.count())?;
    if decoder.total_bytes() != pixels.len() as u64 {
        return Err(DAMAGED);
    }
    decoder.read_image(&mut pixels).map_err(|_| late(deadline))?;
    Ok(Raster { width, height, channels, bytes: pixels })
}

fn working_memory(width: u32, height: u32) -> u64 {
    (u64::from(width) * u64::from(height) * 4 * WORKING_SHARE).max(WORKING_MEMORY)
}

fn tiff(reader: Timed, found: &Found, deadline: Deadline) -> Result<Raster, ImageError> {
    let mut decoder = TiffDecoder::new(reader).map_err(|_| HEADER)?;
    let (width, height) = decoder.dimensions().map_err(|_| HEADER)?;
    if (width, height) != (found.header.width, found.header.height) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    let memory = usize::try_from(working_memory(width, height)).unwrap_or(usize::MAX);
    let mut limits = TiffLimits::default();
    (limits.decoding_buffer_size, limits.intermediate_buffer_size, limits.ifd_value_size) = (memory, memory, 4 << 20);
    decoder = decoder.with_limits(limits);
    let (channels, sixteen) = match decoder.colortype().map_err(|_| HEADER)? {
        TiffColor::Gray(8) => (Channels::Gray, false),
        TiffColor::Gray(16) => (Channels::Gray, true),
        TiffColor::GrayA(8) => (Channels::GrayAlpha, false),
        TiffColor::RGB(8) => (Channels::Rgb, false),
        TiffColor::RGB(16) => (Channels::Rgb, true),
        TiffColor::RGBA(8) => (Channels::Rgba, false),
        TiffColor::RGBA(16) => (Channels::Rgba, true),
        TiffColor::CMYK(8) => (Channels::Cmyk, false),
        _ => return Err(ImageError::Unsupported("a TIFF of a rare kind")),
    };
    let mut pixels = buffer(width, height, channels.count() * if sixteen { 2 } else { 1 })?;
    decoder.read_image_bytes(&mut pixels).map_err(|_| late(deadline))?;
    if sixteen {
        // The crate hands out samples in the machine's order.
        to_eight_in_place(&mut pixels, u16::from_ne_bytes);
    }
    Ok(Raster { width, height, channels, bytes: pixels })
}
