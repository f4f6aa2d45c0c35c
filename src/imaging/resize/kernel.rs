//! The two inner loops. Plain safe loops in a shape that compilers turn into vector code, compiled once for each
//! kind of CPU and chosen at run time; integers only, so every kind gives the same bytes.

#![allow(clippy::inline_always)] // `dispatch!` compiles for a CPU only what is inlined into it

use fearless_simd::{Level, dispatch};

use super::weights::{BLOCK, Weights};

/// Between the passes a pixel is in 64ths, signed: overshoot of the filter is not cut before the end.
const HALF: i16 = 32;

/// A kind of sample that columns are built from.
pub(super) trait Sample: Copy {
    /// In 128ths.
    fn lift(self) -> i16;
}

impl Sample for u8 {
    #[inline(always)]
    fn lift(self) -> i16 {
        i16::from(self).wrapping_shl(7)
    }
}

/// Samples that already are in 128ths.
impl Sample for i16 {
    #[inline(always)]
    fn lift(self) -> i16 {
        self
    }
}

/// Sums weighted rows, all at least as long as `out`, into one, in 64ths.
pub(super) fn column_sums<T: Sample>(level: Level, rows: &[&[T]], weights: &[i16], out: &mut [i16]) {
    dispatch!(level, _simd => column_sums_plain(rows, weights, out));
}

/// Sums in flight: four vectors of AVX2.
const LANES: usize = 64;

#[inline(always)]
fn column_sums_plain<T: Sample>(rows: &[&[T]], weights: &[i16], out: &mut [i16]) {
    // Each product loses half a 64th on average by the shift: given back at the start.
    let lost = i16::try_from(rows.len() / 2).unwrap_or(i16::MAX);
    let mut from = 0;
    let mut chunks = out.chunks_exact_mut(LANES);
    for out in &mut chunks {
        let mut sums = [lost; LANES];
        for (row, &weight) in rows.iter().zip(weights) {
            let Some(row) = row.get(from..from + LANES) else { return };
            for (sum, &sample) in sums.iter_mut().zip(row) {
                *sum = sum.wrapping_add(product(sample.lift(), weight));
            }
        }
        out.copy_from_slice(&sums);
        from += LANES;
    }
    let rest = chunks.into_remainder();
    rest.fill(lost);
    for (row, &weight) in rows.iter().zip(weights) {
        let Some(row) = row.get(from..from + rest.len()) else { return };
        for (sum, &sample) in rest.iter_mut().zip(row) {
            *sum = sum.wrapping_add(product(sample.lift(), weight));
        }
    }
}

/// 128ths times a weight of 32,767 parts: 64ths.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // the upper half of a product of two halves
const fn product(sample: i16, weight: i16) -> i16 {
    ((sample as i32).wrapping_mul(weight as i32) >> 16) as i16
}

/// A row of one channel in 64ths to target samples. `windows` gives, for each, where its source starts and its weights;
/// `row` must be long enough for all of them.
pub(super) fn row_sums(level: Level, row: &[i16], windows: &Weights, out: &mut [u8], step: usize) {
    dispatch!(level, _simd => row_sums_plain(row, windows, out, step));
}

#[inline(always)]
fn row_sums_plain(row: &[i16], windows: &Weights, out: &mut [u8], step: usize) {
    for (index, out) in out.iter_mut().step_by(step).enumerate() {
        let (first, weights) = windows.of(index);
        let Some(window) = row.get(first..first + weights.len()) else { return };
        let mut sums = [0_i32; BLOCK / 2];
        for (window, weights) in window.as_chunks::<BLOCK>().0.iter().zip(weights.as_chunks::<BLOCK>().0) {
            // In pairs: CPUs have one instruction for two products and their sum.
            for (lane, sum) in sums.iter_mut().enumerate() {
                let product = |at: usize| i32::from(window[at]).wrapping_mul(i32::from(weights[at]));
                *sum = sum.wrapping_add(product(2 * lane)).wrapping_add(product(2 * lane + 1));
            }
        }
        let sum = sums.iter().fold(0_i32, |all, sum| all.wrapping_add(*sum));
        // 64ths of 32,768ths: rounded, and only now cut to what a byte holds.
        *out = (sum.wrapping_add(i32::from(HALF) << 15) >> 21).clamp(0, 255).to_le_bytes()[0];
    }
}
