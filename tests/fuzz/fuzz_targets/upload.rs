//! The body of `POST /upload` and `POST /uploads`, from the gateway's event to the record: refused as a problem of the
//! client, or a record whose every value is within the limits and whose file name is harmless in a header.

#![no_main]

#[path = "../../../src/gallery/disposition.rs"]
mod disposition;
#[allow(dead_code)] // the function calls more of it than this target does
#[path = "../../../lambdas/upload/src/upload_request.rs"]
mod upload_request;

use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::key;
use darkroom_domain::record::Record;
use darkroom_domain::settings::LIMITS;
use darkroom_runtime::api::testing::{Call, Reply};
use darkroom_runtime::api::{Answer, Fields, Problem, Request};
use futures::executor::block_on;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;
use upload_request::{BatchRequest, Declared, UploadRequest, of_uppy};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let call = |resource| Call::new("POST", resource).signed_in().body("application/json", text);
    judge(&block_on(call("/upload").send(async |request: &Request| one(request))));
    judge(&block_on(call("/uploads").send(async |request: &Request| many(request))));
    judge(&block_on(Call::new("GET", "/s3/params").send(async |_: &Request| form(text))));
});

fn one(request: &Request) -> Result<Answer, Problem> {
    let photo: UploadRequest = request.json()?;
    let mut fields = Fields::default();
    let declared = photo.checked(&mut fields, "");
    fields.done()?;
    accepted(&declared);
    Ok(Answer::empty(201))
}

fn many(request: &Request) -> Result<Answer, Problem> {
    let batch: BatchRequest = request.json()?;
    let declared = batch.checked()?;
    assert!((1..=LIMITS.uploads_per_call).contains(&declared.len()));
    declared.iter().for_each(accepted);
    Ok(Answer::empty(201))
}

fn form(filename: &str) -> Result<Answer, Problem> {
    let mut fields = Fields::default();
    let declared = of_uppy(&mut fields, Some(filename), Some("image/jpeg"));
    fields.done()?;
    accepted(&declared);
    Ok(Answer::empty(200))
}

fn judge(reply: &Reply) {
    if !matches!(reply.status, 200 | 201) {
        let (status, code) = reply.problem();
        assert!((400..500).contains(&status), "{status} {code}: {}", reply.body);
    }
}

fn accepted(declared: &Declared) {
    let (owner, image) = (OwnerId::parse("ada").expect("an id"), ImageId::from_number(7));
    let record = declared.record(owner.clone(), image, OffsetDateTime::UNIX_EPOCH);
    assert_eq!(key::read_original(&record.object_key), Some((owner, image)));
    let written = serde_json::to_string(&record).expect("a record is JSON");
    assert_eq!(serde_json::from_str::<Record>(&written).expect("it is read again"), record);

    let content_type = record.content_type.expect("a type");
    assert!(LIMITS.content_types.contains(&content_type));
    assert!(record.size_bytes.is_none_or(|size| (1..=LIMITS.max_bytes).contains(&size)));
    if let Some(digest) = record.sha256 {
        assert!(digest.len() == 64 && digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')));
        assert!(record.size_bytes.is_some());
    }
    let name = record.filename.expect("a name");
    assert!((1..=255).contains(&name.chars().count()));
    assert!(!name.contains(|c: char| c.is_control() || "/\\\u{202e}\u{2066}\u{2028}".contains(c)), "{name:?}");
    header("inline", &disposition::of(&name, "small", &content_type));
    let kept = header("attachment", &disposition::to_keep(&name));
    assert!(name.chars().count() > 100 || kept == name, "{name:?} is kept as {kept:?}");
}

/// The name that a browser reads in the header, which has two spellings of it and nothing else.
fn header(kind: &str, value: &str) -> String {
    assert!(value.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{value:?}");
    let (plain, encoded) = value.split_once("\"; filename*=UTF-8''").expect("two spellings");
    let plain = plain.strip_prefix(&format!("{kind}; filename=\"")).expect("a plain spelling");
    assert!(!plain.contains(['"', '\\', '%']), "{plain:?}");
    assert!(!encoded.contains([';', ' ', '"', ',', '\'']), "{encoded:?}");
    percent_encoding::percent_decode_str(encoded).decode_utf8().expect("UTF-8").into_owned()
}
