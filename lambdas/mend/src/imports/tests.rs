use super::*;
use darkroom_aws::copying::Sizes;
use darkroom_aws::watching::{Described, Event, Execution, ExecutionPage};
use darkroom_domain::Error;
use darkroom_runtime::api::testing::{CLIENT_ID, Call, OWNER, Reply};
use serde_json::Value;
use std::sync::{Mutex, MutexGuard};
use time::OffsetDateTime;

const START: &str = "/ops/imports";
const SHOW: &str = "/ops/imports/{name}";
const STOP: &str = "/ops/imports/{name}/stop";

/// A test's buckets, imports and executions, and what was done with them.
#[derive(Default)]
struct World {
    /// The pages of the bucket `theirs`; there is no other.
    pages: Vec<Sizes>,
    import: Option<Import>,
    is_of_another: bool,
    running: Vec<String>,
    refused: Vec<Refused>,
    started: Shared<Vec<(String, Value)>>,
    stopped: Shared<Vec<String>>,
    acts: Shared<Vec<Act>>,
}

/// A cell that may be shared, since some capabilities are asked for futures that may move.
#[derive(Default)]
struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    fn borrow(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap()
    }
}

impl ListSizes for &World {
    async fn list_sizes(&self, bucket: &str, prefix: &str, behind: Option<&str>) -> Result<Option<Sizes>, Error> {
        assert_eq!(prefix, "2019/");
        let at = behind.map_or(0, |key| key.parse().unwrap());
        Ok((bucket == "theirs").then(|| self.pages.get(at).cloned().unwrap_or_default()))
    }
}

impl FindUser for &World {
    async fn find_user(&self, id_or_address: &str) -> Result<Option<OwnerId>, Error> {
        Ok((id_or_address == "ada@example.com").then(ada))
    }
}

impl KeepImports for &World {
    async fn begin_import(&self, _: &str, _: &Source, _: &OwnerId, _: OffsetDateTime) -> Result<Option<u64>, Error> {
        assert!(!self.acts.borrow().is_empty(), "first the act");
        Ok((!self.is_of_another).then(|| self.import.as_ref().map_or(1, |import| import.run + 1)))
    }

    async fn stop_import(&self, name: &str, run: u64) -> Result<(), Error> {
        self.stopped.borrow().push(format!("{name} {run}"));
        Ok(())
    }
}

impl ReadImport for &World {
    async fn read_import(&self, name: &str) -> Result<Option<Import>, Error> {
        Ok(self.import.clone().filter(|_| name == "x"))
    }
}

impl ReadRun for &World {
    async fn read_counts(&self, _: &str, run: u64) -> Result<Counts, Error> {
        assert_eq!(run, 2);
        Ok(Counts { ready: 5, ..Counts::default() })
    }

    async fn list_refused(
        &self,
        _: &str,
        _: u64,
        behind: Option<ImageId>,
        at_most: i32,
    ) -> Result<Vec<Refused>, Error> {
        let behind = self.refused.iter().filter(|refused| behind.is_none_or(|id| refused.image_id > id));
        Ok(behind.take(usize::try_from(at_most).unwrap()).cloned().collect())
    }
}

impl WriteAct for &World {
    async fn write_act(&self, act: &Act, _: OffsetDateTime, _: &str) -> Result<(), Error> {
        self.acts.borrow().push(act.clone());
        Ok(())
    }
}

impl ListRunning for &World {
    async fn running(&self, machine: &str, at_most: usize) -> Result<Vec<String>, Error> {
        assert_eq!((machine, at_most), ("imports", 1));
        Ok(self.running.clone())
    }
}

impl StartAgain for &World {
    async fn start_again(&self, machine: &str, name: &str, input: &str) -> Result<Start, Error> {
        assert_eq!(machine, "imports");
        self.started.borrow().push((name.into(), serde_json::from_str(input).unwrap()));
        Ok(Start::Started)
    }
}

impl StopExecution for &World {
    async fn stop(&self, _: &str, name: &str, _: &str) -> Result<(), Error> {
        assert!(!self.stopped.borrow().is_empty(), "first the table");
        self.stopped.borrow().push(name.into());
        Ok(())
    }
}

impl WatchExecutions for &World {
    async fn list(
        &self,
        _: &str,
        _: Option<RunStatus>,
        _: i32,
        _: Option<String>,
    ) -> Result<Option<ExecutionPage>, Error> {
        panic!("one execution is looked at by its name")
    }

