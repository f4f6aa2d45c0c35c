//! From coefficients to what is added to the prediction (RFC 6386, section 14).
//!
//! The short transform works on 16 bits, two blocks at a time. It is exact for the coefficients of real pictures; blocks
//! with larger ones ([`crate::coefficients::fits`]) take the long one.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x8, i32x4, u64x2};

use crate::coefficients::Coefficients;

/// What is added to the prediction.
pub(crate) struct Residue {
    /// 16 lines of brightness, then eight of colour, blue beside red.
    pub lines: [[i16; 16]; 24],
    /// Which four lines count, a bit for each; to the others, nothing is added.
    pub rows: u32,
}

impl Residue {
    pub const NONE: Self = Self { lines: [[0; 16]; 24], rows: 0 };
}

/// The first factor less one, and the second less one, as 16-bit fractions: √2 cos(π/8) and √2 sin(π/8).
const COSINE: i32 = 20_091;
const SINE: i32 = 35_468 - 65_536;

/// Turns the block of means into the first coefficients of the 16 blocks of brightness.
#[inline(always)]
pub(crate) fn spread(means: &[i32; 16], is_dense: bool, blocks: &mut [[i32; 16]; 24]) {
    if !is_dense {
        let all = (means[0] + 3) >> 3;
        for block in &mut blocks[..16] {
            block[0] = all;
        }
        return;
    }
    let mut middle = [0; 16];
    for x in 0..4 {
        let [a, b, c, d] = [means[x], means[4 + x], means[8 + x], means[12 + x]];
        let (outer, inner, inner_less, outer_less) = (a + d, b + c, b - c, a - d);
        middle[x] = outer + inner;
        middle[4 + x] = inner_less + outer_less;
        middle[8 + x] = outer - inner;
        middle[12 + x] = outer_less - inner_less;
    }
    for (row, &[a, b, c, d]) in blocks[..16].as_chunks_mut::<4>().0.iter_mut().zip(middle.as_chunks::<4>().0) {
        let (outer, inner, inner_less, outer_less) = (a + d, b + c, b - c, a - d);
        let four = [outer + inner, inner_less + outer_less, outer - inner, outer_less - inner_less];
        for (block, sum) in row.iter_mut().zip(four) {
            block[0] = (sum + 3) >> 3;
        }
    }
}

/// Transforms a macroblock's coefficients and takes them away.
#[inline(always)]
pub(crate) fn inverse<S: Simd>(simd: S, coefficients: &mut Coefficients, out: &mut Residue) {
    out.rows = 0;
    for row in 0..6 {
        let blocks = &mut coefficients.blocks[row * 4..][..4];
        let lines = &mut out.lines[row * 4..][..4];
        let (dense, wide) = (coefficients.dense >> (row * 4) & 15, coefficients.wide >> (row * 4) & 15);
        if dense | wide == 0 {
            let means = [blocks[0][0], blocks[1][0], blocks[2][0], blocks[3][0]];
            if means == [0; 4] {
                continue;
            }
            flat(means, lines);
        } else {
            two(simd, &blocks[0], &blocks[1], lines, 0);
            two(simd, &blocks[2], &blocks[3], lines, 8);
            if wide != 0 {
                for (index, block) in blocks.iter().enumerate() {
                    if wide >> index & 1 == 1 {
                        long(block, lines, index * 4);
                    }
                }
            }
        }
        blocks.fill([0; 16]);
        out.rows |= 1 << row;
    }
}

/// Four blocks of a first coefficient each.
#[inline(always)]
fn flat(means: [i32; 4], lines: &mut [[i16; 16]]) {
    let mut line = [0; 16];
    for x in 0..16 {
        line[x] = ((means[x / 4] + 4) >> 3) as i16;
    }
    lines.fill(line);
}

#[inline(always)]
fn times<S: Simd>(simd: S, values: i16x8<S>, factor: i32) -> i16x8<S> {
    let values: [i16; 8] = values.into();
    let mut products = [0; 8];
    for (product, value) in products.iter_mut().zip(values) {
        *product = ((i32::from(value) * factor) >> 16) as i16;
    }
    products.simd_into(simd)
}

/// Along one direction: the same sample of each vector.
#[inline(always)]
fn pass<S: Simd>(simd: S, [a, b, c, d]: [i16x8<S>; 4]) -> [i16x8<S>; 4] {
    let (sum, difference) = (a + c, a - c);
    let low = times(simd, b, SINE) + b - d - times(simd, d, COSINE);
    let high = b + times(simd, b, COSINE) + times(simd, d, SINE) + d;
    [sum + high, difference + low, difference - low, sum - high]
}

/// Exchanges rows and columns of two blocks that lie side by side.
#[inline(always)]
fn turned<S: Simd>(rows: [i16x8<S>; 4]) -> [i16x8<S>; 4] {
    let half =
        [rows[0].zip_low(rows[2]), rows[0].zip_high(rows[2]), rows[1].zip_low(rows[3]), rows[1].zip_high(rows[3])];
    // By columns: two of the first block, then its other two; the same of the second.
    let first = [half[0].zip_low(half[2]), half[0].zip_high(half[2])];
    let second = [half[1].zip_low(half[3]), half[1].zip_high(half[3])];
    let [a, b, c, d]: [u64x2<S>; 4] =
        [first[0].bitcast(), first[1].bitcast(), second[0].bitcast(), second[1].bitcast()];
    [a.zip_low(c).bitcast(), a.zip_high(c).bitcast(), b.zip_low(d).bitcast(), b.zip_high(d).bitcast()]
}

