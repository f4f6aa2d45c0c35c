//! JPEG XL, by `zenjxl-decoder`: safe Rust. It sees the codestream alone, has a budget of memory, and asks our clock.

use std::borrow::Cow;
use std::sync::Arc;

use enough::{Stop, StopReason};
use zenjxl_decoder::api::{
    Endianness, Error, JxlColorEncoding, JxlColorProfile, JxlColorType, JxlDataFormat, JxlDecoder, JxlDecoderLimits,
    JxlDecoderOptions, JxlOutputBuffer, JxlPixelFormat, JxlProgressiveMode, JxlTransferFunction, ProcessingResult,
    states::Initialized,
};

use super::timed::DAMAGED;
use crate::error::ImageError;
use crate::header::jxl_layout::JxlLayout;
use crate::header::model::{ColorModel, Header};
use crate::raster::{Channels, Raster, buffer, divide_by_alpha, to_eight};
use crate::sandbox::Deadline;

/// Frames that others are made of may take this, besides what the header foretells (docs/adr/0018-jpeg-xl.md).
const MEMORY: u64 = 256 << 20;
/// A frame that others are made of may be larger than a small picture.
const SMALLEST_FRAME: usize = 4 << 20;
const LARGEST_PROFILE: usize = 4 << 20;

/// The pixels, and the profile to apply to them. None means sRGB.
pub(super) fn decode(
    bytes: &[u8],
    layout: &JxlLayout,
    header: &Header,
    deadline: Deadline,
) -> Result<(Raster, Option<Vec<u8>>), ImageError> {
    let codestream = codestream(bytes, layout)?;
    let mut input: &[u8] = &codestream;
    let refusal = |error: &Error| refusal(error, deadline);
    let decoder = JxlDecoder::<Initialized>::new(options(header, deadline));
    let mut decoder = done(decoder.process(&mut input), refusal)?;
    let (width, height) = (header.width, header.height);
    if decoder.basic_info().coded_size != (width as usize, height as usize) {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    let channels = channels(header);
    let linear = !layout.absolute
        && matches!(decoder.embedded_color_profile().transfer_function(), Some(JxlTransferFunction::Linear));
    let sample_bytes = if linear { 2 } else { 1 };
    decoder.set_pixel_format(format(channels, linear, decoder.basic_info().extra_channels.len()));
    let shown = with_the_curve_of_srgb(decoder.output_color_profile().clone());
    if layout.absolute {
        decoder.set_output_color_profile(shown.clone()).map_err(|error| refusal(&error))?;
    }

    let row_bytes = width as usize * channels.count() * sample_bytes;
    let mut pixels = buffer(width, height, channels.count() * sample_bytes)?;
    // Frames of a picture that does not move lie on top of each other: the last one shows all of them.
    loop {
        deadline.check()?;
        let frame = done(decoder.process(&mut input), refusal)?;
        let mut rows = [JxlOutputBuffer::new(&mut pixels, height as usize, row_bytes)];
        decoder = done(frame.process(&mut input, &mut rows), refusal)?;
        if !decoder.has_more_frames() {
            break;
        }
    }
    drop(decoder);
    if linear {
        pixels = from_linear(&pixels, channels);
    }
    let mut picture = Raster { width, height, channels, bytes: pixels };
    if layout.premultiplied {
        divide_by_alpha(&mut picture);
    }
    Ok((picture, profile(&shown, header.color)?))
}

/// The codestream in one piece.
fn codestream<'a>(bytes: &'a [u8], layout: &JxlLayout) -> Result<Cow<'a, [u8]>, ImageError> {
    let piece = |piece: &std::ops::Range<usize>| bytes.get(piece.clone()).ok_or(ImageError::Corrupt("it ends early"));
    Ok(match layout.pieces.as_slice() {
        [one] => Cow::Borrowed(piece(one)?),
        pieces => Cow::Owned(pieces.iter().map(piece).collect::<Result<Vec<_>, _>>()?.concat()),
    })
}

fn options(header: &Header, deadline: Deadline) -> JxlDecoderOptions {
    let area = header.width as usize * header.height as usize;
    let mut limits = JxlDecoderLimits::restrictive();
    limits.max_pixels = Some(area.max(SMALLEST_FRAME));
    limits.max_icc_size = Some(LARGEST_PROFILE);
    limits.max_reference_frames = Some(4); // as many as the standard has
    limits.max_memory_bytes = Some(MEMORY);
    let mut options = JxlDecoderOptions::default();
    options.adjust_orientation = false;
    options.progressive_mode = JxlProgressiveMode::FullFrame;
    options.limits = limits;
    options.stop = Arc::new(Clock(deadline));
    options
}

struct Clock(Deadline);

impl Stop for Clock {
    fn check(&self) -> Result<(), StopReason> {
        self.0.check().map_err(|_| StopReason::TimedOut)
    }
}

