//! Decodes a file again and again and prints the best CPU time: `measure photo.jpg [eighths] [rounds] [what]`, where
//! `what` is `planes` (the default), `bands`, `check`, or an oracle: `zune` or `jpeg-decoder`, both at full size.
//!
//! For numbers that do not depend on what else the machine does, count instructions:
//! `valgrind --tool=callgrind target/release/examples/measure photo.jpg 5 1`.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Instant;

use scaledown_jpeg::{Decoder, Scale};
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Nanoseconds of CPU this thread has used; of the clock where Linux does not tell.
fn cpu(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .unwrap_or_else(|| start.elapsed().as_nanos() as f64)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = std::fs::read(arguments.next().ok_or("which file?")?)?;
    let eighths: u8 = arguments.next().map_or(Ok(8), |n| n.parse())?;
    let rounds: u32 = arguments.next().map_or(Ok(20), |n| n.parse())?;
    let what = arguments.next().unwrap_or_else(|| "planes".into());

    let decoder = Decoder::new(&data)?.scale(Scale::eighths(eighths));
    let first = decoder.planes()[0];
    let mut best = f64::INFINITY;
    let epoch = Instant::now();
    for _ in 0..rounds {
        let start = cpu(epoch);
        match what.as_str() {
            "planes" => drop(black_box(decoder.decode()?)),
            "check" => decoder.check()?,
            "bands" => decoder.decode_bands(|band| {
                black_box(band.planes[0].data());
                ControlFlow::Continue(())
            })?,
            "zune" => {
                let options = DecoderOptions::new_fast().jpeg_set_out_colorspace(ColorSpace::YCbCr);
                black_box(zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(&data[..]), options).decode()?);
            }
            "jpeg-decoder" => drop(black_box(jpeg_decoder::Decoder::new(&data[..]).decode()?)),
            other => return Err(format!("unknown: {other}").into()),
        }
        best = best.min(cpu(epoch) - start);
    }
    println!("{what} {eighths}/8 ({} x {}): {:.2} ms", first.width, first.height, best / 1e6);
    Ok(())
}
