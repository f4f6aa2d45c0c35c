//! GIF, BMP, and WebP that is lossless, transparent or moving, through `image`, TIFF through its sister crate: pure Rust, under limits and a clock.

use std::io::{BufRead, Cursor, Read, Seek, SeekFrom};

use image::codecs::{bmp::BmpDecoder, gif::GifDecoder, webp::WebPDecoder};
use image::{ColorType, ImageDecoder};
use tiff::ColorType as TiffColor;
use tiff::decoder::{Decoder as TiffDecoder, Limits as TiffLimits};

use super::{Channels, Raster, buffer, to_eight_in_place};
use crate::guard::Deadline;
use crate::header::Found;
use crate::{Format, ImageError};

const HEADER: ImageError = ImageError::Corrupt("its header cannot be read");
const DAMAGED: ImageError = ImageError::Corrupt("its pixels are cut or damaged");

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

/// A decoder that was stopped by the clock says only that it could not read.
pub(super) fn late(deadline: Deadline) -> ImageError {
    deadline.check().err().unwrap_or(DAMAGED)
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

/// A long file is handed out in pieces, so that whoever consumes it meets the clock.
const PIECE: usize = 64 * 1024;

/// A reader that ends when time does.
pub(super) struct Timed<'a> {
    cursor: Cursor<&'a [u8]>,
    deadline: Deadline,
    reads: u8,
}

impl<'a> Timed<'a> {
    pub(super) fn new(bytes: &'a [u8], deadline: Deadline) -> Self {
        Self { cursor: Cursor::new(bytes), deadline, reads: 0 }
    }

    fn tick(&mut self) -> std::io::Result<()> {
        self.reads = self.reads.wrapping_add(1);
        // Reads may be single bytes: the clock is asked on every sixty-fourth.
        if self.reads.is_multiple_of(64) && self.deadline.check().is_err() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        Ok(())
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.tick()?;
        self.cursor.read(out)
    }
}

impl BufRead for Timed<'_> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.tick()?;
        let rest = self.cursor.fill_buf()?;
        Ok(&rest[..rest.len().min(PIECE)])
    }

    fn consume(&mut self, amount: usize) {
        self.cursor.consume(amount);
    }
}

impl Seek for Timed<'_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.cursor.seek(to)
    }
}
