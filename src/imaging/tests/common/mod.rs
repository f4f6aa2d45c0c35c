//! What the tests share: fixtures, limits, recipes.
#![allow(dead_code)] // each test takes what it needs

use std::path::PathBuf;

use darkroom_imaging::{Developed, Encoded, Inspection, Limits, Picture, Recipe, WorkError, develop, inspect};

/// Every fixture that is a picture.
pub const PICTURES: &[&str] = &[
    "alpha.webp",
    "animated.gif",
    "animated.webp",
    "deflate.tiff",
    "display-p3.webp",
    "lossless.webp",
    "lossy.webp",
    "lzw-alpha.tiff",
    "orientation-6.webp",
    "plain.bmp",
    "still.gif",
    "4-2-2.jpg",
    "4-4-4.jpg",
    "baseline-from-progressive.jpg",
    "bilevel.png",
    "cmyk.jpg",
    "dandelion.jpg",
    "display-p3.jpg",
    "display-p3.png",
    "gps.jpg",
    "gray-16.png",
    "gray-alpha.png",
    "gray.jpg",
    "interlaced.png",
    "motion-photo.jpg",
    "non-interleaved.jpg",
    "odd-size.jpg",
    "orientation-1.jpg",
    "orientation-2.jpg",
    "orientation-3.jpg",
    "orientation-4.jpg",
    "orientation-5.jpg",
    "orientation-6.jpg",
    "orientation-6.png",
    "orientation-7.jpg",
    "orientation-8.jpg",
    "palette-transparent.png",
    "palette.png",
    "progressive.jpg",
    "restart.jpg",
    "rgb-16.png",
    "srgb-profile.jpg",
    "transparent.gif",
    "transparent.png",
    "turned-alpha-p3.png",
    "turned-alpha-p3.tiff",
    "turned-alpha-p3.webp",
    "turned-cmyk.jpg",
    "turned-p3.jpg",
    "turned.tiff",
    "ycck.jpg",
    "4-4-4.heic",
    "alpha.heic",
    "bt2020.heic",
    "bt709-narrow.heic",
    "cropped.heic",
    "display-p3.heic",
    "gray.heic",
    "grid.heic",
    "nclx-p3.heic",
    "odd-size.heic",
    "orientation-2.heic",
    "orientation-3.heic",
    "orientation-4.heic",
    "orientation-5.heic",
    "orientation-6.heic",
    "orientation-7.heic",
    "orientation-8.heic",
    "still.heic",
    "ten-bits.heic",
    "alpha.jxl",
    "alpha-multiplied.jxl",
    "display-p3.jxl",
    "display-p3-lossy.jxl",
    "float.jxl",
    "from-jpeg.jxl",
    "gray.jxl",
    "groups.jxl",
    "halved.jxl",
    "linear.jxl",
    "linear-lossy.jxl",
    "lossless.jxl",
    "named-p3.jxl",
    "named-p3-lossy.jxl",
    "noise.jxl",
    "odd-size.jxl",
    "orientation-2.jxl",
    "orientation-3.jxl",
    "orientation-4.jxl",
    "orientation-5.jxl",
    "orientation-6.jxl",
    "orientation-7.jxl",
    "orientation-8.jxl",
    "sixteen-bits.jxl",
    "still.jxl",
    "ten-bits.jxl",
];

/// The limits that ship.
pub fn limits() -> Limits {
    serde_json::from_str(include_str!("../../../../settings/limits.json")).expect("settings/limits.json")
}

/// The recipe that ships.
pub fn default_recipe() -> Recipe {
    Recipe::from_json(include_str!("../../../../settings/recipe.json")).expect("settings/recipe.json")
}

/// A recipe with this variant list and no watermark.
pub fn recipe(variants: &str) -> Recipe {
    Recipe::from_json(&format!("{{\"variants\":[{variants}]}}")).expect("a recipe")
}

/// One JPEG variant of this longest side, called `v`.
pub fn one(side: u32) -> Recipe {
    recipe(&format!("{{\"name\":\"v\",\"longest_side\":{side}}}"))
}

