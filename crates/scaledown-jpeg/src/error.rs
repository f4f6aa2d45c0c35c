//! The errors of a file, by name.

use core::fmt;

/// Why a file was not decoded. There is no "partly": whatever is reported here, no complete picture exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The first bytes are not a JPEG's (`FF D8 FF`).
    NotJpeg,
    /// The data ends inside the header. With a ranged read: fetch at least `needed` bytes from the start and try again.
    HeaderIncomplete {
        /// A lower bound for the length of the header; more may be asked for the next time.
        needed: usize,
    },
    /// The data ends where coded picture data should be.
    Truncated {
        /// Where the data ends.
        offset: usize,
    },
    /// A marker that may not stand at this place.
    UnexpectedMarker {
        /// The second byte of the marker.
        marker: u8,
        /// Where it stands.
        offset: usize,
    },
    /// A restart marker is missing, superfluous or out of order.
    RestartOutOfOrder {
        /// The restart marker that should have come (0 to 7); `None` where none should be.
        expected: Option<u8>,
        /// The second byte of the marker found instead.
        found: u8,
        /// Where it stands.
        offset: usize,
    },
    /// Bytes that belong to nothing, more of them than cameras are known to leave behind.
    StrayBytes {
        /// Where they begin.
        offset: usize,
        /// How many.
        count: usize,
    },
    /// A marker segment whose contents make no sense.
    BadSegment {
        /// The second byte of the segment's marker.
        marker: u8,
        /// Where it stands.
        offset: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// A Huffman table that is used by a scan assigns more codes than there are.
    BadHuffmanTable,
    /// A scan refers to a Huffman or quantisation table that has not been defined.
    MissingTable {
        /// What kind of table.
        kind: &'static str,
    },
    /// Bits that are not a Huffman code of the table in use.
    BadHuffmanCode {
        /// Where the code begins, or the byte after.
        offset: usize,
    },
    /// A run of coefficients that leaves its block, or a symbol without a meaning.
    BadCoefficient {
        /// Where its code ends, or the byte after.
        offset: usize,
    },
    /// A scan that does not fit the frame or the scans before it.
    BadScan {
        /// Where the scan's header stands.
        offset: usize,
        /// What is wrong.
        reason: &'static str,
    },
    /// The file ends properly, but not every component was coded.
    MissingScan {
        /// The index of the first component without data.
        component: usize,
    },
    /// A legal JPEG of a kind this crate does not decode.
    Unsupported(Feature),
    /// The caller's limits forbid it.
    LimitExceeded(Limit),
    /// The caller's stop condition, or its band callback, ended the decode.
    Stopped,
}

/// Legal kinds of JPEG that this crate does not decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Feature {
    /// Arithmetic coding (SOF9, SOF10, DAC).
    ArithmeticCoding,
    /// Lossless JPEG (SOF3), including JPEG-LS (SOF55).
    Lossless,
    /// Hierarchical JPEG (SOF5 to SOF7, DHP).
    Hierarchical,
    /// Samples of other than 8 bits.
    Precision(u8),
    /// A number of components other than 1, 3 and 4.
    Components(u8),
    /// A height that is only told after the first scan (DNL).
    UndefinedHeight,
}

/// Which limit was hit. See [`Limits`](crate::Limits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// `max_pixels`.
    Pixels,
    /// `max_scans`.
    Scans,
    /// `max_block_visits`.
    Work,
    /// `max_memory`, or the system has no more.
    Memory,
}

/// Short for a result of this crate.
pub type Result<T, E = Error> = core::result::Result<T, E>;

impl Error {
    /// A stable name for logs and tables.
    pub fn name(&self) -> &'static str {
        match self {
            Error::NotJpeg => "NotJpeg",
            Error::HeaderIncomplete { .. } => "HeaderIncomplete",
            Error::Truncated { .. } => "Truncated",
            Error::UnexpectedMarker { .. } => "UnexpectedMarker",
            Error::RestartOutOfOrder { .. } => "RestartOutOfOrder",
            Error::StrayBytes { .. } => "StrayBytes",
            Error::BadSegment { .. } => "BadSegment",
            Error::BadHuffmanTable => "BadHuffmanTable",
            Error::MissingTable { .. } => "MissingTable",
            Error::BadHuffmanCode { .. } => "BadHuffmanCode",
            Error::BadCoefficient { .. } => "BadCoefficient",
            Error::BadScan { .. } => "BadScan",
            Error::MissingScan { .. } => "MissingScan",
            Error::Unsupported(_) => "Unsupported",
            Error::LimitExceeded(_) => "LimitExceeded",
            Error::Stopped => "Stopped",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Error::NotJpeg => f.write_str("not a JPEG file"),
            Error::HeaderIncomplete { needed } => write!(f, "the header needs at least {needed} bytes"),
            Error::Truncated { offset } => write!(f, "the picture data ends early, at byte {offset}"),
            Error::UnexpectedMarker { marker, offset } => {
                write!(f, "marker FF{marker:02X} may not stand at byte {offset}")
            }
            Error::RestartOutOfOrder { expected: Some(n), found, offset } => {
                write!(f, "expected restart marker {n} at byte {offset}, found FF{found:02X}")
            }
            Error::RestartOutOfOrder { expected: None, found, offset } => {
                write!(f, "restart marker FF{found:02X} at byte {offset}, where none should be")
            }
            Error::StrayBytes { offset, count } => write!(f, "{count} bytes from byte {offset} on belong to nothing"),
            Error::BadSegment { marker, offset, reason } => {
                write!(f, "segment FF{marker:02X} at byte {offset}: {reason}")
            }
            Error::BadHuffmanTable => f.write_str("a Huffman table assigns more codes than there are"),
            Error::MissingTable { kind } => write!(f, "a scan uses an undefined {kind} table"),
            Error::BadHuffmanCode { offset } => write!(f, "no such Huffman code, near byte {offset}"),
            Error::BadCoefficient { offset } => write!(f, "coefficients leave their block, near byte {offset}"),
            Error::BadScan { offset, reason } => write!(f, "scan at byte {offset}: {reason}"),
            Error::MissingScan { component } => write!(f, "component {component} has no picture data"),
            Error::Unsupported(feature) => write!(f, "not supported: {feature}"),
            Error::LimitExceeded(limit) => write!(f, "the limit on {limit} is exceeded"),
            Error::Stopped => f.write_str("stopped by the caller"),
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Feature::ArithmeticCoding => f.write_str("arithmetic coding"),
            Feature::Lossless => f.write_str("lossless JPEG"),
            Feature::Hierarchical => f.write_str("hierarchical JPEG"),
            Feature::Precision(bits) => write!(f, "{bits} bits per sample"),
            Feature::Components(n) => write!(f, "{n} components"),
            Feature::UndefinedHeight => f.write_str("a height defined after the first scan"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Limit::Pixels => "pixels",
            Limit::Scans => "scans",
            Limit::Work => "work",
            Limit::Memory => "memory",
        })
    }
}

impl core::error::Error for Error {}
