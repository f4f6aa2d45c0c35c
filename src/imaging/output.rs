//! The file formats of variants.

use serde::{Deserialize, Serialize};

use crate::picture::LONGEST_SIDE;

/// The file format of a variant. In the order in which a browser that reads several of them takes one: the smallest
/// files first, and last the format that every program reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutputFormat {
    /// Lossy AVIF, 4:2:0, with alpha where the picture has some: two thirds of JPEG's bytes, in fifteen times its time.
    Avif,
    /// Lossy WebP, with alpha where the picture has some.
    Webp,
    /// PNG, with alpha where the picture has some.
    Png,
    /// JPEG, 4:2:0. Transparency is flattened on the recipe's background.
    #[default]
    Jpeg,
}

impl OutputFormat {
    /// Can it carry alpha?
    pub const fn keeps_alpha(self) -> bool {
        !matches!(self, Self::Jpeg)
    }

    /// Does it keep colour at half the picture's sides, as [`Ycc`](crate::ycc::Ycc) does?
    pub(crate) const fn is_planar(self) -> bool {
        matches!(self, Self::Jpeg | Self::Avif)
    }

    /// The default quality: JPEG and AVIF then look alike.
    pub(crate) const fn usual_quality(self) -> u8 {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => 82,
            Self::Avif => 70,
        }
    }

    /// An AVIF takes a second of CPU for each three million pixels, and a worker has thirty.
    pub(crate) const fn longest_side(self) -> u32 {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => LONGEST_SIDE,
            Self::Avif => 4096,
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// The file name's ending, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }
}
