use super::*;
use darkroom_aws::watching::RunStatus;
use darkroom_domain::key;
use darkroom_domain::protocol::{Known, Mark, mark};
use lambda_runtime::Context;
use serde_json::json;
use std::collections::BTreeMap;
use std::time::Duration;
use time::macros::datetime;
use world::World;

mod quarantine;
mod still;
pub mod world;

const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:07 UTC);
const HOUR: Duration = Duration::from_hours(1);

/// Image ids of some days ago.
fn id(number: u128) -> ImageId {
    let millis = u128::try_from((NOW - 90 * HOUR).unix_timestamp_nanos() / 1_000_000).unwrap();
    ImageId::from_number((millis << 80) | (7 << 76) | (0x8 << 60) | number)
}

#[expect(clippy::unnecessary_wraps, reason = "as a record has it")]
fn ago(time: Duration) -> Option<String> {
    Some(rfc3339(NOW - time))
}

fn ticket(ended: Duration) -> Known {
    Known::ticket((NOW - ended).unix_timestamp(), (NOW + 600 * HOUR).unix_timestamp())
}

fn known(status: Status) -> Known {
    let (sequencer, version_id) = (Some(format!("{:0>32}", "A")), Some("v1".into()));
    let (arrived_at, began_at, updated_at) = (ago(3 * HOUR), ago(2 * HOUR), ago(2 * HOUR));
    Known { status, sequencer, version_id, arrived_at, began_at, updated_at, ..Known::ticket(0, 0) }
}

async fn called(world: &World, event: Value) -> Result<Report, Diagnostic> {
    world.sweeper().sweep(LambdaEvent::new(event, Context::default()), NOW).await
}

async fn swept(world: &World) -> BTreeMap<Step, u32> {
    let report = called(world, json!({ "detail-type": "Scheduled Event", "detail": {} })).await.expect("no failure");
    assert_eq!((report.errors, report.left), (0, 0));
    report.steps
}

fn steps<const N: usize>(steps: [(Step, u32); N]) -> BTreeMap<Step, u32> {
    steps.into()
}

#[tokio::test]
async fn r51_an_upload_whose_event_was_lost_is_told_as_the_orchestrator_reads_it() {
    let world = World::default();
    let image = world.photo(id(1), ticket(24 * HOUR));
    world.original(image, "v1");
    assert_eq!(swept(&world).await, steps([(Step::TellEvent, 1)]));
    let order = world.inside().told.remove(0);
    assert_eq!((order.image_id, order.source.version_id.as_str(), order.source.size_bytes), (image, "v1", 7));
    assert_eq!(mark(world.known(image).as_ref(), &order), Mark::Fresh);
    assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]), "its message waits in the queue");
    assert!(world.is_listed(image));
}

#[tokio::test]
async fn r51_a_ticket_without_a_photo_leaves_the_index_and_keeps_its_record() {
    let world = World::default();
    let (unused, erased) = (world.photo(id(1), ticket(24 * HOUR)), world.photo(id(2), ticket(24 * HOUR)));
    world.original(erased, "v1");
    world.inside().deletions.insert(erased);
    assert_eq!(swept(&world).await, steps([(Step::CloseTicket, 2)]));
    for image in [unused, erased] {
        assert!(!world.is_listed(image) && world.known(image).is_some());
    }
    assert!(world.inside().told.is_empty());
}

#[tokio::test]
async fn r51_what_has_time_left_is_left_alone() {
    let world = World::default();
    world.photo(id(1), ticket(23 * HOUR));
    world.photo(id(2), Known { began_at: ago(HOUR / 2), ..known(Status::Processing) });
    world.photo(id(3), Known { updated_at: ago(HOUR / 5), ..known(Status::Deleting) });
    assert_eq!(swept(&world).await, steps([(Step::Leave, 3)]));
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r51_a_photo_that_was_just_given_a_ticket_is_not_even_read() {
    let world = World::default();
    let millis = u128::try_from(NOW.unix_timestamp_nanos() / 1_000_000).unwrap();
    world.photo(ImageId::from_number((millis << 80) | (7 << 76) | (0x8 << 60)), ticket(24 * HOUR));
    assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]));
    assert!(world.inside().calls.iter().all(|call| call.starts_with("list ")));
}

#[tokio::test]
async fn r51_an_execution_that_never_began_is_begun_by_the_orchestrators_own_rules() {
    let world = World::default();
    let upload = world.photo(id(1), known(Status::Processing));
    let key = "imports/a b+c.jpg";
    let import = ImageId::of_import(key);
    world.photo_of(OwnerId::operator(), import, key.into(), known(Status::Processing));
    assert_eq!(swept(&world).await, steps([(Step::TellEvent, 2)]));
    let told = world.inside().told.clone();
    assert_eq!(told.len(), 2);
    for order in told {
        assert!([upload, import].contains(&order.image_id));
        assert_eq!(mark(world.known(order.image_id).as_ref(), &order), Mark::Known, "and so it starts");
    }
}

