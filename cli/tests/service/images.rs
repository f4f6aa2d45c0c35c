//! What lies there: downloads, lists, albums.

use crate::stand_in::{Reply, Service, image, json_of, problem, stderr, tokens};
use serde_json::{Value, json};

#[test]
fn a_download_that_ends_early_leaves_no_file() {
    let service = Service::start("short", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /file" => Reply(200, "", json!("four")),
        _ => Reply(200, "", with_a_file(here, 7)),
    });
    service.login();
    let out = service.state.join("out");
    std::fs::create_dir_all(&out).unwrap();
    let done = service.run(&["get", "image-1", "-o", out.to_str().unwrap()], "");
    assert_eq!(done.status.code(), Some(4), "{}", stderr(&done));
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 0);
}

#[test]
fn a_list_goes_on_page_by_page() {
    let service = Service::start("pages", |_, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /images?limit=100&status=ready" => {
            Reply(200, "", json!({ "items": vec![image("ready"); 99], "next_cursor": "c-2" }))
        }
        "GET /images?limit=51&status=ready&cursor=c-2" => Reply(200, "", json!({ "items": [], "next_cursor": "c-3" })),
        "GET /images?limit=51&status=ready&cursor=c-3" => Reply(200, "", json!({ "items": [image("ready")] })),
        other => panic!("{other}"),
    });
    service.login();
    let listed = json_of(&service.run(&["--json", "ls", "--status", "ready", "--limit", "150"], ""));
    assert_eq!(listed["items"].as_array().unwrap().len(), 100);
}

#[test]
fn an_album_is_found_by_its_title_and_shared_by_link() {
    let service = Service::start("album", |_, _, request| {
        let album = json!({ "album_id": "al-1", "title": "Summer", "visibility": "private" });
        match request.line.as_str() {
            "POST /auth/signin" => tokens(),
            "GET /albums?limit=100" => {
                let other = json!({ "album_id": "al-2", "title": "Winter", "visibility": "public" });
                Reply(200, "", json!({ "items": [album, other.clone(), other] }))
            }
            "GET /albums/al-1" | "PATCH /albums/al-1" => Reply(200, "", album),
            "POST /albums/al-1/links" => {
                Reply(201, "", json!({ "link_id": "l-1", "url": "shared/t", "created_at": "x", "expires_at": "y" }))
            }
            "POST /albums/al-1/images" => Reply(204, "", Value::Null),
            other => panic!("{other}"),
        }
    });
    service.login();
    let shared = service.run(&["album", "share", "Summer", "--days", "2"], "");
    assert_eq!(String::from_utf8(shared.stdout).unwrap(), format!("{}/shared/t\n", service.url));
    assert_eq!(service.last().json(), json!({ "expires_in_seconds": 2 * 24 * 60 * 60 }));
    assert!(service.lines().contains(&"PATCH /albums/al-1".to_owned()), "a private album has no links");

    assert_eq!(service.run(&["album", "add", "al-1", "image-1", "image-2"], "").status.code(), Some(0));
    assert_eq!(service.last().json(), json!({ "image_ids": ["image-1", "image-2"] }));

    let twice = service.run(&["album", "share", "Winter"], "");
    assert!(stderr(&twice).contains("give the id"), "{}", stderr(&twice));
    let none = service.run(&["album", "share", "Autumn"], "");
    assert!(stderr(&none).contains("no album of yours"), "{}", stderr(&none));
}

#[test]
fn a_photo_that_is_not_there_keeps_no_other_from_its_turn() {
    let service = Service::start("several", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        line if line.ends_with("/gone") => problem(404, "", "Request.NotFound"),
        "DELETE /image/image-1" => Reply(204, "", Value::Null),
        "GET /file" => Reply(200, "", json!("four")),
        _ => Reply(200, "", with_a_file(here, 6)),
    });
    service.login();
    let out = service.state.join("out");
    std::fs::create_dir_all(&out).unwrap();
    let out = out.to_str().unwrap();
    for command in
        [&["show", "gone", "image-1"][..], &["rm", "gone", "image-1"], &["get", "gone", "image-1", "-o", out]]
    {
        let done = service.run(command, "");
        assert_eq!(done.status.code(), Some(1), "{command:?}: {}", stderr(&done));
        assert_eq!(stderr(&done).lines().next(), Some("error: gone: A title. (Request.NotFound)"), "{command:?}");
        assert!(!done.stdout.is_empty(), "{command:?} goes on with the next photo");
    }
    let deleted = service.run(&["--json", "rm", "gone", "image-1"], "");
    assert_eq!(json_of(&deleted), json!({ "deleted": ["image-1"] }));
    let told: Value = serde_json::from_slice(&deleted.stderr).unwrap();
    assert_eq!((&told["image_id"], &told["code"]), (&json!("gone"), &json!("Request.NotFound")));
    let before = service.lines().len();
    assert_eq!(service.run(&["rm", "image-1", "../me"], "").status.code(), Some(2));
    assert_eq!(service.lines().len(), before, "nothing is deleted when a name makes no sense");
}

#[test]
fn a_picture_on_standard_output_is_alone_there() {
    let service = Service::start("stdout", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /file" => Reply(200, "", json!("four")),
        _ => Reply(200, "", with_a_file(here, 6)),
    });
    service.login();
    let done = service.run(&["--json", "get", "image-1", "-o", "-"], "");
    assert_eq!((done.status.code(), &done.stdout[..]), (Some(0), &b"\"four\""[..]), "{}", stderr(&done));
}

#[test]
fn a_variant_in_another_format_is_shown_and_downloaded() {
    let service = Service::start("format", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /file" => Reply(200, "", json!("four")),
        "GET /image/image-1?format=webp" => {
            let mut image = with_a_file(here, 6);
            image["variants"]["large"]["content_type"] = json!("image/webp");
            Reply(200, "", image)
        }
        "GET /image/image-1?format=avif" => problem(400, "", "Request.Invalid"),
        "GET /image/image-1" => {
            let mut image = with_a_file(here, 6);
            let mut webp = image["variants"].clone();
            webp["large"]["content_type"] = json!("image/webp");
            image["sources"] = json!([{ "content_type": "image/webp", "variants": webp }]);
            Reply(200, "", image)
        }
        other => panic!("{other}"),
    });
    service.login();
    let out = service.state.join("out");
    std::fs::create_dir_all(&out).unwrap();
    let get = |format: &str| {
        service.run(&["get", "image-1", "--format", format, "-o", out.to_str().unwrap()], "").status.code()
    };
    assert_eq!((get("webp"), get("avif"), get("bmp")), (Some(0), Some(1), Some(2)));
    let files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["tiny-large.webp"]);
    let shown = String::from_utf8(service.run(&["show", "image-1"], "").stdout).unwrap();
    let kinds: Vec<_> = shown.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    assert_eq!(kinds, ["image/jpeg", "image/webp"], "{shown}");
}

fn with_a_file(here: &str, bytes: u64) -> Value {
    let mut image = image("ready");
    let url = format!("{here}/file");
    let variant =
        json!({ "url": url, "width": 1, "height": 1, "bytes": bytes, "content_type": "image/jpeg", "expires_at": "x" });
    image["variants"] = json!({ "large": variant });
    image
}
