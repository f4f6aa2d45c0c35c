//! JPEGs.

use super::super::{Case, Expect};
use super::{case, noise, refused};
use crate::common::fixture;

/// A good JPEG with these segments right behind its start.
pub fn splice(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let good = fixture("4-2-2.jpg");
    let mut out = good[..2].to_vec();
    for (marker, body) in segments {
        out.extend([0xFF, *marker]);
        out.extend(u16::try_from(body.len() + 2).expect("a segment's length").to_be_bytes());
        out.extend(body);
    }
    out.extend(&good[2..]);
    out
}

/// Where the segment with this marker starts.
fn find_marker(jpeg: &[u8], marker: u8) -> usize {
    let mut at = 2;
    while jpeg[at + 1] != marker {
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    at
}

pub fn all() -> Vec<Case> {
    let good = fixture("4-2-2.jpg");
    let frame = find_marker(&good, 0xC0);
    let patched = |at: usize, bytes: &[u8]| {
        let mut file = good.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let size = |height: u16, width: u16| patched(frame + 5, &[height.to_be_bytes(), width.to_be_bytes()].concat());
    let mut cases = vec![
        refused("jpeg 65500²", size(65_500, 65_500), "TooManyPixels"),
        refused("jpeg 30001 wide", size(1, 30_001), "TooManyPixels"),
        refused("jpeg 0 wide", size(270, 0), "Corrupt"),
        refused("jpeg 0 high", size(0, 480), "Unsupported"),
        refused("jpeg larger than its pixels", size(9000, 9000), "Corrupt"),
        refused("jpeg twice as high as its pixels", size(540, 480), "Corrupt"),
        refused("jpeg of 12 bits", patched(frame + 4, &[12]), "Unsupported"),
        refused("jpeg of 2 channels", patched(frame + 9, &[2]), "Corrupt"),
        refused("jpeg of 255 channels", patched(frame + 9, &[255]), "Corrupt"),
        refused("jpeg sampled 15 × 15", patched(frame + 11, &[0xFF]), "Corrupt"),
        refused("jpeg sampled 0 × 0", patched(frame + 11, &[0]), "Corrupt"),
        refused("jpeg that is lossless", patched(frame + 1, &[0xC3]), "Unsupported"),
        refused("jpeg that is arithmetic", patched(frame + 1, &[0xC9]), "Unsupported"),
        refused("jpeg with a quantisation table that is none", patched(frame + 12, &[3]), "Corrupt"),
        refused("jpeg with two frames", [&good[..frame], &good[frame..frame + 19], &good[frame..]].concat(), "Corrupt"),
        refused("jpeg with garbage between segments", [&good[..2], b"garbage", &good[2..]].concat(), "Unsupported"),
        refused(
            "jpeg with more junk in its header than a segment can leave",
            [&good[..20], &vec![7; 65_536], &good[20..]].concat(),
            "Corrupt",
        ),
        refused("jpeg with another picture's start in its header", [&good[..20], &good].concat(), "Corrupt"),
        refused("jpeg that is only an end", vec![0xFF, 0xD8, 0xFF, 0xD9], "Corrupt"),
        refused("jpeg with a segment of length 0", [&good[..2], &[0xFF, 0xE0, 0, 0], &good[2..]].concat(), "Corrupt"),
        refused("jpeg with a segment of length 1", [&good[..2], &[0xFF, 0xE0, 0, 1], &good[2..]].concat(), "Corrupt"),
        case("jpeg with a megabyte of fill", [&good[..2], &vec![0xFF; 1 << 20], &good[2..]].concat(), Expect::Picture),
        case("jpeg with a hundred comments", splice(&vec![(0xFE, vec![b'x'; 60_000]); 100]), Expect::Picture),
        case("jpeg with ten thousand empty segments", splice(&vec![(0xEF, vec![]); 10_000]), Expect::Picture),
        case("jpeg with 255 pieces of noise for a profile", splice(&profile_pieces(255, 60_000)), Expect::Picture),
        case("jpeg with a profile that lacks a piece", splice(&profile_pieces(5, 100)[1..]), Expect::Picture),
        case("jpeg with a profile of noise", splice(&profile_pieces(1, 3000)), Expect::Picture),
        case("jpeg with an end in its noise", [&good[..good.len() - 2], &noise(1, 100)[..]].concat(), Expect::Any),
        case("jpeg with 101 scans", scans(101), Expect::AnyError),
        case("jpeg with 5000 scans", scans(5000), Expect::AnyError),
    ];
    for (name, tiff) in exifs() {
        let body = [b"Exif\0\0".to_vec(), tiff].concat();
        cases.push(case(format!("jpeg with EXIF that {name}"), splice(&[(0xE1, body)]), Expect::Picture));
    }
    // Every kind of segment, damaged in each of its first bytes.
    for marker in [0xDB, 0xC4, 0xDA] {
        let at = find_marker(&good, marker);
        for offset in 2..14 {
            let value = good[at + offset] ^ 0xFF;
            cases.push(case(
                format!("jpeg with segment {marker:X} damaged at {offset}"),
                patched(at + offset, &[value]),
                Expect::Any,
            ));
        }
    }
    cases
}

fn profile_pieces(count: u8, length: usize) -> Vec<(u8, Vec<u8>)> {
    let piece = |n: u8| [b"ICC_PROFILE\0".to_vec(), vec![n, count], noise(u64::from(n), length)].concat();
    (1..=count).map(|n| (0xE2, piece(n))).collect()
}

/// The progressive fixture with its first scan of brightness over and over. The decoder may refuse the repetition
/// itself, or the number.
fn scans(count: usize) -> Vec<u8> {
    let good = fixture("progressive.jpg");
    let starts: Vec<usize> = (0..good.len() - 1).filter(|at| good[*at..].starts_with(&[0xFF, 0xDA])).collect();
    let scan = &good[starts[0]..starts[1]];
    [&good[..starts[0]], &scan.repeat(count), &good[starts[1]..]].concat()
}

/// EXIF blocks that lie; none may cost the picture its life.
fn exifs() -> Vec<(&'static str, Vec<u8>)> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let block = |entries: &[Vec<u8>], next: u32| {
        let mut out = b"II*\0\x08\0\0\0".to_vec();
        out.extend(u16::try_from(entries.len()).expect("few").to_le_bytes());
        out.extend(entries.concat());
        out.extend(next.to_le_bytes());
        out
    };
    vec![
        ("is empty", vec![]),
        ("is noise", noise(5, 5000)),
        ("has a directory that follows itself", block(&[entry(0x0112, 3, 1, 6)], 8)),
        ("has a camera of four gigabytes", block(&[entry(0x010F, 2, u32::MAX, 0)], 0)),
        ("has a sub-directory that is its parent", block(&[entry(0x8769, 4, 1, 8)], 0)),
        ("turns by 4711", block(&[entry(0x0112, 3, 1, 4711)], 0)),
        ("turns by nothing", block(&[entry(0x0112, 3, 0, 0)], 0)),
        ("has 65535 entries", {
            let mut out = b"II*\0\x08\0\0\0\xFF\xFF".to_vec();
            out.extend([0; 200]);
            out
        }),
        ("starts beyond its end", b"II*\0\xFF\xFF\xFF\x7F".to_vec()),
    ]
}
