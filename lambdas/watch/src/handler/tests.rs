use super::*;
use darkroom_aws::queues::Depth;
use darkroom_aws::watching::{Described, Event, Happened};
use darkroom_domain::act::{Act, Subject};
use darkroom_domain::delivery::{Delivered, Delivery};
use darkroom_domain::id::OwnerId;
use darkroom_domain::key;
use darkroom_domain::order::{Source, WorkOrder};
use darkroom_domain::record::{Outcome, Record, Status};
use darkroom_domain::token::{MacKey, Purpose};
use darkroom_runtime::api::testing::{ARRIVED, CLIENT_ID, Call, OWNER, Reply};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};

mod failures;
mod image;
mod one;
mod rejected;

const MACHINE: &str = "arn:aws:states:eu-central-1:111122223333:stateMachine:process-image:live";

/// A test's AWS, with the newest execution first; and how often it was asked.
#[derive(Default)]
struct World {
    executions: Vec<Described>,
    events: Vec<Event>,
    record: Option<Record>,
    /// When the photo of the record, or of no record, was deleted.
    deleted_at: Option<&'static str>,
    acts: Vec<Act>,
    deliveries: Vec<Delivery>,
    rejected: Vec<darkroom_aws::rejected::Rejected>,
    /// The most that Step Functions returns at once.
    page: usize,
    lists: Cell<usize>,
    descriptions: Cell<usize>,
    histories: Cell<usize>,
    subjects: RefCell<Vec<String>>,
}

fn at(seconds: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(ARRIVED / 1000 + seconds).unwrap()
}

/// An execution that was started so many seconds ago and took one second.
fn execution(name: &str, status: RunStatus, ago: i64) -> Described {
    let stopped_at = (status != RunStatus::Running).then(|| at(1 - ago));
    let execution = Execution { name: name.into(), status, started_at: at(-ago), stopped_at };
    Described { execution, input: "{}".into(), error: None, cause: None }
}

fn failed(name: &str, code: &str, ago: i64) -> Described {
    Described { error: Some(code.into()), ..execution(name, RunStatus::Failed, ago) }
}

impl WatchExecutions for &World {
    async fn list(
        &self,
        machine: &str,
        status: Option<RunStatus>,
        at_most: i32,
        token: Option<String>,
    ) -> Result<Option<ExecutionPage>, Error> {
        assert_eq!(machine, MACHINE);
        self.lists.set(self.lists.get() + 1);
        let at_most = usize::try_from(at_most).unwrap().min(if self.page == 0 { usize::MAX } else { self.page });
        let Ok(skipped) = token.as_deref().unwrap_or("0").parse::<usize>() else { return Ok(None) };
        let all = self.executions.iter().map(|described| described.execution.clone());
        let all: Vec<_> = all.filter(|each| status.is_none_or(|status| each.status == status)).collect();
        let executions: Vec<_> = all.iter().skip(skipped).take(at_most).cloned().collect();
        let end = skipped + executions.len();
        Ok(Some(ExecutionPage { executions, next: (end < all.len()).then(|| end.to_string()) }))
    }

    async fn describe(&self, _: &str, name: &str) -> Result<Option<Described>, Error> {
        self.descriptions.set(self.descriptions.get() + 1);
        Ok(self.executions.iter().find(|described| described.execution.name == name).cloned())
    }

    async fn history(&self, _: &str, _: &str, _: usize) -> Result<(Vec<Event>, bool), Error> {
        self.histories.set(self.histories.get() + 1);
        Ok((self.events.clone(), true))
    }
}

impl MeasureQueue for &World {
    async fn depth(&self, queue_url: &str) -> Result<Depth, Error> {
        let name = queue_url.strip_prefix("https://sqs/darkroom-").expect("the prefix");
        Ok(match name {
            "uploads" => Depth { waiting: 3, in_flight: 2, delayed: 1 },
            "webhooks-dlq" => Depth { waiting: 4, in_flight: 1, delayed: 0 },
            "announcements-undelivered" => Depth { waiting: 7, ..Depth::default() },
            "uploads-dlq" | "webhooks" | "erasures" | "erasures-dlq" => Depth::default(),
            other => panic!("there is no queue {other}"),
        })
    }
}

impl ReadActs for &World {
    async fn read_acts(&self, subject: Subject<'_>, _: i32) -> Result<Vec<Act>, Error> {
        self.subjects.borrow_mut().push(format!("{subject:?}"));
        Ok(self.acts.clone())
    }
}

impl ReadRecord for &World {
    async fn read_record(&self, owner: &OwnerId, image: ImageId) -> Result<Option<Record>, Error> {
        Ok(self.record.clone().filter(|record| record.image_id == image && record.owner_id == *owner))
    }
}

impl TellDeletion for &World {
    async fn deleted_at(&self, owner: &OwnerId, _: ImageId) -> Result<Option<String>, Error> {
        Ok(self.deleted_at.filter(|_| owner.as_str() == OWNER).map(Into::into))
    }
}

impl TellDeliveries for &World {
    async fn deliveries(&self, owner: &OwnerId, _: ImageId) -> Result<Vec<Delivery>, Error> {
        Ok(if owner.as_str() == OWNER { self.deliveries.clone() } else { Vec::new() })
    }
}

