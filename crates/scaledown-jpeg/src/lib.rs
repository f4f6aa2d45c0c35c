//! A strict, memory-safe JPEG decoder that decodes straight to N/8 size, into planes.
//!
//! A thumbnail does not need the pixels of the photo. A JPEG stores 8 × 8 blocks as frequencies; transforming only
//! the N × N lowest of them gives the picture at N/8 of its size, well filtered, and the larger ones are never made.
//! This crate does that for every N from 1 to 8, and leaves the components as the file has them: planes of Y, Cb and
//! Cr, each in its own resolution, ready to be resized or encoded again without a detour through RGB.
//!
//! ```
//! # fn main() -> Result<(), scaledown_jpeg::Error> {
//! # let file = include_bytes!("../tests/fixtures/medium-420.jpg");
//! use scaledown_jpeg::{Decoder, Scale};
//!
//! let decoder = Decoder::new(file)?; // reads the header only
//! let header = decoder.header();
//! let scale = Scale::covering(header, 200, 150); // the smallest N/8 that is at least so large
//! let picture = decoder.clone().scale(scale).decode()?;
//! let luma = &picture.planes[0];
//! assert_eq!((luma.width(), luma.height()), (200, 150)); // 5/8 of 320 × 240
//! let brightest = luma.rows().flatten().max();
//! # assert!(brightest > Some(&128));
//! # Ok(())
//! # }
//! ```
//!
//! # What is decoded
//!
//! Baseline, extended sequential and progressive Huffman-coded JPEG with 8 bits per sample; one, three or four
//! components with sampling factors of 1 to 4; restart markers; scans of single components; 8- and 16-bit
//! quantisation tables. Arithmetic coding, lossless, hierarchical and 12-bit files are refused by name
//! ([`Error::Unsupported`]). The samples are the stored ones: [`ColorModel`] tells what they mean. Upsampling, colour
//! conversion, ICC and orientation are the caller's; [`Header`] has the Exif block, the XMP packet and the profile.
//!
//! # Strictness
//!
//! There is no lenient mode. A file decodes completely or the result is an error with a name: cut data, codes that
//! do not exist, blocks that run over, restart markers that are lost or out of order, components without data.
//! Forgiven, because real cameras and programs do it:
//!
//! * anything after the end marker (motion photos, multi-picture files);
//! * a missing end marker, if every component is complete; for progressive files, to the last bit of each coefficient;
//! * between segments, before restart markers and before the end: padding of `00` and `FF` bytes, and up to 16 other
//!   bytes, or 65,535 where no scan has come yet: a segment whose length is wrong;
//! * a sequential file that defines no Huffman table at all, as in Motion JPEG: the standard's examples are meant;
//! * one restart marker too many after the last interval; a DNL segment that repeats the height;
//! * a progressive file that ends properly, but before its last refinement.
//!
//! # Limits
//!
//! [`Limits`] are checked before anything is allocated or done: pixels when the header is read, memory before a
//! decode, scans and block visits before each scan. [`Decoder::stop_when`] takes a deadline.
//!
//! # Memory
//!
//! The file is a byte slice. [`Decoder::decode_bands`] needs a few rows for sequential files. Progressive files need
//! their coefficients: only the wanted ones are kept, with one bit for each of the others: at 4/8, 42 bytes per block
//! where full size takes 138. [`Decoder::memory_for_bands`] and [`Decoder::memory`] tell beforehand.
//!
//! # The same bytes everywhere
//!
//! All arithmetic is on integers and does not depend on the machine. With the feature `simd` (on by default) the hot
//! path is compiled for AVX2 and BMI2 as well and chosen at run time; on 64-bit Arm it uses NEON. There is no
//! `unsafe` in this crate: the vectors are those of `fearless_simd`.
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
mod machine;
mod picture;
mod progressive;
mod scale;
mod scan;
mod segments;
mod sequential;
mod standard;
mod tables;
#[cfg(all(feature = "simd", any(target_arch = "x86_64", all(target_arch = "aarch64", target_endian = "little"))))]
mod wide;

pub use decoder::Decoder;
pub use error::{Error, Feature, Limit, Result};
pub use geometry::{Limits, PlaneLayout};
pub use header::{ColorModel, Component, Header};
pub use picture::{Band, BandPlane, Picture, Plane};
pub use scale::Scale;
