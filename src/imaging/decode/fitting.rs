//! Planes that are resized while a decoder makes them. Whole, they would be the largest thing in memory.

use std::convert::Infallible;

use super::decoded::Decoded;
use super::planes::Shape;
use super::size::DecodeSize;
use crate::header::model::Found;
use crate::raster::{Channels, Raster};
use crate::resize::{self, Passing};
use crate::ycc::{self, Ycc};
use crate::{color, orient};

/// JFIF's YCbCr on its way to the size that is wanted.
pub(super) struct Fitting {
    wanted: DecodeSize,
    planes: [Passing<u8>; 3],
}

impl Fitting {
    /// `None` where planes must be whole before they are resized.
    pub(super) fn new([luma, blue, red]: [Shape; 3], wanted: DecodeSize, found: &Found) -> Option<Self> {
        let size = (wanted.width, wanted.height);
        let profiled = found.icc.as_deref().is_some_and(|icc| color::fits(icc, Channels::Rgb));
        // A profile is for RGB.
        let wanted = DecodeSize { planar: wanted.planar && !profiled, ..wanted };
        let mirrored = orient::mirrored(found.header.orientation);
        let [luma] = resize::passing(luma.size(), luma.whole(), size)?;
        // The colour planes of a JPEG need not be of one size.
        let [blue, red] = if blue == red {
            chroma(blue, wanted, mirrored)?
        } else {
            let ([blue], [red]) = (chroma(blue, wanted, mirrored)?, chroma(red, wanted, mirrored)?);
            [blue, red]
        };
        Some(Self { wanted, planes: [luma, blue, red] })
    }

    /// Takes in the next row of a plane: `write` gives its samples.
    pub(super) fn row(&mut self, plane: usize, write: impl FnOnce(&mut [u8])) {
        let Ok(()) = self.planes[plane].row::<Infallible>(|row| {
            write(row);
            Ok(())
        });
    }

    /// The picture, when all rows are in.
    pub(super) fn finish(self) -> Decoded {
        let DecodeSize { width, height, planar } = self.wanted;
        let [luma, blue, red] = self.planes.map(Passing::finish);
        if planar {
            Decoded::Fitted(Ycc { width, height, luma, chroma: [blue, red] })
        } else {
            Decoded::Raster(Raster { width, height, channels: Channels::Rgb, bytes: ycc::to_rgb(&luma, &blue, &red) })
        }
    }
}

/// Planes of colour as large as those of brightness, or half as large.
fn chroma<const N: usize>(shape: Shape, wanted: DecodeSize, mirrored: (bool, bool)) -> Option<[Passing<u8>; N]> {
    let size = (wanted.width, wanted.height);
    if !wanted.planar {
        return resize::passing(shape.size(), shape.whole(), size);
    }
    resize::passing(shape.size(), ycc::part_for_half(shape.whole(), size, mirrored), Ycc::chroma_size(size.0, size.1))
}
