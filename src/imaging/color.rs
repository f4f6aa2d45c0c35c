//! Converts every picture to sRGB, which a browser assumes for a file without a profile.

use moxcms::{ColorProfile, DataColorSpace, Layout, RenderingIntent, TransformOptions};

use crate::error::ImageError;
use crate::raster::Channels;
use crate::{icc, sandbox};

/// Is it a profile of such channels? One that is damaged, or of other channels, says nothing about the picture.
pub(crate) fn fits(icc: &[u8], channels: Channels) -> bool {
    icc::parse(icc).is_some_and(|profile| profile.color_space == layouts(channels).2)
}

/// Pixels as sRGB, three or four channels. A profile that fits and cannot be applied is refused: without it, the colours
/// would be wrong.
pub(crate) fn to_srgb(
    pixels: Vec<u8>,
    channels: Channels,
    icc: Option<&[u8]>,
) -> Result<(Vec<u8>, Channels), ImageError> {
    let target = if channels.has_alpha() { Channels::Rgba } else { Channels::Rgb };
    let Some(profile) = icc.filter(|icc| fits(icc, channels)).and_then(icc::parse) else {
        return Ok((assume_srgb(pixels, channels), target));
    };
    sandbox::catch(|| convert(&pixels, channels, &profile).ok_or(NOT_APPLIED)).map(|converted| (converted, target))
}

const NOT_APPLIED: ImageError = ImageError::Unsupported("a colour profile that cannot be applied");

/// By the specification of ICC, the table of the perceptual intent stands in for those that a profile does not have.
const INTENTS: [RenderingIntent; 2] = [RenderingIntent::RelativeColorimetric, RenderingIntent::Perceptual];

fn convert(pixels: &[u8], channels: Channels, profile: &ColorProfile) -> Option<Vec<u8>> {
    let (from, to, _) = layouts(channels);
    let transform = INTENTS.iter().find_map(|intent| {
        let options = TransformOptions { rendering_intent: *intent, ..Default::default() };
        profile.create_transform_8bit(from, &ColorProfile::new_srgb(), to, options).ok()
    })?;
    let run = |input: &[u8]| {
        let mut output = vec![0; input.len() / from.channels() * to.channels()];
        transform.transform(input, &mut output).ok().map(|()| output)
    };
    // Most embedded profiles are sRGB under another name. A test with 64 colours tells, and saves the whole pass.
    if from == to && changes_nothing(&run, from.channels()) {
        return Some(pixels.to_vec());
    }
    run(pixels)
}

/// How pixels go into a conversion and come out, and the colours that a profile must be of.
const fn layouts(channels: Channels) -> (Layout, Layout, DataColorSpace) {
    match channels {
        Channels::Gray => (Layout::Gray, Layout::Rgb, DataColorSpace::Gray),
        Channels::GrayAlpha => (Layout::GrayAlpha, Layout::Rgba, DataColorSpace::Gray),
        Channels::Rgb => (Layout::Rgb, Layout::Rgb, DataColorSpace::Rgb),
        Channels::Rgba => (Layout::Rgba, Layout::Rgba, DataColorSpace::Rgb),
        // Four inks travel in the four-channel layout.
        Channels::Cmyk => (Layout::Rgba, Layout::Rgb, DataColorSpace::Cmyk),
    }
}

fn changes_nothing(run: &dyn Fn(&[u8]) -> Option<Vec<u8>>, channels: usize) -> bool {
    let level = |index: usize| [0, 60, 150, 255][index % 4];
    let probe: Vec<u8> =
        (0..64).flat_map(|n| [level(n), level(n / 4), level(n / 16), 255].into_iter().take(channels)).collect();
    run(&probe).is_some_and(|result| probe.iter().zip(&result).all(|(a, b)| a.abs_diff(*b) <= 2))
}

fn assume_srgb(pixels: Vec<u8>, channels: Channels) -> Vec<u8> {
    match channels {
        Channels::Rgb | Channels::Rgba => pixels,
        Channels::Gray => pixels.iter().flat_map(|&gray| [gray; 3]).collect(),
        Channels::GrayAlpha => {
            pixels.as_chunks::<2>().0.iter().flat_map(|&[gray, alpha]| [gray, gray, gray, alpha]).collect()
        }
        // Plain mixing of inks: a press would print other colours, but viewers show a file without a profile like this.
        Channels::Cmyk => {
            pixels.as_chunks::<4>().0.iter().flat_map(|&[c, m, y, k]| [ink(c, k), ink(m, k), ink(y, k)]).collect()
        }
    }
}

fn ink(color: u8, black: u8) -> u8 {
    let light = u32::from(255 - color) * u32::from(255 - black);
    #[allow(clippy::cast_possible_truncation)] // at most 255
    let light = ((light + 127) / 255) as u8;
    light
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_profile_is_no_profile() {
        assert_eq!(to_srgb(vec![1, 2, 3], Channels::Rgb, Some(b"not a profile")), Ok((vec![1, 2, 3], Channels::Rgb)));
        let rgb_profile = ColorProfile::new_display_p3().encode().unwrap();
        assert_eq!(
            to_srgb(vec![9], Channels::Gray, Some(&rgb_profile)),
            Ok((vec![9, 9, 9], Channels::Rgb)),
            "gray under an RGB profile"
        );
    }

    #[test]
    fn r24_srgb_under_a_profile_stays_as_it_is() {
        let srgb = ColorProfile::new_srgb().encode().unwrap();
        let pixels: Vec<u8> = (0..=254).collect();
        assert_eq!(to_srgb(pixels.clone(), Channels::Rgb, Some(&srgb)).unwrap().0, pixels);
    }

    #[test]
    fn r24_display_p3_becomes_srgb() {
        let p3 = ColorProfile::new_display_p3().encode().unwrap();
        let (rgb, _) = to_srgb(vec![234, 51, 35, 128, 128, 128], Channels::Rgb, Some(&p3)).unwrap();
        // sRGB's own red is 234, 51, 35 in Display P3.
        assert!(rgb[0] >= 253 && rgb[1] <= 6 && rgb[2] <= 6, "{rgb:?}");
        assert!(rgb[3..].iter().all(|gray| gray.abs_diff(128) <= 1), "{rgb:?}");
    }

    #[test]
    fn inks_mix() {
        let white_black_cyan = vec![0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 0];
        assert_eq!(to_srgb(white_black_cyan, Channels::Cmyk, None).unwrap().0, [255, 255, 255, 0, 0, 0, 0, 255, 255]);
    }
}
