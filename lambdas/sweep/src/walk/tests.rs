use super::*;
use darkroom_domain::drift::Found;
use darkroom_domain::record::Status;
use darkroom_domain::timestamp::rfc3339;
use std::time::Duration;
use time::OffsetDateTime;
use time::macros::datetime;
use world::{World, ada, id, in_bucket};

mod world;

const NOW: OffsetDateTime = datetime!(2026-01-31 12:00:07 UTC);
const HOUR: Duration = Duration::from_hours(1);

fn clock() -> Run {
    Run { now: NOW, until: Instant::now(), walk: HOUR, is_dry: false, is_by_clock: true }
}

fn dry() -> Run {
    Run { is_dry: true, is_by_clock: false, ..clock() }
}

async fn walked(world: &World, run: Run) -> Walked {
    world.sweeper().walk(run).await
}

/// What a whole walk without errors finds.
async fn found(world: &World, run: Run) -> BTreeMap<Kind, Found> {
    let Walked { walk, errors, .. } = walked(world, run).await;
    let walk = walk.expect("a walk");
    assert_eq!((errors, walk.ended_at.is_some()), (0, true));
    walk.found
}

fn one(kind: Kind, example: &str) -> BTreeMap<Kind, Found> {
    BTreeMap::from([(kind, Found { count: 1, example: example.into() })])
}

fn deleted(world: &World, image: ImageId, ago: Duration) {
    world.inside().deletions.insert(image, (ada(), rfc3339(NOW - ago)));
}

