use super::fake::{ADA, EVE, World};
use super::{make, visit};
use darkroom_domain::id::ImageId;
use darkroom_runtime::api::testing::{Call, Reply};
use serde_json::{Value, json};

async fn photos(world: &World, who: &str, album: &str) -> Reply {
    world.send(who, Call::new("GET", "/albums/{album_id}/images").path("album_id", album)).await
}

async fn add(world: &World, who: &str, album: &str, images: &[String]) -> Reply {
    let call = Call::new("POST", "/albums/{album_id}/images").path("album_id", album);
    world.send(who, call.json(&json!({ "image_ids": images }))).await
}

async fn take_out(world: &World, who: &str, album: &str, image: &str) -> Reply {
    let call = Call::new("DELETE", "/albums/{album_id}/images/{image_id}");
    world.send(who, call.path("album_id", album).path("image_id", image)).await
}

fn ids(page: &Value) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item["image_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn photos_are_put_in_shown_moved_and_taken_out() {
    let world = World::default();
    let (lake, sea) = (make(&world, json!({ "title": "Lake" })).await, make(&world, json!({ "title": "Sea" })).await);
    let images = [world.photo(ADA, "ready"), world.photo(ADA, "processing")];
    let added = add(&world, ADA, &lake, &images).await;
    assert_eq!((added.status, added.body.as_str()), (204, ""));
    let page = photos(&world, ADA, &lake).await.json();
    assert_eq!(ids(&page), [images[1].clone(), images[0].clone()]);
    let links = page["items"][1]["variants"].as_object().unwrap();
    assert_eq!(
        (links.keys().map(String::as_str).collect::<Vec<_>>(), &page["items"][1]["filename"]),
        (vec!["thumbnail"], &json!("secret of ada-herself.jpg"))
    );

    assert_eq!(add(&world, ADA, &sea, &images[..1]).await.status, 204);
    assert_eq!(
        (ids(&photos(&world, ADA, &lake).await.json()), world.album_of(ADA, &images[0])),
        (vec![images[1].clone()], Some(sea.clone()))
    );
    assert_eq!(take_out(&world, ADA, &lake, &images[0]).await.problem().0, 404, "it lies elsewhere by now");
    assert_eq!(take_out(&world, ADA, &sea, &images[0]).await.status, 204);
    assert_eq!((world.album_of(ADA, &images[0]), take_out(&world, ADA, &sea, &images[0]).await.status), (None, 404));
}

#[tokio::test]
async fn r33_all_are_ones_own_or_none_is_added() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake" })).await;
    let (mine, hers) = (world.photo(ADA, "ready"), world.photo(EVE, "ready"));
    let reply = add(&world, ADA, &album, &[mine.clone(), hers.clone()]).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["image_ids[1]".to_owned()]));
    assert_eq!(world.album_of(ADA, &mine), None);
    assert_eq!(add(&world, EVE, &album, &[hers]).await.problem(), (404, "Request.NotFound".into()), "not her album");
    assert_eq!(take_out(&world, EVE, &album, &mine).await.problem().0, 404);
    assert_eq!(photos(&world, EVE, &album).await.problem(), (404, "Request.NotFound".into()));
}

#[tokio::test]
async fn what_is_not_as_described_is_refused() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake" })).await;
    let one = world.photo(ADA, "ready");
    let many: Vec<_> = (0..51).map(|_| ImageId::new().to_string()).collect();
    for images in [&[][..], &[one.clone(), one.clone()], &many] {
        let reply = add(&world, ADA, &album, images).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["image_ids".to_owned()]), "{}", images.len());
    }
    assert_eq!(add(&world, ADA, &album, &["x".into()]).await.fields(), ["image_ids[0]"]);
    let fifty: Vec<_> = (0..50).map(|_| world.photo(ADA, "ready")).collect();
    assert_eq!(add(&world, ADA, &album, &fifty).await.status, 204);
}

#[tokio::test]
async fn visitors_of_a_public_album_see_what_is_ready_and_none_of_its_owners_business() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    let images: Vec<_> = ["ready", "processing", "rejected", "ready"].map(|status| world.photo(ADA, status)).into();
    add(&world, ADA, &album, &images).await;
    let reply = photos(&world, EVE, &album).await;
    assert_eq!(ids(&reply.json()), [images[3].clone(), images[0].clone()]);
    assert_eq!(reply.json()["items"][0]["variants"].as_object().unwrap().len(), 2, "every link");
    assert!(!reply.body.contains(ADA), "{}", reply.body);
}

#[tokio::test]
async fn r37_a_large_album_is_read_page_by_page() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake" })).await;
    let images: Vec<_> = (0..5).map(|_| world.photo(ADA, "ready")).collect();
    add(&world, ADA, &album, &images).await;
    let call = || Call::new("GET", "/albums/{album_id}/images").path("album_id", &album).query("limit", &["3"]);
    let first = world.send(ADA, call()).await.json();
    let second = world.send(ADA, call().query("cursor", &[first["next_cursor"].as_str().unwrap()])).await.json();
    let all: Vec<_> = ids(&first).into_iter().chain(ids(&second)).rev().collect();
    assert_eq!((all, second.get("next_cursor")), (images, None));
}

