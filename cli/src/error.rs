//! Why a command ends early, and the exit code that tells a script so.

use crate::problem::Problem;
use crate::text;
use serde_json::{Value, json};
use std::path::Path;

/// Begins the line of advice at the end of a message.
const HINT: &str = "\nhint: ";

/// docs/CLI.md lists the exit codes. Wrong arguments are 2 as well: clap sees to that.
#[derive(Debug)]
pub enum Error {
    /// 1: at least one photo was refused or failed; each has been reported, the rest is done.
    PartialFailure,
    /// 4: the same, and all that failed did so because the service did not answer, or not well.
    TryLater,
    /// 1: the command could not do what was asked.
    Refused(String),
    /// 2: an argument or a file of the command is wrong, such as a recipe.
    Usage(String),
    /// 3: there is no sign-in for this API.
    SignIn(String),
    /// 4: the service does not answer, or not as a Darkroom does.
    Unreachable(String),
    /// 1, 3 or 4: the service's own problem document.
    Problem(Box<Problem>),
}

impl Error {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::PartialFailure | Self::Refused(_) => 1,
            Self::Usage(_) => 2,
            Self::SignIn(_) => 3,
            Self::Unreachable(_) | Self::TryLater => 4,
            Self::Problem(problem) => match problem.status {
                401 => 3,
                429 | 500.. => 4,
                _ => 1,
            },
        }
    }

    /// Prints it on standard error, unless each photo's error was printed already.
    pub fn report(&self, as_json: bool) {
        match self {
            Self::PartialFailure | Self::TryLater => {}
            other if as_json => eprintln!("{}", other.to_json()),
            other => eprintln!("error: {other}"),
        }
    }

    /// The problem as the service tells it, or a title and, where there is one, a hint.
    pub fn to_json(&self) -> Value {
        if let Self::Problem(problem) = self {
            return json!(problem);
        }
        let text = self.to_string();
        match text.split_once(HINT) {
            Some((title, hint)) => json!({ "title": title, "hint": hint }),
            None => json!({ "title": text }),
        }
    }

    /// The same error, about one photo among several.
    pub fn about(self, image_id: &str) -> Self {
        match self {
            Self::Problem(problem) => Self::Problem(Box::new(problem.about(image_id))),
            Self::Refused(why) if !why.contains(image_id) => Self::Refused(format!("{image_id}: {why}")),
            other => other,
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
            Self::PartialFailure | Self::TryLater => out.write_str("some photos failed"),
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
    fn a_hint_is_a_line_for_people_and_a_field_for_scripts() {
        let error = Error::SignIn("you are not signed in\nhint: darkroom login".into());
        assert_eq!(error.to_string(), "you are not signed in\nhint: darkroom login");
        assert_eq!(error.to_json(), json!({ "title": "you are not signed in", "hint": "darkroom login" }));
        assert_eq!(Error::Refused("no".into()).to_json(), json!({ "title": "no" }));
    }

    #[test]
    fn the_exit_code_tells_a_script_whether_to_sign_in_or_to_try_later() {
        let problem = |status| Error::Problem(Box::new(Problem { status, ..Problem::default() })).exit_code();
        assert_eq!([400, 401, 404, 412, 429, 500, 503].map(problem), [1, 3, 1, 1, 4, 4, 4]);
    }
}
