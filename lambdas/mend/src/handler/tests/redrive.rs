//! Dead letters that are chosen by error, owner and age.

use super::*;
use darkroom_domain::event::notification;
use darkroom_domain::record::Outcome;

const IMAGE: &str = "0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10";
const HOUR: i64 = 3600;

/// A letter of this owner, sent so many seconds ago.
fn upload(owner: &str, image: &str, age: i64) -> String {
    let source = Source { key: format!("uploads/{owner}/{image}"), ..order().source };
    format!("{age}|{}", notification(&source))
}

fn image(number: u32) -> String {
    format!("{}{number:02}", &IMAGE[..34])
}

fn record(image: &str, status: Status, code: &str) -> Record {
    let outcome = Outcome {
        outcome: status,
        code: Some(code.into()),
        stage: None,
        message: None,
        execution: None,
        docs: None,
        at: None,
    };
    Record {
        status,
        outcome: Some(outcome),
        ..Record::awaiting(OwnerId::parse(OWNER).unwrap(), ImageId::parse(image).unwrap(), OffsetDateTime::UNIX_EPOCH)
    }
}

fn asked(body: &serde_json::Value) -> Call {
    Call::new("POST", REDRIVE).path("name", "uploads").operator().json(body)
}

#[tokio::test]
async fn r62_a_dry_run_tells_what_each_letter_is_and_leaves_all() {
    let dead = RefCell::new(vec![upload(OWNER, IMAGE, 2 * HOUR), "no JSON".into()]);
    let records = vec![record(IMAGE, Status::Failed, "Worker.Denied")];
    let world = World { dead, records, is_dry: true, ..world() };
    let reply = send(&world, asked(&json!({ "count": 100, "dry_run": true }))).await;
    let told = reply.json();
    assert_eq!((reply.status, &told["moved"], &told["looked_at"]), (200, &json!(0), &json!(2)));
    let (first, second) = (&told["letters"][0], &told["letters"][1]);
    assert_eq!((&first["image_id"], &first["record"]), (&json!(IMAGE), &json!("failed")));
    assert_eq!((&first["code"], &first["received"]), (&json!("Worker.Denied"), &json!(101)));
    assert!(first["sent_at"].as_str().unwrap().starts_with("2026-01-31T10:00:07"), "{first}");
    assert_eq!(second["code"], "Worker.BadInput");
    assert!(!reply.body.contains(OWNER) && !reply.body.contains("holiday"), "{}", reply.body);
    assert_eq!(world.released.borrow().len(), 2, "both can be received again at once");
    assert!(world.acts.borrow().is_empty(), "a look is not an act");
}

#[tokio::test]
async fn r62_letters_are_chosen_by_code_owner_and_age() {
    let all = vec![
        upload(OWNER, &image(1), 2 * HOUR),
        upload(OWNER, &image(2), 60),
        upload("eve", &image(3), 2 * HOUR),
        format!("{}|no JSON", 2 * HOUR),
    ];
    let records =
        vec![record(&image(1), Status::Failed, "Worker.Denied"), record(&image(2), Status::Rejected, "Image.Corrupt")];
    for (wanted, expected) in [
        (json!({ "owner_id": OWNER }), 2),
        (json!({ "owner_id": "eve" }), 1),
        (json!({ "older_than_s": HOUR }), 3),
        (json!({ "older_than_s": HOUR, "owner_id": OWNER }), 1),
        (json!({ "code": "Worker.Denied" }), 1),
        (json!({ "code": "Worker.BadInput" }), 1),
        (json!({ "code": "Image.Corrupt", "older_than_s": HOUR }), 0),
        (json!({}), 4),
    ] {
        let mut body = json!({ "count": 100 });
        body.as_object_mut().unwrap().extend(wanted.as_object().unwrap().clone());
        let world = World { dead: RefCell::new(all.clone()), records: records.clone(), ..world() };
        let told = send(&world, asked(&body)).await.json();
        assert_eq!((&told["moved"], &told["looked_at"]), (&json!(expected), &json!(4)), "{wanted}");
        assert_eq!(world.back.borrow().len(), expected, "{wanted}");
        assert_eq!(world.acts.borrow().last().unwrap().moved, u32::try_from(expected).ok());
    }
}

#[tokio::test]
async fn r62_one_request_looks_at_a_bounded_number_and_sends_no_more_than_were_asked_for() {
    for (owner, moved, looked_at) in [("eve", 0, 300), (OWNER, 5, 10)] {
        let dead = RefCell::new((0..400).map(|_| upload(owner, IMAGE, 60)).collect());
        let world = World { dead, ..world() };
        let told = send(&world, asked(&json!({ "count": 5, "owner_id": OWNER }))).await.json();
        assert_eq!((&told["moved"], &told["looked_at"]), (&json!(moved), &json!(looked_at)), "{owner}");
        assert_eq!(world.back.borrow().len(), moved);
    }
}

#[tokio::test]
async fn what_no_letter_can_be_is_refused() {
    for (name, value) in [
        ("owner_id", json!("../a")),
        ("owner_id", json!(null)),
        ("older_than_s", json!(-1)),
        ("older_than_s", json!(1_209_601)),
        ("code", json!("a b")),
        ("code", json!("")),
        ("dry_run", json!("yes")),
        ("more", json!(1)),
    ] {
        let reply = send(&world(), asked(&json!({ "count": 1, name: value }))).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![name.to_owned()]), "{name}: {value}");
    }
}
