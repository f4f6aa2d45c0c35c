//! `darkroom`: develops photos on this machine as the service would, or has a Darkroom develop and keep them.
//! docs/CLI.md tells how to use it, and what the exit codes mean.

mod args;
mod failure;
mod parallel;
mod process;
mod progress;
mod text;

use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let done = match command {
        Command::Process(wanted) => process::run(&wanted, json),
        Command::Recipe(wanted) => process::recipe::run(&wanted),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report(json);
            ExitCode::from(failure.exit_code())
        }
    }
}
