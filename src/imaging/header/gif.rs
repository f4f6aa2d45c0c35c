//! GIF, block by block. Frames are counted by walking over them, never by decoding.

use super::model::{ColorModel, Found, Head, Header, Stop};
use crate::error::ImageError;
use crate::format::Format;
use crate::limits::Limits;

pub(super) fn read(head: &Head, limits: &Limits) -> Result<Found, Stop> {
    let (width, height) = (u32::from(head.u16_le(6)?), u32::from(head.u16_le(8)?));
    limits.check_size(width, height)?;
    let mut at = 13 + color_table(head.byte(10)?);
    let global = at > 13;
    let mut frames = 0;
    let mut alpha = false;
    loop {
        match head.byte(at) {
            Ok(0x21) => {
                // The control block before the first frame says whether one of its colours is transparent.
                if frames == 0 && head.byte(at + 1)? == 0xF9 && head.byte(at + 2)? == 4 {
                    alpha |= head.byte(at + 3)? & 1 == 1;
                }
                at = after_blocks(head, at + 2)?;
            }
            Ok(0x2C) => {
                let frame = |at| head.u16_le(at).map(u32::from);
                let (left, top, w, h) = (frame(at + 1)?, frame(at + 3)?, frame(at + 5)?, frame(at + 7)?);
                frames += 1;
                limits.check_frames(frames, width, height)?;
                if frames == 1 {
                    if !global && head.byte(at + 9)? & 0x80 == 0 {
                        return Err(ImageError::Unsupported("a GIF without a palette").into());
                    }
                    if left >= width || top >= height {
                        return Err(ImageError::Corrupt("its first frame lies outside its canvas").into());
                    }
                    // What reaches beyond the canvas is cut; what the frame leaves uncovered is transparent.
                    alpha |= left > 0 || top > 0 || w < width || h < height;
                }
                at += 10 + color_table(head.byte(at + 9)?);
                at = after_blocks(head, at + 1)?;
            }
            Ok(0x3B) => break,
            // Many GIFs lack their last byte, and some end in garbage; only the first frame must be whole.
            Ok(_) | Err(Stop::Refused(_)) if frames > 0 => break,
            Ok(_) => return Err(ImageError::Corrupt("garbage between its blocks").into()),
            Err(stop) => return Err(stop),
        }
    }
    if frames == 0 {
        return Err(ImageError::Corrupt("it has no frame").into());
    }
    let header = Header { frames, color: ColorModel::Palette, alpha, ..Header::plain(Format::Gif, width, height) };
    Ok(Found::plain(header))
}

/// Bytes of the colour table that a packed field announces.
const fn color_table(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

/// Past a chain of sub-blocks: each says its length, and an empty one ends the chain.
fn after_blocks(head: &Head, mut at: usize) -> Result<usize, Stop> {
    loop {
        let length = usize::from(head.byte(at)?);
        at += 1 + length;
        if length == 0 {
            return Ok(at);
        }
    }
}
