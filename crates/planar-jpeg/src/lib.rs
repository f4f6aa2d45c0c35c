#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod bits;
mod block;
mod dct;
mod header;
mod planes;
mod strip;
mod tables;

use fearless_simd::{Level, Simd, dispatch};

use crate::bits::Bits;
use crate::block::Component;
use crate::dct::{Coefficients, Divisors};
pub use crate::planes::Planes;
use crate::strip::Strip;
use crate::tables::Huffman;

/// The planes do not have as many samples as the size says, or the size is nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongSize;

impl std::fmt::Display for WrongSize {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the planes do not fit the picture's size")
    }
}

impl std::error::Error for WrongSize {}

/// A JPEG file of the planes; `quality` is 1 to 100, on libjpeg's scale.
///
/// # Errors
/// [`WrongSize`], if the planes do not fit the size.
pub fn encode(planes: &Planes, quality: u8) -> Result<Vec<u8>, WrongSize> {
    encode_on(Level::new(), planes, quality)
}

fn encode_on(level: Level, planes: &Planes, quality: u8) -> Result<Vec<u8>, WrongSize> {
    if !planes.fit() {
        return Err(WrongSize);
    }
    let steps = [&tables::LUMA_STEPS, &tables::CHROMA_STEPS].map(|base| tables::scaled(base, quality));
    let mut out = Vec::with_capacity(planes.luma.len() / 4 + 1024);
    header::write(&mut out, planes.width, planes.height, &steps);
    dispatch!(level, simd => scan(simd, planes, &steps, &mut out));
    header::end(&mut out);
    Ok(out)
}

#[inline(always)]
fn scan<S: Simd>(simd: S, planes: &Planes, steps: &[[u8; 64]; 2], out: &mut Vec<u8>) {
    let [luma_divisors, chroma_divisors] = [Divisors::new(&steps[0]), Divisors::new(&steps[1])];
    let [luma_codes, chroma_codes] = [Huffman::luma(), Huffman::chroma()];
    let mut strip = Strip::new(planes);
    let (mut y, mut cb, mut cr) = (Component::default(), Component::default(), Component::default());
    let mut bits = Bits::default();
    let mut two = [Coefficients::default(), Coefficients::default()];
    for row in 0..usize::from(planes.height).div_ceil(16) {
        strip.fill(planes, row);
        for unit in strip.units() {
            for half in [&unit.luma[..8], &unit.luma[8..]] {
                dct::two_blocks(simd, half, &luma_divisors, &mut two);
                y.write(&two[0], &luma_codes, &mut bits, out);
                y.write(&two[1], &luma_codes, &mut bits, out);
            }
            dct::two_blocks(simd, &unit.chroma, &chroma_divisors, &mut two);
            cb.write(&two[0], &chroma_codes, &mut bits, out);
            cr.write(&two[1], &chroma_codes, &mut bits, out);
        }
    }
    bits.finish(out);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planes(seed: u32, width: u16, height: u16) -> (Vec<u8>, [Vec<u8>; 2]) {
        let mut state = seed;
        let mut plane = |width: usize, height: usize| -> Vec<u8> {
            (0..width * height)
                .map(|at| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let (x, y) = ((at % width) as u32, (at / width) as u32);
                    (x * 5 + y * 3 + (state >> 27)) as u8
                })
                .collect()
        };
        let (w, h) = (usize::from(width), usize::from(height));
        let luma = plane(w, h);
        let (cw, ch) = (w.div_ceil(2), h.div_ceil(2));
        (luma, [plane(cw, ch), plane(cw, ch)])
    }

    #[test]
    fn every_machine_writes_the_same_bytes() {
        for (seed, width, height) in [(1, 64, 48), (2, 33, 17), (3, 1, 1), (4, 250, 3)] {
            let (luma, chroma) = planes(seed, width, height);
            let planes = Planes { width, height, luma: &luma, chroma: [&chroma[0], &chroma[1]] };
            for quality in [1, 50, 82, 100] {
                let here = encode(&planes, quality).unwrap();
                assert_eq!(here, encode_on(Level::baseline(), &planes, quality).unwrap(), "{width} × {height}");
            }
        }
    }

    #[test]
    fn planes_that_do_not_fit_are_refused() {
        let (luma, chroma) = planes(1, 5, 3);
        let right = Planes { width: 5, height: 3, luma: &luma, chroma: [&chroma[0], &chroma[1]] };
        assert!(encode(&right, 80).is_ok());
        for wrong in [
            Planes { width: 4, ..right },
            Planes { height: 0, ..right },
            Planes { luma: &luma[1..], ..right },
            Planes { chroma: [&chroma[0], &chroma[1][1..]], ..right },
        ] {
            assert_eq!(encode(&wrong, 80), Err(WrongSize));
        }
    }
}
