//! What the inverse transform asks of the instructions it runs on.

use crate::block::{Block, Steps};

/// What carries out the inverse transform: plain loops, or vectors.
pub(crate) trait Machine: Copy {
    /// See [`crate::idct::inverse`]; coefficients outside the lowest `USED × USED` are zero.
    fn transform<const N: usize, const USED: usize>(self, block: &Block, steps: &Steps, out: &mut [u8], stride: usize);
}
