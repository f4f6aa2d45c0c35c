//! What is true of every picture, asked of real files.

mod common;
#[path = "pictures/crops.rs"]
mod crops;

use common::{
    PRIMARIES, default_recipe, developed, difference, fixture, inspect_in_ranges, limits, one, only, picture, pixel,
    recipe, shows_swatches, swatch,
};
use darkroom_imaging::{
    ColorModel, Encoded, Format, ImageError, Inspection, Recipe, develop, finish, handover, inspect,
};

#[test]
fn r23_eight_orientations_show_the_same_picture() {
    let upright = picture("orientation-1.jpg", &one(200));
    assert_eq!((upright.width(), upright.height()), (200, 133));
    for n in 2..=8 {
        let name = format!("orientation-{n}.jpg");
        let developed = developed(&name, &one(200));
        assert_eq!(
            (developed.facts.width, developed.facts.height, developed.facts.orientation),
            (240, 160, n),
            "{name}"
        );
        let off = difference(&upright, &developed.pictures[0]);
        assert!(off < 1.5, "{name} differs by {off}");
    }
    let png = picture("orientation-6.png", &one(200));
    assert!(difference(&upright, &png) < 2.5, "PNG carries EXIF too");
}

/// The eight colours of the swatches, as they are in the file.
const SWATCHES: [[u8; 3]; 8] = [
    [0xEA, 0x33, 0x23],
    [0x75, 0xFB, 0x4C],
    [0, 0, 0xF5],
    [0xFF, 0xFF, 0x54],
    [0x80; 3],
    [0xC0, 0x80, 0x60],
    [0xFF; 3],
    [0; 3],
];

#[test]
fn r24_display_p3_becomes_srgb_and_srgb_stays() {
    for name in ["display-p3.jpg", "display-p3.png", "display-p3.webp"] {
        let shown = picture(name, &one(480));
        shows_swatches(name, &shown, PRIMARIES, 6);
        let skin = swatch(&shown, 5);
        assert!(skin[0] > 0xC0 + 3 && skin[2] < 0x60 - 2, "a P3 colour is stronger in sRGB's numbers: {skin:?}");
        assert_eq!(developed(name, &one(10)).facts.profile.as_deref(), Some("Display P3"));
    }
    shows_swatches("srgb-profile.jpg", &picture("srgb-profile.jpg", &one(480)), (0..).zip(SWATCHES), 4);
}

#[test]
fn r24_a_profile_is_applied_or_refused_or_the_record_says_so() {
    let of = |name: &str| {
        let bytes = std::fs::read(common::folder().join("formats").join(name)).expect("a fixture");
        develop(&bytes, &one(24), &limits()).map(|made| made.facts.profile)
    };
    assert_eq!(of("xyb.jpg"), Ok(Some("XYB".into())));
    assert_eq!(of("profile-of-junk.jpg"), Ok(Some("ICC (not applied)".into())));
    let refused = ImageError::Unsupported("a colour profile that cannot be applied");
    assert_eq!(of("profile-without-a-table.jpg"), Err(refused));
}

#[test]
fn r24_cmyk_has_the_right_colours() {
    let rgb = picture("4-4-4.jpg", &one(240));
    for name in ["cmyk.jpg", "ycck.jpg"] {
        let cmyk = developed(name, &one(240));
        assert_eq!(cmyk.facts.color, ColorModel::Cmyk);
        let off = difference(&rgb, &cmyk.pictures[0]);
        assert!(off < 3.0, "{name} is off by {off}");
    }
}

#[test]
fn every_jpeg_flavour_shows_the_same_picture() {
    let reference = picture("4-4-4.jpg", &one(240));
    for name in [
        "progressive.jpg",
        "4-2-2.jpg",
        "restart.jpg",
        "non-interleaved.jpg",
        "baseline-from-progressive.jpg",
        "gps.jpg",
        "motion-photo.jpg",
    ] {
        let off = difference(&reference, &picture(name, &one(240)));
        assert!(off < 1.5, "{name} is off by {off}");
    }
    assert_eq!(developed("gray.jpg", &one(240)).facts.color, ColorModel::Gray);
    let odd = picture("odd-size.jpg", &one(2048));
    assert_eq!((odd.width(), odd.height()), (479, 269));
}

#[test]
fn every_png_flavour_shows_the_same_picture() {
    let reference = picture("palette.png", &one(120));
    for (name, tolerance) in [("interlaced.png", 3.0), ("rgb-16.png", 6.0)] {
        let off = difference(&reference, &picture(name, &one(120)));
        assert!(off < tolerance, "{name} is off by {off}");
    }
    let ramp = picture("gray-16.png", &one(2048));
    for x in 0..256 {
        assert_eq!(u32::from(pixel(&ramp, x, 30)[0]), x, "sixteen bits round to eight");
    }
    let bilevel = developed("bilevel.png", &one(2048));
    assert!(bilevel.pictures[0].to_rgba().iter().all(|sample| matches!(sample, 0 | 255)));
    assert!(developed("palette-transparent.png", &one(100)).facts.transparent);
    assert!(!developed("palette.png", &one(100)).facts.transparent);
}

