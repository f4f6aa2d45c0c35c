//! Which edges of a macroblock are filtered, and how the samples get there.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, u8x16, u32x4, u64x2};

use crate::filter::{self, Limits};
use crate::tile::Tile;

/// How the edges of a macroblock are filtered.
#[derive(Clone, Copy)]
pub(crate) struct Strength {
    /// 0 to 63; 0: not at all.
    pub level: u8,
    /// Are there edges inside of the macroblock too?
    pub has_inner: bool,
}

/// What a frame says of all edges.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub is_simple: bool,
    pub sharpness: u8,
}

impl Kind {
    #[inline(always)]
    fn limits<S: Simd>(self, simd: S, level: u8) -> Limits<S> {
        let mut interior = level;
        if self.sharpness > 0 {
            interior = (interior >> if self.sharpness > 4 { 2 } else { 1 }).min(9 - self.sharpness);
        }
        let interior = interior.max(1);
        let variance = match level {
            0..15 => 0,
            15..40 => 1,
            _ => 2,
        };
        Limits {
            outer: u8x16::splat(simd, (level + 2) * 2 + interior),
            inner: u8x16::splat(simd, level * 2 + interior),
            interior: u8x16::splat(simd, interior),
            variance: u8x16::splat(simd, variance),
        }
    }
}

/// Filters the edges of a row of tiles, with what lies above: the row before, if there is one.
#[inline(always)]
pub(crate) fn filter_row<S: Simd>(
    simd: S,
    kind: Kind,
    strengths: &[Strength],
    mut above: Option<&mut [Tile]>,
    row: &mut [Tile],
) {
    for (x, strength) in strengths.iter().enumerate() {
        if strength.level == 0 {
            continue;
        }
        let (left, here) = row.split_at_mut(x);
        let (mut left, here) = (left.last_mut(), &mut here[0]);
        let mut above = above.as_deref_mut().map(|above| &mut above[x]);
        let edges = Edges { limits: kind.limits(simd, strength.level), has_inner: strength.has_inner };
        let [beside, over] = [&mut left, &mut above].map(|tile| tile.as_deref_mut().map(|tile| &mut tile.luma));
        if kind.is_simple {
            edges.filter::<true, 16, 20>(simd, beside, over, &mut here.luma);
        } else {
            edges.filter::<false, 16, 20>(simd, beside, over, &mut here.luma);
            let [beside, over] = [left, above].map(|tile| tile.map(|tile| &mut tile.chroma));
            edges.filter::<false, 8, 12>(simd, beside, over, &mut here.chroma);
        }
    }
}

struct Edges<S: Simd> {
    limits: Limits<S>,
    has_inner: bool,
}

impl<S: Simd> Edges<S> {
    /// Filters the edges of `H` lines: first those that stand, then those that lie. `N` is four more, of the neighbour.
    #[inline(always)]
    fn filter<const SIMPLE: bool, const H: usize, const N: usize>(
        &self,
        simd: S,
        left: Option<&mut [[u8; 16]; H]>,
        above: Option<&mut [[u8; 16]; H]>,
        here: &mut [[u8; 16]; H],
    ) {
        let mut lines = [u8x16::splat(simd, 0); N];
        for (line, samples) in lines[4..].iter_mut().zip(here.iter()) {
            *line = u8x16::from_slice(simd, samples);
        }
        if left.is_some() || self.has_inner {
            turn::<S, H, N>(&mut lines);
            if let Some(left) = &left {
                lines[..4].copy_from_slice(&last_columns(simd, left));
            }
            self.across::<SIMPLE, N>(simd, &mut lines, left.is_some());
            if let Some(left) = left {
                put_last_columns([lines[0], lines[1], lines[2], lines[3]], left);
            }
            turn::<S, H, N>(&mut lines);
        }
        if let Some(above) = &above {
            for (line, samples) in lines[..4].iter_mut().zip(&above[H - 4..]) {
                *line = u8x16::from_slice(simd, samples);
            }
        }
        self.across::<SIMPLE, N>(simd, &mut lines, above.is_some());
        if let Some(above) = above {
            for (line, samples) in lines[..4].iter().zip(&mut above[H - 4..]) {
                line.store_slice(samples);
            }
        }
        for (line, samples) in lines[4..].iter().zip(here) {
            line.store_slice(samples);
        }
    }

    /// Filters the edges between lines, every four of them.
    #[inline(always)]
    fn across<const SIMPLE: bool, const N: usize>(&self, simd: S, lines: &mut [u8x16<S>; N], has_outer: bool) {
        if has_outer {
            if SIMPLE {
                filter::simple(simd, lines, 4, self.limits.outer);
            } else {
                filter::outer(simd, lines, 4, &self.limits);
            }
        }
        if self.has_inner {
            let mut at = 8;
            while at < N {
                if SIMPLE {
                    filter::simple(simd, lines, at, self.limits.inner);
                } else {
                    filter::inner(simd, lines, at, &self.limits);
                }
                at += 4;
            }
        }
    }
}

/// Merges the vectors of the first half with those of the second, byte by byte. In binary, the number of a vector and
/// of a byte in it are then one digit further to the left, as if they were one number.
#[inline(always)]
fn merge<S: Simd, const V: usize>(vectors: &mut [u8x16<S>; V]) {
    let before = *vectors;
    for i in 0..V / 2 {
        vectors[i * 2] = before[i].zip_low(before[V / 2 + i]);
        vectors[i * 2 + 1] = before[i].zip_high(before[V / 2 + i]);
    }
}

