//! PNG, row by row.

use std::io::Cursor;

use png::{BitDepth, ColorType, DecodeOptions, Decoder, Limits, Transformations};

use crate::error::ImageError;
use crate::header::model::Found;
use crate::raster::{Channels, Raster, buffer, to_eight, to_eight_in_place};
use crate::sandbox::Deadline;

/// What the decoder may hold besides the pixels: two rows and the tables of inflate.
const WORKING_MEMORY: usize = 64 << 20;

pub(super) fn decode(bytes: &[u8], found: &Found, deadline: Deadline) -> Result<Raster, ImageError> {
    const DAMAGED: ImageError = ImageError::Corrupt("its pixels are cut or damaged");
    let mut options = DecodeOptions::default();
    // Text and profiles may inflate to anything; the header reader has taken what is wanted of them.
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(Limits { bytes: WORKING_MEMORY });
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(|_| ImageError::Corrupt("its header cannot be read"))?;

    let (color, depth) = reader.output_color_type();
    let channels = match color {
        ColorType::Grayscale => Channels::Gray,
        ColorType::GrayscaleAlpha => Channels::GrayAlpha,
        ColorType::Rgb => Channels::Rgb,
        ColorType::Rgba => Channels::Rgba,
        ColorType::Indexed => return Err(DAMAGED),
    };
    let (width, height) = (found.header.width, found.header.height);
    let sixteen = depth == BitDepth::Sixteen;
    if reader.info().interlaced {
        let mut pixels = buffer(width, height, channels.count() * if sixteen { 2 } else { 1 })?;
        if reader.output_buffer_size() != Some(pixels.len()) {
            return Err(DAMAGED);
        }
        deadline.check()?;
        reader.next_frame(&mut pixels).map_err(|_| DAMAGED)?;
        if sixteen {
            to_eight_in_place(&mut pixels, u16::from_be_bytes);
        }
        return Ok(Raster { width, height, channels, bytes: pixels });
    }

    let mut pixels = buffer(width, height, channels.count())?;
    let row_bytes = width as usize * channels.count();
    for row in pixels.chunks_exact_mut(row_bytes) {
        deadline.check()?;
        let decoded = reader.next_row().map_err(|_| DAMAGED)?.ok_or(DAMAGED)?;
        if sixteen {
            if decoded.data().len() != row_bytes * 2 {
                return Err(DAMAGED);
            }
            row.iter_mut()
                .zip(decoded.data().chunks_exact(2))
                .for_each(|(out, pair)| *out = to_eight(u16::from_be_bytes([pair[0], pair[1]])));
        } else {
            let decoded = decoded.data();
            if decoded.len() != row_bytes {
                return Err(DAMAGED);
            }
            row.copy_from_slice(decoded);
        }
    }
    Ok(Raster { width, height, channels, bytes: pixels })
}
