//! The filter of the edges between blocks (RFC 6386, section 15): 16 places of an edge at a time.
//!
//! An edge lies between two lines of samples; `at` is the line behind it. What is a column of the picture is a line here:
//! [`crate::edges`] turns the samples.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i8x16, mask8x16, u8x16};

/// How much is filtered, each number in every place.
#[derive(Clone, Copy)]
pub(crate) struct Limits<S: Simd> {
    /// The largest step over an edge between macroblocks, and between blocks inside of one.
    pub outer: u8x16<S>,
    pub inner: u8x16<S>,
    /// The largest step beside the edge.
    pub interior: u8x16<S>,
    /// Above this step beside the edge, only the samples at the edge are changed.
    pub variance: u8x16<S>,
}

#[inline(always)]
fn distance<S: Simd>(a: u8x16<S>, b: u8x16<S>) -> u8x16<S> {
    a.saturating_sub(b) | b.saturating_sub(a)
}

/// Samples as signed numbers around zero, and back.
#[inline(always)]
fn signed<S: Simd>(simd: S, samples: u8x16<S>) -> i8x16<S> {
    (samples ^ u8x16::splat(simd, 128)).bitcast()
}

#[inline(always)]
fn unsigned<S: Simd>(simd: S, samples: i8x16<S>) -> u8x16<S> {
    samples.bitcast::<u8x16<S>>() ^ u8x16::splat(simd, 128)
}

/// Is the step over the edge small enough to be no edge of the picture?
#[inline(always)]
fn is_step<S: Simd, const N: usize>(lines: &[u8x16<S>; N], at: usize, limit: u8x16<S>) -> mask8x16<S> {
    let near = distance(lines[at - 1], lines[at]);
    let far = distance(lines[at - 2], lines[at + 1]);
    near.saturating_add(near).saturating_add(far >> 1).simd_le(limit)
}

/// The same, if the samples beside the edge are even too.
#[inline(always)]
fn is_even<S: Simd, const N: usize>(
    lines: &[u8x16<S>; N],
    at: usize,
    limit: u8x16<S>,
    interior: u8x16<S>,
) -> mask8x16<S> {
    let before = distance(lines[at - 4], lines[at - 3]).max(distance(lines[at - 3], lines[at - 2]));
    let after = distance(lines[at + 2], lines[at + 3]).max(distance(lines[at + 1], lines[at + 2]));
    let beside = distance(lines[at - 2], lines[at - 1]).max(distance(lines[at], lines[at + 1]));
    is_step(lines, at, limit) & before.max(after).max(beside).simd_le(interior)
}

/// Where the samples beside the edge vary much.
#[inline(always)]
fn varies<S: Simd, const N: usize>(lines: &[u8x16<S>; N], at: usize, limit: u8x16<S>) -> mask8x16<S> {
    distance(lines[at - 2], lines[at - 1]).max(distance(lines[at], lines[at + 1])).simd_gt(limit)
}

/// The four samples at an edge, signed.
#[inline(always)]
fn four<S: Simd, const N: usize>(simd: S, lines: &[u8x16<S>; N], at: usize) -> [i8x16<S>; 4] {
    [signed(simd, lines[at - 2]), signed(simd, lines[at - 1]), signed(simd, lines[at]), signed(simd, lines[at + 1])]
}

/// `outer` and thrice the step over the edge.
#[inline(always)]
fn step<S: Simd>(outer: i8x16<S>, before: i8x16<S>, after: i8x16<S>) -> i8x16<S> {
    let step = after.saturating_sub(before);
    outer.saturating_add(step).saturating_add(step).saturating_add(step)
}

/// Changes the two samples at the edge by an eighth of `step` each, and gives the change of the second.
#[inline(always)]
fn close<S: Simd>(simd: S, step: i8x16<S>, before: &mut i8x16<S>, after: &mut i8x16<S>) -> i8x16<S> {
    let down = step.saturating_add(i8x16::splat(simd, 4)) >> 3;
    let up = step.saturating_add(i8x16::splat(simd, 3)) >> 3;
    *after = after.saturating_sub(down);
    *before = before.saturating_add(up);
    down
}

/// The simple filter.
#[inline(always)]
pub(crate) fn simple<S: Simd, const N: usize>(simd: S, lines: &mut [u8x16<S>; N], at: usize, limit: u8x16<S>) {
    let [far, mut before, mut after, beyond] = four(simd, lines, at);
    let mask: i8x16<S> = is_step(lines, at, limit).to_vector();
    let step = step(far.saturating_sub(beyond), before, after) & mask;
    close(simd, step, &mut before, &mut after);
    lines[at - 1] = unsigned(simd, before);
    lines[at] = unsigned(simd, after);
}

/// The normal filter between the blocks of a macroblock.
#[inline(always)]
pub(crate) fn inner<S: Simd, const N: usize>(simd: S, lines: &mut [u8x16<S>; N], at: usize, limits: &Limits<S>) {
    let mask: i8x16<S> = is_even(lines, at, limits.inner, limits.interior).to_vector();
    let varies: i8x16<S> = varies(lines, at, limits.variance).to_vector();
    let [mut far, mut before, mut after, mut beyond] = four(simd, lines, at);
    let step = step(far.saturating_sub(beyond) & varies, before, after) & mask;
    let change = close(simd, step, &mut before, &mut after);
    let half = ((change + i8x16::splat(simd, 1)) >> 1) & !varies;
    beyond = beyond.saturating_sub(half);
    far = far.saturating_add(half);
    lines[at - 2] = unsigned(simd, far);
    lines[at - 1] = unsigned(simd, before);
    lines[at] = unsigned(simd, after);
    lines[at + 1] = unsigned(simd, beyond);
}

