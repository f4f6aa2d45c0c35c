//! Planes of different sizes, as JPEG and lossy WebP store them.

use crate::raster::{Channels, Raster};
use crate::resize::{self, Plane, Rect};
use crate::ycc::{self, Mixing};

/// The meaning of the planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Gray,
    YCbCr,
    /// YCbCr of a video codec: brightness and colour in 0 to 255, but mixed by other shares than JFIF's.
    #[cfg_attr(not(feature = "heic"), allow(dead_code))] // only HEIC has it
    Video(Mixing),
    Rgb,
    /// 255 is full ink.
    Cmyk,
    /// Three inks in YCbCr, and black; 255 is full ink.
    Ycck,
}

/// What a plane is, but for its samples.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Shape {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// The size of the whole picture in samples of this plane, with its fraction: samples beyond it are padding.
    pub(crate) extent: (f64, f64),
}

impl Shape {
    pub(super) const fn size(self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The part that is the whole picture.
    pub(super) const fn whole(self) -> Rect {
        Rect::all(self.extent.0, self.extent.1)
    }
}

/// One plane of samples that owns them.
pub(crate) struct Samples {
    pub(crate) bytes: Vec<u8>,
    pub(crate) stride: usize,
    pub(crate) shape: Shape,
}

/// A picture in planes.
pub(crate) struct Planes {
    pub(crate) meaning: Meaning,
    pub(crate) planes: Vec<Samples>,
}

impl Planes {
    pub(crate) fn plane(&self, index: usize) -> Plane<'_> {
        let Samples { bytes, stride, shape: Shape { width, height, extent } } = &self.planes[index];
        Plane { bytes, stride: *stride, width: *width, height: *height, extent: *extent }
    }

    /// The channels once the planes are side by side.
    pub(crate) const fn channels(&self) -> Channels {
        match self.meaning {
            Meaning::Gray => Channels::Gray,
            Meaning::YCbCr | Meaning::Video(_) | Meaning::Rgb => Channels::Rgb,
            Meaning::Cmyk | Meaning::Ycck => Channels::Cmyk,
        }
    }

    /// All planes at one size, side by side.
    pub(crate) fn merged(&self, width: u32, height: u32) -> Raster {
        let fitted: Vec<Vec<u8>> = (0..self.planes.len())
            .map(|index| self.plane(index))
            .map(|plane| resize::plane(plane, plane.whole(), width, height))
            .collect();
        let (channels, bytes) = match (self.meaning, fitted.as_slice()) {
            (Meaning::YCbCr, [luma, cb, cr]) => (Channels::Rgb, ycc::to_rgb(luma, cb, cr)),
            (Meaning::Video(by), [luma, cb, cr]) => (Channels::Rgb, ycc::mixed(luma, cb, cr, by)),
            (Meaning::Ycck, [luma, cb, cr, black]) => {
                let inks = ycc::to_rgb(luma, cb, cr);
                let four =
                    inks.as_chunks::<3>().0.iter().zip(black).flat_map(|(&[c, m, y], k)| [c, m, y, *k]).collect();
                (Channels::Cmyk, four)
            }
            (Meaning::Rgb, [_, _, _]) => (Channels::Rgb, side_by_side(&fitted)),
            (Meaning::Cmyk, [_, _, _, _]) => (Channels::Cmyk, side_by_side(&fitted)),
            _ => (Channels::Gray, fitted.into_iter().next().unwrap_or_default()),
        };
        Raster { width, height, channels, bytes }
    }
}

fn side_by_side(planes: &[Vec<u8>]) -> Vec<u8> {
    let mut mixed = vec![0; planes.iter().map(Vec::len).sum()];
    for (index, plane) in planes.iter().enumerate() {
        mixed.iter_mut().skip(index).step_by(planes.len()).zip(plane).for_each(|(to, from)| *to = *from);
    }
    mixed
}
