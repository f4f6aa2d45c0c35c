//! Inverse DCTs from the N × N lowest coefficients of a block to N × N samples, for N in 1 to 8.
//!
//! The samples are those of an exact N-point transform, not an 8-point transform averaged afterwards. Everything is
//! integer arithmetic that cannot overflow, so every machine gives the same bytes: coefficients are 16 bits, factors
//! have 14 bits after the point, what is between the two passes has 5.

use crate::block::Block;

const FACTOR_BITS: u32 = 14;
const BETWEEN_BITS: u32 = 5;

/// The factors of an N-point transform by output sample and frequency: ½ C(u) cos((2x + 1) u π / 2N), the same
/// normalisation as the 8-point transform's, which makes a flat block keep its brightness at every size.
struct Factors<const N: usize>;

impl<const N: usize> Factors<N> {
    /// By frequency, then by sample.
    const BY_FREQUENCY: [[i16; 8]; N] = {
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

#[inline(always)]
fn between(sum: i32) -> i16 {
    let half = 1 << (FACTOR_BITS - BETWEEN_BITS - 1);
    ((sum + half) >> (FACTOR_BITS - BETWEEN_BITS)).clamp(-0x8000, 0x7FFF) as i16
}

#[inline(always)]
fn sample(sum: i32) -> u8 {
    const SHIFT: u32 = FACTOR_BITS + BETWEEN_BITS;
    // 128 is the level shift, ½ rounds.
    ((sum + (128 << SHIFT) + (1 << (SHIFT - 1))) >> SHIFT).clamp(0, 255) as u8
}

#[inline(always)]
fn dequantised(coefficient: i16, step: i16) -> i16 {
    (i32::from(coefficient) * i32::from(step)).clamp(-0x8000, 0x7FFF) as i16
}

/// Transforms one block. `last` is the place in file order of the last coefficient that is not zero; `steps` are the
/// quantisation steps by position. Writes N rows of [`ROW`] bytes, `stride` apart.
#[inline(always)]
pub(crate) fn inverse<const N: usize>(block: &Block, last: usize, steps: &[i16; 64], out: &mut [u8], stride: usize) {
    if last == 0 || N == 1 {
        flat::<N>(dequantised(block[0], steps[0]), out, stride);
        return;
    }
    // Coefficients up to place 9 of the file's order lie in the four lowest rows and columns.
    if N > 4 && last <= 9 {
        passes::<N, 4>(block, steps, out, stride);
    } else {
        passes::<N, N>(block, steps, out, stride);
    }
}

/// The same as the two passes would give with only the first coefficient.
#[inline(always)]
fn flat<const N: usize>(dc: i16, out: &mut [u8], stride: usize) {
    let factor = i32::from(Factors::<N>::BY_FREQUENCY[0][0]);
    let value = sample(i32::from(between(i32::from(dc) * factor)) * factor);
    for y in 0..N {
        out[y * stride..][..ROW].copy_from_slice(&[value; ROW]);
    }
}

#[inline(always)]
fn passes<const N: usize, const USED: usize>(block: &Block, steps: &[i16; 64], out: &mut [u8], stride: usize) {
    let factors = &Factors::<N>::BY_FREQUENCY;
    // Down the columns, eight of them at a time.
    let mut rows = [[0i16; 8]; USED];
    for v in 0..USED {
        for u in 0..8 {
            rows[v][u] = dequantised(block[v * 8 + u], steps[v * 8 + u]);
        }
    }
    let mut middle = [[0i16; 8]; N];
    for y in 0..N.div_ceil(2) {
        let (mut even, mut odd) = ([0i32; 8], [0i32; 8]);
        for v in 0..USED {
            let sum = if v % 2 == 0 { &mut even } else { &mut odd };
            for u in 0..8 {
                sum[u] += i32::from(rows[v][u]) * i32::from(factors[v][y]);
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
        let mut samples = [0u8; ROW];
        for x in 0..8 {
            samples[x] = sample(sums[x]);
        }
        out[y * stride..][..ROW].copy_from_slice(&samples);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compile_time_cosine_is_the_cosine() {
        for i in 0..1000 {
            let angle = f64::from(i) * 0.03;
            assert!((cos(angle) - angle.cos()).abs() < 1e-11, "{angle}");
        }
    }

    /// The definition, in floating point.
    fn reference<const N: usize>(block: &Block, steps: &[i16; 64]) -> Vec<f64> {
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
                        let c = f64::from(block[v * 8 + u]) * f64::from(steps[v * 8 + u]);
                        sum += c * f(y, v) * f(x, u);
                    }
                }
                out.push(sum.clamp(0.0, 255.0));
            }
        }
        out
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
            let mut steps = [1i16; 64];
            steps.iter_mut().for_each(|q| *q = (next() % 12 + 1) as i16);
            let last = [0, 1, 5, 9, 10, 63][round % 6];
            for place in &crate::block::ZIGZAG[..=last] {
                block[usize::from(*place)] = (next() % 41 - 20) as i16;
            }
            let mut out = [0u8; 8 * 16 + 8];
            inverse::<N>(&block, last, &steps, &mut out, 16);
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
    fn extremes_neither_overflow_nor_wrap() {
        for value in [i16::MIN, i16::MAX] {
            for step in [1, i16::MAX] {
                let mut out = [0u8; 72];
                inverse::<8>(&[value; 128], 63, &[step; 64], &mut out, 8);
                inverse::<5>(&[value; 128], 63, &[step; 64], &mut out, 8);
                inverse::<8>(&[value; 128], 0, &[step; 64], &mut out, 8);
                assert_eq!(out[..64], [if value < 0 { 0 } else { 255 }; 64]);
            }
        }
    }
}
