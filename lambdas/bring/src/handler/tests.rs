use super::*;
use darkroom_domain::id::OwnerId;
use darkroom_domain::import::Source;
use darkroom_domain::order::WorkOrder;
use darkroom_domain::record::Outcome;
use darkroom_domain::settings::LIMITS;
use darkroom_domain::{ErrorCode, key};
use serde_json::{Value, json};
use std::sync::{Mutex, MutexGuard};

/// A table, a bucket, and a pipeline that ends each photo when it is looked at for the second time.
#[derive(Default)]
struct World {
    stopped: bool,
    deleted: Vec<ImageId>,
    records: Shared<HashMap<ImageId, Record>>,
    looks: Shared<HashMap<ImageId, usize>>,
    /// How each key ends, if not well.
    ends: HashMap<&'static str, Status>,
    /// What S3 says of a key.
    copies: HashMap<&'static str, Copied>,
    /// Keys that S3 does not answer for, as often as that.
    silent: Shared<HashMap<&'static str, usize>>,
    copied: Shared<Vec<String>>,
    most_at_once: Shared<usize>,
    counts: Shared<Counts>,
    refused: Shared<Vec<(String, Reason, Option<String>)>>,
    /// How often a refusal cannot be noted.
    unnoted: Shared<usize>,
    never_ends: bool,
}

/// A cell that may be shared, since some capabilities are asked for futures that may move.
#[derive(Default)]
struct Shared<T>(Mutex<T>);

impl<T> Shared<T> {
    fn borrow(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap()
    }
}

impl ReadImport for &World {
    async fn read_import(&self, name: &str) -> Result<Option<Import>, Error> {
        assert_eq!(name, "x");
        let source = Source { bucket: "theirs".into(), prefix: String::new(), owner_id: ada() };
        let stopped_run = self.stopped.then_some(1);
        Ok(Some(Import { source, run: 1, by: ada(), started_at: "2026".into(), stopped_run }))
    }
}

impl WriteRun for &World {
    async fn add_counts(&self, _: &str, run: u64, counts: &Counts, _: OffsetDateTime) -> Result<(), Error> {
        assert_eq!(run, 1);
        let mut all = self.counts.borrow();
        all.ready += counts.ready;
        all.known += counts.known;
        all.refused += counts.refused;
        all.rejected += counts.rejected;
        all.failed += counts.failed;
        all.late += counts.late;
        all.bytes += counts.bytes;
        Ok(())
    }

    async fn note_refused(&self, _: &str, _: u64, refused: &Refused, _: OffsetDateTime) -> Result<(), Error> {
        let mut unnoted = self.unnoted.borrow();
        if *unnoted > 0 {
            *unnoted -= 1;
            return Err(Error::new(ErrorCode::TransientUnavailable, "no answer"));
        }
        self.refused.borrow().push((refused.key.clone(), refused.reason, refused.code.clone()));
        Ok(())
    }
}

impl WriteBrought for &World {
    async fn write_brought(&self, record: &Record, import: &str) -> Result<Brought, Error> {
        assert_eq!((import, record.status), ("x", Status::AwaitingUpload));
        let mut records = self.records.borrow();
        if let Some(known) = records.get(&record.image_id) {
            let code = known.outcome.as_ref().and_then(|outcome| outcome.code.clone());
            return Ok(Brought::Before(known.status, code));
        }
        records.insert(record.image_id, record.clone());
        Ok(Brought::Now)
    }

    async fn take_back(&self, _: &OwnerId, image: ImageId) -> Result<(), Error> {
        self.records.borrow().remove(&image);
        Ok(())
    }
}

impl RecallDeletions for &World {
    async fn was_deleted(&self, owner: &OwnerId, image: ImageId) -> Result<bool, Error> {
        assert_eq!(*owner, ada());
        Ok(self.deleted.contains(&image))
    }

    async fn note_unexplained(&self, _: &WorkOrder, _: OffsetDateTime) -> Result<(), Error> {
        panic!("what brings notes no original")
    }
}

impl ReadRecords for &World {
    async fn read_records(&self, _: &OwnerId, images: &[ImageId], _: Consistency) -> Result<Vec<Record>, Error> {
        let most = (*self.most_at_once.borrow()).max(images.len());
        *self.most_at_once.borrow() = most;
        let mut records = self.records.borrow();
        for image in images {
            let mut looks = self.looks.borrow();
            let looks = looks.entry(*image).or_default();
            *looks += 1;
            if let Some(record) = records.get_mut(image).filter(|_| *looks > 1 && !self.never_ends) {
                let name = record.filename.clone().unwrap_or_default();
                record.status = self.ends.get(name.as_str()).copied().unwrap_or(Status::Ready);
                record.outcome = Some(outcome(record.status));
            }
        }
        Ok(images.iter().filter_map(|image| records.get(image).cloned()).collect())
    }
}

