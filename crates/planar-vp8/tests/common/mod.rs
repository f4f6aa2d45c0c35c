//! Pictures of many kinds, written by libwebp, and what comes of them.

#![allow(dead_code)] // each test takes its part

use std::ops::ControlFlow;

use planar_vp8::{Error, Frame};
use webp::{Encoder, WebPConfig};

pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// What a picture shows.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Flat,
    Gradient,
    Noise,
    /// Soft waves with hard edges and some noise: most like a photo.
    Mixed,
}

pub const KINDS: [Kind; 4] = [Kind::Flat, Kind::Gradient, Kind::Noise, Kind::Mixed];

pub fn pixels(kind: Kind, width: usize, height: usize, seed: u64) -> Vec<u8> {
    let mut random = Random(seed * 2 + 1);
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        for x in 0..width {
            for channel in 0..3 {
                let value = match kind {
                    Kind::Flat => 40 + 60 * channel,
                    Kind::Gradient => (x * 255 / width + y * 90 / height * channel) % 256,
                    Kind::Noise => random.below(256),
                    Kind::Mixed => {
                        let wave = ((x as f64 / 9.0).sin() * (y as f64 / 13.0).cos() * 80.0 + 128.0) as usize;
                        let edge = if (x / 23 + y / 31) % 2 == 0 { 0 } else { 40 + 10 * channel };
                        wave.abs_diff(edge) + random.below(12)
                    }
                };
                pixels.push(value as u8);
            }
        }
    }
    pixels
}

/// A lossy WebP's frame, with the encoder's knobs as `turn` sets them.
pub fn frame(pixels: &[u8], width: usize, height: usize, quality: f32, turn: impl Fn(&mut WebPConfig)) -> Vec<u8> {
    let mut config = WebPConfig::new().unwrap();
    config.quality = quality;
    turn(&mut config);
    let file = Encoder::from_rgb(pixels, width as u32, height as u32).encode_advanced(&config).unwrap();
    assert_eq!(file[12..16], *b"VP8 ", "the simple form");
    let length = u32::from_le_bytes(file[16..20].try_into().unwrap()) as usize;
    file[20..20 + length].to_vec()
}

/// The planes of a frame, in whole macroblocks.
pub fn planes(payload: &[u8], most_pixels: u64) -> Result<[Vec<u8>; 3], Error> {
    let mut planes = [const { Vec::new() }; 3];
    Frame::new(payload, most_pixels)?.decode(|band| {
        for (plane, rows) in planes.iter_mut().zip([band.luma, band.chroma[0], band.chroma[1]]) {
            plane.extend_from_slice(rows);
        }
        ControlFlow::Continue(())
    })?;
    Ok(planes)
}
