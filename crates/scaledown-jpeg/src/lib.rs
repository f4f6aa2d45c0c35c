//! A strict, memory-safe JPEG decoder that decodes straight to N/8 size, into planes.
#![forbid(unsafe_code)]

mod accelerate;
mod bits;
mod block;
mod decoder;
mod error;
mod geometry;
mod header;
mod huffman;
mod idct;
mod picture;
mod progressive;
mod scale;
mod scan;
mod segments;
mod sequential;
mod tables;
#[cfg(all(feature = "simd", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod wide;

pub use decoder::Decoder;
pub use error::{Error, Feature, Limit, Result};
pub use geometry::{Limits, PlaneLayout};
pub use header::{ColorModel, Component, Header};
pub use picture::{Band, BandPlane, Picture, Plane};
pub use scale::Scale;
