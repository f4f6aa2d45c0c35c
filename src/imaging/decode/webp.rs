//! Lossy, opaque WebP: one VP8 frame, kept in its planes. As RGB it would have twice the samples, which the encoder of
//! a JPEG would split into planes again.

use std::ops::Range;

use image_webp::vp8::Vp8Decoder;

use super::planes::{Meaning, Planes, Samples};
use super::timed::{Timed, late};
use crate::error::ImageError;
use crate::header::model::Found;
use crate::sandbox::Deadline;

pub(super) fn decode(bytes: &[u8], at: Range<usize>, found: &Found, deadline: Deadline) -> Result<Planes, ImageError> {
    let stream = bytes.get(at).ok_or(ImageError::Corrupt("it ends early"))?;
    let frame = Vp8Decoder::decode_frame(Timed::new(stream, deadline)).map_err(|_| late(deadline))?;
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    if (width, height) != (found.header.width, found.header.height) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    // Rows are as long as whole macroblocks: 16 samples of brightness, 8 of each colour.
    let blocks = usize::from(frame.width).div_ceil(16);
    let plane = |mut bytes: Vec<u8>, share: u32, full: &[u8; 256]| {
        for sample in &mut bytes {
            *sample = full[usize::from(*sample)];
        }
        Samples {
            bytes,
            stride: blocks * 16 / share as usize,
            width: width.div_ceil(share),
            height: height.div_ceil(share),
            extent: (f64::from(width) / f64::from(share), f64::from(height) / f64::from(share)),
        }
    };
    let planes =
        vec![plane(frame.ybuf, 1, &FULL_LUMA), plane(frame.ubuf, 2, &FULL_CHROMA), plane(frame.vbuf, 2, &FULL_CHROMA)];
    Ok(Planes { meaning: Meaning::YCbCr, planes })
}

/// VP8 keeps brightness in 16 to 235 and colour in 16 to 240, JFIF both in 0 to 255.
const FULL_LUMA: [u8; 256] = stretched(219, 0);
const FULL_CHROMA: [u8; 256] = stretched(224, 1);

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
