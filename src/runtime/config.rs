//! Configuration is the environment, read once at start. `settings/functions.json` names the variables of each
//! function; a function that reads another one fails in its own test, not at its first user.

use darkroom_domain::{Error, ErrorCode, settings};
use std::collections::BTreeSet;

/// The environment of one function, cut down to the names that the settings give it.
pub struct Config {
    names: BTreeSet<String>,
    read: fn(&str) -> Option<String>,
}

impl Config {
    /// The environment of this function.
    pub fn of(function: &str) -> Self {
        Self::with(function, |name| std::env::var(name).ok())
    }

    /// The same with another way to read a variable, for tests.
    pub fn with(function: &str, read: fn(&str) -> Option<String>) -> Self {
        let mut functions = settings::functions();
        let names = functions.remove(function).map(|f| f.environment.into_iter().collect()).unwrap_or_default();
        Self { names, read }
    }

    /// A value that must be there and not empty.
    pub fn require(&self, name: &str) -> Result<String, Error> {
        let unset = || Error::new(ErrorCode::WorkerMisconfigured, format!("{name} is not set"));
        self.optional(name)?.ok_or_else(unset)
    }

    /// A value that may be missing or empty, which is the same.
    pub fn optional(&self, name: &str) -> Result<Option<String>, Error> {
        if !self.names.contains(name) {
            let why = format!("settings/functions.json does not give {name} to this function");
            return Err(Error::new(ErrorCode::WorkerMisconfigured, why));
        }
        Ok((self.read)(name).filter(|value| !value.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_the_settings_give() {
        let config = Config::with("orchestrator", |name| Some(format!("value of {name}")));
        assert_eq!(config.require("IMAGES_TABLE").unwrap(), "value of IMAGES_TABLE");
    }

    #[test]
    fn it_refuses_what_they_do_not_give_and_what_is_empty() {
        let generous = Config::with("validate", |_| Some("x".into()));
        assert_eq!(generous.require("IMAGES_TABLE").unwrap_err().code, ErrorCode::WorkerMisconfigured);
        let empty = Config::with("validate", |_| Some(String::new()));
        assert_eq!(empty.require("ORIGINALS_BUCKET").unwrap_err().code, ErrorCode::WorkerMisconfigured);
        assert_eq!(empty.optional("ORIGINALS_BUCKET"), Ok(None));
    }
}
