use super::fake::{ADA, EVE, World};
use super::{make, visit};
use darkroom_runtime::api::testing::{ARRIVED, Call, Reply};
use serde_json::{Value, json};

async fn share(world: &World, who: &str, album: &str, body: &Value) -> Reply {
    world.send(who, Call::new("POST", "/albums/{album_id}/links").path("album_id", album).json(body)).await
}

async fn links(world: &World, who: &str, album: &str) -> Reply {
    world.send(who, Call::new("GET", "/albums/{album_id}/links").path("album_id", album)).await
}

async fn revoke(world: &World, who: &str, album: &str, link: &str) -> Reply {
    let call = Call::new("DELETE", "/albums/{album_id}/links/{link_id}").path("album_id", album);
    world.send(who, call.path("link_id", link)).await
}

fn open(link: &Value) -> Call {
    let token = link["url"].as_str().unwrap().strip_prefix("shared/").unwrap();
    Call::new("GET", "/shared/{token}").path("token", token)
}

/// A visible album with a photo that is ready and one that is not.
async fn shared(world: &World) -> (String, String, Value) {
    let album = make(world, json!({ "title": "Lake", "visibility": "link" })).await;
    let images = [world.photo(ADA, "ready"), world.photo(ADA, "failed")];
    let body = json!({ "image_ids": images });
    world.send(ADA, Call::new("POST", "/albums/{album_id}/images").path("album_id", &album).json(&body)).await;
    let link = share(world, ADA, &album, &json!({})).await.json();
    let [image, _] = images;
    (album, image, link)
}

#[tokio::test]
async fn a_link_shows_title_and_ready_photos_without_an_account() {
    let world = World::default();
    let (_, image, link) = shared(&world).await;
    assert_eq!(link["expires_at"], "2026-02-07T12:00:07.000Z", "a week from now");
    let reply = world.send_unsigned(open(&link)).await;
    let seen = reply.json();
    assert_eq!((reply.status, &seen["title"]), (200, &json!("Lake")));
    assert_eq!(seen["expires_at"], link["expires_at"]);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&seen["items"][0]["image_id"], seen["items"][0]["variants"].as_object().unwrap().len()),
        (&json!(image), 2)
    );
    assert!(!reply.body.contains(ADA), "{}", reply.body);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn a_link_expires() {
    let world = World::default();
    let (album, _, _) = shared(&world).await;
    let link = share(&world, ADA, &album, &json!({ "expires_in_seconds": 60 })).await.json();
    let after = |seconds: i64| {
        open(&link).event(move |event| event["requestContext"]["requestTimeEpoch"] = json!(ARRIVED + seconds * 1000))
    };
    assert_eq!(world.send_unsigned(after(59)).await.status, 200);
    assert_eq!(world.send_unsigned(after(60)).await.problem(), (404, "Request.NotFound".into()));
}

#[tokio::test]
async fn a_revoked_link_leads_nowhere() {
    let world = World::default();
    let (album, _, link) = shared(&world).await;
    let id = link["link_id"].as_str().unwrap();
    assert_eq!(revoke(&world, EVE, &album, id).await.problem().0, 404, "not hers to revoke");
    assert_eq!(world.send_unsigned(open(&link)).await.status, 200);
    assert_eq!(revoke(&world, ADA, &album, id).await.status, 204);
    assert_eq!(world.send_unsigned(open(&link)).await.problem(), (404, "Request.NotFound".into()));
    assert_eq!(revoke(&world, ADA, &album, id).await.problem().0, 404);
    assert_eq!(revoke(&world, ADA, &album, "x").await.problem().0, 404);
}

