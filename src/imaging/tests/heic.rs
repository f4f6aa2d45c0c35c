//! HEIC against libheif: `fixtures/images/heic` has what libheif shows of each `fixtures/images/*.heic`.

mod common;

use common::{PRIMARIES, difference, fixture, inspect_in_ranges, limits, picture, shows_swatches, whole};
use darkroom_imaging::{ColorModel, Format, ImageError, Inspection, develop, inspect};

/// Those whose colours libheif leaves as they are in the file: sRGB.
const SRGB: [&str; 15] = [
    "still",
    "ten-bits",
    "4-4-4",
    "odd-size",
    "bt709-narrow",
    "gray",
    "alpha",
    "grid",
    "cropped",
    "orientation-2",
    "orientation-3",
    "orientation-4",
    "orientation-5",
    "orientation-7",
    "orientation-8",
];

#[test]
fn r23_heic_shows_what_libheif_shows() {
    for name in SRGB.into_iter().chain(["orientation-6"]) {
        let (ours, theirs) =
            (picture(&format!("{name}.heic"), &whole()), picture(&format!("heic/{name}.png"), &whole()));
        let off = difference(&ours, &theirs);
        // Colour of half size is interpolated in another way.
        assert!(off < if name == "4-4-4" || name == "gray" { 0.6 } else { 1.4 }, "{name} is off by {off}");
    }
}

#[test]
fn r24_display_p3_by_a_profile_or_by_code_points_becomes_srgb() {
    for name in ["display-p3.heic", "nclx-p3.heic"] {
        let made = common::developed(name, &whole());
        assert_eq!(made.facts.profile.as_deref(), Some("Display P3"), "{name}");
        shows_swatches(name, &made.pictures[0], PRIMARIES, 8);
    }
}

/// The decoded numbers are those of libheif, which leaves the colours; a wide gamut then makes them stronger.
#[test]
fn r24_bt2020_becomes_srgb() {
    let made = common::developed("bt2020.heic", &whole());
    assert!(made.facts.profile.is_some());
    let (ours, still) = (&made.pictures[0], picture("still.heic", &whole()));
    let colorful = |picture: &darkroom_imaging::Picture| -> u64 {
        let rgba = picture.to_rgba();
        let spread = |pixel: &[u8; 4]| u64::from(pixel[..3].iter().max().unwrap() - pixel[..3].iter().min().unwrap());
        rgba.as_chunks::<4>().0.iter().map(spread).sum()
    };
    assert!(colorful(ours) > colorful(&still), "the same numbers mean stronger colours");
}

#[test]
fn r20_the_header_tells_what_the_picture_is() {
    let look = |name: &str| {
        let bytes = fixture(name);
        match inspect(&bytes, bytes.len() as u64, Some("image/heif"), &limits()) {
            Ok(Inspection::Header(header)) => header,
            other => panic!("{name}: {other:?}"),
        }
    };
    let still = look("still.heic");
    assert_eq!((still.format, still.width, still.height, still.depth), (Format::Heic, 96, 64, 8));
    assert_eq!((still.color, still.alpha, still.frames, still.orientation), (ColorModel::Rgb, false, 1, 1));
    assert_eq!(look("ten-bits.heic").depth, 10);
    assert_eq!(look("gray.heic").color, ColorModel::Gray);
    assert!(look("alpha.heic").alpha);
    let grid = look("grid.heic");
    assert_eq!((grid.width, grid.height, grid.orientation), (120, 80, 3));
    let cropped = look("cropped.heic");
    assert_eq!((cropped.width, cropped.height, cropped.upright_size()), (61, 41, (41, 61)));
    for orientation in 2..=8 {
        let header = look(&format!("orientation-{orientation}.heic"));
        assert_eq!((header.orientation, header.upright_size()), (orientation, (96, 64)));
    }
}

/// Its EXIF says 3, its boxes say 6: by the standard the boxes count, and they alone.
#[test]
fn r23_boxes_turn_the_picture_and_exif_tells_the_camera() {
    let facts = common::developed("orientation-6.heic", &whole()).facts;
    assert_eq!((facts.orientation, facts.width, facts.height), (6, 96, 64));
    assert_eq!(facts.camera.as_deref(), Some("Darkroom Fixture Heif"));
    assert_eq!(facts.taken_at.as_deref(), Some("2024-06-30T18:05:01"));
}

#[test]
fn r21_a_header_is_read_from_the_first_bytes_however_few() {
    for name in ["still.heic", "grid.heic", "alpha.heic", "odd-size.heic"] {
        let bytes = fixture(name);
        let (header, took) = inspect_in_ranges(&bytes, 0).unwrap();
        assert_eq!(header, inspect_in_ranges(&bytes, bytes.len()).unwrap().0, "{name}");
        assert!(took < bytes.len() || name == "grid.heic", "{name}: its pixels are not needed");
    }
}

#[test]
fn r21_limits_hold_before_a_decoder_sees_a_byte() {
    let bytes = fixture("grid.heic");
    let mut tight = limits();
    tight.max_side = 119;
    assert!(matches!(develop(&bytes, &whole(), &tight), Err(ImageError::TooManyPixels { width: 120, height: 80, .. })));
    let mut tight = limits();
    tight.max_pixels = 120 * 80 - 1;
    assert!(matches!(develop(&bytes, &whole(), &tight), Err(ImageError::TooManyPixels { .. })));
}
