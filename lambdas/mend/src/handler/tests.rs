use super::*;
use darkroom_domain::record::Record;
use serde_json::json;

mod redrive;

use darkroom_aws::queues::DeadLetter;
use darkroom_aws::watching::{Described, Event, Execution, ExecutionPage};
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::key;
use darkroom_domain::order::Source;
use darkroom_runtime::api::testing::{ARRIVED, CLIENT_ID, Call, OWNER, Reply};
use std::cell::RefCell;
use time::OffsetDateTime;

const RESTART: &str = "/ops/executions/{name}/restart";
const REDRIVE: &str = "/ops/queues/{name}/redrive";

/// A test's messages, records and executions, and what was done with them.
struct World {
    executions: Vec<(String, RunStatus)>,
    started: RefCell<Vec<(String, String)>>,
    /// The messages in the dead-letter queue.
    dead: RefCell<Vec<String>>,
    /// Is nothing to be done?
    is_dry: bool,
    /// The receipts of messages that can be received again at once.
    released: RefCell<Vec<String>>,
    records: Vec<Record>,
    /// The messages that were sent back, and to which queue.
    back: RefCell<Vec<(String, String)>>,
    refuses: Option<String>,
    acts: RefCell<Vec<Act>>,
    writes: bool,
    /// The version that the record is about.
    version: &'static str,
    /// Its focal point.
    focus: Option<Focus>,
    /// The status that the record has.
    status: Status,
    marked: RefCell<Vec<WorkOrder>>,
}

fn world() -> World {
    World {
        executions: Vec::new(),
        started: RefCell::default(),
        dead: RefCell::default(),
        is_dry: false,
        released: RefCell::default(),
        records: Vec::new(),
        back: RefCell::default(),
        refuses: None,
        acts: RefCell::default(),
        writes: true,
        version: "v1",
        focus: None,
        status: Status::Failed,
        marked: RefCell::default(),
    }
}

fn order() -> WorkOrder {
    let (owner, image) =
        (OwnerId::parse(OWNER).unwrap(), ImageId::parse("0198c7b2-5a51-7c3e-9f0e-2b1d4c6a8e10").unwrap());
    let source = Source {
        bucket: "originals".into(),
        key: key::upload(&owner, image),
        version_id: "v1".into(),
        sequencer: "01".into(),
        size_bytes: 7,
    };
    WorkOrder::new(owner, image, source)
}

fn broken() -> Error {
    Error::new(ErrorCode::TransientUnavailable, "broken by a test")
}

impl WatchExecutions for &World {
    async fn list(
        &self,
        _: &str,
        _: Option<RunStatus>,
        _: i32,
        _: Option<String>,
    ) -> Result<Option<ExecutionPage>, Error> {
        panic!("what acts lists nothing")
    }

    async fn describe(&self, _: &str, name: &str) -> Result<Option<Described>, Error> {
        let found = self.executions.iter().find(|(known, _)| known == name);
        Ok(found.map(|(name, status)| Described {
            execution: Execution {
                name: name.clone(),
                status: *status,
                started_at: OffsetDateTime::UNIX_EPOCH,
                stopped_at: None,
            },
            input: if name == "by-hand" { "{}".into() } else { serde_json::to_string(&order()).unwrap() },
            error: None,
            cause: None,
        }))
    }

    async fn history(&self, _: &str, _: &str, _: usize) -> Result<(Vec<Event>, bool), Error> {
        panic!("what acts reads no history")
    }
}

impl StartAgain for &World {
    async fn start_again(&self, _: &str, name: &str, input: &str) -> Result<Start, Error> {
        assert!(!self.marked.borrow().is_empty(), "the record was marked first");
        if self.executions.iter().any(|(known, _)| known == name) {
            return Ok(Start::Existed);
        }
        self.started.borrow_mut().push((name.into(), input.into()));
        Ok(Start::Started)
    }
}

impl MarkRestart for &World {
    async fn mark_restart(
        &self,
        order: &WorkOrder,
        only: Option<Status>,
        _: OffsetDateTime,
    ) -> Result<Option<Restarted>, Error> {
        assert!(!self.acts.borrow().is_empty(), "it was written down first");
        self.marked.borrow_mut().push(order.clone());
        let is_wanted = order.source.version_id == self.version && only.is_none_or(|status| status == self.status);
        Ok(is_wanted.then_some(Restarted { focus: self.focus }))
    }
}

impl MoveLetters for &World {
    async fn receive(&self, queue_url: &str, at_most: u32) -> Result<Vec<DeadLetter>, Error> {
        assert!(queue_url.ends_with("-dlq"), "{queue_url}");
        assert!(self.is_dry || !self.acts.borrow().is_empty(), "it was written down first");
        let mut dead = self.dead.borrow_mut();
        let some = dead.len().min(at_most.min(10) as usize);
        Ok(dead.drain(..some).map(|sent| letter(&sent)).collect())
    }

