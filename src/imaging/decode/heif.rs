//! HEIC: one coded picture or a grid of them, kept in their planes, 8 bits each. They are half the samples of RGB, and a
//! JPEG is planes too.

use std::borrow::Cow;

use heifer_hevc_dec::params::ParameterSets;
use heifer_hevc_dec::recon::Frame;

use super::decoded::Decoded;
use super::hevc;
use super::planes::{Meaning, Planes, Samples, Shape};
use super::timed::DAMAGED;
use crate::error::ImageError;
use crate::header::heif_layout::{Alpha, Coded, Config, HeifLayout, Numbers, Part};
use crate::header::model::Header;
use crate::raster::{Channels, Raster, buffer, divide_by_alpha};
use crate::sandbox::Deadline;
use crate::ycc::Mixing;

pub(super) fn decode(
    bytes: &[u8],
    layout: &HeifLayout,
    header: &Header,
    deadline: Deadline,
) -> Result<Decoded, ImageError> {
    let planes = planes(bytes, &layout.configs, &layout.color, deadline)?;
    let (width, height) = (layout.color.width, layout.color.height);
    if layout.alpha.is_none() && layout.crop.is_none() {
        return Ok(Decoded::Planes(planes));
    }
    let mut picture = planes.merged(width, height);
    drop(planes);
    if let Some(alpha) = &layout.alpha {
        picture = with_alpha(&picture, bytes, &layout.configs, alpha, deadline)?;
    }
    if let Some((left, top)) = layout.crop {
        picture = cropped(&picture, (left, top), (header.width, header.height));
    }
    Ok(Decoded::Raster(picture))
}

/// All parts of a picture in planes of its size.
fn planes(bytes: &[u8], configs: &[Config], coded: &Coded, deadline: Deadline) -> Result<Planes, ImageError> {
    let sets = configs.iter().map(|config| hevc::parameters(bytes, config)).collect::<Result<Vec<_>, _>>()?;
    let mut canvas: Option<Canvas> = None;
    for (index, part) in (0..).zip(&coded.parts) {
        let frame = frame(bytes, &configs[part.config], &sets[part.config], part, coded.tile, deadline)?;
        let canvas = match &mut canvas {
            Some(canvas) => canvas,
            None => canvas.insert(Canvas::new(&frame, coded)?),
        };
        let place = (index % coded.columns * coded.tile.0, index / coded.columns * coded.tile.1);
        canvas.put(&frame, place, coded.tile)?;
    }
    canvas.ok_or(DAMAGED)?.into_planes()
}

fn frame(
    bytes: &[u8],
    config: &Config,
    sets: &ParameterSets,
    part: &Part,
    size: (u32, u32),
    deadline: Deadline,
) -> Result<Frame, ImageError> {
    let piece = |extent: &std::ops::Range<usize>| bytes.get(extent.clone()).ok_or(ImageError::Corrupt("it ends early"));
    let stream = match part.extents.as_slice() {
        [extent] => Cow::Borrowed(piece(extent)?),
        extents => Cow::Owned(extents.iter().map(piece).collect::<Result<Vec<_>, _>>()?.concat()),
    };
    hevc::picture(&stream, config.length_bytes, sets, size, deadline)
}

/// The kind of a frame: all parts of a picture are of one.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Kind {
    chroma_format: u8,
    depth: [u8; 2],
    numbers: Numbers,
}

struct Canvas {
    kind: Kind,
    size: (u32, u32),
    planes: Vec<Samples>,
    /// For each value of a sample: its byte. Of brightness, and of colour.
    tables: [Vec<u8>; 2],
}

impl Canvas {
    fn new(frame: &Frame, coded: &Coded) -> Result<Self, ImageError> {
        let kind = kind(frame, coded.numbers);
        let shares = shares(kind.chroma_format);
        let (width, height) = (coded.width, coded.height);
        let even = coded.tile.0.is_multiple_of(shares.0) && coded.tile.1.is_multiple_of(shares.1);
        if coded.parts.len() > 1 && !even {
            return Err(ImageError::Unsupported("a HEIC of parts with odd sides"));
        }
        let plane = |(across, down): (u32, u32)| -> Result<Samples, ImageError> {
            let (w, h) = (width.div_ceil(across), height.div_ceil(down));
            let extent = (f64::from(width) / f64::from(across), f64::from(height) / f64::from(down));
            Ok(Samples { bytes: buffer(w, h, 1)?, stride: w as usize, shape: Shape { width: w, height: h, extent } })
        };
        let planes = if kind.chroma_format == 0 {
            vec![plane((1, 1))?]
        } else {
            vec![plane((1, 1))?, plane(shares)?, plane(shares)?]
        };
        let full = kind.numbers.full_range;
        // Green, blue and red are all brightness.
        let color =
            if kind.numbers.matrix == 0 { luma_table(kind.depth[1], full) } else { chroma_table(kind.depth[1], full) };
        let tables = [luma_table(kind.depth[0], full), color];
        Ok(Self { kind, size: (width, height), planes, tables })
    }

