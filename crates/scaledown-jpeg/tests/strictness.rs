//! What is refused, by which name, and what is forgiven.

mod common;

use std::cell::Cell;
use std::ops::ControlFlow;

use common::{all, decode, fixture, samples};
use scaledown_jpeg::{ColorModel, Decoder, Error, Feature, Header, Limit, Limits, Scale};

fn try_decode(data: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let decoder = Decoder::new(data)?.scale(Scale::eighths(3));
    let checked = decoder.check();
    let picture = decoder.decode();
    assert_eq!(checked.err(), picture.as_ref().err().copied(), "check and decode must agree");
    picture.map(|picture| samples(&picture))
}

/// The place of the n-th marker with this code.
fn find(data: &[u8], code: u8, n: usize) -> usize {
    data.windows(2).enumerate().filter(|(_, w)| *w == [0xFF, code]).nth(n).expect("the marker").0
}

fn spliced(data: &[u8], at: usize, remove: usize, insert: &[u8]) -> Vec<u8> {
    [&data[..at], insert, &data[at + remove..]].concat()
}

#[test]
fn a_file_cut_anywhere_is_an_error_or_the_whole_picture() {
    for (name, data) in all() {
        let whole = try_decode(&data).unwrap();
        let step = (data.len() / 150).max(1);
        let mut refused = 0;
        for length in (0..data.len()).step_by(step).chain(data.len().saturating_sub(12)..data.len()) {
            match try_decode(&data[..length]) {
                Ok(picture) => {
                    assert!(picture == whole, "{name} cut at {length}");
                    assert!(length + 16 > data.len(), "{name} cut at {length} cannot be whole");
                }
                Err(Error::NotJpeg) => assert_eq!(length, 0, "{name}"),
                Err(Error::HeaderIncomplete { needed }) => {
                    assert!(needed > length && needed <= data.len(), "{name} cut at {length} needs {needed}");
                    refused += 1;
                }
                Err(Error::Truncated { .. }) => refused += 1,
                Err(error) => panic!("{name} cut at {length}: {error}"),
            }
        }
        assert!(refused > 100.min(data.len() / step / 2), "{name}");
    }
}

#[test]
fn a_cut_file_with_an_end_marker_is_still_an_error() {
    for (name, data) in all() {
        let header = Header::parse(&data).unwrap().length;
        for tenth in 1..10 {
            let length = header + (data.len() - header) * tenth / 10;
            let cut = spliced(&data, length, data.len() - length, &[0xFF, 0xD9]);
            let result = try_decode(&cut);
            // Between two scans of a progressive file, the end is a legal end.
            assert!(result.is_err() || name.contains("progressive"), "{name} ended at {length}");
        }
    }
}

#[test]
fn what_cameras_do_is_forgiven() {
    let data = fixture("restart-rows");
    let whole = try_decode(&data).unwrap();
    let end = data.len() - 2;
    let same = |changed: &[u8], what: &str| assert!(try_decode(changed) == Ok(whole.clone()), "{what}");
    same(&[&data[..], b"a motion photo's video, \xFF\xD8 and all that"].concat(), "data after the end");
    same(&data[..end], "no end marker");
    same(&spliced(&data, end, 0, &[0; 1000]), "zeros before the end");
    same(&spliced(&data, end, 0, &[0xFF; 1000]), "fill bytes before the end");
    same(&spliced(&data, end, 0, b"some stray bytes"), "16 stray bytes before the end");
    same(&spliced(&data, find(&data, 0xDB, 0), 0, b"stray"), "stray bytes between segments");
    same(&spliced(&data, find(&data, 0xDB, 0), 0, &vec![7; 65_535]), "the rest of a long segment between segments");
    same(&spliced(&data, find(&data, 0xD0, 0), 0, &[7, 7]), "stray bytes before a restart");
    same(&spliced(&data, find(&data, 0xD1, 0), 0, &[0xFF, 0xFF]), "fill bytes before a restart");
    same(&spliced(&data, end, 0, &[0xFF, 0xFE, 0, 3, 1]), "a comment before the end");
    let (height, at) = (Header::parse(&data).unwrap().height.to_be_bytes(), end);
    same(&spliced(&data, at, 0, &[0xFF, 0xDC, 0, 4, height[0], height[1]]), "the same height once more");
}

