//! `darkroom operate rerender` and its commands.

use super::since::{Since, since};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Rerender {
    #[command(subcommand)]
    pub command: Option<RerenderCommand>,
    /// Go on only if the functions were built with this recipe, such as settings/recipe.json
    #[arg(long, value_name = "FILE")]
    pub recipe: Option<PathBuf>,
    /// Only photos in this album
    #[arg(long, value_name = "ID")]
    pub album: Option<String>,
    /// Only photos of this user, by the user's id
    #[arg(long, value_name = "ID")]
    pub owner: Option<String>,
    /// Only photos that arrived since then: an age such as 2h or 7d, a day, or a time
    #[arg(long, value_name = "WHEN", value_parser = since)]
    pub since: Option<Since>,
    /// Tell what would be done, and do not ask
    #[arg(long, conflicts_with = "yes")]
    pub dry_run: bool,
    /// Do it, and do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// Show its progress, until it has ended
    #[arg(long)]
    pub follow: bool,
}

#[derive(Subcommand)]
pub enum RerenderCommand {
    /// Show how far a re-render is, by default the newest
    Status(RerenderStatus),
    /// Stop a re-render, by default the newest; what is done stays done
    Stop(RerenderStop),
}

#[derive(Args)]
pub struct RerenderStatus {
    /// The name of the re-render
    pub name: Option<String>,
    /// Show its progress, until it has ended
    #[arg(long)]
    pub follow: bool,
}

#[derive(Args)]
pub struct RerenderStop {
    /// The name of the re-render
    pub name: Option<String>,
}
