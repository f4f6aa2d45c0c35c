//! Each route: when all is well, when the request is wrong, without a sign-in, on another owner's album, and on none.
//! The table is in memory and keeps the capabilities' promises. The tests in `src/aws` and those end to end check that
//! the real table keeps them too.

mod fake;
mod links;
mod photos;

use darkroom_runtime::api::testing::{Call, Reply};
use fake::{ADA, EVE, World};
use serde_json::{Value, json};

fn albums(world: &World) -> Vec<String> {
    let items = world.table.albums.lock().unwrap();
    items.values().map(|album| album.title.clone()).collect()
}

async fn make(world: &World, body: Value) -> String {
    let reply = world.send(ADA, Call::new("POST", "/albums").json(&body)).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()["album_id"].as_str().unwrap().to_owned()
}

async fn visit(world: &World, who: &str, method: &str, album: &str, body: Option<Value>) -> Reply {
    let call = Call::new(method, "/albums/{album_id}").path("album_id", album);
    world.send(who, body.iter().fold(call, Call::json)).await
}

#[tokio::test]
async fn an_album_is_made_shown_changed_and_deleted() {
    let world = World::default();
    let reply = world.send(ADA, Call::new("POST", "/albums").json(&json!({ "title": "Zoë am See 🌅" }))).await;
    let album = reply.json();
    let id = album["album_id"].as_str().unwrap();
    assert_eq!((reply.status, reply.header("location")), (201, Some(format!("albums/{id}").as_str())));
    assert_eq!((&album["title"], &album["visibility"]), (&json!("Zoë am See 🌅"), &json!("private")));
    assert_eq!(album["created_at"], "2026-01-31T12:00:07.250Z");
    assert_eq!(visit(&world, ADA, "GET", id, None).await.json(), album);

    let changed = visit(&world, ADA, "PATCH", id, Some(json!({ "title": "Lake" }))).await.json();
    assert_eq!((&changed["title"], &changed["visibility"]), (&json!("Lake"), &json!("private")));
    let changed = visit(&world, ADA, "PATCH", id, Some(json!({ "visibility": "public" }))).await.json();
    assert_eq!((&changed["title"], &changed["visibility"]), (&json!("Lake"), &json!("public")));

    let gone = visit(&world, ADA, "DELETE", id, None).await;
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    for method in ["GET", "DELETE"] {
        assert_eq!(visit(&world, ADA, method, id, None).await.problem(), (404, "Request.NotFound".into()));
    }
    assert_eq!(albums(&world), [""; 0]);
}

#[tokio::test]
async fn an_album_tells_its_owner_how_many_photos_it_has_and_shows_the_newest() {
    let world = World::default();
    let (lake, sea) = (make(&world, json!({ "title": "Lake" })).await, make(&world, json!({ "title": "Sea" })).await);
    let images: Vec<_> = ["ready", "ready", "processing"].map(|status| world.photo(ADA, status)).into();
    world.photo(ADA, "ready"); // in no album
    let body = json!({ "image_ids": images });
    world.send(ADA, Call::new("POST", "/albums/{album_id}/images").path("album_id", &lake).json(&body)).await;

    let page = world.send(ADA, Call::new("GET", "/albums")).await.json();
    let [of_sea, of_lake] = [&page["items"][0], &page["items"][1]];
    assert_eq!((&of_sea["album_id"], &of_sea["count"], of_sea.get("cover")), (&json!(sea), &json!(0), None));
    assert_eq!((&of_lake["album_id"], &of_lake["count"]), (&json!(lake), &json!(2)));
    let cover = &of_lake["cover"];
    assert_eq!(cover["image_id"], json!(images[1]), "the newest that is ready");
    assert_eq!(cover["variants"].as_object().unwrap().keys().collect::<Vec<_>>(), ["thumbnail"]);
    assert_eq!(visit(&world, ADA, "GET", &lake, None).await.json(), *of_lake);
    let changed = visit(&world, ADA, "PATCH", &lake, Some(json!({ "visibility": "public" }))).await.json();
    assert_eq!((&changed["count"], &changed["cover"]["image_id"]), (&json!(2), &json!(images[1])));

    let seen = visit(&world, EVE, "GET", &lake, None).await;
    assert_eq!((seen.json().get("count"), seen.json().get("cover")), (None, None), "not for visitors");
}

