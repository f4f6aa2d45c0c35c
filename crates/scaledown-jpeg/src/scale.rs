//! How large the planes become.

use crate::header::{ColorModel, Header};

/// At how many eighths of its full size each component is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scale {
    main: u8,
    chroma: u8,
}

impl Scale {
    /// Every component at the size it is stored in.
    pub const FULL: Self = Self { main: 8, chroma: 8 };

    /// Every component at `n` eighths, 1 to 8; other numbers are moved into that range.
    pub const fn eighths(n: u8) -> Self {
        let n = if n < 1 {
            1
        } else if n > 8 {
            8
        } else {
            n
        };
        Self { main: n, chroma: n }
    }

    /// The smallest scale at which the picture is still at least this wide and high (8 if it never is).
    pub fn covering(header: &Header<'_>, width: u32, height: u32) -> Self {
        let fits = |n: u8| {
            let scaled = |size: u16| (u32::from(size) * u32::from(n)).div_ceil(8);
            scaled(header.width) >= width && scaled(header.height) >= height
        };
        Self::eighths((1..8).find(|&n| fits(n)).unwrap_or(8))
    }

    /// The same, but with the Cb and Cr of a YCbCr or YCCK file at `n` eighths of their stored size.
    ///
    /// Chroma is often stored at half size: at `2 × N` eighths it comes out as large as the reduced luma, with detail
    /// that upsampling could not bring back. Ignored for gray, RGB and CMYK.
    #[must_use]
    pub const fn with_chroma(self, n: u8) -> Self {
        Self { main: self.main, chroma: Self::eighths(n).main }
    }

    /// The same, with chroma decoded as close to the size of the reduced luma as eighths allow, never above it.
    #[must_use]
    pub fn with_finest_chroma(self, header: &Header<'_>) -> Self {
        let (h, v) = header.max_sampling();
        let ratio = header.components.get(1).map_or(1, |c| (h / c.h).min(v / c.v).max(1));
        self.with_chroma((self.main * ratio).min(8))
    }

    /// Eighths for the first component, and for all that are not chroma.
    pub const fn main(self) -> u8 {
        self.main
    }

    /// Eighths for Cb and Cr.
    pub const fn chroma(self) -> u8 {
        self.chroma
    }

    pub(crate) fn of(self, color: ColorModel, component: usize) -> u8 {
        match color {
            ColorModel::YCbCr | ColorModel::Ycck if matches!(component, 1 | 2) => self.chroma,
            _ => self.main,
        }
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self::FULL
    }
}
