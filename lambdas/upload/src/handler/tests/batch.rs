//! Many tickets in one call.

use super::*;
use darkroom_domain::settings::LIMITS;
use std::collections::BTreeSet;

fn uploads(photos: &[Value]) -> Call {
    Call::new("POST", "/uploads").signed_in().json(&json!({ "uploads": photos }))
}

#[tokio::test]
async fn fifty_tickets_are_one_transaction() {
    let rule = takes(|writes| {
        let count = writes.iter().find_map(TransactWriteItem::update).expect("a count");
        let values = count.expression_attribute_values().expect("values");
        writes.len() == 51 && values[":images"] == number(50) && values[":bytes"] == number(200)
    });
    let reply = send(&[&rule], uploads(&vec![wanted(); LIMITS.uploads_per_call])).await;
    assert_eq!((reply.status, rule.num_calls()), (201, 1));
    let tickets = reply.json()["tickets"].as_array().cloned().unwrap();
    let images: BTreeSet<_> = tickets.iter().map(|ticket| ticket["image_id"].to_string()).collect();
    let urls: BTreeSet<_> = tickets.iter().map(|ticket| ticket["upload"]["url"].to_string()).collect();
    assert_eq!((images.len(), urls.len()), (50, 50));
}

#[tokio::test]
async fn one_album_is_looked_at_once() {
    let rule = takes(|writes| writes.iter().filter(|write| write.condition_check().is_some()).count() == 1);
    let photo = with("album_id", ALBUM.into());
    assert_eq!(send(&[&rule], uploads(&[photo.clone(), photo, wanted()])).await.status, 201);
}

#[tokio::test]
async fn what_is_wrong_is_named_with_its_place_and_nothing_is_given() {
    let mut unnamed = wanted();
    unnamed.as_object_mut().unwrap().remove("filename");
    let album = |number: usize| with("album_id", format!("0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e{number:02}").into());
    for (photos, fields) in [
        (vec![], vec!["uploads"]),
        (vec![wanted(); 51], vec!["uploads"]),
        // Or a request of 64 KB would have an answer of half a megabyte.
        (vec![with("filename", json!("")); 51], vec!["uploads"]),
        ((0..11).map(album).collect(), vec!["uploads"]),
        (vec![wanted(), with("filename", json!("a/b"))], vec!["uploads[1].filename"]),
        (
            vec![with("size_bytes", json!(0)), with("sha256", json!("x"))],
            vec!["uploads[0].size_bytes", "uploads[1].sha256"],
        ),
        (vec![wanted(), unnamed], vec!["uploads[1].filename"]),
        (vec![with("size_bytes", json!("4"))], vec!["uploads[0].size_bytes"]),
        (vec![wanted(), wanted(), with("key", json!("x"))], vec!["uploads[2].key"]),
    ] {
        let rule = accepts();
        let reply = send(&[&rule], uploads(&photos)).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, fields.into_iter().map(String::from).collect()));
        assert_eq!(rule.num_calls(), 0);
    }
}

#[tokio::test]
async fn an_album_that_is_none_is_named_with_its_place() {
    let rule = refuses(vec![unmet(vec![]), reason("None"), reason("None"), reason("None")]);
    let reply = send(&[&rule], uploads(&[wanted(), with("album_id", ALBUM.into())])).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["uploads[1].album_id".into()]));
}
