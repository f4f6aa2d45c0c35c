//! `darkroom signup`, `verify`, `login`, `logout`, `whoami`, `account`.

use crate::args;
use crate::client::{Client, Session, Stranger};
use crate::error::Error;
use crate::text;
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal, Write, stderr, stdin};

/// The service's answer to a request of an account.
#[derive(Deserialize)]
struct Message {
    message: String,
}

/// The day's quota and use, and what is stored, of `/me`.
#[derive(Deserialize)]
struct Me {
    usage: Usage,
    stored: Option<Stored>,
    limits: Limits,
}

#[derive(Deserialize)]
struct Usage {
    images: u64,
    bytes: u64,
    resets_at: String,
}

/// An API of an earlier release does not tell it.
#[derive(Deserialize)]
struct Stored {
    images: u64,
    bytes: u64,
    complete: bool,
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

/// Proves with the code that the address is the user's.
pub fn verify(wanted: &args::Verify, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let stranger = Stranger::new(&chosen(api)?)?;
    let (email, code) = (&wanted.email, &wanted.code);
    let answer: Message = stranger.post("/auth/verify", &json!({ "email": email, "code": code }))?.json()?;
    say(as_json, &answer, &format!("Then: darkroom login {email}"));
    Ok(())
}

/// Signs in, and keeps the sign-in on this machine.
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

/// Ends the sign-in at the service and on this machine.
pub fn logout() -> Result<(), Error> {
    Session::read()?.map_or(Ok(()), |session| session.end())
}

/// Who is signed in, where, how much of the day's quota is used, and how much is stored.
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
    let Me { usage, stored, limits } = answer.json()?;
    println!("{} at {}", text::plain(&client.email), text::plain(&client.api));
    println!(
        "today {} of {} photos, {} of {}; the next day begins at {}",
        usage.images,
        limits.images_per_day,
        text::bytes(usage.bytes),
        text::bytes(limits.bytes_per_day),
        text::plain(&usage.resets_at),
    );
    if let Some(Stored { images, bytes, complete }) = stored {
        let at_least = if complete { "" } else { "at least " };
        println!("stored {at_least}{images} photos, {}", text::bytes(bytes));
    }
    Ok(())
}

/// Commands that need the account's password.
pub fn run(wanted: &args::Account, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    match wanted.command {
        args::AccountCommand::Password => change_password(&client, as_json),
        args::AccountCommand::Delete => delete(&client, as_json),
    }
}

fn change_password(client: &Client, as_json: bool) -> Result<(), Error> {
    let body = json!({ "password": password("The password: ")?, "new_password": new_password()? });
    let answer = client.call("POST", "/auth/change-password", Some(&body), &[])?;
    show(&client.renewed(&answer)?, as_json);
    Ok(())
}

/// The service wants a new sign-in, so the command asks for the password, which confirms the command, too.
fn delete(client: &Client, as_json: bool) -> Result<(), Error> {
    let Client { api, email, .. } = client;
    if stdin().is_terminal() {
        let (email, api) = (text::plain(email), text::plain(api));
        let _ = writeln!(stderr(), "The account {email} at {api} will be erased for good, with everything in it.");
    }
    let session = Stranger::new(api)?.sign_in(email, &password("The password: ")?)?;
    let answer: Message = Client::signed_in(Some(&session.api))?.call("DELETE", "/me", None, &[])?.json()?;
    Session::forget()?;
    if as_json {
        println!("{}", json!({ "message": answer.message }));
    } else {
        println!("{}", text::plain(&answer.message));
    }
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
    known.ok_or_else(|| Error::Usage("the API's address is missing\nhint: give --api URL, or set DARKROOM_API".into()))
}

/// Reads from the terminal without an echo, or from standard input if that is not a terminal, for scripts. A password is
/// never an argument: other users of the machine can read those.
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
        return Err(Error::Usage("the two passwords differ".into()));
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
