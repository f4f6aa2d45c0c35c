//! Blocks, planes and the memory they need, computed before any of it is allocated.

use crate::block::kept;
use crate::error::{Error, Limit, Result};
use crate::header::Header;
use crate::idct::ROW;
use crate::scale::Scale;

/// The limits that the caller sets for one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Width × height of the full picture. Default: 100 million.
    pub max_pixels: u64,
    /// Scans; progressive files of real encoders have about ten. Default: 64.
    pub max_scans: u32,
    /// Blocks decoded, summed over all scans: the size of a picture times the scans it comes in. Default: 64 million,
    /// a 100-megapixel 4:2:0 progressive file with 27 passes over everything.
    pub max_block_visits: u64,
    /// Bytes the decoder may allocate, its result included, the file itself not. Default: 512 MiB.
    pub max_memory: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_pixels: 100_000_000, max_scans: 64, max_block_visits: 64_000_000, max_memory: 512 << 20 }
    }
}

/// One component's share of the frame, and the plane it is decoded to.
#[derive(Debug, Clone)]
pub(crate) struct ComponentLayout {
    /// Blocks in one unit of an interleaved scan.
    pub h: usize,
    pub v: usize,
    /// Blocks that hold picture.
    pub blocks_x: usize,
    pub blocks_y: usize,
    /// Blocks with the filling up to whole units.
    pub padded_x: usize,
    pub padded_y: usize,
    /// Samples per block, each way.
    pub n: usize,
    pub plane: PlaneLayout,
}

/// The shape of a decoded plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlaneLayout {
    /// Samples in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes from one row to the next, at least `width`.
    pub stride: usize,
    /// The width before it was rounded up to whole samples: the last column may be covered only in part. A resize
    /// that maps the picture to exactly this much of the plane keeps planes of different sizes in register.
    pub exact_width: f64,
    /// The height before rounding.
    pub exact_height: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub components: Vec<ComponentLayout>,
    /// Units of an interleaved scan.
    pub units_x: usize,
    pub units_y: usize,
}

impl Layout {
    pub fn new(header: &Header<'_>, scale: Scale) -> Self {
        let (width, height) = (usize::from(header.width), usize::from(header.height));
        let single = header.components.len() == 1; // whose sampling factors mean nothing
        let (h_max, v_max) = if single { (1, 1) } else { header.max_sampling() };
        let (h_max, v_max) = (usize::from(h_max), usize::from(v_max));
        let (units_x, units_y) = (width.div_ceil(8 * h_max), height.div_ceil(8 * v_max));
        let component = |(index, c): (usize, &crate::header::Component)| {
            let (h, v) = if single { (1, 1) } else { (usize::from(c.h), usize::from(c.v)) };
            let n = usize::from(scale.of(header.color, index));
            let padded_x = units_x * h;
            ComponentLayout {
                h,
                v,
                blocks_x: (width * h).div_ceil(8 * h_max),
                blocks_y: (height * v).div_ceil(8 * v_max),
                padded_x,
                padded_y: units_y * v,
                n,
                plane: PlaneLayout {
                    width: (width * h * n).div_ceil(8 * h_max),
                    height: (height * v * n).div_ceil(8 * v_max),
                    stride: (padded_x * n + ROW - n).next_multiple_of(16),
                    exact_width: (width * h * n) as f64 / (8 * h_max) as f64,
                    exact_height: (height * v * n) as f64 / (8 * v_max) as f64,
                },
            }
        };
        Self { components: header.components.iter().enumerate().map(component).collect(), units_x, units_y }
    }
}

impl ComponentLayout {
    /// Bytes of the plane, whole units high.
    pub fn plane_bytes(&self) -> u64 {
        (self.plane.stride * self.n * self.padded_y) as u64
    }

    /// Bytes of the part of the plane that one row of interleaved units covers.
    pub fn band_bytes(&self) -> usize {
        self.plane.stride * self.n * self.v
    }

    /// Bytes to keep the coefficients of all blocks between the scans of a progressive file.
    pub fn coefficient_bytes(&self) -> u64 {
        (self.padded_x * self.padded_y * (kept(self.n) * 2 + 8)) as u64
    }
}

/// A vector of zeros, or an error instead of an abort.
pub(crate) fn zeros<T: Clone + Default>(count: usize) -> Result<Vec<T>> {
    let mut vector = Vec::new();
    vector.try_reserve_exact(count).map_err(|_| Error::LimitExceeded(Limit::Memory))?;
    vector.resize(count, T::default());
    Ok(vector)
}
