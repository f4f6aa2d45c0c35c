//! A little sharpness back after the resize: an unsharp mask on brightness, so that no colour fringes appear.

use crate::ycc::luma;

/// Sharpens a plane of brightness, `amount` above 0.
pub(crate) fn plane(luma: &mut [u8], width: u32, amount: f64) {
    pixels(luma, width, 1, amount);
}

/// Sharpens rows of `channels` samples a pixel (1, 3 or 4; alpha stays), `amount` above 0.
pub(crate) fn pixels(pixels: &mut [u8], width: u32, channels: usize, amount: f64) {
    let width = width as usize;
    let luma: Vec<i32> = pixels.chunks_exact(channels).map(brightness).collect();
    let height = luma.len() / width;
    // In 1/16ths of the blurred brightness times 1/256ths of the amount.
    #[allow(clippy::cast_possible_truncation)] // at most 512
    let strength = (amount * 256.0).round() as i32;
    for y in 0..height {
        let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)].map(|row| &luma[row * width..][..width]);
        let line = &mut pixels[y * width * channels..][..width * channels];
        for (x, pixel) in line.chunks_exact_mut(channels).enumerate() {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(width - 1));
            let across = |row: &[i32]| row[left] + 2 * row[x] + row[right];
            let blurred = across(rows[0]) + 2 * across(rows[1]) + across(rows[2]);
            let edge = (16 * rows[1][x] - blurred) * strength / (16 * 256);
            for sample in &mut pixel[..channels.min(3)] {
                *sample = (i32::from(*sample) + edge).clamp(0, 255).to_le_bytes()[0];
            }
        }
    }
}

fn brightness(pixel: &[u8]) -> i32 {
    i32::from(match *pixel {
        [r, g, b, ..] => luma(r, g, b),
        [gray, ..] => gray,
        [] => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_areas_stay_and_edges_rise() {
        let mut flat = [90, 120, 40].repeat(25);
        pixels(&mut flat, 5, 3, 2.0);
        assert_eq!(flat, [90, 120, 40].repeat(25));

        let mut edge: Vec<u8> =
            (0..5).flat_map(|_| [[60; 3], [60; 3], [60; 3], [180; 3], [180; 3]]).flatten().collect();
        pixels(&mut edge, 5, 3, 1.0);
        let row: Vec<u8> = edge[30..45].iter().step_by(3).copied().collect();
        assert_eq!(row[0], 60);
        assert!(row[2] < 60 && row[3] > 180, "{row:?}");
    }

    #[test]
    fn alpha_stays_and_one_pixel_is_enough() {
        let mut pixel = vec![10, 20, 30, 77];
        pixels(&mut pixel, 1, 4, 2.0);
        assert_eq!(pixel, [10, 20, 30, 77]);
    }
}
