use super::super::testing::{NAME, execution, ready, record, story};
use super::super::timeline::timeline;
use super::*;
use serde_json::json;

fn gaps_of(story: &Story) -> Vec<String> {
    gaps(&timeline(story), &story.executions)
}

#[test]
fn a_wait_for_the_next_attempt_is_a_gap_and_the_state_around_it_is_none() {
    assert_eq!(gaps_of(&ready()), ["5.1 s until attempt 2 of “Create variants”"]);
    assert_eq!(duplicates(&ready()), <[String; 0]>::default());
}

#[test]
fn a_wait_in_the_queue_is_a_gap() {
    let known = record(
        json!({ "status": "processing", "created_at": 0, "arrived_at": 6000, "began_at": 6000, "updated_at": 6000 }),
    );
    let late = execution(&json!({ "status": "running", "started_at": 429_000 }));
    let expected = [
        "6.0 s between “ticket” and “arrival is marked”",
        "7 min 3 s between “arrival is marked” and “execution starts”",
    ];
    assert_eq!(gaps_of(&story(430_000, Some(known), vec![late])), expected);
}

#[test]
fn what_a_person_does_later_is_no_gap() {
    let second = format!("{NAME}-2");
    let acts = json!([{ "act": "restart", "by": "olga", "at": 900_000, "started": second }]);
    let first = execution(&json!({ "status": "failed", "stopped_at": 2000, "acts": acts }));
    let again = execution(&json!({ "name": second, "started_at": 900_100, "stopped_at": 901_000, "acts": acts }));
    let photo =
        Story { deleted_at: Some(super::super::moment::tests::noon(9_000_000)), ..story(0, None, vec![first, again]) };
    assert_eq!(gaps_of(&photo), <[String; 0]>::default());
    assert_eq!(duplicates(&photo), [format!("the version of {NAME} was developed 2 times")]);
}

#[test]
fn versions_overlaps_and_states_that_are_entered_again_are_named() {
    let other = format!("{}-00000000000000ff", &NAME[..36]);
    let state = |name: &str, at: i64| json!({ "name": name, "status": "succeeded", "entered_at": at, "exited_at": at, "attempts": [] });
    let states =
        json!([state("Create variants", 1500), state("Apply watermark", 1600), state("Create variants", 1700)]);
    let first = execution(&json!({ "stopped_at": 3000, "states": states }));
    let second = execution(&json!({ "name": other, "started_at": 2000, "stopped_at": 4000 }));
    let expected = [
        "2 versions of the original were developed".to_owned(),
        format!("{NAME} and {other} ran at the same time"),
        format!("{NAME} entered “Create variants” 2 times"),
    ];
    assert_eq!(duplicates(&story(5000, None, vec![first, second])), expected);
}
