//! The recipe: the built-in one, or an author's own.

use crate::args;
use crate::error::Error;
use darkroom_domain::settings;
use darkroom_imaging::Recipe;
use std::path::Path;

/// `darkroom recipe`.
pub fn run(wanted: &args::Recipe) -> Result<(), Error> {
    let Some(file) = &wanted.file else {
        print!("{}", settings::RECIPE);
        return Ok(());
    };
    let recipe = read(Some(file))?;
    let spelled_out = serde_json::to_string_pretty(&recipe).map_err(|why| Error::Refused(why.to_string()))?;
    println!("{spelled_out}");
    eprintln!("{} is valid; its hash is {}", file.display(), recipe.hash());
    Ok(())
}

/// The recipe of a file, or the one that the service of this build uses.
pub fn read(file: Option<&Path>) -> Result<Recipe, Error> {
    let json = match file {
        Some(path) => {
            std::fs::read_to_string(path).map_err(|why| Error::Usage(format!("{}: {why}", path.display())))?
        }
        None => settings::RECIPE.to_owned(),
    };
    let place = file.map_or_else(|| "the built-in recipe".into(), |path| path.display().to_string());
    Recipe::from_json(&json).map_err(|why| Error::Usage(format!("{place}: {why}")))
}
