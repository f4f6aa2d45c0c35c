//! Bytes to pixels, once for each upload.

mod jpeg;
mod planes;
mod png;
mod size;
mod timed;
mod via_image;
mod webp;

pub(crate) use self::planes::{Meaning, Planes};
pub(crate) use self::size::DecodeSize;
use crate::error::ImageError;
use crate::format::Format;
use crate::header::model::Found;
use crate::raster::Raster;
use crate::sandbox::Deadline;

/// What a decoder delivers. A JPEG's planes may have fewer pixels than the file, down to what is wanted.
pub(crate) enum Decoded {
    Raster(Raster),
    Planes(Planes),
}

/// Decodes the first frame.
pub(crate) fn decode(bytes: &[u8], found: &Found, wanted: DecodeSize) -> Result<Decoded, ImageError> {
    let deadline = Deadline::start();
    match found.header.format {
        Format::Jpeg => jpeg::decode(bytes, found, wanted, deadline).map(Decoded::Planes),
        Format::Png => png::decode(bytes, found, deadline).map(Decoded::Raster),
        Format::WebP | Format::Gif | Format::Bmp | Format::Tiff => match &found.lossy {
            Some(place) => webp::decode(bytes, place.clone(), found, deadline).map(Decoded::Planes),
            None => via_image::decode(bytes, found, deadline).map(Decoded::Raster),
        },
    }
}
