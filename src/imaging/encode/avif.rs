//! AVIF: one AV1 picture, for recipes that ask for it (docs/adr/0015-avif.md).

use maroontree::{BitDepth, EncodeConfig, PlanarImage, Speed, encode_yuv8, encode_yuva8_with_alpha};

use crate::error::WorkError;
use crate::picture::{Picture, Pixels};
use crate::ycc::Ycc;

/// A file of the picture; `quality` is on the encoder's own scale, where 70 looks like a JPEG's 82.
///
/// One thread, because a Lambda of this size has one. The fastest search: the next one takes twice the time for a tenth
/// fewer bytes. No adaptive quantiser: it gains nothing and calculates in floats, fused on some CPUs and not on others,
/// so that each kind would write other bytes.
pub(super) fn file(picture: &Picture, quality: u8) -> Result<Vec<u8>, WorkError> {
    let config =
        EncodeConfig::new().with_quality(quality).with_speed(Speed::Fast).with_threads(1).with_adaptive_quant(false);
    let file = match picture.pixels() {
        Pixels::Ycc(ycc) => encode_yuv8(&image(ycc.clone(), Vec::new()), &config),
        Pixels::Rgb(rgb) => {
            let ycc = Ycc::from_rgb(rgb, picture.width(), picture.height());
            encode_yuv8(&image(ycc, Vec::new()), &config)
        }
        Pixels::Rgba(rgba) => {
            let ycc = Ycc::from_rgb(&behind_alpha(rgba), picture.width(), picture.height());
            let alpha = rgba.as_chunks::<4>().0.iter().map(|pixel| pixel[3]).collect();
            encode_yuva8_with_alpha(&image(ycc, alpha), &config)
        }
    };
    file.map_err(|error| WorkError::Encoder(format!("AVIF: {error}")))
}

fn image(ycc: Ycc, alpha: Vec<u8>) -> PlanarImage<u8> {
    let [cb, cr] = ycc.chroma;
    let (width, height) = (ycc.width as usize, ycc.height as usize);
    PlanarImage { width, height, bit_depth: BitDepth::Eight, planes: [ycc.luma, cb, cr, alpha] }
}

/// The colours without their alpha. Invisible pixels take the mean colour of the visible ones: black there would cost
/// bytes, and shine through at the edges, where four pixels share one colour.
fn behind_alpha(rgba: &[u8]) -> Vec<u8> {
    let (mut sums, mut count) = ([0_u64; 3], 0_u64);
    for &[r, g, b, alpha] in rgba.as_chunks::<4>().0 {
        if alpha > 0 {
            count += 1;
            sums = [sums[0] + u64::from(r), sums[1] + u64::from(g), sums[2] + u64::from(b)];
        }
    }
    let mean = sums.map(|sum| sum.checked_div(count).unwrap_or(0).to_le_bytes()[0]);
    let seen = |&[r, g, b, alpha]: &[u8; 4]| if alpha > 0 { [r, g, b] } else { mean };
    rgba.as_chunks::<4>().0.iter().flat_map(seen).collect()
}
