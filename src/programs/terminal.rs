//! What is printed: lines with escapes, and on a terminal one that says how far a long run is.

use std::io::{self, IsTerminal as _, Write};
use std::time::{Duration, Instant};

use crate::training::error::{Error, escaped};

/// Prints a line, with escapes for what does not show: the names of files and classes are text, whatever is in them.
pub fn print(out: &mut dyn Write, line: &str) -> Result<(), Error> {
    writeln!(out, "{}", escaped(line)).map_err(Error::Output)
}

/// Prints each line of a text.
pub fn print_lines(out: &mut dyn Write, text: &str) -> Result<(), Error> {
    text.lines().try_for_each(|line| print(out, line))
}

/// Prints a line on standard error. If that is closed, there is nobody to tell.
pub fn tell(line: &str) {
    let _ = print(&mut io::stderr(), line);
}

/// The time before the first line, and between two.
const INTERVAL: Duration = Duration::from_millis(500);
/// The characters of the line, since one that wraps cannot be overwritten.
const WIDTH: usize = 59;

/// The line of a run's progress on standard error.
#[derive(Debug)]
pub struct Progress {
    /// When the next line is due; `None` if none ever is.
    due: Option<Instant>,
}

impl Progress {
    /// A line if standard error is a terminal, from half a second on; otherwise, and if it is to be quiet, nothing.
    pub fn new(quiet: bool) -> Self {
        let due = (!quiet && io::stderr().is_terminal()).then(|| Instant::now() + INTERVAL);
        Progress { due }
    }

    /// Shows a line, if another was not shown just now.
    pub fn show(&mut self, line: impl FnOnce() -> String) {
        let Some(due) = self.due else { return };
        let now = Instant::now();
        if now >= due {
            self.due = Some(now + INTERVAL);
            let line: String = line().chars().take(WIDTH).collect();
            // A terminal that has gone needs no progress.
            let _ = write!(io::stderr(), "\r{line:<WIDTH$}");
        }
    }

    /// Makes room for other output.
    pub fn clear(&self) {
        if self.due.is_some() {
            let _ = write!(io::stderr(), "\r{:WIDTH$}\r", "");
        }
    }
}
