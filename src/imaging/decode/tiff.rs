//! TIFF: strips or tiles, of all channels or of one each, row by row into the picture.

use std::io::Read;

use super::tiff_chunk::unpacked;
use super::timed::DAMAGED;
use crate::error::ImageError;
use crate::header::model::Header;
use crate::header::tiff_layout::{Meaning, Packing, TiffLayout};
use crate::raster::{Channels, Raster, buffer, divide_by_alpha, to_eight};
use crate::sandbox::Deadline;

/// Bytes of one row of a strip or a tile. The widest picture has 2 MB, but a tile may be wider than its picture.
const LONGEST_ROW: u64 = 16 << 20;

pub(super) fn decode(
    bytes: &[u8],
    layout: &TiffLayout,
    header: &Header,
    deadline: Deadline,
) -> Result<Raster, ImageError> {
    let (width, height) = (header.width, header.height);
    let channels = match (layout.meaning, layout.alpha.is_some()) {
        (Meaning::Gray { .. }, false) => Channels::Gray,
        (Meaning::Gray { .. }, true) => Channels::GrayAlpha,
        (Meaning::Rgb | Meaning::Palette, false) => Channels::Rgb,
        (Meaning::Rgb | Meaning::Palette, true) => Channels::Rgba,
        (Meaning::Cmyk, _) => Channels::Cmyk,
    };
    let mut picture = Raster { width, height, channels, bytes: buffer(width, height, channels.count())? };
    let page = Page { bytes, layout, places: places(layout), palette: palette(bytes, layout)?, deadline };
    page.read_into(&mut picture)?;
    if layout.alpha.is_some_and(|alpha| alpha.premultiplied) {
        divide_by_alpha(&mut picture);
    }
    Ok(picture)
}

/// For each sample, the channel that it goes to.
fn places(layout: &TiffLayout) -> Vec<Option<usize>> {
    let (colors, place_of_alpha) = match layout.meaning {
        Meaning::Gray { .. } => (1, 1),
        Meaning::Palette => (1, 3),
        Meaning::Rgb => (3, 3),
        Meaning::Cmyk => (4, 4),
    };
    let place = |sample: u32| match sample {
        _ if sample < colors => Some(sample as usize),
        _ if layout.alpha.is_some_and(|alpha| alpha.sample == sample) => Some(place_of_alpha),
        _ => None,
    };
    (0..layout.samples).map(place).collect()
}

/// The colours of a palette.
fn palette(bytes: &[u8], layout: &TiffLayout) -> Result<Vec<[u8; 3]>, ImageError> {
    let (Meaning::Palette, Some(list)) = (layout.meaning, layout.palette) else { return Ok(Vec::new()) };
    let colors = 1 << layout.bits;
    let value = |index: u32| list.get(bytes, layout.order, index).and_then(|value| u16::try_from(value).ok());
    let values: Option<Vec<u16>> = (0..colors * 3).map(value).collect();
    let values = values.ok_or(ImageError::Corrupt("its palette is cut"))?;
    // Some writers store eight bits where sixteen belong.
    let eight = values.iter().all(|value| *value < 256);
    let byte = |value: u16| if eight { value.to_le_bytes()[0] } else { to_eight(value) };
    let colors = colors as usize;
    Ok((0..colors).map(|n| [0, 1, 2].map(|channel| byte(values[channel * colors + n]))).collect())
}

/// The file, and what its header says of it.
struct Page<'a> {
    bytes: &'a [u8],
    layout: &'a TiffLayout,
    places: Vec<Option<usize>>,
    palette: Vec<[u8; 3]>,
    deadline: Deadline,
}

/// Where a strip or a tile lies, in pixels, and the samples that it holds.
struct Chunk {
    left: u32,
    top: u32,
    samples: std::ops::Range<u32>,
}

