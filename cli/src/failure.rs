//! Why a command ends early, and the exit code that tells a script so.

use crate::text;
use serde_json::json;
use std::path::Path;

/// docs/CLI.md lists the exit codes. Wrong arguments are 2 as well: clap sees to that.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// 1: at least one photo was refused or failed; each has been reported, the rest is done.
    Some,
    /// 1: the command could not do what was asked.
    Refused(String),
    /// 2: what the command was told makes no sense, a recipe say.
    Usage(String),
}

impl Failure {
    /// What the process ends with.
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Some | Self::Refused(_) => 1,
            Self::Usage(_) => 2,
        }
    }

    /// Says it on standard error, unless it was said already.
    pub fn report(&self, as_json: bool) {
        match self {
            Self::Some => {}
            other if as_json => eprintln!("{}", json!({ "title": other.to_string() })),
            other => eprintln!("error: {other}"),
        }
    }

    /// A file of this machine that could not be read or written.
    pub fn file(path: &Path, why: &std::io::Error) -> Self {
        Self::Refused(format!("{}: {why}", path.display()))
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Some => out.write_str("not everything went well"),
            Self::Refused(why) | Self::Usage(why) => out.write_str(&text::lines(why)),
        }
    }
}
