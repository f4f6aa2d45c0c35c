//! Headers: no panic, and a header that is complete is the same whatever follows.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scaledown_jpeg::{Error, Header, Scale};

fuzz_target!(|data: &[u8]| {
    match Header::parse(data) {
        Ok(header) => {
            let _ = header.icc_profile();
            let scale = Scale::covering(&header, 2048, 0).with_finest_chroma(&header);
            assert!((1..=8).contains(&scale.main()) && (1..=8).contains(&scale.chroma()));
            assert!(header.length < data.len());
        }
        Err(Error::HeaderIncomplete { needed }) => assert!(needed > data.len()),
        Err(_) => {}
    }
});
