//! How many pixels the variants need.

use crate::header::model::Header;
use crate::resize;

/// The size that a decode must have for the variants: of the whole picture, as stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DecodeSize {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Will the variants be kept as 4:2:0?
    pub(crate) planar: bool,
}

impl DecodeSize {
    pub(crate) fn new(header: &Header, scale: f64, planar: bool) -> Self {
        Self { width: resize::scaled(header.width, scale), height: resize::scaled(header.height, scale), planar }
    }
}
