//! Develops one photo into a folder and prints the facts.
//!
//! `cargo run -p darkroom-imaging --example develop -- photo.jpg out/ [recipe.json]`

use std::path::PathBuf;

use darkroom_imaging::{Limits, Recipe, develop, finish};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(photo), Some(out)) = (arguments.next(), arguments.next().map(PathBuf::from)) else {
        return Err("usage: develop PHOTO FOLDER [RECIPE]".into());
    };
    let recipe = match arguments.next() {
        Some(path) => std::fs::read_to_string(path)?,
        None => include_str!("../../../settings/recipe.json").to_owned(),
    };
    let recipe = Recipe::from_json(&recipe)?;
    let limits: Limits = serde_json::from_str(include_str!("../../../settings/limits.json"))?;
    let developed = develop(&std::fs::read(photo)?, &recipe, &limits)?;
    println!("{}", serde_json::to_string_pretty(&developed.facts)?);
    std::fs::create_dir_all(&out)?;
    for picture in developed.pictures {
        for file in finish(picture, &recipe)? {
            println!("{file:?}");
            std::fs::write(out.join(&file.name).with_extension(file.extension), &file.bytes)?;
        }
    }
    Ok(())
}
