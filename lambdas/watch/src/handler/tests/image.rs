//! One record.

use super::*;

fn call(image: ImageId) -> Call {
    Call::new("GET", "/ops/images/{image_id}").path("image_id", &image.to_string())
}

#[tokio::test]
async fn a_record_is_shown_with_its_times_and_the_name_of_its_execution() {
    let image = ImageId::new();
    let known = Record {
        arrived_at: Some("2026-01-31T12:00:01Z".into()),
        began_at: Some("2026-01-31T12:00:02Z".into()),
        execution: Some("first".into()),
        ..record(image)
    };
    let world = World { record: Some(known), ..World::default() };
    let seen = ask(&world, call(image).query("owner_id", &[OWNER])).await.json();
    assert_eq!((&seen["at"], &seen["image_id"]), (&json!("2026-01-31T12:00:07.250Z"), &json!(image.to_string())));
    let record = &seen["record"];
    assert_eq!(
        (&record["arrived_at"], &record["began_at"]),
        (&json!("2026-01-31T12:00:01Z"), &json!("2026-01-31T12:00:02Z"))
    );
    assert_eq!(
        (&record["version_execution"], &record["outcome_at"]),
        (&json!("first"), &json!("2026-01-31T12:00:06Z"))
    );
    assert!(seen.get("deleted_at").is_none() && record.get("awaited_until").is_none());
}

#[tokio::test]
async fn an_outcome_tells_the_release_that_it_is_of_if_the_record_knows() {
    let image = ImageId::new();
    let signed = darkroom_domain::cause::signed("403", "darkroom-dev-validate", "7");
    let execution = json!({ "errorType": "Worker.Denied", "errorMessage": signed }).to_string();
    for (message, release) in [
        ("403".to_owned(), Value::Null),
        (signed, json!("darkroom-dev-validate:7")),
        (execution, json!("darkroom-dev-validate:7")),
    ] {
        let mut known = record(image);
        known.outcome.as_mut().unwrap().message = Some(message);
        let world = World { record: Some(known), ..World::default() };
        let seen = ask(&world, call(image).query("owner_id", &[OWNER])).await.json();
        assert_eq!((&seen["record"]["message"], &seen["record"]["release"]), (&json!("403"), &release));
    }
}

#[tokio::test]
async fn a_ticket_says_until_when_it_is_valid() {
    let image = ImageId::new();
    let mut ticket = Record { status: Status::AwaitingUpload, outcome: None, ..record(image) };
    for (until, expires) in [(Some(1_769_860_800), Some(1_800_000_000)), (None, Some(1_769_860_800))] {
        (ticket.awaited_until, ticket.expires_at) = (until, expires);
        let world = World { record: Some(ticket.clone()), ..World::default() };
        let seen = ask(&world, call(image).query("owner_id", &[OWNER])).await.json();
        assert_eq!(seen["record"]["awaited_until"], "2026-01-31T12:00:00.000Z");
    }
}

#[tokio::test]
async fn a_deleted_photo_says_when_that_was() {
    let world = World { deleted_at: Some("2026-01-31T12:00:05Z"), ..World::default() };
    let seen = ask(&world, call(ImageId::new()).query("owner_id", &[OWNER])).await.json();
    assert_eq!((seen.get("record"), &seen["deleted_at"]), (None, &json!("2026-01-31T12:00:05Z")));
}

#[tokio::test]
async fn deliveries_to_the_owners_webhook_are_shown_of_a_photo_that_is_there_and_of_a_deleted_one() {
    let image = ImageId::new();
    for (record, deleted_at) in [(Some(record(image)), None), (None, Some("2026-01-31T12:00:05Z"))] {
        let world = World { record, deleted_at, deliveries: vec![refused()], ..World::default() };
        let seen = ask(&world, call(image).query("owner_id", &[OWNER])).await.json();
        assert_eq!(
            seen["deliveries"],
            json!([{ "at": "2026-01-31T12:00:07Z", "event": "Image Ready", "attempt": 1, "result": "refused",
                "status": 500, "reason": "status", "again_in_s": 5 }])
        );
    }
}

#[tokio::test]
async fn r35_the_record_does_not_tell_owner_file_name_and_caption() {
    let image = ImageId::new();
    let world = World { record: Some(record(image)), ..World::default() };
    let reply = ask(&world, call(image).query("owner_id", &[OWNER])).await;
    assert_eq!(reply.status, 200);
    for private in [OWNER, "my holiday", "my caption"] {
        assert!(!reply.body.contains(private), "{private}: {}", reply.body);
    }
}

#[tokio::test]
async fn a_record_of_another_owner_or_of_no_image_is_not_found() {
    let image = ImageId::new();
    let world = World { record: Some(record(image)), ..World::default() };
    for call in [
        call(image),
        call(image).query("owner_id", &["somebody"]),
        call(ImageId::new()).query("owner_id", &[OWNER]),
        Call::new("GET", "/ops/images/{image_id}").path("image_id", "x"),
    ] {
        assert_eq!(ask(&world, call).await.problem(), (404, "Request.NotFound".into()));
    }
    let reply = ask(&world, call(image).query("owner_id", &["a/b"])).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["owner_id".to_owned()]));
}
