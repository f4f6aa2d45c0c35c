//! Darkroom's own notions, as plain types: ids, object keys, records, errors, the work order that travels through the
//! state machine, S3 events. Pure: no AWS client, no I/O, no clock and no randomness but in [`id::ImageId::new`].

pub mod act;
pub mod album;
pub mod cause;
pub mod cursor;
pub mod delivery;
pub mod drift;
pub mod erasure;
pub mod error;
pub mod event;
pub mod execution_name;
pub mod focus;
pub mod id;
pub mod import;
pub mod key;
pub mod letter;
pub mod order;
pub mod protocol;
pub mod range;
pub mod record;
pub mod rerender;
pub mod settings;
pub mod shard;
pub mod sweep;
pub mod text;
pub mod timestamp;
pub mod token;

pub use error::{Error, ErrorCode};

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes every write");
        text
    })
}
