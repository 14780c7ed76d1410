//! The lines of a data file, read one after the other, and their fields.

use std::borrow::Cow;
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

pub(super) struct Field<'a> {
    /// The byte of the line where it begins.
    pub(super) at: usize,
    /// Without quotes and the white space around it.
    pub(super) text: Cow<'a, str>,
}

impl<'a> Line<'a> {
    /// An error at a byte of this line.
    pub(super) fn error(self, at: usize, problem: impl Into<String>) -> Error {
        let column = self.text[..at].chars().count() + 1;
        Error::Data { file: self.file.to_owned(), line: self.number, column, problem: problem.into() }
    }

    /// The fields of this line, at least one, or what is wrong with its quotes. A space stands for runs of white space; a
    /// separator behind as many fields as `columns` is followed by none.
    pub(super) fn fields(self, separator: u8, columns: usize) -> Result<Vec<Field<'a>>, Error> {
        let line = self.text;
        let separates = |c: char| c == char::from(separator) || c == '\t' && separator == b' ';
        let is_around = |c: char| c.is_whitespace() && (separator == b' ' || !separates(c));
        let (mut fields, mut start) = (Vec::with_capacity(columns), 0);
        loop {
            let at = line.len() - line[start..].trim_start_matches(is_around).len();
            let is_quoted = line[at..].starts_with('"');
            let mut is_open = false;
            let length = line[at..].find(|c| {
                is_open ^= is_quoted && c == '"';
                !is_open && separates(c)
            });
            let end = length.map_or(line.len(), |length| at + length);
            let bare = line[at..end].trim();
            let text: Cow<str> = match bare.strip_prefix('"').filter(|_| is_quoted) {
                None => bare.into(),
                Some(quoted) => {
                    let is_whole = |inner: &&str| !is_open && !inner.replace("\"\"", "").contains('"');
                    let inner = quoted.strip_suffix('"').filter(is_whole);
                    let refused = || self.error(at, "this quote does not end with its field");
                    inner.ok_or_else(refused)?.trim().replace("\"\"", "\"").into()
                }
            };
            if fields.len() != columns || end < line.len() || !text.is_empty() {
                fields.push(Field { at, text });
            }
            if end == line.len() || separator == b' ' && line[end..].trim_start().is_empty() {
                return Ok(fields);
            }
            start = end + 1;
        }
    }
}

/// The number that begins at a byte of a line, and the byte behind its separator; `None` unless it is written plainly, as
/// digits and a point. Its digits, 15 at most, and the power of ten are exact, so that their quotient is the number nearest to
/// what is written.
#[inline]
pub(super) fn plain_number(line: &[u8], start: usize, separator: u8) -> Option<(f64, usize)> {
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let is_negative = line.get(start) == Some(&b'-');
    let first = start + usize::from(is_negative);
    let (mut digits, mut point, mut at) = (0_u64, None, first);
    let end = loop {
        let byte = line.get(at).copied().unwrap_or(separator);
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(digit));
        } else if byte == b'.' && point.is_none() {
            point = Some(at);
        } else {
            break byte;
        }
        at += 1;
    };
    let decimals = point.map_or(0, |point| at - point - 1);
    let count = at - first - usize::from(point.is_some());
    if end != separator || !(1..16).contains(&count) {
        return None;
    }
    let number = digits as f64 / POWERS[decimals];
    Some((if is_negative { -number } else { number }, at + 1))
}

/// The lines of a file but for comments and for blank lines at its beginning and end.
pub(super) struct Lines<R> {
    pub(super) file: String,
    pub(super) source: BufReader<R>,
    /// The byte that ends a line.
    end: u8,
    /// The number of the line that was read last, and its bytes without line end.
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    /// The number of comments.
    pub(super) comments: usize,
    /// The last comment, unless blank lines are below it.
    pub(super) comment: Option<String>,
}

impl<R: Read> Lines<R> {
    /// Reads the first block of a file, and refuses what is no text.
    pub(super) fn of(file: &str, source: R) -> Result<Self, Error> {
        const BLOCK: usize = 1 << 16;
        let mut source = BufReader::with_capacity(BLOCK, source);
        let block = source.fill_buf().map_err(|source| Error::file(Path::new(file), "read", source))?;
        if block.starts_with(b"\xFF\xFE") || block.starts_with(b"\xFE\xFF") || block.contains(&0) {
            let line = Line { file, number: 1, text: "" };
            return Err(line.error(0, "the file is UTF-16 or no text: save it as CSV in UTF-8"));
        }
        // A carriage return alone ends the lines of old spreadsheets.
        let is_old = block.contains(&b'\r') && !block.contains(&b'\n');
        let end = if is_old { b'\r' } else { b'\n' };
        let file = file.to_owned();
        Ok(Lines { file, source, end, number: 0, bytes: Vec::new(), comments: 0, comment: None })
    }

    /// The line that was read last, if it is UTF-8.
    pub(super) fn line(&self) -> Result<Line<'_>, Error> {
        let line = Line { file: &self.file, number: self.number, text: "" };
        std::str::from_utf8(&self.bytes).map(|text| Line { text, ..line }).map_err(|invalid| {
            let (valid, rest) = self.bytes.split_at(invalid.valid_up_to());
            let problem = format!("byte 0x{:02X} is not UTF-8: save the file as CSV in UTF-8", rest[0]);
            Line { text: &String::from_utf8_lossy(valid), ..line }.error(valid.len(), problem)
        })
    }

    /// Reads the next line; false at the end of the file.
    pub(super) fn advance(&mut self, is_first: bool) -> Result<bool, Error> {
        let mut blank = None;
        while self.read()? {
            // The same as below, faster.
            if blank.is_none() && self.bytes.first().is_some_and(u8::is_ascii_digit) {
                return Ok(true);
            }
            let line = self.line()?;
            let start = line.text.trim_start();
            let first = start.split([',', ';', '\t', ' ']).next().unwrap_or_default();
            if start.is_empty() {
                blank = blank.or(Some(self.number));
                self.comment = None;
            // A spreadsheet's error is a missing value.
            } else if start.starts_with(['#', '%']) && !is_missing(first) {
                self.comment = Some(start.trim_start_matches(['#', '%']).to_owned());
                self.comments += 1;
            } else if let Some(number) = blank.filter(|_| !is_first) {
                let problem = "a blank line before a row: remove it, or end the file here";
                return Err(Line { number, ..line }.error(0, problem));
            } else {
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
            let line = Line { file: &self.file, number: self.number, text: "" };
            return Err(line.error(0, format!("a line of more than {LONGEST} bytes, which is no row")));
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
