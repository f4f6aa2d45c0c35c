//! The planes are those of `image-webp`, byte by byte.

mod common;

use common::{KINDS, Kind, Random, frame, pixels, planes};
use image_webp::vp8::Vp8Decoder;
use planar_vp8::Error;
use webp::WebPConfig;

fn check(payload: &[u8], what: &str) {
    let expected = Vp8Decoder::decode_frame(payload).unwrap();
    let stride = usize::from(expected.width).div_ceil(16) * 16;
    let found = planes(payload, u64::MAX).unwrap();
    for (index, (found, expected)) in found.iter().zip([expected.ybuf, expected.ubuf, expected.vbuf]).enumerate() {
        assert_eq!(found.len(), expected.len(), "{what}: plane {index}");
        let stride = if index == 0 { stride } else { stride / 2 };
        if let Some(at) = found.iter().zip(&expected).position(|(a, b)| a != b) {
            let (x, y) = (at % stride, at / stride);
            panic!("{what}: plane {index} at {x}, {y}: {} for {}", found[at], expected[at]);
        }
    }
}

#[test]
fn every_size_is_decoded_alike() {
    for width in [1, 2, 7, 15, 16, 17, 31, 33, 48, 100] {
        for height in [1, 3, 8, 16, 17, 32, 47] {
            for kind in KINDS {
                let payload = frame(&pixels(kind, width, height, 1), width, height, 60.0, |_| {});
                check(&payload, &format!("{kind:?} {width} × {height}"));
            }
        }
    }
}

#[test]
fn every_quality_and_effort_is_decoded_alike() {
    for kind in KINDS {
        let pixels = pixels(kind, 117, 83, 2);
        for quality in [0, 1, 5, 20, 35, 50, 65, 75, 82, 90, 95, 98, 100] {
            for method in [0, 2, 4, 6] {
                let payload = frame(&pixels, 117, 83, quality as f32, |config| config.method = method);
                check(&payload, &format!("{kind:?}, quality {quality}, method {method}"));
            }
        }
    }
}

#[test]
fn every_filter_is_decoded_alike() {
    for kind in [Kind::Noise, Kind::Mixed, Kind::Gradient] {
        let pixels = pixels(kind, 90, 70, 3);
        for filter_type in [0, 1] {
            for sharpness in 0..8 {
                for strength in [0, 5, 20, 40, 60, 80, 100] {
                    let turn = |config: &mut WebPConfig| {
                        config.filter_type = filter_type;
                        config.filter_sharpness = sharpness;
                        config.filter_strength = strength;
                    };
                    let payload = frame(&pixels, 90, 70, 40.0, turn);
                    check(&payload, &format!("{kind:?}, filter {filter_type}, {strength}, sharpness {sharpness}"));
                }
            }
        }
    }
}

#[test]
fn every_number_of_segments_and_partitions_is_decoded_alike() {
    for kind in KINDS {
        let pixels = pixels(kind, 160, 300, 4);
        for segments in 1..=4 {
            for partitions in 0..4 {
                let turn = |config: &mut WebPConfig| {
                    (config.segments, config.partitions, config.sns_strength) = (segments, partitions, 100);
                };
                check(&frame(&pixels, 160, 300, 50.0, turn), &format!("{kind:?}, {segments}, {partitions}"));
            }
        }
    }
}

/// What the encoder never writes, but the format has: damage that still is a frame.
#[test]
fn damage_is_refused_or_decoded_alike() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let files: Vec<_> = KINDS
        .into_iter()
        .flat_map(|kind| [10.0, 70.0, 100.0].map(|quality| (kind, quality)))
        .map(|(kind, quality)| frame(&pixels(kind, 60, 40, 5), 60, 40, quality, |config| config.partitions = 1))
        .collect();
    let (mut decoded, mut refused, mut stricter) = (0, 0, 0);
    for round in 0..6000 {
        let mut payload = files[round % files.len()].clone();
        for _ in 0..=random.below(3) {
            // Half of the damage is done to the header. The size stays, so that it stays small.
            let reach = if random.below(2) == 0 { 60.min(payload.len()) } else { payload.len() };
            let at = random.below(reach);
            if !(6..10).contains(&at) {
                payload[at] =
                    if random.below(2) == 0 { random.below(256) as u8 } else { payload[at] ^ 1 << (round % 8) };
            }
        }
        match (planes(&payload, 60 * 40), Vp8Decoder::decode_frame(&payload[..])) {
            (Ok(found), Ok(frame)) => {
                assert!(found == [frame.ybuf, frame.ubuf, frame.vbuf], "round {round}: {payload:?}");
                decoded += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            // A partition that begins with 255, of which the other reads something.
            (Err(Error::Truncated), Ok(_)) => stricter += 1,
            (found, expected) => panic!("round {round}: {:?} for {:?}", found.err(), expected.err()),
        }
    }
    assert!(stricter < 60, "{stricter}");
    assert!(decoded > 500 && refused > 500, "{decoded} decoded, {refused} refused: the damage is of the wrong kind");
}
