use super::*;
use crate::rerender::WORK_TIME;
use darkroom_aws::keys::Page;
use darkroom_aws::rerenders::Visited;
use darkroom_domain::id::{ImageId, OwnerId};
use darkroom_domain::record::{SourceFacts, Status, Variant};
use darkroom_domain::rerender::Photo;
use darkroom_imaging::Recipe;
use lambda_runtime::Context;
use serde_json::json;
use std::sync::Mutex;

/// A library, and what was done in it.
#[derive(Default)]
pub struct World {
    /// In the order of the index.
    pub photos: Mutex<Vec<Photo>>,
    pub is_stopped: bool,
    pub written: Mutex<Vec<(String, String)>>,
    pub removed: Mutex<Vec<String>>,
    pub broken: bool,
}

impl World {
    pub fn holds(&self, photos: Vec<Photo>) {
        *self.photos.lock().unwrap() = photos;
    }

    fn check(&self) -> Result<(), Error> {
        if self.broken { Err(Error::new(ErrorCode::TransientUnavailable, "broken by a test")) } else { Ok(()) }
    }
}

impl VisitLibrary for &World {
    async fn visits_behind(&self, scope: &Scope, behind: Option<&str>, at_most: i32) -> Result<Page<Visit>, Error> {
        self.check()?;
        let behind: usize = behind.map_or(0, |behind| behind.parse().unwrap());
        let photos = self.photos.lock().unwrap();
        let page = photos.iter().skip(behind).take(usize::try_from(at_most).unwrap());
        let wanted = |photo: &&Photo| scope.owner_id.as_ref().is_none_or(|owner| *owner == photo.owner_id);
        let end = behind + page.len();
        let next = (end < photos.len()).then(|| end.to_string());
        Ok(Page { items: page.filter(wanted).map(visit_of).collect(), next })
    }

    async fn read_photos(&self, visits: &[Visit]) -> Result<Vec<Photo>, Error> {
        let photos = self.photos.lock().unwrap();
        Ok(photos.iter().filter(|photo| visits.contains(&visit_of(photo))).cloned().collect())
    }
}

impl VisitPhoto for &World {
    async fn visit(&self, rerender: &str, visit: &Visit) -> Result<Visited, Error> {
        self.check()?;
        let photo = self.photos.lock().unwrap().iter().find(|photo| visit_of(photo) == *visit).cloned();
        Ok(Visited { photo, is_stopped: self.is_stopped && rerender == "n" })
    }
}

impl WriteImage for &World {
    async fn write_image(&self, object: NewObject<'_>) -> Result<(), Error> {
        assert_eq!((object.bucket, object.kms_key_arn), ("images", "key"));
        self.written.lock().unwrap().push((object.key.into(), String::from_utf8(object.bytes).unwrap()));
        Ok(())
    }
}

impl RemoveObjects for &World {
    async fn remove_objects(&self, bucket: &str, prefix: &str) -> Result<(), Error> {
        assert_eq!(bucket, "images");
        self.removed.lock().unwrap().push(prefix.into());
        Ok(())
    }
}

pub fn rerender<M>(world: &World, executions: M) -> Rerender<&World, &World, M> {
    Rerender {
        table: world,
        objects: world,
        executions,
        machine: "machine".into(),
        originals_bucket: "originals".into(),
        images_bucket: "images".into(),
        kms_key_arn: "key".into(),
        client_id: darkroom_runtime::api::testing::CLIENT_ID.into(),
        at_once: 8,
        recipe: recipe(),
        work_time: WORK_TIME,
    }
}

pub fn recipe() -> Recipe {
    Recipe::from_json(r#"{"variants":[{"name":"small","longest_side":9}]}"#).unwrap()
}

/// A photo whose variant is of this build.
pub fn photo(number: u128, build: &str) -> Photo {
    let image_id = ImageId::from_number(number);
    let variant = Variant {
        key: key::variant(image_id, build, "small", "jpg"),
        width: 4,
        height: 3,
        bytes: 5,
        content_type: "image/jpeg".into(),
        alternatives: Vec::new(),
    };
    let source = SourceFacts {
        format: "jpeg".into(),
        width: 40,
        height: 30,
        orientation: 1,
        bytes: 700,
        animated: false,
        camera: None,
        taken_at: None,
    };
    Photo {
        owner_id: OwnerId::parse("ada").unwrap(),
        image_id,
        status: Status::Ready,
        version_id: Some("v1".into()),
        object_key: format!("uploads/ada/{image_id}"),
        sequencer: None,
        size_bytes: 700,
        arrived_at: Some("2026-01-31T12:00:07.250Z".into()),
        focus: None,
        source: Some(source),
        variants: [("small".to_owned(), variant)].into(),
    }
}

/// The build that this release makes of it.
pub fn current() -> String {
    key::build("v1", &recipe().hash())
}

async fn step(world: &World, payload: Value) -> Result<Value, Diagnostic> {
    rerender(world, ()).step(LambdaEvent::new(payload, Context::default())).await
}

fn listing() -> Value {
    json!({ "step": "list", "rerender": "n", "recipe": "r", "scope": {}, "forget_at": "7" })
}

fn visiting(photo: &Photo) -> Value {
    json!({ "step": "visit", "rerender": "n", "photo": visit_of(photo), "work": { "order": { "stage": "visit" } } })
}

#[tokio::test]
async fn the_photos_of_another_recipe_are_listed_and_no_others() {
    let world = World::default();
    let processing = Photo { status: Status::Processing, ..photo(3, "old") };
    world.holds(vec![photo(1, "old"), photo(2, &current()), processing, photo(4, "older")]);
    let listed = step(&world, listing()).await.unwrap();
    let expected = json!({ "pages": 1, "photos": 2, "looked_at": 4, "behind": null, "is_done": true });
    assert_eq!((&listed["list"], &listed["forget_at"]), (&expected, &json!("7")));
    let (key, page) = world.written.lock().unwrap()[0].clone();
    assert_eq!(key, "rerenders/n/pages/00000000.jsonl");
    let lines: Vec<Visit> = page.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, [visit_of(&photo(1, "")), visit_of(&photo(4, ""))]);
}

