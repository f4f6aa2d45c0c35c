//! BMP.

use super::bmp_layout::{BmpLayout, Coding, Mask, Palette};
use super::model::{ColorModel, Found, Head, Header, Layout, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::icc;
use crate::limits::Limits;

/// The header of the file, before that of the picture.
const FILE_HEADER: usize = 14;
/// OS/2 1 has a short header, and palettes of three bytes a colour.
const CORE: usize = 12;
/// The header of Windows 3. Colour masks follow it; in longer headers they are a part.
const INFO: usize = 40;
/// OS/2 2 gives other meanings to some numbers.
const OS2: usize = 64;
const V5: usize = 124;
const LARGEST_PROFILE: usize = 4 << 20;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let length = head.u32_le(FILE_HEADER)? as usize;
    if !(length == CORE || (16..=V5).contains(&length)) {
        return Err(ImageError::Unsupported("a BMP with an unknown header").into());
    }
    // A negative height says that the rows run from the top.
    let (width, height) = if length == CORE {
        (i32::from(head.u16_le(18)?), i32::from(head.u16_le(20)?))
    } else {
        (head.u32_le(18)?.cast_signed(), head.u32_le(22)?.cast_signed())
    };
    let top_down = height < 0;
    let width = u32::try_from(width).map_err(|_| ImageError::Corrupt("its width is negative"))?;
    let height = height.unsigned_abs();
    limits.check_size(width, height)?;
    let bits = u32::from(head.u16_le(if length == CORE { 24 } else { 28 })?);
    // OS/2 2 may end its header after any field.
    let field = |at: usize| if length >= at + 4 - FILE_HEADER { head.u32_le(at) } else { Ok(0) };
    let (compression, colors) = (field(30)?, field(46)?);
    let coding = coding(head, length, bits, compression)?;
    let palette = (bits <= 8).then(|| {
        let masks = if length == INFO { mask_bytes(compression) } else { 0 };
        let most = 1 << bits;
        let colors = if colors == 0 { most } else { (colors as usize).min(most) };
        Palette { at: FILE_HEADER + length + masks, colors, bytes_each: if length == CORE { 3 } else { 4 } }
    });
    let icc = profile(head, length)?;
    let header = Header {
        color: if palette.is_some() { ColorModel::Palette } else { ColorModel::Rgb },
        alpha: match coding {
            Coding::Runs(_) => true,
            Coding::Masked { alpha, .. } => !alpha.is_empty(),
            _ => false,
        },
        profile: icc.as_deref().map(icc::profile_name),
        ..Header::plain(Format::Bmp, width, height)
    };
    let mut pixels = head.u32_le(10)? as usize;
    // Some writers forget the palette when they count. Where it is only shorter than said, it ends before the pixels.
    if let Some(palette) = palette.filter(|palette| pixels == palette.at) {
        pixels += palette.colors * palette.bytes_each;
    }
    if pixels < FILE_HEADER + length {
        return Err(ImageError::Corrupt("its pixels begin in its header").into());
    }
    let layout = BmpLayout { coding, pixels, top_down, palette };
    Ok(Found { icc, layout: Layout::Bmp(layout), ..Found::plain(header) })
}

/// Names what is read, and what is not.
fn coding(head: &Head, length: usize, bits: u32, compression: u32) -> Result<Coding, Stop> {
    let refused = match (compression, bits) {
        (0, 1 | 2 | 4 | 8) => return Ok(Coding::Indexed(bits)),
        (1, 8) | (2, 4) => return Ok(Coding::Runs(bits)),
        (0, 24) => return Ok(Coding::Bytes),
        (0, 16) => return masked(bits, [0x7C00, 0x03E0, 0x001F, 0]),
        (0, 32) => return masked(bits, [0x00FF_0000, 0x0000_FF00, 0x0000_00FF, 0]),
        (3, _) if length == OS2 => "a BMP with a fax inside",
        (4, _) if length == OS2 => "a BMP with runs of colours",
        (3 | 6, 16 | 32) if length >= INFO => {
            let mut masks = [0; 4];
            // Alpha has a mask in longer headers, or where the compression says so.
            let known = if length >= 56 { 4 } else { mask_bytes(compression) / 4 };
            for (index, mask) in masks[..known].iter_mut().enumerate() {
                *mask = head.u32_le(FILE_HEADER + INFO + index * 4)?;
            }
            return masked(bits, masks);
        }
        (4, _) => "a BMP with a JPEG inside",
        (5, _) => "a BMP with a PNG inside",
        (11..=13, _) => "a BMP of inks",
        (0, _) => "a BMP of a rare number of bits",
        _ => "a BMP in a rare compression",
    };
    Err(ImageError::Unsupported(refused).into())
}

/// Bytes of the masks that follow a header of Windows 3.
const fn mask_bytes(compression: u32) -> usize {
    match compression {
        3 => 12,
        6 => 16,
        _ => 0,
    }
}

fn masked(bits: u32, masks: [u32; 4]) -> Result<Coding, Stop> {
    if masks[..3] == [0; 3] {
        return Err(ImageError::Corrupt("no bits of it are a colour").into());
    }
    let [red, green, blue, alpha] = masks.map(Mask::new);
    match (red, green, blue, alpha) {
        (Some(red), Some(green), Some(blue), Some(alpha)) => Ok(Coding::Masked { bits, red, green, blue, alpha }),
        _ => Err(ImageError::Corrupt("the bits of a colour are not side by side").into()),
    }
}

/// The newest header may say where a profile is, counted from that header.
fn profile(head: &Head, length: usize) -> Result<Option<Vec<u8>>, Stop> {
    const EMBEDDED: u32 = u32::from_be_bytes(*b"MBED");
    if length < V5 || head.u32_le(FILE_HEADER + 56)? != EMBEDDED {
        return Ok(None);
    }
    let (at, size) = (head.u32_le(FILE_HEADER + 112)? as usize, head.u32_le(FILE_HEADER + 116)? as usize);
    if size > LARGEST_PROFILE {
        return Ok(None);
    }
    Ok(Some(head.slice(FILE_HEADER + at, size)?.to_vec()))
}
