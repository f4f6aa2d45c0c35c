//! BMP.

use super::model::{ColorModel, Found, Head, Header, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::limits::Limits;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let info = head.u32_le(14)?;
    if !(40..=124).contains(&info) {
        return Err(ImageError::Unsupported("a BMP from before Windows 3").into());
    }
    // A negative height says that the rows run from the top.
    let signed = |at| head.u32_le(at).map(u32::cast_signed);
    let (width, height) = (signed(18)?, signed(22)?);
    let width = u32::try_from(width).map_err(|_| ImageError::Corrupt("its width is negative"))?;
    let height = height.unsigned_abs();
    limits.check_size(width, height)?;
    let (bits, compression) = (head.u16_le(28)?, head.u32_le(30)?);
    if !matches!(bits, 1 | 4 | 8 | 16 | 24 | 32) || !matches!(compression, 0..=3 | 6) {
        return Err(ImageError::Unsupported("a BMP of a rare kind").into());
    }
    let (color, alpha) = (if bits <= 8 { ColorModel::Palette } else { ColorModel::Rgb }, bits == 32);
    Ok(Found::plain(Header { color, alpha, ..Header::plain(Format::Bmp, width, height) }))
}
