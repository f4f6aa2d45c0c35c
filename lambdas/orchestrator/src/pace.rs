//! Limits the executions in flight. Further photos stay in the queue and do not contend for Lambda's concurrency
//! (docs/adr/0007-the-queue-holds-the-rest.md).
//!
//! A sandbox lists the running executions, and counts its own starts between two lists. Sandboxes do not know each
//! other's starts, and the list is behind, so each uses only its share of the places.

mod places;

use darkroom_aws::executions::ListRunning;
use darkroom_domain::{Error, settings};
use places::{Places, Rules};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Decides when an execution may start.
pub struct Pace<M> {
    machine: M,
    state_machine_arn: String,
    longest_wait: Duration,
    places: Mutex<Places>,
    /// Held by the one message that asks the machine.
    asking: tokio::sync::Mutex<()>,
}

impl<M: ListRunning> Pace<M> {
    /// So many executions of this machine, of all sandboxes together.
    pub fn new(machine: M, state_machine_arn: &str, in_flight: usize) -> Self {
        let settings::Pace { period_s, unlisted_s, longest_wait_s, sandboxes } = settings::pace();
        let seconds = Duration::from_secs;
        let rules = Rules { in_flight, sandboxes, period: seconds(period_s), unlisted: seconds(unlisted_s) };
        Self {
            machine,
            state_machine_arn: state_machine_arn.into(),
            longest_wait: seconds(longest_wait_s),
            places: Mutex::new(Places::new(rules)),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// The same for tests: lists executions for every place, has all places to itself, and waits for so long.
    #[cfg(test)]
    pub fn hurried(machine: M, in_flight: usize, longest_wait: Duration) -> Self {
        let rules = Rules { in_flight, sandboxes: 1, period: Duration::ZERO, unlisted: Duration::ZERO };
        Self { longest_wait, places: Mutex::new(Places::new(rules)), ..Self::new(machine, "arn", in_flight) }
    }

    /// When an invocation that begins now gives its messages back.
    pub fn give_up_at(&self) -> Instant {
        Instant::now() + self.longest_wait
    }

    /// A place for one execution, as soon as there is one; `None` if there is none until then.
    pub async fn take(&self, until: Instant) -> Result<Option<Place<'_>>, Error> {
        loop {
            let asking = self.asking.lock().await;
            if self.places().is_stale(Instant::now()) {
                self.ask().await?;
            }
            drop(asking);
            let next = {
                let mut places = self.places();
                if places.take() {
                    return Ok(Some(Place { places: &self.places, is_used: false }));
                }
                places.next_question().unwrap_or_else(Instant::now)
            };
            if next > until {
                return Ok(None);
            }
            sleep_until(next).await;
        }
    }

    async fn ask(&self) -> Result<(), Error> {
        let (asked, enough) = (Instant::now(), self.places().enough());
        let running = self.machine.running(&self.state_machine_arn, enough).await?;
        self.places().seen(asked, &running.into_iter().collect());
        Ok(())
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        locked(&self.places)
    }
}

/// A place for one execution; dropped without one, it is free again.
pub struct Place<'a> {
    places: &'a Mutex<Places>,
    is_used: bool,
}

impl Place<'_> {
    /// The execution that took it.
    pub fn used_by(mut self, execution: String) {
        self.is_used = true;
        locked(self.places).used_by(execution, Instant::now());
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_used {
            locked(self.places).give_back();
        }
    }
}

/// The numbers are right after each statement here, so a panic elsewhere leaves no half-done change.
fn locked(places: &Mutex<Places>) -> MutexGuard<'_, Places> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
