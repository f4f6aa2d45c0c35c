//! PNGs.

use std::io::Write;

use super::super::{Case, Expect};
use super::{case, noise, refused};

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

pub fn all() -> Vec<Case> {
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
