//! A codestream of JPEG XL, whatever follows its signature: bare and in a box it is the same picture, or the same error.
//!
//! `develop` turns a decoder's panic into an error. One of our own files aborts, as in `decode`.

#![no_main]

use std::sync::{LazyLock, Once};

use darkroom_imaging::{ImageError, Limits, Recipe, develop};
use libfuzzer_sys::fuzz_target;

static RECIPE: LazyLock<Recipe> = LazyLock::new(|| {
    Recipe::from_json(r#"{"variants":[{"name":"small","longest_side":64,"format":"png"}]}"#).expect("a recipe")
});
static HOOK: Once = Once::new();

const BOXES: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ";

fuzz_target!(|data: &[u8]| {
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            if panic.location().is_some_and(|place| place.file().contains("src/imaging")) {
                eprintln!("{panic}");
                std::process::abort();
            }
        }));
    });
    // A seed may have boxes of its own.
    let bare = if data.starts_with(&BOXES[..12]) {
        data.to_vec()
    } else {
        [b"\xFF\x0A".as_slice(), data.get(2..).unwrap_or_default()].concat()
    };
    let limits = Limits { max_bytes: 1 << 20, max_side: 1_000, max_pixels: 200_000, max_frames: 1 };
    let first = develop(&bare, &RECIPE, &limits);
    if !bare.starts_with(b"\xFF\x0A") {
        return;
    }
    let length = u32::try_from(bare.len() + 8).expect("short").to_be_bytes();
    let boxed = [BOXES, &length, b"jxlc", &bare].concat();
    let second = develop(&boxed, &RECIPE, &limits);
    match (first, second) {
        (Ok(first), Ok(second)) => assert_eq!(first.facts, second.facts),
        // Words of a page are looked for in the first bytes alone, and boxes move them.
        (Err(ImageError::Unsupported(_)), _) | (_, Err(ImageError::Unsupported(_))) => {}
        (Err(first), Err(second)) => assert_eq!(std::mem::discriminant(&first), std::mem::discriminant(&second)),
        (first, second) => panic!("{first:?}, and in a box {second:?}"),
    }
});
