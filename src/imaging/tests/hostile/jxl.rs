//! JPEG XL: headers that lie, boxes that loop or claim more than there is, pixels of noise.

use super::super::{Case, Expect};
use super::{case, noise, refused};
use crate::common::fixture;

const BOXES: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ";

/// A codestream of numbers of so many bits, the lowest bit first.
fn bits(numbers: &[(u64, u32)]) -> Vec<u8> {
    let all = numbers.iter().flat_map(|(number, bits)| {
        (0..*bits).map(move |bit| number.checked_shr(bit).is_some_and(|rest| rest & 1 == 1))
    });
    let all: Vec<bool> = all.collect();
    all.chunks(8).map(|byte| (0_u8..).zip(byte).map(|(at, bit)| u8::from(*bit) << at).sum()).collect()
}

const SIGNATURE: (u64, u32) = (0x0AFF, 16);
/// 64 × 64.
const SMALL: [(u64, u32); 3] = [(1, 1), (7, 5), (1, 3)];
/// Not as usual, nothing rare, eight bits, 16 suffice.
const PLAIN: [(u64, u32); 5] = [(0, 1), (0, 1), (0, 1), (0, 2), (1, 1)];

/// A picture of 64 × 64 with these fields behind its depth.
fn small(fields: &[(u64, u32)]) -> Vec<u8> {
    let mut file = bits(&[&[SIGNATURE], SMALL.as_slice(), PLAIN.as_slice(), fields].concat());
    file.extend(noise(3, 400));
    file
}

/// One extra channel of this kind, as the standard lists them; none has a name.
fn channel(kind: u64) -> Vec<u8> {
    let kind = if kind < 18 { [(2, 2), (kind - 2, 4)] } else { [(3, 2), (kind - 18, 6)] };
    small(&[&[(1, 2), (0, 1)], kind.as_slice(), &[(0, 1), (0, 2), (0, 2), (0, 2), (0, 32)]].concat())
}

/// Colours of this space, white, primaries and transfer.
fn colors(space: u64, transfer: u64) -> Vec<u8> {
    let transfer = [(2, 2), (transfer.saturating_sub(2), 4)];
    small(
        &[&[(0, 2), (0, 1), (0, 1), (0, 1), (space, 2), (1, 2), (1, 2), (0, 1)], transfer.as_slice(), &[(0, 32)]]
            .concat(),
    )
}

fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).expect("small").to_be_bytes(), kind, body].concat()
}

fn piece(number: u32, body: &[u8]) -> Vec<u8> {
    boxed(b"jxlp", &[&number.to_be_bytes(), body].concat())
}

pub fn all() -> Vec<Case> {
    [headers(), boxes(), pixels()].into_iter().flatten().collect()
}

fn headers() -> Vec<Case> {
    let side = |choice: u64, bits_of_side: u32, length: u64| {
        let mut file = bits(&[SIGNATURE, (0, 1), (choice, 2), (length - 1, bits_of_side), (1, 3), (1, 1)]);
        file.extend(noise(4, 60));
        file
    };
    vec![
        refused("jxl of its signature alone", b"\xFF\x0A".to_vec(), "Corrupt"),
        refused("jxl of 30,001 pixels a side", side(2, 18, 30_001), "TooManyPixels"),
        refused("jxl of 2^30 pixels a side", side(3, 30, 1 << 30), "TooManyPixels"),
        refused("jxl of more memory than a worker has", side(2, 18, 6_000), "TooComplex"),
        refused(
            "jxl of a depth of 64 bits",
            bits(&[&[SIGNATURE], SMALL.as_slice(), &[(0, 2), (0, 1), (3, 2), (63, 6), (0, 99)]].concat()),
            "Corrupt",
        ),
        refused(
            "jxl that moves",
            bits(&[&[SIGNATURE], SMALL.as_slice(), &[(0, 1), (1, 1), (0, 5), (1, 1), (0, 40)]].concat()),
            "Unsupported",
        ),
        refused("jxl of 4,096 channels", small(&[(3, 2), (4095, 12)]), "TooComplex"),
        refused("jxl with spot colours", channel(2), "Unsupported"),
        refused("jxl in inks", channel(4), "Unsupported"),
        refused("jxl of a raw photo", channel(5), "Unsupported"),
        refused("jxl with a channel of unknown meaning", channel(15), "Unsupported"),
        refused("jxl with a channel of no list", channel(60), "Unsupported"),
        refused(
            "jxl with a name that is not there",
            small(&[(1, 2), (0, 1), (0, 2), (0, 1), (0, 2), (0, 2), (3, 2), (1023, 10)])[..60].to_vec(),
            "Corrupt",
        ),
        refused("jxl in PQ", colors(0, 16), "Unsupported"),
        refused("jxl in HLG", colors(0, 18), "Unsupported"),
        refused("jxl in the colours of an eye", colors(2, 13), "Unsupported"),
        refused("jxl in a transfer that is not said", colors(0, 2), "Unsupported"),
        case("jxl with frames of noise", small(&[(0, 2), (1, 1), (1, 1), (0, 2), (1, 1)]), Expect::AnyError),
        refused("jxl that is a page", [b"\xFF\x0A<html>".as_slice(), &noise(5, 60)].concat(), "Unsupported"),
        case("jxl that claims a part of a gigabyte", claims_a_gigabyte(), Expect::Error("Corrupt")),
    ]
}

