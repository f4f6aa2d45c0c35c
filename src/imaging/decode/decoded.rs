//! What a decoder gives.

use super::planes::Planes;
use crate::raster::{Channels, Raster};

/// The result of a decoder. A JPEG's planes may have fewer pixels than the file, down to the size that is needed.
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
