//! Why a command ends early, and the exit code that tells a script so.

use crate::problem::Problem;
use crate::text;
use serde_json::json;
use std::path::Path;

/// docs/CLI.md lists the exit codes. Wrong arguments are 2 as well: clap sees to that.
#[derive(Debug)]
pub enum Error {
    /// 1: at least one photo was refused or failed; each has been reported, the rest is done.
    PartialFailure,
    /// 1: the command could not do what was asked.
    Refused(String),
    /// 2: what the command was told makes no sense, a recipe say.
    Usage(String),
    /// 3: nobody is signed in there.
    SignIn(String),
    /// 4: nobody answers, or not as a Darkroom does.
    Unreachable(String),
    /// 1, 3 or 4: the service's own words.
    Problem(Box<Problem>),
}

impl Error {
    /// What the process ends with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::PartialFailure | Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::SignIn(_) => 3,
            Self::Unreachable(_) => 4,
            Self::Problem(problem) => match problem.status {
                401 => 3,
                429 | 500.. => 4,
                _ => 1,
            },
        }
    }

    /// Says it on standard error, unless it was said already.
    pub fn report(&self, as_json: bool) {
        match self {
            Self::PartialFailure => {}
            Self::Problem(problem) if as_json => eprintln!("{}", json!(problem)),
            other if as_json => eprintln!("{}", json!({ "title": other.to_string() })),
            other => eprintln!("error: {other}"),
        }
    }

    /// A file of this machine that could not be read or written.
    pub fn file(path: &Path, why: &std::io::Error) -> Self {
        Self::Refused(format!("{}: {why}", path.display()))
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::PartialFailure => out.write_str("not everything went well"),
            Self::Refused(why) | Self::Usage(why) | Self::SignIn(why) | Self::Unreachable(why) => {
                out.write_str(&text::lines(why))
            }
            Self::Problem(problem) => problem.fmt(out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_learns_whose_turn_it_is() {
        let problem = |status| Error::Problem(Box::new(Problem { status, ..Problem::default() })).exit_code();
        assert_eq!([400, 401, 404, 412, 429, 500, 503].map(problem), [1, 3, 1, 1, 4, 4, 4]);
    }
}
