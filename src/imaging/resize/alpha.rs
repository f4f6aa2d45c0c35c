//! Colours multiplied with alpha while a picture is resized, so that what is transparent lends no colour to its edge.

use fearless_simd::{Level, dispatch};

/// Samples in 64ths, times alpha.
pub(super) fn premultiply(row: &[u8], channels: usize, out: &mut [i16]) {
    dispatch!(Level::new(), _simd => match channels {
        2 => premultiply_by::<2>(row, out),
        _ => premultiply_by::<4>(row, out),
    });
}

/// In short pieces: what each sample is multiplied by first, then all samples alike, which compilers turn into vectors.
#[allow(clippy::inline_always)] // `dispatch!` compiles for a CPU only what is inlined into it
#[inline(always)]
fn premultiply_by<const N: usize>(row: &[u8], out: &mut [i16]) {
    const PIECE: usize = 64;
    for (row, out) in row.chunks(PIECE).zip(out.chunks_mut(PIECE)) {
        let (mut samples, mut by, mut products) = ([0; PIECE], [0; PIECE], [0; PIECE]);
        samples[..row.len()].copy_from_slice(row);
        // Alpha itself is multiplied as a colour of an opaque pixel.
        if N == 4 {
            for (pixel, by) in samples.as_chunks::<4>().0.iter().zip(by.as_chunks_mut::<4>().0) {
                let alpha = u32::from_le_bytes(*pixel) >> 24;
                *by = (alpha | alpha << 8 | alpha << 16 | 0xFF00_0000).to_le_bytes();
            }
        } else {
            for (pixel, by) in samples.as_chunks::<2>().0.iter().zip(by.as_chunks_mut::<2>().0) {
                *by = [pixel[1], 255];
            }
        }
        for ((sample, by), out) in samples.iter().zip(&by).zip(&mut products) {
            let product = u16::from(*sample) * u16::from(*by);
            let (whole, rest) = (product / 255, product % 255);
            *out = (whole * 64 + (rest * 64 + 127) / 255).cast_signed();
        }
        out.copy_from_slice(&products[..out.len()]);
    }
}

/// For each alpha: 2²⁴ divided by it, rounded up. Products of such a number stand for quotients of numbers below 2¹⁶.
const RECIPROCALS: [u64; 256] = {
    let mut table = [0; 256];
    let mut alpha = 1;
    while alpha < 256 {
        table[alpha] = (1_u64 << 24).div_ceil(alpha as u64);
        alpha += 1;
    }
    table
};

/// Divides alpha out again.
pub(super) fn unmultiply(row: &mut [u8], channels: usize) {
    for pixel in row.chunks_exact_mut(channels) {
        let alpha = pixel[channels - 1];
        if alpha == 255 {
            continue;
        }
        let half = u64::from(alpha / 2);
        for sample in &mut pixel[..channels - 1] {
            let color = ((u64::from(*sample) * 255 + half) * RECIPROCALS[usize::from(alpha)]) >> 24;
            *sample = color.min(255).to_le_bytes()[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_multiplied_in_and_divided_out_exactly() {
        for alpha in 0..=255_u8 {
            for sample in 0..=255_u8 {
                let exact = (i32::from(sample) * i32::from(alpha) * 64 + 127) / 255;
                let mut multiplied = [0; 2];
                premultiply(&[sample, alpha], 2, &mut multiplied);
                assert_eq!(multiplied.map(i32::from), [exact, i32::from(alpha) * 64]);
                let mut multiplied = [0; 4];
                premultiply(&[sample, 255, sample, alpha], 4, &mut multiplied);
                assert_eq!(multiplied.map(i32::from), [exact, i32::from(alpha) * 64, exact, i32::from(alpha) * 64]);
                let mut divided = [sample, alpha];
                unmultiply(&mut divided, 2);
                let exact = (u32::from(sample) * 255 + u32::from(alpha) / 2).checked_div(u32::from(alpha)).unwrap_or(0);
                let expected = if alpha == 255 { sample.into() } else { exact.min(255) };
                assert_eq!(divided.map(u32::from), [expected, alpha.into()]);
            }
        }
    }
}