    fn put(&mut self, frame: &Frame, (x, y): (u32, u32), tile: (u32, u32)) -> Result<(), ImageError> {
        let numbers = Some(self.kind.numbers);
        if kind(frame, numbers) != self.kind {
            return Err(ImageError::Corrupt("its parts are of different kinds"));
        }
        let shares = shares(self.kind.chroma_format);
        for (index, plane) in self.planes.iter_mut().enumerate() {
            let (across, down) = if index == 0 { (1, 1) } else { shares };
            let table = &self.tables[index.min(1)];
            let stride = frame.widths[index] as usize;
            let (left, top) = ((x / across) as usize, (y / down) as usize);
            let width = (tile.0.div_ceil(across) as usize).min(plane.shape.width as usize - left);
            let height = (tile.1.div_ceil(down) as usize).min(plane.shape.height as usize - top);
            let from = frame.planes[index].chunks_exact(stride.max(1)).take(height);
            let to = plane.bytes.chunks_exact_mut(plane.stride).skip(top).take(height);
            if from.len() < height || stride < width {
                return Err(DAMAGED);
            }
            for (from, to) in from.zip(to) {
                for (to, from) in to[left..left + width].iter_mut().zip(from) {
                    *to = table[usize::from(*from) & (table.len() - 1)];
                }
            }
        }
        Ok(())
    }

    fn into_planes(self) -> Result<Planes, ImageError> {
        let mut planes = self.planes;
        let meaning = match (self.kind.numbers.matrix, planes.len()) {
            (_, 1) => Meaning::Gray,
            (0, _) if self.kind.chroma_format == 3 => {
                planes.rotate_right(1); // from green, blue, red
                Meaning::Rgb
            }
            // 2 is not said, and shown like this everywhere.
            (2 | 5 | 6, _) => Meaning::YCbCr,
            (1, _) => Meaning::Video(Mixing::BT709),
            (9, _) => Meaning::Video(Mixing::BT2020),
            _ => return Err(ImageError::Unsupported("a HEIC in a rare colour space")),
        };
        debug_assert_eq!(planes[0].shape.size(), self.size);
        Ok(Planes { meaning, planes })
    }
}

fn kind(frame: &Frame, numbers: Option<Numbers>) -> Kind {
    let own = Numbers { matrix: u16::from(frame.matrix_coeffs), full_range: frame.full_range };
    let chroma_format = if frame.widths[1] == 0 { 0 } else { frame.chroma_format };
    Kind { chroma_format, depth: frame.bit_depth, numbers: numbers.unwrap_or(own) }
}

/// How many samples of brightness one of colour stands for, across and down.
const fn shares(chroma_format: u8) -> (u32, u32) {
    match chroma_format {
        1 => (2, 2),
        2 => (2, 1),
        _ => (1, 1),
    }
}

/// Brightness of so many bits as a byte.
fn luma_table(depth: u8, full_range: bool) -> Vec<u8> {
    let (start, steps) = if full_range { (0, (1 << depth) - 1) } else { (16 << (depth - 8), 219 << (depth - 8)) };
    table(depth, |value| (f64::from(value - start)) * 255.0 / f64::from(steps))
}

/// A colour's share of so many bits as a byte, whose 128 is none of it.
fn chroma_table(depth: u8, full_range: bool) -> Vec<u8> {
    let steps = if full_range { (1 << depth) - 1 } else { 224 << (depth - 8) };
    table(depth, |value| 128.0 + f64::from(value - (1 << (depth - 1))) * 255.0 / f64::from(steps))
}

fn table(depth: u8, exact: impl Fn(i32) -> f64) -> Vec<u8> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 255
    let byte = |value| exact(value).round().clamp(0.0, 255.0) as u8;
    (0..1 << depth).map(byte).collect()
}

/// Puts another picture's brightness beside the colours, as alpha.
fn with_alpha(
    picture: &Raster,
    bytes: &[u8],
    configs: &[Config],
    alpha: &Alpha,
    deadline: Deadline,
) -> Result<Raster, ImageError> {
    let opacity = planes(bytes, configs, &alpha.coded, deadline)?.planes.swap_remove(0).bytes;
    let (channels, colors) = match picture.channels {
        Channels::Gray => (Channels::GrayAlpha, 1),
        _ => (Channels::Rgba, 3),
    };
    let mut mixed = buffer(picture.width, picture.height, channels.count())?;
    let pixels = mixed.chunks_exact_mut(colors + 1).zip(picture.bytes.chunks_exact(colors));
    for ((to, from), alpha) in pixels.zip(opacity) {
        to[..colors].copy_from_slice(from);
        to[colors] = alpha;
    }
    let mut picture = Raster { channels, bytes: mixed, ..*picture };
    if alpha.premultiplied {
        divide_by_alpha(&mut picture);
    }
    Ok(picture)
}

fn cropped(picture: &Raster, (left, top): (u32, u32), (width, height): (u32, u32)) -> Raster {
    let channels = picture.channels.count();
    let (start, length) = (left as usize * channels, width as usize * channels);
    let rows = picture.bytes.chunks_exact(picture.width as usize * channels).skip(top as usize).take(height as usize);
    let bytes = rows.flat_map(|row| &row[start..start + length]).copied().collect();
    Raster { width, height, channels: picture.channels, bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_full_bits_stay_and_ten_or_narrow_ones_become_them() {
        assert!(luma_table(8, true).iter().zip(0..=255).all(|(a, b)| *a == b));
        assert!(chroma_table(8, true).iter().zip(0..=255).all(|(a, b)| *a == b));
        let (luma, chroma) = (luma_table(10, true), chroma_table(10, true));
        assert_eq!((luma[0], luma[512], luma[1023]), (0, 128, 255));
        assert_eq!((chroma[512], chroma[1023]), (128, 255));
        let (luma, chroma) = (luma_table(10, false), chroma_table(8, false));
        assert_eq!((luma[0], luma[19], luma[940], luma[1023]), (0, 0, 255, 255));
        assert_eq!((chroma[16], chroma[128], chroma[240]), (1, 128, 255));
    }
}
