//! Where a person looks first: at edges, at strong colours, at skin. For crops whose gravity is `attention`.
//!
//! Whole numbers on a small picture, so that every machine finds the same. Never an error: a picture without anything
//! that stands out is cropped in its middle.

use crate::canvas::Canvas;
use crate::plan::FocalPoint;
use crate::{resize, ycc};

/// The longer side of the small picture: the crop moves by a hundredth of the photo.
const SIDE: u32 = 96;

/// So many pixels of the canvas, in each direction, are seen for one of the small picture.
const SAMPLES: u32 = 4;

/// How much each column and each row of the small picture draws the eye.
pub(crate) struct Attention {
    columns: Vec<u64>,
    rows: Vec<u64>,
}

impl Attention {
    /// Of an upright sRGB picture.
    pub(crate) fn of(canvas: &Canvas) -> Self {
        let (width, height) = canvas.size();
        let thinned = canvas.thinned((width.max(height) / (SAMPLES * SIDE)).max(1));
        let (width, height) = resize::inside(width, height, SIDE, SIDE);
        Self::of_pixels(thinned.glance(width, height).as_chunks::<4>().0, width as usize)
    }

    fn of_pixels(pixels: &[[u8; 4]], width: usize) -> Self {
        let height = pixels.len() / width;
        let luma: Vec<i32> = pixels.iter().map(|&[r, g, b, _]| i32::from(ycc::luma(r, g, b))).collect();
        let (mut columns, mut rows) = (vec![0; width], vec![0; height]);
        for (y, row) in rows.iter_mut().enumerate() {
            for (x, column) in columns.iter_mut().enumerate() {
                let at = |x: usize, y: usize| luma[y * width + x];
                let beside = [at(x.saturating_sub(1), y), at((x + 1).min(width - 1), y)];
                let above = [at(x, y.saturating_sub(1)), at(x, (y + 1).min(height - 1))];
                let edge = (4 * at(x, y) - beside.iter().chain(&above).sum::<i32>()).unsigned_abs();
                let interest = interest(pixels[y * width + x], edge);
                *column += interest;
                *row += interest;
            }
        }
        Self { columns, rows }
    }

    /// The middle of the part of this size, as shares of the picture, that shows most of it.
    pub(crate) fn focus(&self, width: f64, height: f64) -> FocalPoint {
        FocalPoint { x: middle(&self.columns, width), y: middle(&self.rows, height) }
    }
}

/// How much one pixel draws the eye. Transparent pixels do not, and among them each visible one does.
fn interest([r, g, b, alpha]: [u8; 4], edge: u32) -> u64 {
    const VISIBLE: u32 = 16;
    const SKIN: u32 = 96;
    let saturation = u32::from(r.max(g).max(b) - r.min(g).min(b));
    // Skin of every tone lies in one small part of the colour plane; darkness has no colour that could be told.
    let [cb, cr] = ycc::colors(4 * i32::from(r), 4 * i32::from(g), 4 * i32::from(b));
    let is_skin = (77..=127).contains(&cb) && (135..=173).contains(&cr) && ycc::luma(r, g, b) > 40;
    let interest = VISIBLE + 4 * edge.min(255) + saturation / 2 + if is_skin { SKIN } else { 0 };
    u64::from(interest) * u64::from(alpha)
}

/// The middle of the best window of this share. A window is as good as what it shows, weighted by how far that is from the
/// window's edges, so that a subject comes into the middle. Of equals the one nearest to the picture's middle.
fn middle(sums: &[u64], share: f64) -> f64 {
    let count = sums.len();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)] // at most 96
    let length = ((count as f64 * share).round() as usize).clamp(1, count);
    let worth = |start: usize| -> u64 {
        let window = sums[start..start + length].iter().enumerate();
        window.map(|(at, sum)| sum * (at + 1).min(length - at) as u64).sum()
    };
    let free = count - length;
    let nearness = |start: usize| free - (2 * start).abs_diff(free);
    let best = (0..=free).rev().max_by_key(|start| (worth(*start), nearness(*start))).unwrap_or(0);
    #[allow(clippy::cast_precision_loss)] // at most 96
    let middle = (best as f64 + length as f64 / 2.0) / count as f64;
    middle
}