    async fn forward(&self, letter: &DeadLetter, from_url: &str, to_url: &str) -> Result<(), Error> {
        assert_eq!(from_url, format!("{to_url}-dlq"));
        assert!(!self.is_dry, "a dry run sends nothing");
        if self.refuses.as_ref() == Some(&letter.body) {
            return Err(broken());
        }
        self.back.borrow_mut().push((letter.body.clone(), to_url.into()));
        Ok(())
    }
}

impl ChangeVisibility for &World {
    async fn change_visibility(&self, queue_url: &str, receipt: &str, delay: std::time::Duration) -> Result<(), Error> {
        assert!(queue_url.ends_with("-dlq") && delay.is_zero());
        self.released.borrow_mut().push(receipt.into());
        Ok(())
    }
}

impl ReadRecord for &World {
    async fn read_record(&self, owner: &OwnerId, image: ImageId) -> Result<Option<Record>, Error> {
        Ok(self.records.iter().find(|record| record.owner_id == *owner && record.image_id == image).cloned())
    }
}

/// A message as SQS returns it; a body that begins with an age in seconds was sent so long ago.
fn letter(sent: &str) -> DeadLetter {
    let (age, body) = sent.split_once('|').unwrap_or(("0", sent));
    let sent_at = OffsetDateTime::from_unix_timestamp(ARRIVED / 1000 - age.parse::<i64>().unwrap_or(0)).ok();
    DeadLetter {
        receipt: format!("receipt of {body}"),
        body: body.to_owned(),
        sent_at,
        received: 101,
        error_code: None,
    }
}

impl WriteAct for &World {
    async fn write_act(&self, act: &Act, _: OffsetDateTime, request: &str) -> Result<(), Error> {
        assert_eq!(request, "request-1");
        if !self.writes {
            return Err(broken());
        }
        self.acts.borrow_mut().push(act.clone());
        Ok(())
    }
}

async fn send(world: &World, call: Call) -> Reply {
    let mend = Mend {
        executions: world,
        queues: world,
        table: world,
        machine: "machine".into(),
        queue_url_prefix: "https://sqs/darkroom-".into(),
        client_id: CLIENT_ID.into(),
    };
    call.send(async |request| mend.handle(request).await).await
}

fn restart(name: &str) -> Call {
    Call::new("POST", RESTART).path("name", name).operator()
}

fn redrive(queue: &str, count: &serde_json::Value) -> Call {
    Call::new("POST", REDRIVE).path("name", queue).operator().json(&json!({ "count": count }))
}

#[tokio::test]
async fn r33_a_stranger_meets_an_unknown_route_whatever_they_ask() {
    let world = world();
    let unknown = send(&world, Call::new("POST", "/ops/unknown").operator()).await;
    for call in [
        Call::new("POST", RESTART).path("name", "x").signed_in(),
        Call::new("POST", REDRIVE).path("name", "uploads").signed_in().json(&json!({ "count": 1 })),
        Call::new("POST", REDRIVE).path("name", "uploads").signed_in().json(&json!({ "count": "x" })),
    ] {
        let reply = send(&world, call).await;
        assert_eq!((reply.problem(), &reply.body), ((404, "Request.NotFound".into()), &unknown.body));
    }
    assert!(world.acts.borrow().is_empty());
}

#[tokio::test]
async fn r62_a_restart_takes_the_next_free_name_and_is_written_down_before_and_after() {
    let first = key::execution_name(ImageId::new(), "v1");
    let executions = vec![(first.clone(), RunStatus::Failed), (format!("{first}-2"), RunStatus::Failed)];
    let world = World { executions, ..world() };
    let reply = send(&world, restart(&first)).await;
    let new = format!("{first}-3");
    assert_eq!((reply.status, reply.json()), (202, json!({ "name": new, "restarted_from": first })));
    assert_eq!(reply.header("location"), Some(format!("../{new}").as_str()));
    assert_eq!(*world.started.borrow(), [(new.clone(), serde_json::to_string(&order()).unwrap())]);
    assert_eq!(*world.marked.borrow(), [order()]);
    let acts = world.acts.borrow();
    let results: Vec<_> = acts.iter().map(|act| act.started.as_deref()).collect();
    assert_eq!(results, [None, Some(new.as_str())]);
    assert!(acts.iter().all(|act| act.by.as_str() == OWNER && act.execution.as_ref() == Some(&first)));
}

