//! TIFF: a directory of tags, anywhere in the file.

use super::model::{ColorModel, Found, Head, Header, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

const MOST_TAGS: u16 = 512;
const LARGEST_PROFILE: usize = 4 << 20;

/// What is wanted of a directory.
#[derive(Default)]
struct Tags {
    width: u32,
    height: u32,
    bits: u32,
    compression: u32,
    photometric: u32,
    orientation: u32,
    samples: u32,
    has_extra: bool,
    /// Where, and how many bytes.
    profile: Option<(usize, usize)>,
}

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let order = Order { little: head.byte(0)? == b'I' };
    let mut at = order.u32(head, 4)? as usize;
    let tags = directory(head, order, at)?;
    limits.check_size(tags.width, tags.height)?;
    // Pages are frames: counted, because a chain of directories may even bite its own tail.
    let mut pages = 1;
    loop {
        let next = at + 2 + usize::from(order.u16(head, at)?) * 12;
        at = order.u32(head, next)? as usize;
        if at == 0 {
            break;
        }
        pages += 1;
        limits.check_frames(pages, tags.width, tags.height)?;
    }
    let (color, plain) = match tags.photometric {
        0 | 1 => (ColorModel::Gray, 1),
        2 => (ColorModel::Rgb, 3),
        3 => (ColorModel::Palette, 1),
        5 => (ColorModel::Cmyk, 4),
        _ => return Err(ImageError::Unsupported("a TIFF in a rare colour space").into()),
    };
    if !matches!(tags.compression, 1 | 5 | 8 | 32_773 | 32_946) {
        return Err(ImageError::Unsupported("a TIFF in a rare compression").into());
    }
    let depth = match tags.bits {
        bits @ (1 | 2 | 4 | 8 | 16) => bits.to_le_bytes()[0],
        _ => return Err(ImageError::Unsupported("a TIFF of more than 16 bits").into()),
    };
    let icc = match tags.profile {
        Some((at, length)) if length <= LARGEST_PROFILE => Some(head.slice(at, length)?.to_vec()),
        _ => None,
    };
    let header = Header {
        orientation: u8::try_from(tags.orientation).ok().filter(|n| (1..=8).contains(n)).unwrap_or(1),
        frames: pages,
        color,
        alpha: tags.has_extra && tags.samples > plain,
        depth,
        profile: icc.as_deref().map(icc::profile_name),
        ..Header::plain(Format::Tiff, tags.width, tags.height)
    };
    Ok(Found { icc, ..Found::plain(header) })
}

fn directory(head: &Head, order: Order, at: usize) -> Result<Tags, Stop> {
    let count = order.u16(head, at)?;
    if at < 8 || count == 0 || count > MOST_TAGS {
        return Err(ImageError::Corrupt("it has no directory").into());
    }
    let mut tags = Tags { bits: 1, compression: 1, orientation: 1, samples: 1, ..Tags::default() };
    for index in 0..usize::from(count) {
        let entry = at + 2 + index * 12;
        let tag = order.u16(head, entry)?;
        // Of a list (bits per sample), the first value stands for all.
        let first = || first_value(head, order, entry);
        match tag {
            256 => tags.width = first()?,
            257 => tags.height = first()?,
            258 => tags.bits = first()?,
            259 => tags.compression = first()?,
            262 => tags.photometric = first()?,
            274 => tags.orientation = first()?,
            277 => tags.samples = first()?,
            338 => tags.has_extra = true,
            34_675 => {
                let (length, place) = (order.u32(head, entry + 4)? as usize, order.u32(head, entry + 8)? as usize);
                tags.profile = Some((place, length));
            }
            _ => {}
        }
    }
    Ok(tags)
}

fn first_value(head: &Head, order: Order, entry: usize) -> Result<u32, Stop> {
    let (kind, count) = (order.u16(head, entry + 2)?, order.u32(head, entry + 4)?);
    let inline = entry + 8;
    match kind {
        3 => {
            let at = if count <= 2 { inline } else { order.u32(head, inline)? as usize };
            order.u16(head, at).map(u32::from)
        }
        4 => {
            let at = if count <= 1 { inline } else { order.u32(head, inline)? as usize };
            order.u32(head, at)
        }
        1 => head.byte(inline).map(u32::from),
        _ => Err(ImageError::Corrupt("a number is not one").into()),
    }
}

/// The file's byte order.
#[derive(Clone, Copy)]
struct Order {
    little: bool,
}

impl Order {
    fn u16(self, head: &Head, at: usize) -> Result<u16, Stop> {
        if self.little { head.u16_le(at) } else { head.u16_be(at) }
    }

    fn u32(self, head: &Head, at: usize) -> Result<u32, Stop> {
        if self.little { head.u32_le(at) } else { head.u32_be(at) }
    }
}
