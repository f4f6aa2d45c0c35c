//! R18: the names in the code, in the state machine and in the docs are the same set.

use darkroom_domain::ErrorCode;
use darkroom_domain::error::Kind;
use serde_json::Value;
use std::collections::BTreeSet;

const MACHINE: &str = include_str!("../../../statemachine/process-image.asl.json");
const DOCS: &str = include_str!("../../../docs/ERRORS.md");

fn names(kind: Kind) -> BTreeSet<&'static str> {
    ErrorCode::ALL.iter().filter(|code| code.kind() == kind).map(|code| code.name()).collect()
}

/// Every error name in this field of the retriers or catchers of every state.
fn named_in(field: &str) -> BTreeSet<String> {
    let machine: Value = serde_json::from_str(MACHINE).unwrap();
    let states = machine["States"].as_object().unwrap().values();
    states
        .flat_map(|state| state[field].as_array().cloned().unwrap_or_default())
        .flat_map(|rule| rule["ErrorEquals"].as_array().unwrap().clone())
        .map(|name| name.as_str().unwrap().to_owned())
        .collect()
}

fn of_area<'a>(names: &'a BTreeSet<String>, area: &str) -> BTreeSet<&'a str> {
    names.iter().map(String::as_str).filter(|name| name.starts_with(area)).collect()
}

#[test]
fn r18_the_state_machine_catches_exactly_the_rejections() {
    assert_eq!(of_area(&named_in("Catch"), "Image."), names(Kind::Rejection));
}

#[test]
fn r13_the_state_machine_retries_exactly_what_passes() {
    let retried = named_in("Retry");
    assert_eq!(of_area(&retried, "Transient."), names(Kind::Transient));
    assert!(of_area(&retried, "Image.").is_empty() && of_area(&retried, "Worker.").is_empty());
}

#[test]
fn r18_the_docs_explain_exactly_the_catalogue() {
    let ours =
        |name: &&str| ["Image.", "Transient.", "Worker.", "Request.", "Auth."].iter().any(|a| name.starts_with(a));
    let anchors = DOCS.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let explained: BTreeSet<&str> = anchors.filter(ours).collect();
    let catalogue: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(explained, catalogue);
}

#[test]
fn the_docs_quote_the_public_message() {
    for code in ErrorCode::ALL {
        let entry = format!("<a id=\"{0}\"></a>{0}\n\n> {1}\n", code.name(), code.message());
        assert!(DOCS.contains(&entry), "{code} is explained with another message");
    }
}
