//! The same work on many items: several at a time, results in the order of the items.

use crate::error::Error;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// For each thread, how many items may be begun before the oldest of them is delivered. Results are pictures: behind a slow
/// item, no more of them may wait.
const AHEAD: usize = 2;

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
    let (next, delivered) = (AtomicUsize::new(0), Delivered::default());
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(items.len()) {
            let (sender, next, delivered, work) = (sender.clone(), &next, &delivered, &work);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    if !delivered.comes_near(index, jobs * AHEAD) || sender.send((index, work(item))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        // However this ends, the threads that wait are let go.
        let _end = End(&delivered);
        let (mut waiting, mut expected) = (BTreeMap::new(), 0);
        for (index, result) in receiver {
            waiting.insert(index, result);
            while let Some(result) = waiting.remove(&expected) {
                done(result)?;
                expected += 1;
                delivered.set(Some(expected));
            }
        }
        Ok(())
    })
}

/// How many results were delivered; none if it is over.
struct Delivered {
    count: Mutex<Option<usize>>,
    changed: Condvar,
}

impl Default for Delivered {
    fn default() -> Self {
        Self { count: Mutex::new(Some(0)), changed: Condvar::new() }
    }
}

impl Delivered {
    fn count(&self) -> MutexGuard<'_, Option<usize>> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, count: Option<usize>) {
        *self.count() = count;
        self.changed.notify_all();
    }

    /// Waits until this item is fewer than `ahead` behind those delivered. False if it is over.
    fn comes_near(&self, index: usize, ahead: usize) -> bool {
        let is_far = |count: &mut Option<usize>| count.is_some_and(|count| index >= count + ahead);
        self.changed.wait_while(self.count(), is_far).unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

struct End<'a>(&'a Delivered);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.set(None);
    }
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
    fn behind_a_slow_item_few_results_wait() {
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            if *item == 0 {
                std::thread::sleep(Duration::from_millis(100));
                return begun.load(Ordering::SeqCst);
            }
            0
        };
        let items: Vec<usize> = (0..1000).collect();
        let (mut most, mut count) = (0, 0);
        in_order(&items, 4, work, |begun_by_then| {
            (most, count) = (most.max(begun_by_then), count + 1);
            Ok(())
        })
        .unwrap();
        assert!(most <= 4 * AHEAD, "{most} were begun");
        assert_eq!(count, 1000);
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
