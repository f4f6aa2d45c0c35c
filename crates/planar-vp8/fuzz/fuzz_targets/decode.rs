//! A VP8 frame, bare or in a WebP: refused, or the same planes as another decoder makes of it.

#![no_main]

use std::ops::ControlFlow;

use image_webp::vp8::Vp8Decoder;
use libfuzzer_sys::fuzz_target;
use planar_vp8::Frame;

const MOST_PIXELS: u64 = 100_000;

fuzz_target!(|data: &[u8]| {
    let payload = match data.windows(4).position(|name| name == b"VP8 ") {
        Some(chunk) if data.starts_with(b"RIFF") => data.get(chunk + 8..).unwrap_or_default(),
        _ => data,
    };
    let mut planes = [const { Vec::new() }; 3];
    let decoded = Frame::new(payload, MOST_PIXELS).and_then(|frame| {
        frame.decode(|band| {
            for (plane, rows) in planes.iter_mut().zip([band.luma, band.chroma[0], band.chroma[1]]) {
                plane.extend_from_slice(rows);
            }
            ControlFlow::Continue(())
        })
    });
    if decoded.is_ok() {
        let frame = Vp8Decoder::decode_frame(payload).expect("it is decoded here");
        assert!(planes == [frame.ybuf, frame.ubuf, frame.vbuf], "other planes");
    }
});