/// An attempt that the receiver did not take.
fn refused() -> Delivery {
    Delivery {
        at: "2026-01-31T12:00:07Z".into(),
        event: "Image Ready".into(),
        attempt: 1,
        result: Delivered::Refused,
        status: Some(500),
        reason: Some("status".into()),
        again_in_s: Some(5),
    }
}

struct Kms;

impl DeriveKey for Kms {
    async fn derive_key(&self, _: &str, _: Purpose) -> Result<MacKey, Error> {
        Ok(MacKey::new([7; 32]))
    }
}

/// A photo whose execution failed.
fn record(image: ImageId) -> Record {
    Record {
        status: Status::Failed,
        filename: Some("my holiday.jpg".into()),
        size_bytes: Some(7),
        version_id: Some("v1".into()),
        caption: Some("my caption".into()),
        outcome: Some(Outcome {
            outcome: Status::Failed,
            code: Some("Worker.Denied".into()),
            stage: Some("validate".into()),
            message: Some("403".into()),
            execution: Some("x".into()),
            docs: None,
            at: Some("2026-01-31T12:00:06Z".into()),
        }),
        awaited_until: None,
        expires_at: None,
        ..Record::awaiting(OwnerId::parse(OWNER).unwrap(), image, OffsetDateTime::UNIX_EPOCH)
    }
}

/// One sandbox.
fn watch(world: &World) -> Watch<&World, &World, &World, Kms> {
    Watch {
        executions: world,
        queues: world,
        table: world,
        cursors: DerivedKey::new(Kms, "key", Purpose::Cursor),
        machine: MACHINE.into(),
        queue_url_prefix: "https://sqs/darkroom-".into(),
        console_url: None,
        client_id: CLIENT_ID.into(),
        memory: Memory::default(),
    }
}

async fn ask(world: &World, call: Call) -> Reply {
    let watch = watch(world);
    call.operator().send(async |request| watch.handle(request).await).await
}

async fn get(world: &World, route: &str) -> Value {
    let reply = ask(world, Call::new("GET", route)).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

fn list() -> Call {
    Call::new("GET", "/ops/executions")
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn r33_a_stranger_meets_an_unknown_route_whatever_they_ask() {
    let world = World::default();
    let unknown = ask(&world, Call::new("GET", "/ops/unknown")).await;
    assert_eq!(unknown.problem(), (404, "Request.NotFound".into()));
    for call in [
        Call::new("GET", "/ops/overview"),
        list(),
        list().query("limit", &["a hundred"]),
        Call::new("GET", "/ops/executions/{name}").path("name", "x"),
        Call::new("GET", "/ops/images/{image_id}").path("image_id", "x").query("owner_id", &["a b"]),
        Call::new("GET", "/ops/failures"),
        Call::new("GET", "/ops/machine"),
    ] {
        let watch = watch(&world);
        let reply = call.signed_in().send(async |request| watch.handle(request).await).await;
        assert_eq!((reply.status, &reply.body), (404, &unknown.body));
    }
    assert_eq!(world.lists.get(), 0);
}

#[tokio::test]
async fn a_list_goes_on_where_the_page_before_ended() {
    let executions = (0..5).map(|number| execution(&format!("x{number}"), RunStatus::Succeeded, number)).collect();
    let world = World { executions, ..World::default() };
    let first = ask(&world, list().query("limit", &["3"])).await.json();
    assert_eq!(names(&first), ["x0", "x1", "x2"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = ask(&world, list().query("limit", &["3"]).query("cursor", &[cursor])).await.json();
    assert_eq!((names(&second), second.get("next_cursor")), (vec!["x3", "x4"], None));
}

#[tokio::test]
async fn r37_a_cursor_is_good_for_its_list_alone() {
    let executions = (0..5).map(|number| execution(&format!("x{number}"), RunStatus::Failed, number)).collect();
    let world = World { executions, ..World::default() };
    let first = ask(&world, list().query("limit", &["3"])).await.json();
    let cursor = first["next_cursor"].as_str().unwrap();
    for call in [
        list().query("status", &["failed"]).query("cursor", &[cursor]),
        list().query("image_id", &[&ImageId::new().to_string()]).query("cursor", &[cursor]),
        list().query("cursor", &["tomorrow"]),
    ] {
        let reply = ask(&world, call).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["cursor".to_owned()]));
    }
}

#[tokio::test]
async fn parameters_are_checked() {
    for (name, value) in [
        ("limit", "0"),
        ("limit", "101"),
        ("limit", "+5"),
        ("limit", "x"),
        ("status", "ready"),
        ("status", "pending_redrive"),
        ("image_id", "x"),
    ] {
        let reply = ask(&World::default(), list().query(name, &[value])).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![name.to_owned()]), "{value}");
    }
    let reply = ask(&World::default(), Call::new("GET", "/ops/failures").query("days", &["31"])).await;
    assert_eq!(reply.fields(), ["days"]);
}

