//! The coefficients of a macroblock (RFC 6386, section 13).

use crate::bools::Bools;
use crate::coefficients::{Coefficients, fits};
use crate::header::Segment;
use crate::tables::tokens::Probabilities;
use crate::tables::{BANDS, ZIGZAG};
use crate::transform;

/// Probabilities by coefficient. Behind the last there is one more, which is asked for and not used.
pub(crate) type ByPlace = [[[[u8; 11]; 3]; 17]; 4];

/// The kinds of blocks.
const WITHOUT_MEAN: usize = 0;
const MEANS: usize = 1;
const CHROMA: usize = 2;
const WHOLE: usize = 3;

pub(crate) fn by_place(probabilities: &Probabilities) -> ByPlace {
    probabilities.map(|bands| core::array::from_fn(|place| bands[usize::from(BANDS[place.min(15)])]))
}

/// Which blocks beside a macroblock have coefficients: 0 or 1.
#[derive(Clone, Copy, Default)]
pub(crate) struct Context {
    means: u8,
    luma: [u8; 4],
    /// Two of blue, two of red.
    chroma: [u8; 4],
}

impl Context {
    /// Of a macroblock without any. Where it is in small blocks, there is nothing to say of its means.
    pub fn clear(&mut self, is_whole: bool) {
        *self = Self { means: if is_whole { 0 } else { self.means }, ..Self::default() };
    }
}

/// Reads a macroblock's coefficients into `out`, which has none. Is any there?
#[inline(always)]
pub(crate) fn read(
    partition: &mut Bools,
    probabilities: &ByPlace,
    segment: &Segment,
    is_whole: bool,
    [above, left]: [&mut Context; 2],
    out: &mut Coefficients,
) -> bool {
    let mut bools = *partition;
    let (mut dense, mut wide, mut any) = (0_u32, 0_u32, false);
    let (first, kind) = if is_whole { (1, &probabilities[WITHOUT_MEAN]) } else { (0, &probabilities[WHOLE]) };
    if is_whole {
        let mut means = [0; 16];
        let (end, _) =
            block(&mut bools, &probabilities[MEANS], above.means + left.means, 0, &segment.means, &mut means);
        (above.means, left.means) = (u8::from(end > 0), u8::from(end > 0));
        transform::spread(&means, end > 1, &mut out.blocks);
        for (index, block) in out.blocks[..16].iter().enumerate() {
            wide |= u32::from(!fits(block[0])) << index;
            any |= block[0] != 0;
        }
    }
    for y in 0..4 {
        for x in 0..4 {
            let index = y * 4 + x;
            let neighbours = above.luma[x] + left.luma[y];
            let (end, is_wide) = block(&mut bools, kind, neighbours, first, &segment.luma, &mut out.blocks[index]);
            (above.luma[x], left.luma[y]) = (u8::from(end > first), u8::from(end > first));
            dense |= u32::from(end > 1) << index;
            wide |= u32::from(is_wide) << index;
            any |= end > first;
        }
    }
    for plane in [0, 2] {
        for y in 0..2 {
            for x in 0..2 {
                let index = 16 + y * 4 + plane + x;
                let neighbours = above.chroma[plane + x] + left.chroma[plane + y];
                let blocks = &mut out.blocks[index];
                let (end, is_wide) = block(&mut bools, &probabilities[CHROMA], neighbours, 0, &segment.chroma, blocks);
                (above.chroma[plane + x], left.chroma[plane + y]) = (u8::from(end > 0), u8::from(end > 0));
                dense |= u32::from(end > 1) << index;
                wide |= u32::from(is_wide) << index;
                any |= end > 0;
            }
        }
    }
    (out.dense, out.wide, *partition) = (dense, wide, bools);
    any
}

/// Reads one block's coefficients from place `first` on. Gives the place behind the last, and whether one of them is too
/// large for the short transform.
#[inline(always)]
fn block(
    bools: &mut Bools,
    probabilities: &[[[u8; 11]; 3]; 17],
    neighbours: u8,
    first: usize,
    steps: &[i32; 2],
    out: &mut [i32; 16],
) -> (usize, bool) {
    let mut place = first;
    let mut at = &probabilities[first][usize::from(neighbours.min(2))];
    let mut is_wide = false;
    while place < 16 && bools.bool(at[0]) {
        while !bools.bool(at[1]) {
            place += 1;
            if place == 16 {
                return (16, is_wide);
            }
            at = &probabilities[place][0];
        }
        let step = steps[usize::from(place > 0)];
        let next = &probabilities[place + 1];
        let mut value = 1;
        if bools.bool(at[2]) {
            value = large(bools, at);
            is_wide |= !fits(value * step);
            at = &next[2];
        } else {
            at = &next[1];
        }
        out[usize::from(ZIGZAG[place] & 15)] = bools.signed(value) * step;
        place += 1;
    }
    (place, is_wide)
}

/// A value above one.
#[inline(always)]
fn large(bools: &mut Bools, probabilities: &[u8; 11]) -> i32 {
    if !bools.bool(probabilities[3]) {
        if !bools.bool(probabilities[4]) {
            return 2;
        }
        return 3 + i32::from(bools.bool(probabilities[5]));
    }
    let (least, digits): (i32, &[u8]) = if !bools.bool(probabilities[6]) {
        if bools.bool(probabilities[7]) { (7, &[165, 145]) } else { (5, &[159]) }
    } else if !bools.bool(probabilities[8]) {
        if bools.bool(probabilities[9]) { (19, &[176, 155, 140, 135]) } else { (11, &[173, 148, 140]) }
    } else if bools.bool(probabilities[10]) {
        (67, &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129])
    } else {
        (35, &[180, 157, 141, 134, 130])
    };
    least + digits.iter().fold(0, |number, digit| number << 1 | i32::from(bools.bool(*digit)))
}
