//! The lines of a data file, read one after the other, and their fields.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::training::error::Error;
use crate::training::values::is_missing;

/// The longest line, in bytes, which bounds the memory that a file without line ends takes.
const LONGEST: u64 = 1 << 20;

/// A line of a file.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) file: &'a str,
    /// From 1.
    pub(super) number: usize,
    pub(super) text: &'a str,
}

pub(super) struct Field {
    /// The byte of the line where it begins.
    pub(super) at: usize,
    /// Without quotes and the white space around it.
    pub(super) text: String,
}

impl Line<'_> {
    /// An error at a byte of this line.
    pub(super) fn error(self, at: usize, problem: impl Into<String>) -> Error {
        let column = self.text[..at].chars().count() + 1;
        Error::Data { file: self.file.to_owned(), line: self.number, column, problem: problem.into() }
    }

    /// The fields of this line, or the error that a quote does not end. A space stands for runs of white space; a separator
    /// behind as many fields as `columns` is followed by none.
    pub(super) fn fields(self, separator: u8, columns: usize) -> Result<Vec<Field>, Error> {
        let separates = |c: char| c == char::from(separator) || c == '\t' && separator == b' ';
        let (mut fields, mut start, mut quote) = (Vec::with_capacity(columns), 0, None);
        for (end, c) in self.text.char_indices().chain([(self.text.len(), char::from(separator))]) {
            if c == '"' {
                quote = if quote.is_none() { Some(end) } else { None };
            } else if quote.is_none() && separates(c) {
                let at = end - self.text[start..end].trim_start().len();
                let bare = self.text[at..end].trim_end();
                let quoted = bare.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
                let text = quoted.map_or(bare.to_owned(), |text| text.trim().replace("\"\"", "\""));
                let is_last = end == self.text.len() && fields.len() == columns;
                if !(separator == b' ' && bare.is_empty() || is_last && text.is_empty()) {
                    fields.push(Field { at, text });
                }
                start = end + 1;
            }
        }
        match quote {
            Some(at) => Err(self.error(at, "this quote does not end in its line")),
            None => Ok(fields),
        }
    }
}

/// The lines of a file but for comments and blank ones.
pub(super) struct Lines<R> {
    pub(super) file: String,
    pub(super) source: BufReader<R>,
    /// The byte that ends a line.
    end: u8,
    /// The number of the line that was read last, and its bytes without line end.
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    /// The number of comments, and the last of them.
    pub(super) comments: usize,
    pub(super) comment: String,
}

impl<R: Read> Lines<R> {
    /// Reads the first block of a file, and refuses what is no text.
    pub(super) fn of(file: &str, source: R) -> Result<Self, Error> {
        const BLOCK: usize = 1 << 16;
        let mut source = BufReader::with_capacity(BLOCK, source);
        let block = source.fill_buf().map_err(|source| Error::file(Path::new(file), "read", source))?;
        let is_text =
            !block.starts_with(b"\xFF\xFE") && !block.starts_with(b"\xFE\xFF") && !block.contains(&0);
        // A carriage return alone ends the lines of old spreadsheets.
        let is_old = block.contains(&b'\r') && !block.contains(&b'\n');
        let (file, end) = (file.to_owned(), if is_old { b'\r' } else { b'\n' });
        let (number, bytes, comments, comment) = (0, Vec::new(), 0, String::new());
        let lines = Lines { file, source, end, number, bytes, comments, comment };
        if !is_text {
            return Err(lines.error("the file is UTF-16 or no text: save it as CSV in UTF-8"));
        }
        Ok(lines)
    }

    /// An error about the line that was read last, or the first.
    pub(super) fn error(&self, problem: impl Into<String>) -> Error {
        Line { file: &self.file, number: self.number.max(1), text: "" }.error(0, problem)
    }

    /// The line that was read last, if it is UTF-8.
    pub(super) fn line(&self) -> Result<Line<'_>, Error> {
        let line = Line { file: &self.file, number: self.number, text: "" };
        std::str::from_utf8(&self.bytes).map(|text| Line { text, ..line }).map_err(|invalid| {
            let valid = String::from_utf8_lossy(&self.bytes[..invalid.valid_up_to()]);
            let line = Line { text: &valid, ..line };
            line.error(valid.len(), "a byte that is not UTF-8: save the file as CSV in UTF-8")
        })
    }

    /// Reads the next line that is neither a comment nor blank; false at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        while self.read()? {
            // True below, too, but faster here.
            if self.bytes.first().is_some_and(u8::is_ascii_digit) {
                return Ok(true);
            }
            // White space that may be a separator makes a row of missing values.
            let text = self.line()?.text.trim_start_matches(' ');
            // A spreadsheet's error is a missing value.
            let first = text.split([',', ';', '\t', ' ']).next().unwrap_or_default();
            if text.starts_with(['#', '%']) && !is_missing(first) {
                self.comment = text.trim_start_matches(['#', '%']).to_owned();
                self.comments += 1;
            } else if !text.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Reads the next line of any kind.
    fn read(&mut self) -> Result<bool, Error> {
        self.bytes.clear();
        let mut source = self.source.by_ref().take(LONGEST + 1);
        let refused = |source| Error::file(Path::new(&self.file), "read", source);
        let length = source.read_until(self.end, &mut self.bytes).map_err(refused)?;
        self.number += usize::from(length > 0);
        if length as u64 > LONGEST {
            return Err(self.error(format!("a line of more than {LONGEST} bytes, which is no row")));
        }
        while self.bytes.last().is_some_and(|&last| last == self.end || last == b'\r') {
            self.bytes.pop();
        }
        if self.number == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.bytes.drain(..3);
        }
        Ok(length > 0)
    }
}
