//! How each macroblock is predicted (RFC 6386, sections 10 and 11).

use crate::bools::Bools;
use crate::header::Header;
use crate::tables::modes::SMALL;

/// From which neighbours a block is predicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// From the mean of the samples above and to the left.
    Mean,
    Above,
    Left,
    /// From both, less the corner between them.
    Motion,
}

/// The same of a block of 4 × 4 samples, as an index into [`crate::small::PICKS`].
pub(crate) type Small = u8;
/// The only small mode that is not a choice among means: the sum of both neighbours, less the corner.
pub(crate) const SMALL_MOTION: Small = 1;

/// What is told of 16 × 16 pixels besides their coefficients.
#[derive(Clone, Copy)]
pub(crate) struct Modes {
    pub segment: u8,
    pub has_coefficients: bool,
    /// None: in small blocks.
    pub luma: Option<Mode>,
    pub small: [Small; 16],
    pub chroma: Mode,
}

impl Modes {
    pub const PLAIN: Self =
        Self { segment: 0, has_coefficients: true, luma: Some(Mode::Mean), small: [0; 16], chroma: Mode::Mean };
}

/// Reads a row of macroblocks; `above` are the lowest small modes of the row before.
#[inline(always)]
pub(crate) fn read_row(partition: &mut Bools, header: &Header, above: &mut [[Small; 4]], row: &mut [Modes]) {
    let mut bools = *partition;
    let mut left = [0; 4];
    for (modes, above) in row.iter_mut().zip(above) {
        modes.segment = header.segment_tree.map_or(0, |[first, low, high]| {
            if bools.bool(first) { 2 + u8::from(bools.bool(high)) } else { u8::from(bools.bool(low)) }
        });
        modes.has_coefficients = !header.coded.is_some_and(|coded| bools.bool(coded));
        modes.luma = luma(&mut bools);
        if let Some(mode) = modes.luma {
            // Small blocks beside it take it for theirs.
            let same = match mode {
                Mode::Mean => 0,
                Mode::Motion => SMALL_MOTION,
                Mode::Above => 2,
                Mode::Left => 3,
            };
            (*above, left) = ([same; 4], [same; 4]);
        } else {
            for y in 0..4 {
                for x in 0..4 {
                    let mode = small(&mut bools, &SMALL[usize::from(above[x])][usize::from(left[y])]);
                    (above[x], left[y], modes.small[y * 4 + x]) = (mode, mode, mode);
                }
            }
        }
        modes.chroma = chroma(&mut bools);
    }
    *partition = bools;
}

#[inline(always)]
fn luma(bools: &mut Bools) -> Option<Mode> {
    if !bools.bool(145) {
        return None;
    }
    Some(match bools.bool(156) {
        false if bools.bool(163) => Mode::Above,
        false => Mode::Mean,
        true if bools.bool(128) => Mode::Motion,
        true => Mode::Left,
    })
}

#[inline(always)]
fn chroma(bools: &mut Bools) -> Mode {
    if !bools.bool(142) {
        Mode::Mean
    } else if !bools.bool(114) {
        Mode::Above
    } else if !bools.bool(183) {
        Mode::Left
    } else {
        Mode::Motion
    }
}

/// The tree of section 11.2, whose leaves are numbered in the order of the standard.
#[inline(always)]
fn small(bools: &mut Bools, probabilities: &[u8; 9]) -> Small {
    let mut next = |index: usize| bools.bool(probabilities[index]);
    if !next(0) {
        0
    } else if !next(1) {
        SMALL_MOTION
    } else if !next(2) {
        2
    } else if !next(3) {
        if next(4) { 5 + u8::from(next(5)) } else { 3 }
    } else if !next(6) {
        4
    } else if !next(7) {
        7
    } else {
        8 + u8::from(next(8))
    }
}
