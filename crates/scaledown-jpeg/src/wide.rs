//! The inverse transform with vectors of 16 bits: eight columns, then eight samples of a row, at a time.
//!
//! Both passes rest on one instruction: the products of neighbouring lanes, added in pairs. That is why coefficients
//! lie in pairs of rows (see [`crate::block::place`]).

use fearless_simd::prelude::*;
use fearless_simd::{Simd, i16x16, i32x8, u8x32, u16x16};

use crate::accelerate::Machine;
use crate::block::{Block, Steps};
use crate::idct::{BETWEEN_SHIFT, Factors, ROW, SAMPLE_BIAS, SAMPLE_SHIFT};

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

impl<S: Simd> Machine for Wide<S> {
    #[inline(always)]
    fn transform<const N: usize, const USED: usize>(self, block: &Block, steps: &Steps, out: &mut [u8], stride: usize) {
        let simd = self.0;
        let rows = |pair: usize| -> i16x16<S> {
            let at = pair * 16;
            i16x16::from_slice(simd, &block[at..at + 16]) * i16x16::from_slice(simd, &steps[at..at + 16])
        };
        // Down the columns. The two halves of the output mirror each other but for the sign of the odd frequencies.
        let zero = i32x8::splat(simd, 0);
        let pairs =
            [rows(0), rows(1), if USED > 4 { rows(2) } else { rows(0) }, if USED > 5 { rows(3) } else { rows(0) }];
        let mut middle = [[0i32; 8]; 4];
        for y in 0..N.div_ceil(2) {
            let product = |pair: usize| -> i32x8<S> {
                simd.pairwise_dot_product_i16x16(pairs[pair], i16x16::from_slice(simd, &Pairs::<N>::COLUMNS[y][pair]))
            };
            let mut even = product(0) + i32x8::splat(simd, 1 << (BETWEEN_SHIFT - 1));
            let mut odd = product(1);
            if USED > 4 {
                even += product(2);
            }
            if USED > 5 {
                odd += product(3);
            }
            let top = (even + odd) >> BETWEEN_SHIFT;
            let bottom = (even - odd) >> BETWEEN_SHIFT;
            let both: i32x8<S> = simd.saturating_narrow_i32x8(top, bottom).bitcast();
            both.store_slice(&mut middle[y]);
        }
        // Along the rows, four of them into one vector of bytes.
        let row = |y: usize| -> i32x8<S> {
            if y >= N {
                return zero;
            }
            let (from, half) = if y < N.div_ceil(2) { (&middle[y], 0) } else { (&middle[N - 1 - y], 4) };
            let mut sum = i32x8::splat(simd, SAMPLE_BIAS);
            for pair in 0..USED.div_ceil(2) {
                let two: i16x16<S> = i32x8::splat(simd, from[half + pair]).bitcast();
                sum += simd.pairwise_dot_product_i16x16(two, i16x16::from_slice(simd, &Pairs::<N>::ROWS[pair]));
            }
            sum >> SAMPLE_SHIFT
        };
        let in_range = |a: i32x8<S>, b: i32x8<S>| -> u16x16<S> {
            let both = simd.saturating_narrow_i32x8(a, b);
            both.max(i16x16::splat(simd, 0)).min(i16x16::splat(simd, 255)).bitcast()
        };
        for first in (0..N).step_by(4) {
            let (a, b) = (in_range(row(first), row(first + 1)), in_range(row(first + 2), row(first + 3)));
            let samples: u8x32<S> = simd.relaxed_narrow_u16x16(a, b);
            let mut four = [0u8; 32];
            samples.store_slice(&mut four);
            for y in first..N.min(first + 4) {
                out[y * stride..][..ROW].copy_from_slice(&four[(y - first) * ROW..][..ROW]);
            }
        }
    }
}
