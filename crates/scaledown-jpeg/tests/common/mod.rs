//! Shared by the tests: the fixtures, and ways to compare planes.
#![allow(dead_code)] // no test file uses everything

use std::path::{Path, PathBuf};

use scaledown_jpeg::{Decoder, Picture, Scale};

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path = folder().join(format!("{name}.jpg"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All fixtures that are to be decoded, by name.
pub fn all() -> Vec<(String, Vec<u8>)> {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder of fixtures")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".jpg").map(str::to_owned))
        .filter(|name| !name.starts_with("refused-"))
        .collect();
    names.sort();
    assert!(names.len() >= 40, "only {} fixtures", names.len());
    names.into_iter().map(|name| (name.clone(), fixture(&name))).collect()
}

pub fn decode(data: &[u8], scale: Scale) -> Picture {
    Decoder::new(data).expect("a header").scale(scale).decode().expect("a picture")
}

/// The visible samples of each plane, rows joined.
pub fn samples(picture: &Picture) -> Vec<Vec<u8>> {
    picture.planes.iter().map(|plane| plane.rows().flatten().copied().collect()).collect()
}

pub fn psnr(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let error = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / a.len() as f64;
    10.0 * (255.0 * 255.0 / error.max(1e-9)).log10()
}
