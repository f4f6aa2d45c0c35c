//! The samples of 16 × 16 pixels, and those around them that they are predicted from.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x8, u8x16};

use crate::transform::Residue;

/// 16 × 16 pixels, each line a vector. Of colour, a line has eight samples of blue and then eight of red.
#[derive(Clone)]
pub(crate) struct Tile {
    pub luma: [[u8; 16]; 16],
    pub chroma: [[u8; 16]; 8],
}

impl Tile {
    pub const BLANK: Self = Self { luma: [[0; 16]; 16], chroma: [[0; 16]; 8] };
}

/// The lowest lines of a tile, as they were before any filter.
#[derive(Clone, Copy)]
pub(crate) struct Floor {
    pub luma: [u8; 16],
    pub chroma: [u8; 16],
}

impl Floor {
    /// Above the first row.
    pub const OUTSIDE: Self = Self { luma: [127; 16], chroma: [127; 16] };
}

/// The last columns of a tile, from above, and the corner above them. Of colour, blue and then red.
pub(crate) struct Wall {
    pub luma: [u8; 16],
    pub luma_corner: u8,
    pub chroma: [u8; 16],
    pub chroma_corners: [u8; 2],
}

impl Wall {
    /// To the left of the first column.
    pub const fn outside(is_first_row: bool) -> Self {
        let corner = if is_first_row { 127 } else { 129 };
        Self { luma: [129; 16], luma_corner: corner, chroma: [129; 16], chroma_corners: [corner; 2] }
    }

    /// Moves on to the tile on the right: `floor` is what was above `tile`, and becomes what is below.
    #[inline(always)]
    pub fn pass(&mut self, tile: &Tile, floor: &mut Floor) {
        self.luma_corner = floor.luma[15];
        self.chroma_corners = [floor.chroma[7], floor.chroma[15]];
        for y in 0..16 {
            self.luma[y] = tile.luma[y][15];
        }
        for y in 0..8 {
            (self.chroma[y], self.chroma[8 + y]) = (tile.chroma[y][7], tile.chroma[y][15]);
        }
        *floor = Floor { luma: tile.luma[15], chroma: tile.chroma[7] };
    }
}

/// Adds the lines of `residue` from `first` on.
#[inline(always)]
pub(crate) fn add<S: Simd>(simd: S, lines: &mut [[u8; 16]], residue: &Residue, first: usize) {
    for (index, (four, more)) in
        lines.as_chunks_mut::<4>().0.iter_mut().zip(residue.lines[first..].as_chunks::<4>().0).enumerate()
    {
        if residue.rows >> (first / 4 + index) & 1 == 1 {
            for (line, more) in four.iter_mut().zip(more) {
                sum(simd, u8x16::from_slice(simd, line), more).store_slice(line);
            }
        }
    }
}

/// Samples and what is added to them, clamped to bytes.
#[inline(always)]
pub(crate) fn sum<S: Simd>(simd: S, samples: u8x16<S>, more: &[i16; 16]) -> u8x16<S> {
    let (low, high) = samples.widen();
    let low = low.bitcast::<i16x8<S>>() + i16x8::from_slice(simd, &more[..8]);
    let high = high.bitcast::<i16x8<S>>() + i16x8::from_slice(simd, &more[8..]);
    let [zero, most] = [i16x8::splat(simd, 0), i16x8::splat(simd, 255)];
    simd.relaxed_narrow_u16x8(low.max(zero).min(most).bitcast(), high.max(zero).min(most).bitcast())
}
