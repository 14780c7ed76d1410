//! The terminal: its width, and a line that says how far a long run is. Results never depend on them.

use std::env;
use std::io::{self, IsTerminal, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The width of the terminal that a stream writes to, in characters: the variable `COLUMNS`, or what `stty` reports, or 60;
/// `None` if the stream does not write to a terminal.
pub fn columns(stream: impl IsTerminal + Into<Stdio>) -> Option<usize> {
    const USUAL: usize = 60;
    // A terminal without a known size reports 0.
    let width = |text: &str| text.trim().parse().ok().filter(|&columns: &usize| columns > 0);
    stream.is_terminal().then(|| {
        let told = env::var("COLUMNS").ok().and_then(|text| width(&text));
        told.or_else(|| {
            // It reports rows and columns of the terminal it reads from.
            let output = Command::new("stty").arg("size").stdin(stream).output().ok()?;
            width(std::str::from_utf8(&output.stdout).ok()?.split(' ').nth(1)?)
        })
        .unwrap_or(USUAL)
    })
}

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
