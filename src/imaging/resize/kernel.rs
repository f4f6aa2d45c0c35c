//! The two inner loops. Plain safe loops in a shape that compilers turn into vector code, compiled once for each
//! kind of CPU and chosen at run time; integers only, so every kind gives the same bytes.

#![allow(clippy::inline_always)] // `dispatch!` compiles for a CPU only what is inlined into it

use fearless_simd::{Level, dispatch};

use super::weights::Weights;

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

/// Rows that are worked on together: a vector of AVX2 has a sample of each.
pub(super) const GROUP: usize = 16;

/// One sample of each row of a group.
pub(super) type Column = [i16; GROUP];

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

/// Turns one channel of a group of rows of `N` samples a pixel into columns.
pub(super) fn transpose<const N: usize>(level: Level, rows: &[i16], channel: usize, columns: &mut [Column]) {
    dispatch!(level, _simd => transpose_plain::<N>(rows, channel, columns));
}

#[inline(always)]
fn transpose_plain<const N: usize>(rows: &[i16], channel: usize, columns: &mut [Column]) {
    let width = columns.len();
    let pixels = rows.as_chunks::<N>().0;
    if channel >= N || pixels.len() < width * GROUP {
        return;
    }
    // As slices of one length, so that one check serves all of them.
    let rows: [&[[i16; N]]; GROUP] = std::array::from_fn(|index| &pixels[index * width..][..width]);
    for (x, column) in columns.iter_mut().enumerate() {
        for (sample, row) in column.iter_mut().zip(rows) {
            *sample = row[x][channel];
        }
    }
}

/// Second pass: weighted columns into one byte for each row of the group, for each target.
pub(super) fn row_sums(level: Level, columns: &[Column], across: &Weights, targets: &mut [[u8; GROUP]]) {
    dispatch!(level, _simd => row_sums_plain(columns, across, targets));
}

#[inline(always)]
fn row_sums_plain(columns: &[Column], across: &Weights, targets: &mut [[u8; GROUP]]) {
    for (index, target) in targets.iter_mut().enumerate() {
        let (first, weights) = across.of(index);
        let Some(window) = columns.get(first..first + weights.len()) else { return };
        let mut sums = [32_i16; GROUP];
        for (column, &weight) in window.iter().zip(weights) {
            for (sum, &sample) in sums.iter_mut().zip(column) {
                *sum = product(sample, weight).wrapping_add(*sum);
            }
        }
        // From 64ths, rounded, and only now cut to what a byte holds.
        for (byte, sum) in target.iter_mut().zip(sums) {
            *byte = (sum >> 6).clamp(0, 255).to_le_bytes()[0];
        }
    }
}

/// The finished columns of one channel back into rows of bytes, `N` samples a pixel.
pub(super) fn scatter<const N: usize>(level: Level, targets: &[[u8; GROUP]], channel: usize, rows: &mut [u8]) {
    dispatch!(level, _simd => scatter_plain::<N>(targets, channel, rows));
}

#[inline(always)]
fn scatter_plain<const N: usize>(targets: &[[u8; GROUP]], channel: usize, rows: &mut [u8]) {
    if channel >= N {
        return;
    }
    for (index, row) in rows.as_chunks_mut::<N>().0.chunks_exact_mut(targets.len()).enumerate().take(GROUP) {
        let (pixels, rest) = row.as_chunks_mut::<GROUP>();
        let (blocks, last) = targets.as_chunks::<GROUP>();
        for (pixels, block) in pixels.iter_mut().zip(blocks) {
            for (pixel, column) in pixels.iter_mut().zip(block) {
                pixel[channel] = column[index];
            }
        }
        for (pixel, column) in rest.iter_mut().zip(last) {
            pixel[channel] = column[index];
        }
    }
}
