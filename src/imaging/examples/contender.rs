//! The engine's own entry in `make bench`: a whole process, as its peers are.
//!
//! `contender WORK FOLDER PHOTO RECIPE` does the work once for each line of its input, answers each with a line, and at
//! the end of the input writes the last result into the folder. WORK is `process` (all in one) or `workers` (the three
//! workers' stages, with the hand-over between them).

use std::path::Path;

use darkroom_imaging::{Encoded, HEAD_BYTES, Inspection, Limits, Picture, Recipe, develop, finish, handover, inspect};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [work, folder, photo, recipe] = arguments.as_slice() else {
        return Err("usage: contender WORK FOLDER PHOTO RECIPE".into());
    };
    let recipe = Recipe::from_json(&std::fs::read_to_string(recipe)?)?;
    let limits: Limits = serde_json::from_str(include_str!("../../../settings/limits.json"))?;
    let mut files = Vec::new();
    for turn in std::io::stdin().lines() {
        turn?;
        let bytes = std::fs::read(photo)?;
        files = match work.as_str() {
            "process" => process(&bytes, &recipe, &limits)?,
            "workers" => workers(&bytes, &recipe, &limits, Path::new(folder))?,
            other => return Err(format!("unknown work: {other}").into()),
        };
        println!("done");
    }
    for file in files {
        std::fs::write(Path::new(folder).join(&file.name).with_extension(file.extension), &file.bytes)?;
    }
    Ok(())
}

type Made = Result<Vec<Encoded>, Box<dyn std::error::Error>>;

fn process(bytes: &[u8], recipe: &Recipe, limits: &Limits) -> Made {
    let developed = develop(bytes, recipe, limits)?;
    finished(developed.pictures, recipe)
}

/// As the Lambdas do it, with files where they have S3.
fn workers(bytes: &[u8], recipe: &Recipe, limits: &Limits, folder: &Path) -> Made {
    let mut head = HEAD_BYTES;
    while let Inspection::NeedMore { bytes: more } =
        inspect(&bytes[..bytes.len().min(usize::try_from(head)?)], bytes.len() as u64, None, limits)?
    {
        head = more;
    }
    let work = folder.join("work");
    std::fs::write(&work, handover::pack(&develop(bytes, recipe, limits)?.pictures))?;
    finished(handover::unpack(&std::fs::read(work)?)?, recipe)
}

fn finished(pictures: Vec<Picture>, recipe: &Recipe) -> Made {
    let files: Vec<_> = pictures.into_iter().map(|picture| finish(picture, recipe)).collect::<Result<_, _>>()?;
    Ok(files.concat())
}
