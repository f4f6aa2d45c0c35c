//! JPEG XL against libjxl: `fixtures/images/jxl` has what libjxl shows of each `fixtures/images/*.jxl`.

mod common;

use common::{PRIMARIES, difference, fixture, inspect_in_ranges, limits, picture, shows_swatches, whole};
use darkroom_imaging::{ColorModel, Format, ImageError, Inspection, develop, inspect};

/// The most that a mean sample is off, and the file.
const EQUAL: [(f64, &str); 22] = [
    (0.1, "lossless"),
    (0.1, "sixteen-bits"),
    (0.1, "ten-bits"),
    (0.1, "float"),
    (0.5, "still"),
    (0.5, "gray"),
    (0.5, "alpha"),
    (0.5, "alpha-multiplied"),
    (0.5, "odd-size"),
    (0.5, "groups"),
    (0.5, "noise"),
    (0.5, "halved"),
    (0.5, "from-jpeg"),
    (0.5, "linear"),
    (0.5, "linear-lossy"),
    (0.5, "orientation-2"),
    (0.5, "orientation-3"),
    (0.5, "orientation-4"),
    (0.5, "orientation-5"),
    (0.5, "orientation-6"),
    (0.5, "orientation-7"),
    (0.5, "orientation-8"),
];

#[test]
fn r23_jpeg_xl_shows_what_libjxl_shows() {
    let off = |name: &str| {
        let (ours, theirs) = (picture(&format!("{name}.jxl"), &whole()), picture(&format!("jxl/{name}.png"), &whole()));
        difference(&ours, &theirs)
    };
    let wrong: Vec<_> =
        EQUAL.into_iter().map(|(most, name)| (name, most, off(name))).filter(|it| it.2 > it.1).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn r24_display_p3_by_a_profile_or_by_name_becomes_srgb() {
    for (name, profile) in [
        ("display-p3.jxl", Some("Display P3")),
        ("named-p3.jxl", Some("DisplayP3")),
        ("display-p3-lossy.jxl", None),
        ("named-p3-lossy.jxl", Some("DisplayP3")),
    ] {
        let made = common::developed(name, &whole());
        assert!(
            profile.is_none_or(|profile| made.facts.profile.as_deref() == Some(profile)),
            "{name} {:?}",
            made.facts
        );
        shows_swatches(name, &made.pictures[0], PRIMARIES, 8);
    }
}

#[test]
fn r20_the_header_tells_what_the_picture_is() {
    let look = |name: &str| {
        let bytes = fixture(name);
        match inspect(&bytes, bytes.len() as u64, Some("image/jxl"), &limits()) {
            Ok(Inspection::Header(header)) => header,
            other => panic!("{name}: {other:?}"),
        }
    };
    let still = look("still.jxl");
    assert_eq!((still.format, still.width, still.height, still.depth), (Format::Jxl, 96, 64, 8));
    assert_eq!((still.color, still.alpha, still.frames, still.orientation), (ColorModel::Rgb, false, 1, 1));
    for (name, depth) in [("ten-bits.jxl", 10), ("sixteen-bits.jxl", 16), ("float.jxl", 32)] {
        assert_eq!(look(name).depth, depth, "{name}");
    }
    assert_eq!(look("gray.jxl").color, ColorModel::Gray);
    assert!(look("alpha.jxl").alpha && look("alpha-multiplied.jxl").alpha);
    assert_eq!((look("odd-size.jxl").width, look("odd-size.jxl").height), (95, 63));
    assert_eq!((look("groups.jxl").width, look("groups.jxl").height), (480, 270));
    for orientation in 2..=8 {
        let header = look(&format!("orientation-{orientation}.jxl"));
        assert_eq!((header.orientation, header.upright_size()), (orientation, (96, 64)));
    }
}

/// Its codestream says 6 and its EXIF 1: by the standard the codestream counts, and that alone.
#[test]
fn r23_the_codestream_turns_the_picture_and_exif_tells_the_camera() {
    let facts = common::developed("orientation-6.jxl", &whole()).facts;
    assert_eq!((facts.orientation, facts.width, facts.height), (6, 96, 64));
    assert_eq!(facts.camera.as_deref(), Some("Darkroom Fixture Jxl"));
    assert_eq!(facts.taken_at.as_deref(), Some("2024-06-30T18:05:01"));
}

#[test]
fn r20_what_is_not_shown_is_refused_by_name() {
    let refusal = |name: &str| develop(&fixture(name), &whole(), &limits()).map(|made| made.facts);
    assert_eq!(refusal("animated.jxl"), Err(ImageError::Unsupported("a JPEG XL that moves")));
}

#[test]
fn r21_a_header_is_read_from_the_first_bytes_however_few() {
    for name in ["still.jxl", "orientation-6.jxl", "from-jpeg.jxl", "float.jxl", "display-p3.jxl"] {
        let bytes = fixture(name);
        let (header, took) = inspect_in_ranges(&bytes, 0).unwrap();
        let whole = inspect_in_ranges(&bytes, bytes.len()).unwrap().0;
        assert_eq!((header.width, header.height, header.depth), (whole.width, whole.height, whole.depth), "{name}");
        assert!(took <= 1024, "{name}: its pixels are not needed");
    }
}

#[test]
fn r21_limits_hold_before_a_decoder_sees_a_byte() {
    let bytes = fixture("groups.jxl");
    let mut tight = limits();
    tight.max_side = 479;
    assert!(matches!(
        develop(&bytes, &whole(), &tight),
        Err(ImageError::TooManyPixels { width: 480, height: 270, .. })
    ));
    let mut tight = limits();
    tight.max_pixels = 480 * 270 - 1;
    assert!(matches!(develop(&bytes, &whole(), &tight), Err(ImageError::TooManyPixels { .. })));
}
