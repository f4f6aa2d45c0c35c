//! Prediction in blocks of 4 × 4 samples, each from its own neighbours (RFC 6386, section 12.3).
//!
//! Around a block lie 13 samples: four to the left, from below; the corner; eight above, of which four are above the
//! block on the right. Every mode but two takes each of its 16 samples from among the means of two and of three
//! neighbours in that order, so a mode is a list of 16 places.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x16};

use crate::modes::{SMALL_MOTION, Small};
use crate::tile::{Floor, Tile, Wall, sum};
use crate::transform::Residue;

/// The means of three neighbours begin at 0, by the middle one; those of two at 16, by the first one.
const T: u8 = 0;
const H: u8 = 16;
/// Where the mean of the block's neighbours is put, and the lowest sample to the left.
const MEAN: u8 = 0;
const LOWEST: u8 = 14;

#[rustfmt::skip]
const PICKS: [[u8; 16]; 10] = [
    [MEAN; 16],
    [MEAN; 16], // not picked
    [T + 6, T + 7, T + 8, T + 9, T + 6, T + 7, T + 8, T + 9, T + 6, T + 7, T + 8, T + 9, T + 6, T + 7, T + 8, T + 9],
    [T + 4, T + 4, T + 4, T + 4, T + 3, T + 3, T + 3, T + 3, T + 2, T + 2, T + 2, T + 2, T + 1, T + 1, T + 1, T + 1],
    [T + 7, T + 8, T + 9, T + 10, T + 8, T + 9, T + 10, T + 11, T + 9, T + 10, T + 11, T + 12, T + 10, T + 11, T + 12, T + 13],
    [T + 5, T + 6, T + 7, T + 8, T + 4, T + 5, T + 6, T + 7, T + 3, T + 4, T + 5, T + 6, T + 2, T + 3, T + 4, T + 5],
    [H + 5, H + 6, H + 7, H + 8, T + 5, T + 6, T + 7, T + 8, T + 4, H + 5, H + 6, H + 7, T + 3, T + 5, T + 6, T + 7],
    [H + 6, H + 7, H + 8, H + 9, T + 7, T + 8, T + 9, T + 10, H + 7, H + 8, H + 9, T + 11, T + 8, T + 9, T + 10, T + 12],
    [H + 4, T + 5, T + 6, T + 7, H + 3, T + 4, H + 4, T + 5, H + 2, T + 3, H + 3, T + 4, H + 1, T + 2, H + 2, T + 3],
    [H + 3, T + 3, H + 2, T + 2, H + 2, T + 2, H + 1, T + 1, H + 1, T + 1, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST, LOWEST],
];

/// Predicts all 16 blocks and adds their `residue`, each before the next. `right` is the floor's next tile.
#[inline(always)]
pub(crate) fn luma<S: Simd>(
    simd: S,
    modes: &[Small; 16],
    floor: &Floor,
    right: [u8; 4],
    wall: &Wall,
    residue: &Residue,
    tile: &mut Tile,
) {
    let mut above = floor.luma;
    let mut corner = wall.luma_corner;
    for y in 0..4 {
        let lines = &mut tile.luma[y * 4..][..4];
        let [a, b, c, d] = wall.luma.as_chunks::<4>().0[y];
        let mut left = u32::from_le_bytes([d, c, b, a]);
        let row_corner = d;
        let fours = above.as_chunks::<4>().0;
        for x in 0..4 {
            let next = if x < 3 { fours[x + 1] } else { right };
            let around = around(left, corner, fours[x], next);
            let mut samples = block(simd, modes[y * 4 + x], around);
            if residue.rows >> y & 1 == 1 {
                let mut more = [0; 16];
                for (to, from) in more.as_chunks_mut::<4>().0.iter_mut().zip(&residue.lines[y * 4..]) {
                    *to = from.as_chunks::<4>().0[x];
                }
                samples = sum(simd, samples.simd_into(simd), &more).into();
            }
            let four = samples.as_chunks::<4>().0;
            for (line, samples) in lines.iter_mut().zip(four) {
                line[x * 4..x * 4 + 4].copy_from_slice(samples);
            }
            left = u32::from_le_bytes([four[3][3], four[2][3], four[1][3], four[0][3]]);
            corner = fours[x][3];
        }
        above = lines[3];
        corner = row_corner;
    }
}

/// The 13 samples around a block, the first and the last twice, the lowest on the left first.
#[inline(always)]
fn around(left: u32, corner: u8, above: [u8; 4], right: [u8; 4]) -> u128 {
    let [above, right] = [above, right].map(u32::from_le_bytes);
    u128::from(left & 255)
        | u128::from(left) << 8
        | u128::from(corner) << 40
        | u128::from(above) << 48
        | u128::from(right) << 80
        | u128::from(right >> 24) << 112
}

