//! One coded picture, by `heifer-hevc-dec`: safe Rust that decodes HEVC's intra pictures and no others.
//!
//! Its own `decode_picture` takes whole pictures. Here its parts are called slice by slice, so that the clock is looked
//! at between them, and a file that codes one area over and over ends at once.

use heifer_hevc_dec::Error;
use heifer_hevc_dec::nal::NalUnit;
use heifer_hevc_dec::params::{ParameterSets, Sps};
use heifer_hevc_dec::recon::{Frame, Reconstructor};
use heifer_hevc_dec::slice::SliceHeader;
use heifer_hevc_dec::syntax::{Picture, decode_slice_segment};

use super::timed::DAMAGED;
use crate::error::ImageError;
use crate::header::heif_color::{HDR, IS_HDR};
use crate::header::heif_layout::Config;
use crate::sandbox::Deadline;

/// A coded picture is a whole number of blocks of 64 pixels at most, and some encoders take no small ones, so it may be
/// larger than the one that shows.
const MOST_PADDING: u32 = 256;

/// The parameter sets of the header.
pub(super) fn parameters(bytes: &[u8], config: &Config) -> Result<ParameterSets, ImageError> {
    let mut sets = ParameterSets::default();
    for unit in &config.units {
        add(&mut sets, bytes.get(unit.clone()).ok_or(DAMAGED)?)?;
    }
    Ok(sets)
}

/// Some writers put other units into the header too, such as the name of the encoder.
fn add(sets: &mut ParameterSets, unit: &[u8]) -> Result<(), ImageError> {
    sets.add(&NalUnit::parse(unit).map_err(|error| refusal(&error))?).map_err(|error| refusal(&error))?;
    Ok(())
}

/// Decodes the one picture of a stream, which must have at least this size.
pub(super) fn picture(
    stream: &[u8],
    length_bytes: usize,
    sets: &ParameterSets,
    size: (u32, u32),
    deadline: Deadline,
) -> Result<Frame, ImageError> {
    let mut sets = sets.clone();
    for unit in (Units { rest: stream, length_bytes }) {
        let unit = unit?;
        let parsed = NalUnit::parse(unit).map_err(|error| refusal(&error))?;
        if parsed.header.unit_type.is_slice() {
            break;
        }
        sets.add(&parsed).map_err(|error| refusal(&error))?;
    }
    let mut state: Option<(Picture, Reconstructor)> = None;
    let mut previous: Option<SliceHeader> = None;
    for unit in (Units { rest: stream, length_bytes }) {
        deadline.check()?;
        let unit = NalUnit::parse(unit?).map_err(|error| refusal(&error))?;
        // A second layer is for stereo.
        if !unit.header.unit_type.is_slice() || unit.header.layer_id > 0 {
            continue;
        }
        let header =
            SliceHeader::parse(&unit.rbsp, &unit.header, &sets, previous.as_ref()).map_err(|error| refusal(&error))?;
        if header.first_slice_segment_in_pic_flag && state.is_some() {
            break;
        }
        let (pps, sps) = sets.get(usize::from(header.slice_pic_parameter_set_id)).map_err(|error| refusal(&error))?;
        if state.is_none() {
            check(sps, size)?;
            state = Some((Picture::new(sps, pps), Reconstructor::new(sps, pps)));
        }
        let Some((picture, pixels)) = &mut state else { return Err(DAMAGED) };
        pixels.start_slice(&header);
        let qp = header.slice_qp_y(&sets).map_err(|error| refusal(&error))?;
        let data = unit.rbsp.get(header.header_size..).ok_or(DAMAGED)?;
        decode_slice_segment(picture, &header, qp, data, pixels).map_err(|error| refusal(&error))?;
        if let Some(error) = pixels.error.take() {
            return Err(refusal(&error));
        }
        if picture.decoded_ctbs > picture.layout.width * picture.layout.height {
            return Err(DAMAGED);
        }
        if !header.dependent_slice_segment_flag {
            previous = Some(header);
        }
    }
    let (picture, pixels) = state.ok_or(DAMAGED)?;
    if !picture.is_complete() {
        return Err(ImageError::Corrupt("it ends early"));
    }
    let sps = picture.sps;
    drop(picture);
    deadline.check()?;
    let frame = pixels.finish(false);
    Ok(if sps.conf_win_offsets == [0; 4] { frame } else { frame.cropped(sps) })
}

/// Before the decoder allocates: is it the picture that the container promised?
fn check(sps: &Sps, (width, height): (u32, u32)) -> Result<(), ImageError> {
    let coded = (sps.pic_width_in_luma_samples, sps.pic_height_in_luma_samples);
    let (shown_width, shown_height) = sps.output_size();
    if shown_width < width
        || shown_height < height
        || coded.0 > width.saturating_add(MOST_PADDING)
        || coded.1 > height.saturating_add(MOST_PADDING)
    {
        return Err(ImageError::Corrupt("its header contradicts itself"));
    }
    if sps.vui.as_ref().is_some_and(|vui| HDR.contains(&u16::from(vui.transfer_characteristics))) {
        return Err(IS_HDR);
    }
    Ok(())
}

/// Units, each behind its length.
struct Units<'a> {
    rest: &'a [u8],
    length_bytes: usize,
}

impl<'a> Iterator for Units<'a> {
    type Item = Result<&'a [u8], ImageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let unit = self.rest.split_at_checked(self.length_bytes).and_then(|(length, rest)| {
            let length = length.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte));
            rest.split_at_checked(length)
        });
        let Some((unit, rest)) = unit else {
            self.rest = &[];
            return Some(Err(ImageError::Corrupt("it ends early")));
        };
        self.rest = rest;
        Some(Ok(unit))
    }
}

fn refusal(error: &Error) -> ImageError {
    match error {
        Error::Unimplemented(_) => ImageError::Unsupported("a HEIC with a rare tool of HEVC"),
        Error::UnexpectedEof => ImageError::Corrupt("it ends early"),
        _ => DAMAGED,
    }
}
