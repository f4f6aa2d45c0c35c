#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod bools;
mod coefficients;
mod decoder;
mod edges;
mod error;
mod filter;
mod header;
mod modes;
mod predict;
mod small;
mod tables;
mod tile;
mod tokens;
mod transform;

pub use decoder::{Band, Frame};
pub use error::Error;
