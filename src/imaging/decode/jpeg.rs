//! JPEG.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Channels, Raster, buffer};
use crate::ImageError;
use crate::header::Found;

/// Progressive files of real encoders have 6 to 20 scans, exotic ones up to 64. Each scan walks every coefficient,
/// so a small file with many of them is a cheap way to burn minutes.
const MOST_SCANS: u32 = 100;

/// Scans × pixels: 40 scans of a 50-megapixel photo.
const MOST_WORK: u64 = 2_000_000_000;

pub(super) fn decode(bytes: &[u8], found: &Found) -> Result<Raster, ImageError> {
    let header = &found.header;
    let layout = found.jpeg.ok_or(ImageError::Corrupt("it has no frame"))?;
    let scans = layout.scans(bytes)?;
    let work = u64::from(scans.count) * u64::from(header.width) * u64::from(header.height);
    if scans.count > MOST_SCANS || work > MOST_WORK {
        return Err(ImageError::TooComplex("it has more scans than a photo needs"));
    }

    let (channels, colors) = match layout.components {
        1 => (Channels::Gray, ColorSpace::Luma),
        3 => (Channels::Rgb, ColorSpace::RGB),
        _ => (Channels::Cmyk, ColorSpace::CMYK),
    };
    let options = DecoderOptions::new_safe()
        .set_max_width(header.width as usize)
        .set_max_height(header.height as usize)
        // Without it, a file that ends half-way is a picture that is half gray.
        .set_strict_mode(true)
        .jpeg_set_max_scans(MOST_SCANS as usize)
        .jpeg_set_out_colorspace(colors);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(|_| ImageError::Corrupt("its header cannot be read"))?;
    let mut pixels = buffer(header.width, header.height, channels.count())?;
    if decoder.output_buffer_size() != Some(pixels.len()) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    decoder.decode_into(&mut pixels).map_err(|_| ImageError::Corrupt("its pixels are cut or damaged"))?;
    if channels == Channels::Cmyk && layout.inks_inverted {
        pixels.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(Raster::whole(header.width, header.height, channels, pixels))
}
