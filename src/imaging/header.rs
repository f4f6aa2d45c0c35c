//! What a picture is, by its header alone. These readers are ours because the decoders' own may inflate a profile,
//! allocate a canvas or need the whole file before they say how large a picture is.

mod bmp;
mod exif;
mod gif;
mod jpeg;
mod png;
mod tiff;
mod webp;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{Format, ImageError, Limits, sniff};

/// A good first range to read of a file. Most headers end before; [`Inspection::NeedMore`] says when not.
pub const HEAD_BYTES: u64 = 128 * 1024;

/// How colours are stored in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColorModel {
    /// One channel.
    Gray,
    /// Three channels (stored as YCC or RGB).
    Rgb,
    /// Indexed.
    Palette,
    /// Four inks.
    Cmyk,
}

/// What the header of a file says, checked against the limits. Small and serialisable: it travels in the work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// What the bytes are.
    pub format: Format,
    /// Width as stored, before [`orientation`](Self::orientation).
    pub width: u32,
    /// Height as stored.
    pub height: u32,
    /// EXIF orientation, 1 (upright) to 8.
    pub orientation: u8,
    /// 1 for a still picture.
    pub frames: u32,
    /// How colours are stored.
    pub color: ColorModel,
    /// May some pixels be transparent?
    pub alpha: bool,
    /// Bits per channel.
    pub depth: u8,
    /// The embedded colour profile's own name, or `ICC` where it has none. Absent means sRGB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Make and model, from EXIF.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camera: Option<String>,
    /// When the shutter opened by the camera's own clock, `YYYY-MM-DDThh:mm:ss`, without a zone unless EXIF has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_at: Option<String>,
}

impl Header {
    /// One opaque, upright RGB frame of eight bits: what most pictures are, for a reader to depart from.
    pub(crate) fn plain(format: Format, width: u32, height: u32) -> Self {
        Self {
            format,
            width,
            height,
            orientation: 1,
            frames: 1,
            color: ColorModel::Rgb,
            alpha: false,
            depth: 8,
            profile: None,
            camera: None,
            taken_at: None,
        }
    }

    /// Width and height as a person sees the picture.
    pub fn upright_size(&self) -> (u32, u32) {
        if self.orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) }
    }
}

/// The answer of [`inspect`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// The header, whole and within the limits.
    Header(Header),
    /// The header goes on: call again with this many bytes from the start of the file.
    NeedMore {
        /// More than were given, and never more than the file has.
        bytes: u64,
    },
}

/// Reads the header of a file of `total_bytes` from its first bytes, and refuses what the limits refuse.
///
/// `declared` is the content type of the upload, if it declared one.
pub fn inspect(
    head: &[u8],
    total_bytes: u64,
    declared: Option<&str>,
    limits: &Limits,
) -> Result<Inspection, ImageError> {
    limits.check_bytes(total_bytes)?;
    if head.len() < sniff::SNIFF_BYTES && (head.len() as u64) < total_bytes {
        return Ok(Inspection::NeedMore { bytes: total_bytes.min(sniff::SNIFF_BYTES as u64) });
    }
    crate::guard::catch(|| {
        let format = sniff::sniff(head)?;
        sniff::check_declared(declared, format)?;
        match read(head, total_bytes, format, limits) {
            Ok(found) => Ok(Inspection::Header(found.header)),
            Err(Stop::Refused(error)) => Err(error),
            Err(Stop::Need(wanted)) => need(wanted, head.len() as u64, total_bytes),
        }
    })
}

/// The header of a whole file, with what the decoders want to know of it.
pub(crate) fn read_whole(bytes: &[u8], limits: &Limits) -> Result<Found, ImageError> {
    let total = bytes.len() as u64;
    limits.check_bytes(total)?;
    read(bytes, total, sniff::sniff(bytes)?, limits).map_err(|stop| match stop {
        Stop::Refused(error) => error,
        Stop::Need(_) => ENDS_EARLY,
    })
}

const ENDS_EARLY: ImageError = ImageError::Corrupt("it ends within its header");

fn need(wanted: u64, have: u64, total: u64) -> Result<Inspection, ImageError> {
    if have >= total || wanted > total {
        return Err(ENDS_EARLY);
    }
    // Doubling bounds the number of requests when a header comes in many small pieces.
    Ok(Inspection::NeedMore { bytes: wanted.max(have * 2).min(total) })
}

fn read(head: &[u8], total: u64, format: Format, limits: &Limits) -> Result<Found, Stop> {
    let head = Head { bytes: head, total };
    match format {
        Format::Jpeg => jpeg::read(&head, limits),
        Format::Png => png::read(&head, limits),
        Format::WebP => webp::read(&head, limits),
        Format::Gif => gif::read(&head, limits),
        Format::Bmp => bmp::read(&head, limits),
        Format::Tiff => tiff::read(&head, limits),
    }
}

/// A header and what is only of use to a decoder.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) header: Header,
    /// The embedded ICC profile, inflated and of bounded size.
    pub(crate) icc: Option<Vec<u8>>,
    /// Where the picture of a WebP lies that is lossy, opaque and still.
    pub(crate) lossy: Option<Range<usize>>,
}

impl Found {
    fn plain(header: Header) -> Self {
        Self { header, icc: None, lossy: None }
    }
}

/// Why a reader stopped before the end of the header.
#[derive(Debug)]
pub(crate) enum Stop {
    Refused(ImageError),
    /// This many bytes from the start would help.
    Need(u64),
}

impl From<ImageError> for Stop {
    fn from(error: ImageError) -> Self {
        Self::Refused(error)
    }
}

/// The first bytes of a file whose length is known.
pub(crate) struct Head<'a> {
    bytes: &'a [u8],
    total: u64,
}

impl<'a> Head<'a> {
    /// `len` bytes at `at`, or how many bytes of the file it takes to have them.
    fn slice(&self, at: usize, len: usize) -> Result<&'a [u8], Stop> {
        let end = at.checked_add(len).ok_or(ENDS_EARLY)?;
        if end as u64 > self.total {
            return Err(ENDS_EARLY.into());
        }
        self.bytes.get(at..end).ok_or(Stop::Need(end as u64))
    }

    fn byte(&self, at: usize) -> Result<u8, Stop> {
        Ok(self.slice(at, 1)?[0])
    }

    fn u16_le(&self, at: usize) -> Result<u16, Stop> {
        let bytes = self.slice(at, 2)?;
        Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    fn u24_le(&self, at: usize) -> Result<u32, Stop> {
        let bytes = self.slice(at, 3)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]))
    }

    fn u32_le(&self, at: usize) -> Result<u32, Stop> {
        let bytes = self.slice(at, 4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    fn u16_be(&self, at: usize) -> Result<u16, Stop> {
        let bytes = self.slice(at, 2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    fn u32_be(&self, at: usize) -> Result<u32, Stop> {
        let bytes = self.slice(at, 4)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Are all bytes of the file here?
    fn is_whole(&self) -> bool {
        self.bytes.len() as u64 >= self.total
    }
}