#[tokio::test]
async fn r51_what_fits_is_no_drift() {
    let world = World::default();
    for number in 0..5 {
        world.ready(id(number));
    }
    let Walked { walk, .. } = walked(&world, clock()).await;
    let walk = walk.expect("a walk");
    assert_eq!((walk.records, walk.objects, walk.found.len()), (5, 10, 0));
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r51_a_ready_photo_without_its_original_or_a_variant_is_counted_and_nothing_is_touched() {
    let world = World::default();
    let (first, second) = (world.ready(id(1)), world.ready(id(2)));
    world.inside().originals.remove(&key::upload(&ada(), first));
    world.inside().images.remove(&key::variant(second, "b", "small", "jpg"));
    let expected: BTreeMap<_, _> =
        [one(Kind::OriginalMissing, &first.to_string()), one(Kind::VariantMissing, &second.to_string())]
            .into_iter()
            .flatten()
            .collect();
    assert_eq!(found(&world, clock()).await, expected);
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r51_a_photo_of_which_nothing_is_left_in_storage_is_found() {
    let world = World::default();
    let image = world.ready(id(1));
    world.inside().originals.clear();
    world.inside().images.clear();
    let kinds: Vec<_> = found(&world, clock()).await.into_keys().collect();
    assert_eq!(kinds, [Kind::OriginalMissing, Kind::VariantMissing], "{image}");
}

#[tokio::test]
async fn r51_a_photo_that_is_deleted_while_it_is_looked_at_is_no_drift() {
    let world = World::default();
    let image = world.ready(id(1));
    world.inside().originals.clear();
    world.inside().deleted_at_second_look = Some(image);
    assert_eq!(found(&world, dry()).await, one(Kind::VariantUnexplained, &image.to_string()));
}

#[tokio::test]
async fn r51_an_original_that_nothing_explains_is_counted_and_never_touched() {
    let world = World::default();
    let image = world.original(id(1), NOW - 99 * HOUR);
    assert_eq!(found(&world, clock()).await, one(Kind::OriginalUnexplained, &image.to_string()));
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r58_an_original_whose_deletion_is_on_record_is_hidden_after_a_day() {
    let world = World::default();
    let image = world.original(id(1), NOW - 99 * HOUR);
    deleted(&world, image, 23 * HOUR);
    assert!(found(&world, clock()).await.is_empty());
    deleted(&world, image, 24 * HOUR);
    assert_eq!(found(&world, dry()).await, one(Kind::OriginalOfDeleted, &image.to_string()));
    assert!(world.inside().writes.is_empty(), "a dry run only tells");
    let operators = Run { is_by_clock: false, ..clock() };
    assert_eq!(found(&world, operators).await, one(Kind::OriginalOfDeleted, &image.to_string()));
    assert_eq!(world.inside().writes, [format!("hide originals/{}", key::upload(&ada(), image))]);
}

#[tokio::test]
async fn r58_variants_whose_deletion_is_on_record_are_removed_after_a_day_and_no_others() {
    let world = World::default();
    let (kept, gone, unknown) = (world.ready(id(1)), world.variants(id(2)), world.variants(id(3)));
    deleted(&world, gone, 24 * HOUR);
    let expected: BTreeMap<_, _> =
        [one(Kind::VariantOfDeleted, &gone.to_string()), one(Kind::VariantUnexplained, &unknown.to_string())]
            .into_iter()
            .flatten()
            .collect();
    assert_eq!(found(&world, clock()).await, expected, "{kept} has its record");
    assert_eq!(world.inside().writes, [format!("remove images/variants/{gone}/")]);
}

#[tokio::test]
async fn r51_an_import_is_given_a_day_and_a_strange_key_is_named() {
    let world = World::default();
    for (key, ago) in [("imports/new.jpg", 23), ("imports/old.jpg", 24), ("imports/folder/", 99), ("uploads/x", 99)] {
        world.inside().originals.insert(key.into(), NOW - ago * HOUR);
    }
    world.inside().images.insert("variants/strange/a.jpg".into());
    let found = found(&world, clock()).await;
    assert_eq!(found[&Kind::KeyUnknown], Found { count: 3, example: "uploads/x".into() });
    let import = ImageId::of_import("imports/old.jpg").to_string();
    assert_eq!(found[&Kind::OriginalUnexplained], Found { count: 1, example: import });
    assert!(world.inside().writes.is_empty());
}

#[tokio::test]
async fn r51_the_clocks_runs_share_one_walk_that_begins_anew_after_thirty_days() {
    let world = World::default();
    for number in 0..250 {
        world.ready(id(number));
    }
    world.inside().originals.remove(&key::upload(&ada(), id(120)));
    let no_time = Run { walk: Duration::ZERO, ..clock() };
    assert_eq!(walked(&world, no_time).await.walk.map(|walk| walk.records), Some(0));
    // The second page of records cannot be read: the first one counts, once.
    world.inside().broken = Some(format!("scan behind ada/{}", id(99)));
    let stopped = walked(&world, clock()).await;
    assert_eq!((stopped.errors, stopped.walk.map(|walk| walk.records)), (1, Some(100)));
    world.inside().broken = None;
    let Walked { walk, last, .. } = walked(&world, clock()).await;
    let walk = walk.expect("a walk");
    assert_eq!((walk.records, walk.objects), (250, 499));
    assert_eq!(walk.found, one(Kind::OriginalMissing, &id(120).to_string()));
    assert_eq!(last.as_ref(), Some(&walk));
    world.ready(id(300));
    let later = |days: u32| Run { now: NOW + days * 24 * HOUR, ..clock() };
    assert_eq!(walked(&world, later(29)).await.walk, Some(walk.clone()), "each walk costs money");
    let next = walked(&world, later(30)).await;
    assert_eq!((next.walk.map(|walk| walk.records), next.errors), (Some(251), 0));
}

#[tokio::test]
async fn r51_an_operators_walk_begins_at_the_beginning_and_leaves_the_clocks_alone() {
    let world = World::default();
    world.ready(id(1));
    let Walked { walk, .. } = walked(&world, clock()).await;
    let saved = world.inside().walks.clone();
    world.ready(id(2));
    let seen = walked(&world, dry()).await;
    assert_eq!((seen.walk.map(|walk| walk.records), seen.last), (Some(2), walk));
    assert_eq!(world.inside().walks, saved);
}

#[tokio::test]
async fn r51_of_two_runs_that_walk_at_once_one_stops() {
    let world = World::default();
    world.ready(id(1));
    world.inside().is_overtaken = true;
    let Walked { walk, errors, .. } = walked(&world, clock()).await;
    assert_eq!((walk.map(|walk| walk.records), errors), (Some(0), 0));
}

#[tokio::test]
async fn r51_a_record_that_cannot_be_read_is_passed_over_and_a_refused_call_is_not() {
    for (broken, records, passes) in [(ErrorCode::WorkerBadInput, 2, true), (ErrorCode::WorkerDenied, 0, false)] {
        let world = World::default();
        world.ready(id(1));
        let second = world.ready(id(2));
        (world.inside().broken, world.inside().breaks_as) = (Some(format!("read {second}")), Some(broken));
        let Walked { walk, errors, .. } = walked(&world, dry()).await;
        let walk = walk.expect("a walk");
        assert_eq!((walk.records, walk.ended_at.is_some()), (records, passes), "{broken:?}");
        assert!(errors > 0);
    }
}

#[tokio::test]
async fn r51_variants_that_no_record_names_are_counted_beside_those_of_a_ready_photo() {
    let world = World::default();
    let image = world.ready(id(1));
    in_bucket(&world, &key::variant(image, "older", "small", "jpg"));
    assert_eq!(found(&world, clock()).await, one(Kind::VariantUnnamed, &image.to_string()));
    world.inside().records.get_mut(&image).expect("its record").1.status = Status::Processing;
    assert!(found(&world, dry()).await.is_empty());
}

#[tokio::test]
async fn superseded_variants_are_removed_after_their_grace_time_and_not_before() {
    let world = World::default();
    let image = world.ready(id(1));
    in_bucket(&world, &key::variant(image, "older", "small", "jpg"));
    let publish = |ago: Duration| {
        world.inside().records.get_mut(&image).unwrap().1.published_at = Some(rfc3339(NOW - ago));
    };
    publish(world::GRACE / 2);
    assert!(found(&world, clock()).await.is_empty());
    publish(world::GRACE);
    assert_eq!(found(&world, dry()).await, one(Kind::VariantSuperseded, &image.to_string()));
    assert!(world.inside().writes.is_empty(), "a dry run only tells");
    let operators = Run { is_by_clock: false, ..clock() };
    assert_eq!(found(&world, operators).await, one(Kind::VariantSuperseded, &image.to_string()));
    let before = (NOW - world::GRACE).unix_timestamp();
    assert_eq!(world.inside().writes, [format!("remove images/variants/{image}/ but 2 before {before}")]);
}