#[test]
fn strangers_are_refused() {
    let data = fixture("restart-rows");
    let end = data.len() - 2;
    let strange = try_decode(&spliced(&data, end, 0, b"seventeen strange"));
    assert!(matches!(strange, Err(Error::StrayBytes { count: 17, .. })), "{strange:?}");
    let strange = try_decode(&spliced(&data, find(&data, 0xDB, 0), 0, &vec![7; 65_536]));
    assert!(matches!(strange, Err(Error::StrayBytes { count: 65_536, .. })), "{strange:?}");
    assert_eq!(try_decode(b"RIFF and so on").unwrap_err(), Error::NotJpeg);
    assert_eq!(try_decode(b"").unwrap_err(), Error::HeaderIncomplete { needed: 4 });
    let second = try_decode(&spliced(&data, end, 0, &[0xFF, 0xD8]));
    assert!(matches!(second, Err(Error::UnexpectedMarker { marker: 0xD8, .. })), "{second:?}");
    let repeated = spliced(&data, end, 0, &data[find(&data, 0xDA, 0)..end]);
    assert!(matches!(try_decode(&repeated), Err(Error::BadScan { reason: "it repeats a component", .. })));
    let other_height = spliced(&data, end, 0, &[0xFF, 0xDC, 0, 4, 0, 1]);
    assert_eq!(try_decode(&other_height).unwrap_err(), Error::Unsupported(Feature::UndefinedHeight));
}

#[test]
fn restarts_keep_their_order() {
    let data = fixture("restart-rows");
    let at = find(&data, 0xD2, 0);
    let mut wrong = data.clone();
    wrong[at + 1] = 0xD3;
    let error = Error::RestartOutOfOrder { expected: Some(2), found: 0xD3, offset: at };
    assert_eq!(try_decode(&wrong).unwrap_err(), error);
    let lost = spliced(&data, at, find(&data, 0xD3, 0) - at, &[]);
    assert!(matches!(try_decode(&lost), Err(Error::RestartOutOfOrder { expected: Some(2), found: 0xD3, .. })));
    let removed = spliced(&data, at, 2, &[]);
    assert!(try_decode(&removed).is_err());
    let plain = fixture("chroma-together");
    let middle = plain.len() * 2 / 3;
    let surprise = try_decode(&spliced(&plain, middle, 0, &[0xFF, 0xD0]));
    assert!(matches!(surprise, Err(Error::RestartOutOfOrder { expected: None, .. })), "{surprise:?}");
}

#[test]
fn tables_must_make_sense() {
    let data = fixture("sampled-420");
    let table = find(&data, 0xC4, 0);
    let mut crowded = data.clone();
    crowded[table + 5] = 3; // three codes of one bit
    crowded[table + 6] = 0;
    assert!(matches!(try_decode(&crowded), Err(Error::BadHuffmanTable | Error::BadSegment { marker: 0xC4, .. })));
    let length = 2 + usize::from(u16::from_be_bytes([data[table + 2], data[table + 3]]));
    assert_eq!(
        try_decode(&spliced(&data, table, length, &[])).unwrap_err(),
        Error::MissingTable { kind: "DC Huffman" }
    );
    let steps = find(&data, 0xDB, 1);
    assert_eq!(try_decode(&spliced(&data, steps, 69, &[])).unwrap_err(), Error::MissingTable { kind: "quantisation" });
    let mut zero = data.clone();
    zero[steps + 10] = 0;
    assert!(matches!(try_decode(&zero), Err(Error::BadSegment { marker: 0xDB, .. })));
}

/// The fixture's tables are the standard's. A file that defines some tables must define all that it uses, and the standard
/// has none for progressive files.
#[test]
fn a_frame_of_motion_jpeg_means_the_standard_tables() {
    let bare = |name: &str| {
        let mut data = fixture(name);
        while let Some(at) = data.windows(2).position(|window| window == [0xFF, 0xC4]) {
            let length = usize::from(u16::from_be_bytes([data[at + 2], data[at + 3]]));
            data.drain(at..at + 2 + length);
        }
        data
    };
    assert_eq!(try_decode(&bare("sampled-420")), try_decode(&fixture("sampled-420")));
    assert!(matches!(try_decode(&bare("sampled-420-progressive")), Err(Error::MissingTable { .. })));
}

