//! The one error type: what was wrong, where, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Everything that can stop a program, each with a message fit for its user.
#[derive(Debug)]
pub enum Error {
    /// A flag, or the value of one, cannot be used. Exit status 2.
    Usage(String),
    /// A text of a data file cannot be used.
    Data {
        /// The file's name as the user gave it.
        file: String,
        /// Its line, from 1.
        line: usize,
        /// The character of the line, from 1.
        column: usize,
        /// The text that was found, and what was expected instead.
        problem: String,
    },
    /// The operating system refused to read or write a file.
    File {
        /// The file or folder.
        path: PathBuf,
        /// The action that failed: "read", "write", …
        action: &'static str,
        /// The system's reason.
        source: io::Error,
    },
    /// Standard output could not be written. A [closed pipe](Self::is_closed_pipe) (`prob1c | head -1`) is no failure.
    Output(io::Error),
    /// A wrong gradient, or a loss or parameter that is not finite, after the lines that tell more.
    Failed(String),
}

impl Error {
    /// A file that could not be read or written, from the system's reason.
    pub fn file(path: &Path, action: &'static str, source: io::Error) -> Self {
        Error::File { path: path.to_owned(), action, source }
    }

    /// This error; if it is one of a file, with advice about it.
    #[must_use]
    pub fn advise(self, advice: &str) -> Self {
        let Error::File { path, action, source } = self else { return self };
        let source = io::Error::new(source.kind(), format!("{source}; {advice}"));
        Error::File { path, action, source }
    }

    /// The exit status a program ends with: 2 for a usage error, otherwise 1.
    pub fn exit_status(&self) -> u8 {
        if matches!(self, Error::Usage(_)) { 2 } else { 1 }
    }

    /// Whether the reader of standard output went away, which ends a program quietly.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Error::Output(source) if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Whether a character does not show, or not as what it is: control characters, white space other than spaces, and what
/// Unicode calls ignorable by default. With one of them, a text may look like another, and a terminal may obey it.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_control()
        || c.is_whitespace() && c != ' '
        || matches!(u32::from(c),
            0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x202A..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB
            | 0x1_BCA0..=0x1_BCA3 | 0x1_D173..=0x1_D17A | 0xE_0000..=0xE_0FFF)
}

/// A text of the user's as it is printed: with escapes for what does not show.
pub(crate) fn escaped(text: &str) -> String {
    let escape = |c: char| if is_invisible(c) { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(escape).collect()
}

/// A text of a file as a message quotes it: as it stands there, but escaped and never longer than a line.
pub(crate) fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => escaped(&text[..end]) + "…",
        None => escaped(text),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(problem) | Error::Failed(problem) => write!(formatter, "{}", escaped(problem)),
            Error::Data { file, line, column, problem } => {
                write!(formatter, "{}:{line}:{column}: {problem}", escaped(file))
            }
            Error::File { path, action, source } => {
                write!(formatter, "cannot {action} {}: {source}", escaped(&path.display().to_string()))
            }
            Error::Output(source) => write!(formatter, "cannot write to standard output: {source}"),
        }
    }
}

// A system's reason is part of the message, and so no `source`.
impl std::error::Error for Error {}
