//! Pixels of any kind, as a work file brings them: every format takes them, twice alike, and what can be read back has
//! their size.

#![no_main]

use darkroom_imaging::{Limits, Recipe, develop, encode, handover};
use libfuzzer_sys::fuzz_target;

const FORMATS: [&str; 4] = ["jpeg", "png", "webp", "avif"];

fuzz_target!(|data: &[u8]| {
    let [choice, quality, width, height, samples @ ..] = data else { return };
    let work = work_file(choice % 3, u32::from(*width) + 1, u32::from(*height) + 1, samples);
    let pictures = handover::unpack(&work).expect("a work file");
    assert_eq!(handover::pack(&pictures), work);
    let picture = &pictures[0];
    let format = FORMATS[usize::from(choice / 3) % FORMATS.len()];
    let quality = quality % 100 + 1;
    let json =
        format!(r#"{{"variants":[{{"name":"a","longest_side":4096,"format":"{format}","quality":{quality}}}]}}"#);
    let recipe = Recipe::from_json(&json).expect("a recipe");
    let encoded = || encode(picture, &recipe.variants()[0], &recipe).expect("our own pixels").remove(0);
    let file = encoded();
    assert!(file == encoded(), "two files of one picture");
    if format == "avif" {
        return; // nothing here reads it
    }
    let limits = Limits { max_bytes: 1 << 24, max_side: 16_383, max_pixels: 1 << 20, max_frames: 1 };
    let back = develop(&file.bytes, &recipe, &limits).expect("our own file");
    assert_eq!((back.facts.width, back.facts.height), (picture.width(), picture.height()));
    assert!(picture.has_alpha() || !back.facts.transparent);
});

/// A work file of this size, its samples repeated as often as it takes.
fn work_file(kind: u8, width: u32, height: u32, samples: &[u8]) -> Vec<u8> {
    let area = |w: u32, h: u32| (w * h) as usize;
    let length = match kind {
        0 => area(width, height) * 3,
        1 => area(width, height) * 4,
        _ => area(width, height) + area(width.div_ceil(2), height.div_ceil(2)) * 2,
    };
    let mut work = [b"DRKW".as_slice(), &[2, 1, kind, 1], &width.to_le_bytes(), &height.to_le_bytes(), b"a"].concat();
    work.extend(samples.iter().chain(&[128]).cycle().take(length));
    work
}
