//! The width of the terminal.

use std::env;
use std::io::IsTerminal;
use std::process::{Command, Stdio};

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