/// All of the codestream is here, so a decoder that wants more has a part of it.
fn done<T, U>(
    result: Result<ProcessingResult<T, U>, Error>,
    refusal: impl Fn(&Error) -> ImageError,
) -> Result<T, ImageError> {
    match result.map_err(|error| refusal(&error))? {
        ProcessingResult::Complete { result } => Ok(result),
        ProcessingResult::NeedsMoreInput { .. } => Err(ImageError::Corrupt("it ends early")),
    }
}

fn refusal(error: &Error, deadline: Deadline) -> ImageError {
    match error {
        Error::Cancelled => deadline.check().err().unwrap_or(DAMAGED),
        Error::LimitExceeded { .. } => ImageError::TooComplex("it needs too much memory"),
        Error::OutOfBounds(_) => ImageError::Corrupt("it ends early"),
        _ => DAMAGED,
    }
}

const fn channels(header: &Header) -> Channels {
    match (header.color, header.alpha) {
        (ColorModel::Gray, false) => Channels::Gray,
        (ColorModel::Gray, true) => Channels::GrayAlpha,
        (_, false) => Channels::Rgb,
        (_, true) => Channels::Rgba,
    }
}

/// Eight bits for each channel; of linear light sixteen, or shadows would show steps.
fn format(channels: Channels, linear: bool, extra_channels: usize) -> JxlPixelFormat {
    let color_type = match channels {
        Channels::Gray => JxlColorType::Grayscale,
        Channels::GrayAlpha => JxlColorType::GrayscaleAlpha,
        Channels::Rgba => JxlColorType::Rgba,
        Channels::Rgb | Channels::Cmyk => JxlColorType::Rgb,
    };
    let samples = if linear {
        JxlDataFormat::U16 { endianness: Endianness::native(), bit_depth: 16 }
    } else {
        JxlDataFormat::U8 { bit_depth: 8 }
    };
    JxlPixelFormat { color_type, color_data_format: Some(samples), extra_channel_format: vec![None; extra_channels] }
}

/// The same colour space, with the curve that sRGB has in place of linear light.
fn with_the_curve_of_srgb(mut profile: JxlColorProfile) -> JxlColorProfile {
    if let JxlColorProfile::Simple(
        JxlColorEncoding::RgbColorSpace { transfer_function, .. }
        | JxlColorEncoding::GrayscaleColorSpace { transfer_function, .. },
    ) = &mut profile
        && *transfer_function == JxlTransferFunction::Linear
    {
        *transfer_function = JxlTransferFunction::SRGB;
    }
    profile
}

fn profile(shown: &JxlColorProfile, color: ColorModel) -> Result<Option<Vec<u8>>, ImageError> {
    let srgb = JxlColorProfile::Simple(JxlColorEncoding::srgb(color == ColorModel::Gray));
    if shown.same_color_encoding(&srgb) {
        return Ok(None);
    }
    let icc = shown.try_as_icc().ok_or(ImageError::Unsupported("a JPEG XL in a rare colour space"))?;
    Ok(Some(icc.into_owned()))
}

/// Samples of sixteen bits in linear light as bytes on the curve of sRGB. Alpha has no curve.
fn from_linear(samples: &[u8], channels: Channels) -> Vec<u8> {
    let curve: Vec<u8> = (0..=u16::MAX).map(on_the_curve).collect();
    let colors = channels.count() - usize::from(channels.has_alpha());
    let samples = samples.as_chunks::<2>().0.iter().map(|sample| u16::from_ne_bytes(*sample));
    let byte = |(index, sample): (usize, u16)| {
        if index % channels.count() < colors { curve[usize::from(sample)] } else { to_eight(sample) }
    };
    samples.enumerate().map(byte).collect()
}

fn on_the_curve(sample: u16) -> u8 {
    let light = f64::from(sample) / 65_535.0;
    let value = if light <= 0.003_130_8 { 12.92 * light } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 0 to 255
    let byte = (value * 255.0).round() as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r24_linear_light_gets_the_curve_of_srgb_and_alpha_stays() {
        let samples: Vec<u8> = [0_u16, 14_047, 65_535, 32_768].into_iter().flat_map(u16::to_ne_bytes).collect();
        assert_eq!(from_linear(&samples, Channels::Rgba), [0, 128, 255, 128]);
        assert_eq!(from_linear(&samples, Channels::Gray), [0, 128, 255, 188]);
    }

    #[test]
    fn r24_the_names_of_a_codestream_become_a_profile() {
        let named = |encoding| profile(&with_the_curve_of_srgb(JxlColorProfile::Simple(encoding)), ColorModel::Rgb);
        assert_eq!(named(JxlColorEncoding::srgb(false)), Ok(None));
        assert_eq!(named(JxlColorEncoding::linear_srgb(false)), Ok(None));
    }
}
