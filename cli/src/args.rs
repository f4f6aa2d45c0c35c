//! What can be typed. The doc comments are the help texts.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Develop photos here, or have a Darkroom develop and keep them.
#[derive(Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub struct Arguments {
    /// Answer in JSON, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Develop photos on this machine, as the service would
    Process(Process),
    /// Print the recipe that is built in, or check one
    Recipe(Recipe),
}

#[derive(Args)]
pub struct Process {
    /// Photos, and folders of photos
    #[arg(required = true, value_name = "PHOTO")]
    pub photos: Vec<PathBuf>,
    /// Where the variants go: FOLDER/<photo>/<variant>.<ending>
    #[arg(short, long, value_name = "FOLDER", required_unless_present = "contact_sheet")]
    pub out: Option<PathBuf>,
    /// What to make; without it, what the service makes
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Draw all variants into one PNG, to look at
    #[arg(long, value_name = "FILE")]
    pub contact_sheet: Option<PathBuf>,
    /// Do it again whenever the recipe file changes, until Ctrl-C
    #[arg(long, requires = "recipe")]
    pub watch: bool,
    /// Photos at a time; without it, as many as there are cores
    #[arg(short, long, value_name = "NUMBER")]
    pub jobs: Option<std::num::NonZero<usize>>,
}

#[derive(Args)]
pub struct Recipe {
    /// A recipe to check; it is printed as it is understood, every default spelled out
    pub file: Option<PathBuf>,
}
