//! The errors of a frame, by name.

use core::fmt;

/// Why a frame was not decoded. There is no "partly": rows that were handed out before an error are not a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The data ends where the frame goes on, or begins as no encoder begins it.
    Truncated,
    /// The three bytes that begin a key frame are others.
    NoStartCode,
    /// A frame that only changes the one before it. WebP has none.
    NotAKeyFrame,
    /// A colour space that the format reserves.
    ReservedColorSpace,
    /// A width or a height of nothing.
    Empty,
    /// The frame has more pixels than the caller allows.
    TooManyPixels,
    /// The caller had enough.
    Stopped,
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Truncated => "the frame ends early",
            Self::NoStartCode => "the frame has no start code",
            Self::NotAKeyFrame => "the frame is not a key frame",
            Self::ReservedColorSpace => "the frame's colour space is reserved",
            Self::Empty => "the frame has no pixels",
            Self::TooManyPixels => "the frame has more pixels than the limit",
            Self::Stopped => "stopped by the caller",
        })
    }
}

impl std::error::Error for Error {}
