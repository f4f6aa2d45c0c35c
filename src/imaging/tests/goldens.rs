//! Golden pictures: what every kind of file, and every kind of watermark, looked like when a person last looked.
//!
//! `UPDATE_GOLDENS=1 cargo test -p darkroom-imaging --test goldens` writes what is missing or differs: look at it
//! before you commit it. A picture that differs is left in `target/golden-failures/` beside its golden.

mod common;

use std::path::PathBuf;

use common::{PICTURES, fixture, folder, in_format as recipe, limits, only};
use darkroom_imaging::{Picture, Recipe, develop, encode, finish};

#[test]
fn every_kind_of_file() {
    let recipe = recipe("jpeg");
    let mut checks = Checks::default();
    for name in PICTURES {
        let made = develop(&fixture(name), &recipe, &limits()).unwrap_or_else(|error| panic!("{name}: {error}"));
        checks.check(name, &made.pictures[0], &recipe);
    }
    checks.end();
}

/// What goes out is read back: every format, upright, with transparency where there is some, in sRGB.
#[test]
fn every_kind_of_output() {
    let shown = recipe("jpeg");
    let mut checks = Checks::default();
    for name in ["4-4-4.jpg", "orientation-6.jpg", "display-p3.png", "transparent.png", "turned-alpha-p3.webp"] {
        for format in ["jpeg", "png", "webp"] {
            let recipe = recipe(format);
            let made = develop(&fixture(name), &recipe, &limits()).expect("a fixture");
            let file = only(encode(&made.pictures[0], &recipe.variants()[0], &recipe)).bytes;
            let back = develop(&file, &shown, &limits()).unwrap_or_else(|error| panic!("{name}, {format}: {error}"));
            assert_eq!(back.facts.transparent, made.facts.transparent && format != "jpeg", "{name}, {format}");
            assert_eq!((back.facts.orientation, back.facts.profile), (1, None), "{name}, {format}");
            checks.check(&format!("out-{name}-{format}"), &back.pictures[0], &shown);
        }
    }
    checks.end();
}

/// Nothing here reads AVIF, so these are held to the byte; `tests/e2e/test_process.py` looks at them with a decoder of
/// the kind that browsers have.
#[test]
fn every_kind_of_avif() {
    let recipe = recipe("avif");
    let mut checks = Checks::default();
    for name in ["4-4-4.jpg", "orientation-6.jpg", "display-p3.png", "transparent.png", "turned-alpha-p3.webp"] {
        let made = develop(&fixture(name), &recipe, &limits()).expect("a fixture");
        let file = only(encode(&made.pictures[0], &recipe.variants()[0], &recipe)).bytes;
        checks.compare(&format!("out-{name}.avif"), file, |file, golden| {
            (file != golden).then(|| "its bytes are others".to_owned())
        });
    }
    checks.end();
}

