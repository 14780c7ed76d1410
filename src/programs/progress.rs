//! A line on a terminal that says how far a long run is. Results never depend on it.

use std::io::{self, Write as _};
use std::time::{Duration, Instant};

use crate::programs::terminal::columns;

/// The time before the first line.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time between two lines.
const INTERVAL: Duration = Duration::from_millis(100);

/// The line of a run's progress on standard error.
#[derive(Debug)]
pub struct Progress {
    program: &'static str,
    /// When the next line is due; `None` if none ever is.
    due: Option<Instant>,
    /// The characters that fit on the terminal's line: a line that wraps cannot be overwritten.
    room: usize,
    /// How many characters are on the terminal's line.
    shown: usize,
}

impl Progress {
    /// A line if standard error is a terminal, from half a second on; otherwise, and if it is to be quiet, nothing.
    pub fn new(program: &'static str, quiet: bool) -> Self {
        let columns = if quiet { None } else { columns(io::stderr()) };
        let due = columns.map(|_| Instant::now() + PATIENCE);
        Progress { program, due, room: columns.unwrap_or(0).saturating_sub(1), shown: 0 }
    }

    /// Shows a line that begins with the program's name, if another was not shown just now.
    pub fn show(&mut self, line: impl FnOnce() -> String) {
        let Some(due) = self.due else { return };
        let now = Instant::now();
        if now >= due {
            self.due = Some(now + INTERVAL);
            let line = format!("{}: {}", self.program, line());
            let line: String = line.chars().take(self.room).collect();
            let width = self.shown;
            // A terminal that has gone needs no progress.
            let _ = write!(io::stderr(), "\r{line:<width$}");
            self.shown = line.chars().count();
        }
    }

    /// Makes room for other output.
    pub fn clear(&mut self) {
        if self.shown > 0 {
            let _ = write!(io::stderr(), "\r{:width$}\r", "", width = self.shown);
            self.shown = 0;
        }
    }
}
