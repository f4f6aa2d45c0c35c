//! Requests to the routes under `/ops`.

use crate::client::Client;
use crate::error::Error;
use crate::http::Answer;
use serde_json::Value;

/// An answer of a route under `/ops`.
pub fn get(client: &Client, path: &str) -> Result<Answer, Error> {
    client.get(path).or_else(|failure| explained(client, failure))
}

/// An act.
pub fn post(client: &Client, path: &str, body: Option<&Value>) -> Result<Answer, Error> {
    client.call("POST", path, body, &[]).or_else(|failure| explained(client, failure))
}

/// As [`get`], `None` where there is nothing of that name.
pub fn get_if_any(client: &Client, path: &str) -> Result<Option<Answer>, Error> {
    match get(client, path) {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::Problem(problem)) if problem.status == 404 => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// To a user who is not an operator, every route under `/ops` is an unknown one (ADR 54).
fn explained<T>(client: &Client, failure: Error) -> Result<T, Error> {
    if matches!(&failure, Error::Problem(problem) if problem.status == 404) {
        let me: Value = client.get("/me")?.json()?;
        let is_operator = me["roles"].as_array().is_some_and(|roles| roles.iter().any(|role| role == "operators"));
        if !is_operator {
            let Client { email, api, .. } = client;
            let hint = "hint: make operator ENV=… MAIL=…, then darkroom login";
            return Err(Error::Refused(format!("{email} is not an operator at {api}\n{hint}")));
        }
    }
    Err(failure)
}
