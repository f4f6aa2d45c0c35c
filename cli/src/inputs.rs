//! The files to develop, and the name of each one's folder.

use crate::error::Error;
use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// One file and the name of its folder below the output folder.
#[derive(Debug, PartialEq, Eq)]
pub struct Input {
    pub path: PathBuf,
    pub folder: OsString,
}

/// The files that were named, and for a folder the files in it, by name, without hidden ones.
pub fn inputs(named: &[PathBuf]) -> Result<Vec<Input>, Error> {
    let mut paths = Vec::new();
    for path in named {
        if path.is_dir() {
            paths.extend(files_in(path)?);
        } else {
            paths.push(path.clone());
        }
    }
    Ok(foldered(paths))
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |why: std::io::Error| Error::file(folder, &why);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A photo's folder is named like the photo without its ending; if that is taken, with its ending, then with a number.
fn foldered(paths: Vec<PathBuf>) -> Vec<Input> {
    let mut taken = HashSet::new();
    let mut free = |name: OsString| taken.insert(name.to_ascii_lowercase()).then_some(name);
    let mut input = |path: PathBuf| {
        let stem = path.file_stem().unwrap_or_default().to_owned();
        let name = path.file_name().unwrap_or_default().to_owned();
        let numbered = |number: u32| {
            let mut numbered = name.clone();
            numbered.push(format!("-{number}"));
            numbered
        };
        let folder = free(stem).or_else(|| free(name.clone())).or_else(|| (2..).find_map(|n| free(numbered(n))));
        Input { folder: folder.unwrap_or_default(), path }
    };
    paths.into_iter().map(&mut input).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_photos_share_a_folder() {
        let paths = ["a/x.jpg", "a/x.png", "b/X.JPG", "b/x.jpg", "c/x", ".hidden.jpg"].map(PathBuf::from);
        let folders: Vec<_> = foldered(paths.into()).into_iter().map(|input| input.folder).collect();
        assert_eq!(folders, ["x", "x.png", "X.JPG", "x.jpg-2", "x-2", ".hidden"]);
    }

    #[test]
    fn a_folder_is_its_files_in_order() {
        let images = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/images"));
        let found = inputs(std::slice::from_ref(&images)).unwrap();
        assert!(found.len() > 40 && found.is_sorted_by_key(|input| &input.path));
        let named = images.join("no-such-photo.jpg");
        assert_eq!(inputs(std::slice::from_ref(&named)).unwrap()[0].path, named, "reported when it is opened");
    }
}
