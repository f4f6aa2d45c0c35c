//! Runs code with the vector instructions of the machine at hand.
//!
//! Everything here is integer arithmetic with one meaning: which machine runs it changes the speed and nothing else.

use crate::block::{Block, Steps};
use crate::machine::Machine;

/// Plain loops, as the compiler vectorises them.
#[derive(Clone, Copy)]
pub(crate) struct Plain;

impl Machine for Plain {
    #[inline(always)]
    fn transform<const N: usize, const USED: usize>(self, block: &Block, steps: &Steps, out: &mut [u8], stride: usize) {
        crate::idct::plain::<N, USED>(block, steps, out, stride);
    }
}

/// Evaluates an expression with `$machine` bound to the best [`Machine`] there is. What is inlined into it is
/// compiled for that machine, variable shifts of BMI2 included.
macro_rules! accelerated {
    ($machine:ident => $work:expr) => {{
        #[cfg(all(feature = "simd", target_arch = "x86_64"))]
        if let Some(level) = ::fearless_simd::Level::new().as_avx2() {
            let $machine = $crate::wide::Wide(level);
            return ::fearless_simd::Simd::vectorize(
                level,
                #[inline(always)]
                || $work,
            );
        }
        #[cfg(all(feature = "simd", target_arch = "aarch64", target_endian = "little"))]
        if let Some(level) = ::fearless_simd::Level::new().as_neon() {
            let $machine = $crate::wide::Wide(level);
            return ::fearless_simd::Simd::vectorize(
                level,
                #[inline(always)]
                || $work,
            );
        }
        let $machine = $crate::accelerate::Plain;
        $work
    }};
}
pub(crate) use accelerated;
