//! Pixels as a decoder returns them, and their memory.

use crate::error::ImageError;

/// The meaning of the channels of a [`Raster`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channels {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
    /// Ink, not light: 255 is full ink.
    Cmyk,
}

impl Channels {
    pub(crate) const fn count(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba | Self::Cmyk => 4,
        }
    }

    pub(crate) const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }
}

/// Decoded pixels as stored: not yet upright, not yet sRGB, alpha not premultiplied.
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
    pub(crate) bytes: Vec<u8>,
}

/// A zeroed buffer whose size comes from a checked header, or a refusal if the memory does not suffice.
pub(crate) fn buffer(width: u32, height: u32, channels: usize) -> Result<Vec<u8>, ImageError> {
    const TOO_LARGE: ImageError = ImageError::TooComplex("there is no memory for its pixels");
    let length = (width as usize).checked_mul(height as usize).and_then(|area| area.checked_mul(channels));
    let length = length.ok_or(TOO_LARGE)?;
    let mut pixels = Vec::new();
    pixels.try_reserve_exact(length).map_err(|_| TOO_LARGE)?;
    pixels.resize(length, 0);
    Ok(pixels)
}

/// Rounded, not cut: cutting darkens every pixel by half a step.
pub(crate) fn to_eight(value: u16) -> u8 {
    let eight = (u32::from(value) * 255 + 32_895) >> 16;
    eight.to_le_bytes()[0]
}

pub(crate) fn to_eight_in_place(pixels: &mut Vec<u8>, sample: fn([u8; 2]) -> u16) {
    for at in 0..pixels.len() / 2 {
        pixels[at] = to_eight(sample([pixels[at * 2], pixels[at * 2 + 1]]));
    }
    pixels.truncate(pixels.len() / 2);
    pixels.shrink_to_fit();
}

/// Colours that were multiplied with alpha, as they were before.
pub(crate) fn divide_by_alpha(picture: &mut Raster) {
    let channels = picture.channels.count();
    for pixel in picture.bytes.chunks_exact_mut(channels) {
        let alpha = u32::from(pixel[channels - 1]);
        for color in &mut pixel[..channels - 1] {
            let full = (u32::from(*color) * 255 + alpha / 2).checked_div(alpha).unwrap_or(0).min(255);
            *color = full.to_le_bytes()[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_round_to_eight() {
        for value in 0..=u16::MAX {
            let exact = (f64::from(value) / 257.0).round();
            assert!((f64::from(to_eight(value)) - exact).abs() < 0.5, "{value}");
        }
    }
}
