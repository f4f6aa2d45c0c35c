//! Whatever the bytes: an error with a name, or pictures of the sizes that the recipe asks for, twice the same.
//!
//! `develop` turns a decoder's panic into an error, which would hide a panic of ours. So the hook aborts on panics in
//! our own files.

#![no_main]

use std::sync::{LazyLock, Once};

use darkroom_imaging::{Limits, Recipe, develop, finish};
use libfuzzer_sys::fuzz_target;

static RECIPE: LazyLock<Recipe> = LazyLock::new(|| {
    let json = r#"{"variants":[
        {"name":"small","longest_side":64,"sharpen":0.5},
        {"name":"square","box":[40,40],"fit":"cover","gravity":"attention","format":"webp"},
        {"name":"alpha","longest_side":48,"formats":["png","jpeg"]}],
        "watermark":{"text":"Darkroom","size":0.2}}"#;
    Recipe::from_json(json).expect("a recipe")
});
static HOOK: Once = Once::new();

fuzz_target!(|data: &[u8]| {
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let ours = |file: &str| {
                ["src/imaging", "scaledown-jpeg", "planar-jpeg", "planar-vp8", "fuzz_targets"]
                    .iter()
                    .any(|part| file.contains(part))
            };
            if panic.location().is_some_and(|place| ours(place.file())) {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    });
    let limits = Limits { max_bytes: 1 << 20, max_side: 2_000, max_pixels: 300_000, max_frames: 20 };
    let Ok(developed) = develop(data, &RECIPE, &limits) else { return };
    let again = develop(data, &RECIPE, &limits).expect("it was developed before");
    assert_eq!(developed.facts, again.facts);
    for (variant, (picture, same)) in RECIPE.variants().iter().zip(developed.pictures.into_iter().zip(again.pictures)) {
        assert!(picture == same, "two pictures of one file");
        assert!(picture.width() <= developed.facts.width && picture.height() <= developed.facts.height);
        let files = finish(picture, &RECIPE).expect("our own pixels");
        let wanted: Vec<_> = variant.outputs().iter().map(|(format, _)| format.extension()).collect();
        assert_eq!(files.iter().map(|file| file.extension).collect::<Vec<_>>(), wanted);
        assert!(files.iter().all(|file| file.name == variant.name));
    }
});
