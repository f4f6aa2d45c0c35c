//! What a decoder gives.

use super::planes::Planes;
use crate::raster::{Channels, Raster};
use crate::ycc::Ycc;

/// The result of a decoder. It may have fewer pixels than the file, down to the size that is needed: planes in any number
/// above that, what was resized meanwhile exactly as many.
pub(crate) enum Decoded {
    Raster(Raster),
    Planes(Planes),
    /// JFIF's YCbCr at the size that is wanted, not yet upright.
    Fitted(Ycc),
}

impl Decoded {
    /// The channels once its planes are side by side.
    pub(crate) fn channels(&self) -> Channels {
        match self {
            Self::Raster(raster) => raster.channels,
            Self::Planes(planes) => planes.channels(),
            Self::Fitted(_) => Channels::Rgb,
        }
    }
}
