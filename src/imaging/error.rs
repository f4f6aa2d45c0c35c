//! The errors of a picture, of a recipe, and of a work file.

use crate::format::Format;

/// Why an upload cannot become a picture. The variants are the `Image.*` names of the error catalogue; this crate does
/// not know the catalogue, so the caller gives them their public name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// Zero bytes.
    #[error("the file is empty")]
    Empty,
    /// More bytes than [`Limits::max_bytes`](crate::Limits::max_bytes).
    #[error("the file has {bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// The bytes that it has.
        bytes: u64,
        /// What it may have.
        limit: u64,
    },
    /// A side or the area is beyond the limits.
    #[error("the picture is {width} × {height}; the limits are {max_side} a side and {max_pixels} pixels")]
    TooManyPixels {
        /// Stored width.
        width: u32,
        /// Stored height.
        height: u32,
        /// What a side may have.
        max_side: u32,
        /// What the area may have.
        max_pixels: u64,
    },
    /// More frames, or more pixels in all frames together, than the limits allow.
    #[error("the animation has {frames} frames or more; the limit is {limit} for its size")]
    TooManyFrames {
        /// How many were counted before giving up.
        frames: u32,
        /// What it may have: the frame limit, or fewer where the canvas is large.
        limit: u32,
    },
    /// Not a picture, or one in a format or flavour that is not read here.
    #[error("not read here: {0}")]
    Unsupported(&'static str),
    /// HEIC, where the build does not read it: recognised, so that the answer can help.
    #[error("the photo is HEIC; export it as JPEG")]
    Heic,
    /// AVIF: recognised, so that the answer can help.
    #[error("the picture is AVIF; export it as JPEG or PNG")]
    Avif,
    /// The bytes are another format than was declared.
    #[error("declared as {declared}, but the bytes are {found}")]
    TypeMismatch {
        /// The content type that the upload declared: ASCII, cut to 64 characters.
        declared: String,
        /// What the bytes are.
        found: Format,
    },
    /// Damaged, or ends early. Never answered with half a picture.
    #[error("the file is damaged: {0}")]
    Corrupt(&'static str),
    /// Would take more time or memory than a picture may.
    #[error("too complex: {0}")]
    TooComplex(&'static str),
}

/// A recipe that cannot be used. An operator wrote it, so the error says exactly what to fix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("recipe: {0}")]
pub struct RecipeError(pub String);

/// A work file that is damaged or does not fit the recipe. Never the fault of an upload.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WorkError {
    /// The bytes are not a whole work file.
    #[error("not a work file: {0}")]
    NotAWorkFile(&'static str),
    /// The recipe has no variant of that name.
    #[error("the recipe has no variant called {0:?}")]
    UnknownVariant(String),
    /// An encoder refused pixels of our own making.
    #[error("encoder: {0}")]
    Encoder(String),
}
