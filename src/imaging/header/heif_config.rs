//! The settings of an HEVC decoder, the box `hvcC`.

use super::heif_boxes::Bytes;
use super::heif_layout::Config;
use crate::error::ImageError;

/// A phone's have 110 bytes.
const LARGEST: usize = 64 << 10;

/// The settings of a decoder: a few numbers, and parameter sets that only the decoder reads.
pub(super) fn read(property: usize, mut bytes: Bytes) -> Result<Config, ImageError> {
    if bytes.rest.len() > LARGEST {
        return Err(ImageError::TooComplex("the settings of its decoder are too long"));
    }
    if bytes.byte()? != 1 {
        return Err(ImageError::Unsupported("a HEIC of a later version"));
    }
    bytes.take(15)?;
    let (chroma, luma_depth, chroma_depth) = (bytes.byte()? & 3, (bytes.byte()? & 7) + 8, (bytes.byte()? & 7) + 8);
    if luma_depth.max(chroma_depth) > 12 {
        return Err(ImageError::Unsupported("a HEIC of more than 12 bits"));
    }
    bytes.take(2)?;
    let length_bytes = usize::from(bytes.byte()? & 3) + 1;
    let mut units = Vec::new();
    for _ in 0..bytes.byte()? {
        bytes.byte()?;
        for _ in 0..bytes.u16()? {
            let length = usize::from(bytes.u16()?);
            units.push(bytes.at..bytes.at + length);
            bytes.take(length)?;
        }
    }
    Ok(Config { property, length_bytes, gray: chroma == 0, depth: luma_depth, units })
}
