//! Rejected photos whose quarantine is over.

use super::world::World;
use super::*;
use darkroom_domain::settings::LIMITS;

/// A photo that was rejected so long ago.
fn rejected(world: &World, number: u128, ago: Duration) -> ImageId {
    let image = world.photo(id(number), known(Status::Rejected));
    world.original(image, "v1");
    let mut inside = world.inside();
    inside.index.remove(&image);
    inside.rejected.insert(image, format!("{}#{image}", rfc3339(NOW - ago)));
    image
}

fn over() -> Duration {
    Duration::from_secs(LIMITS.quarantine_s + 60)
}

#[tokio::test]
async fn r62_the_original_of_a_photo_goes_when_its_quarantine_is_over_and_its_record_stays() {
    let world = World::default();
    let (old, young) = (rejected(&world, 1, over()), rejected(&world, 2, HOUR));
    let report = called(&world, json!({ "dry_run": true })).await.unwrap();
    assert_eq!(report.steps, steps([(Step::EndQuarantine, 1)]));
    assert!(world.inside().writes.is_empty());
    assert_eq!(swept(&world).await, steps([(Step::EndQuarantine, 1)]));
    assert_eq!(world.inside().removed, [format!("originals/uploads/ada/{old}")]);
    let removed = world.known(old).unwrap().original_removed_at;
    assert_eq!((removed, world.known(young).unwrap().original_removed_at), (Some(rfc3339(NOW)), None));
    assert_eq!(swept(&world).await, steps([]), "it is not listed any more");
}

#[tokio::test]
async fn r40_a_photo_that_is_tried_again_meanwhile_keeps_its_original() {
    let world = World::default();
    let image = rejected(&world, 1, over());
    world.inside().meanwhile = Some((
        "begin removal".into(),
        Box::new(move |inside| {
            inside.rejected.remove(&image);
        }),
    ));
    assert_eq!(swept(&world).await, steps([(Step::Leave, 1)]));
    assert!(world.inside().removed.is_empty());
}

#[tokio::test]
async fn r62_what_broke_off_is_finished_by_the_next_run() {
    for broken in ["list rejected", "begin removal", "remove originals", "end quarantine"] {
        let world = World::default();
        let image = rejected(&world, 1, over());
        world.inside().broken = Some(broken.into());
        assert!(called(&world, json!({})).await.is_err(), "{broken}");
        world.inside().broken = None;
        assert_eq!(swept(&world).await, steps([(Step::EndQuarantine, 1)]), "{broken}");
        assert!(world.inside().removed.contains(&format!("originals/uploads/ada/{image}")), "{broken}");
    }
}

#[tokio::test]
async fn the_original_of_an_import_stays() {
    let world = World::default();
    let image = ImageId::of_import("imports/a");
    world.photo_of(OwnerId::operator(), image, "imports/a".into(), known(Status::Rejected));
    world.inside().index.clear();
    world.inside().rejected.insert(image, format!("{}#{image}", rfc3339(NOW - over())));
    assert_eq!(swept(&world).await, steps([(Step::EndQuarantine, 1)]));
    assert!(world.inside().removed.is_empty() && world.inside().rejected.is_empty());
}