#[tokio::test]
async fn r37_albums_are_listed_page_by_page() {
    let world = World::default();
    for n in 0..5 {
        make(&world, json!({ "title": format!("{n}") })).await;
    }
    let (mut titles, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let call = Call::new("GET", "/albums").query("limit", &["2"]);
        let page =
            world.send(ADA, cursor.iter().fold(call, |call, cursor| call.query("cursor", &[cursor]))).await.json();
        titles
            .extend(page["items"].as_array().unwrap().iter().map(|album| album["title"].as_str().unwrap().to_owned()));
        cursor = page["next_cursor"].as_str().map(Into::into);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(titles, ["4", "3", "2", "1", "0"]);
    assert_eq!(world.send(EVE, Call::new("GET", "/albums")).await.json(), json!({ "items": [] }));
}

#[tokio::test]
async fn r37_a_cursor_is_its_owners() {
    let world = World::default();
    for n in 0..3 {
        make(&world, json!({ "title": format!("{n}") })).await;
    }
    let page = world.send(ADA, Call::new("GET", "/albums").query("limit", &["1"])).await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    let reply = world.send(EVE, Call::new("GET", "/albums").query("cursor", &[cursor])).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["cursor".to_owned()]));
}

#[tokio::test]
async fn what_is_not_as_described_is_refused() {
    let world = World::default();
    let id = make(&world, json!({ "title": "Lake" })).await;
    for (body, field) in [
        (json!({}), "title"),
        (json!({ "title": "" }), "title"),
        (json!({ "title": null }), "title"),
        (json!({ "title": " \u{a0}" }), "title"),
        (json!({ "title": "two\nlines" }), "title"),
        (json!({ "title": "x".repeat(101) }), "title"),
        (json!({ "title": "x", "visibility": "everybody" }), "visibility"),
        (json!({ "title": "x", "owner_id": EVE }), "owner_id"),
    ] {
        let made = world.send(ADA, Call::new("POST", "/albums").json(&body)).await;
        assert_eq!((made.problem().0, made.fields()), (400, vec![field.to_owned()]), "{body}");
        let changed = visit(&world, ADA, "PATCH", &id, Some(body.clone())).await;
        assert_eq!((changed.problem().0, changed.fields()), (400, vec![field.to_owned()]), "{body}");
    }
    assert_eq!(albums(&world), ["Lake"]);
}

#[tokio::test]
async fn r33_what_is_not_theirs_does_not_exist() {
    let world = World::default();
    let id = make(&world, json!({ "title": "Lake", "visibility": "link" })).await;
    for (method, body) in [("GET", None), ("PATCH", Some(json!({ "title": "mine" }))), ("DELETE", None)] {
        assert_eq!(visit(&world, EVE, method, &id, body).await.problem(), (404, "Request.NotFound".into()), "{method}");
    }
    for nothing in ["x", "", "0198C7B2-6B62-7D4F-8A1F-3C2E5D7B9F21"] {
        assert_eq!(visit(&world, ADA, "GET", nothing, None).await.problem().0, 404);
    }
    assert_eq!(albums(&world), ["Lake"]);
}

#[tokio::test]
async fn a_public_album_is_read_by_everybody_and_changed_by_its_owner() {
    let world = World::default();
    let id = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    let seen = visit(&world, EVE, "GET", &id, None).await;
    assert_eq!((seen.status, &seen.json()["title"]), (200, &json!("Lake")));
    assert!(!seen.body.contains(ADA));
    for (method, body) in [("PATCH", Some(json!({ "title": "mine" }))), ("DELETE", None)] {
        assert_eq!(visit(&world, EVE, method, &id, body).await.problem().0, 404, "{method}");
    }
    visit(&world, ADA, "PATCH", &id, Some(json!({ "visibility": "private" }))).await;
    assert_eq!(visit(&world, EVE, "GET", &id, None).await.problem().0, 404);
}

#[tokio::test]
async fn r33_no_route_but_the_shared_one_works_without_signing_in() {
    let world = World::default();
    let id = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    for (method, route) in [
        ("GET", "/albums"),
        ("POST", "/albums"),
        ("GET", "/albums/{album_id}"),
        ("PATCH", "/albums/{album_id}"),
        ("DELETE", "/albums/{album_id}"),
        ("GET", "/albums/{album_id}/images"),
        ("POST", "/albums/{album_id}/images"),
        ("DELETE", "/albums/{album_id}/images/{image_id}"),
        ("GET", "/albums/{album_id}/links"),
        ("POST", "/albums/{album_id}/links"),
        ("DELETE", "/albums/{album_id}/links/{link_id}"),
    ] {
        let call = Call::new(method, route).path("album_id", &id).json(&json!({ "title": "x" }));
        assert_eq!(world.send_unsigned(call).await.problem(), (401, "Auth.Unauthorized".into()), "{method} {route}");
    }
    assert_eq!(world.send(ADA, Call::new("PUT", "/albums")).await.problem().0, 404);
}