#[tokio::test]
async fn a_list_may_be_of_one_status() {
    let executions = vec![execution("a", RunStatus::Running, 1), failed("b", "Worker.Bug", 2)];
    let world = World { executions, ..World::default() };
    let page = ask(&world, list().query("status", &["running"])).await.json();
    let item = &page["items"][0];
    assert_eq!((names(&page), &item["status"]), (vec!["a"], &json!("running")));
    assert!(item.get("stopped_at").is_none() && item.get("image_id").is_none());
}

#[tokio::test]
async fn executions_are_found_by_their_image_and_no_page_older_than_it_is_looked_at() {
    let image = ImageId::new(); // its ticket is of today, long after this test's time
    let first = key::execution_name(image, "v1");
    let executions = vec![
        execution("other", RunStatus::Succeeded, -2_000_000_000),
        execution(&format!("{first}-2"), RunStatus::Succeeded, -2_000_000_000),
        execution(&first, RunStatus::Failed, -2_000_000_000),
        execution("old", RunStatus::Succeeded, 5),
        execution("older", RunStatus::Succeeded, 6),
        execution("oldest", RunStatus::Succeeded, 7),
    ];
    let world = World { executions, page: 2, ..World::default() };
    let page = ask(&world, list().query("image_id", &[&image.to_string()])).await.json();
    assert_eq!(names(&page), [format!("{first}-2"), first]);
    assert_eq!(page["items"][0]["image_id"], image.to_string());
    assert_eq!((world.lists.get(), page.get("next_cursor")), (2, None));
}

#[tokio::test]
async fn a_search_that_takes_long_goes_on_with_the_next_request() {
    let image = ImageId::of_import("imports/a.jpg"); // an id without a time
    let mut executions: Vec<_> =
        (0..6).map(|number| execution(&format!("x{number}"), RunStatus::Succeeded, number)).collect();
    executions.push(execution(&key::execution_name(image, "v1"), RunStatus::Succeeded, 9));
    let world = World { executions, page: 1, ..World::default() };
    let search = || list().query("image_id", &[&image.to_string()]);
    let first = ask(&world, search()).await.json();
    assert!(names(&first).is_empty());
    let second = ask(&world, search().query("cursor", &[first["next_cursor"].as_str().unwrap()])).await.json();
    assert_eq!((names(&second).len(), second.get("next_cursor")), (1, None));
}

#[tokio::test]
async fn the_overview_shows_queues_executions_failures_stages_and_acts() {
    let entered =
        |second, name: &str| Event { at: at(second), happened: Happened::Entered(name.into(), "Task".into()) };
    let exited = |second| Event { at: at(second), happened: Happened::Exited };
    let acts = vec![Act::redrive(OwnerId::parse("ada").unwrap(), "2026-01-31T11:00:00Z".into(), "uploads", 3)];
    let executions = vec![
        execution("a", RunStatus::Running, 5),
        execution("b", RunStatus::Running, 50),
        execution("c", RunStatus::Succeeded, 60),
        failed("d", "Worker.Bug", 70),
        failed("e", "Worker.Bug", 8 * 24 * 60 * 60),
    ];
    let events = vec![entered(0, "Validate image"), exited(1), entered(1, "Create variants"), exited(4)];
    let world = World { executions, events, acts, ..World::default() };
    let watch = watch(&world);
    let call = Call::new("GET", "/ops/overview").operator();
    let seen = call.send(async |request| watch.handle(request).await).await.json();
    assert_eq!(
        seen["queues"][0],
        json!({
            "name": "uploads", "waiting": 3, "in_flight": 2, "delayed": 1, "dead_letters": 0, "redrivable": true,
        })
    );
    assert_eq!(seen["queues"][1]["dead_letters"], 5, "those that are received right now are dead too");
    assert_eq!(seen["queues"][3], json!({ "name": "announcements", "dead_letters": 7, "redrivable": false }));
    let counts: Vec<_> = seen["executions"].as_array().unwrap().iter().map(|each| each["count"].clone()).collect();
    assert_eq!(counts, [2, 1, 1, 0, 0]);
    assert_eq!(seen["running_since"], "2026-01-31T11:59:17.000Z");
    assert_eq!(seen["failures"], json!([{ "day": "2026-01-31", "code": "Worker.Bug", "count": 1 }]));
    assert_eq!(seen["stages"][0]["state"], "Create variants");
    assert_eq!((&seen["stages"][0]["median_ms"], &seen["stages"][0]["executions"]), (&json!(3000), &json!(3)));
    assert_eq!(seen["acts"][0]["queue"], "uploads");
    assert_eq!((world.lists.get(), world.histories.get()), (5, 3));

    let again = Call::new("GET", "/ops/overview").operator();
    again.send(async |request| watch.handle(request).await).await;
    assert_eq!((world.lists.get(), world.histories.get()), (5, 3), "a page that asks again costs no call of these");
}

#[tokio::test]
async fn the_graph_is_that_of_the_machine() {
    let graph = get(&World::default(), "/ops/machine").await;
    assert_eq!(graph["start_at"], "Validate image");
    assert!(graph["edges"].as_array().unwrap().contains(&json!({
        "from": "Validate image", "to": "Create variants", "kind": "next",
    })));
}
