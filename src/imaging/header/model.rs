//! The facts of a header, and the bytes that a reader takes them from.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::bmp_layout::BmpLayout;
#[cfg(feature = "heic")]
use super::heif_layout::HeifLayout;
use super::jxl_layout::JxlLayout;
use super::tiff_layout::TiffLayout;
use crate::error::ImageError;
use crate::format::Format;

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

/// The facts of a file's header, checked against the limits. Small and serialisable: they travel in the work order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// What the bytes are.
    pub format: Format,
    /// Width as stored, before [`orientation`](Self::orientation).
    pub width: u32,
    /// Height as stored.
    pub height: u32,
    /// As EXIF numbers it, 1 (upright) to 8.
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
    /// One opaque, upright RGB frame of eight bits, as most pictures are: a reader changes what differs.
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

/// A header, and the facts that only a decoder needs.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) header: Header,
    /// The embedded ICC profile, inflated and of bounded size.
    pub(crate) icc: Option<Vec<u8>>,
    pub(crate) layout: Layout,
}

/// How the pixels are stored, where a decoder of ours needs to know it from the header.
#[derive(Debug)]
pub(crate) enum Layout {
    /// As the decoder finds out by itself.
    Plain,
    /// The place of the picture in a lossy, opaque, still WebP.
    Vp8(Range<usize>),
    Tiff(TiffLayout),
    Bmp(BmpLayout),
    Jxl(JxlLayout),
    #[cfg(feature = "heic")]
    Heif(HeifLayout),
}

impl Found {
    pub(super) fn plain(header: Header) -> Self {
        Self { header, icc: None, layout: Layout::Plain }
    }
}

pub(super) const ENDS_EARLY: ImageError = ImageError::Corrupt("it ends within its header");

/// Why a reader stopped before the end of the header.
#[derive(Debug)]
pub(super) enum Stop {
    Refused(ImageError),
    /// The header needs this many bytes from the start.
    Need(u64),
}

impl From<ImageError> for Stop {
    fn from(error: ImageError) -> Self {
        Self::Refused(error)
    }
}

/// The first bytes of a file whose length is known.
pub(super) struct Head<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) total: u64,
}

impl<'a> Head<'a> {
    /// `len` bytes at `at`, or how many bytes of the file it takes to have them.
    pub(super) fn slice(&self, at: usize, len: usize) -> Result<&'a [u8], Stop> {
        let end = at.checked_add(len).ok_or(ENDS_EARLY)?;
        if end as u64 > self.total {
            return Err(ENDS_EARLY.into());
        }
        self.bytes.get(at..end).ok_or(Stop::Need(end as u64))
    }

    pub(super) fn byte(&self, at: usize) -> Result<u8, Stop> {
        Ok(self.slice(at, 1)?[0])
    }

    pub(super) fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Stop> {
        self.slice(at, N)?.try_into().map_err(|_| ENDS_EARLY.into())
    }

    pub(super) fn u16_le(&self, at: usize) -> Result<u16, Stop> {
        let bytes = self.slice(at, 2)?;
        Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
    }

    pub(super) fn u24_le(&self, at: usize) -> Result<u32, Stop> {
        let bytes = self.slice(at, 3)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]))
    }

    pub(super) fn u32_le(&self, at: usize) -> Result<u32, Stop> {
        let bytes = self.slice(at, 4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(super) fn u16_be(&self, at: usize) -> Result<u16, Stop> {
        let bytes = self.slice(at, 2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    pub(super) fn u32_be(&self, at: usize) -> Result<u32, Stop> {
        let bytes = self.slice(at, 4)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Are all bytes of the file here?
    pub(super) fn is_whole(&self) -> bool {
        self.bytes.len() as u64 >= self.total
    }
}
