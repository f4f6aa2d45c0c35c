//! PNG, chunk by chunk, up to the first pixel.

use std::io::Read;

use super::exif;
use super::model::{ColorModel, ENDS_EARLY, Found, Head, Header, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

/// Real profiles are below 1 MB here; inflating a bomb stops at this size, and it is ignored.
const LARGEST_PROFILE: usize = 2 << 20;
const LARGEST_EXIF: usize = 1 << 20;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let mut header = None;
    let mut facts = exif::Facts::default();
    let mut icc = None;
    let mut at = 8;
    loop {
        let length = head.u32_be(at)? as usize;
        let kind = head.slice(at + 4, 4)?;
        let body = at + 8;
        let end = body.checked_add(length).and_then(|end| end.checked_add(4));
        let end = end.filter(|end| *end as u64 <= head.total).ok_or(ENDS_EARLY)?;
        match (kind, &mut header) {
            (b"IHDR", None) => header = Some(image_header(head.slice(body, length)?, limits)?),
            (_, None) => return Err(ImageError::Corrupt("its first chunk is not its header").into()),
            (b"IHDR", Some(_)) => return Err(ImageError::Corrupt("two headers").into()),
            (b"tRNS", Some(header)) => header.alpha = true,
            (b"acTL", Some(header)) if length == 8 => {
                header.frames = head.u32_be(body)?.max(1);
                limits.check_frames(header.frames, header.width, header.height)?;
            }
            (b"iCCP", _) if icc.is_none() && length <= LARGEST_PROFILE => icc = profile(head.slice(body, length)?),
            (b"eXIf", _) if length <= LARGEST_EXIF => facts = exif::read(head.slice(body, length)?),
            (b"IDAT" | b"IEND", Some(_)) => break,
            _ => {}
        }
        at = end;
    }
    // Some writers put EXIF after the pixels. It is read if the whole file is here; a ranged read does without.
    if facts == exif::Facts::default() && head.is_whole() {
        facts = exif_after_pixels(head, at).unwrap_or_default();
    }
    let mut header = header.ok_or(ENDS_EARLY)?;
    header.profile = icc.as_deref().map(icc::profile_name);
    header.orientation = facts.orientation.unwrap_or(1);
    header.camera = facts.camera;
    header.taken_at = facts.taken_at;
    Ok(Found { icc, ..Found::plain(header) })
}

fn image_header(chunk: &[u8], limits: &Limits) -> Result<Header, ImageError> {
    let &[w3, w2, w1, w0, h3, h2, h1, h0, depth, color_type, compression, filter, interlace] = chunk else {
        return Err(ImageError::Corrupt("its header has the wrong length"));
    };
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    limits.check_size(width, height)?;
    let (color, alpha) = match (color_type, depth) {
        (0, 1 | 2 | 4 | 8 | 16) => (ColorModel::Gray, false),
        (2, 8 | 16) => (ColorModel::Rgb, false),
        (3, 1 | 2 | 4 | 8) => (ColorModel::Palette, false),
        (4, 8 | 16) => (ColorModel::Gray, true),
        (6, 8 | 16) => (ColorModel::Rgb, true),
        _ => return Err(ImageError::Corrupt("a colour type that no PNG has")),
    };
    if compression != 0 || filter != 0 || interlace > 1 {
        return Err(ImageError::Corrupt("a compression that no PNG has"));
    }
    Ok(Header { color, alpha, depth, ..Header::plain(Format::Png, width, height) })
}

/// `name NUL method deflated-profile`. Read through a tap that closes at the limit.
fn profile(chunk: &[u8]) -> Option<Vec<u8>> {
    let name_end = chunk.iter().take(80).position(|byte| *byte == 0)?;
    let deflated = chunk.get(name_end + 2..)?;
    let mut inflated = Vec::new();
    let mut tap = flate2::read::ZlibDecoder::new(deflated).take(LARGEST_PROFILE as u64 + 1);
    tap.read_to_end(&mut inflated).ok()?;
    (inflated.len() <= LARGEST_PROFILE).then_some(inflated)
}

fn exif_after_pixels(head: &Head, mut at: usize) -> Option<exif::Facts> {
    loop {
        let length = head.u32_be(at).ok()? as usize;
        let kind = head.slice(at + 4, 4).ok()?;
        if kind == b"eXIf" && length <= LARGEST_EXIF {
            return Some(exif::read(head.slice(at + 8, length).ok()?));
        }
        at = at.checked_add(length)?.checked_add(12)?;
    }
}
