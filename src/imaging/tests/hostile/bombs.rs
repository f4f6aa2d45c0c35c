//! Files made to hurt: each with what must become of it.

use std::io::Write;

use super::{Case, Expect};
use crate::common::fixture;

/// Everything in this file.
pub fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    cases.extend(no_pictures());
    cases.extend(jpegs());
    cases.extend(pngs());
    cases.extend(gifs());
    cases.extend(webps());
    cases.extend(bmps());
    cases.extend(tiffs());
    cases
}

fn case(name: impl Into<String>, bytes: Vec<u8>, expect: Expect) -> Case {
    Case { name: name.into(), bytes, expect, whole: None }
}

fn refused(name: impl Into<String>, bytes: Vec<u8>, variant: &'static str) -> Case {
    case(name, bytes, Expect::Error(variant))
}

fn no_pictures() -> Vec<Case> {
    let iso = |brand: &[u8; 4]| [b"\0\0\0\x18ftyp", brand.as_slice(), b"\0\0\0\0mif1", brand].concat();
    let mut cases = vec![
        refused("nothing", vec![], "Empty"),
        refused("one zero", vec![0], "Unsupported"),
        refused("zeros", vec![0; 100_000], "Unsupported"),
        refused("only fill", vec![0xFF; 100_000], "Unsupported"),
        refused(
            "svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
            "Unsupported",
        ),
        refused("svg behind a byte order mark", "\u{FEFF}<svg/>".as_bytes().to_vec(), "Unsupported"),
        refused("billion laughs", b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><svg/>".to_vec(), "Unsupported"),
        refused("html", b"<!doctype html><img src=x onerror=alert(1)>".to_vec(), "Unsupported"),
        refused("pdf", b"%PDF-1.7\n1 0 obj".to_vec(), "Unsupported"),
        refused("zip", b"PK\x03\x04rest".to_vec(), "Unsupported"),
        refused("elf", b"\x7FELF\x02\x01\x01".to_vec(), "Unsupported"),
        refused("postscript", b"%!PS-Adobe-3.0 EPSF-3.0".to_vec(), "Unsupported"),
        refused("psd", b"8BPS\0\x01".to_vec(), "Unsupported"),
        refused("jpeg xl", b"\xFF\x0A\xFA\x1F".to_vec(), "Unsupported"),
        refused("jpeg 2000", b"\0\0\0\x0CjP  \r\n\x87\n".to_vec(), "Unsupported"),
        refused("video", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec(), "Unsupported"),
        refused("a box without end", b"\xFF\xFF\xFF\xFFftyp".to_vec(), "Unsupported"),
        refused("gif that is a script", b"GIF89a=1;alert(1);//".to_vec(), "TooManyPixels"),
        refused("bmp that is a script", b"BM\0\0\0\0\0\0\0\0=1;alert(1)//".to_vec(), "Unsupported"),
        refused(
            "jpeg with a page in its comment",
            splice_jpeg(&[(0xFE, b"<html><script>alert(1)</script>".to_vec())]),
            "Unsupported",
        ),
        refused("jpeg with a document in its comment", splice_jpeg(&[(0xFE, b"%PDF-1.4".to_vec())]), "Unsupported"),
        case(
            "jpeg with an archive behind it",
            [fixture("4-2-2.jpg"), b"PK\x03\x04evil".to_vec()].concat(),
            Expect::Picture,
        ),
    ];
    cases.extend([b"heic", b"heix", b"hevc", b"mif1"].map(|brand| refused(format!("{brand:?}"), iso(brand), "Heic")));
    cases.extend([b"avif", b"avis"].map(|brand| refused(format!("{brand:?}"), iso(brand), "Avif")));
    for magic in [
        &b"\xFF\xD8\xFF"[..],
        b"\x89PNG\r\n\x1A\n",
        b"GIF89a",
        b"RIFF\xFF\xFF\0\0WEBP",
        b"BM\0\0\0\0\0\0\0\0",
        b"II*\0",
        b"MM\0*",
    ] {
        let name = String::from_utf8_lossy(magic).into_owned();
        cases.push(refused(format!("magic alone {name}"), magic.to_vec(), "Corrupt"));
        for seed in 0..6 {
            cases.push(case(
                format!("magic and noise {seed} {name}"),
                [magic.to_vec(), noise(seed, 3000)].concat(),
                Expect::AnyError,
            ));
        }
    }
    cases
}

/// Bytes without a pattern, the same every time.
pub fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// A good JPEG with these segments right behind its start.
fn splice_jpeg(segments: &[(u8, Vec<u8>)]) -> Vec<u8> {
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

fn jpegs() -> Vec<Case> {
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
        refused("jpeg that is only an end", vec![0xFF, 0xD8, 0xFF, 0xD9], "Corrupt"),
        refused("jpeg with a segment of length 0", [&good[..2], &[0xFF, 0xE0, 0, 0], &good[2..]].concat(), "Corrupt"),
        refused("jpeg with a segment of length 1", [&good[..2], &[0xFF, 0xE0, 0, 1], &good[2..]].concat(), "Corrupt"),
        case("jpeg with a megabyte of fill", [&good[..2], &vec![0xFF; 1 << 20], &good[2..]].concat(), Expect::Picture),
        case("jpeg with a hundred comments", splice_jpeg(&vec![(0xFE, vec![b'x'; 60_000]); 100]), Expect::Picture),
        case("jpeg with ten thousand empty segments", splice_jpeg(&vec![(0xEF, vec![]); 10_000]), Expect::Picture),
        case("jpeg with 255 pieces of noise for a profile", splice_jpeg(&profile_pieces(255, 60_000)), Expect::Picture),
        case("jpeg with a profile that lacks a piece", splice_jpeg(&profile_pieces(5, 100)[1..]), Expect::Picture),
        case("jpeg with a profile of noise", splice_jpeg(&profile_pieces(1, 3000)), Expect::Picture),
        case("jpeg with an end in its noise", [&good[..good.len() - 2], &noise(1, 100)[..]].concat(), Expect::Any),
        case("jpeg with 101 scans", scans(101), Expect::AnyError),
        case("jpeg with 5000 scans", scans(5000), Expect::AnyError),
    ];
    for (name, tiff) in exifs() {
        let body = [b"Exif\0\0".to_vec(), tiff].concat();
        cases.push(case(format!("jpeg with EXIF that {name}"), splice_jpeg(&[(0xE1, body)]), Expect::Picture));
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

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(kind);
    crc.update(data);
    let length = u32::try_from(data.len()).expect("a chunk's length");
    [&length.to_be_bytes()[..], kind, data, &crc.sum().to_be_bytes()].concat()
}

fn header(width: u32, height: u32, depth: u8, color: u8, interlace: u8) -> Vec<u8> {
    chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, color, 0, 0, interlace]].concat())
}

