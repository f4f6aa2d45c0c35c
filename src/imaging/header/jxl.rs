//! JPEG XL: a codestream, bare or in the boxes of ISO/IEC 18181-2. The boxes are read here alone, so that the decoder
//! sees nothing but the codestream.

use std::ops::Range;

use super::exif;
use super::jxl_layout::JxlLayout;
use super::jxl_metadata::{self, Refused};
use super::model::{ENDS_EARLY, Found, Head, Header, Layout, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::limits::Limits;

/// A codestream may come in pieces.
const MOST_BOXES: u32 = 4096;
/// The header of a codestream is some bytes; with the names of all channels it may have, 18 KB.
const LARGEST_HEADER: usize = 32 << 10;
const LARGEST_EXIF: usize = 1 << 20;

/// Bytes that a decode may take, as far as the header tells. A worker has 2,048 MB.
const MEMORY: u64 = 1350 << 20;
/// For each sample: a transform without loss keeps it three times, in four bytes, and the picture once.
const SAMPLE_BYTES: u64 = 14;

const NO_PICTURE: ImageError = ImageError::Corrupt("it has no picture");
const CONTRADICTS: ImageError = ImageError::Corrupt("its header contradicts itself");

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let boxes = if head.slice(0, 2)? == [0xFF, 0x0A] {
        let end = usize::try_from(head.total).map_err(|_| ENDS_EARLY)?;
        Boxes { pieces: std::iter::once(0..end).collect(), exif: None }
    } else {
        Boxes::read(head)?
    };
    let codestream = boxes.start(head);
    let metadata = jxl_metadata::read(&codestream, |width, height| limits.check_size(width, height));
    let metadata = metadata.map_err(|refused| match refused {
        Refused::By(error) => Stop::Refused(error),
        Refused::Cut if head.is_whole() => Stop::Refused(ENDS_EARLY),
        Refused::Cut => Stop::Need(head.bytes.len() as u64 + 1),
    })?;
    let area = u64::from(metadata.width) * u64::from(metadata.height);
    if area * u64::from(metadata.channels) * SAMPLE_BYTES > MEMORY {
        return Err(ImageError::TooComplex("it needs too much memory").into());
    }
    // The codestream alone says how the picture is turned, by the standard.
    let facts = boxes.exif(head).map(exif::read).unwrap_or_default();
    let header = Header {
        orientation: metadata.orientation,
        color: metadata.color,
        alpha: metadata.alpha.is_some(),
        depth: metadata.depth,
        // A profile is compressed with the pixels: its decoder finds its name.
        profile: metadata.has_profile.then(|| "ICC".into()),
        camera: facts.camera,
        taken_at: facts.taken_at,
        ..Header::plain(Format::Jxl, metadata.width, metadata.height)
    };
    let premultiplied = metadata.alpha == Some(true);
    let layout = JxlLayout { pieces: boxes.pieces, absolute: metadata.absolute, premultiplied };
    Ok(Found { layout: Layout::Jxl(layout), ..Found::plain(header) })
}

/// What counts of the boxes of a file.
struct Boxes {
    pieces: Vec<Range<usize>>,
    exif: Option<Range<usize>>,
}

impl Boxes {
    /// All boxes of a whole file. Of its first bytes, those that they tell of, if the picture begins in them.
    fn read(head: &Head) -> Result<Self, Stop> {
        let mut found = Self { pieces: Vec::new(), exif: None };
        let (mut at, mut ended) = (0, false);
        for _ in 0..MOST_BOXES {
            if at as u64 >= head.total || ended && !head.is_whole() {
                break;
            }
            let next = match next_box(head, at) {
                // Nothing behind a picture can make it another one.
                Err(Stop::Refused(_)) if ended => break,
                Err(Stop::Need(_)) if !found.pieces.is_empty() => break,
                next => next?,
            };
            match &next.kind {
                b"jxlc" if found.pieces.is_empty() => {
                    found.pieces.push(next.body.clone());
                    ended = true;
                }
                b"jxlp" if !ended => {
                    let number = head.u32_be(next.body.start)?;
                    if next.body.len() < 4
                        || number & 0x7FFF_FFFF != u32::try_from(found.pieces.len()).unwrap_or(u32::MAX)
                    {
                        return Err(CONTRADICTS.into());
                    }
                    found.pieces.push(next.body.start + 4..next.body.end);
                    ended = number >> 31 == 1;
                }
                b"jxlc" | b"jxlp" => return Err(CONTRADICTS.into()),
                b"Exif" if found.exif.is_none() => found.exif = Some(next.body.clone()),
                _ => {}
            }
            at = next.body.end;
        }
        match (found.pieces.is_empty(), head.is_whole() && !ended) {
            (true, _) => Err(NO_PICTURE.into()),
            (false, true) => Err(ENDS_EARLY.into()),
            (false, false) => Ok(found),
        }
    }

    /// The first bytes of the codestream, as far as they are here.
    fn start(&self, head: &Head) -> Vec<u8> {
        let mut start = Vec::new();
        for piece in &self.pieces {
            let end = piece.end.min(head.bytes.len()).min(piece.start + LARGEST_HEADER - start.len());
            start.extend_from_slice(head.bytes.get(piece.start..end).unwrap_or_default());
            if end < piece.end {
                break;
            }
        }
        start
    }

    /// The block of EXIF, behind the four bytes that say where in its box it begins.
    fn exif<'a>(&self, head: &Head<'a>) -> Option<&'a [u8]> {
        let place = self.exif.clone().filter(|place| place.len() <= LARGEST_EXIF)?;
        let (skipped, block) = head.bytes.get(place)?.split_first_chunk::<4>()?;
        let block = block.get(u32::from_be_bytes(*skipped) as usize..)?;
        Some(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
    }
}

struct Box {
    kind: [u8; 4],
    body: Range<usize>,
}

fn next_box(head: &Head, at: usize) -> Result<Box, Stop> {
    let (short, kind) = (head.u32_be(at)?, head.array::<4>(at + 4)?);
    let (length, begins) = match short {
        0 => (head.total - at as u64, 8),
        1 => (u64::from(head.u32_be(at + 8)?) << 32 | u64::from(head.u32_be(at + 12)?), 16),
        _ => (u64::from(short), 8),
    };
    let end = usize::try_from(length).ok().filter(|length| *length >= begins).and_then(|length| at.checked_add(length));
    let end = end.filter(|end| *end as u64 <= head.total).ok_or(ENDS_EARLY)?;
    Ok(Box { kind, body: at + begins..end })
}