/// An 8 × 8 picture as usual, one frame as usual, and the table of its one part.
fn claims_a_gigabyte() -> Vec<u8> {
    let mut file = bits(&[SIGNATURE, (1, 1), (0, 5), (1, 3), (1, 1), (1, 1)]);
    file.extend(bits(&[(1, 1), (0, 1), (0, 6), (3, 2), ((1 << 30) - 1, 30)]));
    file.extend(noise(6, 40));
    file
}

fn boxes() -> Vec<Case> {
    let still = fixture("still.jxl");
    let (first, second) = still.split_at(700);
    let file = |boxes: &[Vec<u8>]| [BOXES.to_vec(), boxes.concat()].concat();
    let long = |kind: &[u8], length: u64| [b"\0\0\0\x01".as_slice(), kind, &length.to_be_bytes()].concat();
    let cut = |number: usize| boxed(b"jxlc", &still)[..number].to_vec();
    vec![
        refused("jxl of boxes without a picture", file(&[boxed(b"Exif", &[0; 40])]), "Corrupt"),
        refused("jxl of 100,000 empty boxes", file(&[boxed(b"free", b"").repeat(100_000)]), "Corrupt"),
        refused("jxl with a box shorter than its head", file(&[b"\0\0\0\x07jxlc\0\0\0\0".to_vec()]), "Corrupt"),
        refused("jxl with a long box shorter than its head", file(&[long(b"jxlc", 15)]), "Corrupt"),
        refused("jxl with EXIF of 2^60 bytes", file(&[long(b"Exif", 1 << 60), boxed(b"jxlc", &still)]), "Corrupt"),
        refused("jxl with a codestream of 2^60 bytes", file(&[long(b"jxlc", 1 << 60), still.clone()]), "Corrupt"),
        refused("jxl with a codestream beyond the file", file(&[cut(1500)]), "Corrupt"),
        refused("jxl with two codestreams", file(&[boxed(b"jxlc", &still), boxed(b"jxlc", &still)]), "Corrupt"),
        refused("jxl with pieces in a wrong order", file(&[piece(1, first), piece(1 << 31, second)]), "Corrupt"),
        refused("jxl without its last piece", file(&[piece(0, first)]), "Corrupt"),
        refused("jxl whose last piece is not said to be it", file(&[piece(0, first), piece(1, second)]), "Corrupt"),
        refused("jxl with a piece of two bytes", file(&[boxed(b"jxlp", &[0, 0]), piece(1 << 31, &still)]), "Corrupt"),
        refused("jxl with a codestream of nothing", file(&[boxed(b"jxlc", b"")]), "Corrupt"),
        refused("jxl in pieces whose header is cut", file(&[piece(1 << 31, &still[..5])]), "Corrupt"),
        case("jxl in two pieces", file(&[piece(0, first), piece(1 << 31 | 1, second)]), Expect::Picture),
        case(
            "jxl in pieces of a byte",
            file(&[piece(0, &still[..1]), piece(1, &still[1..2]), piece(1 << 31 | 2, &still[2..])]),
            Expect::Picture,
        ),
        case("jxl with EXIF that lies", file(&[boxed(b"Exif", &[0xFF; 9]), boxed(b"jxlc", &still)]), Expect::Picture),
        case("jxl with a box of nonsense behind it", file(&[boxed(b"jxlc", &still), noise(7, 99)]), Expect::Picture),
        case("jxl with more behind it", [still.clone(), noise(8, 5000)].concat(), Expect::Picture),
        case("jxl up to the end", file(&[[b"\0\0\0\0jxlc".as_slice(), &still].concat()]), Expect::Picture),
    ]
}

fn pixels() -> Vec<Case> {
    let noisy = |name: &str, at: usize| {
        let mut file = fixture(name);
        let rest = noise(9, file.len() - at);
        file[at..].copy_from_slice(&rest);
        file
    };
    let early = |name: &str| [&fixture(name)[..20], &noise(10, 3000)].concat();
    ["still.jxl", "lossless.jxl", "groups.jxl", "alpha-multiplied.jxl", "named-p3.jxl"]
        .into_iter()
        .flat_map(|name| {
            let late = noisy(name, fixture(name).len() / 2);
            [
                case(format!("{name} with noise from its half"), late, Expect::Any),
                case(format!("{name} with noise behind its header"), early(name), Expect::Any),
            ]
        })
        .collect()
}