#[tokio::test]
async fn r51_a_running_execution_is_left_alone_under_whatever_name() {
    for running in [RunStatus::Running, RunStatus::PendingRedrive] {
        let world = World::default();
        let image = world.photo(id(1), known(Status::Processing));
        let first = key::execution_name(image, "v1");
        world.inside().executions.insert(first.clone(), running);
        assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]));
        world.inside().executions.insert(first.clone(), RunStatus::Failed);
        world.inside().executions.insert(format!("{first}-2"), RunStatus::TimedOut);
        world.inside().executions.insert(format!("{first}-3"), running);
        assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]));
    }
}

#[tokio::test]
async fn r51_an_execution_that_ended_without_an_outcome_becomes_a_failure_that_can_be_started_again() {
    for ended in [RunStatus::Failed, RunStatus::TimedOut, RunStatus::Aborted, RunStatus::Succeeded] {
        let world = World::default();
        let image = world.photo(id(1), known(Status::Processing));
        let first = key::execution_name(image, "v1");
        world.inside().executions.insert(first.clone(), RunStatus::Failed);
        world.inside().executions.insert(format!("{first}-2"), ended);
        assert_eq!(swept(&world).await, steps([(Step::RecordFailure, 1)]));
        assert_eq!(world.known(image).map(|known| known.status), Some(Status::Failed));
        let outcome = world.inside().outcomes.remove(&image).unwrap();
        assert_eq!(outcome.execution, Some(format!("{first}-2")), "the one to be restarted");
        assert_eq!((outcome.code.as_deref(), outcome.outcome), (Some("Worker.Stuck"), Status::Failed));
        assert_eq!(swept(&world).await, BTreeMap::new());
    }
}

#[tokio::test]
async fn r51_an_outcome_that_was_recorded_during_the_look_stands() {
    for at in ["describe", "fail"] {
        let world = World::default();
        let image = world.photo(id(1), known(Status::Processing));
        world.inside().executions.insert(key::execution_name(image, "v1"), RunStatus::Succeeded);
        let ready = known(Status::Ready);
        world.inside().meanwhile =
            Some((at.into(), Box::new(move |inside| inside.records.get_mut(&image).unwrap().1.known = ready)));
        assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]), "{at}");
        assert_eq!(world.known(image).map(|known| known.status), Some(Status::Ready));
    }
}

#[tokio::test]
async fn r51_an_event_that_came_during_the_look_is_not_told_again() {
    let world = World::default();
    let image = world.photo(id(1), ticket(24 * HOUR));
    world.original(image, "v1");
    let arrived = known(Status::Processing);
    let arrives: world::Meanwhile = Box::new(move |inside| inside.records.get_mut(&image).unwrap().1.known = arrived);
    world.inside().meanwhile = Some(("find".into(), arrives));
    assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]));
    assert!(world.inside().told.is_empty());
}

#[tokio::test]
async fn r58_a_deletion_that_broke_off_is_finished_wherever_that_was() {
    let finish = async |broken: Option<&str>| {
        let world = World::default();
        let image = world.photo(id(1), known(Status::Deleting));
        world.inside().broken = broken.map(Into::into);
        let outcome = called(&world, json!({})).await;
        assert_eq!(outcome.is_err(), broken.is_some());
        world.inside().broken = None;
        if broken.is_some() {
            assert!(world.known(image).is_some() && world.is_listed(image), "it stays in the index");
            called(&world, json!({})).await.unwrap();
        }
        assert!(world.known(image).is_none() && world.inside().deletions.contains(&image));
        let expected = [
            format!("originals/uploads/ada/{image}"),
            format!("images/variants/{image}/"),
            format!("images/work/{image}/"),
        ];
        let removed = world.inside().removed.clone();
        assert!(removed.ends_with(&expected), "{removed:?}");
    };
    for broken in [None, Some("remember"), Some("remove originals"), Some("remove images"), Some("finish")] {
        finish(broken).await;
    }
}

#[tokio::test]
async fn r51_what_has_ended_leaves_the_index() {
    let world = World::default();
    for (number, status) in [Status::Ready, Status::Rejected, Status::Failed].into_iter().enumerate() {
        world.photo(id(number as u128), known(status));
    }
    world.inside().index.insert(id(9));
    assert_eq!(swept(&world).await, steps([(Step::Leave, 1), (Step::Unlist, 3)]), "one is gone, and the index late");
    assert_eq!(world.inside().index.len(), 1);
}