    async fn describe(&self, _: &str, name: &str) -> Result<Option<Described>, Error> {
        let (status, at) = (RunStatus::Aborted, OffsetDateTime::UNIX_EPOCH);
        let execution = Execution { name: name.into(), status, started_at: at, stopped_at: Some(at) };
        Ok(Some(Described { execution, input: "{}".into(), error: None, cause: None }))
    }

    async fn history(&self, _: &str, _: &str, _: usize) -> Result<(Vec<Event>, bool), Error> {
        panic!("no history is read")
    }
}

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn import() -> Import {
    let source = Source { bucket: "theirs".into(), prefix: "2019/".into(), owner_id: ada() };
    Import { source, run: 2, by: ada(), started_at: "2026-01-31T12:00:07Z".into(), stopped_run: None }
}

fn page(sizes: &[u64], next: Option<&str>) -> Sizes {
    Sizes { sizes: sizes.into(), next: next.map(Into::into) }
}

fn wanted() -> Value {
    json!({ "bucket": "theirs", "prefix": "2019/", "owner": "ada@example.com" })
}

async fn send(world: &World, call: Call) -> Reply {
    let imports = Imports {
        executions: world,
        table: world,
        storage: world,
        directory: world,
        machine: "imports".into(),
        in_flight: 9,
        client_id: CLIENT_ID.into(),
    };
    call.send(async |request: &Request| {
        assert!(is_about(request));
        imports.handle(request).await
    })
    .await
}

async fn start(world: &World, body: &Value) -> Reply {
    send(world, Call::new("POST", START).operator().json(body)).await
}

#[tokio::test]
async fn r33_to_others_the_routes_are_unknown() {
    for (method, route) in [("POST", START), ("GET", SHOW), ("POST", STOP)] {
        let reply = send(&World::default(), Call::new(method, route).signed_in().path("name", "x")).await;
        assert_eq!(reply.problem(), (404, "Request.NotFound".into()), "{route}");
    }
}

#[tokio::test]
async fn r62_a_dry_run_counts_all_pages_and_writes_nothing() {
    let large = settings::LIMITS.max_bytes + 1;
    let world = World { pages: vec![page(&[7, 0], Some("1")), page(&[large, 5], None)], ..World::default() };
    let mut body = wanted();
    body["dry_run"] = true.into();
    let reply = start(&world, &body).await;
    let (status, told) = (reply.status, reply.json());
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["counted"], json!({ "photos": 2, "bytes": 12, "empty": 1, "too_large": 1 }));
    assert_eq!(told["photos_per_second"], 2.0, "9 at once, 4.5 seconds each");
    assert_eq!((told["owner_id"].as_str(), told["name"].as_str()), (Some("ada"), Some(&*import().source.name())));
    assert!(world.acts.borrow().is_empty() && world.started.borrow().is_empty());
}

#[tokio::test]
async fn r62_a_long_bucket_is_counted_in_parts() {
    let pages = (1..=PAGES + 1).map(|at| page(&[1], Some(&at.to_string())));
    let world = World { pages: pages.collect(), ..World::default() };
    let mut body = wanted();
    body["dry_run"] = true.into();
    let told = start(&world, &body).await.json();
    assert_eq!((told["counted"]["photos"].as_u64(), told["counted"]["next"].as_str()), (Some(100), Some("100")));
    body["after"] = told["counted"]["next"].clone();
    assert_eq!(
        start(&world, &body).await.json()["counted"],
        json!({ "photos": 1, "bytes": 1, "empty": 0, "too_large": 0 })
    );
}

#[tokio::test]
async fn r62_an_import_is_recorded_then_started_and_again_under_the_next_number() {
    for (before, run) in [(None, 1), (Some(import()), 3)] {
        let world = World { pages: vec![page(&[7], Some("1"))], import: before, ..World::default() };
        let mut body = wanted();
        body["name"] = "x".into();
        let reply = start(&world, &body).await;
        assert_eq!((reply.status, reply.header("location")), (202, Some("imports/x")));
        let execution = format!("x-{run}");
        assert_eq!(reply.json(), json!({ "name": "x", "run": run, "execution": execution }));
        let input = json!({ "import": "x", "run": run, "bucket": "theirs", "prefix": "2019/" });
        assert_eq!(*world.started.borrow(), [(execution.clone(), input)]);
        let acts = world.acts.borrow();
        assert_eq!((acts.len(), acts[0].by.as_str(), acts[0].import.as_deref()), (2, OWNER, Some("x")));
        assert_eq!((acts[0].started.as_deref(), acts[1].started.as_ref()), (None, Some(&execution)));
    }
}

