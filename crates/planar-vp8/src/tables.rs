//! What RFC 6386 fixes for every frame.

pub(crate) mod modes;
pub(crate) mod steps;
pub(crate) mod tokens;

/// The place in its block of each coefficient in the order of the file.
pub(crate) const ZIGZAG: [u8; 16] = [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15];

/// Which probabilities each coefficient takes.
pub(crate) const BANDS: [u8; 16] = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7];
