//! A bar on the last line of a terminal, and nothing elsewhere. Made by hand: it is one line of text that is written
//! again.

use crate::text;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const CELLS: u64 = 28;
const PAUSE: Duration = Duration::from_millis(80);

/// The unit of the numbers.
#[derive(Clone, Copy)]
pub enum Unit {
    Photos,
    Bytes,
}

/// Shared by the threads that do the work.
pub struct Bar {
    visible: bool,
    unit: Unit,
    total: u64,
    state: Mutex<State>,
}

struct State {
    done: u64,
    drawn: Option<Instant>,
}

impl Bar {
    pub fn new(total: u64, unit: Unit) -> Self {
        let state = Mutex::new(State { done: 0, drawn: None });
        Self { visible: stderr().is_terminal() && total > 0, unit, total, state }
    }

    /// Counts `amount` as done.
    pub fn add(&self, amount: u64) {
        self.change(|state| state.done = (state.done + amount).min(self.total));
    }

    /// Counts `amount` as not done: it must be sent again.
    pub fn take_back(&self, amount: u64) {
        self.change(|state| state.done = state.done.saturating_sub(amount));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut state);
        if self.visible && state.drawn.is_none_or(|at| at.elapsed() > PAUSE) {
            state.drawn = Some(Instant::now());
            // A closed terminal is ignored: the work goes on without the bar.
            let _ = write!(stderr(), "\r{}\x1b[K", line(state.done, self.total, self.unit));
        }
    }

    /// Prints a line of the result on standard output, above the bar.
    pub fn print(&self, line: &str) {
        let _held = self.cleared();
        let _ = writeln!(stdout(), "{line}");
    }

    /// Prints a line about an error on standard error, above the bar.
    pub fn complain(&self, line: &str) {
        let _held = self.cleared();
        let _ = writeln!(stderr(), "{line}");
    }

    fn cleared(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if state.drawn.take().is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
        }
        state
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        drop(self.cleared());
    }
}

fn line(done: u64, total: u64, unit: Unit) -> String {
    let filled = done * CELLS / total.max(1);
    let bar: String = (0..CELLS).map(|cell| if cell < filled { '█' } else { '░' }).collect();
    match unit {
        Unit::Photos => format!("{bar} {done} of {total}"),
        Unit::Bytes => format!("{bar} {} of {}", text::bytes(done), text::bytes(total)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills() {
        assert!(line(0, 4, Unit::Photos).starts_with("░░"));
        assert_eq!(line(1, 4, Unit::Photos).matches('█').count(), 7);
        assert_eq!(line(4, 4, Unit::Photos), format!("{} 4 of 4", "█".repeat(28)));
        assert!(line(500, 2_000_000, Unit::Bytes).ends_with("500 B of 2.0 MB"));
    }

    #[test]
    fn it_never_runs_over() {
        let bar = Bar::new(2, Unit::Photos);
        bar.add(5);
        bar.take_back(1);
        assert_eq!(bar.state.lock().unwrap().done, 1);
    }
}
