//! HEIC: boxes that lie, loop, or claim more than there is.

use super::super::{Case, Expect};
use super::{case, noise, refused};
use crate::common::fixture;

/// A box.
fn boxed(kind: &[u8], parts: &[Vec<u8>]) -> Vec<u8> {
    let body = parts.concat();
    let length = u32::try_from(body.len() + 8).expect("small");
    [length.to_be_bytes().to_vec(), kind.to_vec(), body].concat()
}

/// A box with a version and flags.
fn full(kind: &[u8], version: u32, parts: &[Vec<u8>]) -> Vec<u8> {
    boxed(kind, &[vec![(version << 24).to_be_bytes().to_vec()], parts.to_vec()].concat())
}

fn be(number: u32) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

fn short(number: u16) -> Vec<u8> {
    number.to_be_bytes().to_vec()
}

const BRANDS: &[u8] = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";

/// A file of these boxes in its `meta`.
fn heic(boxes: &[Vec<u8>]) -> Vec<u8> {
    [BRANDS.to_vec(), full(b"meta", 0, boxes)].concat()
}

fn item(id: u16, kind: &[u8]) -> Vec<u8> {
    full(b"infe", 2, &[short(id), short(0), kind.to_vec(), vec![0]])
}

/// A grid of so many rows and columns (less one), which refers to item 2 as often as it has parts.
fn grid(rows: u8, columns: u8, size: (u32, u32), tile: (u32, u32)) -> Vec<u8> {
    let parts = (u16::from(rows) + 1).saturating_mul(u16::from(columns) + 1);
    let descriptor = [vec![0, 1, rows, columns], be(size.0), be(size.1)].concat();
    let properties = boxed(
        b"ipco",
        &[
            full(b"ispe", 0, &[be(size.0), be(size.1)]),
            full(b"ispe", 0, &[be(tile.0), be(tile.1)]),
            boxed(b"hvcC", &[vec![1; 1], vec![0; 15], vec![1, 0, 0, 0, 0, 3, 0]]),
        ],
    );
    let owned = full(b"ipma", 0, &[be(2), short(1), vec![1, 1], short(2), vec![2, 2, 3]]);
    let references = [short(1), short(parts), short(2).repeat(usize::from(parts))].concat();
    heic(&[
        full(b"pitm", 0, &[short(1)]),
        full(b"iinf", 0, &[short(2), item(1, b"grid"), item(2, b"hvc1")]),
        // Both in `idat`: item 1 is the descriptor, item 2 its first four bytes.
        full(
            b"iloc",
            1,
            &[
                short(0x4400),
                short(2),
                short(1),
                short(1),
                short(0),
                short(1),
                be(0),
                be(12),
                short(2),
                short(1),
                short(0),
                short(1),
                be(0),
                be(4),
            ],
        ),
        full(b"iref", 0, &[boxed(b"dimg", &[references])]),
        boxed(b"iprp", &[properties, owned]),
        boxed(b"idat", &[descriptor]),
    ])
}

