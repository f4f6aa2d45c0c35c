//! The program itself, on photos of the fixtures.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DARKROOM: &str = env!("CARGO_BIN_EXE_darkroom");

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/images").join(name)
}

/// A folder of its own, gone with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn darkroom(arguments: &[&str], paths: &[PathBuf]) -> Output {
    Command::new(DARKROOM).args(arguments).args(paths).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|why| panic!("{why}: {}", text(&output.stderr)))
}

#[test]
fn a_photo_becomes_its_variants_and_its_facts() {
    let folder = Folder::new("facts");
    let out = folder.join("out");
    let done = darkroom(&["process", "--json", "-o", out.to_str().unwrap()], &[fixture("dandelion.jpg")]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let run = json(&done);
    let photo = &run["files"][0];
    assert_eq!(run["recipe"].as_str().unwrap().len(), 64);
    assert_eq!((&photo["status"], &photo["source"]["width"]), (&"ready".into(), &2400.into()));
    assert_eq!(photo["facts"]["sha256"].as_str().unwrap().len(), 64);
    let variants = photo["variants"].as_object().unwrap();
    assert_eq!(variants.keys().collect::<Vec<_>>(), ["large", "medium", "small", "thumbnail"]);
    for (name, variant) in variants {
        let path = out.join("dandelion").join(format!("{name}.jpg"));
        assert_eq!(variant["path"], path.to_str().unwrap());
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(variant["bytes"], bytes.len());
        assert!(bytes.starts_with(b"\xff\xd8\xff"), "{name}");
    }
}

#[test]
fn a_variant_in_several_formats_is_several_files() {
    let folder = Folder::new("formats");
    let (recipe, out, sheet) = (folder.join("recipe.json"), folder.join("out"), folder.join("sheet.png"));
    let variants =
        r#"[{"name":"a","longest_side":60,"formats":["jpeg","avif","webp"]},{"name":"b","longest_side":30}]"#;
    std::fs::write(&recipe, format!(r#"{{"variants":{variants}}}"#)).unwrap();
    let [recipe, out_arg, sheet_arg] = [&recipe, &out, &sheet].map(|path| path.to_str().unwrap());
    let arguments = ["process", "--recipe", recipe, "-o", out_arg, "--contact-sheet", sheet_arg];
    let done = darkroom(&[&arguments[..], &["--json"]].concat(), &[fixture("dandelion.jpg")]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let variants = json(&done)["files"][0]["variants"].clone();
    let a = &variants["a"];
    assert_eq!((&a["content_type"], variants["b"].get("alternatives")), (&"image/jpeg".into(), None));
    let files: Vec<_> = a["alternatives"].as_array().unwrap().iter().chain([a]).collect();
    let kinds: Vec<_> = files.iter().map(|file| file["content_type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["image/avif", "image/webp", "image/jpeg"]);
    for (file, ending) in files.iter().zip(["avif", "webp", "jpg"]) {
        let path = out.join("dandelion").join(format!("a.{ending}"));
        assert_eq!(
            (&file["path"], &file["bytes"]),
            (&path.to_str().unwrap().into(), &std::fs::read(&path).unwrap().len().into())
        );
    }
    let told = darkroom(&arguments, &[fixture("dandelion.jpg")]);
    assert_eq!(text(&told.stdout).lines().filter(|line| line.contains("60 × 34")).count(), 3, "{}", text(&told.stdout));
    let header = std::fs::read(&sheet).unwrap();
    let width = u32::from_be_bytes(header[16..20].try_into().unwrap());
    assert!(width > 4 * 320, "a cell for each file: {width}");
}

#[test]
fn bad_files_are_named_and_the_rest_goes_on() {
    let folder = Folder::new("bad");
    let photos = ["text.jpg", "tiny.png", "truncated.jpg", "header-only.avif", "no-such-file.jpg"].map(fixture);
    let done = darkroom(&["process", "--json", "-o", folder.0.to_str().unwrap()], &photos);
    assert_eq!(done.status.code(), Some(1));
    let files = json(&done)["files"].as_array().unwrap().clone();
    let told: Vec<_> = files
        .iter()
        .map(|file| {
            (file["status"].as_str().unwrap(), file["outcome"]["code"].as_str(), file["outcome"]["stage"].as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("rejected", Some("Image.Unsupported"), Some("validate")),
            ("ready", None, None),
            ("rejected", Some("Image.Corrupt"), Some("resize")),
            ("rejected", Some("Image.Avif"), Some("validate")),
            ("failed", None, None),
        ]
    );
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "a file that is not a picture leaves no folder");
}

#[test]
fn people_read_lines_in_the_order_of_the_photos() {
    let folder = Folder::new("lines");
    let photos = ["dandelion.jpg", "tiny.png", "gray.jpg"].map(fixture);
    let done = darkroom(&["process", "--jobs", "3", "-o", folder.0.to_str().unwrap()], &photos);
    let lines: Vec<_> = text(&done.stdout).lines().collect();
    assert_eq!(lines.len(), 3 * 5);
    for (photo, line) in photos.iter().zip(lines.iter().step_by(5)) {
        assert!(line.starts_with(photo.to_str().unwrap()), "{line}");
    }
    assert!(lines[1].trim_start().starts_with("thumbnail"), "{}", lines[1]);
    assert!(text(&done.stderr).contains("3 of 3 photos"));
    assert!(!text(&done.stderr).contains('█'), "the bar appears only on a terminal");
}

#[test]
fn an_authors_recipe_decides_and_its_faults_are_named() {
    let folder = Folder::new("recipe");
    let recipe = folder.join("r.json");
    std::fs::write(&recipe, r#"{"variants": [{"name": "card", "box": [60, 40], "fit": "cover", "format": "webp"}]}"#)
        .unwrap();
    let arguments = ["process", "--json", "--recipe", recipe.to_str().unwrap(), "-o", folder.0.to_str().unwrap()];
    let done = darkroom(&arguments, &[fixture("transparent.png")]);
    let card = &json(&done)["files"][0]["variants"]["card"];
    assert_eq!((&card["width"], &card["height"]), (&60.into(), &40.into()));
    assert!(std::fs::read(folder.join("transparent/card.webp")).unwrap().starts_with(b"RIFF"));

    let card = || std::fs::read(folder.join("transparent/card.webp")).unwrap();
    let around = |point: &str| {
        let done = darkroom(&[&arguments[..], &["--focus", point]].concat(), &[fixture("transparent.png")]);
        done.status.success().then(card)
    };
    let [left, right] = ["0,0.5", "1,0.5"].map(|point| around(point).unwrap());
    assert!(left != right, "each crop is made around its focal point");
    assert_eq!((around("2,0"), around("0.5")), (None, None));

    std::fs::write(&recipe, r#"{"variants": [{"name": "card", "longest_side": 0}]}"#).unwrap();
    let refused = darkroom(&arguments, &[fixture("transparent.png")]);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(2), ""));
    assert!(text(&refused.stderr).contains("a side of image/jpeg is 1 to"), "{}", text(&refused.stderr));
}

#[test]
fn the_contact_sheet_is_a_png_as_wide_as_its_variants() {
    let folder = Folder::new("sheet");
    let sheet = folder.join("sheet.png");
    let photos = ["dandelion.jpg", "transparent.png", "text.jpg"].map(fixture);
    let arguments = ["process", "--contact-sheet", sheet.to_str().unwrap()];
    assert_eq!(darkroom(&arguments, &photos).status.code(), Some(1));
    let first = std::fs::read(&sheet).unwrap();
    let (width, pixels) = opened(&first);
    assert_eq!(width, 20 + 4 * 340);
    let red = pixels.as_chunks::<3>().0.iter().filter(|pixel| **pixel == [180, 30, 30]).count();
    assert!(red > 20, "the rejected file is told in red");
    darkroom(&arguments, &photos);
    assert!(std::fs::read(&sheet).unwrap() == first, "the same photos and recipe give the same sheet");
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "without -o nothing else is written");
}

/// Nothing here reads an AVIF back: its cell shows what was encoded, and looks like the JPEG's beside it.
#[test]
fn the_contact_sheet_shows_an_avif_too() {
    let folder = Folder::new("sheet-avif");
    let (recipe, sheet) = (folder.join("r.json"), folder.join("sheet.png"));
    let variants = r#"{"name": "jpeg", "longest_side": 320}, {"name": "avif", "longest_side": 320, "format": "avif"}"#;
    std::fs::write(&recipe, format!(r#"{{"variants": [{variants}], "watermark": {{"text": "Ada", "size": 0.1}}}}"#))
        .unwrap();
    let arguments = ["process", "--recipe", recipe.to_str().unwrap(), "--contact-sheet", sheet.to_str().unwrap()];
    assert_eq!(darkroom(&arguments, &[fixture("dandelion.jpg")]).status.code(), Some(0));
    let (width, pixels) = opened(&std::fs::read(&sheet).unwrap());
    let rows = pixels.as_chunks::<3>().0.chunks(width as usize);
    let pairs = rows.flat_map(|row| row[20..340].iter().flatten().zip(row[360..680].iter().flatten()));
    let (count, off) = pairs.fold((0, 0), |(count, off), (a, b)| (count + 1, off + u64::from(a.abs_diff(*b))));
    assert!(off < count * 8, "off by {off} in {count} samples");
}

fn opened(png: &[u8]) -> (u32, Vec<u8>) {
    let mut picture = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; picture.output_buffer_size().unwrap()];
    (picture.next_frame(&mut pixels).unwrap().width, pixels)
}

#[test]
fn the_recipe_that_is_built_in_is_one_to_start_from() {
    let folder = Folder::new("built-in");
    let printed = darkroom(&["recipe"], &[]);
    let recipe = folder.join("r.json");
    std::fs::write(&recipe, &printed.stdout).unwrap();
    let checked = darkroom(&["recipe"], std::slice::from_ref(&recipe));
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
    assert_eq!(json(&checked)["variants"][0]["name"], "thumbnail");
}
