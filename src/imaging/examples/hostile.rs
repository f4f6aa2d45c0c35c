//! Writes the files of src/imaging/tests/hostile that were made to hurt into a folder. tests/ceilings sends them to the
//! workers.
//!
//! `cargo run -p darkroom-imaging --example hostile -- FOLDER`

#[path = "../tests/hostile/bombs.rs"]
mod bombs;
#[allow(dead_code)] // what must become of a file is for the test
#[path = "../tests/hostile/case.rs"]
mod case;
#[path = "../tests/common/mod.rs"]
mod common;

use case::{Case, Expect};

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map(std::path::PathBuf::from).unwrap_or_default();
    for (number, case) in bombs::all().into_iter().enumerate() {
        let name: String = case.name.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        std::fs::write(folder.join(format!("{number:03}-{name}")), case.bytes)?;
    }
    Ok(())
}
