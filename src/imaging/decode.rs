//! Bytes to pixels, once for each upload.

mod bmp;
mod decoded;
mod fitting;
#[cfg(feature = "heic")]
mod heif;
#[cfg(feature = "heic")]
mod hevc;
mod jpeg;
mod jxl;
mod planes;
mod png;
mod size;
mod tiff;
mod tiff_chunk;
mod timed;
mod via_image;
mod webp;

pub(crate) use self::decoded::Decoded;
pub(crate) use self::planes::Meaning;
pub(crate) use self::size::DecodeSize;
use crate::error::ImageError;
use crate::format::Format;
use crate::header::model::{Found, Layout};
use crate::icc;
use crate::sandbox::Deadline;

/// Decodes the first frame. The profile of a JPEG XL is compressed with its pixels, so it is found here.
pub(crate) fn decode(bytes: &[u8], found: &mut Found, wanted: DecodeSize) -> Result<Decoded, ImageError> {
    let deadline = Deadline::start();
    match (found.header.format, &found.layout) {
        (Format::Jpeg, _) => jpeg::decode(bytes, found, wanted, deadline),
        (Format::Png, _) => png::decode(bytes, found, wanted, deadline).map(Decoded::Raster),
        (_, Layout::Vp8(place)) => webp::decode(bytes, place.clone(), found, wanted, deadline),
        (_, Layout::Tiff(layout)) => tiff::decode(bytes, layout, &found.header, deadline).map(Decoded::Raster),
        (_, Layout::Bmp(layout)) => bmp::decode(bytes, layout, &found.header, deadline).map(Decoded::Raster),
        #[cfg(feature = "heic")]
        (_, Layout::Heif(layout)) => heif::decode(bytes, layout, &found.header, deadline),
        (_, Layout::Jxl(layout)) => {
            let (raster, icc) = jxl::decode(bytes, layout, &found.header, deadline)?;
            found.header.profile = icc.as_deref().map(icc::profile_name);
            found.icc = icc;
            Ok(Decoded::Raster(raster))
        }
        _ => via_image::decode(bytes, found, deadline).map(Decoded::Raster),
    }
}