#[tokio::test]
async fn a_restart_makes_its_crops_around_the_focal_point_of_now() {
    let focus: Option<Focus> = serde_json::from_str(r#"{"x":0.25,"y":0.5}"#).unwrap();
    let world = World { executions: vec![("x".into(), RunStatus::Succeeded)], focus, ..world() };
    assert_eq!(send(&world, restart("x")).await.status, 202);
    let started = world.started.borrow();
    let input: WorkOrder = serde_json::from_str(&started[0].1).unwrap();
    assert_eq!(input, WorkOrder { focus, ..order() });
}

#[tokio::test]
async fn an_execution_that_runs_is_not_started_again() {
    let world = World { executions: vec![("x".into(), RunStatus::Running)], ..world() };
    assert_eq!(send(&world, restart("x")).await.problem(), (409, "Request.Conflict".into()));
    assert!(world.started.borrow().is_empty() && world.acts.borrow().is_empty());
}

#[tokio::test]
async fn r40_nothing_is_started_for_a_photo_that_was_deleted_or_has_another_version() {
    let world = World { executions: vec![("x".into(), RunStatus::Failed)], version: "v2", ..world() };
    assert_eq!(send(&world, restart("x")).await.problem(), (409, "Request.Conflict".into()));
    assert!(world.started.borrow().is_empty());
}

#[tokio::test]
async fn r62_of_an_old_list_only_photos_are_tried_again_that_are_still_rejected() {
    for (status, expected, started) in
        [(Status::Rejected, 202, 1), (Status::Processing, 409, 0), (Status::Ready, 409, 0), (Status::Failed, 409, 0)]
    {
        let world = World { executions: vec![("x".into(), RunStatus::Succeeded)], status, ..world() };
        let reply = send(&world, restart("x").query("if_status", &["rejected"])).await;
        assert_eq!((reply.status, world.started.borrow().len()), (expected, started), "{status:?}");
    }
    let reply = send(&world(), restart("x").query("if_status", &["ready"])).await;
    assert_eq!((reply.problem().0, reply.fields()), (400, vec!["if_status".to_owned()]));
}

#[tokio::test]
async fn what_is_not_about_a_photo_is_left_alone() {
    let world = World { executions: vec![("by-hand".into(), RunStatus::Failed)], ..world() };
    assert_eq!(send(&world, restart("by-hand")).await.problem(), (409, "Request.Conflict".into()));
    assert!(world.acts.borrow().is_empty());
}

#[tokio::test]
async fn an_execution_that_was_started_again_too_often_is_left_alone() {
    let executions = (2..100).map(|number| (format!("x-{number}"), RunStatus::Failed));
    let world = World { executions: executions.chain([("x".into(), RunStatus::Failed)]).collect(), ..world() };
    assert_eq!(send(&world, restart("x")).await.problem().0, 409);
}

#[tokio::test]
async fn what_is_nowhere_is_not_found() {
    for call in [restart("x"), restart("a/b"), redrive("announcements", &json!(1)), redrive("x", &json!(1))] {
        assert_eq!(send(&world(), call).await.problem(), (404, "Request.NotFound".into()));
    }
}

#[tokio::test]
async fn as_many_dead_letters_come_back_as_were_asked_for() {
    let world = World { dead: RefCell::new((0..25).map(|number| number.to_string()).collect()), ..world() };
    let reply = send(&world, redrive("webhooks", &json!(23))).await;
    assert_eq!((reply.status, &reply.json()["moved"], &reply.json()["looked_at"]), (200, &json!(23), &json!(23)));
    assert_eq!(world.dead.borrow().len(), 2);
    assert!(world.back.borrow().iter().all(|(_, to)| to == "https://sqs/darkroom-webhooks"));
}

#[tokio::test]
async fn r62_fewer_than_asked_for_is_no_failure_and_is_written_down() {
    let world = World { dead: RefCell::new(vec!["a".into()]), ..world() };
    let reply = send(&world, redrive("uploads", &json!(100))).await;
    assert_eq!((&reply.json()["queue"], &reply.json()["moved"]), (&json!("uploads"), &json!(1)));
    let acts = world.acts.borrow();
    let results: Vec<_> = acts.iter().map(|act| (act.asked, act.moved)).collect();
    assert_eq!(results, [(Some(100), None), (Some(100), Some(1))]);
}

#[tokio::test]
async fn r62_what_was_moved_before_it_broke_is_written_down() {
    let dead = RefCell::new(vec!["a".into(), "b".into()]);
    let world = World { dead, refuses: Some("b".into()), ..world() };
    assert_eq!(send(&world, redrive("uploads", &json!(9))).await.problem().0, 503);
    assert_eq!(world.acts.borrow().last().unwrap().moved, Some(1));
}

#[tokio::test]
async fn r62_what_cannot_be_written_down_does_not_happen() {
    let executions = vec![("x".into(), RunStatus::Failed)];
    let world = World { executions, dead: RefCell::new(vec!["a".into()]), writes: false, ..world() };
    assert_eq!(send(&world, restart("x")).await.problem().0, 503);
    assert_eq!(send(&world, redrive("uploads", &json!(1))).await.problem().0, 503);
    assert!(world.started.borrow().is_empty() && world.back.borrow().is_empty());
    assert_eq!(world.dead.borrow().len(), 1);
}

#[tokio::test]
async fn the_number_of_dead_letters_is_bounded() {
    for count in [json!(0), json!(101), json!(-1), json!("1"), json!(null), json!(1.5)] {
        let reply = send(&world(), redrive("uploads", &count)).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec!["count".to_owned()]), "{count}");
    }
}
