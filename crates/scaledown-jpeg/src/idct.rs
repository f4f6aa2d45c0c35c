//! Inverse DCTs from the N × N lowest coefficients of a block to N × N samples, for N in 1 to 8.
//!
//! The samples are those of an exact N-point transform, not an 8-point transform averaged afterwards. Everything is
//! integer arithmetic, so every machine gives the same bytes: coefficients are 16 bits (their products with the
//! quantisation steps wrap, which no encoder's do), factors have 14 bits after the point, what is between the two
//! passes has 5 and is clamped to 16 in all. The sums fit 32 bits whatever the file says.

use crate::block::{Block, Steps, place};
use crate::machine::Machine;

const FACTOR_BITS: u32 = 14;
const BETWEEN_BITS: u32 = 5;
pub(crate) const BETWEEN_SHIFT: u32 = FACTOR_BITS - BETWEEN_BITS;
pub(crate) const SAMPLE_SHIFT: u32 = FACTOR_BITS + BETWEEN_BITS;
/// 128 is the level shift, ½ rounds.
pub(crate) const SAMPLE_BIAS: i32 = (128 << SAMPLE_SHIFT) + (1 << (SAMPLE_SHIFT - 1));

/// The factors of an N-point transform by output sample and frequency: ½ C(u) cos((2x + 1) u π / 2N), the same
/// normalisation as the 8-point transform's, which makes a flat block keep its brightness at every size.
pub(crate) struct Factors<const N: usize>;

impl<const N: usize> Factors<N> {
    /// By frequency, then by sample.
    pub const BY_FREQUENCY: [[i16; 8]; N] = {
        let mut table = [[0; 8]; N];
        let mut u = 0;
        while u < N {
            let mut x = 0;
            while x < N {
                let angle = ((2 * x + 1) * u) as f64 * core::f64::consts::PI / (2 * N) as f64;
                let c = if u == 0 { core::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
                let factor = 0.5 * c * cos(angle) * (1 << FACTOR_BITS) as f64;
                table[u][x] = if factor < 0.0 { (factor - 0.5) as i16 } else { (factor + 0.5) as i16 };
                x += 1;
            }
            u += 1;
        }
        table
    };
}

/// The cosine at compile time, by its series after halving the angle to less than ¼.
const fn cos(angle: f64) -> f64 {
    let mut small = angle;
    let mut halvings = 0;
    while small > 0.25 {
        small /= 2.0;
        halvings += 1;
    }
    let square = small * small;
    let mut term = 1.0;
    let mut sum = 1.0;
    let mut n = 1.0;
    while n < 16.0 {
        term *= -square / (n * (n + 1.0));
        sum += term;
        n += 2.0;
    }
    while halvings > 0 {
        sum = 2.0 * sum * sum - 1.0;
        halvings -= 1;
    }
    sum
}

/// How wide a row of samples is written: always 8 bytes, of which N count. Rows to the right are written later.
pub(crate) const ROW: usize = 8;

/// Writes a row of samples, as one word: a copy of slices may become a call.
#[inline(always)]
pub(crate) fn put(out: &mut [u8], at: usize, row: [u8; ROW]) {
    if let Some(place) = out.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        *place = row;
    }
}

#[inline(always)]
fn between(sum: i32) -> i16 {
    ((sum + (1 << (BETWEEN_SHIFT - 1))) >> BETWEEN_SHIFT).clamp(-0x8000, 0x7FFF) as i16
}

#[inline(always)]
fn sample(sum: i32) -> u8 {
    ((sum + SAMPLE_BIAS) >> SAMPLE_SHIFT).clamp(0, 255) as u8
}

/// Transforms one block. `last` is the place in file order of the last coefficient that is not zero. Writes N rows of
/// [`ROW`] bytes, `stride` apart.
#[inline(always)]
pub(crate) fn inverse<const N: usize, M: Machine>(
    machine: M,
    block: &Block,
    last: usize,
    steps: &Steps,
    out: &mut [u8],
    stride: usize,
) {
    if N == 2 {
        two(block, steps, out, stride);
    } else if last == 0 || N == 1 {
        flat::<N>(block[0].wrapping_mul(steps[0]), out, stride);
    } else if N > 4 && last <= 9 {
        // The first ten coefficients of the file's order lie in the four lowest rows and columns.
        machine.transform::<N, 4>(block, steps, out, stride);
    } else {
        machine.transform::<N, N>(block, steps, out, stride);
    }
}

/// The same as the two passes would give with only the first coefficient.
#[inline(always)]
fn flat<const N: usize>(dc: i16, out: &mut [u8], stride: usize) {
    let factor = i32::from(Factors::<N>::BY_FREQUENCY[0][0]);
    let value = sample(i32::from(between(i32::from(dc) * factor)) * factor);
    for y in 0..N {
        put(out, y * stride, [value; ROW]);
    }
}

/// The transform of four coefficients: too few for vectors. No closures: see [`crate::wide`].
#[inline(always)]
fn two(block: &Block, steps: &Steps, out: &mut [u8], stride: usize) {
    let (flat, odd) = (i32::from(Factors::<2>::BY_FREQUENCY[0][0]), i32::from(Factors::<2>::BY_FREQUENCY[1][0]));
    let mut middle = [[0; 2]; 2];
    for u in 0..2 {
        let (first, second) = (place(0, u), place(1, u));
        let a = i32::from(block[first].wrapping_mul(steps[first])) * flat;
        let b = i32::from(block[second].wrapping_mul(steps[second])) * odd;
        middle[0][u] = i32::from(between(a + b));
        middle[1][u] = i32::from(between(a - b));
    }
    for y in 0..2 {
        let (a, b) = (middle[y][0] * flat, middle[y][1] * odd);
        put(out, y * stride, [sample(a + b), sample(a - b), 0, 0, 0, 0, 0, 0]);
    }
}