#[test]
fn the_other_formats_show_the_same_picture() {
    let reference = picture("4-4-4.jpg", &one(120));
    for (name, tolerance) in [
        ("lossy.webp", 4.0),
        ("lossless.webp", 2.0),
        ("still.gif", 6.0),
        ("deflate.tiff", 2.0),
        ("animated.gif", 8.0),
        ("animated.webp", 8.0),
    ] {
        let made = developed(name, &one(120));
        let off = difference(&reference, &made.pictures[0]);
        assert!(off < tolerance, "{name} is off by {off}");
        assert_eq!(made.facts.animated, name.starts_with("animated"), "{name}");
        assert_eq!(made.facts.frames, if made.facts.animated { 3 } else { 1 }, "{name}");
    }
    let upright = developed("orientation-6.webp", &one(120));
    assert_eq!((upright.facts.width, upright.facts.height, upright.facts.orientation), (240, 135, 6));
    assert!(difference(&reference, &upright.pictures[0]) < 4.0);
    for name in ["alpha.webp", "lzw-alpha.tiff"] {
        assert!(developed(name, &one(50)).facts.transparent, "{name}");
    }
    let bmp = picture("plain.bmp", &one(60));
    assert!(difference(&picture("4-4-4.jpg", &one(60)), &bmp) < 2.5);
}

#[test]
fn r25_alpha_is_kept_or_flattened_and_hidden_colours_never_show() {
    let variants = r#"{"name":"png","longest_side":100,"format":"png"},{"name":"jpeg","longest_side":100}"#;
    let recipe =
        darkroom_imaging::Recipe::from_json(&format!("{{\"variants\":[{variants}],\"background\":\"#3050f0\"}}"))
            .unwrap();
    for name in ["transparent.png", "gray-alpha.png"] {
        let made = developed(name, &recipe);
        assert!(made.facts.transparent && made.pictures[0].has_alpha() && !made.pictures[1].has_alpha());
        assert_eq!(pixel(&made.pictures[0], 0, 0)[3], 0);
        assert_eq!(pixel(&made.pictures[1], 0, 0), [0x30, 0x50, 0xF0, 255], "flattened on the background");
        // The pixels under alpha 0 are pure green in the file.
        let green = |[r, g, b, a]: [u8; 4]| a > 8 && g > 200 && r < 80 && b < 80;
        for picture in &made.pictures {
            assert!(
                !picture.to_rgba().as_chunks::<4>().0.iter().any(|pixel| green(*pixel)),
                "{name} {}",
                picture.name()
            );
        }
    }
}

#[test]
fn r25_nothing_grows() {
    for (name, size) in [("plain", (2048, 1152)), ("small", (480, 270))] {
        let file = if name == "plain" { "dandelion.jpg" } else { "4-4-4.jpg" };
        let made = developed(file, &default_recipe());
        let large = made.pictures.iter().find(|picture| picture.name() == "large").unwrap();
        assert_eq!((large.width(), large.height()), size);
        let sizes: Vec<_> = made.pictures.iter().map(darkroom_imaging::Picture::width).collect();
        assert!(sizes.is_sorted(), "{sizes:?}");
    }
}

#[test]
fn r26_the_same_bytes_every_time() {
    let make = || -> Vec<Vec<u8>> {
        let made = developed("dandelion.jpg", &default_recipe());
        made.pictures.into_iter().map(|picture| only(finish(picture, &default_recipe())).bytes).collect()
    };
    assert_eq!(make(), make());
}

