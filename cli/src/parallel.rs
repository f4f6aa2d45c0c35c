//! The same work on many items: several at a time, results in the order of the items.

use crate::error::Error;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// As many at a time as there are cores.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// Calls `work` on each item, `jobs` at a time, and `done` with each result in the items' order, here on this thread.
/// The first error of `done` ends the work: items in progress are finished, no other is begun.
pub fn in_order<T: Sync, R: Send>(
    items: &[T],
    jobs: usize,
    work: impl Fn(&T) -> R + Sync,
    mut done: impl FnMut(R) -> Result<(), Error>,
) -> Result<(), Error> {
    let next = AtomicUsize::new(0);
    // Of bounded size: results are pictures, and the workers must not get far ahead of a slow reader.
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(items.len()) {
            let (sender, next, work) = (sender.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    if sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        deliver(receiver, &mut done)
    })
}

/// Owns the receiver: when this ends early, the workers see a closed channel and stop.
fn deliver<R>(
    receiver: mpsc::Receiver<(usize, R)>,
    done: &mut impl FnMut(R) -> Result<(), Error>,
) -> Result<(), Error> {
    let (mut waiting, mut expected) = (BTreeMap::new(), 0);
    for (index, result) in receiver {
        waiting.insert(index, result);
        while let Some(result) = waiting.remove(&expected) {
            expected += 1;
            done(result)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn results_come_in_order_and_so_many_at_a_time() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut seen = Vec::new();
        let work = |item: &u64| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20 - item));
            now.fetch_sub(1, Ordering::SeqCst);
            *item
        };
        let items: Vec<u64> = (0..20).collect();
        in_order(&items, 4, work, |item| {
            seen.push(item);
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, items);
        assert!((2..=4).contains(&most.into_inner()));
    }

    #[test]
    fn an_error_ends_it_early() {
        let begun = AtomicUsize::new(0);
        let count = |_: &u32| begun.fetch_add(1, Ordering::SeqCst);
        let ended = in_order(&[0; 1000], 2, count, |_| Err(Error::PartialFailure));
        assert!(matches!(ended, Err(Error::PartialFailure)));
        assert!(begun.into_inner() < 1000);
    }
}
