//! Photos on their way.

use crate::stand_in::{Reply, Service, image, json_of, photo, photo_bytes, stderr, ticket, tokens};
use serde_json::{Value, json};

/// What an upload asks about photos that the journal does not know.
const NOTHING: &str = "GET /images?limit=100&status=ready";

#[test]
fn a_photo_is_sent_as_its_ticket_says_and_once() {
    let service = Service::start("once", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" => ticket(here),
        "PUT /storage?X-Sig=1" => Reply(200, "", Value::Null),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(200, "", image("processing")),
    });
    service.login();
    let photo = photo();
    let sent = json_of(&service.run(&["--json", "upload", &photo, &photo], ""));
    let uploads: Vec<_> = sent["files"].as_array().unwrap().iter().map(|file| file["upload"].clone()).collect();
    assert!(uploads.contains(&json!("sent")) && uploads.contains(&json!("known")), "a copy is not sent: {uploads:?}");
    let (asked, put) = {
        let seen = service.seen.lock().unwrap();
        (seen[2].json(), seen[3].clone())
    };
    assert_eq!((&asked["filename"], &asked["content_type"]), (&json!("tiny.png"), &json!("image/png")));
    assert_eq!(asked["size_bytes"], photo_bytes());
    assert_eq!(put.body, std::fs::read(&photo).unwrap());
    assert_eq!((put.header("if-none-match"), put.header("authorization")), (Some("*"), None), "no token to storage");
    assert_eq!(put.header("transfer-encoding"), None, "its length is part of the signature");

    let again = json_of(&service.run(&["--json", "upload", &photo], ""));
    assert_eq!(again["files"][0]["upload"], "known");
    assert_eq!(service.lines()[4..], ["GET /image/image-1"]);
}

#[test]
fn a_put_whose_answer_was_lost_has_stored_the_photo() {
    let service = Service::start("lost", |here, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" => ticket(here),
        "PUT /storage?X-Sig=1" if number == 3 => Reply(0, "", Value::Null),
        "PUT /storage?X-Sig=1" => Reply(412, "", Value::Null),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(200, "", image("rejected")),
    });
    service.login();
    let done = service.run(&["--json", "upload", "--wait", &photo()], "");
    assert_eq!(done.status.code(), Some(1), "a rejected photo is not a success: {}", stderr(&done));
    let file = &json_of(&done)["files"][0];
    assert_eq!((&file["upload"], &file["status"]), (&json!("sent"), &json!("rejected")));
}

#[test]
fn a_ticket_whose_answer_was_lost_is_asked_for_by_the_same_name() {
    let service = Service::start("key", |here, number, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" if number == 2 => Reply(0, "", Value::Null),
        "POST /upload" => ticket(here),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(200, "", Value::Null),
    });
    service.login();
    let sent = service.run(&["upload", &photo()], "");
    assert_eq!(sent.status.code(), Some(0), "{}", stderr(&sent));
    let seen = service.seen.lock().unwrap();
    let keys: Vec<_> = seen.iter().filter_map(|request| request.header("idempotency-key")).collect();
    assert_eq!(keys.len(), 2);
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn a_ticket_that_was_never_used_is_no_photo() {
    let service = Service::start("unused", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "POST /upload" | "POST /upload/image-1" => ticket(here),
        "PUT /storage?X-Sig=1" => Reply(403, "", Value::Null),
        NOTHING => Reply(200, "", json!({ "items": [] })),
        _ => Reply(202, "retry-after: 1\r\n", image("awaiting_upload")),
    });
    service.login();
    let refused = service.run(&["upload", &photo()], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("status 403"), "{}", stderr(&refused));
    service.run(&["upload", &photo()], "");
    let ended: Vec<_> = service.lines()[4..].to_vec();
    assert_eq!(ended, ["GET /image/image-1", "POST /upload/image-1", "PUT /storage?X-Sig=1"], "it is renewed");
}

#[test]
fn what_the_account_has_is_known_without_a_journal() {
    let sha256 = {
        let service = Service::start("sum", |here, _, request| match request.line.as_str() {
            "POST /auth/signin" => tokens(),
            "POST /upload" => ticket(here),
            _ => Reply(200, "", json!({ "items": [] })),
        });
        service.login();
        json_of(&service.run(&["--json", "upload", &photo()], ""))["files"][0]["sha256"].as_str().unwrap().to_owned()
    };
    let service = Service::start("account", move |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /images?limit=100&status=ready" => {
            let mut image = image("ready");
            image["facts"] = json!({ "sha256": sha256, "thumbhash": "x", "dominant_color": "#000000", "phash": "x" });
            Reply(200, "", json!({ "items": [image] }))
        }
        "GET /image/image-1" => Reply(200, "", image("ready")),
        other => panic!("{other}"),
    });
    service.login();
    let sent = json_of(&service.run(&["--json", "upload", &photo()], ""));
    assert_eq!((&sent["files"][0]["upload"], &sent["files"][0]["image_id"]), (&json!("known"), &json!("image-1")));
}

#[test]
fn storage_that_is_at_fault_is_asked_again_and_then_told_as_such() {
    for (name, broken_until, code, upload) in [("hiccup", 4, 0, "sent"), ("down", usize::MAX, 4, "failed")] {
        let service = Service::start(name, move |here, number, request| match request.line.as_str() {
            "POST /auth/signin" => tokens(),
            "POST /upload" => ticket(here),
            "PUT /storage?X-Sig=1" if number < 4 => Reply(409, "", Value::Null),
            "PUT /storage?X-Sig=1" if number <= broken_until => Reply(500, "", Value::Null),
            "PUT /storage?X-Sig=1" => Reply(200, "", Value::Null),
            _ => Reply(200, "", json!({ "items": [] })),
        });
        service.login();
        let done = service.run(&["--json", "upload", &photo()], "");
        assert_eq!(json_of(&done)["files"][0]["upload"], upload, "{}", stderr(&done));
        assert_eq!(done.status.code(), Some(code), "{name}");
    }
}

#[test]
fn a_photo_that_is_known_is_put_into_the_album_too() {
    let lies_in = |album: &'static str| {
        move |here: &str, _: usize, request: &crate::stand_in::Request| match request.line.as_str() {
            "POST /auth/signin" => tokens(),
            "POST /upload" => ticket(here),
            "GET /albums?limit=100" => {
                let album = json!({ "album_id": "al-1", "title": "Summer", "visibility": "private" });
                Reply(200, "", json!({ "items": [album] }))
            }
            "GET /image/image-1" => {
                let mut image = image("ready");
                image["album_id"] = json!(album);
                Reply(200, "", image)
            }
            "PUT /storage?X-Sig=1" => Reply(200, "", Value::Null),
            "POST /albums/al-1/images" => Reply(204, "", Value::Null),
            _ => Reply(200, "", json!({ "items": [] })),
        }
    };
    for (album, added) in [("al-2", true), ("al-1", false)] {
        let service = Service::start("into-album", lies_in(album));
        service.login();
        service.run(&["upload", &photo()], "");
        let done = service.run(&["upload", "--album", "Summer", &photo()], "");
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        assert_eq!(service.lines().contains(&"POST /albums/al-1/images".to_owned()), added);
        assert_eq!(String::from_utf8_lossy(&done.stdout).contains("now in the album"), added);
    }
}
