//! What a decoder gives.

use super::planes::Planes;
use crate::raster::{Channels, Raster};

/// The result of a decoder. It may have fewer pixels than the file, down to the size that is needed: a JPEG's planes in
/// any number above that, a PNG exactly as many.
pub(crate) enum Decoded {
    Raster(Raster),
    Planes(Planes),
}

impl Decoded {
    /// The channels once its planes are side by side.
    pub(crate) fn channels(&self) -> Channels {
        match self {
            Self::Raster(raster) => raster.channels,
            Self::Planes(planes) => planes.channels(),
        }
    }
}