#[tokio::test]
async fn a_list_goes_on_where_it_stopped_and_a_repeated_step_writes_the_same_page() {
    let world = World::default();
    world.holds((0..250).map(|number| photo(number, "old")).collect());
    // No time at all: each call reads one batch.
    let hurried = Rerender { work_time: std::time::Duration::ZERO, ..rerender(&world, ()) };
    let ask = async |payload: Value| hurried.step(LambdaEvent::new(payload, Context::default())).await.unwrap();
    let first = ask(listing()).await;
    assert_eq!(
        first["list"],
        json!({ "pages": 1, "photos": 100, "looked_at": 100, "behind": "100", "is_done": false })
    );
    let second = ask(first.clone()).await;
    assert_eq!(ask(first).await, second);
    let last = ask(second).await;
    assert_eq!((&last["list"]["photos"], &last["list"]["is_done"]), (&json!(250), &json!(true)));
    let written = world.written.lock().unwrap();
    assert_eq!(written[1], written[2], "the same page");
    assert_eq!(written[3].0, "rerenders/n/pages/00000002.jsonl");
}

#[tokio::test]
async fn a_library_of_this_recipe_has_no_pages() {
    let world = World::default();
    world.holds(vec![photo(1, &current())]);
    let listed = step(&world, listing()).await.unwrap();
    assert_eq!((&listed["list"]["pages"], &listed["list"]["is_done"]), (&json!(0), &json!(true)));
    assert!(world.written.lock().unwrap().is_empty());
}

#[tokio::test]
async fn r16_a_photo_is_made_once_and_passed_over_from_then_on() {
    let world = World::default();
    world.holds(vec![photo(1, "old"), photo(2, &current())]);
    let decided = step(&world, visiting(&photo(1, ""))).await.unwrap();
    assert_eq!((&decided["do"], &decided["order"]["stage"]), (&json!("render"), &json!("resize")));
    assert_eq!(decided["order"]["source"]["version_id"], "v1");
    assert_eq!(decided["order"]["image"]["bytes"], 700);
    let decided = step(&world, visiting(&photo(2, ""))).await.unwrap();
    assert_eq!((&decided["do"], &decided["order"]), (&json!("pass"), &Value::Null));
}

#[tokio::test]
async fn nothing_is_begun_for_what_is_gone_or_no_longer_wanted() {
    let world = World::default();
    assert_eq!(step(&world, visiting(&photo(1, ""))).await.unwrap()["why"], "the photo was deleted");
    world.holds(vec![Photo { status: Status::Processing, ..photo(1, "old") }]);
    assert_eq!(step(&world, visiting(&photo(1, ""))).await.unwrap()["why"], "the photo is not ready");
    let world = World { is_stopped: true, ..World::default() };
    world.holds(vec![photo(1, "old")]);
    assert_eq!(step(&world, visiting(&photo(1, ""))).await.unwrap()["why"], "the re-render was stopped");
}

#[tokio::test]
async fn r40_variants_of_a_photo_that_was_deleted_meanwhile_are_removed_and_no_others() {
    let made = photo(1, "old");
    let order = made.order("originals").unwrap().order;
    let late = json!({ "step": "discard", "photo": visit_of(&made), "order": order });
    let world = World::default();
    assert_eq!(step(&world, late.clone()).await.unwrap(), json!({ "removed": true }));
    let (image, build) = (made.image_id, current());
    assert_eq!(
        *world.removed.lock().unwrap(),
        [format!("variants/{image}/{build}/"), format!("work/{image}/{build}.")]
    );
    // An operator restarted it: that execution makes the same variants under the same keys.
    let world = World::default();
    world.holds(vec![Photo { status: Status::Processing, ..made }]);
    assert_eq!(step(&world, late).await.unwrap(), json!({ "removed": false }));
    assert!(world.removed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_fails_has_the_name_that_the_machine_retries() {
    let world = World { broken: true, ..World::default() };
    assert_eq!(step(&world, listing()).await.unwrap_err().error_type, "Transient.Unavailable");
    assert_eq!(step(&world, visiting(&photo(1, ""))).await.unwrap_err().error_type, "Transient.Unavailable");
    for strange in [json!({ "step": "sing" }), json!({}), json!({ "step": "visit" })] {
        assert_eq!(step(&World::default(), strange).await.unwrap_err().error_type, "Worker.BadInput");
    }
}
