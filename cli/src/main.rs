//! `darkroom`: develops photos on this machine as the service would, or sends them to a Darkroom. docs/CLI.md tells how
//! to use it, and what the exit codes mean.

mod account;
mod album;
mod args;
mod client;
mod config;
mod confirm;
mod each;
mod error;
mod get;
mod http;
mod image;
mod inputs;
mod list;
mod operate;
mod original;
mod pages;
mod parallel;
mod problem;
mod process;
mod progress;
mod text;
mod upload;
mod webhook;

use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Arguments { json, api, command } = Arguments::parse();
    let api = api.as_deref();
    let done = match command {
        Command::Process(wanted) => process::run(&wanted, json),
        Command::Recipe(wanted) => process::recipe::run(&wanted),
        Command::Signup(wanted) => account::sign_up(&wanted, api, json),
        Command::ResendCode(wanted) => account::resend_code(&wanted, api, json),
        Command::Verify(wanted) => account::verify(&wanted, api, json),
        Command::Login(wanted) => account::login(&wanted, api, json),
        Command::Logout => account::logout(),
        Command::Whoami => account::whoami(api, json),
        Command::Account(wanted) => account::run(&wanted, api, json),
        Command::Upload(wanted) => upload::run(&wanted, api, json),
        Command::Show(wanted) => get::show(&wanted, api, json),
        Command::Get(wanted) => get::get(&wanted, api, json),
        Command::Open(wanted) => get::open(&wanted, api, json),
        Command::Ls(wanted) => list::ls(&wanted, api, json),
        Command::Rm(wanted) => list::rm(&wanted, api, json),
        Command::Album(wanted) => album::run(&wanted, api, json),
        Command::Webhook(wanted) => webhook::run(&wanted, api, json),
        Command::Operate(wanted) => operate::run(&wanted, api, json),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report(json);
            ExitCode::from(failure.exit_code())
        }
    }
}
