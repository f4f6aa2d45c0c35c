//! What is cut, too large or not a key frame is refused by name, and the caller may break off.

mod common;

use std::ops::ControlFlow;

use common::{Kind, frame, pixels, planes};
use image_webp::vp8::Vp8Decoder;
use planar_vp8::{Error, Frame};

fn small() -> Vec<u8> {
    frame(&pixels(Kind::Mixed, 50, 40, 1), 50, 40, 75.0, |config| config.partitions = 1)
}

#[test]
fn a_cut_is_refused_wherever_it_is() {
    let payload = small();
    for length in 0..payload.len() {
        let expected = Vp8Decoder::decode_frame(&payload[..length]);
        let found = planes(&payload[..length], u64::MAX);
        // Of the last partition, an encoder may leave out what its reader makes up.
        if length + 4 < payload.len() {
            assert_eq!(found.as_ref().err(), Some(&Error::Truncated), "{length} of {}", payload.len());
        }
        assert_eq!(found.is_err(), expected.is_err(), "{length} of {}", payload.len());
    }
}

#[test]
fn what_is_not_a_key_frame_is_refused_by_name() {
    let payload = small();
    let with = |at: usize, byte: u8| {
        let mut changed = payload.clone();
        changed[at] = byte;
        planes(&changed, u64::MAX).err()
    };
    assert_eq!(with(0, payload[0] | 1), Some(Error::NotAKeyFrame));
    assert_eq!(with(3, 0x9C), Some(Error::NoStartCode));
    assert_eq!(with(6, 0), Some(Error::Empty));
    assert_eq!(with(8, 0), Some(Error::Empty));
    // The first bool of the header, which is as likely as not.
    assert_eq!(with(10, payload[10] | 0x80), Some(Error::ReservedColorSpace));
    // The bits above the size are for a player that scales.
    assert_eq!(with(7, payload[7] | 0xC0), None);
}

#[test]
fn the_limit_is_looked_at_before_anything_else() {
    let payload = small();
    assert!(planes(&payload, 50 * 40).is_ok());
    assert_eq!(planes(&payload, 50 * 40 - 1).err(), Some(Error::TooManyPixels));
    let mut huge = payload[..10].to_vec();
    huge[6..10].copy_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F]);
    assert_eq!(planes(&huge, 16_383 * 16_383 - 1).err(), Some(Error::TooManyPixels));
    assert_eq!(planes(&huge, 16_383 * 16_383).err(), Some(Error::Truncated));
}

#[test]
fn the_caller_may_break_off() {
    let payload = small();
    let mut bands = 0;
    let stopped = Frame::new(&payload, u64::MAX).unwrap().decode(|band| {
        bands += 1;
        assert_eq!((band.stride, band.luma.len()), (64, 64 * 16));
        assert_eq!(band.chroma.map(<[u8]>::len), [32 * 8; 2]);
        if bands == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((stopped, bands), (Err(Error::Stopped), 2));
}