fn deflate(length: usize) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 16];
    for _ in 0..length / zeros.len() {
        encoder.write_all(&zeros).expect("memory");
    }
    encoder.write_all(&zeros[..length % zeros.len()]).expect("memory");
    encoder.finish().expect("memory")
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    [b"\x89PNG\r\n\x1A\n".to_vec(), chunks.concat(), chunk(b"IEND", b"")].concat()
}

fn pngs() -> Vec<Case> {
    let pixels = |data: &[u8]| chunk(b"IDAT", data);
    let small = || header(8, 8, 8, 2, 0);
    let rows = |width: usize, height: usize| deflate((width * 3 + 1) * height);
    let profile = |length: usize| chunk(b"iCCP", &[b"bomb\0\0".to_vec(), deflate(length)].concat());
    let text = |length: usize| chunk(b"zTXt", &[b"bomb\0\0".to_vec(), deflate(length)].concat());
    let mut cases = vec![
        refused("png 50000²", png(&[header(50_000, 50_000, 8, 2, 0), pixels(&rows(100, 1))]), "TooManyPixels"),
        refused("png 2³¹ wide", png(&[header(1 << 31, 1, 8, 2, 0)]), "TooManyPixels"),
        refused("png all bits set", png(&[header(u32::MAX, u32::MAX, 8, 2, 0)]), "TooManyPixels"),
        refused("png 0 wide", png(&[header(0, 8, 8, 2, 0)]), "Corrupt"),
        refused("png larger than its pixels", png(&[header(3000, 3000, 8, 2, 0), pixels(&rows(8, 8))]), "Corrupt"),
        refused("png with a profile but no pixels", png(&[small(), profile(1 << 29)]), "Corrupt"),
        case(
            "png with a profile that inflates to half a gigabyte",
            png(&[small(), profile(1 << 29), pixels(&rows(8, 8))]),
            Expect::Picture,
        ),
        case(
            "png with text that inflates to half a gigabyte",
            png(&[small(), text(1 << 29), pixels(&rows(8, 8))]),
            Expect::Picture,
        ),
        case(
            "png with pixels that inflate to more than it has",
            png(&[small(), pixels(&deflate(1 << 28))]),
            Expect::Any,
        ),
        case(
            "png with ten thousand empty chunks",
            png(&[small(), chunk(b"tEXt", b"a\0b").repeat(10_000), pixels(&rows(8, 8))]),
            Expect::Picture,
        ),
        case(
            "png with pixels byte by byte",
            png(&[small(), rows(8, 8).iter().flat_map(|byte| pixels(&[*byte])).collect()]),
            Expect::Picture,
        ),
        refused("png with no pixels", png(&[small()]), "Corrupt"),
        refused("png with pixels of nothing", png(&[small(), pixels(b"")]), "Corrupt"),
        refused("png with pixels of noise", png(&[small(), pixels(&noise(3, 500))]), "Corrupt"),
        refused("png with a palette but none", png(&[header(8, 8, 8, 3, 0), pixels(&deflate(72))]), "Corrupt"),
        refused("png with two headers", png(&[small(), small(), pixels(&rows(8, 8))]), "Corrupt"),
        refused("png that starts with its pixels", png(&[pixels(&rows(8, 8)), small()]), "Corrupt"),
        refused(
            "png with a chunk of four gigabytes",
            [png(&[small()])[..33].to_vec(), b"\xFF\xFF\xFF\xFFIDAT".to_vec()].concat(),
            "Corrupt",
        ),
        refused(
            "png with 4 billion frames",
            png(&[small(), chunk(b"acTL", &[0xFF; 8]), pixels(&rows(8, 8))]),
            "TooManyFrames",
        ),
        refused(
            "png with 1001 frames",
            png(&[small(), chunk(b"acTL", &[0, 0, 3, 0xE9, 0, 0, 0, 0]), pixels(&rows(8, 8))]),
            "TooManyFrames",
        ),
        case(
            "png of 25 megapixels in 25 KB",
            png(&[header(5000, 5000, 8, 2, 0), pixels(&rows(5000, 5000))]),
            Expect::Picture,
        ),
        case("png one pixel high", png(&[header(30_000, 1, 8, 2, 0), pixels(&rows(30_000, 1))]), Expect::Picture),
        case("png one pixel wide", png(&[header(1, 30_000, 8, 2, 0), pixels(&rows(1, 30_000))]), Expect::Picture),
        refused(
            "png with a wrong checksum",
            {
                let mut file = png(&[small(), pixels(&rows(8, 8))]);
                file[30] ^= 1;
                file
            },
            "Corrupt",
        ),
        case(
            "png with EXIF of noise",
            png(&[small(), chunk(b"eXIf", &noise(8, 100_000)), pixels(&rows(8, 8))]),
            Expect::Picture,
        ),
    ];
    for (depth, color) in [(3, 0), (16, 3), (4, 2), (8, 1), (8, 5), (8, 7), (1, 6), (0, 0), (255, 255)] {
        cases.push(refused(
            format!("png of depth {depth} and colour {color}"),
            png(&[header(8, 8, depth, color, 0), pixels(&rows(8, 8))]),
            "Corrupt",
        ));
    }
    cases.push(refused("png interlaced in a third way", png(&[header(8, 8, 8, 2, 2), pixels(&rows(8, 8))]), "Corrupt"));
    cases
}

