//! A logo with alpha, from the recipe.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::stamp::Stamp;
use crate::raster::Channels;
use crate::resize::{self, Rect, Source};

/// The most pixels of a logo's side: more than any watermark has would only make the recipe large.
const LARGEST_SIDE: u32 = 1024;
/// The fewest pixels of a logo's longer side: below this it is a smudge.
const SMALLEST: u32 = 8;

/// The logo of a recipe, as RGBA.
pub(super) fn decode(base64: &str) -> Result<Stamp, String> {
    let bytes = STANDARD.decode(base64).map_err(|_| "logo is not Base64".to_owned())?;
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(|error| format!("logo is not a PNG: {error}"))?;
    let (width, height) = reader.info().size();
    if width.max(height) > LARGEST_SIDE {
        return Err(format!("logo has more than {LARGEST_SIDE} pixels a side"));
    }
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("logo is too large")?];
    reader.next_frame(&mut pixels).map_err(|error| format!("logo is not a whole PNG: {error}"))?;
    let rgba = match reader.output_color_type().0 {
        png::ColorType::Rgba => pixels,
        png::ColorType::GrayscaleAlpha => {
            pixels.as_chunks::<2>().0.iter().flat_map(|&[gray, alpha]| [gray, gray, gray, alpha]).collect()
        }
        _ => return Err("logo has a colour type that is not read".into()),
    };
    Ok(Stamp { width, height, rgba })
}

/// The logo with its longer side at `wanted` pixels: smaller where there is no `room`, never larger than it is.
pub(super) fn stamp(base64: &str, wanted: f64, room: (f64, f64)) -> Result<Option<Stamp>, String> {
    let logo = decode(base64)?;
    let (w, h) = (f64::from(logo.width), f64::from(logo.height));
    let scale = (wanted / w.max(h)).min(room.0 / w).min(room.1 / h).min(1.0);
    let (width, height) = (resize::scaled(logo.width, scale), resize::scaled(logo.height, scale));
    if width.max(height) < SMALLEST {
        return Ok(None);
    }
    let source = Source { bytes: &logo.rgba, width: logo.width, channels: Channels::Rgba };
    let rgba = resize::resize(source, Rect::all(w, h), width, height);
    Ok(Some(Stamp { width, height, rgba }))
}
