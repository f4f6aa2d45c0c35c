//! What comes out.

use crate::geometry::{Layout, PlaneLayout};
use crate::header::ColorModel;

/// A decoded picture: one plane per component, each of its own size.
#[derive(Debug, Clone)]
pub struct Picture {
    /// In the order of the file's components.
    pub planes: Vec<Plane>,
    /// What the planes mean.
    pub color: ColorModel,
    /// CMYK and YCCK of Adobe's kind: 255 stands for no ink.
    pub inverted: bool,
}

/// The samples of one component.
#[derive(Debug, Clone)]
pub struct Plane {
    layout: PlaneLayout,
    data: Vec<u8>,
}

impl Plane {
    pub(crate) fn new(layout: PlaneLayout, data: Vec<u8>) -> Self {
        Self { layout, data }
    }

    /// Samples in a row.
    pub fn width(&self) -> usize {
        self.layout.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.layout.height
    }

    /// Bytes from one row to the next.
    pub fn stride(&self) -> usize {
        self.layout.stride
    }

    /// The shape, with the size before rounding.
    pub fn layout(&self) -> &PlaneLayout {
        &self.layout
    }

    /// All rows, `stride` apart. Beyond `width` in each row, and beyond `height`, there is filling.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The same, to keep.
    pub fn into_data(self) -> Vec<u8> {
        self.data
    }

    /// One row.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, y: usize) -> &[u8] {
        assert!(y < self.layout.height, "row {y} of a plane with {} rows", self.layout.height);
        &self.data[y * self.layout.stride..][..self.layout.width]
    }

    /// The rows from top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.layout.height).map(|y| self.row(y))
    }
}

/// The rows of each plane that one row of coding units covers.
#[derive(Debug)]
pub struct Band<'b> {
    /// In the order of the file's components.
    pub planes: Vec<BandPlane<'b>>,
}

/// One plane's rows in a [`Band`].
#[derive(Debug, Clone, Copy)]
pub struct BandPlane<'b> {
    /// Which row of the plane the first one is.
    pub first_row: usize,
    /// How many rows; the last band may have fewer, even none.
    pub rows: usize,
    /// Samples in a row.
    pub width: usize,
    /// Bytes from one row to the next.
    pub stride: usize,
    data: &'b [u8],
}

impl<'b> Band<'b> {
    pub(crate) fn new(layout: &Layout, planes: &'b [Vec<u8>], unit: usize, whole: bool) -> Self {
        let part = |(c, plane): (&crate::geometry::ComponentLayout, &'b Vec<u8>)| {
            let (height, stride) = (c.n * c.v, c.plane.stride);
            let first_row = unit * height;
            let start = if whole { first_row * stride } else { 0 };
            BandPlane {
                first_row,
                rows: height.min(c.plane.height.saturating_sub(first_row)),
                width: c.plane.width,
                stride,
                data: &plane[start..][..height * stride],
            }
        };
        Self { planes: layout.components.iter().zip(planes).map(part).collect() }
    }
}

impl<'b> BandPlane<'b> {
    /// One of the band's rows, counted from 0.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn row(&self, y: usize) -> &'b [u8] {
        assert!(y < self.rows, "row {y} of a band with {} rows", self.rows);
        &self.data[y * self.stride..][..self.width]
    }

    /// The band's rows from top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &'b [u8]> + use<'b> {
        let band = *self;
        (0..band.rows).map(move |y| band.row(y))
    }

    /// All rows, `stride` apart, with filling beyond `width`.
    pub fn data(&self) -> &'b [u8] {
        self.data
    }
}
