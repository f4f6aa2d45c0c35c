//! A header says the same whether it is read from the whole file or piece by piece, and stays within the limits.

#![no_main]

use darkroom_imaging::{Inspection, Limits, inspect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let limits = Limits { max_bytes: 1 << 20, max_side: 5_000, max_pixels: 4_000_000, max_frames: 50 };
    let total = data.len() as u64;
    let whole = inspect(data, total, None, &limits);
    if let Ok(Inspection::Header(header)) = &whole {
        assert!(header.width.max(header.height) <= limits.max_side && header.frames <= limits.max_frames);
        assert!(u64::from(header.width) * u64::from(header.height) <= limits.max_pixels);
        assert!((1..=8).contains(&header.orientation));
    }
    let mut have = data.len().min(32);
    for _ in 0..64 {
        match inspect(&data[..have], total, None, &limits) {
            Ok(Inspection::NeedMore { bytes }) => have = usize::try_from(bytes).unwrap_or(usize::MAX).min(data.len()),
            Ok(Inspection::Header(header)) => {
                let Ok(Inspection::Header(all)) = &whole else { panic!("the whole file has no header, its head has") };
                assert_eq!((header.format, header.width, header.height), (all.format, all.width, all.height));
                return;
            }
            Err(_) => return,
        }
    }
});
