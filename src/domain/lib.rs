//! What Darkroom is about, in plain types: ids, object keys, records, errors, the work order that travels
//! through the state machine, S3 events. Pure: no AWS client, no I/O, no clock and no randomness but in
//! [`id::ImageId::new`].

pub mod error;
