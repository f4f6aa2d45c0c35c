//! One sandbox's count of the places, without a clock or a call of its own.

use std::collections::HashSet;
use std::time::Duration;
use tokio::time::Instant;

/// The parameters of the count.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Places of all sandboxes together.
    pub in_flight: usize,
    /// How many sandboxes share them.
    pub sandboxes: usize,
    /// How long a list is valid.
    pub period: Duration,
    /// How long an own start counts that no list has named.
    pub unlisted: Duration,
}

/// The places, by the last list and the starts since.
pub struct Places {
    rules: Rules,
    asked: Option<Instant>,
    /// Those that this sandbox may still take before it asks again.
    left: usize,
    /// Those that were taken, and whose execution is being started.
    pending: usize,
    /// The running executions that this sandbox started.
    own: Vec<Own>,
}

struct Own {
    execution: String,
    started: Instant,
    /// A list named it, so it has ended when a later list does not.
    was_listed: bool,
}

impl Places {
    /// Before the first list.
    pub const fn new(rules: Rules) -> Self {
        Self { rules, asked: None, left: 0, pending: 0, own: Vec::new() }
    }

    /// True if executions must be listed before a place may be taken.
    pub fn is_stale(&self, now: Instant) -> bool {
        self.next_question().is_none_or(|next| now >= next)
    }

    /// When the next list may be read; `None` before the first.
    pub fn next_question(&self) -> Option<Instant> {
        self.asked.map(|asked| asked + self.rules.period)
    }

    /// How many names an answer needs to hold.
    pub const fn enough(&self) -> usize {
        self.rules.in_flight + self.rules.sandboxes
    }

    /// Takes the list that was asked for at that moment.
    pub fn seen(&mut self, asked: Instant, running: &HashSet<String>) {
        let Rules { in_flight, sandboxes, unlisted, .. } = self.rules;
        self.own.retain_mut(|own| {
            let is_listed = running.contains(&own.execution);
            let is_too_new = !own.was_listed && asked.saturating_duration_since(own.started) < unlisted;
            own.was_listed |= is_listed;
            is_listed || is_too_new
        });
        let unlisted = self.own.iter().filter(|own| !own.was_listed).count();
        let free = in_flight.saturating_sub(running.len() + unlisted + self.pending);
        let share = in_flight.div_ceil(sandboxes).saturating_sub(self.own.len() + self.pending);
        self.left = free.min(share);
        self.asked = Some(asked);
    }

    /// Takes a place, if one is left.
    pub fn take(&mut self) -> bool {
        let is_left = self.left > 0;
        self.left -= usize::from(is_left);
        self.pending += usize::from(is_left);
        is_left
    }

    /// A place that was taken is used by this execution.
    pub fn used_by(&mut self, execution: String, now: Instant) {
        self.pending -= 1;
        self.own.push(Own { execution, started: now, was_listed: false });
    }

    /// A place that was taken is not needed.
    pub fn give_back(&mut self) {
        self.pending -= 1;
        self.left += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sandbox with a clock of its own: each tick is a second.
    struct Sandbox {
        places: Places,
        now: Instant,
    }

    impl Sandbox {
        /// One of two that share the places, unless a test says otherwise.
        fn of(in_flight: usize) -> Self {
            let (period, unlisted) = (Duration::from_secs(1), Duration::from_secs(2));
            Self { places: Places::new(Rules { in_flight, sandboxes: 2, period, unlisted }), now: Instant::now() }
        }

        fn alone(in_flight: usize) -> Self {
            let mut sandbox = Self::of(in_flight);
            sandbox.places.rules.sandboxes = 1;
            sandbox
        }

        /// A second later the machine answers that these run.
        fn hears(&mut self, running: &[&str]) {
            self.now += Duration::from_secs(1);
            self.places.seen(self.now, &running.iter().map(|name| (*name).to_owned()).collect());
        }

        fn starts(&mut self, execution: &str) -> bool {
            let is_taken = self.places.take();
            if is_taken {
                self.places.used_by(execution.into(), self.now);
            }
            is_taken
        }
    }

    #[test]
    fn r55_so_many_start_and_no_more_until_one_has_ended() {
        let mut sandbox = Sandbox::alone(2);
        assert!(!sandbox.starts("early"), "nothing is known yet");
        sandbox.hears(&[]);
        assert!(sandbox.starts("a") && sandbox.starts("b"));
        assert!(!sandbox.starts("c"), "own starts count before an answer names them");
        sandbox.hears(&["a", "b"]);
        assert!(!sandbox.starts("c"));
        sandbox.hears(&["b"]);
        assert!(sandbox.starts("c"), "a is over");
        assert!(!sandbox.starts("d"));
    }

    #[test]
    fn r55_what_others_started_counts() {
        let mut sandbox = Sandbox::of(5);
        sandbox.hears(&["v", "w", "x", "y"]);
        assert!(sandbox.starts("a"));
        assert!(!sandbox.starts("b"));
        sandbox.hears(&["v", "w", "x", "y", "z"]);
        assert!(!sandbox.starts("b"));
    }

    #[test]
    fn r55_each_sandbox_keeps_to_its_share() {
        let mut sandbox = Sandbox::of(5);
        sandbox.hears(&[]);
        assert!(sandbox.starts("a") && sandbox.starts("b") && sandbox.starts("c"));
        assert!(!sandbox.starts("d"), "the other one may have started as many, which no answer shows yet");
        sandbox.hears(&["a", "b", "c"]);
        assert!(!sandbox.starts("d"));
        sandbox.hears(&["a", "b"]);
        assert!(sandbox.starts("d"));
    }

    #[test]
    fn r55_a_start_that_no_answer_names_counts_for_two_seconds() {
        let mut sandbox = Sandbox::alone(1);
        sandbox.hears(&[]);
        assert!(sandbox.starts("a"));
        sandbox.hears(&[]);
        assert!(!sandbox.starts("b"), "the list is behind");
        sandbox.hears(&[]);
        assert!(sandbox.starts("b"), "it was over before a list could name it");
    }

    #[test]
    fn r55_a_start_that_was_named_is_over_when_it_is_not() {
        let mut sandbox = Sandbox::alone(1);
        sandbox.hears(&[]);
        assert!(sandbox.starts("a"));
        sandbox.hears(&["a"]);
        assert!(!sandbox.starts("b"));
        sandbox.hears(&[]);
        assert!(sandbox.starts("b"));
    }

    #[test]
    fn a_place_that_is_held_counts_and_one_that_is_given_back_does_not() {
        let mut sandbox = Sandbox::alone(1);
        sandbox.hears(&[]);
        assert!(sandbox.places.take());
        sandbox.hears(&[]);
        assert!(!sandbox.starts("b"));
        sandbox.places.give_back();
        assert!(sandbox.starts("b"));
    }

    #[test]
    fn r55_an_answer_is_good_for_a_second() {
        let mut sandbox = Sandbox::of(5);
        assert!(sandbox.places.is_stale(sandbox.now));
        sandbox.hears(&[]);
        assert!(!sandbox.places.is_stale(sandbox.now + Duration::from_millis(999)));
        assert!(sandbox.places.is_stale(sandbox.now + Duration::from_secs(1)));
    }
}