/// A GIF of these frames; each is one byte of nothing at 1 × 1.
fn gif(width: u16, height: u16, frames: usize) -> Vec<u8> {
    let screen = [
        b"GIF89a".to_vec(),
        width.to_le_bytes().to_vec(),
        height.to_le_bytes().to_vec(),
        vec![0x80, 0, 0, 0, 0, 0, 255, 255, 255],
    ]
    .concat();
    let frame = b"\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    [screen, frame.repeat(frames), vec![0x3B]].concat()
}

fn gifs() -> Vec<Case> {
    let mut outside = gif(4, 4, 1);
    outside[20] = 9;
    let chain = [&gif(4, 4, 0)[..19], b"\x21\xFE", &[255; 256].repeat(4000), b"\0\x3B"].concat();
    vec![
        case("gif of one pixel", gif(1, 1, 1), Expect::Picture),
        refused("gif 65535²", gif(65_535, 65_535, 1), "TooManyPixels"),
        refused("gif of 20000 frames", gif(100, 100, 20_000), "TooManyFrames"),
        refused("gif of 1001 frames", gif(10, 10, 1001), "TooManyFrames"),
        case("gif of 1000 frames", gif(10, 10, 1000), Expect::Picture),
        refused("gif of 20 frames on 5000²", gif(5000, 5000, 20), "TooManyFrames"),
        case("gif of one pixel on 5000²", gif(5000, 5000, 1), Expect::Picture),
        refused("gif without a frame", gif(4, 4, 0), "Corrupt"),
        refused("gif 0 wide", gif(0, 4, 1), "Corrupt"),
        refused("gif with a frame outside", outside, "Corrupt"),
        refused("gif of one comment", chain, "Corrupt"),
        refused("gif that ends in its first frame", gif(4, 4, 1)[..30].to_vec(), "Corrupt"),
        case(
            "gif with noise for pixels",
            [&gif(4, 4, 1)[..30], &[200][..], &noise(2, 200), &[0, 0x3B]].concat(),
            Expect::Any,
        ),
    ]
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let body = chunks.concat();
    let length = u32::try_from(body.len() + 4).expect("small");
    [b"RIFF".to_vec(), length.to_le_bytes().to_vec(), b"WEBP".to_vec(), body].concat()
}