#[test]
fn r27_the_hand_over_loses_nothing() {
    let recipe = recipe(r#"{"name":"a","longest_side":99,"format":"png"},{"name":"b","longest_side":50}"#);
    let pictures = developed("transparent.png", &recipe).pictures;
    assert_eq!(handover::unpack(&handover::pack(&pictures)), Ok(pictures));
}

#[test]
fn r24_no_metadata_leaves() {
    let made = developed("gps.jpg", &default_recipe());
    assert_eq!(made.facts.camera.as_deref(), Some("Darkroom Fixture One"));
    assert_eq!(made.facts.taken_at.as_deref(), Some("2018-05-06T19:42:10"));
    for picture in made.pictures {
        let file = only(finish(picture, &default_recipe()));
        for word in ["Exif", "GPS", "xmp", "secret", "comment", "Fixture One", "ICC_PROFILE"] {
            assert!(!file.bytes.windows(word.len()).any(|window| window == word.as_bytes()), "{word} in {file:?}");
        }
    }
}

#[test]
fn r22_cut_files_are_damaged_not_half_pictures() {
    for name in ["truncated.jpg", "truncated-progressive.jpg", "truncated.png"] {
        let answer = develop(&fixture(name), &one(100), &limits()).map(|_| ());
        assert!(matches!(answer, Err(ImageError::Corrupt(_))), "{name}: {answer:?}");
    }
}

#[test]
fn r20_what_is_no_picture_says_what_it_is() {
    let look = |name: &str, declared| inspect(&fixture(name), fixture(name).len() as u64, declared, &limits());
    assert_eq!(look("text.jpg", Some("image/jpeg")), Err(ImageError::Unsupported("it is text")));
    assert_eq!(
        look("drawing.svg", Some("image/svg+xml")),
        Err(ImageError::Unsupported("it is a page or a drawing in XML"))
    );
    assert_eq!(look("header-only.heic", Some("image/heic")), Err(ImageError::Corrupt("it has no picture")));
    assert_eq!(look("header-only.avif", None), Err(ImageError::Avif));
    assert_eq!(
        look("palette.png", Some("image/jpeg")),
        Err(ImageError::TypeMismatch { declared: "image/jpeg".into(), found: Format::Png })
    );
    assert_eq!(inspect(b"", 0, None, &limits()), Err(ImageError::Empty));
}

#[test]
fn r21_limits_come_from_the_header() {
    let bytes = fixture("dandelion.jpg");
    let look = |limits| inspect(&bytes[..4096], bytes.len() as u64, None, &limits);
    assert!(matches!(look(limits()), Ok(Inspection::Header(_))));
    let mut tight = limits();
    tight.max_side = 2399;
    assert!(matches!(look(tight), Err(ImageError::TooManyPixels { width: 2400, height: 1350, .. })));
    let mut tight = limits();
    tight.max_pixels = 2400 * 1350 - 1;
    assert!(matches!(look(tight), Err(ImageError::TooManyPixels { .. })));
    tight.max_pixels += 1;
    assert!(look(tight).is_ok());
    let mut tight = limits();
    tight.max_bytes = bytes.len() as u64 - 1;
    assert!(matches!(look(tight), Err(ImageError::TooLarge { .. })));
}

#[test]
fn r21_a_header_is_read_from_the_first_bytes_however_few() {
    for name in [
        "dandelion.jpg",
        "gps.jpg",
        "orientation-6.jpg",
        "display-p3.jpg",
        "palette-transparent.png",
        "orientation-6.png",
        "orientation-6.webp",
        "animated.gif",
        "animated.webp",
        "lzw-alpha.tiff",
        "plain.bmp",
    ] {
        let bytes = fixture(name);
        let (whole, _) = inspect_in_ranges(&bytes, bytes.len()).unwrap();
        for start in [0, 1, 7, 30, 100] {
            let (header, took) =
                inspect_in_ranges(&bytes, start).unwrap_or_else(|error| panic!("{name} from {start}: {error}"));
            assert_eq!(header, whole, "{name} from {start}");
            // GIF and TIFF, and WebP with EXIF, say everything only at their end.
            let short = name.ends_with("jpg") || name.ends_with("png");
            assert!(!short || took <= bytes.len().min(16 * 1024), "{name} took {took}");
        }
    }
}

#[test]
fn r28_resized_copies_are_found_by_their_hash() {
    let hash = |name: &str, side| u64::from_str_radix(&developed(name, &one(side)).facts.phash, 16).unwrap();
    let original = hash("dandelion.jpg", 2048);
    for (name, side) in [("4-4-4.jpg", 480), ("progressive.jpg", 100), ("palette.png", 200), ("gray.jpg", 300)] {
        let bits = (original ^ hash(name, side)).count_ones();
        assert!(bits <= 6, "{name} differs in {bits} bits");
    }
    let other = (original ^ hash("display-p3.jpg", 480)).count_ones();
    assert!(other > 14, "another picture differs in {other} bits only");
}

#[test]
fn every_output_format_shows_the_same_picture() {
    let variants = ["jpeg", "png", "webp"]
        .map(|format| format!(r#"{{"name":"{format}","longest_side":240,"format":"{format}","quality":90}}"#));
    let recipe = recipe(&variants.join(","));
    let made = developed("4-4-4.jpg", &recipe);
    for picture in made.pictures {
        let file = only(finish(picture.clone(), &recipe));
        assert_eq!(file.content_type, format!("image/{}", file.name));
        let again = develop(&file.bytes, &one(240), &limits()).unwrap();
        assert_eq!(again.facts.format.content_type(), file.content_type);
        let off = difference(&picture, &again.pictures[0]);
        assert!(off < 3.0, "{file:?} is off by {off}");
    }
    // Alpha lives where the format has it.
    let alpha = developed("transparent.png", &recipe);
    for picture in alpha.pictures {
        let file = only(finish(picture, &recipe));
        let transparent = develop(&file.bytes, &one(240), &limits()).unwrap().facts.transparent;
        assert_eq!(transparent, file.name != "jpeg", "{file:?}");
    }
}

#[test]
fn a_variant_in_several_formats_is_the_same_picture_in_each() {
    let recipe = Recipe::from_json(
        r##"{"variants":[{"name":"v","longest_side":120,"formats":["jpeg","avif","png","webp"]}],
            "background":"#3050f0","watermark":{"text":"Darkroom","size":0.2}}"##,
    )
    .unwrap();
    for (name, alpha) in [("4-4-4.jpg", false), ("transparent.png", true)] {
        let made = developed(name, &recipe);
        let [picture] = made.pictures.try_into().unwrap();
        assert_eq!(picture.has_alpha(), alpha, "{name}");
        let files = finish(picture, &recipe).unwrap();
        let endings: Vec<_> = files.iter().map(|file| file.extension).collect();
        assert_eq!(endings, ["avif", "webp", "png", "jpg"], "{name}: the last is what every program reads");
        let [_, webp, png, jpeg] = [0, 1, 2, 3].map(|index| &files[index]);
        let again = |file: &Encoded| develop(&file.bytes, &one(120), &limits()).unwrap();
        assert_eq!((again(webp).facts.transparent, again(png).facts.transparent), (alpha, alpha), "{name}");
        let background = r##"{"variants":[{"name":"v","longest_side":120}],"background":"#3050f0"}"##;
        let flat = develop(&png.bytes, &Recipe::from_json(background).unwrap(), &limits()).unwrap().pictures.remove(0);
        let off = difference(&flat, &again(jpeg).pictures[0]);
        assert!(off < 5.0, "{name}: the JPEG shows the mark, and the background behind what is transparent: {off}");
        let alone = Recipe::from_json(&serde_json::to_string(&recipe).unwrap().replace(
            r#""formats":["avif","webp","png","jpeg"],"qualities":{"avif":70,"webp":82,"png":82,"jpeg":82}"#,
            r#""format":"png","quality":82"#,
        ));
        let alone = alone.unwrap();
        assert_eq!(only(finish(developed(name, &alone).pictures.remove(0), &alone)).bytes, png.bytes, "{name}");
    }
}

/// What an AVIF says of itself; what it shows is looked at by `tests/e2e/test_process.py`.
#[test]
fn an_avif_is_one_of_its_size_with_alpha_where_there_is_some() {
    let recipe = recipe(r#"{"name":"v","longest_side":61,"format":"avif"}"#);
    for (name, alpha) in [("4-4-4.jpg", false), ("orientation-6.jpg", false), ("transparent.png", true)] {
        let picture = picture(name, &recipe);
        let file = only(finish(picture.clone(), &recipe));
        assert_eq!((file.content_type, file.extension), ("image/avif", "avif"));
        assert!(matches!(develop(&file.bytes, &recipe, &limits()), Err(ImageError::Avif)), "{name}");
        let size = [b"ispe".as_slice(), &[0; 4], &file.width.to_be_bytes(), &file.height.to_be_bytes()].concat();
        let has = |part: &[u8]| file.bytes.windows(part.len()).any(|window| window == part);
        assert!(has(&size), "{name}: {file:?}");
        assert_eq!(has(b"auxC"), alpha, "{name}");
        assert_eq!(only(finish(picture, &recipe)).bytes, file.bytes, "{name}: twice the same");
    }
}

#[test]
fn a_program_without_avif_says_so_and_makes_the_rest() {
    let recipe = recipe(r#"{"name":"v","longest_side":61,"format":"avif"},{"name":"w","longest_side":61}"#);
    let [avif, jpeg] = developed("4-4-4.jpg", &recipe).pictures.try_into().unwrap();
    let error = darkroom_imaging::finish_with::<false>(avif, &recipe).unwrap_err();
    assert!(error.to_string().contains("built without AVIF"), "{error}");
    assert_eq!(darkroom_imaging::finish_with::<false>(jpeg.clone(), &recipe), finish(jpeg, &recipe));
}

#[test]
fn sharpening_sharpens() {
    let soft = picture("dandelion.jpg", &one(300));
    let sharp = picture("dandelion.jpg", &recipe(r#"{"name":"v","longest_side":300,"sharpen":0.8}"#));
    let detail = |picture: &darkroom_imaging::Picture| -> u64 {
        let rgba = picture.to_rgba();
        rgba.as_chunks::<4>().0.windows(2).map(|pair| u64::from(pair[0][1].abs_diff(pair[1][1]))).sum()
    };
    assert!(detail(&sharp) * 10 > detail(&soft) * 12);
    assert!(difference(&soft, &sharp) < 8.0, "and it stays the same picture");
}