/// The normal filter between macroblocks.
#[inline(always)]
pub(crate) fn outer<S: Simd, const N: usize>(simd: S, lines: &mut [u8x16<S>; N], at: usize, limits: &Limits<S>) {
    let mask: i8x16<S> = is_even(lines, at, limits.outer, limits.interior).to_vector();
    let varies: i8x16<S> = varies(lines, at, limits.variance).to_vector();
    let [far, mut before, mut after, beyond] = four(simd, lines, at);
    let step = step(far.saturating_sub(beyond), before, after) & mask;
    close(simd, step & varies, &mut before, &mut after);
    // Where nothing varies: 27, 18 and 9 parts in 128 of the step, with distance.
    let (low, high) = (step & !varies).widen();
    let round = fearless_simd::i16x8::splat(simd, 63);
    let nine = [low + (low << 3), high + (high << 3)];
    let mut sums = [nine[0] + round, nine[1] + round];
    let mut changes = [step; 3];
    for change in &mut changes {
        *change = simd.saturating_narrow_i16x8(sums[0] >> 7, sums[1] >> 7);
        sums = [sums[0] + nine[0], sums[1] + nine[1]];
    }
    let [third, second, first] = changes;
    lines[at - 3] = unsigned(simd, signed(simd, lines[at - 3]).saturating_add(third));
    lines[at - 2] = unsigned(simd, far.saturating_add(second));
    lines[at - 1] = unsigned(simd, before.saturating_add(first));
    lines[at] = unsigned(simd, after.saturating_sub(first));
    lines[at + 1] = unsigned(simd, beyond.saturating_sub(second));
    lines[at + 2] = unsigned(simd, signed(simd, lines[at + 2]).saturating_sub(third));
}

#[cfg(test)]
mod tests {
    use super::*;
    use fearless_simd::{Level, dispatch};

    /// The standard's filters of one place: simple, inner, outer.
    fn expected(which: usize, p: &mut [i32; 8], edge: i32, interior: i32, variance: i32) {
        let clamp = |value: i32| value.clamp(-128, 127);
        let step = |a: usize, b: usize| (p[a] - p[b]).abs();
        if step(3, 4) * 2 + step(2, 5) / 2 > edge {
            return;
        }
        let beside = [step(0, 1), step(1, 2), step(2, 3), step(4, 5), step(5, 6), step(6, 7)];
        if which > 0 && beside.into_iter().max() > Some(interior) {
            return;
        }
        let varies = step(2, 3).max(step(4, 5)) > variance;
        let mut s = p.map(|sample| sample - 128);
        let outer = clamp(s[2] - s[5]);
        let whole = clamp(outer + 3 * (s[4] - s[3]));
        if which == 2 && !varies {
            for (parts, away) in [(27, 0), (18, 1), (9, 2)] {
                let change = clamp((parts * whole + 63) >> 7);
                s[4 + away] = clamp(s[4 + away] - change);
                s[3 - away] = clamp(s[3 - away] + change);
            }
        } else {
            let whole = if which == 1 && !varies { clamp(3 * (s[4] - s[3])) } else { whole };
            let change = clamp(whole + 4) >> 3;
            s[4] = clamp(s[4] - change);
            s[3] = clamp(s[3] + (clamp(whole + 3) >> 3));
            if which == 1 && !varies {
                let half = (change + 1) >> 1;
                s[5] = clamp(s[5] - half);
                s[2] = clamp(s[2] + half);
            }
        }
        *p = s.map(|sample| sample + 128);
    }

    fn filtered<S: Simd>(simd: S, which: usize, lines: &[[u8; 16]; 8], numbers: [u8; 3]) -> [[u8; 16]; 8] {
        let [edge, interior, variance] = numbers.map(|number| u8x16::splat(simd, number));
        let limits = Limits { outer: edge, inner: edge, interior, variance };
        let mut vectors: [u8x16<S>; 8] = lines.map(|line| line.simd_into(simd));
        match which {
            0 => simple(simd, &mut vectors, 4, edge),
            1 => inner(simd, &mut vectors, 4, &limits),
            _ => outer(simd, &mut vectors, 4, &limits),
        }
        vectors.map(SimdBase::to_array)
    }

    #[test]
    fn every_place_is_filtered_as_the_standard_says() {
        let mut seed = 17_u32;
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((u64::from(seed >> 8) * u64::from(below)) >> 24) as u8
        };
        let mut changed = 0;
        for round in 0..20_000 {
            // Mostly nearly even samples, which are what is filtered; also the darkest and the lightest.
            let spread = [3, 9, 30, 255][round % 4];
            let base = [0, 255 - spread, u32::from(random(256 - spread))][round / 4 % 3];
            let lines: [[u8; 16]; 8] =
                core::array::from_fn(|_| core::array::from_fn(|_| base as u8 + random(spread + 1)));
            let numbers = [random(194), random(64), random(3)];
            let [edge, interior, variance] = numbers.map(i32::from);
            let which = round % 3;
            let found = dispatch!(Level::new(), simd => filtered(simd, which, &lines, numbers));
            for x in 0..16 {
                let mut place = lines.map(|line| i32::from(line[x]));
                expected(which, &mut place, edge, interior, variance);
                assert_eq!(found.map(|line| i32::from(line[x])), place, "{which} {numbers:?}");
                changed += u32::from(found.map(|line| line[x]) != lines.map(|line| line[x]));
            }
        }
        assert!(changed > 50_000, "{changed}");
    }
}
