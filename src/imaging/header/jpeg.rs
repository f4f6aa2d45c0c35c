//! JPEG, marker by marker.

use super::exif;
use super::model::{ColorModel, Found, Head, Header, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

/// The ICC profile of a photo is a few KB, that of a press up to 2.5 MB.
const LARGEST_PROFILE: usize = 4 << 20;

/// A segment is never longer, so neither is what a wrong length leaves behind.
const LONGEST_JUNK: usize = 0xFFFF;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let mut facts = exif::Facts::default();
    let mut seen_exif = false;
    let mut icc = Vec::new();
    let mut frame = None;
    let mut at = 2;
    loop {
        let (marker, body) = marker(head, &mut at)?;
        match marker {
            // Extended sequential and progressive share the frame header.
            0xC0..=0xC2 => {
                let read = frame_header(head, body.clone(), limits)?;
                if frame.replace(read).is_some() {
                    return Err(ImageError::Corrupt("two frame headers").into());
                }
            }
            0xC3 | 0xF7 => return Err(ImageError::Unsupported("a JPEG that is lossless").into()),
            0xC5..=0xC7 | 0xDE => return Err(ImageError::Unsupported("a JPEG that is hierarchical").into()),
            0xC9..=0xCB | 0xCD..=0xCF => return Err(ImageError::Unsupported("a JPEG that is arithmetic-coded").into()),
            0xE1 => {
                let segment = head.slice(body.start, body.len())?;
                if let (false, Some(tiff)) = (seen_exif, segment.strip_prefix(b"Exif\0\0")) {
                    facts = exif::read(tiff);
                    seen_exif = true;
                }
            }
            0xE2 => profile_part(head.slice(body.start, body.len())?, &mut icc),
            0xDA => {
                let (width, height, components) = frame.ok_or(ImageError::Corrupt("pixels before a frame header"))?;
                let icc = profile(icc);
                let header = Header {
                    orientation: facts.orientation.unwrap_or(1),
                    color: match components {
                        1 => ColorModel::Gray,
                        3 => ColorModel::Rgb,
                        _ => ColorModel::Cmyk,
                    },
                    profile: icc.as_deref().map(icc::profile_name),
                    camera: facts.camera,
                    taken_at: facts.taken_at,
                    ..Header::plain(Format::Jpeg, width, height)
                };
                return Ok(Found { icc, ..Found::plain(header) });
            }
            0xD9 => return Err(ImageError::Corrupt("it ends before its pixels").into()),
            _ => {}
        }
    }
}

/// The next marker with a body, and where the body is. Moves past it without needing its bytes.
fn marker(head: &Head, at: &mut usize) -> Result<(u8, std::ops::Range<usize>), Stop> {
    // Any number of FF and 00 may fill the space before a marker. Other bytes are the end of a segment that says to be
    // shorter than it is; `scaledown-jpeg` skips as many.
    let mut strange = 0;
    let code = loop {
        match head.array(*at)? {
            [0xFF, code] if code != 0 && code != 0xFF => break code,
            [0xFF | 0, _] => {}
            _ => strange += 1,
        }
        if strange > LONGEST_JUNK {
            return Err(ImageError::Corrupt("garbage between the segments of its header").into());
        }
        *at += 1;
    };
    if matches!(code, 0x01 | 0xD0..=0xD8) {
        return Err(ImageError::Corrupt("a marker where none may be").into());
    }
    if code == 0xD9 {
        return Ok((code, *at + 2..*at + 2));
    }
    let length = usize::from(head.u16_be(*at + 2)?);
    if length < 2 {
        return Err(ImageError::Corrupt("a segment shorter than its own length").into());
    }
    let body = *at + 4..*at + 2 + length;
    *at = body.end;
    Ok((code, body))
}

/// Width, height and components.
type Frame = (u32, u32, u8);

fn frame_header(head: &Head, body: std::ops::Range<usize>, limits: &Limits) -> Result<Frame, Stop> {
    let segment = head.slice(body.start, body.len())?;
    let [depth, h1, h0, w1, w0, components, samplings @ ..] = segment else {
        return Err(ImageError::Corrupt("its frame header is cut").into());
    };
    if *depth != 8 {
        return Err(ImageError::Unsupported("a JPEG of more than 8 bits").into());
    }
    let height = u32::from(u16::from_be_bytes([*h1, *h0]));
    let width = u32::from(u16::from_be_bytes([*w1, *w0]));
    if height == 0 && width > 0 {
        // The DNL marker may give the height after the pixels. No camera does that, and the limits need it before.
        return Err(ImageError::Unsupported("a JPEG without a height in its header").into());
    }
    limits.check_size(width, height)?;
    if samplings.len() != usize::from(*components) * 3 {
        return Err(ImageError::Corrupt("its frame header has the wrong length").into());
    }
    if !matches!(components, 1 | 3 | 4) {
        return Err(ImageError::Unsupported("a JPEG of neither one, three nor four channels").into());
    }
    let factors_hold = samplings.chunks_exact(3).all(|c| matches!(c[1] >> 4, 1..=4) && matches!(c[1] & 15, 1..=4));
    if !factors_hold {
        return Err(ImageError::Corrupt("sampling factors that no JPEG has").into());
    }
    Ok((width, height, *components))
}

/// One piece of a profile that may be spread over up to 255 segments, each numbered from 1.
fn profile_part(segment: &[u8], parts: &mut Vec<(u8, Vec<u8>)>) {
    if let Some([number, _count, data @ ..]) = segment.strip_prefix(b"ICC_PROFILE\0") {
        let so_far: usize = parts.iter().map(|(_, part)| part.len()).sum();
        if so_far + data.len() <= LARGEST_PROFILE {
            parts.push((*number, data.to_vec()));
        }
    }
}

/// The profile, or none if a piece is missing: a picture with a damaged profile is not refused.
fn profile(mut parts: Vec<(u8, Vec<u8>)>) -> Option<Vec<u8>> {
    parts.sort_by_key(|(number, _)| *number);
    let in_order = parts.iter().enumerate().all(|(index, (number, _))| usize::from(*number) == index + 1);
    (in_order && !parts.is_empty()).then(|| parts.into_iter().flat_map(|(_, part)| part).collect())
}