/// Two blocks, into `lines` from sample `at` on.
#[inline(always)]
fn two<S: Simd>(simd: S, left: &[i32; 16], right: &[i32; 16], lines: &mut [[i16; 16]], at: usize) {
    let mut rows = [i16x8::splat(simd, 0); 4];
    for y in 0..4 {
        let (a, b) = (&left[y * 4..][..4], &right[y * 4..][..4]);
        rows[y] = simd.saturating_narrow_i32x4(i32x4::from_slice(simd, a), i32x4::from_slice(simd, b));
    }
    let mut columns = turned(pass(simd, rows));
    columns[0] += i16x8::splat(simd, 4);
    let samples = turned(pass(simd, columns));
    for (line, samples) in lines.iter_mut().zip(samples) {
        (samples >> 3).store_slice(&mut line[at..at + 8]);
    }
}

/// One block with any coefficients. What exceeds a sample by far is cut to fit.
#[cold]
#[inline(never)]
fn long(block: &[i32; 16], lines: &mut [[i16; 16]], at: usize) {
    let pass = |[a, b, c, d]: [i64; 4]| {
        let sine = |value: i64| (value * 35_468) >> 16;
        let cosine = |value: i64| value + ((value * 20_091) >> 16);
        let (low, high) = (sine(b) - cosine(d), cosine(b) + sine(d));
        [a + c + high, a - c + low, a - c - low, a + c - high]
    };
    let mut middle = [[0; 4]; 4];
    for x in 0..4 {
        middle[x] = pass([0, 4, 8, 12].map(|row| i64::from(block[row + x])));
    }
    for (y, line) in lines.iter_mut().enumerate() {
        let samples = pass([0, 1, 2, 3].map(|x| middle[x][y]));
        for (to, sample) in line[at..at + 4].iter_mut().zip(samples) {
            *to = ((sample + 4) >> 3).clamp(-255, 255) as i16;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coefficients::fits;
    use fearless_simd::{Level, dispatch};

    fn inverse(coefficients: &mut Coefficients) -> Residue {
        let mut out = Residue { lines: [[7; 16]; 24], rows: 0 };
        dispatch!(Level::new(), simd => super::inverse(simd, coefficients, &mut out));
        out
    }

    fn long_block(block: &[i32; 16]) -> [[i16; 4]; 4] {
        let mut lines = [[0; 16]; 4];
        long(block, &mut lines, 0);
        lines.map(|line| *line.first_chunk().unwrap())
    }

    #[test]
    fn the_short_transform_is_the_long_one() {
        let mut seed = 5_u32;
        for round in 0..3000 {
            let mut coefficients = Coefficients::NONE;
            for block in coefficients.blocks.as_flattened_mut() {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let any = (seed >> 16) as i32 % 2049 - (seed >> 8 & 1) as i32 * 2048;
                *block = match round % 3 {
                    0 => any,
                    1 => [-2048, 2048][(seed >> 20) as usize % 2],
                    _ => {
                        if seed >> 29 == 0 {
                            any
                        } else {
                            0
                        }
                    }
                };
                assert!(fits(*block));
            }
            coefficients.dense = 0xFF_FFFF;
            let expected = coefficients.blocks.map(|block| long_block(&block));
            let out = inverse(&mut coefficients);
            assert_eq!(out.rows, 0b11_1111);
            assert_eq!(coefficients.blocks, [[0; 16]; 24], "taken away");
            for (index, expected) in expected.iter().enumerate() {
                for y in 0..4 {
                    for x in 0..4 {
                        let found = out.lines[index / 4 * 4 + y][index % 4 * 4 + x].clamp(-255, 255);
                        assert_eq!(found, expected[y][x], "block {index} at {x}, {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn means_large_blocks_and_nothing_take_ways_of_their_own() {
        let mut coefficients = Coefficients::NONE;
        // Row 0: means alone. Row 2: one block that is too large for 16 bits, beside one that is not. Row 5: nothing.
        coefficients.blocks[1][0] = -84;
        coefficients.blocks[3][0] = 2000;
        (coefficients.blocks[8][0], coefficients.blocks[8][5]) = (60_000, -331_898);
        coefficients.blocks[9][1] = 300;
        (coefficients.dense, coefficients.wide) = (1 << 8 | 1 << 9, 1 << 8);
        let expected = coefficients.blocks.map(|block| long_block(&block));
        let Residue { lines, rows } = inverse(&mut coefficients);
        assert_eq!(rows, 0b000_101);
        assert_eq!(lines[0], [0, 0, 0, 0, -10, -10, -10, -10, 0, 0, 0, 0, 250, 250, 250, 250]);
        for y in 0..4 {
            assert_eq!(lines[8 + y][..4], expected[8][y]);
            assert_eq!(lines[8 + y][4..8], expected[9][y]);
        }
        assert_eq!(coefficients.blocks, [[0; 16]; 24]);
    }

    #[test]
    fn one_mean_is_spread_as_the_whole_transform_spreads_it() {
        for mean in [-2000, -4, -3, 0, 3, 4, 5, 931_000] {
            let mut means = [0; 16];
            means[0] = mean;
            let [mut short, mut whole] = [[[0; 16]; 24]; 2];
            spread(&means, false, &mut short);
            spread(&means, true, &mut whole);
            assert_eq!(short, whole);
            assert_eq!(short[15][0], (mean + 3) >> 3);
        }
    }
}
