//! The lines of a data file, read one after the other, and their fields.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::training::error::Error;
use crate::training::values::is_missing;

/// The longest line, in bytes, which bounds the memory that a file without line ends takes.
const LONGEST: u64 = 1 << 20;

pub(super) struct Field<'a> {
    /// The byte of the line where it begins.
    pub(super) at: usize,
    /// Without quotes and the white space around it.
    pub(super) text: Cow<'a, str>,
}

/// The fields of a line, or the byte of a quote that does not end. A space stands for runs of spaces and tabs; a separator
/// behind as many fields as `columns` is followed by none.
pub(super) fn fields(line: &str, separator: u8, columns: usize) -> Result<Vec<Field<'_>>, usize> {
    let (mut fields, mut start, mut quote) = (Vec::with_capacity(columns), 0, None);
    for (end, byte) in line.bytes().chain([separator]).enumerate() {
        if byte == b'"' {
            quote = if quote.is_none() { Some(end) } else { None };
        } else if quote.is_none() && (byte == separator || byte == b'\t' && separator == b' ') {
            let at = end - line[start..end].trim_start().len();
            let bare = line[at..end].trim_end();
            let quoted = bare.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let text: Cow<str> = quoted.map_or(bare.into(), |text| text.trim().replace("\"\"", "\"").into());
            let is_last = end == line.len() && fields.len() == columns;
            if !(separator == b' ' && bare.is_empty() || is_last && text.is_empty()) {
                fields.push(Field { at, text });
            }
            start = end + 1;
        }
    }
    quote.map_or(Ok(fields), Err)
}

/// The lines of a file but for comments and blank ones.
pub(super) struct Lines<R> {
    file: String,
    pub(super) source: BufReader<R>,
    /// The byte that ends a line.
    end: u8,
    /// The number of the line that was read last, from 1, and its text without line end.
    pub(super) number: usize,
    pub(super) text: String,
    /// The number of comments, and the last of them.
    pub(super) comments: usize,
    pub(super) comment: String,
}

impl<R: Read> Lines<R> {
    /// Reads the first block of a file, and refuses what is no text.
    pub(super) fn of(file: &str, source: R) -> Result<Self, Error> {
        let mut source = BufReader::with_capacity(1 << 16, source);
        let block = source.fill_buf().map_err(|source| Error::file(Path::new(file), "read", source))?;
        let is_text =
            !block.starts_with(b"\xFF\xFE") && !block.starts_with(b"\xFE\xFF") && !block.contains(&0);
        // A carriage return alone ends the lines of old spreadsheets.
        let is_old = block.iter().rev().skip(1).any(|&byte| byte == b'\r') && !block.contains(&b'\n');
        let (file, end) = (file.to_owned(), if is_old { b'\r' } else { b'\n' });
        let (number, text, comments, comment) = (0, String::new(), 0, String::new());
        let lines = Lines { file, source, end, number, text, comments, comment };
        let problem = "the file is UTF-16 or no text: save it as CSV in UTF-8";
        if is_text { Ok(lines) } else { Err(lines.error(0, problem)) }
    }

    /// An error at a byte of the line that was read last.
    pub(super) fn error(&self, at: usize, problem: impl Into<String>) -> Error {
        let (line, column) = (self.number.max(1), self.text[..at].chars().count() + 1);
        Error::Data { file: self.file.clone(), line, column, problem: problem.into() }
    }

    /// Reads the next line that is neither a comment nor blank; false at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        loop {
            let mut bytes = std::mem::take(&mut self.text).into_bytes();
            bytes.clear();
            let mut source = self.source.by_ref().take(LONGEST + 1);
            let refused = |source| Error::file(Path::new(&self.file), "read", source);
            let length = source.read_until(self.end, &mut bytes).map_err(refused)?;
            if length == 0 {
                return Ok(false);
            }
            self.number += 1;
            if length as u64 > LONGEST {
                return Err(self.error(0, format!("a line of more than {LONGEST} bytes, which is no row")));
            }
            while bytes.last().is_some_and(|&last| last == self.end || last == b'\r') {
                bytes.pop();
            }
            if self.number == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            self.text = String::from_utf8(bytes).map_err(|invalid| {
                let valid = invalid.utf8_error().valid_up_to();
                self.text = String::from_utf8_lossy(&invalid.as_bytes()[..valid]).into_owned();
                self.error(valid, "a byte that is not UTF-8: save the file as CSV in UTF-8")
            })?;
            // White space that may be a separator makes a row of missing values.
            let text = self.text.trim_start_matches(' ');
            // A spreadsheet's error is a missing value.
            let begins_missing = || text.split([',', ';', '\t', ' ']).next().is_some_and(is_missing);
            if text.starts_with(['#', '%']) && !begins_missing() {
                // A ruled line hides no header.
                if text.contains(char::is_alphanumeric) {
                    self.comment = text.trim_start_matches(['#', '%']).to_owned();
                }
                self.comments += 1;
            } else if !text.is_empty() {
                return Ok(true);
            }
        }
    }
}
