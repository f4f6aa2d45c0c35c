//! The inner loops: vectors where it matters, elsewhere plain loops in a shape that compilers turn into vector code.
//! Compiled once for each kind of CPU and chosen at run time; integers only, so every kind gives the same bytes.

#![allow(clippy::inline_always)] // `dispatch!` compiles for a CPU only what is inlined into it

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, i16x16, i32x8, u8x16, u16x16};

use super::weights::PairWeights;

/// A kind of sample that columns are built from. Between the passes a sample is in 64ths, signed: what overshoots is
/// not cut before the end.
pub(crate) trait Sample: Copy {
    /// A weight of 32,767 parts of this sample, in 64ths, rounded.
    fn part(self, weight: i16) -> i16;
}

impl Sample for u8 {
    /// In sixteen bits, of which a vector holds twice as many: the sample times each half of the weight. What the lower
    /// half's product loses below its eighth bit cannot change the sum, which loses nine.
    #[inline(always)]
    fn part(self, weight: i16) -> i16 {
        let (upper, lower) = (weight >> 8, (weight & 0xFF).cast_unsigned());
        let fine = (u16::from(self).wrapping_mul(lower) >> 8).cast_signed();
        i16::from(self).wrapping_mul(upper).wrapping_add(fine).wrapping_add(1) >> 1
    }
}

/// Samples that already are in 64ths.
impl Sample for i16 {
    #[inline(always)]
    #[allow(clippy::cast_possible_truncation)] // no sample grows by its weight
    fn part(self, weight: i16) -> i16 {
        (i32::from(self).wrapping_mul(i32::from(weight)).wrapping_add(1 << 14) >> 15) as i16
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
                *sum = sum.wrapping_add(sample.part(weight));
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
            *sum = sum.wrapping_add(sample.part(weight));
        }
    }
}

/// Turns a group of rows, `stride` samples apart, into pairs of columns, each channel's behind another's.
pub(super) fn transpose(level: Level, rows: &[i16], stride: usize, channels: usize, pairs: &mut [Pair]) {
    let mut pairs = pairs.chunks_exact_mut(pairs.len() / channels);
    let mut channel = || pairs.next().unwrap_or_default();
    match channels {
        1 => dispatch!(level, simd => transpose_plane(simd, rows, stride, channel())),
        2 => dispatch!(level, simd => transpose_mixed(simd, rows, stride, &mut [channel(), channel()])),
        3 => dispatch!(level, simd => transpose_mixed(simd, rows, stride, &mut [channel(), channel(), channel()])),
        _ => {
            let mut four = [channel(), channel(), channel(), channel()];
            dispatch!(level, simd => transpose_mixed(simd, rows, stride, &mut four));
        }
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

/// Sixteen rows by sixteen pixels at a time: all columns first, in four rounds, whatever their channels; then the
/// columns of neighbouring pixels in pairs.
#[inline(always)]
fn transpose_mixed<S: Simd, const N: usize>(simd: S, rows: &[i16], stride: usize, pairs: &mut [&mut [Pair]; N]) {
    let rows: [&[[i16; 16]]; GROUP] = std::array::from_fn(|row| rows[row * stride..][..stride].as_chunks().0);
    let mut columns = [[[0_i16; GROUP]; 16]; N];
    for block in 0..stride / 16 / N {
        for part in 0..N {
            let mut all = [i16x16::splat(simd, 0); GROUP];
            for row in 0..GROUP {
                all[row] = i16x16::from_slice(simd, &rows[row][block * N + part]);
            }
            for _ in 0..4 {
                let mut next = all;
                for row in 0..8 {
                    (next[row * 2], next[row * 2 + 1]) = simd.interleave_i16x16(all[row], all[row + 8]);
                }
                all = next;
            }
            for column in 0..16 {
                all[column].store_slice(&mut columns[part][column]);
            }
        }
        let columns = columns.as_flattened();
        for channel in 0..N {
            for (two, pair) in pairs[channel][block * 8..][..8].iter_mut().enumerate() {
                let left = i16x16::from_slice(simd, &columns[two * 2 * N + channel]);
                let right = i16x16::from_slice(simd, &columns[(two * 2 + 1) * N + channel]);
                let (upper, lower) = simd.interleave_i16x16(left, right);
                upper.store_slice(&mut pair[..16]);
                lower.store_slice(&mut pair[16..]);
            }
        }
    }
}

/// From 64ths times [`super::weights::WHOLE`] to whole steps.
const SHIFT: u32 = 21;

/// Second pass: weighted pairs into one byte for each row of the group, for each target: every so many of `targets`.
pub(super) fn row_sums(level: Level, pairs: &[Pair], across: &PairWeights, targets: &mut [[u8; GROUP]], every: usize) {
    dispatch!(level, simd => row_sums_wide(simd, pairs, across, targets, every));
}

#[inline(always)]
fn row_sums_wide<S: Simd>(simd: S, pairs: &[Pair], across: &PairWeights, targets: &mut [[u8; GROUP]], every: usize) {
    let (none, most) = (i16x16::splat(simd, 0), i16x16::splat(simd, 255));
    for ((first, weights), target) in across.windows().zip(targets.iter_mut().step_by(every)) {
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

/// The finished columns back into rows of bytes: sixteen at a time, transposed in four rounds.
pub(super) fn scatter(level: Level, targets: &[[u8; GROUP]], rows: &mut [u8]) {
    dispatch!(level, simd => scatter_wide(simd, targets, rows));
    let whole = targets.len() / GROUP * GROUP;
    for (index, row) in rows.chunks_exact_mut(targets.len()).enumerate().take(GROUP) {
        for (sample, column) in row[whole..].iter_mut().zip(&targets[whole..]) {
            *sample = column[index];
        }
    }
}

#[inline(always)]
fn scatter_wide<S: Simd>(simd: S, targets: &[[u8; GROUP]], rows: &mut [u8]) {
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

#[cfg(test)]
mod tests {
    use super::Sample;

    #[test]
    fn a_byte_by_halves_of_its_weight_is_the_whole_product() {
        for sample in 0..=u8::MAX {
            for weight in i16::MIN..=i16::MAX {
                assert_eq!(sample.part(weight), (i16::from(sample) << 6).part(weight), "{sample} × {weight}");
            }
        }
    }
}
