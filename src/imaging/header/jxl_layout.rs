//! What the decoder of a JPEG XL needs to know from its header.

use std::ops::Range;

/// Where the codestream is, and how its colours are kept.
#[derive(Clone, Debug)]
pub(crate) struct JxlLayout {
    /// The pieces of the codestream, in their order.
    pub(crate) pieces: Vec<Range<usize>>,
    /// Are the colours kept as brightness and two differences that a decoder turns into any colour space?
    pub(crate) absolute: bool,
    /// Are the colours multiplied with alpha?
    pub(crate) premultiplied: bool,
}
