//! Reads a picture's format, size and frames from its header alone. These readers are ours because the decoders' own
//! may inflate a profile, allocate a canvas or need the whole file before they tell the size.

mod bmp;
pub(crate) mod bmp_layout;
mod exif;
mod gif;
#[cfg(feature = "heic")]
mod heif;
#[cfg(feature = "heic")]
mod heif_boxes;
#[cfg(feature = "heic")]
pub(crate) mod heif_color;
#[cfg(feature = "heic")]
mod heif_config;
#[cfg(feature = "heic")]
pub(crate) mod heif_layout;
#[cfg(feature = "heic")]
mod heif_shape;
mod jpeg;
mod jxl;
mod jxl_bits;
pub(crate) mod jxl_layout;
mod jxl_metadata;
pub(crate) mod model;
mod png;
mod tiff;
pub(crate) mod tiff_layout;
mod webp;

use self::model::{ENDS_EARLY, Found, Head, Header, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::limits::Limits;
use crate::{sandbox, sniff};

/// A good first range to read of a file. Most headers end within it; [`Inspection::NeedMore`] says when not.
pub const HEAD_BYTES: u64 = 128 * 1024;

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

/// Reads the header of a file of `total_bytes` from its first bytes, and refuses a picture beyond the limits.
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
    sandbox::catch(|| {
        let format = sniff::sniff(head)?;
        sniff::check_declared(declared, format)?;
        match read(head, total_bytes, format, limits) {
            Ok(found) => Ok(Inspection::Header(found.header)),
            Err(Stop::Refused(error)) => Err(error),
            Err(Stop::Need(wanted)) => need(wanted, head.len() as u64, total_bytes),
        }
    })
}

/// The header of a whole file, with the facts that only decoders need.
pub(crate) fn read_whole(bytes: &[u8], limits: &Limits) -> Result<Found, ImageError> {
    let total = bytes.len() as u64;
    limits.check_bytes(total)?;
    read(bytes, total, sniff::sniff(bytes)?, limits).map_err(|stop| match stop {
        Stop::Refused(error) => error,
        Stop::Need(_) => ENDS_EARLY,
    })
}

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
        Format::Jxl => jxl::read(&head, limits),
        #[cfg(feature = "heic")]
        Format::Heic => heif::read(&head, limits),
        #[cfg(not(feature = "heic"))]
        Format::Heic => Err(ImageError::Heic.into()),
    }
}