impl Page<'_> {
    fn read_into(&self, picture: &mut Raster) -> Result<(), ImageError> {
        let layout = self.layout;
        let (across, down) = (picture.width.div_ceil(layout.chunk.0), picture.height.div_ceil(layout.chunk.1));
        let planes = if layout.planar { layout.samples } else { 1 };
        for plane in 0..planes {
            let samples = if layout.planar { plane..plane + 1 } else { 0..layout.samples };
            if samples.clone().all(|sample| self.places[sample as usize].is_none()) {
                continue;
            }
            for y in 0..down {
                for x in 0..across {
                    let index = u64::from(plane) * u64::from(across) * u64::from(down)
                        + u64::from(y) * u64::from(across)
                        + u64::from(x);
                    let index = u32::try_from(index).map_err(|_| DAMAGED)?;
                    let (left, top) = (x * layout.chunk.0, y * layout.chunk.1);
                    self.chunk(index, &Chunk { left, top, samples: samples.clone() }, picture)?;
                }
            }
        }
        Ok(())
    }

    fn chunk(&self, index: u32, chunk: &Chunk, picture: &mut Raster) -> Result<(), ImageError> {
        let layout = self.layout;
        let packed = self.packed(index).ok_or(ImageError::Corrupt("it ends early"))?;
        let reversed: Vec<u8>;
        let packed = if layout.reversed_bits {
            reversed = packed.iter().map(|byte| byte.reverse_bits()).collect();
            &reversed
        } else {
            packed
        };
        if layout.packing == Packing::Lzw && matches!(packed, [0, second, ..] if second & 1 == 1) {
            return Err(ImageError::Unsupported("a TIFF with LZW from before 1990"));
        }
        let per_pixel = u64::from(chunk.samples.end - chunk.samples.start);
        let row_bytes = (u64::from(layout.chunk.0) * per_pixel * u64::from(layout.bits)).div_ceil(8);
        if row_bytes > LONGEST_ROW {
            return Err(ImageError::TooComplex("its tiles are too wide"));
        }
        let mut row = vec![0; usize::try_from(row_bytes).map_err(|_| DAMAGED)?];
        let mut reader = unpacked(packed, layout.packing);
        for y in chunk.top..picture.height.min(chunk.top.saturating_add(layout.chunk.1)) {
            self.deadline.check()?;
            reader.read_exact(&mut row).map_err(|_| DAMAGED)?;
            self.place(&mut row, y, chunk, picture);
        }
        Ok(())
    }

    /// The bytes of a strip or a tile. Without a length, it goes on to the end of the file.
    fn packed(&self, index: u32) -> Option<&[u8]> {
        let TiffLayout { order, offsets, lengths, .. } = self.layout;
        let rest = self.bytes.get(offsets.get(self.bytes, *order, index)? as usize..)?;
        let length = match lengths {
            Some(lengths) => lengths.get(self.bytes, *order, index)? as usize,
            None => rest.len(),
        };
        Some(&rest[..length.min(rest.len())])
    }

    /// One row of a strip or a tile, to where it belongs.
    fn place(&self, row: &mut [u8], y: u32, chunk: &Chunk, picture: &mut Raster) {
        let layout = self.layout;
        let channels = picture.channels.count();
        let start = (y as usize * picture.width as usize + chunk.left as usize) * channels;
        let pixels = (picture.width - chunk.left).min(layout.chunk.0) as usize;
        let out = &mut picture.bytes[start..start + pixels * channels];
        let per_pixel = (chunk.samples.end - chunk.samples.start) as usize;
        if layout.bits == 16 {
            self.sixteen(row, per_pixel);
        } else if layout.differences {
            for at in per_pixel..row.len() {
                row[at] = row[at].wrapping_add(row[at - per_pixel]);
            }
        }
        let as_stored = matches!(layout.meaning, Meaning::Rgb | Meaning::Cmyk | Meaning::Gray { white_is_zero: false });
        if layout.bits >= 8 && as_stored && per_pixel == channels {
            out.copy_from_slice(&row[..out.len()]);
            return;
        }
        for (nth, sample) in chunk.samples.clone().enumerate() {
            let Some(channel) = self.places[sample as usize] else { continue };
            let values = (0..pixels).map(|x| self.value(row, x * per_pixel + nth));
            match layout.meaning {
                Meaning::Palette if sample == 0 => {
                    for (pixel, value) in out.chunks_exact_mut(channels).zip(values) {
                        pixel[..3].copy_from_slice(&self.palette[usize::from(value)]);
                    }
                }
                Meaning::Gray { white_is_zero: true } if sample == 0 => {
                    let inverted = values.map(|value| 255 - self.full(value));
                    out.iter_mut().skip(channel).step_by(channels).zip(inverted).for_each(|(to, from)| *to = from);
                }
                _ => {
                    let values = values.map(|value| self.full(value));
                    out.iter_mut().skip(channel).step_by(channels).zip(values).for_each(|(to, from)| *to = from);
                }
            }
        }
    }

    /// Sixteen bits become eight, in the front half of the row.
    fn sixteen(&self, row: &mut [u8], per_pixel: usize) {
        let mut before = [0_u16; 16];
        for pixel in 0..row.len() / 2 / per_pixel {
            for (nth, left) in before[..per_pixel].iter_mut().enumerate() {
                let at = pixel * per_pixel + nth;
                let mut value = self.layout.order.u16([row[at * 2], row[at * 2 + 1]]);
                if self.layout.differences {
                    value = value.wrapping_add(*left);
                    *left = value;
                }
                row[at] = to_eight(value);
            }
        }
    }

    /// The n-th sample of a row, as it is stored.
    fn value(&self, row: &[u8], n: usize) -> u8 {
        let bits = self.layout.bits as usize;
        if bits >= 8 {
            return row[n];
        }
        let at = n * bits;
        row[at / 8] >> (8 - bits - at % 8) & ((1 << bits) - 1)
    }

    /// A sample of few bits, from 0 to 255.
    fn full(&self, value: u8) -> u8 {
        match self.layout.bits {
            1 => value * 255,
            2 => value * 85,
            4 => value * 17,
            _ => value,
        }
    }
}
