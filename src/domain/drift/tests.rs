use super::*;

const HOUR: Duration = Duration::from_hours(1);
const SECOND: Duration = Duration::from_secs(1);
const NEARLY_A_DAY: Duration = Duration::from_secs(24 * 60 * 60 - 1);

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_769_860_807).unwrap()
}

fn keys(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|&key| key.into()).collect()
}

/// Stored long ago.
fn objects(keys: &[&str]) -> BTreeMap<String, OffsetDateTime> {
    keys.iter().map(|&key| (key.into(), now() - 99 * HOUR)).collect()
}

fn holding(status: Status) -> Holding {
    let original = "uploads/ada/1".into();
    Holding { status, version_id: Some("v1".into()), original, variants: keys(&["a", "b"]), published_at: None }
}

#[test]
fn superseded_variants_stay_for_their_grace_time_and_those_that_are_being_made_stay() {
    let (grace, almost) = (7 * 24 * HOUR, 6 * 24 * HOUR);
    let published = |ago| Holding { published_at: Some(rfc3339(now() - ago)), ..holding(Status::Ready) };
    let stored = |ago| BTreeMap::from([("a", ago), ("b", ago), ("c", ago)].map(|(key, ago)| (key.into(), now() - ago)));
    for (record, objects, expected) in [
        (published(grace), stored(2 * grace), vec![Kind::VariantSuperseded]),
        (published(almost), stored(2 * grace), vec![]),
        (published(grace), stored(almost), vec![Kind::VariantUnnamed]),
        (published(grace), stored(HOUR), vec![Kind::VariantUnnamed]),
    ] {
        assert_eq!(of_record(&record, true, &objects, grace, now()), expected, "{record:?} {objects:?}");
    }
    let record = published(grace);
    assert!(record.has_superseded("c", now() - 2 * grace) && !record.has_superseded("c", now() - HOUR));
    let (same_second, before_it) = (now() - grace, now() - grace - SECOND);
    assert!(!record.has_superseded("c", same_second), "S3 tells no fraction: it may have come later");
    let published =
        Holding { published_at: Some(rfc3339(now() - grace + Duration::from_millis(999))), ..record.clone() };
    assert!(!published.has_superseded("c", same_second) && published.has_superseded("c", before_it));
    assert!(!record.has_superseded("a", now() - 2 * grace), "the record names it");
    assert!(!holding(Status::Ready).has_superseded("c", now() - 2 * grace), "nothing says when");
}

#[test]
fn r51_a_ready_photo_has_its_original_and_exactly_the_variants_of_its_record() {
    let photo = holding(Status::Ready);
    for (has_original, objects, expected) in [
        (true, objects(&["a", "b"]), vec![]),
        (false, objects(&["a", "b"]), vec![Kind::OriginalMissing]),
        (true, objects(&["a"]), vec![Kind::VariantMissing]),
        (true, objects(&["a", "b", "c"]), vec![Kind::VariantUnnamed]),
        (true, objects(&["a", "c"]), vec![Kind::VariantMissing, Kind::VariantUnnamed]),
        (false, objects(&[]), vec![Kind::OriginalMissing, Kind::VariantMissing]),
    ] {
        assert_eq!(of_record(&photo, has_original, &objects, HOUR, now()), expected, "{has_original} {objects:?}");
    }
}

#[test]
fn r51_what_may_still_change_is_no_drift() {
    for status in [Status::AwaitingUpload, Status::Processing, Status::Rejected, Status::Failed, Status::Deleting] {
        assert_eq!(of_record(&holding(status), false, &objects(&[]), HOUR, now()), [], "{status:?}");
    }
}

#[test]
fn r51_an_original_is_hidden_only_for_a_deletion_on_record_and_a_day_after_it() {
    for (deleted, expected) in [
        (Some(HOUR), None),
        (Some(NEARLY_A_DAY), None),
        (Some(24 * HOUR), Some(Kind::OriginalOfDeleted)),
        (None, Some(Kind::OriginalUnexplained)),
    ] {
        let at = deleted.map(|ago| rfc3339(now() - ago));
        let object = Unrecorded { deleted_at: at.as_deref(), stored_at: now() - 99 * HOUR, is_import: false };
        let found = of_original(object, now());
        assert_eq!(found, expected, "{deleted:?}");
        assert_eq!(found.and_then(Kind::remedy).is_some(), deleted.is_some_and(|ago| ago >= 24 * HOUR));
    }
}

#[test]
fn r51_variants_are_removed_only_for_a_deletion_on_record_and_a_day_after_it() {
    let found = |ago| of_variants(Some(&rfc3339(now() - ago)), now());
    assert_eq!((found(NEARLY_A_DAY), found(24 * HOUR)), (None, Some(Kind::VariantOfDeleted)));
    assert_eq!(of_variants(None, now()), Some(Kind::VariantUnexplained));
    assert_eq!(Kind::VariantOfDeleted.remedy(), Some(Remedy::Remove));
    assert_eq!(Kind::VariantUnexplained.remedy(), None);
}

#[test]
fn r51_the_event_of_an_import_is_waited_for_and_that_of_an_upload_is_not() {
    let found = |is_import, ago| of_original(Unrecorded { deleted_at: None, stored_at: now() - ago, is_import }, now());
    assert_eq!(found(true, NEARLY_A_DAY), None);
    assert_eq!(found(true, 24 * HOUR), Some(Kind::OriginalUnexplained));
    assert_eq!(found(false, SECOND), Some(Kind::OriginalUnexplained), "a ticket has a record before its upload");
}

#[test]
fn r51_a_turn_goes_through_all_parts_page_by_page_and_keeps_the_first_example() {
    let mut walk = Walk::begin(now());
    let missing = |example: &str| (Kind::OriginalMissing, example.to_owned());
    walk.add_page(2, vec![missing("1"), missing("2")], Some("2".into()), now());
    assert_eq!((walk.part, walk.behind.as_deref()), (Part::Records, Some("2")));
    walk.add_page(1, vec![missing("3")], None, now());
    assert_eq!((walk.part, walk.behind.as_deref()), (Part::Uploads, None));
    walk.add_page(5, vec![], None, now());
    assert_eq!((walk.part, walk.ended_at.is_some()), (Part::Imports, false));
    walk.add_page(0, vec![], None, now());
    assert_eq!((walk.part, walk.ended_at.is_some()), (Part::Variants, false));
    walk.add_page(4, vec![], None, now() + HOUR);
    assert_eq!((walk.records, walk.objects), (3, 9));
    assert_eq!(walk.found, BTreeMap::from([(Kind::OriginalMissing, Found { count: 3, example: "1".into() })]));
    assert_eq!(walk.ended_at, Some(rfc3339(now() + HOUR)));
}

#[test]
fn r51_the_next_turn_begins_thirty_days_after_this_one_did() {
    let mut walk = Walk::begin(now());
    assert!(!walk.is_over(now() + 31 * 24 * HOUR), "a walk that has not ended goes on");
    walk.ended_at = Some(rfc3339(now() + HOUR));
    assert!(!walk.is_over(now() + 30 * 24 * HOUR - SECOND) && walk.is_over(now() + 30 * 24 * HOUR));
}

#[test]
fn a_kind_has_one_name() {
    for kind in [
        Kind::OriginalMissing,
        Kind::VariantMissing,
        Kind::VariantUnnamed,
        Kind::VariantSuperseded,
        Kind::OriginalUnexplained,
        Kind::OriginalOfDeleted,
        Kind::VariantUnexplained,
        Kind::VariantOfDeleted,
        Kind::KeyUnknown,
    ] {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.name());
    }
}
