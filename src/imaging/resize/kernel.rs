//! The inner loops: vectors where it matters, elsewhere plain loops in a shape that compilers turn into vector code.
//! Compiled once for each kind of CPU and chosen at run time; integers only, so every kind gives the same bytes.

#![allow(clippy::inline_always)] // `dispatch!` compiles for a CPU only what is inlined into it

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, i16x16, i32x8, u8x16, u16x16};

use super::weights::PairWeights;

/// A kind of sample that columns are built from. Between the passes a sample is in 64ths, signed: what overshoots is
/// not cut before the end.
pub(super) trait Sample: Copy {
    /// In 64ths.
    fn lift(self) -> i16;
}

impl Sample for u8 {
    #[inline(always)]
    fn lift(self) -> i16 {
        i16::from(self).wrapping_shl(6)
    }
}

/// Samples that already are in 64ths.
impl Sample for i16 {
    #[inline(always)]
    fn lift(self) -> i16 {
        self
    }
}

/// Rows that are worked on together.
pub(super) const GROUP: usize = 16;

/// Two neighbouring samples of each row of a group: what one multiplication takes in.
pub(super) type Pair = [i16; GROUP * 2];

/// Sums in flight of the first pass: four vectors.
const LANES: usize = 64;

/// First pass: weighted rows, each at least as long as `out`, into one.
pub(super) fn column_sums<T: Sample>(level: Level, rows: &[&[T]], weights: &[i16], out: &mut [i16]) {
    dispatch!(level, _simd => column_sums_plain(rows, weights, out));
}

