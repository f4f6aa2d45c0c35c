//! A recipe is refused, or it holds: written and read again it is the same, and a picture is made by it.

#![no_main]

use darkroom_imaging::{Limits, Recipe, develop, finish};
use libfuzzer_sys::fuzz_target;

const PHOTO: &[u8] = include_bytes!("../../../fixtures/images/tiny.png");

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Ok(recipe) = Recipe::from_json(text) else { return };
    let written = serde_json::to_string(&recipe).expect("a recipe is JSON");
    let again = Recipe::from_json(&written).expect("what was read is read again");
    assert_eq!((&again, again.hash()), (&recipe, recipe.hash()));
    let limits = Limits { max_bytes: 1 << 20, max_side: 2_000, max_pixels: 300_000, max_frames: 20 };
    for picture in develop(PHOTO, &recipe, &limits).expect("a picture").pictures {
        finish(picture, &recipe).expect("a file");
    }
});