/// Exchanges lines and columns of a tile, behind four lines that stay. Of colour, each plane for itself.
#[inline(always)]
fn turn<S: Simd, const H: usize, const N: usize>(lines: &mut [u8x16<S>; N]) {
    let mut tile = [lines[4]; H];
    tile.copy_from_slice(&lines[4..]);
    merge(&mut tile);
    merge(&mut tile);
    merge(&mut tile);
    if H == 16 {
        merge(&mut tile);
    } else {
        // Now the highest digit of the vector's number tells the plane, where the lowest of the line or column should be.
        let before = tile;
        for i in 0..H / 2 {
            let [a, b]: [u64x2<S>; 2] = [before[i].bitcast(), before[H / 2 + i].bitcast()];
            tile[i * 2] = a.zip_low(b).bitcast();
            tile[i * 2 + 1] = a.zip_high(b).bitcast();
        }
    }
    lines[4..].copy_from_slice(&tile);
}

/// The last four columns of a tile; of colour, those of both planes.
#[inline(always)]
fn last_columns<S: Simd, const H: usize>(simd: S, tile: &[[u8; 16]; H]) -> [u8x16<S>; 4] {
    let mut columns = [u8x16::splat(simd, 0); 4];
    for (i, column) in columns.iter_mut().enumerate() {
        let mut fours = [0; 4];
        for (j, four) in fours.iter_mut().enumerate() {
            let (line, from) = place::<H>(i * 4 + j);
            *four = u32::from_le_bytes(tile[line].as_chunks::<4>().0[from]);
        }
        let fours: u32x4<S> = fours.simd_into(simd);
        *column = fours.bitcast();
    }
    for _ in 0..4 {
        merge(&mut columns);
    }
    columns
}

#[inline(always)]
fn put_last_columns<S: Simd, const H: usize>(mut columns: [u8x16<S>; 4], tile: &mut [[u8; 16]; H]) {
    merge(&mut columns);
    merge(&mut columns);
    for (i, column) in columns.into_iter().enumerate() {
        let fours: [u32; 4] = column.bitcast::<u32x4<S>>().into();
        for (j, four) in fours.into_iter().enumerate() {
            let (line, from) = place::<H>(i * 4 + j);
            tile[line].as_chunks_mut::<4>().0[from] = four.to_le_bytes();
        }
    }
}

/// Where the last four columns have their four samples of line `index`: the line, and the place in it, in fours.
#[inline(always)]
const fn place<const H: usize>(index: usize) -> (usize, usize) {
    if H == 16 { (index, 3) } else { (index % 8, 1 + index / 8 * 2) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    fn turned<S: Simd, const H: usize, const N: usize>(simd: S, tile: &[[u8; 16]; H]) -> [[u8; 16]; H] {
        let mut lines = [u8x16::splat(simd, 0); N];
        for (line, samples) in lines[4..].iter_mut().zip(tile) {
            *line = u8x16::from_slice(simd, samples);
        }
        turn::<S, H, N>(&mut lines);
        core::array::from_fn(|y| lines[4 + y].to_array())
    }

    fn columns<S: Simd, const H: usize>(simd: S, tile: &[[u8; 16]; H]) -> ([[u8; 16]; 4], [[u8; 16]; H]) {
        let columns = last_columns(simd, tile);
        let mut back = [[0; 16]; H];
        put_last_columns(columns, &mut back);
        (columns.map(SimdBase::to_array), back)
    }

    #[test]
    fn lines_become_columns_and_columns_lines() {
        let luma: [[u8; 16]; 16] = core::array::from_fn(|y| core::array::from_fn(|x| (y * 16 + x) as u8));
        let found = dispatch!(Level::new(), simd => turned::<_, 16, 20>(simd, &luma));
        assert_eq!(found, core::array::from_fn(|y| core::array::from_fn(|x| luma[x][y])));
        let (last, back) = dispatch!(Level::new(), simd => columns(simd, &luma));
        assert_eq!(last, core::array::from_fn(|x| core::array::from_fn(|y| luma[y][12 + x])));
        assert_eq!(back, luma.map(|line| core::array::from_fn(|x| if x < 12 { 0 } else { line[x] })));
    }

    #[test]
    fn of_colour_each_plane_is_turned_by_itself() {
        let chroma: [[u8; 16]; 8] = core::array::from_fn(|y| core::array::from_fn(|x| (y * 16 + x) as u8));
        let once = dispatch!(Level::new(), simd => turned::<_, 8, 12>(simd, &chroma));
        assert_eq!(once, core::array::from_fn(|y| core::array::from_fn(|x| chroma[x % 8][x / 8 * 8 + y])));
        assert_eq!(dispatch!(Level::new(), simd => turned::<_, 8, 12>(simd, &once)), chroma);
        let (last, back) = dispatch!(Level::new(), simd => columns(simd, &chroma));
        assert_eq!(last, core::array::from_fn(|x| core::array::from_fn(|y| chroma[y % 8][y / 8 * 8 + 4 + x])));
        assert_eq!(back, chroma.map(|line| core::array::from_fn(|x| if x % 8 < 4 { 0 } else { line[x] })));
    }
}
