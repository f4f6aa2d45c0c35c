//! `avif PICTURE QUALITY SPEED OUT`: encodes a picture once, on one thread, and says how long that took.
//!
//! PICTURE is width and height (32 bits, little-endian) and 8-bit RGB. Speeds are the encoder's own, as numbers.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [picture, quality, speed, out] = arguments.as_slice() else {
        return Err("usage: avif PICTURE QUALITY SPEED OUT".into());
    };
    let file = std::fs::read(picture)?;
    let (&[w0, w1, w2, w3, h0, h1, h2, h3], rgb) = file.split_first_chunk::<8>().ok_or("no picture")?;
    let size = [u32::from_le_bytes([w0, w1, w2, w3]), u32::from_le_bytes([h0, h1, h2, h3])].map(|side| side as usize);
    std::fs::write(out, encode(size, rgb, quality.parse()?, speed.parse()?)?)?;
    Ok(())
}

#[cfg(feature = "ravif")]
fn encode([width, height]: [usize; 2], rgb: &[u8], quality: u8, speed: u8) -> Result<Vec<u8>, Box<dyn Error>> {
    use rgb::FromSlice;
    let encoder = ravif::Encoder::new().with_quality(f32::from(quality)).with_speed(speed);
    let encoder = encoder.with_bit_depth(ravif::BitDepth::Eight).with_num_threads(Some(1));
    Ok(encoder.encode_rgb(imgref::Img::new(rgb.as_rgb(), width, height))?.avif_file)
}

#[cfg(feature = "maroontree")]
fn encode([width, height]: [usize; 2], rgb: &[u8], quality: u8, speed: u8) -> Result<Vec<u8>, Box<dyn Error>> {
    use maroontree::{BitDepth, EncodeConfig, PlanarImage, Speed, encode_yuv8};
    let speeds = [Speed::Fast, Speed::Medium, Speed::Slow, Speed::ExtraSlow];
    let [luma, cb, cr] = planes(width, height, rgb);
    let image = PlanarImage { width, height, bit_depth: BitDepth::Eight, planes: [luma, cb, cr, Vec::new()] };
    let config = EncodeConfig::new().with_quality(quality).with_threads(1).with_speed(speeds[usize::from(speed)]);
    let config = config.with_adaptive_quant(false); // as the engine has it
    encode_yuv8(&image, &config).map_err(|error| format!("{error:?}").into())
}

#[cfg(feature = "gamut")]
fn encode([width, height]: [usize; 2], rgb: &[u8], quality: u8, speed: u8) -> Result<Vec<u8>, Box<dyn Error>> {
    use gamut_avif::{AvifEncoder, RawPlanes, Speed};
    use gamut_color::{ChromaSubsampling, ColorRange, MatrixCoefficients, Planar8};
    let sides = [u32::try_from(width)?, u32::try_from(height)?];
    let planes = planes(width, height, rgb);
    let planes = Planar8::from_planes_subsampled(sides[0], sides[1], ChromaSubsampling::Cs420, planes)?;
    let raw = RawPlanes::eight(&planes, None, MatrixCoefficients::Bt601, ColorRange::Full)?;
    let encoder = AvifEncoder::lossy(quality).with_speed(Speed::ALL[usize::from(speed)]);
    Ok(encoder.with_threads(std::num::NonZeroUsize::new(1)).encode_raw_planes_to_vec(raw)?)
}

/// JFIF's YCbCr, 4:2:0, as the engine keeps it.
#[cfg(any(feature = "gamut", feature = "maroontree"))]
fn planes(width: usize, height: usize, rgb: &[u8]) -> [Vec<u8>; 3] {
    let luma = rgb.chunks_exact(3).map(|p| weighted(p, [0.299, 0.587, 0.114], 0.0)).collect();
    let (mut cb, mut cr) = (Vec::new(), Vec::new());
    for y in (0..height).step_by(2) {
        for x in (0..width).step_by(2) {
            let four = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)].map(|(x, y)| {
                let at = (y.min(height - 1) * width + x.min(width - 1)) * 3;
                [rgb[at], rgb[at + 1], rgb[at + 2]].map(u32::from)
            });
            let mean = [0, 1, 2].map(|channel| ((four.iter().map(|pixel| pixel[channel]).sum::<u32>() + 2) / 4) as u8);
            cb.push(weighted(&mean, [-0.168_736, -0.331_264, 0.5], 128.0));
            cr.push(weighted(&mean, [0.5, -0.418_688, -0.081_312], 128.0));
        }
    }
    [luma, cb, cr]
}

#[cfg(any(feature = "gamut", feature = "maroontree"))]
fn weighted(pixel: &[u8], weights: [f32; 3], offset: f32) -> u8 {
    let sum: f32 = pixel.iter().zip(weights).map(|(sample, weight)| f32::from(*sample) * weight).sum();
    (sum + offset).round().clamp(0.0, 255.0) as u8
}