#[inline(always)]
fn column_sums_plain<T: Sample>(rows: &[&[T]], weights: &[i16], out: &mut [i16]) {
    let mut from = 0;
    let mut chunks = out.chunks_exact_mut(LANES);
    for out in &mut chunks {
        let mut sums = [0_i16; LANES];
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
    rest.fill(0);
    for (row, &weight) in rows.iter().zip(weights) {
        let Some(row) = row.get(from..from + rest.len()) else { return };
        for (sum, &sample) in rest.iter_mut().zip(row) {
            *sum = sum.wrapping_add(product(sample.lift(), weight));
        }
    }
}

/// A sample times a weight of 32,767 parts, rounded. CPUs have one instruction for exactly this.
#[inline(always)]
#[allow(clippy::cast_possible_truncation)] // no sample grows by its weight
const fn product(sample: i16, weight: i16) -> i16 {
    (((sample as i32).wrapping_mul(weight as i32) >> 14).wrapping_add(1) >> 1) as i16
}

/// Turns one channel of a group of rows of `N` samples a pixel, `stride` samples apart, into pairs of columns.
pub(super) fn transpose<const N: usize>(level: Level, rows: &[i16], stride: usize, channel: usize, pairs: &mut [Pair]) {
    if N == 1 {
        dispatch!(level, simd => transpose_plane(simd, rows, stride, pairs));
    } else {
        dispatch!(level, _simd => transpose_plain::<N>(rows, stride, channel, pairs));
    }
}

/// A pair is 32 bits, so this is a transposition of whole numbers: eight rows by eight pairs, in three rounds.
#[inline(always)]
fn transpose_plane<S: Simd>(simd: S, rows: &[i16], stride: usize, pairs: &mut [Pair]) {
    for half in 0..2 {
        let rows: [&[[i16; 16]]; 8] =
            std::array::from_fn(|row| rows[(half * 8 + row) * stride..][..stride].as_chunks().0);
        for (block, pairs) in pairs.as_chunks_mut::<8>().0.iter_mut().enumerate().take(stride / 16) {
            let mut eight = [i32x8::splat(simd, 0); 8];
            for row in 0..8 {
                eight[row] = i16x16::from_slice(simd, &rows[row][block]).bitcast();
            }
            for _ in 0..3 {
                let mut next = eight;
                for row in 0..4 {
                    (next[row * 2], next[row * 2 + 1]) = simd.interleave_i32x8(eight[row], eight[row + 4]);
                }
                eight = next;
            }
            for (pair, column) in pairs.iter_mut().zip(eight) {
                column.bitcast::<i16x16<S>>().store_slice(&mut pair[half * 16..][..16]);
            }
        }
    }
}

#[inline(always)]
fn transpose_plain<const N: usize>(rows: &[i16], stride: usize, channel: usize, pairs: &mut [Pair]) {
    if channel >= N {
        return;
    }
    // As slices of one length, so that one check serves all of them.
    let rows: [&[[i16; N]]; GROUP] = std::array::from_fn(|row| rows[row * stride..][..stride].as_chunks().0);
    for (x, pair) in pairs.iter_mut().enumerate().take(stride / N / 2) {
        for (two, row) in pair.as_chunks_mut::<2>().0.iter_mut().zip(rows) {
            *two = [row[x * 2][channel], row[x * 2 + 1][channel]];
        }
    }
}

/// From 64ths times [`super::weights::WHOLE`] to whole steps.
const SHIFT: u32 = 21;

/// Second pass: weighted pairs into one byte for each row of the group, for each target.
pub(super) fn row_sums(level: Level, pairs: &[Pair], across: &PairWeights, targets: &mut [[u8; GROUP]]) {
    dispatch!(level, simd => row_sums_wide(simd, pairs, across, targets));
}

#[inline(always)]
fn row_sums_wide<S: Simd>(simd: S, pairs: &[Pair], across: &PairWeights, targets: &mut [[u8; GROUP]]) {
    let (none, most) = (i16x16::splat(simd, 0), i16x16::splat(simd, 255));
    for ((first, weights), target) in across.windows().zip(targets) {
        let Some(window) = pairs.get(first..first + weights.len()) else { return };
        let half = i32x8::splat(simd, 1 << (SHIFT - 1));
        let (mut upper, mut lower) = (half, half);
        for (pair, weight) in window.iter().zip(weights) {
            let weight: i16x16<S> = i32x8::splat(simd, *weight).bitcast();
            let (a, b) = (i16x16::from_slice(simd, &pair[..16]), i16x16::from_slice(simd, &pair[16..]));
            upper += simd.pairwise_dot_product_i16x16(a, weight);
            lower += simd.pairwise_dot_product_i16x16(b, weight);
        }
        // Only now cut to what a byte holds.
        let both = simd.saturating_narrow_i32x8(upper >> SHIFT, lower >> SHIFT).max(none).min(most);
        let (upper, lower) = both.bitcast::<u16x16<S>>().split();
        simd.relaxed_narrow_u16x8(upper, lower).store_slice(target);
    }
}

/// The finished columns of one channel back into rows of bytes, `N` samples a pixel.
pub(super) fn scatter<const N: usize>(level: Level, targets: &[[u8; GROUP]], channel: usize, rows: &mut [u8]) {
    let whole = targets.len() / GROUP * GROUP;
    if N == 1 {
        dispatch!(level, simd => scatter_plane(simd, targets, rows));
        scatter_plain::<1>(targets, whole, 0, rows);
    } else {
        dispatch!(level, _simd => scatter_plain::<N>(targets, 0, channel, rows));
    }
}

/// Sixteen targets at a time, transposed in four rounds.
#[inline(always)]
fn scatter_plane<S: Simd>(simd: S, targets: &[[u8; GROUP]], rows: &mut [u8]) {
    let width = targets.len();
    for (block, targets) in targets.as_chunks::<GROUP>().0.iter().enumerate() {
        let mut all = [u8x16::splat(simd, 0); GROUP];
        for (vector, target) in all.iter_mut().zip(targets) {
            *vector = u8x16::from_slice(simd, target);
        }
        for _ in 0..4 {
            let mut next = all;
            for row in 0..8 {
                (next[row * 2], next[row * 2 + 1]) = simd.interleave_u8x16(all[row], all[row + 8]);
            }
            all = next;
        }
        for (row, vector) in rows.chunks_exact_mut(width).zip(all) {
            vector.store_slice(&mut row[block * GROUP..][..GROUP]);
        }
    }
}

/// From target `first` on.
#[inline(always)]
fn scatter_plain<const N: usize>(targets: &[[u8; GROUP]], first: usize, channel: usize, rows: &mut [u8]) {
    if channel >= N {
        return;
    }
    for (index, row) in rows.as_chunks_mut::<N>().0.chunks_exact_mut(targets.len()).enumerate().take(GROUP) {
        for (pixel, column) in row[first..].iter_mut().zip(&targets[first..]) {
            pixel[channel] = column[index];
        }
    }
}