/// A fixture with some bytes behind a word changed.
fn with(name: &str, word: &[u8], behind: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = fixture(name);
    let at = file.windows(word.len()).position(|window| window == word).expect("the word") + word.len() + behind;
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

pub fn all() -> Vec<Case> {
    [boxes(), items(), pictures()].into_iter().flatten().collect()
}

fn boxes() -> Vec<Case> {
    let whole = fixture("still.heic");
    let huge = [BRANDS, b"\0\0\0\x01meta\0\0\0\x10\0\0\0\0"].concat();
    vec![
        refused("heic of its brands alone", BRANDS.to_vec(), "Corrupt"),
        refused("heic without a header", [BRANDS, b"\0\0\0\x08mdat"].concat(), "Corrupt"),
        refused("heic that only moves", [BRANDS, b"\0\0\0\x08moov"].concat(), "Unsupported"),
        refused("heic of 100,000 empty boxes", [BRANDS, &b"\0\0\0\x08free".repeat(100_000)].concat(), "Corrupt"),
        refused("heic with a box shorter than its head", [BRANDS, b"\0\0\0\x07meta"].concat(), "Corrupt"),
        refused("heic with a header of 2^36 bytes", huge, "TooComplex"),
        refused(
            "heic with a long box shorter than its head",
            [BRANDS, b"\0\0\0\x01meta\0\0\0\0\0\0\0\x0F"].concat(),
            "Corrupt",
        ),
        refused(
            "heic with a header of 8 MB",
            [BRANDS, &be(8 << 20), b"meta", &vec![0; 8 << 20]].concat(),
            "TooComplex",
        ),
        refused("heic with a header up to the end", [BRANDS, b"\0\0\0\0meta\0\0\0\0"].concat(), "Corrupt"),
        refused("heic with an inner box of no length", heic(&[b"\0\0\0\0pitm\0\0\0\0\0\x01".to_vec()]), "Corrupt"),
        refused("heic with an inner box beyond its outer one", heic(&[b"\0\0\x10\0pitm".to_vec()]), "Corrupt"),
        refused("heic with a header of noise", heic(&[noise(7, 4000)]), "Corrupt"),
        case("heic with more behind it", [whole.clone(), noise(8, 5000)].concat(), Expect::Picture),
        refused("heic that is a page", [&whole[..24], b"<html>", &whole[24..]].concat(), "Unsupported"),
    ]
}

fn items() -> Vec<Case> {
    let first = full(b"pitm", 0, &[short(1)]);
    let named = |count: u16, kind: &[u8]| {
        full(b"iinf", 0, &[vec![short(count)], (1..=count).map(|id| item(id, kind)).collect()].concat())
    };
    let circle =
        heic(&[first.clone(), named(1, b"grid"), full(b"iref", 0, &[boxed(b"dimg", &[short(1), short(1), short(1)])])]);
    let claims = |version: u32, items: Vec<u8>| heic(&[first.clone(), full(b"iloc", version, &[short(0x4444), items])]);
    vec![
        refused("heic without a primary picture", heic(&[]), "Corrupt"),
        refused("heic whose primary picture is not there", heic(std::slice::from_ref(&first)), "Corrupt"),
        refused("heic of 30,000 items", heic(&[first.clone(), named(30_000, b"hvc1")]), "TooComplex"),
        refused("heic that claims 2^32 places", claims(2, be(u32::MAX)), "Corrupt"),
        refused(
            "heic that claims 65,535 pieces",
            claims(0, [short(1), short(1), short(0), be(0), short(u16::MAX)].concat()),
            "Corrupt",
        ),
        refused(
            "heic with places of numbers of 7 bytes",
            heic(&[first.clone(), full(b"iloc", 0, &[short(0x7777), short(1)])]),
            "Corrupt",
        ),
        refused("heic whose grid is made of itself", circle, "Corrupt"),
        refused("heic with AV1 inside", heic(&[first.clone(), named(1, b"av01"), sized()]), "Avif"),
        refused("heic with a JPEG inside", heic(&[first.clone(), named(1, b"jpeg"), sized()]), "Unsupported"),
        refused("heic that is put together", heic(&[first.clone(), named(1, b"iovl"), sized()]), "Unsupported"),
        refused(
            "heic of many properties",
            heic(&[first, boxed(b"iprp", &[boxed(b"ipco", &[boxed(b"free", &[]).repeat(5000)])])]),
            "TooComplex",
        ),
    ]
}

/// A property for item 1: 64 × 64.
fn sized() -> Vec<u8> {
    let property = boxed(b"ipco", &[full(b"ispe", 0, &[be(64), be(64)])]);
    boxed(b"iprp", &[property, full(b"ipma", 0, &[be(1), short(1), vec![1, 1]])])
}

fn pictures() -> Vec<Case> {
    let side = |length: u32| be(length);
    let end = u32::try_from(fixture("still.heic").len()).expect("small");
    // In the files of the generator, a place is: item, source, count of pieces, start, length.
    let place = |start: u32, length: u32| with("still.heic", b"iloc", 4 + 2 + 2 + 6, &[be(start), be(length)].concat());
    vec![
        refused("heic of 30,001 pixels a side", with("still.heic", b"ispe", 4, &side(30_001)), "TooManyPixels"),
        refused("heic of 2^32 pixels a side", with("still.heic", b"ispe", 4, &[0xFF; 8]), "TooManyPixels"),
        refused("heic of no width", with("still.heic", b"ispe", 4, &side(0)), "Corrupt"),
        refused("heic of 10,000 pixels that has 96", with("still.heic", b"ispe", 4, &side(10_000)), "Corrupt"),
        case("heic of 90 pixels that has 96", with("still.heic", b"ispe", 4, &side(90)), Expect::Picture),
        case("heic of 16 pixels that has 96", with("still.heic", b"ispe", 4, &side(16)), Expect::Picture),
        refused("heic with pixels beyond the file", place(400, end), "Corrupt"),
        refused("heic with pixels far beyond the file", place(u32::MAX, u32::MAX), "Corrupt"),
        refused("heic with no pixels", place(400, 0), "Corrupt"),
        refused("heic with its header for pixels", place(0, 400), "Corrupt"),
        refused("heic with a crop of nothing", with("cropped.heic", b"clap", 0, &side(0)), "Corrupt"),
        refused("heic with a crop by zero", with("cropped.heic", b"clap", 4, &side(0)), "Corrupt"),
        refused("heic with a crop outside", with("cropped.heic", b"clap", 0, &side(4000)), "Corrupt"),
        refused("heic in HDR", with("still.heic", b"nclx", 2, &short(16)), "Unsupported"),
        refused("heic in a rare matrix", with("still.heic", b"nclx", 4, &short(11)), "Unsupported"),
        refused("heic with settings of noise", with("still.heic", b"hvcC", 0, &noise(9, 90)), "Unsupported"),
        case("heic with parameters of noise", with("still.heic", b"hvcC", 30, &noise(9, 60)), Expect::AnyError),
        case("heic with pixels of noise", with("still.heic", b"mdat", 6, &noise(10, 900)), Expect::Any),
        refused(
            "heic grid of 65,280 parts of 9 × 10^8 pixels",
            grid(254, 255, (30_000, 3_000), (30_000, 30_000)),
            "TooManyPixels",
        ),
        refused("heic grid of 2^32 pixels a side", grid(99, 99, (u32::MAX, u32::MAX), (64, 64)), "TooManyPixels"),
        refused("heic grid of one pixel in 10,000 parts", grid(99, 99, (1, 1), (64, 64)), "Corrupt"),
        refused("heic grid of parts of one row", grid(99, 0, (30_000, 100), (30_000, 1)), "Corrupt"),
        refused("heic grid of far more pixels than it shows", grid(0, 199, (29_000, 1), (145, 9000)), "TooComplex"),
        refused("heic grid of parts that are not there", with("grid.heic", b"dimg", 4, &short(77)), "Corrupt"),
        refused("heic grid of other many parts", with("grid.heic", b"mdat", 2, &[7]), "Corrupt"),
        case("heic with a lying alpha", with("alpha.heic", b"auxC", 4, b"xrn"), Expect::Picture),
    ]
}