#[inline(always)]
fn block<S: Simd>(simd: S, mode: Small, around: u128) -> [u8; 16] {
    let bytes = around.to_le_bytes();
    if mode == SMALL_MOTION {
        let mut samples = [0; 16];
        for i in 0..16 {
            let sum = i16::from(bytes[6 + i % 4]) + i16::from(bytes[4 - i / 4]) - i16::from(bytes[5]);
            samples[i] = sum.clamp(0, 255) as u8;
        }
        return samples;
    }
    let here: u8x16<S> = bytes.simd_into(simd);
    let after: u8x16<S> = (around >> 8).to_le_bytes().simd_into(simd);
    let before: u8x16<S> = (around << 8).to_le_bytes().simd_into(simd);
    let twos = mean(here, after);
    // The mean of three is that of the middle and of the two others' mean, rounded down.
    let odd = (before ^ after) & u8x16::splat(simd, 1);
    let threes = mean(here, mean(before, after) - odd);
    let [left, above] = [bytes[1..5].iter(), bytes[6..10].iter()];
    let total: u32 = left.chain(above).map(|sample| u32::from(*sample)).sum();
    let mut threes: [u8; 16] = threes.into();
    threes[usize::from(MEAN)] = ((total + 4) >> 3) as u8;
    threes[usize::from(LOWEST)] = bytes[0];
    let threes: u8x16<S> = threes.simd_into(simd);
    let picks: u8x16<S> = PICKS[usize::from(mode.min(9))].simd_into(simd);
    threes.concat_swizzle_dyn_precise(twos, picks).into()
}

/// The mean of each two, rounded up.
#[inline(always)]
fn mean<S: Simd>(a: u8x16<S>, b: u8x16<S>) -> u8x16<S> {
    (a | b) - ((a ^ b) >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    fn predict<S: Simd>(simd: S, mode: Small, around: u128) -> [u8; 16] {
        block(simd, mode, around)
    }

    /// The formulas of the standard, with B for what lies around, from the lowest on the left.
    fn expected(mode: Small, b: &[i32; 13], x: usize, y: usize) -> i32 {
        let two = |i: usize| (b[i] + b[i + 1] + 1) >> 1;
        let three = |i: usize| (b[i.saturating_sub(1)] + 2 * b[i] + b[(i + 1).min(12)] + 2) >> 2;
        let (corner, above) = (4, 5);
        match mode {
            0 => (b[..4].iter().sum::<i32>() + b[5..9].iter().sum::<i32>() + 4) >> 3,
            1 => (b[above + x] + b[3 - y] - b[corner]).clamp(0, 255),
            2 => three(above + x),
            3 => three(3 - y),
            4 => three(above + x + y + 1),
            5 => three(corner + x - y),
            6 => match 2 * x as i32 - y as i32 {
                odd @ (-2 | -3) => three((5 + odd) as usize),
                -1 => three(corner),
                even if even % 2 == 0 => two(corner + x - y / 2),
                _ => three(corner + x - y / 2),
            },
            7 => match (x, y) {
                (3, 2) => three(above + 5),
                (3, 3) => three(above + 6),
                _ if y.is_multiple_of(2) => two(above + x + y / 2),
                _ => three(above + x + y / 2 + 1),
            },
            8 => match 2 * y as i32 - x as i32 {
                -1 => three(corner),
                less @ (-2 | -3) => three((3 - less) as usize),
                even if even % 2 == 0 => two(3 - y + x / 2),
                _ => three(4 - y + x / 2),
            },
            _ => match x + 2 * y {
                at @ 0..=4 if at % 2 == 0 => two(2 - at / 2),
                at @ 0..=4 => three(2 - at / 2),
                5 => three(0),
                _ => b[0],
            },
        }
    }

    #[test]
    fn every_mode_is_that_of_the_standard() {
        let mut seed = 11_u32;
        for _ in 0..500 {
            let b: [i32; 13] = core::array::from_fn(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                [0, 255, (seed >> 16) as i32 & 255][(seed >> 8) as usize % 3]
            });
            let [left, above] = [&b[..4], &b[5..9]].map(|four| [four[0], four[1], four[2], four[3]].map(|s| s as u8));
            let right = [b[9], b[10], b[11], b[12]].map(|sample| sample as u8);
            let around = around(u32::from_le_bytes(left), b[4] as u8, above, right);
            for mode in 0..10 {
                let found = dispatch!(Level::new(), simd => predict(simd, mode, around));
                for (at, found) in found.into_iter().enumerate() {
                    let (x, y) = (at % 4, at / 4);
                    assert_eq!(i32::from(found), expected(mode, &b, x, y), "mode {mode} at {x}, {y} of {b:?}");
                }
            }
        }
    }
}