#[test]
fn other_kinds_are_refused_by_name() {
    for name in ["refused-arithmetic", "refused-arithmetic-progressive"] {
        assert_eq!(try_decode(&fixture(name)).unwrap_err(), Error::Unsupported(Feature::ArithmeticCoding));
    }
    let data = fixture("sampled-420");
    let frame = find(&data, 0xC0, 0);
    let with = |offset: usize, value: u8| {
        let mut changed = data.clone();
        changed[frame + offset] = value;
        try_decode(&changed).unwrap_err()
    };
    assert_eq!(with(1, 0xC3), Error::Unsupported(Feature::Lossless));
    assert_eq!(with(1, 0xC5), Error::Unsupported(Feature::Hierarchical));
    assert_eq!(with(4, 12), Error::Unsupported(Feature::Precision(12)));
    assert_eq!(with(6, 0), Error::Unsupported(Feature::UndefinedHeight));
    assert_eq!(with(9, 2), Error::Unsupported(Feature::Components(2)));
    assert!(matches!(with(8, 0), Error::BadSegment { .. })); // no width
    assert!(matches!(with(11, 0x52), Error::BadSegment { .. })); // a sampling factor of 5
    assert!(matches!(with(6, 200), Error::Truncated { .. })); // higher than its data
}

#[test]
fn components_and_scans_must_all_be_there() {
    let data = fixture("planes-apart");
    let third = find(&data, 0xDA, 2);
    let without = spliced(&data, third, data.len() - 2 - third, &[]);
    assert_eq!(try_decode(&without).unwrap_err(), Error::MissingScan { component: 2 });
    assert!(matches!(try_decode(&without[..without.len() - 2]), Err(Error::Truncated { .. })));

    let data = fixture("deep-progressive");
    let (second, third) = (find(&data, 0xDA, 1), find(&data, 0xDA, 2));
    let twice = spliced(&data, third, 0, &data[second..third]);
    assert!(matches!(try_decode(&twice), Err(Error::BadScan { .. })));
    let first = find(&data, 0xDA, 0);
    let out_of_order = spliced(&data, first, second - first, &[]);
    assert!(matches!(try_decode(&out_of_order), Err(Error::BadScan { .. })));
    // Cut after a scan and without an end marker, it is truncated; the last scan has to be there.
    let last = data.windows(2).rposition(|w| w == [0xFF, 0xDA]).unwrap();
    assert!(matches!(try_decode(&data[..last]), Err(Error::Truncated { .. })));
}

#[test]
fn limits_hold() {
    let data = fixture("deep-progressive");
    let limited = |limits: Limits| match Decoder::with_limits(&data, limits) {
        Ok(decoder) => decoder.decode().map(|_| ()),
        Err(error) => Err(error),
    };
    let pixels = Limits { max_pixels: 163 * 119 - 1, ..Limits::default() };
    assert_eq!(limited(pixels), Err(Error::LimitExceeded(Limit::Pixels)));
    assert_eq!(limited(Limits { max_pixels: 163 * 119, ..Limits::default() }), Ok(()));
    assert_eq!(limited(Limits { max_scans: 5, ..Limits::default() }), Err(Error::LimitExceeded(Limit::Scans)));
    assert_eq!(limited(Limits { max_block_visits: 999, ..Limits::default() }), Err(Error::LimitExceeded(Limit::Work)));
    let memory = Decoder::new(&data).unwrap().memory();
    assert_eq!(
        limited(Limits { max_memory: memory - 1, ..Limits::default() }),
        Err(Error::LimitExceeded(Limit::Memory))
    );
    assert_eq!(limited(Limits { max_memory: memory, ..Limits::default() }), Ok(()));
}

