//! R26: the same bytes of every fixture in every format, whichever machine makes them. `make test-arm64` runs this on
//! another kind of CPU.
//!
//! `UPDATE_GOLDENS=1 cargo test -p darkroom-imaging --test bytes` writes what is new. It does not take other bytes of a
//! known file under the same hash of a recipe: what is stored would be a mixture.

mod common;

use std::collections::BTreeMap;

use common::{PICTURES, default_recipe, developed, folder, in_format, one, only, recipe};
use darkroom_imaging::{Recipe, finish};
use sha2::{Digest, Sha256};

const FORMATS: [&str; 4] = ["jpeg", "png", "webp", "avif"];
/// The line of what stands for the engine in every recipe's hash.
const ENGINE: &str = "engine";

#[test]
fn r26_every_machine_makes_these_bytes() {
    let path = folder().join("goldens/bytes.txt");
    let golden = read(&std::fs::read_to_string(&path).unwrap_or_default());
    let found = found();
    let others: Vec<_> = golden
        .iter()
        .filter_map(|(name, was)| found.get(name).filter(|is| *is != was).map(|is| format!("{name}\n  {was}\n  {is}")))
        .collect();
    assert!(
        others.is_empty() || golden.get(ENGINE) != found.get(ENGINE),
        "other bytes for the same recipe: raise ENGINE in src/imaging/recipe.rs, and write anew what is right:\n{}",
        others.join("\n")
    );
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        let lines: Vec<_> = found.iter().map(|(name, digests)| format!("{name} {digests}\n")).collect();
        std::fs::write(&path, lines.concat()).expect("goldens are written");
        return;
    }
    assert_eq!(golden, found, "UPDATE_GOLDENS=1 writes what is new");
}

fn read(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(|line| line.split_once(' ')).map(|(name, rest)| (name.into(), rest.into())).collect()
}

/// Each fixture in each format, the recipe that ships, crops that follow the picture, and the engine.
fn found() -> BTreeMap<String, String> {
    let recipes = FORMATS.map(in_format);
    let mut found: BTreeMap<_, _> = PICTURES
        .iter()
        .map(|name| {
            ((*name).to_owned(), recipes.iter().map(|recipe| digests(name, recipe)).collect::<Vec<_>>().join(" "))
        })
        .collect();
    found.insert("recipe-that-ships".into(), digests("dandelion.jpg", &default_recipe()));
    found.insert("crops-by-attention".into(), digests("dandelion.jpg", &crops()));
    found.insert(ENGINE.into(), one(1).hash());
    found
}

/// Crops to three shapes, placed by the picture itself.
fn crops() -> Recipe {
    let crop = |name: &str, size: &str| {
        format!(r#"{{"name":"{name}","box":{size},"fit":"cover","gravity":"attention","watermark":false}}"#)
    };
    recipe(&[crop("tall", "[120,160]"), crop("square", "[100,100]"), crop("wide", "[400,90]")].join(","))
}

/// The first 16 digits of each variant's SHA-256.
fn digests(name: &str, recipe: &Recipe) -> String {
    let made = developed(name, recipe).pictures.into_iter();
    let digest = |picture| format!("{:x}", Sha256::digest(only(finish(picture, recipe)).bytes));
    made.map(|picture| digest(picture)[..16].to_owned()).collect::<Vec<_>>().join(" ")
}
