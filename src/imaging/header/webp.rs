//! WebP, chunk by chunk.

use super::exif;
use super::model::{ColorModel, Found, Head, Header, Layout, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

const LARGEST_PROFILE: usize = 4 << 20;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let mut canvas: Option<(u32, u32)> = None;
    let mut found = Found::plain(Header::plain(Format::WebP, 0, 0));
    let (mut animated, mut pixels, mut frames, mut lossy) = (false, false, 0, None);
    // RIFF says how long it is; bytes beyond are ignored.
    let end = (head.u32_le(4)? as usize).saturating_add(8);
    let end = end.min(usize::try_from(head.total).unwrap_or(usize::MAX));
    let mut at = 12;
    while at + 8 <= end {
        let kind = head.slice(at, 4)?;
        let length = head.u32_le(at + 4)? as usize;
        let body = at + 8;
        match kind {
            b"VP8X" if at == 12 => {
                let flags = head.byte(body)?;
                animated = flags & 0x02 != 0;
                found.header.alpha = flags & 0x10 != 0;
                let size = (head.u24_le(body + 4)? + 1, head.u24_le(body + 7)? + 1);
                limits.check_size(size.0, size.1)?;
                canvas = Some(size);
            }
            b"VP8 " | b"VP8L" if !pixels => {
                pixels = true;
                let (width, height, alpha) = still(head, kind, body)?;
                limits.check_size(width, height)?;
                if canvas.is_some_and(|canvas| canvas != (width, height)) {
                    return Err(ImageError::Corrupt("its picture is not of the size of its canvas").into());
                }
                canvas = Some((width, height));
                found.header.alpha |= alpha;
                lossy = (kind == b"VP8 ").then(|| body..body.saturating_add(length));
            }
            b"ANMF" if animated => {
                pixels = true;
                frames += 1;
                let (width, height) = canvas.ok_or(ImageError::Corrupt("a frame without a canvas"))?;
                limits.check_frames(frames, width, height)?;
            }
            b"ALPH" => found.header.alpha = true,
            b"ICCP" if found.icc.is_none() && length <= LARGEST_PROFILE => {
                found.icc = Some(head.slice(body, length)?.to_vec());
            }
            b"EXIF" => take_exif(head.slice(body, length)?, &mut found.header),
            _ => {}
        }
        at = body.saturating_add(length).saturating_add(length & 1);
    }
    let (width, height) = canvas.filter(|_| pixels).ok_or(ImageError::Corrupt("it has no picture"))?;
    if let Some(place) = lossy.filter(|_| !animated && !found.header.alpha) {
        found.layout = Layout::Vp8(place);
    }
    found.header.profile = found.icc.as_deref().map(icc::profile_name);
    found.header = Header { width, height, frames: frames.max(1), color: ColorModel::Rgb, ..found.header };
    Ok(found)
}

/// Some writers put JPEG's `Exif\0\0` before the TIFF structure, although the container has no place for it.
fn take_exif(chunk: &[u8], header: &mut Header) {
    let facts = exif::read(chunk.strip_prefix(b"Exif\0\0").unwrap_or(chunk));
    header.orientation = facts.orientation.unwrap_or(1);
    header.camera = facts.camera;
    header.taken_at = facts.taken_at;
}

/// Size and alpha of a picture's own bit stream.
fn still(head: &Head, kind: &[u8], body: usize) -> Result<(u32, u32, bool), Stop> {
    if kind == b"VP8L" {
        if head.byte(body)? != 0x2F {
            return Err(ImageError::Corrupt("its lossless picture has no signature").into());
        }
        let bits = head.u32_le(body + 1)?;
        return Ok(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1 == 1));
    }
    if head.slice(body + 3, 3)? != [0x9D, 0x01, 0x2A] {
        return Err(ImageError::Corrupt("its lossy picture has no start code").into());
    }
    let side = |at| head.u16_le(at).map(|side| u32::from(side & 0x3FFF));
    Ok((side(body + 6)?, side(body + 8)?, false))
}
