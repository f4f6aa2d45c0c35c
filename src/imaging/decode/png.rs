//! PNG, row by row, and shrunk meanwhile.

use std::io::Cursor;

use png::{BitDepth, ColorType, DecodeOptions, Decoder, Limits, Reader, Transformations};

use super::size::DecodeSize;
use crate::error::ImageError;
use crate::header::model::{ColorModel, Found, Header};
use crate::raster::{Channels, Raster, buffer, to_eight, to_eight_in_place};
use crate::resize;
use crate::sandbox::Deadline;

/// Memory of the decoder besides the pixels: two rows and the tables of inflate.
const WORKING_MEMORY: usize = 64 << 20;

const DAMAGED: ImageError = ImageError::Corrupt("its pixels are cut or damaged");

pub(super) fn decode(
    bytes: &[u8],
    found: &Found,
    wanted: DecodeSize,
    deadline: Deadline,
) -> Result<Raster, ImageError> {
    let mut options = DecodeOptions::default();
    // Skips text and profiles, which may inflate to any size: the header reader has read the profile already.
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(bytes), options);
    decoder.set_limits(Limits { bytes: WORKING_MEMORY });
    let packed_key = has_packed_key(&found.header);
    decoder.set_transformations(if packed_key { Transformations::IDENTITY } else { Transformations::EXPAND });
    let mut reader = decoder.read_info().map_err(|_| ImageError::Corrupt("its header cannot be read"))?;

    if packed_key {
        return gray_with_key(&mut reader, found, deadline);
    }
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

    let row_bytes = width as usize * channels.count();
    let mut read = |row: &mut [u8]| -> Result<(), ImageError> {
        deadline.check()?;
        let decoded = reader.next_row().map_err(|_| DAMAGED)?.ok_or(DAMAGED)?;
        let decoded = decoded.data();
        if decoded.len() != row_bytes * if sixteen { 2 } else { 1 } {
            return Err(DAMAGED);
        }
        if sixteen {
            row.iter_mut()
                .zip(decoded.as_chunks::<2>().0)
                .for_each(|(out, pair)| *out = to_eight(u16::from_be_bytes(*pair)));
        } else {
            row.copy_from_slice(decoded);
        }
        Ok(())
    };
    if (width, height) != (wanted.width, wanted.height)
        && resize::streams((width, height), (wanted.width, wanted.height))
    {
        let bytes = resize::streamed((width, height), channels, (wanted.width, wanted.height), read)?;
        return Ok(Raster { width: wanted.width, height: wanted.height, channels, bytes });
    }
    let mut pixels = buffer(width, height, channels.count())?;
    pixels.chunks_exact_mut(row_bytes).try_for_each(&mut read)?;
    Ok(Raster { width, height, channels, bytes: pixels })
}

/// Is it gray of few bits, of which one value is transparent?
fn has_packed_key(header: &Header) -> bool {
    header.color == ColorModel::Gray && header.depth < 8 && header.alpha
}

/// The transparent value is stored in sixteen bits, of which those beyond the depth count for nothing. The decoder
/// compares them too, and would leave such a picture opaque.
fn gray_with_key(reader: &mut Reader<Cursor<&[u8]>>, found: &Found, deadline: Deadline) -> Result<Raster, ImageError> {
    let (width, height, bits) = (found.header.width, found.header.height, usize::from(found.header.depth));
    let most = (1_u8 << bits) - 1;
    let key = reader.info().trns.as_deref().and_then(<[u8]>::last).map(|key| key & most);
    let row_bytes = (width as usize * bits).div_ceil(8);
    let mut packed = buffer(u32::try_from(row_bytes).unwrap_or(u32::MAX), height, 1)?;
    if reader.output_buffer_size() != Some(packed.len()) {
        return Err(DAMAGED);
    }
    deadline.check()?;
    reader.next_frame(&mut packed).map_err(|_| DAMAGED)?;
    let mut pixels = buffer(width, height, 2)?;
    for (row, out) in packed.chunks_exact(row_bytes).zip(pixels.chunks_exact_mut(width as usize * 2)) {
        for (x, pixel) in out.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let at = x * bits;
            let value = row[at / 8] >> (8 - bits - at % 8) & most;
            *pixel = [value * (255 / most), if Some(value) == key { 0 } else { 255 }];
        }
    }
    Ok(Raster { width, height, channels: Channels::GrayAlpha, bytes: pixels })
}
