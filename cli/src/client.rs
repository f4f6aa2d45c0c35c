//! The API on behalf of the user who signed in on this machine.

use crate::config;
use crate::error::Error;
use crate::http::{self, Answer, Call};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};
use ureq::Agent;

/// A token that ends sooner than this is replaced before it is used: its request may take a while.
const EARLY_SECONDS: u64 = 120;

/// A sign-in, as the state folder keeps it. Not `Debug`: it is made of secrets.
#[derive(Clone, Serialize, Deserialize)]
pub struct Session {
    pub api: String,
    pub email: String,
    id_token: String,
    refresh_token: String,
    /// Of the id token, in seconds since 1970.
    pub expires_at: u64,
}

/// The answer of `/auth/signin` and `/auth/refresh`; the latter without a refresh token, for it stays.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    refresh_token: Option<String>,
    expires_in: u64,
}

/// Requests without a session: to make an account and to sign in.
pub struct Stranger {
    pub api: String,
    agent: Agent,
}

impl Stranger {
    pub fn new(api: &str) -> Result<Self, Error> {
        let api = config::api(api)?;
        Ok(Self { agent: http::agent(config::is_local(&api)), api })
    }

    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, Error> {
        let url = format!("{}{path}", self.api);
        http::call(&self.agent, &Call { method: "POST", url, token: None, body: Some(body), headers: &[] })
    }

    /// Signs in, and keeps the session on this machine.
    pub fn sign_in(self, email: &str, password: &str) -> Result<Session, Error> {
        let tokens: Tokens = self.post("/auth/signin", &json!({ "email": email, "password": password }))?.json()?;
        let session = Session {
            api: self.api,
            email: email.into(),
            id_token: tokens.id_token,
            refresh_token: tokens.refresh_token.unwrap_or_default(),
            expires_at: now() + tokens.expires_in,
        };
        session.keep()?;
        Ok(session)
    }
}

impl Session {
    fn file() -> Result<PathBuf, Error> {
        Ok(config::state_folder()?.join("session.json"))
    }

    /// The session of this machine, if a user signed in.
    pub fn read() -> Result<Option<Self>, Error> {
        let file = Self::file()?;
        match std::fs::read(&file) {
            // A damaged file counts as no session: signing in writes it anew.
            Ok(content) => Ok(serde_json::from_slice(&content).ok()),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::file(&file, &why)),
        }
    }

    fn keep(&self) -> Result<(), Error> {
        let content = serde_json::to_vec_pretty(self).map_err(|why| Error::Refused(why.to_string()))?;
        config::write_private(&Self::file()?, &content)
    }

    /// New tokens, without a password.
    fn refresh(&mut self, agent: &Agent) -> Result<(), Error> {
        let tokens: Tokens = match self.post(agent, "/auth/refresh") {
            Ok(answer) => answer.json()?,
            Err(Error::Problem(problem)) if problem.status == 401 => {
                return Err(Error::SignIn("the sign-in has ended\nhint: darkroom login".into()));
            }
            Err(failure) => return Err(failure),
        };
        self.take(tokens);
        self.keep()
    }

    fn take(&mut self, tokens: Tokens) {
        self.id_token = tokens.id_token;
        self.expires_at = now() + tokens.expires_in;
        if let Some(refresh_token) = tokens.refresh_token {
            self.refresh_token = refresh_token;
        }
    }

    /// Ends the sign-in at the service, and removes it from this machine, even if the service does not answer.
    pub fn end(&self) -> Result<(), Error> {
        let told = self.post(&http::agent(config::is_local(&self.api)), "/auth/signout");
        Self::forget()?;
        told.map(drop)
    }

    fn post(&self, agent: &Agent, path: &str) -> Result<Answer, Error> {
        let (url, body) = (format!("{}{path}", self.api), json!({ "refresh_token": self.refresh_token }));
        http::call(agent, &Call { method: "POST", url, token: None, body: Some(&body), headers: &[] })
    }

    /// Removes the sign-in from this machine.
    pub fn forget() -> Result<(), Error> {
        let file = Self::file()?;
        match std::fs::remove_file(&file) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(Error::file(&file, &why)),
            _ => Ok(()),
        }
    }
}

/// Requests as the user who signed in. Shared by threads.
pub struct Client {
    pub api: String,
    pub email: String,
    agent: Agent,
    session: Mutex<Session>,
}

impl Client {
    /// As the user who signed in on this machine. `api`, if given, must be the API of the sign-in.
    pub fn signed_in(api: Option<&str>) -> Result<Self, Error> {
        let signed_out = || Error::SignIn("you are not signed in\nhint: darkroom login --api URL".into());
        let session = Session::read()?.ok_or_else(signed_out)?;
        if let Some(asked) = api.map(config::api).transpose()?.filter(|asked| *asked != session.api) {
            let there = &session.api;
            return Err(Error::SignIn(format!("the sign-in is for {there}\nhint: darkroom login --api {asked}")));
        }
        let agent = http::agent(config::is_local(&session.api));
        Ok(Self { api: session.api.clone(), email: session.email.clone(), agent, session: Mutex::new(session) })
    }

    /// Keeps the new tokens of an answer that ended all other sessions.
    pub fn renewed(&self, answer: &Answer) -> Result<Session, Error> {
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        session.take(answer.json()?);
        session.keep()?;
        Ok(session.clone())
    }

    pub fn get(&self, path: &str) -> Result<Answer, Error> {
        self.call("GET", path, None, &[])
    }

    pub fn call(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
        headers: &[(&'static str, &str)],
    ) -> Result<Answer, Error> {
        let (token, url) = (self.token()?, format!("{}{path}", self.api));
        http::call(&self.agent, &Call { method, url, token: Some(&token), body, headers })
    }

    /// For signed URLs, which need no token.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    fn token(&self) -> Result<String, Error> {
        // Held while it is refreshed: the other threads wait for the new token.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if session.expires_at <= now() + EARLY_SECONDS {
            session.refresh(&self.agent)?;
        }
        Ok(session.id_token.clone())
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