/// The picture itself, without loss.
pub fn whole() -> Recipe {
    recipe(r#"{"name":"v","longest_side":2048,"format":"png"}"#)
}

/// One picture of 160 pixels in this format; what is transparent shows gray.
pub fn in_format(format: &str) -> Recipe {
    let variant =
        format!(r#"{{"name":"golden","longest_side":160,"quality":90,"watermark":false,"format":"{format}"}}"#);
    Recipe::from_json(&format!(r##"{{"variants":[{variant}],"background":"#8090a0"}}"##)).expect("a recipe")
}

/// The folder of the fixtures.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

/// A fixture's bytes.
pub fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join("images").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// One line of `fixtures/formats/expected.txt`.
pub struct Cell {
    /// The file.
    pub name: String,
    /// The reference that it shows, or `refused: ` and the words.
    pub outcome: String,
    /// The most that a channel may differ: codecs with loss are named.
    pub tolerance: u8,
}

/// The table of what varies in each format.
pub fn cells() -> Vec<Cell> {
    let table = std::fs::read_to_string(folder().join("formats/expected.txt")).expect("the table");
    let cell = |line: &str| {
        let [name, outcome, tolerance, _] = line.split(" | ").collect::<Vec<_>>()[..] else { panic!("{line}") };
        Cell { name: name.into(), outcome: outcome.into(), tolerance: tolerance.parse().expect("a number") }
    };
    table.lines().map(cell).collect()
}

/// A fixture, developed.
pub fn developed(name: &str, recipe: &Recipe) -> Developed {
    develop(&fixture(name), recipe, &limits()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The only picture of a one-variant recipe.
pub fn picture(name: &str, recipe: &Recipe) -> Picture {
    developed(name, recipe).pictures.remove(0)
}

/// The only file of a variant in one format.
pub fn only(files: Result<Vec<Encoded>, WorkError>) -> Encoded {
    let [file] = files.expect("it is encoded").try_into().expect("one format");
    file
}

/// The pixel of a picture, as RGBA.
pub fn pixel(picture: &Picture, x: u32, y: u32) -> [u8; 4] {
    let rgba = picture.to_rgba();
    let at = ((y * picture.width() + x) * 4) as usize;
    [rgba[at], rgba[at + 1], rgba[at + 2], rgba[at + 3]]
}

/// The swatches are fields of 40 pixels, four in a row. This is what is in the midst of one.
pub fn swatch(picture: &Picture, index: u32) -> [u8; 4] {
    pixel(picture, index % 4 * 40 + 20, index / 4 * 40 + 20)
}

/// The swatches of a picture show these colours.
pub fn shows_swatches(name: &str, picture: &Picture, colors: impl IntoIterator<Item = (u32, [u8; 3])>, most_off: u8) {
    for (index, expected) in colors {
        let found = swatch(picture, index);
        let near = found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= most_off);
        assert!(near, "{name} {index}: {found:?} for {expected:?}");
    }
}

/// The swatches in P3's own coordinates of the sRGB primaries, and the grays: so they come out in sRGB.
pub const PRIMARIES: [(u32, [u8; 3]); 7] = [
    (0, [255, 0, 0]),
    (1, [0, 255, 0]),
    (2, [0, 0, 255]),
    (3, [255, 255, 0]),
    (4, [128; 3]),
    (6, [255; 3]),
    (7, [0; 3]),
];

/// The mean difference of two pictures' samples.
pub fn difference(a: &Picture, b: &Picture) -> f64 {
    assert_eq!((a.width(), a.height()), (b.width(), b.height()));
    let (a, b) = (a.to_rgba(), b.to_rgba());
    let sum: u64 = a.iter().zip(&b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    #[allow(clippy::cast_precision_loss)]
    let mean = sum as f64 / a.len() as f64;
    mean
}

/// Inspects as a worker does: more bytes whenever asked. Gives the answer and how many bytes it took.
pub fn inspect_in_ranges(
    bytes: &[u8],
    mut have: usize,
) -> Result<(darkroom_imaging::Header, usize), darkroom_imaging::ImageError> {
    for _ in 0..40 {
        match inspect(&bytes[..have.min(bytes.len())], bytes.len() as u64, None, &limits())? {
            Inspection::Header(header) => return Ok((header, have)),
            Inspection::NeedMore { bytes: more } => {
                let more = usize::try_from(more).expect("fits");
                assert!(more > have && more <= bytes.len(), "asked for {more} of {}, had {have}", bytes.len());
                have = more;
            }
        }
    }
    panic!("it never has enough");
}
