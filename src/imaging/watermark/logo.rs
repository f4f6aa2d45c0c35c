//! A logo with alpha, from the recipe.

use std::io::Cursor;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::stamp::Stamp;
use crate::raster::Channels;
use crate::resize::{self, Rect, Source};

/// The most pixels of a logo's side: more than any watermark has would only make the recipe large.
const LARGEST_SIDE: u32 = 1024;
/// The fewest pixels of a logo's longer side: below this it is a smudge.
const SMALLEST: u32 = 8;

/// A logo, opened once for all variants. In a recipe it is a PNG in Base64.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Logo {
    base64: String,
    picture: Arc<Stamp>,
}

impl TryFrom<String> for Logo {
    type Error = String;

    fn try_from(base64: String) -> Result<Self, String> {
        Ok(Self { picture: Arc::new(decode(&base64)?), base64 })
    }
}

impl From<Logo> for String {
    fn from(logo: Logo) -> Self {
        logo.base64
    }
}

/// The pixels as RGBA.
fn decode(base64: &str) -> Result<Stamp, String> {
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
pub(super) fn stamp(logo: &Logo, wanted: f64, room: (f64, f64)) -> Option<Stamp> {
    let logo = &logo.picture;
    let (w, h) = (f64::from(logo.width), f64::from(logo.height));
    let scale = (wanted / w.max(h)).min(room.0 / w).min(room.1 / h).min(1.0);
    let (width, height) = (resize::scaled(logo.width, scale), resize::scaled(logo.height, scale));
    if width.max(height) < SMALLEST {
        return None;
    }
    let source = Source { bytes: &logo.rgba, width: logo.width, channels: Channels::Rgba };
    let rgba = resize::resize(source, Rect::all(w, h), width, height);
    Some(Stamp { width, height, rgba })
}