#[tokio::test]
async fn r62_what_cannot_be_imported_is_refused_by_name_and_not_recorded() {
    for (field, value) in [
        ("bucket", json!("others")),
        ("bucket", json!("A")),
        ("owner", json!("bob@example.com")),
        ("owner", json!("a b")),
        ("name", json!("a/b")),
        ("prefix", json!("x".repeat(1025))),
        ("prefix", json!("2019/")), // nothing is there
        ("after", json!("")),
    ] {
        let world = World::default();
        let mut body = wanted();
        body[field] = value;
        let reply = start(&world, &body).await;
        assert_eq!((reply.problem().0, reply.fields()), (400, vec![field.to_owned()]), "{body}");
        assert!(world.acts.borrow().is_empty() && world.started.borrow().is_empty());
    }
}

#[tokio::test]
async fn r55_two_imports_do_not_run_at_once() {
    let world = World { pages: vec![page(&[7], None)], running: vec!["x-2".into()], ..World::default() };
    let reply = start(&world, &wanted()).await;
    assert_eq!(reply.problem(), (409, "Request.Conflict".into()));
    assert!(world.acts.borrow().is_empty() && reply.body.contains("x-2"));
}

#[tokio::test]
async fn r62_a_name_stands_for_one_source() {
    let world = World { pages: vec![page(&[7], None)], is_of_another: true, ..World::default() };
    assert_eq!(start(&world, &wanted()).await.problem(), (409, "Request.Conflict".into()));
    assert!(world.started.borrow().is_empty());
}

#[tokio::test]
async fn r62_an_import_is_shown_with_its_counts_and_a_page_of_refusals() {
    let refused = |number| Refused {
        image_id: ImageId::from_number(number),
        key: "2019/a".into(),
        size_bytes: 7,
        reason: Reason::Rejected,
        code: Some("Image.Corrupt".into()),
    };
    let world = World { import: Some(import()), refused: (1..=101).map(refused).collect(), ..World::default() };
    let show = |call: Call| send(&world, call.operator().path("name", "x"));
    let told = show(Call::new("GET", SHOW)).await.json();
    assert_eq!((told["status"].as_str(), told["execution"].as_str()), (Some("aborted"), Some("x-2")));
    assert_eq!((told["counts"]["ready"].as_u64(), told["owner_id"].as_str()), (Some(5), Some("ada")));
    assert_eq!(told["refused"].as_array().unwrap().len(), 100);
    let (first, last) = (&told["refused"][0], told["next"].as_str().unwrap());
    assert_eq!((first["reason"].as_str(), first["code"].as_str()), (Some("rejected"), Some("Image.Corrupt")));
    let rest = show(Call::new("GET", SHOW).query("after", &[last])).await.json();
    assert_eq!((rest["refused"].as_array().unwrap().len(), rest.get("next")), (1, None));
    assert_eq!(show(Call::new("GET", SHOW).query("after", &["x"])).await.fields(), ["after"]);
}

#[tokio::test]
async fn r62_an_import_is_stopped_in_the_table_first() {
    let world = World { import: Some(import()), ..World::default() };
    let reply = send(&world, Call::new("POST", STOP).operator().path("name", "x")).await;
    assert_eq!((reply.status, reply.json()["run"].as_u64()), (202, Some(2)));
    assert_eq!(*world.stopped.borrow(), ["x 2", "x-2"]);
    assert_eq!(world.acts.borrow().len(), 2);
}

#[tokio::test]
async fn an_import_that_is_not_there_is_not_found() {
    for name in ["y", "A/B"] {
        for (method, route) in [("GET", SHOW), ("POST", STOP)] {
            let world = World { import: Some(import()), ..World::default() };
            let reply = send(&world, Call::new(method, route).operator().path("name", name)).await;
            assert_eq!(reply.problem().0, 404, "{route} {name}");
            assert!(world.acts.borrow().is_empty());
        }
    }
}