/// One photo for each step.
fn one_of_each() -> World {
    let world = World::default();
    world.photo(id(0), ticket(HOUR));
    world.original(world.photo(id(1), ticket(24 * HOUR)), "v1");
    world.photo(id(2), ticket(24 * HOUR));
    let stuck = world.photo(id(3), known(Status::Processing));
    world.inside().executions.insert(key::execution_name(stuck, "v1"), RunStatus::Aborted);
    world.photo(id(4), known(Status::Deleting));
    world.photo(id(5), known(Status::Ready));
    world
}

fn all_steps() -> BTreeMap<Step, u32> {
    let all =
        [Step::Leave, Step::TellEvent, Step::CloseTicket, Step::RecordFailure, Step::FinishDeletion, Step::Unlist];
    all.map(|step| (step, 1)).into()
}

#[tokio::test]
async fn r51_a_dry_run_decides_the_same_and_writes_nothing() {
    for event in [json!({ "dry_run": true }), json!({ "detail": { "dry_run": true } })] {
        let world = one_of_each();
        let report = called(&world, event).await.unwrap();
        assert_eq!(report.steps, all_steps());
        assert!(world.inside().writes.is_empty());
        let answer = serde_json::to_value(&report).unwrap();
        assert_eq!((&answer["dry_run"], &answer["steps"]["record_failure"]), (&json!(true), &json!(1)));
        let lines = answer["photos"].as_array().unwrap();
        assert_eq!(lines.len(), 5, "all but the one that is left");
        let deleting = json!({
            "image_id": id(4).to_string(), "step": "finish_deletion", "why": "its deletion broke off"
        });
        assert!(lines.contains(&deleting), "{answer}");
    }
    let world = one_of_each();
    assert_eq!(swept(&world).await, all_steps());
}

#[tokio::test]
async fn a_run_that_might_have_been_meant_to_be_dry_is_refused() {
    for event in [json!({ "dry_run": "true" }), json!({ "detail": { "dry_run": 1 } })] {
        let world = one_of_each();
        assert_eq!(called(&world, event).await.unwrap_err().error_type, "Worker.BadInput");
        assert!(world.inside().calls.is_empty());
    }
}

#[tokio::test]
async fn r51_an_answer_names_a_hundred_photos_and_counts_all() {
    let world = World::default();
    for number in 0..250 {
        world.photo(id(number), ticket(24 * HOUR));
    }
    let report = called(&world, json!({ "dry_run": true })).await.unwrap();
    assert_eq!((report.count(Step::CloseTicket), report.photos.len()), (250, 100));
}

#[tokio::test]
async fn r51_a_photo_that_fails_stops_no_other_and_rings() {
    type Breaks = fn(&World, String);
    let breaks: [Breaks; 2] =
        [|world, call| world.inside().broken = Some(call), |world, call| world.inside().panics = Some(call)];
    for break_at in breaks {
        let world = one_of_each();
        break_at(&world, format!("read {}", id(2)));
        let error = called(&world, json!({})).await.unwrap_err();
        assert!(error.error_message.starts_with("1 photos"), "{error:?}");
        let left: Vec<_> = world.inside().index.iter().copied().collect();
        assert_eq!(left, [id(0), id(1), id(2)], "one has time, one is told, one failed");
        let report = called(&world, json!({ "dry_run": true })).await.unwrap();
        assert_eq!(report.errors, 1, "a dry run answers all the same");
    }
}

#[tokio::test]
async fn r51_a_shard_that_cannot_be_read_stops_no_other_and_rings() {
    let world = one_of_each();
    world.inside().broken = Some("list shard-1".into());
    assert!(called(&world, json!({})).await.is_err());
    assert!(!world.is_listed(id(2)) && !world.is_listed(id(3)) && world.is_listed(id(5)));
}

#[tokio::test]
async fn r51_a_record_of_no_version_rings() {
    let world = World::default();
    world.photo(id(1), Known { version_id: None, ..known(Status::Processing) });
    assert!(called(&world, json!({})).await.is_err());
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r51_no_photo_is_begun_when_the_time_is_used_up_and_the_rest_is_counted() {
    let world = one_of_each();
    let sweeper = Sweeper { work_time: Duration::ZERO, ..world.sweeper() };
    let report = sweeper.sweep(LambdaEvent::new(json!({}), Context::default()), NOW).await.unwrap();
    assert_eq!((report.left, report.steps), (6, BTreeMap::new()));
    assert!(world.inside().writes.is_empty());
}
