//! The fingerprint of a picture, its look in a few bytes: a ThumbHash, a colour, a perceptual hash.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::canvas::Canvas;
use crate::raster::Channels;
use crate::resize::{self, Source};
use crate::style::Color;

/// The look of one picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    pub(crate) thumbhash: String,
    pub(crate) dominant_color: Color,
    pub(crate) phash: String,
}

/// Ten samples for each wave of a `ThumbHash`'s finest frequency: it would allow 100, which look the same and cost
/// thrice.
const THUMB_SIDE: u32 = 64;

impl Fingerprint {
    /// Of an upright sRGB picture.
    pub(crate) fn of(canvas: &Canvas) -> Self {
        let (width, height) = canvas.size();
        let (width, height) = resize::inside(width, height, THUMB_SIDE, THUMB_SIDE);
        let rgba = canvas.glance(width, height);
        let thumbhash = STANDARD.encode(thumbhash::rgba_to_thumb_hash(width as usize, height as usize, &rgba));
        let source = Source { bytes: &rgba, width, channels: Channels::Rgba };
        let phash = perceptual_hash(&luma(&resize::rough(source, HASH_SIDE, HASH_SIDE)));
        Self { thumbhash, dominant_color: dominant_color(&rgba), phash: format!("{phash:016x}") }
    }
}

/// The mean of the most common of 4,096 coarse colours. A mean of all pixels would be a dull brown.
fn dominant_color(rgba: &[u8]) -> Color {
    let mut bins = vec![[0_u32; 4]; 4096];
    for &[r, g, b, alpha] in rgba.as_chunks::<4>().0 {
        if alpha >= 128 {
            let bin = (usize::from(r >> 4) << 8) | (usize::from(g >> 4) << 4) | usize::from(b >> 4);
            let [count, red, green, blue] = &mut bins[bin];
            *count += 1;
            *red += u32::from(r);
            *green += u32::from(g);
            *blue += u32::from(b);
        }
    }
    // The first of equals: the result must depend on the pixels only.
    let fullest = bins.iter().rev().max_by_key(|bin| bin[0]).copied().unwrap_or_default();
    let [count, sums @ ..] = fullest;
    #[allow(clippy::cast_possible_truncation)] // a mean of bytes
    let mean = |sum: u32| ((sum + count / 2) / count.max(1)) as u8;
    Color(sums.map(mean))
}

const HASH_SIDE: u32 = 32;
const SIDE: usize = HASH_SIDE as usize;
/// The lowest frequencies of each direction, the constant left out of neither but not compared.
const FREQUENCIES: usize = 8;

/// Brightness on a white background, so that transparent pixels count too.
fn luma(rgba: &[u8]) -> Vec<f64> {
    let over_white =
        |value: u8, alpha: u8| (f64::from(value) * f64::from(alpha) + 255.0 * f64::from(255 - alpha)) / 255.0;
    rgba.as_chunks::<4>()
        .0
        .iter()
        .map(|&[r, g, b, a]| 0.299 * over_white(r, a) + 0.587 * over_white(g, a) + 0.114 * over_white(b, a))
        .collect()
}

/// The classic DCT hash: which of the 8 × 8 lowest frequencies are above their median. Resizing, recompression
/// and small changes of brightness leave nearly all of them where they are.
fn perceptual_hash(luma: &[f64]) -> u64 {
    debug_assert_eq!(luma.len(), SIDE * SIDE);
    let step = std::f64::consts::PI / f64::from(2 * HASH_SIDE);
    let mut waves = [[0.0; SIDE]; FREQUENCIES];
    for (frequency, wave) in (0_u32..).zip(&mut waves) {
        for (x, value) in (0_u32..).zip(wave) {
            *value = (f64::from((2 * x + 1) * frequency) * step).cos();
        }
    }
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut coefficients = [0.0; FREQUENCIES * FREQUENCIES];
    for (u, wave) in waves.iter().enumerate() {
        let column: Vec<f64> = luma.chunks_exact(SIDE).map(|row| dot(row, wave)).collect();
        for (v, down) in waves.iter().enumerate() {
            coefficients[v * FREQUENCIES + u] = dot(&column, down);
        }
    }
    let mut sorted = coefficients;
    // The constant is the mean brightness: far above everything else, and not a feature.
    sorted[0] = 0.0;
    sorted.sort_by(f64::total_cmp);
    let median = f64::midpoint(sorted[31], sorted[32]);
    coefficients.iter().enumerate().skip(1).fold(0, |hash, (bit, value)| hash | (u64::from(*value > median) << bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(width: u32, height: u32, phase: f64) -> Vec<u8> {
        let level = |x: u32, y: u32| {
            let (x, y) = (f64::from(x) / f64::from(width), f64::from(y) / f64::from(height));
            127.0 + 80.0 * (x * 9.0 + phase).sin() * (y * 7.0).cos() + 40.0 * (x - y)
        };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        (0..height).flat_map(|y| (0..width).flat_map(move |x| [level(x, y) as u8; 3])).collect()
    }

    fn fingerprint(width: u32, height: u32, phase: f64) -> Fingerprint {
        let bytes = wave(width, height, phase);
        Fingerprint::of(&Canvas::Mixed { width, height, channels: Channels::Rgb, bytes })
    }

    fn distance(a: &Fingerprint, b: &Fingerprint) -> u32 {
        let bits = |print: &Fingerprint| u64::from_str_radix(&print.phash, 16).unwrap();
        (bits(a) ^ bits(b)).count_ones()
    }

    #[test]
    fn r28_resized_copies_are_found_and_others_are_not() {
        let original = fingerprint(480, 320, 0.0);
        assert!(distance(&original, &fingerprint(200, 133, 0.0)) <= 4);
        assert!(distance(&original, &fingerprint(480, 320, 2.0)) >= 12);
    }

    #[test]
    fn r28_the_dominant_colour_is_the_most_common_one_not_the_mean() {
        let pixels: Vec<u8> =
            (0..100).flat_map(|n| if n < 60 { [200, 30, 30, 255] } else { [30, 30, 200, 255] }).collect();
        assert_eq!(dominant_color(&pixels).to_string(), "#c81e1e");
        assert_eq!(dominant_color(&[9, 9, 9, 0]).to_string(), "#000000", "nothing to see");
    }

    #[test]
    fn a_single_pixel_has_a_fingerprint() {
        let found =
            Fingerprint::of(&Canvas::Mixed { width: 1, height: 1, channels: Channels::Rgb, bytes: vec![10, 20, 30] });
        assert_eq!(found.dominant_color.to_string(), "#0a141e");
        assert_eq!(found.phash.len(), 16);
        assert!(!found.thumbhash.is_empty());
    }
}
