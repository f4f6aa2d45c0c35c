//! What lies there: downloads, lists, albums.

use crate::stand_in::{Reply, Service, image, json_of, stderr, tokens};
use serde_json::{Value, json};

#[test]
fn a_download_that_ends_early_leaves_no_file() {
    let service = Service::start("short", |here, _, request| match request.line.as_str() {
        "POST /auth/signin" => tokens(),
        "GET /file" => Reply(200, "", json!("four")),
        _ => {
            let mut image = image("ready");
            image["variants"] = json!({ "large": { "url": format!("{here}/file"), "width": 1, "height": 1, "bytes": 7, "content_type": "image/jpeg", "expires_at": "x" } });
            Reply(200, "", image)
        }
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
