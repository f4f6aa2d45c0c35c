//! Asks a person before something that cannot be undone.

use crate::error::Error;
use std::io::{BufRead, Write, stderr, stdin};

pub fn agreed(question: &str) -> Result<bool, Error> {
    let _ = write!(stderr(), "{question}");
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer).map_err(|why| Error::Refused(format!("standard input: {why}")))?;
    Ok(answer.trim().eq_ignore_ascii_case("y"))
}
