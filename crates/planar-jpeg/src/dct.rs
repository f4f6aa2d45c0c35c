//! From samples to quantised coefficients, two blocks at a time.
//!
//! Both passes rest on one instruction: the products of neighbouring lanes, added in pairs. Factors have 14 bits after
//! the point, what is between the passes has 5. The division by the quantisation step is one product of floats, which
//! IEEE 754 rounds the same way on every machine.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, f32x8, i16x16, i32x8, u8x16};

const FACTOR_BITS: u32 = 14;
const BETWEEN_BITS: u32 = 5;
const BETWEEN_SHIFT: u32 = FACTOR_BITS - BETWEEN_BITS;

/// ½ cos(m π / 16) for m of 0 to 8. The first is the mean's, divided by √2 as the standard has it.
const COSINES: [i16; 9] = [5793, 8035, 7568, 6811, 5793, 4551, 3135, 1598, 0];

/// The factor of a sample for a frequency.
const fn factor(frequency: usize, sample: usize) -> i16 {
    let angle = (2 * sample + 1) * frequency % 32;
    match angle {
        0..=8 => COSINES[angle],
        9..=16 => -COSINES[16 - angle],
        17..=24 => -COSINES[angle - 16],
        _ => COSINES[32 - angle],
    }
}

/// Down the columns, by frequency and pair of sums (or differences) of mirrored samples: both factors, eight times.
const COLUMNS: [[[i16; 16]; 2]; 8] = {
    let mut table = [[[0; 16]; 2]; 8];
    let mut frequency = 0;
    while frequency < 8 {
        let mut lane = 0;
        while lane < 16 {
            table[frequency][0][lane] = factor(frequency, lane % 2);
            table[frequency][1][lane] = factor(frequency, 2 + lane % 2);
            lane += 1;
        }
        frequency += 1;
    }
    table
};

/// Along the rows, by pair of samples: both samples' factors for each frequency.
const ROWS: [[i16; 16]; 4] = {
    let mut table = [[0; 16]; 4];
    let mut sample = 0;
    while sample < 8 {
        let mut frequency = 0;
        while frequency < 8 {
            table[sample / 2][frequency * 2 + sample % 2] = factor(frequency, sample);
            frequency += 1;
        }
        sample += 1;
    }
    table
};

/// The factors that replace a division of the coefficients by the steps; they include the bits after the point.
pub(crate) struct Divisors([[f32; 8]; 8]);

impl Divisors {
    pub fn new(steps: &[u8; 64]) -> Self {
        let scale = (1u32 << (FACTOR_BITS + BETWEEN_BITS)) as f32;
        Self(core::array::from_fn(|v| core::array::from_fn(|u| 1.0 / (f32::from(steps[v * 8 + u]) * scale))))
    }
}

/// A block's quantised coefficients, row by row, and which of them are not zero, a bit for each.
pub(crate) struct Coefficients {
    pub values: [i16; 64],
    pub used: u64,
}

impl Default for Coefficients {
    fn default() -> Self {
        Self { values: [0; 64], used: 0 }
    }
}

// No closures below: one that is not inlined would be compiled without the machine's instructions.

/// Transforms two blocks that lie side by side in eight lines.
#[inline(always)]
pub(crate) fn two_blocks<S: Simd>(simd: S, lines: &[[u8; 16]], divisors: &Divisors, out: &mut [Coefficients; 2]) {
    let middle = columns(simd, lines);
    rows(simd, &middle, 0, divisors, &mut out[0]);
    rows(simd, &middle, 4, divisors, &mut out[1]);
}

