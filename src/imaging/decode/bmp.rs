//! BMP: rows of numbers, or runs of them.

use super::timed::DAMAGED;
use crate::error::ImageError;
use crate::header::bmp_layout::{BmpLayout, Coding, Mask};
use crate::header::model::Header;
use crate::raster::{Channels, Raster, buffer};
use crate::sandbox::Deadline;

const ENDS_EARLY: ImageError = ImageError::Corrupt("it ends early");

pub(super) fn decode(
    bytes: &[u8],
    layout: &BmpLayout,
    header: &Header,
    deadline: Deadline,
) -> Result<Raster, ImageError> {
    let (width, height) = (header.width, header.height);
    let channels = if header.alpha { Channels::Rgba } else { Channels::Rgb };
    let mut picture = Raster { width, height, channels, bytes: buffer(width, height, channels.count())? };
    let data = bytes.get(layout.pixels..).ok_or(ENDS_EARLY)?;
    let palette = palette(bytes, layout);
    match layout.coding {
        Coding::Runs(bits) => runs(data, bits, &palette, layout.top_down, &mut picture, deadline)?,
        coding => rows(data, coding, &palette, layout.top_down, &mut picture, deadline)?,
    }
    Ok(picture)
}

/// The colours as red, green, blue. A number without a colour is black, as in every viewer.
fn palette(bytes: &[u8], layout: &BmpLayout) -> [[u8; 3]; 256] {
    let mut colors = [[0; 3]; 256];
    if let Some(place) = layout.palette {
        let end = (place.at + place.colors * place.bytes_each).min(layout.pixels);
        let stored = bytes.get(place.at..end).unwrap_or_default();
        for (color, entry) in colors.iter_mut().zip(stored.chunks_exact(place.bytes_each)) {
            *color = [entry[2], entry[1], entry[0]];
        }
    }
    colors
}

fn rows(
    data: &[u8],
    coding: Coding,
    palette: &[[u8; 3]; 256],
    top_down: bool,
    picture: &mut Raster,
    deadline: Deadline,
) -> Result<(), ImageError> {
    let (width, height, channels) = (picture.width as usize, picture.height as usize, picture.channels.count());
    let bits = match coding {
        Coding::Indexed(bits) | Coding::Runs(bits) | Coding::Masked { bits, .. } => bits as usize,
        Coding::Bytes => 24,
    };
    let used = (width * bits).div_ceil(8);
    let mut seen_alpha = false;
    for (nth, out) in picture.bytes.chunks_exact_mut(width * channels).enumerate() {
        deadline.check()?;
        let y = if top_down { nth } else { height - 1 - nth };
        // Each row ends at a multiple of four bytes.
        let row = data.get(y * used.next_multiple_of(4)..).and_then(|rest| rest.get(..used)).ok_or(ENDS_EARLY)?;
        match coding {
            Coding::Indexed(8) => {
                for (pixel, index) in out.as_chunks_mut::<3>().0.iter_mut().zip(row) {
                    *pixel = palette[usize::from(*index)];
                }
            }
            Coding::Indexed(_) | Coding::Runs(_) => {
                let mask = (1_u16 << bits).wrapping_sub(1).to_le_bytes()[0];
                for (x, pixel) in out.as_chunks_mut::<3>().0.iter_mut().enumerate() {
                    let at = x * bits;
                    *pixel = palette[usize::from(row[at / 8] >> (8 - bits - at % 8) & mask)];
                }
            }
            Coding::Bytes => {
                for (pixel, [blue, green, red]) in out.as_chunks_mut::<3>().0.iter_mut().zip(row.as_chunks::<3>().0) {
                    *pixel = [*red, *green, *blue];
                }
            }
            Coding::Masked { red, green, blue, alpha, .. } => {
                let numbers = row.chunks_exact(bits / 8).map(|bytes| match *bytes {
                    [b0, b1] => u32::from(u16::from_le_bytes([b0, b1])),
                    [b0, b1, b2, b3] => u32::from_le_bytes([b0, b1, b2, b3]),
                    _ => 0,
                });
                for (pixel, number) in out.chunks_exact_mut(channels).zip(numbers) {
                    let color = [red, green, blue, alpha].map(|mask: Mask| mask.value(number));
                    seen_alpha |= color[3] > 0;
                    pixel.copy_from_slice(&color[..channels]);
                }
            }
        }
    }
    // Many programs name alpha's place and leave it empty. Browsers show such a picture opaque.
    if channels == 4 && !seen_alpha {
        picture.bytes.iter_mut().skip(3).step_by(4).for_each(|alpha| *alpha = 255);
    }
    Ok(())
}

/// Runs of one number, and numbers one by one. Escapes end a row, end the picture, or jump over pixels, which keep what
/// was behind the picture: they stay transparent. Pixels beyond the end of a row are dropped.
fn runs(
    data: &[u8],
    bits: u32,
    palette: &[[u8; 3]; 256],
    top_down: bool,
    picture: &mut Raster,
    deadline: Deadline,
) -> Result<(), ImageError> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let (mut x, mut y) = (0_usize, 0_usize);
    let mut put = |x: usize, y: usize, index: u8| {
        if x < width {
            let row = if top_down { y } else { height - 1 - y };
            let pixel = &mut picture.bytes[(row * width + x) * 4..][..4];
            pixel[..3].copy_from_slice(&palette[usize::from(index)]);
            pixel[3] = 255;
        }
    };
    // Of a byte of two numbers, the high one is the first.
    let nth = |byte: u8, n: usize| match (bits, n % 2) {
        (4, 0) => byte >> 4,
        (4, _) => byte & 15,
        _ => byte,
    };
    let mut at = 0;
    let mut pair = |length: usize| {
        let bytes = data.get(at..at + length);
        at += length;
        bytes
    };
    loop {
        // Some writers leave out the end of the picture: nothing is missing then.
        let &[count, value] = (match pair(2) {
            Some(pair) => pair,
            None if y >= height || (y + 1 == height && x >= width) => return Ok(()),
            None => return Err(ENDS_EARLY),
        }) else {
            return Err(DAMAGED);
        };
        match (count, value) {
            (0, 0) => {
                deadline.check()?;
                (x, y) = (0, y + 1);
            }
            (0, 1) => return Ok(()),
            (0, 2) => {
                let &[right, up] = pair(2).ok_or(ENDS_EARLY)? else { return Err(DAMAGED) };
                (x, y) = (x + usize::from(right), y + usize::from(up));
            }
            _ if y >= height => return Err(ImageError::Corrupt("its runs leave the picture")),
            (0, length) => {
                let length = usize::from(length);
                let bytes = (length * bits as usize).div_ceil(8);
                let numbers = pair(bytes.next_multiple_of(2)).ok_or(ENDS_EARLY)?;
                for n in 0..length {
                    put(x + n, y, nth(numbers[n * bits as usize / 8], n));
                }
                x += length;
            }
            (length, value) => {
                for n in 0..usize::from(length) {
                    put(x + n, y, nth(value, n));
                }
                x += usize::from(length);
            }
        }
    }
}
