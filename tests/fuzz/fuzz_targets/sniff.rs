//! The first bytes alone: any number of them, under any declared type. No panic, and never a demand for more bytes
//! without end.

#![no_main]

use darkroom_imaging::{Inspection, Limits, inspect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = Limits { max_bytes: 1 << 20, max_side: 5_000, max_pixels: 4_000_000, max_frames: 50 };
    let total = data.len() as u64 + u64::from(data.last().copied().unwrap_or(0)) * 1000;
    for declared in [None, Some("image/jpeg"), Some("image/png")] {
        for length in [data.len().min(16), data.len()] {
            if let Ok(Inspection::NeedMore { bytes }) = inspect(&data[..length], total, declared, &limits) {
                assert!(bytes > length as u64 && bytes <= total, "asked for {bytes} of {total}, had {length}");
            }
        }
    }
});