impl CopyIn for &World {
    async fn copy_in(&self, bucket: &str, object: &Listed, to: Place<'_>) -> Result<Copied, Error> {
        assert_eq!((bucket, to.bucket, to.kms_key_arn), ("theirs", "originals", "key"));
        assert_eq!(to.key, key::upload(&ada(), image(&object.key)));
        assert!(self.records.borrow().contains_key(&image(&object.key)), "first the record");
        if let Some(times) = self.silent.borrow().get_mut(object.key.as_str()).filter(|times| **times > 0) {
            *times -= 1;
            return Err(Error::new(ErrorCode::TransientStorage, "no answer"));
        }
        self.copied.borrow().push(object.key.clone());
        Ok(self.copies.get(object.key.as_str()).copied().unwrap_or(Copied::Done))
    }
}

fn ada() -> OwnerId {
    OwnerId::parse("ada").unwrap()
}

fn outcome(status: Status) -> Outcome {
    let code = (status == Status::Rejected).then(|| "Image.Corrupt".into());
    Outcome { outcome: status, code, stage: None, message: None, execution: None, docs: None, at: None }
}

fn image(key: &str) -> ImageId {
    ImageId::of_brought("theirs", key, "e", 5)
}

fn item(key: &str, size: u64) -> Value {
    let object = json!({ "Key": key, "Size": size, "Etag": "\"e\"", "LastModified": 5, "StorageClass": "STANDARD" });
    json!({ "import": "x", "run": 1, "object": object })
}

fn task(keys: &[&str]) -> Task {
    let items: Vec<Value> = keys.iter().map(|key| item(key, 7)).collect();
    serde_json::from_value(json!({ "Items": items })).unwrap()
}

fn bring(world: &World, window: usize) -> Bring<&World, &World> {
    let (originals_bucket, kms_key_arn) = ("originals".into(), "key".into());
    Bring { table: world, storage: world, originals_bucket, kms_key_arn, window, budget: BUDGET, pause: Duration::ZERO }
}

#[tokio::test]
async fn r55_no_more_than_the_window_are_on_their_way_at_once() {
    let world = World::default();
    let (work, stats) = bring(&world, 2).handle(task(&["a", "b", "c", "d", "e"])).await.unwrap();
    assert!(work.is_done && work.objects.is_empty() && work.waiting.is_empty());
    assert_eq!(*world.most_at_once.borrow(), 2);
    assert_eq!(*world.counts.borrow(), Counts { ready: 5, bytes: 35, ..Counts::default() });
    assert_eq!((world.copied.borrow().len(), stats.bytes_in), (5, 35));
}

#[tokio::test]
async fn r16_the_same_batch_again_copies_nothing() {
    let world = World::default();
    bring(&world, 2).handle(task(&["a", "b"])).await.unwrap();
    bring(&world, 2).handle(task(&["a", "b"])).await.unwrap();
    assert_eq!(*world.counts.borrow(), Counts { ready: 2, known: 2, bytes: 14, ..Counts::default() });
    assert_eq!(*world.copied.borrow(), ["a", "b"]);
}

#[tokio::test]
async fn r62_each_refusal_has_its_reason_and_leaves_no_record() {
    let mut world = World { deleted: vec![image("deleted")], ..World::default() };
    world.copies =
        HashMap::from([("gone", Copied::Refused(Reason::Gone)), ("cold", Copied::Refused(Reason::Archived))]);
    let items = json!({ "Items": [item("empty", 0), item("large", LIMITS.max_bytes + 1), item("gone", 7),
        item("cold", 7), item("deleted", 7)] });
    let (work, _) = bring(&world, 2).handle(serde_json::from_value(items).unwrap()).await.unwrap();
    let reasons: Vec<_> = world.refused.borrow().iter().map(|(key, reason, _)| (key.clone(), *reason)).collect();
    let expected = [
        ("empty", Reason::Empty),
        ("large", Reason::TooLarge),
        ("gone", Reason::Gone),
        ("cold", Reason::Archived),
        ("deleted", Reason::Deleted),
    ];
    assert_eq!(reasons, expected.map(|(key, reason)| (key.to_owned(), reason)));
    assert!(work.is_done && world.records.borrow().is_empty());
    assert_eq!(*world.counts.borrow(), Counts { refused: 5, ..Counts::default() });
    assert_eq!(*world.copied.borrow(), ["gone", "cold"], "nothing else was asked for");
}

