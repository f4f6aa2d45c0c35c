//! Pixels between two workers: lossless, and cheaper than any codec (docs/adr/0012-handover.md).
//!
//! ```text
//! "DRKW" 1   kind 1   name length 1   width 4   height 4   name   pixels      (numbers little-endian)
//! ```

use crate::error::WorkError;
use crate::picture::{Picture, Pixels};
use crate::ycc::Ycc;

/// The content type of a work file.
pub const CONTENT_TYPE: &str = "application/octet-stream";

const MAGIC: &[u8; 4] = b"DRKW";
const VERSION: u8 = 1;
const FIXED: usize = 15;

/// A picture as a work file.
pub fn pack(picture: &Picture) -> Vec<u8> {
    let (kind, planes) = match picture.pixels() {
        Pixels::Rgb(pixels) => (0, [pixels.as_slice(), &[], &[]]),
        Pixels::Rgba(pixels) => (1, [pixels.as_slice(), &[], &[]]),
        Pixels::Ycc(ycc) => (2, [ycc.luma.as_slice(), &ycc.chroma[0], &ycc.chroma[1]]),
    };
    let name = picture.name().as_bytes();
    let name_length = u8::try_from(name.len()).expect("a variant's name has at most 32 letters");
    let mut out = Vec::with_capacity(FIXED + name.len() + planes.iter().map(|plane| plane.len()).sum::<usize>());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[VERSION, kind, name_length]);
    out.extend_from_slice(&picture.width().to_le_bytes());
    out.extend_from_slice(&picture.height().to_le_bytes());
    out.extend_from_slice(name);
    for plane in planes {
        out.extend_from_slice(plane);
    }
    out
}

/// The picture of a work file.
pub fn unpack(bytes: &[u8]) -> Result<Picture, WorkError> {
    let wrong = WorkError::NotAWorkFile;
    let (fixed, rest) = bytes.split_first_chunk::<FIXED>().ok_or(wrong("it is too short"))?;
    let [m0, m1, m2, m3, version, kind, name_length, w0, w1, w2, w3, h0, h1, h2, h3] = *fixed;
    if &[m0, m1, m2, m3] != MAGIC || version != VERSION {
        return Err(wrong("it has another magic or version"));
    }
    let (width, height) = (u32::from_le_bytes([w0, w1, w2, w3]), u32::from_le_bytes([h0, h1, h2, h3]));
    let (name, pixels) = rest.split_at_checked(usize::from(name_length)).ok_or(wrong("it is too short"))?;
    let name = std::str::from_utf8(name).map_err(|_| wrong("its name is not text"))?;
    let pixels = match kind {
        0 => Pixels::Rgb(pixels.to_vec()),
        1 => Pixels::Rgba(pixels.to_vec()),
        2 => Pixels::Ycc(planes(pixels, width, height).ok_or(wrong("it is too short"))?),
        _ => return Err(wrong("it has an unknown kind of pixels")),
    };
    Picture::new(name, width, height, pixels).ok_or(wrong("its pixels do not fit its size"))
}

fn planes(pixels: &[u8], width: u32, height: u32) -> Option<Ycc> {
    let (chroma_width, chroma_height) = Ycc::chroma_size(width, height);
    let area = |w: u32, h: u32| usize::try_from(u64::from(w) * u64::from(h)).ok();
    let (luma, colors) = pixels.split_at_checked(area(width, height)?)?;
    let (cb, cr) = colors.split_at_checked(area(chroma_width, chroma_height)?)?;
    Some(Ycc { width, height, luma: luma.to_vec(), chroma: [cb.to_vec(), cr.to_vec()] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r27_what_is_packed_is_unpacked() {
        let ycc = Ycc { width: 3, height: 2, luma: (0..6).collect(), chroma: [vec![7, 8], vec![9, 10]] };
        for pixels in [Pixels::Rgb((0..18).collect()), Pixels::Rgba((0..24).collect()), Pixels::Ycc(ycc)] {
            let picture = Picture::new("small", 3, 2, pixels).unwrap();
            assert_eq!(unpack(&pack(&picture)), Ok(picture));
        }
    }

    #[test]
    fn anything_else_is_no_work_file() {
        let whole = pack(&Picture::new("small", 3, 2, Pixels::Rgb((0..18).collect())).unwrap());
        for length in 0..whole.len() {
            assert!(unpack(&whole[..length]).is_err(), "cut to {length}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(unpack(&longer).is_err());
        for (at, value) in [(0, b'X'), (4, 9), (5, 7), (5, 2), (10, 0xFF), (7, 4), (15, 0xFF)] {
            let mut wrong = whole.clone();
            wrong[at] = value;
            assert!(unpack(&wrong).is_err(), "byte {at}");
        }
    }
}
