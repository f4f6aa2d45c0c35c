//! Shrinks a JPEG to at least so many pixels on each side, as fast as possible, and writes the brightness as PGM:
//! `shrink photo.jpg 1024 > photo.pgm`. Nothing larger than a few rows is ever in memory, but for progressive files.

use std::io::{BufWriter, Write};
use std::ops::ControlFlow;

use scaledown_jpeg::{Decoder, Scale};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let data = std::fs::read(arguments.next().ok_or("which file?")?)?;
    let side: u32 = arguments.next().ok_or("how large?")?.parse()?;

    let decoder = Decoder::new(&data)?;
    let header = decoder.header();
    eprintln!("{} × {}, {:?}, progressive: {}", header.width, header.height, header.color, header.progressive);
    let decoder = decoder.clone().scale(Scale::covering(header, side, side));
    let luma = decoder.planes()[0];
    eprintln!("{} × {} in {} bytes of memory", luma.width, luma.height, decoder.memory_for_bands());

    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(out, "P5 {} {} 255", luma.width, luma.height)?;
    let mut written = Ok(());
    decoder.decode_bands(|band| {
        written = band.planes[0].rows().try_for_each(|row| out.write_all(row));
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    Ok(out.flush()?)
}
