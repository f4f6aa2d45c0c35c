//! The inverse transform with vectors of 16 bits: eight columns, then eight samples of a row, at a time.
//!
//! Both passes rest on one instruction: the products of neighbouring lanes, added in pairs. That is why coefficients
//! lie in pairs of rows (see [`crate::block::place`]).

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16, i32x8, u16x16};

use crate::block::{Block, Steps};
use crate::idct::{BETWEEN_SHIFT, Factors, ROW, SAMPLE_BIAS, SAMPLE_SHIFT, put};
use crate::machine::Machine;

/// A machine with vectors.
#[derive(Clone, Copy)]
pub(crate) struct Wide<S>(pub S);

/// The factors of [`Factors`] in the order the vectors need.
struct Pairs<const N: usize>;

impl<const N: usize> Pairs<N> {
    /// For the columns, by sample and pair of rows: both rows' factors, eight times.
    const COLUMNS: [[[i16; 16]; 4]; 4] = {
        let mut table = [[[0; 16]; 4]; 4];
        let mut y = 0;
        while y < N.div_ceil(2) {
            let mut pair = 0;
            while pair < 4 {
                let row = pair % 2 + pair / 2 * 4;
                let mut lane = 0;
                while lane < 16 {
                    let v = row + lane % 2 * 2;
                    table[y][pair][lane] = if v < N { Factors::<N>::BY_FREQUENCY[v][y] } else { 0 };
                    lane += 1;
                }
                pair += 1;
            }
            y += 1;
        }
        table
    };

    /// For the rows, by pair of neighbouring frequencies: both frequencies' factors for each sample.
    const ROWS: [[i16; 16]; 4] = {
        let mut table = [[0; 16]; 4];
        let mut u = 0;
        while u < N {
            let mut x = 0;
            while x < N {
                table[u / 2][x * 2 + u % 2] = Factors::<N>::BY_FREQUENCY[u][x];
                x += 1;
            }
            u += 1;
        }
        table
    };
}

// No closures below: one that is not inlined would be compiled without the machine's instructions.

/// One pair of rows, times its quantisation steps.
#[inline(always)]
fn rows<S: Simd>(simd: S, block: &Block, steps: &Steps, pair: usize) -> i16x16<S> {
    let at = pair * 16;
    i16x16::from_slice(simd, &block[at..at + 16]) * i16x16::from_slice(simd, &steps[at..at + 16])
}

/// One row's sums of products, still with the bits after the point.
#[inline(always)]
fn row<S: Simd, const N: usize, const USED: usize>(simd: S, middle: &[[i32; 8]; 4], y: usize) -> i32x8<S> {
    if y >= N {
        return i32x8::splat(simd, 0);
    }
    let (from, half) = if y < N.div_ceil(2) { (&middle[y], 0) } else { (&middle[N - 1 - y], 4) };
    let mut sum = i32x8::splat(simd, SAMPLE_BIAS);
    for pair in 0..USED.div_ceil(2) {
        let two: i16x16<S> = i32x8::splat(simd, from[half + pair]).bitcast();
        sum += simd.pairwise_dot_product_i16x16(two, i16x16::from_slice(simd, &Pairs::<N>::ROWS[pair]));
    }
    sum >> SAMPLE_SHIFT
}

/// Two rows of samples, clamped.
#[inline(always)]
fn two_rows<S: Simd, const N: usize, const USED: usize>(simd: S, middle: &[[i32; 8]; 4], y: usize) -> u16x16<S> {
    let (a, b) = (row::<S, N, USED>(simd, middle, y), row::<S, N, USED>(simd, middle, y + 1));
    let both = simd.saturating_narrow_i32x8(a, b);
    both.max(i16x16::splat(simd, 0)).min(i16x16::splat(simd, 255)).bitcast()
}

impl<S: Simd> Machine for Wide<S> {
    #[inline(always)]
    fn transform<const N: usize, const USED: usize>(self, block: &Block, steps: &Steps, out: &mut [u8], stride: usize) {
        let simd = self.0;
        // Down the columns. The two halves of the output mirror each other but for the sign of the odd frequencies.
        let mut pairs =
            [rows(simd, block, steps, 0), rows(simd, block, steps, 1), i16x16::splat(simd, 0), i16x16::splat(simd, 0)];
        if USED > 4 {
            pairs[2] = rows(simd, block, steps, 2);
        }
        if USED > 5 {
            pairs[3] = rows(simd, block, steps, 3);
        }
        let mut middle = [[0i32; 8]; 4];
        for y in 0..N.div_ceil(2) {
            let mut even = i32x8::splat(simd, 1 << (BETWEEN_SHIFT - 1));
            let mut odd = i32x8::splat(simd, 0);
            for pair in 0..crate::block::pairs(USED) {
                let factors = i16x16::from_slice(simd, &Pairs::<N>::COLUMNS[y][pair]);
                let product = simd.pairwise_dot_product_i16x16(pairs[pair], factors);
                if pair % 2 == 0 {
                    even += product;
                } else {
                    odd += product;
                }
            }
            let both = simd.saturating_narrow_i32x8((even + odd) >> BETWEEN_SHIFT, (even - odd) >> BETWEEN_SHIFT);
            both.bitcast::<i32x8<S>>().store_slice(&mut middle[y]);
        }
        // Along the rows, four of them into one vector of bytes.
        let mut first = 0;
        while first < N {
            let (a, b) =
                (two_rows::<S, N, USED>(simd, &middle, first), two_rows::<S, N, USED>(simd, &middle, first + 2));
            let mut four = [0u8; 4 * ROW];
            simd.relaxed_narrow_u16x16(a, b).store_slice(&mut four);
            let four = four.as_chunks::<ROW>().0;
            let mut y = first;
            while y < N && y < first + 4 {
                put(out, y * stride, four[y - first]);
                y += 1;
            }
            first += 4;
        }
    }
}
