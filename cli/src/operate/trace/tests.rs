use super::super::testing::ready;
use super::*;

#[test]
fn a_timeline_is_a_table_of_times_and_pauses() {
    let entries = timeline(&ready());
    let table = table(entries.iter(), None);
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines[0], "2026-01-31 12:00:00.000                ticket");
    assert_eq!(lines[1], "2026-01-31 12:00:01.000        +1.0 s  arrival is marked");
    assert_eq!(lines[4], "2026-01-31 12:00:02.000       +500 ms  Create variants  6.0 s");
    assert_eq!(
        lines[5],
        "2026-01-31 12:00:02.000         +0 ms  Create variants, attempt 1  100 ms  Transient.Storage: 503 SlowDown"
    );
}

#[test]
fn the_summary_ends_with_the_verdict_and_the_next_command() {
    let story = ready();
    let cost = cost(&story).unwrap().sentence();
    let told = summary(&story, &timeline(&story));
    assert_eq!(
        told.replace(&cost, "COST"),
        "variant: small        4 × 3          7.2 KB  image/jpeg\n\
         gap: 5.1 s until attempt 2 of “Create variants”\n\
         cost: COST\n\
         verdict: ready 7.0 s after its arrival; “Create variants” took 2 attempts\n\
         next: nothing\n"
    );
}

#[test]
fn for_scripts_it_is_one_document() {
    let told = document(&ready());
    assert_eq!((&told["verdict"]["code"], &told["timeline"][0]["kind"]), (&json!("ready"), &json!("ticket")));
    assert_eq!(told["timeline"][0]["at"], "2026-01-31T12:00:00.000Z");
    assert_eq!(told["executions"][0]["states"][1]["attempts"][0]["error"]["code"], "Transient.Storage");
    assert!(told["executions"][0].get("record").is_none(), "once is enough");
}
