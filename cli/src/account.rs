//! `darkroom signup`, `verify`, `login`, `logout`, `whoami`.

use crate::args;
use crate::client::{Client, Session, Stranger};
use crate::error::Error;
use crate::text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

/// What the service says when something is done or on its way.
#[derive(Deserialize)]
struct Message {
    message: String,
}

/// What `/me` tells of the day.
#[derive(Deserialize)]
struct Me {
    usage: Usage,
    limits: Limits,
}

#[derive(Deserialize)]
struct Usage {
    images: u64,
    bytes: u64,
    resets_at: String,
}

#[derive(Deserialize)]
struct Limits {
    images_per_day: u64,
    bytes_per_day: u64,
}

/// Sends a code to the address.
pub fn sign_up(wanted: &args::Signup, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let stranger = Stranger::new(&chosen(api)?)?;
    let email = &wanted.email;
    let password = new_password()?;
    let answer: Message = stranger.post("/auth/signup", &json!({ "email": email, "password": password }))?.json()?;
    say(as_json, &answer, &format!("Then: darkroom verify {email} CODE"));
    Ok(())
}

/// Has the code sent once more.
pub fn resend_code(wanted: &args::Resend, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let stranger = Stranger::new(&chosen(api)?)?;
    let email = &wanted.email;
    let answer: Message = stranger.post("/auth/resend-code", &json!({ "email": email }))?.json()?;
    say(as_json, &answer, &format!("Then: darkroom verify {email} CODE"));
    Ok(())
}

/// Proves with the code that the address is theirs.
pub fn verify(wanted: &args::Verify, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let stranger = Stranger::new(&chosen(api)?)?;
    let (email, code) = (&wanted.email, &wanted.code);
    let answer: Message = stranger.post("/auth/verify", &json!({ "email": email, "code": code }))?.json()?;
    say(as_json, &answer, &format!("Then: darkroom login {email}"));
    Ok(())
}

/// Signs in and remembers it.
pub fn login(wanted: &args::Login, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let stranger = Stranger::new(&chosen(api)?)?;
    let email = match &wanted.email {
        Some(email) => email.clone(),
        None => asked("E-mail: ")?,
    };
    let session = stranger.sign_in(&email, &password("Password: ")?)?;
    show(&session, as_json);
    Ok(())
}

/// Ends it, there and here.
pub fn logout() -> Result<(), Error> {
    Session::read()?.map_or(Ok(()), |session| session.end())
}

/// Who is signed in, where, and what the day has had.
pub fn whoami(api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    let answer = client.get("/me")?;
    if as_json {
        let mut told: Value = answer.json()?;
        told["api"] = json!(client.api);
        told["email"] = json!(client.email);
        println!("{told}");
        return Ok(());
    }
    let Me { usage, limits } = answer.json()?;
    println!("{} at {}", text::plain(&client.email), text::plain(&client.api));
    println!(
        "today {} of {} photos, {} of {}; a new day begins at {}",
        usage.images,
        limits.images_per_day,
        text::bytes(usage.bytes),
        text::bytes(limits.bytes_per_day),
        text::plain(&usage.resets_at),
    );
    Ok(())
}

fn show(session: &Session, as_json: bool) {
    let Session { api, email, expires_at, .. } = session;
    if as_json {
        println!("{}", json!({ "api": api, "email": email, "expires_at": expires_at }));
    } else {
        println!("{} at {}", text::plain(email), text::plain(api));
    }
}

fn say(as_json: bool, answer: &Message, next: &str) {
    if as_json {
        println!("{}", json!({ "message": answer.message }));
    } else {
        println!("{}\n{}", text::plain(&answer.message), text::plain(next));
    }
}

/// The API of the command line or the environment, or that of the last sign-in.
fn chosen(api: Option<&str>) -> Result<String, Error> {
    let known = match api {
        Some(api) => Some(api.to_owned()),
        None => Session::read()?.map(|session| session.api),
    };
    known.ok_or_else(|| Error::Usage("which Darkroom? Give --api URL, or set DARKROOM_API".into()))
}

/// From the terminal without an echo; from standard input where that is none, so that a script can pipe it in. Never
/// from an argument: others on the machine read those.
fn password(prompt: &str) -> Result<String, Error> {
    let read = if stdin().is_terminal() {
        rpassword::prompt_password(prompt).map_err(|why| Error::Refused(format!("no password: {why}")))?
    } else {
        line()?
    };
    if read.is_empty() { Err(Error::Usage("the password is empty".into())) } else { Ok(read) }
}

fn new_password() -> Result<String, Error> {
    let first = password("A new password: ")?;
    if stdin().is_terminal() && password("Once more: ")? != first {
        return Err(Error::Usage("the two are not the same".into()));
    }
    Ok(first)
}

fn asked(prompt: &str) -> Result<String, Error> {
    if stdin().is_terminal() {
        let _ = write!(stderr(), "{prompt}");
    }
    line()
}

fn line() -> Result<String, Error> {
    let mut line = String::new();
    stdin().lock().read_line(&mut line).map_err(|why| Error::Refused(format!("standard input: {why}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
