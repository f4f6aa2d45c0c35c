//! JPEG, decoded to no more pixels than the variants need.

use std::cell::Cell;
use std::ops::ControlFlow;

use scaledown_jpeg::{Band, ColorModel, Decoder, Error, Feature, Header as JpegHeader, Limits, PlaneLayout, Scale};

use super::decoded::Decoded;
use super::fitting::Fitting;
use super::planes::{Meaning, Planes, Samples, Shape};
use super::size::DecodeSize;
use crate::error::ImageError;
use crate::header::model::Found;
use crate::sandbox::Deadline;

/// Progressive files of real encoders have 6 to 20 scans, exotic ones up to 64. Each scan walks every coefficient,
/// so a small file with many of them is a cheap way to burn minutes.
const MOST_SCANS: u32 = 100;

/// All coefficients of a 100-megapixel progressive file without subsampling.
const MOST_MEMORY: u64 = 700 << 20;

/// The decoder shrinks by eighths with a plain filter; Lanczos does the last step to the size, and needs some more
/// pixels than it gives (docs/adr/0010-gamma.md has the numbers).
const OVERSAMPLING: f64 = 1.2;

pub(super) fn decode(
    bytes: &[u8],
    found: &Found,
    wanted: DecodeSize,
    deadline: Deadline,
) -> Result<Decoded, ImageError> {
    let limits = Limits {
        max_pixels: u64::MAX, // checked by our own reader of the header
        max_scans: MOST_SCANS,
        max_block_visits: Limits::default().max_block_visits,
        max_memory: MOST_MEMORY,
    };
    let late = Cell::new(false);
    let stop = || {
        late.set(deadline.check().is_err());
        late.get()
    };
    let decoder = Decoder::with_limits(bytes, limits).map_err(refusal)?;
    let header = decoder.header();
    if (u32::from(header.width), u32::from(header.height)) != (found.header.width, found.header.height) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    let (scale, inverted) = (scale(header, wanted), header.inverted());
    let meaning = match header.color {
        ColorModel::Gray => Meaning::Gray,
        ColorModel::YCbCr => Meaning::YCbCr,
        ColorModel::Rgb => Meaning::Rgb,
        ColorModel::Cmyk => Meaning::Cmyk,
        ColorModel::Ycck => Meaning::Ycck,
        _ => return Err(ImageError::Unsupported("a JPEG in a rare colour space")),
    };
    let decoder = decoder.scale(scale).stop_when(&stop);
    if let (Meaning::YCbCr, [y, cb, cr]) = (meaning, decoder.planes().as_slice())
        && let Some(mut fitting) = Fitting::new([y, cb, cr].map(shape), wanted, found)
    {
        let fit = |band: &Band| {
            for (index, plane) in band.planes.iter().enumerate() {
                plane.rows().for_each(|row| fitting.row(index, |to| to.copy_from_slice(row)));
            }
            ControlFlow::Continue(())
        };
        decoder.decode_bands(fit).map_err(refusal)?;
        return Ok(fitting.finish());
    }
    let picture = decoder.decode().map_err(refusal)?;
    let planes = picture.planes.into_iter().enumerate().map(|(index, plane)| {
        let layout = *plane.layout();
        let mut bytes = plane.into_data();
        // Adobe's programs store ink as light, but not the three inks that YCCK has turned into YCbCr.
        if inverted && (meaning == Meaning::Cmyk || index == 3) {
            for ink in &mut bytes {
                *ink = 255 - *ink;
            }
        }
        Samples { bytes, stride: layout.stride, shape: shape(&layout) }
    });
    Ok(Decoded::Planes(Planes { meaning, planes: planes.collect() }))
}

fn shape(layout: &PlaneLayout) -> Shape {
    let side = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Shape { width: side(layout.width), height: side(layout.height), extent: (layout.exact_width, layout.exact_height) }
}

/// The fewest eighths that still have all the pixels that are needed, of brightness and of colour.
fn scale(header: &JpegHeader, wanted: DecodeSize) -> Scale {
    let needs = |side: u32, full: f64| {
        let eighths = (f64::from(side) * OVERSAMPLING * 8.0 / full).ceil();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to 8
        let eighths = eighths.clamp(1.0, 8.0) as u8;
        eighths
    };
    let (width, height) = (f64::from(header.width), f64::from(header.height));
    let luma = needs(wanted.width, width).max(needs(wanted.height, height));
    let Some(chroma) = header.components.get(1) else { return Scale::eighths(luma) };
    let (h, v) = header.max_sampling();
    let halves = if wanted.planar { 2 } else { 1 };
    let (full_width, full_height) =
        (width * f64::from(chroma.h) / f64::from(h), height * f64::from(chroma.v) / f64::from(v));
    let colors =
        needs(wanted.width.div_ceil(halves), full_width).max(needs(wanted.height.div_ceil(halves), full_height));
    Scale::eighths(luma).with_chroma(colors)
}

fn refusal(error: Error) -> ImageError {
    match error {
        Error::LimitExceeded(_) => ImageError::TooComplex("it has more scans, or needs more memory, than a photo"),
        Error::Stopped => ImageError::TooComplex("its decode takes too long"),
        Error::Unsupported(feature) => ImageError::Unsupported(match feature {
            Feature::ArithmeticCoding => "a JPEG that is arithmetic-coded",
            Feature::Lossless => "a JPEG that is lossless",
            Feature::Hierarchical => "a JPEG that is hierarchical",
            Feature::UndefinedHeight => "a JPEG without a height in its header",
            _ => "a JPEG of a rare kind",
        }),
        Error::Truncated { .. } | Error::HeaderIncomplete { .. } => ImageError::Corrupt("it ends early"),
        _ => ImageError::Corrupt("its pixels are damaged"),
    }
}
