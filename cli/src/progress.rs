//! A bar on the last line of a terminal; nothing at all where there is no terminal. By hand: it is one line of text
//! that is written again.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::Mutex;
use std::time::{Duration, Instant};

const CELLS: u64 = 28;
const PAUSE: Duration = Duration::from_millis(80);

/// Shared by the threads that do the work.
pub struct Bar {
    visible: bool,
    total: u64,
    state: Mutex<State>,
}

struct State {
    done: u64,
    drawn: Option<Instant>,
}

impl Bar {
    pub fn new(total: u64) -> Self {
        let state = Mutex::new(State { done: 0, drawn: None });
        Self { visible: stderr().is_terminal() && total > 0, total, state }
    }

    /// So much more is done.
    pub fn add(&self, amount: u64) {
        self.change(|state| state.done = (state.done + amount).min(self.total));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut state);
        if self.visible && state.drawn.is_none_or(|at| at.elapsed() > PAUSE) {
            state.drawn = Some(Instant::now());
            // A terminal that went away is no reason to stop working.
            let _ = write!(stderr(), "\r{}\x1b[K", line(state.done, self.total));
        }
    }

    /// A line of the result on standard output, above the bar.
    pub fn print(&self, line: &str) {
        let _held = self.cleared();
        let _ = writeln!(stdout(), "{line}");
    }

    /// A line about what went wrong on standard error, above the bar.
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

fn line(done: u64, total: u64) -> String {
    let filled = done * CELLS / total.max(1);
    let bar: String = (0..CELLS).map(|cell| if cell < filled { '█' } else { '░' }).collect();
    format!("{bar} {done} of {total}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills() {
        assert!(line(0, 4).starts_with("░░"));
        assert_eq!(line(1, 4).matches('█').count(), 7);
        assert_eq!(line(4, 4), format!("{} 4 of 4", "█".repeat(28)));
    }

    #[test]
    fn it_never_runs_over() {
        let bar = Bar::new(2);
        bar.add(5);
        assert_eq!(bar.state.lock().unwrap().done, 2);
    }
}
