//! GIF, WebP, BMP and TIFF.

use super::super::{Case, Expect};
use super::{case, noise, refused};
use crate::common::fixture;

/// All four.
pub fn all() -> Vec<Case> {
    [gifs(), webps(), bmps(), tiffs()].into_iter().flatten().collect()
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
        refused(
            "gif with a frame of 65535²",
            [&gif(4, 4, 0)[..19], b"\x2C\0\0\0\0\xFF\xFF\xFF\xFF\0\x02\x02\x44\x01\0\x3B"].concat(),
            "TooComplex",
        ),
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
    let begun_at = |mut file: Vec<u8>, at: u32| {
        file[10..14].copy_from_slice(&at.to_le_bytes());
        file
    };
    let masked = |masks: &[u32; 3]| {
        let mut file = bmp(4, 4, 32, 3);
        file[54..66].copy_from_slice(&masks.map(u32::to_le_bytes).concat());
        file
    };
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
        refused(
            "bmp with runs above its top",
            [bmp(4, 4, 8, 1)[..54].to_vec(), vec![0; 1024 + 5 * 2], vec![4, 1, 0, 1]].concat(),
            "Corrupt",
        ),
        refused("bmp with empty masks", masked(&[0, 0, 0]), "Corrupt"),
        refused("bmp with masks that have gaps", masked(&[0x00FF_00FF, 0xFF00, 0xFF]), "Corrupt"),
        refused("bmp whose pixels begin beyond its end", begun_at(bmp(2, 2, 24, 0), u32::MAX), "Corrupt"),
        refused("bmp whose pixels are its header", begun_at(bmp(2, 2, 24, 0), 53), "Corrupt"),
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
    let tiled = |width: u32, height: u32| {
        let tiles = vec![(322, 4, 1, width), (323, 4, 1, height), (324, 4, 1, 120), (325, 4, 1, 64)];
        [page(8, 8, 1)[..5].to_vec(), tiles].concat()
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
        refused("tiff with tiles of four billion", tiff(&tiled(u32::MAX, 16), 0), "TooComplex"),
        refused("tiff with tiles of no height", tiff(&tiled(16, 0), 0), "Corrupt"),
        case("tiff with tiles four billion high", tiff(&tiled(16, u32::MAX), 0), Expect::AnyError),
        case("tiff with a tile for each of 64 pixels", tiff(&tiled(1, 1), 0), Expect::AnyError),
        refused(
            "tiff with a palette beyond its end",
            tiff(
                &[&page(8, 8, 1)[..4], &[(262, 3, 1, 3)], &page(8, 8, 1)[5..], &[(320, 3, 768, 0x7FFF_FFFF)]].concat(),
                0,
            ),
            "Corrupt",
        ),
        refused("tiff with planes in a third way", tiff(&[page(8, 8, 1), vec![(284, 3, 1, 3)]].concat(), 0), "Corrupt"),
        refused("tiff without pixels", tiff(&page(8, 8, 1)[..5], 0), "Corrupt"),
        refused("tiff raw photo", [b"II*\0\x10\0\0\0CR\x02\0".to_vec(), vec![0; 500]].concat(), "Unsupported"),
    ]
}