#[test]
fn r27_every_kind_of_watermark() {
    let logo = base64(&fixture("logo.png"));
    let places =
        ["top-left", "top", "top-right", "left", "center", "right", "bottom-left", "bottom", "bottom-right", "tiled"];
    let mut marks: Vec<(String, String)> = places
        .iter()
        .map(|place| (format!("text-{place}"), format!(r#""text":"Darkroom","position":"{place}","size":0.07"#)))
        .collect();
    marks.push(("logo".into(), format!(r#""logo":"{logo}","position":"bottom-left","size":0.2"#)));
    marks.push(("logo-tiled".into(), format!(r#""logo":"{logo}","position":"tiled","size":0.12,"opacity":0.4"#)));
    marks.push((
        "faint".into(),
        r##""text":"© Ελλάς Юг","position":"center","size":0.12,"opacity":0.3,"color":"#102030","outline":"#ffffff""##
            .into(),
    ));
    let mut checks = Checks::default();
    for (name, mark) in marks {
        let json =
            format!(r#"{{"variants":[{{"name":"golden","longest_side":320,"quality":90}}],"watermark":{{{mark}}}}}"#);
        let recipe = Recipe::from_json(&json).expect("a recipe");
        for ground in ["4-4-4.jpg", "swatch"] {
            let mut picture = ground_picture(ground, &recipe);
            darkroom_imaging::watermark(&mut picture, recipe.watermark().expect("a mark"));
            checks.check(&format!("mark-{name}-{}", ground.trim_end_matches(".jpg")), &picture, &recipe);
        }
    }
    checks.end();
}

#[test]
fn r27_a_tiny_picture_stays_without_a_mark_rather_than_with_a_smudge() {
    let recipe = |side: u32| {
        Recipe::from_json(&format!(
            r#"{{"variants":[{{"name":"golden","longest_side":{side}}}],"watermark":{{"text":"Darkroom"}}}}"#
        ))
        .unwrap()
    };
    let marked = |side: u32| {
        let recipe = recipe(side);
        let picture = develop(&fixture("4-4-4.jpg"), &recipe, &limits()).unwrap().pictures.remove(0);
        finish(picture.clone(), &recipe) != encode(&picture, &recipe.variants()[0], &recipe)
    };
    assert!(marked(64), "at 64 pixels letters of eight still fit");
    assert!(!marked(40), "at 40 they do not");
}

fn ground_picture(name: &str, recipe: &Recipe) -> Picture {
    let file = if name == "swatch" { "display-p3.jpg" } else { name };
    develop(&fixture(file), recipe, &limits()).expect("a fixture").pictures.remove(0)
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// Compares all before it complains.
#[derive(Default)]
struct Checks {
    wrong: Vec<String>,
}

impl Checks {
    fn check(&mut self, name: &str, picture: &Picture, recipe: &Recipe) {
        let file = only(encode(picture, &recipe.variants()[0], recipe)).bytes;
        self.compare(&format!("{name}.jpg"), file, differs);
    }

    fn compare(&mut self, name: &str, file: Vec<u8>, differs: impl Fn(&[u8], &[u8]) -> Option<String>) {
        let path = folder().join("goldens").join(name);
        let problem = match std::fs::read(&path) {
            Ok(golden) => differs(&file, &golden),
            Err(_) => Some("there is no golden".to_owned()),
        };
        let Some(problem) = problem else { return };
        if std::env::var_os("UPDATE_GOLDENS").is_some() {
            std::fs::create_dir_all(folder().join("goldens")).expect("a folder");
            std::fs::write(&path, file).expect("a golden is written");
            return;
        }
        let failures = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("golden-failures");
        std::fs::create_dir_all(&failures).expect("a folder");
        std::fs::write(failures.join(name), file).expect("a failure is written");
        let _ = std::fs::copy(&path, failures.join(format!("golden-{name}")));
        self.wrong.push(format!("{name}: {problem} ({})", failures.display()));
    }

    fn end(self) {
        assert!(
            self.wrong.is_empty(),
            "look at these, or write them with UPDATE_GOLDENS=1:\n{}",
            self.wrong.join("\n")
        );
    }
}

/// Perceptual: the picture's cells may differ a little, as another codec or CPU makes them differ, but none much.
fn differs(file: &[u8], golden: &[u8]) -> Option<String> {
    const CELLS: u32 = 20;
    let recipe = Recipe::from_json(r#"{"variants":[{"name":"golden","longest_side":16383}]}"#).expect("a recipe");
    let look = |file| develop(file, &recipe, &limits()).expect("a golden is a picture").pictures.remove(0);
    let (picture, golden) = (look(file), look(golden));
    if (golden.width(), golden.height()) != (picture.width(), picture.height()) {
        return Some(format!("{picture:?} is not of the size of {golden:?}"));
    }
    let (ours, theirs) = (cells(&picture, CELLS), cells(&golden, CELLS));
    let worst = ours.iter().zip(&theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    (worst > 7.0).then(|| format!("a part of it is off by {worst:.1}"))
}

/// Mean red, green and blue of each of n × n parts.
fn cells(picture: &Picture, n: u32) -> Vec<f64> {
    let rgba = picture.to_rgba();
    let mut sums = vec![(0.0, 0.0); (n * n * 3) as usize];
    for (at, pixel) in (0..).zip(rgba.as_chunks::<4>().0) {
        let (x, y) = (at % picture.width(), at / picture.width());
        let cell = (y * n / picture.height() * n + x * n / picture.width()) * 3;
        for (channel, sample) in (0..3).zip(pixel) {
            let (sum, count) = &mut sums[(cell + channel) as usize];
            *sum += f64::from(*sample);
            *count += 1.0;
        }
    }
    sums.into_iter().map(|(sum, count)| if count > 0.0 { sum / count } else { 0.0 }).collect()
}