#[test]
fn the_caller_can_stop() {
    for name in ["medium-420", "medium-444-progressive", "planes-apart"] {
        let data = fixture(name);
        let left = Cell::new(5);
        let stop = || {
            left.set(left.get() - 1);
            left.get() == 0
        };
        let decoder = Decoder::new(&data).unwrap().stop_when(&stop);
        assert_eq!(decoder.decode().unwrap_err(), Error::Stopped);
        assert_eq!(left.get(), 0);
        let mut bands = 0;
        let result = Decoder::new(&data).unwrap().decode_bands(|_| {
            bands += 1;
            if bands == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((result, bands), (Err(Error::Stopped), 3));
    }
}

#[test]
fn bands_are_the_planes() {
    for (name, data) in all() {
        for scale in [Scale::FULL, Scale::eighths(5), Scale::eighths(4).with_chroma(8), Scale::eighths(1)] {
            let mut planes: Vec<Vec<u8>> = Vec::new();
            let decoder = Decoder::new(&data).unwrap().scale(scale);
            let result = decoder.decode_bands(|band| {
                planes.resize(band.planes.len(), Vec::new());
                for (plane, part) in planes.iter_mut().zip(&band.planes) {
                    assert_eq!(plane.len(), part.first_row.min(plane.len() / part.width) * part.width);
                    part.rows().for_each(|row| plane.extend(row));
                }
                ControlFlow::Continue(())
            });
            assert_eq!(result, Ok(()));
            assert!(planes == samples(&decode(&data, scale)), "{name}");
        }
    }
}

#[test]
fn headers_tell_what_there_is() {
    let data = fixture("exif-icc");
    let header = Header::parse(&data).unwrap();
    assert_eq!((header.width, header.height, header.progressive, header.interleaved), (37, 29, false, true));
    assert_eq!(&header.exif.expect("Exif")[..2], b"MM");
    let profile: Vec<u8> = (0..300).flat_map(|_| 0..=255u8).collect();
    assert_eq!(header.icc_profile().expect("a profile").as_ref(), profile);
    let prefix = Header::parse(&data[..header.length + 20]).unwrap();
    assert_eq!(prefix.length, header.length);

    let data = fixture("cmyk");
    let header = Header::parse(&data).unwrap();
    assert!(header.inverted() && header.adobe_transform.is_some());
    let header_of = |name: &str| {
        let data = fixture(name);
        let header = Header::parse(&data).unwrap();
        (header.color, header.max_sampling())
    };
    assert_eq!(header_of("rgb"), (ColorModel::Rgb, (1, 1)));
    assert_eq!(header_of("gray"), (ColorModel::Gray, (1, 1)));
    assert_eq!(header_of("sampled-411"), (ColorModel::YCbCr, (4, 1)));
}

#[test]
fn scales_cover() {
    let data = fixture("medium-420"); // 320 × 240
    let header = Header::parse(&data).unwrap();
    let covering = |w, h| Scale::covering(&header, w, h).main();
    assert_eq!([covering(1, 1), covering(40, 30), covering(41, 1), covering(1, 31)], [1, 1, 2, 2]);
    assert_eq!([covering(160, 120), covering(161, 0), covering(320, 240), covering(999, 0)], [4, 5, 8, 8]);
    let finest = |n| Scale::eighths(n).with_finest_chroma(&header).chroma();
    assert_eq!([finest(1), finest(4), finest(5), finest(8)], [2, 8, 8, 8]);
    for n in 1..=4 {
        let scale = Scale::eighths(n).with_finest_chroma(&header);
        let picture = decode(&data, scale);
        let size = |i: usize| (picture.planes[i].width(), picture.planes[i].height());
        assert_eq!(size(0), size(1), "4:4:4 without upsampling");
        assert_eq!(size(0), (40 * usize::from(n), 30 * usize::from(n)));
    }
}

/// The fuzzer's find: how far ahead a reader has read must not show in its errors.
#[test]
fn every_scale_fails_at_the_same_place() {
    let data = fixture("refused-found-by-fuzzing");
    let check = Decoder::new(&data).unwrap().check().unwrap_err();
    for n in 1..=8 {
        let decoder = Decoder::new(&data).unwrap().scale(Scale::eighths(n));
        assert_eq!(decoder.decode().unwrap_err(), check, "at {n}/8");
    }
}
