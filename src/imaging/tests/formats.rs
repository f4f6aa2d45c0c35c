//! Every cell of what varies in a format: the file shows its picture, or is refused by the name of what it is.
//!
//! `fixtures/formats/generate.py` makes the files, and `expected.txt` beside them is the table.

mod common;

use common::{cells, folder, limits, recipe};
use darkroom_imaging::{ImageError, develop};

#[test]
fn r20_every_cell_is_read_right_or_refused_by_name() {
    let recipe = recipe(r#"{"name":"v","longest_side":64,"format":"png"}"#);
    let of = |name: &str| {
        let bytes = std::fs::read(folder().join("formats").join(name)).expect("a file of the table");
        develop(&bytes, &recipe, &limits()).map(|made| made.pictures.into_iter().next().expect("one").to_rgba())
    };
    let mut wrong = Vec::new();
    for cell in cells() {
        let problem = match (of(&cell.name), cell.outcome.strip_prefix("refused: ")) {
            (Err(ImageError::Unsupported(words)), Some(expected)) if words == expected => continue,
            (Ok(shown), None) => {
                let right = of(&format!("reference-{}.png", cell.outcome)).expect("a reference");
                match worst(&shown, &right) {
                    Some(off) if off <= cell.tolerance => continue,
                    off => format!("off by {off:?}"),
                }
            }
            (other, _) => format!("{:?}", other.map(|shown| shown.len())),
        };
        wrong.push(format!("{}: {problem}, expected {}", cell.name, cell.outcome));
    }
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// The largest difference of what shows: a transparent pixel's colour counts as much as it is seen.
fn worst(shown: &[u8], right: &[u8]) -> Option<u8> {
    let seen = |pixel: &[u8; 4]| {
        let [r, g, b, alpha] = *pixel;
        let weighed = [r, g, b].map(|color| u16::from(color) * u16::from(alpha) / 255);
        [weighed[0], weighed[1], weighed[2], u16::from(alpha)]
    };
    let (shown, right) = (shown.as_chunks::<4>().0, right.as_chunks::<4>().0);
    let pairs = shown.iter().zip(right).flat_map(|(a, b)| seen(a).into_iter().zip(seen(b)));
    let off = pairs.map(|(a, b)| a.abs_diff(b)).max()?;
    (shown.len() == right.len()).then_some(off.to_le_bytes()[0])
}