#[tokio::test]
async fn r62_what_the_pipeline_rejects_is_told_with_its_code_and_again_by_the_next_run() {
    let ends = HashMap::from([("bad", Status::Rejected), ("worse", Status::Failed)]);
    let world = World { ends, ..World::default() };
    for _ in 0..2 {
        bring(&world, 3).handle(task(&["bad", "good", "worse"])).await.unwrap();
    }
    let told = |key: &str, reason, code: Option<&str>| (key.to_owned(), reason, code.map(Into::into));
    let expected = [told("bad", Reason::Rejected, Some("Image.Corrupt")), told("worse", Reason::Failed, None)];
    assert_eq!(*world.refused.borrow(), [expected.clone(), expected].concat());
    let counts = Counts { ready: 1, known: 1, rejected: 2, failed: 2, bytes: 21, ..Counts::default() };
    assert_eq!(*world.counts.borrow(), counts);
}

#[tokio::test]
async fn r62_a_run_that_was_stopped_brings_nothing_more() {
    let world = World { stopped: true, ..World::default() };
    let (work, _) = bring(&world, 2).handle(task(&["a"])).await.unwrap();
    assert!(work.is_done && world.copied.borrow().is_empty() && world.records.borrow().is_empty());
}

#[tokio::test]
async fn r17_an_error_half_way_hands_the_rest_on_and_counts_nothing_twice() {
    let world = World { silent: Shared(Mutex::new(HashMap::from([("b", 1)]))), ..World::default() };
    let (rest, _) = bring(&world, 2).handle(task(&["a", "b", "c"])).await.unwrap();
    assert!(!rest.is_done && rest.waiting.len() == 1 && rest.objects.len() == 2, "{rest:?}");
    let (work, _) = bring(&world, 2).handle(serde_json::from_value(json!(rest)).unwrap()).await.unwrap();
    assert!(work.is_done);
    assert_eq!(*world.counts.borrow(), Counts { ready: 3, bytes: 21, ..Counts::default() });
}

#[tokio::test]
async fn r17_a_refusal_that_cannot_be_noted_is_neither_lost_nor_counted_twice() {
    let ends = HashMap::from([("bad", Status::Rejected)]);
    let world = World { ends, ..World::default() };
    let mut task = json!({ "Items": [item("good", 7), item("bad", 7), item("empty", 0)] });
    for attempt in 0.. {
        *world.unnoted.borrow() = usize::from(attempt < 4);
        // As the state machine does: the same again after an error, the rest after an answer.
        match bring(&world, 3).handle(serde_json::from_value(task.clone()).unwrap()).await {
            Ok((rest, _)) if rest.is_done => break,
            Ok((rest, _)) => task = json!(rest),
            Err(error) => assert!(error.code == ErrorCode::TransientUnavailable && attempt < 4),
        }
    }
    let counts = Counts { ready: 1, rejected: 1, refused: 1, bytes: 14, ..Counts::default() };
    assert_eq!(*world.counts.borrow(), counts);
    assert_eq!(world.refused.borrow().len(), 2);
}

#[tokio::test]
async fn r07_an_error_before_anything_was_done_is_the_state_machines_to_retry() {
    let world = World { silent: Shared(Mutex::new(HashMap::from([("a", 9)]))), ..World::default() };
    let error = bring(&world, 2).handle(task(&["a"])).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TransientStorage);
}

#[tokio::test]
async fn r12_what_does_not_end_is_handed_on_and_given_up_after_a_while() {
    let world = World { never_ends: true, ..World::default() };
    let bring = Bring { budget: Duration::ZERO, pause: PAUSE, ..bring(&world, 2) };
    let (mut rest, _) = bring.handle(task(&["a"])).await.unwrap();
    assert!(!rest.is_done && rest.waiting.len() == 1);
    rest.waiting[0].since -= LONGEST_WAIT_S + 1;
    let (work, _) = bring.handle(serde_json::from_value(json!(rest)).unwrap()).await.unwrap();
    assert!(work.is_done);
    assert_eq!(world.refused.borrow()[0].1, Reason::Late);
    assert_eq!(world.counts.borrow().late, 1);
}

#[test]
fn r12_the_budget_of_an_invocation_leaves_time_for_calls() {
    let function = &darkroom_domain::settings::functions()["bring"];
    assert!(BUDGET + PAUSE < Duration::from_secs(function.own_work_s));
}
