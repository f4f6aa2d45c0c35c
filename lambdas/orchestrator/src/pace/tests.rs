use super::*;
use darkroom_domain::ErrorCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The state machine as its list shows it. Each answer ends the execution that ran longest, if `ends` says so.
struct Machine {
    running: AtomicUsize,
    asked: AtomicUsize,
    ends: bool,
    is_down: AtomicBool,
}

impl Machine {
    fn with(running: usize, ends: bool) -> Self {
        Self { running: running.into(), asked: 0.into(), ends, is_down: false.into() }
    }
}

impl ListRunning for &Machine {
    async fn running(&self, arn: &str, at_most: usize) -> Result<Vec<String>, Error> {
        assert_eq!(arn, "arn");
        // Another message of the batch gets its turn, as it would over a network.
        tokio::task::yield_now().await;
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.is_down.load(Ordering::SeqCst) {
            return Err(ErrorCode::TransientUnavailable.into());
        }
        let running = self.running.load(Ordering::SeqCst);
        self.running.fetch_sub(usize::from(self.ends && running > 0), Ordering::SeqCst);
        Ok((0..running.min(at_most)).map(|number| format!("execution {number}")).collect())
    }
}

const AT_ONCE: Duration = Duration::ZERO;
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn r55_without_a_free_place_there_is_none() {
    let machine = Machine::with(2, false);
    let pace = Pace::hurried(&machine, 2, AT_ONCE);
    assert!(pace.take(pace.give_up_at()).await.unwrap().is_none());
    let pace = Pace::hurried(&machine, 3, AT_ONCE);
    assert!(pace.take(pace.give_up_at()).await.unwrap().is_some());
}

#[tokio::test]
async fn r55_who_waits_gets_the_place_that_becomes_free() {
    let machine = Machine::with(3, true);
    let pace = Pace::hurried(&machine, 1, LONG);
    let place = pace.take(pace.give_up_at()).await.unwrap().expect("a place");
    place.used_by("a".into());
    assert_eq!(machine.asked.load(Ordering::SeqCst), 4, "three were in the way");
}

#[tokio::test]
async fn r55_of_many_who_want_a_place_one_asks() {
    let machine = Machine::with(0, false);
    let pace = Pace::new(&machine, "arn", 16);
    let until = pace.give_up_at();
    let (one, other) = tokio::join!(pace.take(until), pace.take(until));
    assert!(one.unwrap().is_some() && other.unwrap().is_some());
    assert_eq!(machine.asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_place_without_an_execution_is_free_again() {
    let machine = Machine::with(0, false);
    let pace = Pace::new(&machine, "arn", 1);
    for _ in 0..3 {
        drop(pace.take(pace.give_up_at()).await.unwrap().expect("the one place"));
    }
}

#[tokio::test]
async fn r07_without_an_answer_there_is_no_place() {
    let machine = Machine::with(0, false);
    let pace = Pace::hurried(&machine, 1, AT_ONCE);
    machine.is_down.store(true, Ordering::SeqCst);
    assert!(pace.take(pace.give_up_at()).await.is_err());
    machine.is_down.store(false, Ordering::SeqCst);
    assert!(pace.take(pace.give_up_at()).await.unwrap().is_some(), "the next message asks again");
}

#[test]
fn the_pace_is_the_one_of_the_settings() {
    let machine = Machine::with(0, false);
    assert_eq!(Pace::new(&machine, "arn", 5).longest_wait.as_secs(), settings::pace().longest_wait_s);
}
