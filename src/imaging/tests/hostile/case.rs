//! A hostile file, and what must become of it.

use darkroom_imaging::Picture;

/// One hostile file.
pub struct Case {
    /// What is wrong with it.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What must become of it.
    pub expect: Expect,
    /// The file before it was cut.
    pub whole: Option<Picture>,
}

/// What must become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// This variant of `ImageError`.
    Error(&'static str),
    /// Some error.
    AnyError,
    /// A picture.
    Picture,
    /// Either: a damaged byte may or may not matter.
    Any,
}
