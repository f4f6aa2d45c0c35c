//! The pixels of one photo between two workers: lossless, and cheaper than any codec (docs/adr/0012-handover.md).
//!
//! ```text
//! "DRKW" 2   pictures 1                                   then for each picture, numbers little-endian:
//! kind 1   name length 1   width 4   height 4   name   pixels
//! ```

use crate::error::WorkError;
use crate::picture::{Picture, Pixels};
use crate::ycc::Ycc;

/// The content type of a work file.
pub const CONTENT_TYPE: &str = "application/octet-stream";

const MAGIC: &[u8; 4] = b"DRKW";
/// The version of the format. It is part of a work file's key, since two workers must agree on it.
pub const VERSION: u8 = 2;
const FIXED: usize = 6;
const FIXED_PICTURE: usize = 10;
const TOO_SHORT: WorkError = WorkError::NotAWorkFile("it is too short");

/// All pictures of a photo as one work file.
pub fn pack(pictures: &[Picture]) -> Vec<u8> {
    let count = u8::try_from(pictures.len()).expect("a recipe has at most 16 variants");
    let mut out = Vec::with_capacity(FIXED + pictures.iter().map(length).sum::<usize>());
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&[VERSION, count]);
    for picture in pictures {
        append(&mut out, picture);
    }
    out
}

fn append(out: &mut Vec<u8>, picture: &Picture) {
    let (kind, planes) = planes_of(picture);
    let name = picture.name().as_bytes();
    let name_length = u8::try_from(name.len()).expect("a variant's name has at most 32 letters");
    out.extend_from_slice(&[kind, name_length]);
    out.extend_from_slice(&picture.width().to_le_bytes());
    out.extend_from_slice(&picture.height().to_le_bytes());
    out.extend_from_slice(name);
    for plane in planes {
        out.extend_from_slice(plane);
    }
}

fn length(picture: &Picture) -> usize {
    FIXED_PICTURE + picture.name().len() + planes_of(picture).1.iter().map(|plane| plane.len()).sum::<usize>()
}

fn planes_of(picture: &Picture) -> (u8, [&[u8]; 3]) {
    match picture.pixels() {
        Pixels::Rgb(pixels) => (0, [pixels, &[], &[]]),
        Pixels::Rgba(pixels) => (1, [pixels, &[], &[]]),
        Pixels::Ycc(ycc) => (2, [&ycc.luma, &ycc.chroma[0], &ycc.chroma[1]]),
    }
}

/// The pictures of a work file: each of them, or an error.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Picture>, WorkError> {
    let (fixed, mut rest) = bytes.split_first_chunk::<FIXED>().ok_or(TOO_SHORT)?;
    let [m0, m1, m2, m3, version, count] = *fixed;
    if &[m0, m1, m2, m3] != MAGIC || version != VERSION {
        return Err(WorkError::NotAWorkFile("it has another magic or version"));
    }
    let pictures = (0..count).map(|_| first(&mut rest)).collect::<Result<_, _>>()?;
    if rest.is_empty() { Ok(pictures) } else { Err(WorkError::NotAWorkFile("it is too long")) }
}

/// The picture at the beginning of `rest`, which then begins behind it.
fn first(rest: &mut &[u8]) -> Result<Picture, WorkError> {
    let (fixed, behind) = rest.split_first_chunk::<FIXED_PICTURE>().ok_or(TOO_SHORT)?;
    let [kind, name_length, w0, w1, w2, w3, h0, h1, h2, h3] = *fixed;
    let (width, height) = (u32::from_le_bytes([w0, w1, w2, w3]), u32::from_le_bytes([h0, h1, h2, h3]));
    let (name, behind) = behind.split_at_checked(usize::from(name_length)).ok_or(TOO_SHORT)?;
    let name = std::str::from_utf8(name).map_err(|_| WorkError::NotAWorkFile("a name is not text"))?;
    let size = pixels_size(kind, width, height).ok_or(WorkError::NotAWorkFile("it has an unknown kind of pixels"))?;
    let (pixels, behind) =
        usize::try_from(size).ok().and_then(|size| behind.split_at_checked(size)).ok_or(TOO_SHORT)?;
    *rest = behind;
    let pixels = match kind {
        0 => Pixels::Rgb(pixels.to_vec()),
        1 => Pixels::Rgba(pixels.to_vec()),
        _ => Pixels::Ycc(planes(pixels, width, height).ok_or(TOO_SHORT)?),
    };
    Picture::new(name, width, height, pixels).ok_or(WorkError::NotAWorkFile("pixels do not fit their size"))
}

/// In bytes; `None` for a kind that is not known. Sides of 32 bits cannot overflow it.
fn pixels_size(kind: u8, width: u32, height: u32) -> Option<u128> {
    let area = |w: u32, h: u32| u128::from(w) * u128::from(h);
    match kind {
        0 => Some(area(width, height) * 3),
        1 => Some(area(width, height) * 4),
        2 => {
            let (chroma_width, chroma_height) = Ycc::chroma_size(width, height);
            Some(area(width, height) + area(chroma_width, chroma_height) * 2)
        }
        _ => None,
    }
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

    fn pictures() -> Vec<Picture> {
        let ycc = Ycc { width: 3, height: 2, luma: (0..6).collect(), chroma: [vec![7, 8], vec![9, 10]] };
        [Pixels::Rgb((0..18).collect()), Pixels::Rgba((0..24).collect()), Pixels::Ycc(ycc)]
            .map(|pixels| Picture::new("small", 3, 2, pixels).unwrap())
            .into()
    }

    #[test]
    fn r27_what_is_packed_is_unpacked() {
        let packed = pack(&pictures());
        assert_eq!(packed.capacity(), packed.len(), "in one piece");
        assert_eq!(unpack(&packed), Ok(pictures()));
    }

    #[test]
    fn anything_else_is_not_a_work_file() {
        let whole = pack(&pictures());
        for length in 0..whole.len() {
            assert!(unpack(&whole[..length]).is_err(), "cut to {length}");
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(unpack(&longer).is_err());
        // Magic, version, number of pictures; then of the first picture kind, length of its name, width and name.
        for (at, value) in
            [(0, b'X'), (4, 9), (5, 2), (5, 4), (6, 7), (6, 2), (7, 0xFF), (8, 4), (11, 0xFF), (16, 0xFF)]
        {
            let mut wrong = whole.clone();
            wrong[at] = value;
            assert!(unpack(&wrong).is_err(), "byte {at}");
        }
    }
}
