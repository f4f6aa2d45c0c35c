//! Lossy, opaque WebP: one VP8 frame, kept in its planes. As RGB it would have twice the samples, which the encoder of
//! a JPEG would split into planes again.

use std::ops::{ControlFlow, Range};

use planar_vp8::{Band, Frame};

use super::decoded::Decoded;
use super::fitting::Fitting;
use super::planes::{Meaning, Planes, Samples, Shape};
use super::size::DecodeSize;
use super::timed::late;
use crate::error::ImageError;
use crate::header::model::Found;
use crate::sandbox::Deadline;

pub(super) fn decode(
    bytes: &[u8],
    at: Range<usize>,
    found: &Found,
    wanted: DecodeSize,
    deadline: Deadline,
) -> Result<Decoded, ImageError> {
    let stream = bytes.get(at).ok_or(ImageError::Corrupt("it ends early"))?;
    let (width, height) = (found.header.width, found.header.height);
    let frame = Frame::new(stream, u64::from(width) * u64::from(height)).map_err(|_| late(deadline))?;
    if (u32::from(frame.width()), u32::from(frame.height())) != (width, height) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    let shapes = [1, 2, 2].map(|share| Shape {
        width: width.div_ceil(share),
        height: height.div_ceil(share),
        extent: (f64::from(width) / f64::from(share), f64::from(height) / f64::from(share)),
    });
    let go_on = || if deadline.check().is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
    if let Some(mut fitting) = Fitting::new(shapes, wanted, found) {
        let mut left = shapes.map(|shape| shape.height as usize);
        let fit = |band: Band| {
            for (plane, (rows, stride, full)) in lanes(&band).into_iter().enumerate() {
                for row in rows.chunks_exact(stride).take(left[plane]) {
                    fitting
                        .row(plane, |to| to.iter_mut().zip(row).for_each(|(to, from)| *to = full[usize::from(*from)]));
                    left[plane] -= 1;
                }
            }
            go_on()
        };
        frame.decode(fit).map_err(|_| late(deadline))?;
        return Ok(fitting.finish());
    }
    // Macroblocks are whole: 16 × 16 samples of brightness, 8 × 8 of each colour.
    let (columns, rows) = (width.div_ceil(16) as usize, height.div_ceil(16) as usize);
    let mut planes = [16, 8, 8].map(|side| (side * columns, Vec::with_capacity(side * columns * side * rows)));
    let keep = |band: Band| {
        for ((_, plane), (rows, _, full)) in planes.iter_mut().zip(lanes(&band)) {
            plane.extend(rows.iter().map(|sample| full[usize::from(*sample)]));
        }
        go_on()
    };
    frame.decode(keep).map_err(|_| late(deadline))?;
    let planes = planes.into_iter().zip(shapes).map(|((stride, bytes), shape)| Samples { bytes, stride, shape });
    Ok(Decoded::Planes(Planes { meaning: Meaning::YCbCr, planes: planes.collect() }))
}

/// The rows of each plane, how far they lie apart, and what their samples mean.
fn lanes<'a>(band: &Band<'a>) -> [(&'a [u8], usize, &'static [u8; 256]); 3] {
    let [blue, red] = band.chroma;
    [(band.luma, band.stride, &FULL_LUMA), (blue, band.stride / 2, &FULL_CHROMA), (red, band.stride / 2, &FULL_CHROMA)]
}

/// VP8 keeps brightness in 16 to 235 and colour in 16 to 240, JFIF both in 0 to 255.
static FULL_LUMA: [u8; 256] = stretched(219, 0);
static FULL_CHROMA: [u8; 256] = stretched(224, 1);

/// From 16 upwards, `steps` steps become 255; `halves` is added, in halves.
const fn stretched(steps: usize, halves: usize) -> [u8; 256] {
    let mut table = [0; 256];
    let mut value: usize = 0;
    while value < 256 {
        let above = value.saturating_sub(16);
        // Twice the exact value, and one for rounding.
        let doubled = (above * 255 * 2 + halves * steps) / steps + 1;
        let full = doubled / 2;
        #[allow(clippy::cast_possible_truncation)] // at most 255
        let byte = if full > 255 { 255 } else { full as u8 };
        table[value] = byte;
        value += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_the_nearest_bytes() {
        for value in 16..=235_u8 {
            let exact = (f64::from(value) - 16.0) * 255.0 / 219.0;
            assert!((f64::from(FULL_LUMA[usize::from(value)]) - exact).abs() <= 0.5, "{value}");
        }
        for value in 16..=240_u8 {
            let exact = (f64::from(value) - 128.0) * 255.0 / 224.0 + 128.0;
            assert!((f64::from(FULL_CHROMA[usize::from(value)]) - exact).abs() <= 0.51, "{value}");
        }
        assert_eq!((FULL_LUMA[0], FULL_LUMA[255]), (0, 255));
        assert_eq!((FULL_CHROMA[0], FULL_CHROMA[255]), (FULL_CHROMA[16], 255));
        assert_eq!(FULL_CHROMA[128], 128, "gray stays gray");
    }
}
