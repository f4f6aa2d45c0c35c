//! `darkroom webhook`: the URL that is called with each event of the user's photos.

use crate::args::{self, WebhookCommand};
use crate::client::Client;
use crate::error::Error;
use crate::http::Answer;
use crate::{pages, text};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Webhook {
    url: String,
    state: String,
    secret: Option<String>,
    delivered_at: Option<String>,
    failing_since: Option<String>,
    failure: Option<Refusal>,
    disabled_because: Option<String>,
}

/// Why a receiver did not accept an event.
#[derive(Deserialize)]
struct Refusal {
    reason: Option<String>,
    status: Option<u16>,
}

pub fn run(wanted: &args::Webhook, api: Option<&str>, as_json: bool) -> Result<(), Error> {
    let client = Client::signed_in(api)?;
    match &wanted.command {
        WebhookCommand::Show => show(&client.get("/me/webhook")?, as_json),
        WebhookCommand::Set { url } => {
            tell_secret(&client.call("PUT", "/me/webhook", Some(&json!({ "url": url })), &[])?, as_json)
        }
        WebhookCommand::Rotate => tell_secret(&client.call("POST", "/me/webhook/secret", None, &[])?, as_json),
        WebhookCommand::Test => test(&client.call("POST", "/me/webhook/test", None, &[])?, as_json),
        WebhookCommand::Rm => client.call("DELETE", "/me/webhook", None, &[]).map(drop),
    }
}

fn show(answer: &Answer, as_json: bool) -> Result<(), Error> {
    let told: Value = answer.json()?;
    if as_json {
        println!("{told}");
        return Ok(());
    }
    let webhook: Webhook = pages::read(told)?;
    let why = webhook.disabled_because.map_or(String::new(), |why| format!(" ({})", text::plain(&why)));
    println!("{} {}{why}", text::plain(&webhook.url), text::plain(&webhook.state));
    if let Some(at) = &webhook.delivered_at {
        println!("last delivered {}", text::plain(at));
    }
    if let (Some(since), Some(refusal)) = (&webhook.failing_since, &webhook.failure) {
        println!("failing since {}: {}", text::plain(since), refusal.words());
    }
    Ok(())
}

/// Prints the secret alone on its line, so that it can be piped into a receiver's configuration.
fn tell_secret(answer: &Answer, as_json: bool) -> Result<(), Error> {
    let told: Value = answer.json()?;
    if as_json {
        println!("{told}");
    } else {
        println!("{}", text::plain(&pages::read::<Webhook>(told)?.secret.unwrap_or_default()));
    }
    Ok(())
}

fn test(answer: &Answer, as_json: bool) -> Result<(), Error> {
    let told: Value = answer.json()?;
    let delivered = told["delivered"] == true;
    if as_json {
        println!("{told}");
    }
    let words = pages::read::<Refusal>(told)?.words();
    match (delivered, as_json) {
        (true, true) => Ok(()),
        (true, false) => {
            println!("delivered, {words}");
            Ok(())
        }
        (false, _) => Err(Error::Refused(format!("not delivered: {words}"))),
    }
}

impl Refusal {
    fn words(&self) -> String {
        match (&self.status, &self.reason) {
            (Some(status), _) => format!("status {status}"),
            (None, Some(reason)) => text::plain(reason),
            (None, None) => "unknown".into(),
        }
    }
}
