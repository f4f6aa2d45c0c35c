//! How the pixels of a TIFF are stored: everything that its decoder needs, checked and named by the header's reader.

/// The layout of the first page.
#[derive(Clone, Debug)]
pub(crate) struct TiffLayout {
    pub(crate) order: Order,
    pub(crate) meaning: Meaning,
    /// Bits of a sample: 1, 2, 4, 8 or 16.
    pub(crate) bits: u32,
    /// Samples of a pixel, those without a meaning included.
    pub(crate) samples: u32,
    pub(crate) alpha: Option<Alpha>,
    /// One plane for each sample?
    pub(crate) planar: bool,
    pub(crate) packing: Packing,
    /// Is a sample the difference to its left neighbour?
    pub(crate) differences: bool,
    /// Is the first pixel in the lowest bit of a byte?
    pub(crate) reversed_bits: bool,
    /// Width and height of a tile, or of a strip.
    pub(crate) chunk: (u32, u32),
    /// Where the strips or tiles are, plane by plane.
    pub(crate) offsets: List,
    /// Their lengths. Absent in very old files.
    pub(crate) lengths: Option<List>,
    /// Reds, greens, blues.
    pub(crate) palette: Option<List>,
}

/// The sample that is alpha, and whether colours are stored multiplied with it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Alpha {
    pub(crate) sample: u32,
    pub(crate) premultiplied: bool,
}

/// What the samples mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The lowest value is white in some files, black in others.
    Gray {
        white_is_zero: bool,
    },
    Rgb,
    Palette,
    Cmyk,
}

/// How strips and tiles are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Packing {
    None,
    Lzw,
    Deflate,
    PackBits,
}

/// The file's byte order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    pub(crate) little: bool,
}

impl Order {
    pub(crate) const fn u16(self, bytes: [u8; 2]) -> u16 {
        if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) }
    }

    pub(crate) const fn u32(self, bytes: [u8; 4]) -> u32 {
        if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }
    }
}

/// Numbers of a tag, of two bytes or four.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    pub(crate) at: usize,
    pub(crate) count: u32,
    pub(crate) wide: bool,
}

impl List {
    /// A number of the list, if the file has it.
    pub(crate) fn get(self, file: &[u8], order: Order, index: u32) -> Option<u32> {
        if index >= self.count {
            return None;
        }
        let at = self.at.checked_add(index as usize * if self.wide { 4 } else { 2 })?;
        let rest = file.get(at..)?;
        if self.wide {
            rest.first_chunk().map(|bytes| order.u32(*bytes))
        } else {
            rest.first_chunk().map(|bytes| u32::from(order.u16(*bytes)))
        }
    }
}
