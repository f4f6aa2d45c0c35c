//! Whatever the bytes: no panic, and the three ways to read a file agree.
//!
//! The last byte chooses the scale, so that fixtures and files from elsewhere are seeds as they are.

#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use scaledown_jpeg::{Decoder, Limits, Scale};

fuzz_target!(|data: &[u8]| {
    let limits = Limits { max_pixels: 1_000_000, max_scans: 20, max_block_visits: 200_000, max_memory: 256 << 20 };
    let Ok(decoder) = Decoder::with_limits(data, limits) else { return };
    let choice = data[data.len() - 1];
    let decoder = decoder.scale(Scale::eighths(choice % 8 + 1).with_chroma(choice / 8 % 8 + 1));
    let picture = decoder.decode();
    let mut first_rows = vec![0; decoder.planes().len()];
    let mut same = true;
    let bands = decoder.decode_bands(|band| {
        for ((part, next), index) in band.planes.iter().zip(&mut first_rows).zip(0..) {
            assert_eq!(part.first_row, *next);
            *next += part.data().len() / part.stride;
            if let Ok(picture) = &picture {
                let rows = picture.planes[index].rows().skip(part.first_row);
                same &= part.rows().zip(rows).all(|(a, b)| a == b);
            }
        }
        ControlFlow::Continue(())
    });
    assert!(same, "bands and planes differ");
    assert_eq!(bands.err(), picture.as_ref().err().copied());
    assert_eq!(decoder.check().err(), picture.err());
});
