//! Decodes a lossy WebP again and again and prints the best CPU time: `measure photo.webp [rounds] [what]`, where `what`
//! is `planes` (the default), `bands`, or an oracle: `image-webp`, or `libwebp`, which also mixes RGB.
//!
//! For numbers that do not depend on what else the machine does, count instructions:
//! `valgrind --tool=callgrind target/release/examples/measure photo.webp 1`.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use image_webp::vp8::Vp8Decoder;
use planar_vp8::Frame;

/// Nanoseconds of CPU this thread has used; of the clock where Linux does not tell.
fn cpu(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| start.elapsed().as_nanos() as f64)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = std::fs::read(arguments.next().ok_or("which file?")?)?;
    let rounds: u32 = arguments.next().map_or(Ok(20), |n| n.parse())?;
    let what = arguments.next().unwrap_or_else(|| "planes".into());

    let chunk = file.windows(4).position(|name| name == b"VP8 ").ok_or("it is not lossy")?;
    let length: [u8; 4] = file[chunk + 4..][..4].try_into()?;
    let payload = file[chunk + 8..].get(..u32::from_le_bytes(length) as usize).ok_or("it ends early")?;
    let mut best = f64::INFINITY;
    let epoch = Instant::now();
    for _ in 0..rounds {
        let start = cpu(epoch);
        match what.as_str() {
            "planes" => {
                let frame = Frame::new(payload, u64::MAX)?;
                let pixels = usize::from(frame.width()) * usize::from(frame.height());
                let mut planes = [pixels, pixels / 4, pixels / 4].map(Vec::with_capacity);
                frame.decode(|band| {
                    for (plane, rows) in planes.iter_mut().zip([band.luma, band.chroma[0], band.chroma[1]]) {
                        plane.extend_from_slice(rows);
                    }
                    ControlFlow::Continue(())
                })?;
                black_box(planes);
            }
            "bands" => Frame::new(payload, u64::MAX)?.decode(|band| {
                black_box(band);
                ControlFlow::Continue(())
            })?,
            "image-webp" => drop(black_box(Vp8Decoder::decode_frame(payload)?)),
            "libwebp" => drop(black_box(webp::Decoder::new(&file).decode().ok_or("libwebp refuses it")?)),
            other => return Err(format!("unknown: {other}").into()),
        }
        best = best.min(cpu(epoch) - start);
    }
    println!("{what}: {:.2} ms", best / 1e6);
    Ok(())
}