/// Down the columns of both blocks. Neighbouring results share a number, ready for the second pass: by frequency, four
/// pairs of the first block and four of the second.
#[inline(always)]
fn columns<S: Simd>(simd: S, lines: &[[u8; 16]]) -> [[i32; 8]; 8] {
    let mut samples = [i16x16::splat(simd, 0); 8];
    for (vector, line) in samples.iter_mut().zip(lines) {
        let (left, right) = simd.widen_u8x16(u8x16::from_slice(simd, line));
        *vector = left.combine(right).bitcast::<i16x16<S>>() - i16x16::splat(simd, 128);
    }
    let mut halves = [[i16x16::splat(simd, 0); 4]; 2];
    for at in 0..4 {
        halves[0][at] = samples[at] + samples[7 - at];
        halves[1][at] = samples[at] - samples[7 - at];
    }
    // By half: the first block's two pairs, then the second's.
    let mut pairs = [[i16x16::splat(simd, 0); 4]; 2];
    for half in 0..2 {
        (pairs[half][0], pairs[half][2]) = simd.interleave_i16x16(halves[half][0], halves[half][1]);
        (pairs[half][1], pairs[half][3]) = simd.interleave_i16x16(halves[half][2], halves[half][3]);
    }
    let mut middle = [[0; 8]; 8];
    let round = i32x8::splat(simd, 1 << (BETWEEN_SHIFT - 1));
    for frequency in 0..8 {
        let [first, second] =
            [i16x16::from_slice(simd, &COLUMNS[frequency][0]), i16x16::from_slice(simd, &COLUMNS[frequency][1])];
        let [a0, a1, b0, b1] = pairs[frequency % 2];
        let a = round + simd.pairwise_dot_product_i16x16(a0, first) + simd.pairwise_dot_product_i16x16(a1, second);
        let b = round + simd.pairwise_dot_product_i16x16(b0, first) + simd.pairwise_dot_product_i16x16(b1, second);
        let both = simd.saturating_narrow_i32x8(a >> BETWEEN_SHIFT, b >> BETWEEN_SHIFT);
        both.bitcast::<i32x8<S>>().store_slice(&mut middle[frequency]);
    }
    middle
}

/// Along the rows of the block whose pairs begin at `first`.
#[inline(always)]
fn rows<S: Simd>(simd: S, middle: &[[i32; 8]; 8], first: usize, divisors: &Divisors, out: &mut Coefficients) {
    let zero = i16x16::splat(simd, 0);
    out.used = 0;
    for two in 0..4 {
        let upper = row(simd, &middle[two * 2], first, &divisors.0[two * 2]);
        let lower = row(simd, &middle[two * 2 + 1], first, &divisors.0[two * 2 + 1]);
        let both = simd.saturating_narrow_i32x8(upper, lower);
        both.store_slice(&mut out.values[two * 16..][..16]);
        out.used |= (!both.simd_eq(zero).to_bitmask() & 0xFFFF) << (two * 16);
    }
}

#[inline(always)]
fn row<S: Simd>(simd: S, pairs: &[i32; 8], first: usize, divisors: &[f32; 8]) -> i32x8<S> {
    let mut sum = i32x8::splat(simd, 0);
    for pair in 0..4 {
        let two: i16x16<S> = i32x8::splat(simd, pairs[first + pair]).bitcast();
        sum += simd.pairwise_dot_product_i16x16(two, i16x16::from_slice(simd, &ROWS[pair]));
    }
    let quotient = simd.cvt_f32_i32x8(sum) * f32x8::from_slice(simd, divisors);
    simd.cvt_i32_f32x8(quotient.round_ties_even())
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    #[test]
    fn it_is_the_standard_s_transform() {
        let cosine = |x: usize, u: usize| {
            let scale = if u == 0 { std::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
            0.5 * scale * ((2 * x + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos()
        };
        let mut seed = 3_u32;
        for _ in 0..200 {
            let lines: [[u8; 16]; 8] = core::array::from_fn(|_| {
                core::array::from_fn(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [0, 255, (seed >> 24) as u8][(seed >> 8) as usize % 3]
                })
            });
            let mut both = [Coefficients::default(), Coefficients::default()];
            dispatch!(Level::new(), simd => two_blocks(simd, &lines, &Divisors::new(&[1; 64]), &mut both));
            for (block, got) in both.iter().enumerate() {
                for at in 0..64 {
                    let (v, u) = (at / 8, at % 8);
                    let mut exact = 0.0;
                    for (y, line) in lines.iter().enumerate() {
                        for x in 0..8 {
                            exact += (f64::from(line[block * 8 + x]) - 128.0) * cosine(y, v) * cosine(x, u);
                        }
                    }
                    let error = (f64::from(got.values[at]) - exact).abs();
                    assert!(error < 0.7, "{v} {u}: {} for {exact}", got.values[at]);
                    assert_eq!(got.used >> at & 1 == 1, got.values[at] != 0);
                }
            }
        }
    }
}