#[cfg(test)]
#[allow(clippy::cast_precision_loss)] // sides of small pictures
mod tests {
    use super::*;
    use crate::raster::Channels;
    use crate::ycc::Ycc;

    const GROUND: [u8; 4] = [90, 96, 100, 255];

    /// A picture of one colour with a patch of another.
    fn attention(
        size: (usize, usize),
        ground: [u8; 4],
        patch: [u8; 4],
        (left, top, side): (usize, usize, usize),
    ) -> Attention {
        let is_patch = |x: usize, y: usize| (left..left + side).contains(&x) && (top..top + side).contains(&y);
        let pixels: Vec<_> =
            (0..size.1).flat_map(|y| (0..size.0).map(move |x| if is_patch(x, y) { patch } else { ground })).collect();
        Attention::of_pixels(&pixels, size.0)
    }

    #[test]
    fn what_stands_out_comes_into_the_middle() {
        for patch in [[220, 40, 40, 255], [224, 172, 140, 255], [250, 250, 250, 255], [10, 10, 10, 255]] {
            for (left, top) in [(4, 20), (40, 2), (76, 44), (60, 24)] {
                let found = attention((96, 64), GROUND, patch, (left, top, 12)).focus(0.5, 0.5);
                let right = |at: usize, count: f64| ((at as f64 + 6.0) / count).clamp(0.25, 0.75);
                assert!((found.x - right(left, 96.0)).abs() < 0.02, "{patch:?} at {left}: {found:?}");
                assert!((found.y - right(top, 64.0)).abs() < 0.02, "{patch:?} at {top}: {found:?}");
            }
        }
    }

    #[test]
    fn skin_draws_more_than_another_colour_as_strong() {
        let mut pixels = vec![GROUND; 96 * 32];
        for y in 10..20 {
            // Of the same brightness and saturation, at both ends.
            pixels[y * 96 + 8..y * 96 + 18].fill([200, 150, 120, 255]);
            pixels[y * 96 + 78..y * 96 + 88].fill([120, 162, 200, 255]);
        }
        let found = Attention::of_pixels(&pixels, 96).focus(0.4, 1.0);
        assert!(found.x < 0.4, "{found:?}");
    }

    #[test]
    fn a_picture_of_one_colour_is_cropped_in_its_middle_however_small() {
        for color in [[0, 0, 0, 255], [255; 4], [220, 40, 40, 255], [9, 9, 9, 0]] {
            for (width, height) in [(1, 1), (1, 96), (96, 1), (2, 3), (95, 64)] {
                let attention = attention((width, height), color, color, (0, 0, 0));
                for share in [0.01, 0.3, 0.5, 1.0] {
                    let FocalPoint { x, y } = attention.focus(share, share);
                    let near = |at: f64, side: usize| (at - 0.5).abs() < 0.501 / side as f64;
                    assert!(near(x, width) && near(y, height), "{color:?} {width} × {height}: {x} {y}");
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_draws_nobody() {
        let (hidden, subject) = ([255, 0, 0, 0], [90, 96, 100, 255]);
        let found = attention((96, 64), hidden, subject, (70, 10, 12)).focus(0.5, 0.5);
        assert!(found.x > 0.7 && found.y < 0.3, "{found:?}");
    }

    #[test]
    fn a_canvas_of_any_kind_and_size_shows_the_same() {
        for (width, height) in [(2049, 1153), (1000, 301), (97, 96), (31, 7)] {
            let is_subject = |x: u32, y: u32| x * 10 / width == 7 && y * 2 / height == 0;
            let pixel = |at: u32| if is_subject(at % width, at / width) { [210, 120, 60] } else { [90, 96, 100] };
            let bytes: Vec<u8> = (0..width * height).flat_map(pixel).collect();
            let planar = Attention::of(&Canvas::Planar(Ycc::from_rgb(&bytes, width, height))).focus(0.4, 1.0);
            let opaque = bytes.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
            let mixed = Canvas::Mixed { width, height, channels: Channels::Rgb, bytes };
            let alpha = Canvas::Mixed { width, height, channels: Channels::Rgba, bytes: opaque };
            for found in [planar, Attention::of(&mixed).focus(0.4, 1.0), Attention::of(&alpha).focus(0.4, 1.0)] {
                assert!((found.x - 0.75).abs() < 0.04, "{width} × {height}: {found:?}");
            }
        }
    }
}