#[tokio::test]
async fn r59_a_link_that_has_ended_answers_as_one_that_never_was_whatever_is_asked() {
    let world = World::default();
    let (album, _, revoked) = shared(&world).await;
    revoke(&world, ADA, &album, revoked["link_id"].as_str().unwrap()).await;
    let mut never = revoked.clone();
    never["url"] = json!(format!("shared/{}", "Ag".repeat(60)));
    for (name, value) in [("limit", "0"), ("limit", "1"), ("cursor", "AgAA"), ("cursor", "!")] {
        let ended = world.send_unsigned(open(&revoked).query(name, &[value])).await;
        let nothing = world.send_unsigned(open(&never).query(name, &[value])).await;
        assert_eq!((ended.status, &ended.body), (nothing.status, &nothing.body), "{name}={value}");
        assert_eq!(ended.problem(), (404, "Request.NotFound".into()), "{name}={value}");
    }
}

#[tokio::test]
async fn a_forged_link_leads_nowhere() {
    let world = World::default();
    let (album, _, link) = shared(&world).await;
    let token = link["url"].as_str().unwrap().strip_prefix("shared/").unwrap().to_owned();
    let changed = format!("{}{}", if token.starts_with('A') { "B" } else { "A" }, &token[1..]);
    let page = Call::new("GET", "/albums/{album_id}/links").path("album_id", &album).query("limit", &["1"]);
    share(&world, ADA, &album, &json!({})).await;
    let cursor = world.send(ADA, page).await.json()["next_cursor"].as_str().unwrap().to_owned();
    for forged in [changed, token[..token.len() - 1].to_owned(), format!("{token}A"), String::new(), album, cursor] {
        let reply = world.send_unsigned(Call::new("GET", "/shared/{token}").path("token", &forged)).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{forged}");
    }
}

#[tokio::test]
async fn links_rest_while_the_album_is_private_and_end_with_it() {
    let world = World::default();
    let (album, _, link) = shared(&world).await;
    for (visibility, status) in [("private", 404), ("public", 200), ("link", 200)] {
        visit(&world, ADA, "PATCH", &album, Some(json!({ "visibility": visibility }))).await;
        assert_eq!(world.send_unsigned(open(&link)).await.status, status, "{visibility}");
    }
    visit(&world, ADA, "DELETE", &album, None).await;
    assert_eq!(world.send_unsigned(open(&link)).await.problem().0, 404);
}

#[tokio::test]
async fn a_private_album_is_not_shared() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Diary" })).await;
    assert_eq!(share(&world, ADA, &album, &json!({})).await.problem(), (409, "Request.Conflict".into()));
    assert_eq!(links(&world, ADA, &album).await.json(), json!({ "items": [] }));
}

#[tokio::test]
async fn links_are_listed_as_long_as_they_are_good() {
    let world = World::default();
    let (album, _, first) = shared(&world).await;
    let short = share(&world, ADA, &album, &json!({ "expires_in_seconds": 60 })).await.json();
    assert_eq!(links(&world, ADA, &album).await.json()["items"], json!([short, first]));
    let later = Call::new("GET", "/albums/{album_id}/links")
        .path("album_id", &album)
        .event(|event| event["requestContext"]["requestTimeEpoch"] = json!(ARRIVED + 61_000));
    assert_eq!(world.send(ADA, later).await.json()["items"], json!([first]));
    assert_eq!(links(&world, EVE, &album).await.problem().0, 404);
}

#[tokio::test]
async fn r33_another_owners_album_cannot_be_shared() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    assert_eq!(share(&world, EVE, &album, &json!({})).await.problem(), (404, "Request.NotFound".into()));
}

#[tokio::test]
async fn what_is_not_as_described_is_refused() {
    let world = World::default();
    let (album, _, link) = shared(&world).await;
    for seconds in [json!(59), json!(2_592_001), json!(-1), json!("60"), json!(60.5), json!(null)] {
        let reply = share(&world, ADA, &album, &json!({ "expires_in_seconds": seconds })).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["expires_in_seconds".to_owned()]), "{seconds}");
    }
    let page = open(&link).query("limit", &["0"]);
    assert_eq!(world.send_unsigned(page).await.fields(), ["limit"]);
}