#[tokio::test]
async fn r59_an_album_that_was_public_answers_as_none_whatever_is_asked() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    let images: Vec<_> = (0..2).map(|_| world.photo(ADA, "ready")).collect();
    add(&world, ADA, &album, &images).await;
    let call = |album: &str| Call::new("GET", "/albums/{album_id}/images").path("album_id", album);
    let page = world.send(EVE, call(&album).query("limit", &["1"])).await.json();
    let cursor = page["next_cursor"].as_str().unwrap();
    visit(&world, ADA, "PATCH", &album, Some(json!({ "visibility": "private" }))).await;
    let nowhere = "01890a5d-ac96-774b-bcce-b302099a8057";
    for (name, value) in [("cursor", cursor), ("cursor", "AgAA"), ("limit", "1")] {
        for album in [&album, nowhere] {
            let reply = world.send(EVE, call(album).query(name, &[value])).await;
            assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{album} {name}={value}");
        }
    }
}

#[tokio::test]
async fn a_deleted_album_gives_its_photos_back() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake" })).await;
    let images: Vec<_> = (0..250).map(|_| world.photo(ADA, "ready")).collect();
    for some in images.chunks(50) {
        assert_eq!(add(&world, ADA, &album, some).await.status, 204);
    }
    assert_eq!(visit(&world, ADA, "DELETE", &album, None).await.status, 204);
    assert!(images.iter().all(|image| world.album_of(ADA, image).is_none()));
}

#[tokio::test]
async fn a_photo_that_the_index_does_not_show_yet_is_given_back_too() {
    let mut world = World::default();
    let album = make(&world, json!({ "title": "Lake" })).await;
    let images: Vec<_> = (0..3).map(|_| world.photo(ADA, "ready")).collect();
    add(&world, ADA, &album, &images).await;
    world.table.index_lags = true;
    assert_eq!(visit(&world, ADA, "DELETE", &album, None).await.status, 204);
    assert!(images.iter().all(|image| world.album_of(ADA, image).is_none()), "a photo points at nothing");
}

#[tokio::test]
async fn an_album_of_very_many_is_deleted_by_asking_again() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    let images: Vec<_> = (0..1050).map(|_| world.photo(ADA, "ready")).collect();
    for some in images.chunks(50) {
        add(&world, ADA, &album, some).await;
    }
    let first = visit(&world, ADA, "DELETE", &album, None).await;
    assert_eq!((first.problem(), first.header("retry-after")), ((409, "Request.Conflict".into()), Some("1")));
    // A closed album is hidden and takes no photo.
    for who in [ADA, EVE] {
        assert_eq!(visit(&world, who, "GET", &album, None).await.problem().0, 404);
    }
    assert_eq!(add(&world, ADA, &album, &images[..1]).await.problem().0, 404);
    assert_eq!(world.send(ADA, Call::new("GET", "/albums")).await.json(), json!({ "items": [] }));
    assert_eq!(visit(&world, ADA, "DELETE", &album, None).await.status, 204);
    assert!(images.iter().all(|image| world.album_of(ADA, image).is_none()));
}

#[tokio::test]
async fn an_album_among_very_many_photos_is_emptied_from_where_the_last_request_ended() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake" })).await;
    // The oldest of 10,500. One request searches ten times, a thousand records each.
    let oldest = world.photo(ADA, "ready");
    (0..10_499).for_each(|_| drop(world.photo(ADA, "ready")));
    add(&world, ADA, &album, std::slice::from_ref(&oldest)).await;
    assert_eq!(visit(&world, ADA, "DELETE", &album, None).await.problem().0, 409);
    assert_eq!((world.album_of(ADA, &oldest).is_some(), *world.table.looks.lock().unwrap()), (true, 10));
    assert_eq!(visit(&world, ADA, "DELETE", &album, None).await.status, 204);
    assert_eq!((world.album_of(ADA, &oldest), *world.table.looks.lock().unwrap()), (None, 11));
}

#[tokio::test]
async fn r39_a_page_has_the_links_that_are_asked_for_and_a_name() {
    let world = World::default();
    let album = make(&world, json!({ "title": "Lake", "visibility": "public" })).await;
    add(&world, ADA, &album, &[world.photo(ADA, "ready")]).await;
    let call = || Call::new("GET", "/albums/{album_id}/images").path("album_id", &album);
    for (who, size, links) in [
        (ADA, "all", vec!["large", "thumbnail"]),
        (ADA, "thumbnail", vec!["thumbnail"]),
        (EVE, "thumbnail", vec!["thumbnail"]),
    ] {
        let page = world.send(who, call().query("size", &[size])).await.json();
        let found: Vec<_> = page["items"][0]["variants"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(found, links, "{who} {size}");
    }
    assert_eq!(world.send(ADA, call().query("size", &["original"])).await.fields(), ["size"]);
    let first = world.send(ADA, call()).await;
    let again = world.send(ADA, call().header("if-none-match", first.header("etag").unwrap())).await;
    assert_eq!((first.status, again.status, again.body.as_str()), (200, 304, ""));
}