/// The transform by plain loops.
#[inline(always)]
pub(crate) fn plain<const N: usize, const USED: usize>(block: &Block, steps: &Steps, out: &mut [u8], stride: usize) {
    let factors = &Factors::<N>::BY_FREQUENCY;
    // Down the columns, eight of them at a time.
    let mut middle = [[0i16; 8]; N];
    for y in 0..N.div_ceil(2) {
        let (mut even, mut odd) = ([0i32; 8], [0i32; 8]);
        for v in 0..USED {
            let sum = if v % 2 == 0 { &mut even } else { &mut odd };
            for u in 0..8 {
                let at = place(v, u);
                sum[u] += i32::from(block[at].wrapping_mul(steps[at])) * i32::from(factors[v][y]);
            }
        }
        for u in 0..8 {
            middle[y][u] = between(even[u] + odd[u]);
            middle[N - 1 - y][u] = between(even[u] - odd[u]);
        }
    }
    // Along the rows, eight samples at a time.
    for (y, row) in middle.iter().enumerate() {
        let mut sums = [0i32; 8];
        for u in 0..USED {
            for x in 0..8 {
                sums[x] += i32::from(row[u]) * i32::from(factors[u][x]);
            }
        }
        put(out, y * stride, sums.map(sample));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accelerate::{Plain, accelerated};

    #[test]
    fn compile_time_cosine_is_the_cosine() {
        for i in 0..1000 {
            let angle = f64::from(i) * 0.03;
            assert!((cos(angle) - angle.cos()).abs() < 1e-11, "{angle}");
        }
    }

    /// The definition, in floating point.
    fn reference<const N: usize>(block: &Block, steps: &Steps) -> Vec<f64> {
        let f = |n: usize, k: usize| {
            let c = if k == 0 { core::f64::consts::FRAC_1_SQRT_2 } else { 1.0 };
            0.5 * c * (((2 * n + 1) * k) as f64 * core::f64::consts::PI / (2 * N) as f64).cos()
        };
        let mut out = Vec::new();
        for y in 0..N {
            for x in 0..N {
                let mut sum = 128.0;
                for v in 0..N {
                    for u in 0..N {
                        let c = f64::from(block[place(v, u)]) * f64::from(steps[place(v, u)]);
                        sum += c * f(y, v) * f(x, u);
                    }
                }
                out.push(sum.clamp(0.0, 255.0));
            }
        }
        out
    }

    fn on_this_machine<const N: usize>(block: &Block, last: usize, steps: &Steps, out: &mut [u8]) {
        accelerated!(machine => inverse::<N, _>(machine, block, last, steps, out, 16));
    }

    fn check<const N: usize>() {
        let mut seed = 12345u32;
        let mut next = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as i32
        };
        let mut worst: f64 = 0.0;
        for round in 0..2000 {
            let mut block: Block = [0; 128];
            let steps = core::array::from_fn(|_| (next() % 12 + 1) as i16);
            let last = [0, 1, 5, 9, 10, 63][round % 6];
            for position in &crate::block::ZIGZAG[..=last] {
                let (row, column) = (usize::from(position / 8), usize::from(position % 8));
                if row < N && column < N {
                    block[place(row, column)] = (next() % 41 - 20) as i16;
                }
            }
            let mut out = [0u8; 8 * 16 + 8];
            inverse::<N, _>(Plain, &block, last, &steps, &mut out, 16);
            let mut again = [0u8; 8 * 16 + 8];
            on_this_machine::<N>(&block, last, &steps, &mut again);
            assert!((0..N).all(|y| out[y * 16..][..N] == again[y * 16..][..N]), "N = {N}, last = {last}");
            for (i, want) in reference::<N>(&block, &steps).into_iter().enumerate() {
                worst = worst.max((f64::from(out[i / N * 16 + i % N]) - want).abs());
            }
        }
        assert!(worst < 0.56, "N = {N}: off by {worst}");
    }

    #[test]
    fn within_rounding_of_the_definition() {
        check::<1>();
        check::<2>();
        check::<3>();
        check::<4>();
        check::<5>();
        check::<6>();
        check::<7>();
        check::<8>();
    }

    #[test]
    fn extremes_neither_overflow_nor_differ_between_machines() {
        fn extremes<const N: usize>() {
            let mut seed = 1u32;
            for _ in 0..3000 {
                let mut next = || {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    [i16::MIN, i16::MAX, -1, 0, 1, (seed >> 16) as i16][(seed >> 8) as usize % 6]
                };
                let mut block: Block = [0; 128];
                for position in 0..N * N {
                    block[place(position / N, position % N)] = next();
                }
                let steps = core::array::from_fn(|_| next().saturating_abs().max(1));
                let mut out = [[0u8; 8 * 16 + 8]; 2];
                inverse::<N, _>(Plain, &block, 63, &steps, &mut out[0], 16);
                on_this_machine::<N>(&block, 63, &steps, &mut out[1]);
                assert!((0..N).all(|y| out[0][y * 16..][..N] == out[1][y * 16..][..N]), "N = {N}");
            }
        }
        extremes::<2>();
        extremes::<3>();
        extremes::<4>();
        extremes::<5>();
        extremes::<6>();
        extremes::<7>();
        extremes::<8>();
        for (value, sample) in [(i16::MIN, 0), (i16::MAX, 255)] {
            let mut out = [0u8; 72];
            inverse::<8, _>(Plain, &[value; 128], 0, &[1; 64], &mut out, 8);
            assert_eq!(out[..64], [sample; 64]);
        }
    }
}
