use super::*;
use crate::steps::tests::{World, current, photo, recipe, rerender};
use darkroom_aws::watching::{Event, ExecutionPage};
use darkroom_domain::rerender::Photo;
use darkroom_runtime::api::testing::{Call, OWNER, Reply};
use serde_json::Value;
use std::cell::RefCell;

const ALL: &str = "/ops/rerenders";
const ONE: &str = "/ops/rerenders/{name}";
const STOP: &str = "/ops/rerenders/{name}/stop";

/// The executions of the machine, and everything that was written, in its order.
#[derive(Default)]
struct Desk {
    executions: Vec<(&'static str, RunStatus)>,
    counts: Option<Counts>,
    failed: Vec<Failed>,
    refuses_acts: bool,
    done: RefCell<Vec<String>>,
    input: RefCell<String>,
}

fn execution((name, status): &(&'static str, RunStatus)) -> Execution {
    let started_at = OffsetDateTime::UNIX_EPOCH;
    Execution { name: (*name).into(), status: *status, started_at, stopped_at: None }
}

impl WatchExecutions for &Desk {
    async fn list(
        &self,
        machine: &str,
        status: Option<RunStatus>,
        _: i32,
        _: Option<String>,
    ) -> Result<Option<ExecutionPage>, Error> {
        assert_eq!(machine, "machine");
        let found = self.executions.iter().filter(|(_, is)| status.is_none_or(|wanted| wanted == *is));
        Ok(Some(ExecutionPage { executions: found.map(execution).collect(), next: None }))
    }

    async fn describe(&self, _: &str, name: &str) -> Result<Option<Described>, Error> {
        let found = self.executions.iter().find(|(known, _)| *known == name);
        let input = json!({ "step": "list", "rerender": name, "recipe": "r", "scope": { "owner_id": OWNER },
            "forget_at": "7" });
        Ok(found.map(|found| Described {
            execution: execution(found),
            input: input.to_string(),
            error: Some("Stopped".into()),
            cause: None,
        }))
    }

    async fn history(&self, _: &str, _: &str, _: usize) -> Result<(Vec<Event>, bool), Error> {
        panic!("no route reads a history")
    }
}

impl StartAgain for &Desk {
    async fn start_again(&self, _: &str, name: &str, input: &str) -> Result<Start, Error> {
        self.done.borrow_mut().push(format!("start {name}"));
        input.clone_into(&mut self.input.borrow_mut());
        Ok(Start::Started)
    }
}

impl CountItems for &Desk {
    async fn count_items(&self, _: &str, _: &str) -> Result<Option<Counts>, Error> {
        Ok(self.counts)
    }
}

impl StopExecution for &Desk {
    async fn stop(&self, _: &str, name: &str, _: &str) -> Result<(), Error> {
        self.done.borrow_mut().push(format!("stop {name}"));
        Ok(())
    }
}

/// The table: the library, and what the desk writes into it.
struct Books<'a>(&'a World, &'a Desk);

impl VisitLibrary for Books<'_> {
    async fn visits_behind(
        &self,
        scope: &Scope,
        behind: Option<&str>,
        at_most: i32,
    ) -> Result<darkroom_aws::keys::Page<darkroom_domain::rerender::Visit>, Error> {
        self.0.visits_behind(scope, behind, at_most).await
    }

    async fn read_photos(&self, visits: &[darkroom_domain::rerender::Visit]) -> Result<Vec<Photo>, Error> {
        self.0.read_photos(visits).await
    }
}

impl StopRerender for Books<'_> {
    async fn mark_stopped(&self, rerender: &str, _: OffsetDateTime) -> Result<(), Error> {
        self.1.done.borrow_mut().push(format!("mark {rerender}"));
        Ok(())
    }
}

impl ReadFailed for Books<'_> {
    async fn failed(&self, _: &str, _: i32) -> Result<(Vec<Failed>, bool), Error> {
        Ok((self.1.failed.clone(), false))
    }
}

impl WriteAct for Books<'_> {
    async fn write_act(&self, act: &Act, _: OffsetDateTime, request: &str) -> Result<(), Error> {
        if self.1.refuses_acts {
            return Err(Error::new(ErrorCode::TransientUnavailable, "broken by a test"));
        }
        let name = act.started.as_deref().unwrap_or_default();
        self.1.done.borrow_mut().push(format!("{:?} {name} by {} ({request})", act.act, act.by));
        Ok(())
    }
}

async fn send(world: &World, desk: &Desk, call: Call) -> Reply {
    let all = rerender(world, desk);
    let all = Rerender {
        table: Books(world, desk),
        objects: all.objects,
        executions: all.executions,
        machine: all.machine,
        originals_bucket: all.originals_bucket,
        images_bucket: all.images_bucket,
        kms_key_arn: all.kms_key_arn,
        client_id: all.client_id,
        at_once: all.at_once,
        recipe: all.recipe,
        work_time: all.work_time,
    };
    call.send(async |request| all.handle(request).await).await
}

fn ask(body: &Value) -> Call {
    Call::new("POST", ALL).operator().json(body)
}

fn library() -> World {
    let world = World::default();
    world.holds(vec![photo(1, "old"), photo(2, &current()), photo(3, "old")]);
    world
}

#[tokio::test]
async fn r62_a_dry_run_counts_what_is_of_another_recipe_and_writes_nothing() {
    let (world, desk) = (library(), Desk::default());
    let reply = send(&world, &desk, ask(&json!({ "dry_run": true, "recipe": recipe().hash() }))).await;
    let expected = json!({ "dry_run": true, "recipe": recipe().hash(), "looked_at": 3, "photos": 2, "bytes": 1400,
        "pixels": 2400, "complete": true, "at_once": 8 });
    assert_eq!((reply.status, reply.json()), (200, expected));
    assert!(desk.done.borrow().is_empty() && world.written.lock().unwrap().is_empty());
}