fn riff_chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("small");
    [kind.to_vec(), length.to_le_bytes().to_vec(), data.to_vec(), vec![0; data.len() & 1]].concat()
}

fn webps() -> Vec<Case> {
    let lossless = |width: u32, height: u32| {
        let bits = (width - 1) | (height - 1) << 14;
        riff_chunk(b"VP8L", &[vec![0x2F], bits.to_le_bytes().to_vec(), vec![0; 16]].concat())
    };
    let extended = |flags: u8, width: u32, height: u32| {
        let side = |length: u32| (length - 1).to_le_bytes()[..3].to_vec();
        riff_chunk(b"VP8X", &[vec![flags, 0, 0, 0], side(width), side(height)].concat())
    };
    let frame = riff_chunk(b"ANMF", &[0; 24]);
    let lossy = fixture("lossy.webp");
    let mut huge = lossy.clone();
    huge[26..30].copy_from_slice(&[0xFF, 0x3F, 0xFF, 0x3F]);
    let mut grown = lossy.clone();
    grown[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    vec![
        refused("webp 16383² lossless in 34 bytes", riff(&[lossless(16_383, 16_383)]), "TooManyPixels"),
        refused("webp 16383² lossy", huge, "TooManyPixels"),
        refused("webp canvas 2²⁴", riff(&[extended(0, 1 << 24, 1 << 24)]), "TooManyPixels"),
        case("webp 4000² lossless of nothing", riff(&[lossless(4000, 4000)]), Expect::Any),
        refused("webp of 2000 frames", riff(&[extended(2, 64, 64), frame.repeat(2000)]), "TooManyFrames"),
        case("webp with frames of nothing", riff(&[extended(2, 64, 64), frame.repeat(5)]), Expect::AnyError),
        refused("webp with a canvas of another size", riff(&[extended(0, 9, 9), lossless(8, 8)]), "Corrupt"),
        refused("webp without a picture", riff(&[extended(0, 9, 9)]), "Corrupt"),
        refused(
            "webp with a lossless picture without its signature",
            riff(&[riff_chunk(b"VP8L", &[0; 20])]),
            "Corrupt",
        ),
        refused("webp with a lossy picture without its start code", riff(&[riff_chunk(b"VP8 ", &[0; 20])]), "Corrupt"),
        case("webp that says it is four gigabytes", grown, Expect::Any),
        case(
            "webp with a profile of noise",
            riff(&[extended(0x20, 8, 8), riff_chunk(b"ICCP", &noise(1, 9000)), lossless(8, 8)]),
            Expect::Any,
        ),
        refused("webp of nothing", riff(&[]), "Corrupt"),
    ]
}

fn bmp(width: i32, height: i32, bits: u16, compression: u32) -> Vec<u8> {
    let mut file = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    file.extend(width.to_le_bytes());
    file.extend(height.to_le_bytes());
    file.extend([1, 0]);
    file.extend(bits.to_le_bytes());
    file.extend(compression.to_le_bytes());
    file.extend([0; 20]);
    file.extend([0; 64]);
    file
}

fn bmps() -> Vec<Case> {
    vec![
        case("bmp 2 × 2", bmp(2, 2, 24, 0), Expect::Picture),
        case("bmp 2 × 2 from the top", bmp(2, -2, 24, 0), Expect::Picture),
        refused("bmp 2³¹ − 1 wide", bmp(i32::MAX, 1, 24, 0), "TooManyPixels"),
        refused("bmp of negative width", bmp(-1, 1, 24, 0), "Corrupt"),
        refused("bmp of the least height", bmp(1, i32::MIN, 24, 0), "TooManyPixels"),
        refused("bmp 0 high", bmp(1, 0, 24, 0), "Corrupt"),
        refused("bmp larger than its pixels", bmp(3000, 3000, 24, 0), "Corrupt"),
        refused("bmp of 7 bits", bmp(2, 2, 7, 0), "Unsupported"),
        refused("bmp with a PNG inside", bmp(2, 2, 24, 5), "Unsupported"),
        case("bmp of runs that never end", bmp(3000, 3000, 8, 1), Expect::Any),
        case("bmp of 4-bit runs that never end", bmp(3000, 3000, 4, 2), Expect::Any),
        case("bmp with masks of nothing", bmp(4, 4, 32, 3), Expect::Any),
    ]
}

fn tiff(entries: &[(u16, u16, u32, u32)], next: u32) -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0".to_vec();
    file.extend(u16::try_from(entries.len()).expect("few").to_le_bytes());
    for (tag, kind, count, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(count.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    file.extend(next.to_le_bytes());
    file.extend([128; 256]);
    file
}

fn tiffs() -> Vec<Case> {
    let page = |width: u32, height: u32, compression: u32| {
        vec![
            (256, 4, 1, width),
            (257, 4, 1, height),
            (258, 3, 1, 8),
            (259, 3, 1, compression),
            (262, 3, 1, 1),
            (273, 4, 1, 120),
            (278, 4, 1, height),
            (279, 4, 1, 64),
        ]
    };
    vec![
        case("tiff 8 × 8", tiff(&page(8, 8, 1), 0), Expect::Picture),
        refused("tiff all bits set", tiff(&page(u32::MAX, u32::MAX, 1), 0), "TooManyPixels"),
        refused("tiff larger than its pixels", tiff(&page(3000, 3000, 1), 0), "Corrupt"),
        refused("tiff with a directory that follows itself", tiff(&page(8, 8, 1), 8), "TooManyFrames"),
        refused("tiff with a directory beyond its end", tiff(&page(8, 8, 1), 0x7FFF_FFFF), "Corrupt"),
        refused("tiff without a size", tiff(&page(8, 8, 1)[2..], 0), "Corrupt"),
        refused("tiff of a JPEG", tiff(&page(8, 8, 7), 0), "Unsupported"),
        refused("tiff of a rare compression", tiff(&page(8, 8, 50_000), 0), "Unsupported"),
        case("tiff of deflated noise", tiff(&page(8, 8, 8), 0), Expect::AnyError),
        case("tiff of LZW noise", tiff(&page(8, 8, 5), 0), Expect::Any),
        case("tiff of packed noise", tiff(&page(8, 8, 32_773), 0), Expect::Any),
        refused(
            "tiff with a profile beyond its end",
            tiff(&[page(8, 8, 1), vec![(34_675, 7, 1000, 0x7FFF_FFFF)]].concat(), 0),
            "Corrupt",
        ),
        case(
            "tiff with a profile of four gigabytes",
            tiff(&[page(8, 8, 1), vec![(34_675, 7, u32::MAX, 0)]].concat(), 0),
            Expect::Any,
        ),
        case(
            "tiff with strips of four billion",
            tiff(
                &[
                    (256, 4, 1, 8),
                    (257, 4, 1, 8),
                    (258, 3, 1, 8),
                    (262, 3, 1, 1),
                    (273, 4, u32::MAX, 8),
                    (279, 4, u32::MAX, 8),
                ],
                0,
            ),
            Expect::AnyError,
        ),
        refused("tiff raw photo", [b"II*\0\x10\0\0\0CR\x02\0".to_vec(), vec![0; 500]].concat(), "Unsupported"),
    ]
}
