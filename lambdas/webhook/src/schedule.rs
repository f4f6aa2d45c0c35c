//! When an event is tried again: the settings give the delay, a random part lengthens it.

use darkroom_domain::settings;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// How long to wait after this attempt (the first is 1); None if it was the last. Up to a quarter more than the
/// settings say, so that receivers which failed together are not called together. The random part comes from the
/// message, so that it can be tested.
pub fn delay_after(attempt: u32, message_id: &str) -> Option<Duration> {
    let delays = settings::webhook_retry_delays();
    let delay = *delays.get(usize::try_from(attempt.max(1) - 1).ok()?)?;
    let chance = u64::from(Sha256::digest(format!("{message_id} {attempt}"))[0]);
    Some(Duration::from_secs(delay + delay * chance / 1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_and_end() {
        let delays = settings::webhook_retry_delays();
        for (at, delay) in delays.iter().enumerate() {
            let attempt = u32::try_from(at + 1).unwrap();
            let waited = delay_after(attempt, "m").unwrap().as_secs();
            assert!((*delay..=delay * 5 / 4).contains(&waited), "{attempt}: {waited}");
        }
        let last = u32::try_from(delays.len()).unwrap() + 1;
        assert_eq!((delay_after(last, "m"), delay_after(u32::MAX, "m")), (None, None));
        assert!(delay_after(0, "m").is_some(), "a queue that does not count is at its first");
    }

    #[test]
    fn messages_that_failed_together_come_again_apart() {
        let mut delays: Vec<_> = (0..100).map(|n| delay_after(4, &n.to_string())).collect();
        delays.sort();
        delays.dedup();
        assert!(delays.len() > 50, "{}", delays.len());
    }
}
