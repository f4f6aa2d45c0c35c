//! Where the coded pictures of a HEIF are, as its decoder needs to know it.

use std::ops::Range;

/// A picture, its transparency, and the part of both that shows.
#[derive(Debug)]
pub(crate) struct HeifLayout {
    pub(crate) color: Coded,
    pub(crate) alpha: Option<Alpha>,
    /// The left and the upper edge of what shows. Its size is the header's.
    pub(crate) crop: Option<(u32, u32)>,
    /// The decoders' settings that the pictures name.
    pub(crate) configs: Vec<Config>,
}

/// A gray picture that is the transparency of another one.
#[derive(Debug)]
pub(crate) struct Alpha {
    pub(crate) coded: Coded,
    /// Are the colours multiplied with it?
    pub(crate) premultiplied: bool,
}

/// One coded picture, or a grid of them.
#[derive(Debug)]
pub(crate) struct Coded {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) columns: u32,
    /// Width and height of each part. The last column and the last row may reach beyond the picture.
    pub(crate) tile: (u32, u32),
    /// Row by row.
    pub(crate) parts: Vec<Part>,
    /// How numbers become colours. Absent means that the coded picture says it.
    pub(crate) numbers: Option<Numbers>,
}

/// How the numbers of a picture become colours, by the code points of ISO/IEC 23091-2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Numbers {
    pub(crate) matrix: u16,
    /// 0 to 255, not 16 to 235.
    pub(crate) full_range: bool,
}

/// One coded picture of one part.
#[derive(Debug)]
pub(crate) struct Part {
    /// An index of [`HeifLayout::configs`].
    pub(crate) config: usize,
    /// Its bytes, in pieces anywhere in the file.
    pub(crate) extents: Vec<Range<usize>>,
}

/// The settings of an HEVC decoder (`hvcC`).
#[derive(Debug)]
pub(crate) struct Config {
    /// The property that it was read from.
    pub(crate) property: usize,
    /// Bytes of the length before each unit of a coded picture.
    pub(crate) length_bytes: usize,
    pub(crate) gray: bool,
    pub(crate) depth: u8,
    /// Parameter sets, somewhere in the header.
    pub(crate) units: Vec<Range<usize>>,
}
