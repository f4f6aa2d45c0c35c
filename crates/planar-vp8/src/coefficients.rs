//! What a macroblock has besides its modes, on the way from the tokens to the transform.

/// The coefficients of a macroblock, times their steps: 16 blocks of brightness, then, in two rows, two of blue beside
/// two of red.
pub(crate) struct Coefficients {
    pub blocks: [[i32; 16]; 24],
    /// The blocks that have more than a first coefficient, a bit for each.
    pub dense: u32,
    /// The blocks with a coefficient that does not fit the short transform.
    pub wide: u32,
}

impl Coefficients {
    pub const NONE: Self = Self { blocks: [[0; 16]; 24], dense: 0, wide: 0 };
}

/// With coefficients up to this, no step of the short transform exceeds 16 bits.
const LARGEST: u32 = 2048;

#[inline(always)]
pub(crate) const fn fits(coefficient: i32) -> bool {
    coefficient.unsigned_abs() <= LARGEST
}