#[tokio::test]
async fn r62_a_start_is_written_down_first_and_says_which_photos_are_meant() {
    let (world, desk) = (library(), Desk { executions: vec![("older", RunStatus::Succeeded)], ..Desk::default() });
    let asked = json!({ "dry_run": false, "owner_id": OWNER, "since": "2026-01-31T13:00:00+01:00" });
    let reply = send(&world, &desk, ask(&asked)).await;
    assert_eq!(reply.status, 202);
    let name = "20260131-120007-request1";
    assert_eq!(reply.json()["name"], name);
    let done = [format!("Rerender {name} by {OWNER} (request-1)"), format!("start {name}")];
    assert_eq!(*desk.done.borrow(), done);
    let input: Listing = serde_json::from_str(&desk.input.borrow()).unwrap();
    assert_eq!((input.step.as_str(), input.forget_at.as_str()), ("list", "1777636807"));
    assert_eq!(input.scope.since.as_deref(), Some("2026-01-31T12:00:00.000Z"));
    assert_eq!(input.scope.owner_id, Some(OwnerId::parse(OWNER).unwrap()));
}

#[tokio::test]
async fn one_re_render_runs_at_a_time_and_only_with_the_recipe_that_is_deployed() {
    let (world, desk) = (library(), Desk { executions: vec![("first", RunStatus::Running)], ..Desk::default() });
    let reply = send(&world, &desk, ask(&json!({ "dry_run": false }))).await;
    assert_eq!(reply.status, 409);
    assert!(reply.json()["detail"].as_str().unwrap().starts_with("first is running"), "{}", reply.json());
    for dry_run in [true, false] {
        let reply = send(&world, &Desk::default(), ask(&json!({ "dry_run": dry_run, "recipe": "another" }))).await;
        assert_eq!(reply.status, 409);
        assert!(reply.json()["detail"].as_str().unwrap().contains("deploy it first"));
    }
    assert!(desk.done.borrow().is_empty());
}

#[tokio::test]
async fn r62_what_cannot_be_written_down_does_not_happen() {
    let desk = Desk { refuses_acts: true, executions: vec![("n", RunStatus::Succeeded)], ..Desk::default() };
    assert_eq!(send(&library(), &desk, ask(&json!({ "dry_run": false }))).await.status, 503);
    assert_eq!(send(&library(), &desk, Call::new("POST", STOP).operator().path("name", "n")).await.status, 503);
    assert!(desk.done.borrow().is_empty());
}

#[tokio::test]
async fn the_status_tells_counts_and_failures_and_no_owner() {
    let failed = ["image", "Image.Corrupt", "resize", "2026"].map(str::to_owned);
    let [image_id, code, stage, at] = failed;
    let desk = Desk {
        executions: vec![("n", RunStatus::Aborted)],
        counts: Some(Counts { total: 9, succeeded: 4, ..Counts::default() }),
        failed: vec![Failed { image_id, code, stage, at }],
        ..Desk::default()
    };
    let reply = send(&library(), &desk, Call::new("GET", ONE).operator().path("name", "n")).await;
    let told = reply.json();
    assert_eq!((reply.status, &told["status"], &told["recipe"]), (200, &json!("aborted"), &json!("r")));
    assert_eq!((&told["items"]["total"], &told["items"]["succeeded"]), (&json!(9), &json!(4)));
    assert_eq!(told["failed"][0]["code"], "Image.Corrupt");
    assert_eq!((&told["failed_complete"], &told["error"]), (&json!(true), &json!("Stopped")));
    assert!(!told.to_string().contains(OWNER));
    let all = send(&library(), &desk, Call::new("GET", ALL).operator()).await.json();
    assert_eq!(all["items"][0]["name"], "n");
}

#[tokio::test]
async fn r62_a_stop_is_marked_before_the_execution_is_stopped() {
    let desk = Desk { executions: vec![("n", RunStatus::Running), ("over", RunStatus::Aborted)], ..Desk::default() };
    let stop = |name: &str| Call::new("POST", STOP).operator().path("name", name);
    let reply = send(&library(), &desk, stop("n")).await;
    assert_eq!((reply.status, reply.json()), (200, json!({ "name": "n", "was": "running" })));
    let done = desk.done.replace(Vec::new());
    assert_eq!(done, [format!("StopRerender n by {OWNER} (request-1)"), "mark n".into(), "stop n".into()]);
    // One that was ended in the console: its photos must not be begun either.
    assert_eq!(send(&library(), &desk, stop("over")).await.status, 200);
    assert_eq!(desk.done.borrow().last().unwrap(), "mark over");
    assert_eq!(send(&library(), &desk, stop("never")).await.status, 404);
    assert_eq!(send(&library(), &desk, stop("no name")).await.status, 404);
}

#[tokio::test]
async fn r33_the_routes_exist_for_operators_only() {
    for (method, route) in [("GET", ALL), ("POST", ALL), ("GET", ONE), ("POST", STOP)] {
        let reply = send(&library(), &Desk::default(), Call::new(method, route).signed_in()).await;
        assert_eq!(reply.status, 404, "{method} {route}");
    }
}

#[tokio::test]
async fn r36_a_body_that_is_none_of_ours_is_refused() {
    for body in [
        json!({}),
        json!({ "dry_run": "yes" }),
        json!({ "dry_run": true, "since": "yesterday" }),
        json!({ "dry_run": true, "album_id": "x" }),
        json!({ "dry_run": true, "album_id": null }),
        json!({ "dry_run": true, "colour": "red" }),
    ] {
        let reply = send(&library(), &Desk::default(), ask(&body)).await;
        assert_eq!(reply.status, 400, "{body}");
    }
}
