//! The header of a JPEG XL codestream: size, orientation, depth, channels and colours. What follows is coded with
//! tables of its own, and is its decoder's.

use super::jxl_bits::{Bits, Cut, Way};
use super::model::ColorModel;
use crate::error::ImageError;

/// A photo has one, for its transparency, and seldom a second, for depth.
const MOST_EXTRA_CHANNELS: u32 = 16;

/// The facts of a codestream.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) orientation: u8,
    pub(super) depth: u8,
    pub(super) color: ColorModel,
    /// Of colours, of transparency, and of what is not shown.
    pub(super) channels: u32,
    /// Is there transparency, and are the colours multiplied with it?
    pub(super) alpha: Option<bool>,
    /// Are the colours those of an eye, and not of a screen?
    pub(super) absolute: bool,
    /// Does it have another profile than sRGB?
    pub(super) has_profile: bool,
}

/// Why there are no facts.
pub(super) enum Refused {
    Cut,
    By(ImageError),
}

impl From<Cut> for Refused {
    fn from(_: Cut) -> Self {
        Self::Cut
    }
}

impl From<ImageError> for Refused {
    fn from(error: ImageError) -> Self {
        Self::By(error)
    }
}

const fn unsupported(what: &'static str) -> Refused {
    Refused::By(ImageError::Unsupported(what))
}

/// Reads the header of a codestream, from its signature on. `check` refuses by width and height.
pub(super) fn read(codestream: &[u8], check: impl Fn(u32, u32) -> Result<(), ImageError>) -> Result<Metadata, Refused> {
    let mut bits = Bits::new(codestream);
    if bits.number(16)? != 0x0AFF {
        return Err(ImageError::Corrupt("it has no picture").into());
    }
    let (width, height) = size(&mut bits)?;
    check(width, height)?;
    let mut found = Metadata {
        width,
        height,
        orientation: 1,
        depth: 8,
        color: ColorModel::Rgb,
        channels: 3,
        alpha: None,
        absolute: true,
        has_profile: false,
    };
    let all_default = bits.flag()?;
    if all_default {
        return Ok(found);
    }
    if bits.flag()? {
        found.orientation = (bits.number(3)? + 1).to_le_bytes()[0];
        rare_fields(&mut bits)?;
    }
    found.depth = depth(&mut bits)?;
    bits.flag()?; // whether 16 bits suffice for its steps
    let extra_channels = bits.one_of([(0, 0), (0, 1), (4, 2), (12, 1)])?;
    if extra_channels > MOST_EXTRA_CHANNELS {
        return Err(ImageError::TooComplex("it has more channels than a photo").into());
    }
    for _ in 0..extra_channels {
        let alpha = extra_channel(&mut bits)?;
        found.alpha = found.alpha.or(alpha);
    }
    found.absolute = bits.flag()?;
    (found.color, found.has_profile) = colors(&mut bits)?;
    found.channels = extra_channels + if found.color == ColorModel::Gray { 1 } else { 3 };
    Ok(found)
}

/// Of small pictures in eights; the width is often a share of the height.
fn size(bits: &mut Bits) -> Result<(u32, u32), Refused> {
    const LONG: [Way; 4] = [(9, 1), (13, 1), (18, 1), (30, 1)];
    let small = bits.flag()?;
    let side = |bits: &mut Bits| if small { bits.number(5).map(|side| (side + 1) * 8) } else { bits.one_of(LONG) };
    let height = side(bits)?;
    let share = |over: u64, under: u64| u32::try_from(u64::from(height) * over / under).unwrap_or(u32::MAX);
    let width = match bits.number(3)? {
        0 => side(bits)?,
        1 => height,
        2 => share(12, 10),
        3 => share(4, 3),
        4 => share(3, 2),
        5 => share(16, 9),
        6 => share(5, 4),
        _ => share(2, 1),
    };
    Ok((width, height))
}

/// The size to show, a preview, an animation.
fn rare_fields(bits: &mut Bits) -> Result<(), Refused> {
    if bits.flag()? {
        size(bits)?;
    }
    if bits.flag()? {
        let eights = bits.flag()?;
        let side = |bits: &mut Bits| {
            bits.one_of(if eights {
                [(0, 16), (0, 32), (5, 1), (9, 33)]
            } else {
                [(6, 1), (8, 65), (10, 321), (12, 1345)]
            })
        };
        side(bits)?;
        if bits.number(3)? == 0 {
            side(bits)?;
        }
    }
    if bits.flag()? {
        return Err(unsupported("a JPEG XL that moves"));
    }
    Ok(())
}

fn depth(bits: &mut Bits) -> Result<u8, Refused> {
    let is_float = bits.flag()?;
    let depth =
        bits.one_of(if is_float { [(0, 32), (0, 16), (0, 24), (6, 1)] } else { [(0, 8), (0, 10), (0, 12), (6, 1)] })?;
    if is_float {
        bits.number(4)?;
    }
    if depth > 32 {
        return Err(ImageError::Corrupt("a depth that no JPEG XL has").into());
    }
    Ok(depth.to_le_bytes()[0])
}

/// Of transparency: whether the colours are multiplied with it.
fn extra_channel(bits: &mut Bits) -> Result<Option<bool>, Refused> {
    let all_default = bits.flag()?;
    if all_default {
        return Ok(Some(false));
    }
    let kind = bits.listed()?;
    depth(bits)?;
    bits.one_of([(0, 0), (0, 3), (0, 4), (3, 1)])?; // how much smaller it is
    let name = bits.one_of([(0, 0), (4, 0), (5, 16), (10, 48)])?;
    bits.skip(name * 8)?;
    match kind {
        0 => Ok(Some(bits.flag()?)),
        // Depth, a selection, heat, and what may be left out: shown nowhere.
        1 | 3 | 6 | 16 => Ok(None),
        2 => Err(unsupported("a JPEG XL with spot colours")),
        4 => Err(unsupported("a JPEG XL in inks")),
        5 => Err(unsupported("a JPEG XL of a raw photo")),
        _ => Err(unsupported("a JPEG XL with a channel of unknown meaning")),
    }
}

/// How colours are kept, and whether that is another way than sRGB.
fn colors(bits: &mut Bits) -> Result<(ColorModel, bool), Refused> {
    const RARE: Refused = unsupported("a JPEG XL in a rare colour space");
    const CUSTOM: u32 = 2;
    let all_default = bits.flag()?;
    if all_default {
        return Ok((ColorModel::Rgb, false));
    }
    let has_icc = bits.flag()?;
    let color = match bits.listed()? {
        0 => ColorModel::Rgb,
        1 => ColorModel::Gray,
        _ => return Err(RARE),
    };
    if has_icc {
        return Ok((color, true));
    }
    let point = |bits: &mut Bits| -> Result<(), Cut> {
        for _ in 0..2 {
            bits.one_of([(19, 0), (19, 524_288), (20, 1_048_576), (21, 2_097_152)])?;
        }
        Ok(())
    };
    let white = bits.listed()?;
    if white == CUSTOM {
        point(bits)?;
    }
    let primaries = if color == ColorModel::Rgb { bits.listed()? } else { 1 };
    if primaries == CUSTOM {
        for _ in 0..3 {
            point(bits)?;
        }
    }
    let has_gamma = bits.flag()?;
    if has_gamma {
        bits.number(24)?;
        return Ok((color, true));
    }
    match bits.listed()? {
        13 => Ok((color, (white, primaries) != (1, 1))),
        1 | 8 | 17 => Ok((color, true)),
        16 | 18 => Err(unsupported("a JPEG XL in HDR (PQ or HLG)")),
        _ => Err(RARE),
    }
}
