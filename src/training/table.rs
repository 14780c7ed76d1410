//! The lines of a data file, read one after the other, and their fields.

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};
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

    /// The fields of this line, at least one, or what is wrong with its quotes. A space stands for runs of spaces and tabs.
    pub(super) fn fields(self, separator: u8) -> Result<Vec<Field<'a>>, Error> {
        let line = self.text;
        let separates = |c: char| c == char::from(separator) || c == '\t' && separator == b' ';
        let behind_space = |from: usize| {
            let is_space = |c: char| c == ' ' || c == '\t' && separator != b'\t';
            line.len() - line[from..].trim_start_matches(is_space).len()
        };
        let mut fields = Vec::new();
        let mut next = Some(0);
        while let Some(start) = next {
            let at = behind_space(start);
            let close = line[at..].starts_with('"').then(|| self.closing_quote(at + 1)).transpose()?;
            let from = close.map_or(at, |close| close + 1);
            let end = line[from..].find(separates).map_or(line.len(), |length| from + length);
            let text = match close {
                None => line[at..end].trim().into(),
                Some(_) if !line[from..end].trim().is_empty() => {
                    return Err(self.error(from, "text after a closing quote"));
                }
                Some(close) => line[at + 1..close].trim().replace("\"\"", "\"").into(),
            };
            fields.push(Field { at, text });
            let behind = if separator == b' ' { behind_space(end) } else { end + 1 };
            let is_last = end == line.len() || separator == b' ' && behind == line.len();
            next = (!is_last).then_some(behind);
        }
        Ok(fields)
    }

    /// The byte of the quote that ends what begins at a byte.
    fn closing_quote(self, start: usize) -> Result<usize, Error> {
        let mut from = start;
        while let Some(quote) = self.text[from..].find('"').map(|length| from + length) {
            if !self.text[quote + 1..].starts_with('"') {
                return Ok(quote);
            }
            from = quote + 2;
        }
        Err(self.error(start - 1, "the quote that begins here does not end in this line"))
    }

    /// The texts of the fields; none if the quotes are wrong.
    pub(super) fn texts(self, separator: u8) -> Vec<String> {
        let fields = self.fields(separator).unwrap_or_default();
        fields.into_iter().map(|field| field.text.into_owned()).collect()
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
    source: BufReader<R>,
    /// The byte that ends a line.
    end: u8,
    /// The number of the line that was read last, and its bytes without line end.
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    /// The number of comments.
    pub(super) comments: usize,
    /// The comment right above the first line.
    pub(super) comment: Option<String>,
}

impl<R: Read> Lines<R> {
    /// Reads the first block of a file, and refuses what is no text.
    pub(super) fn of(file: &str, source: R) -> Result<Self, Error> {
        const BLOCK: usize = 1 << 16;
        let mut source = BufReader::with_capacity(BLOCK, source);
        let block = source.fill_buf().map_err(|source| unreadable(file, source))?;
        let refused = |line, column, problem: &str| {
            Err(Error::Data { file: file.to_owned(), line, column, problem: problem.to_owned() })
        };
        if block.starts_with(b"\xFF\xFE") || block.starts_with(b"\xFE\xFF") {
            return refused(1, 1, "the file is UTF-16: save it as UTF-8");
        }
        // A carriage return alone ends the lines of old spreadsheets.
        let returns = block.iter().skip_while(|&&byte| byte != b'\r');
        let is_old = !block.contains(&b'\n') && returns.copied().any(|byte| byte != b'\r');
        let end = if is_old { b'\r' } else { b'\n' };
        if let Some(zero) = block.iter().position(|&byte| byte == 0) {
            let mut above = block[..zero].rsplit(|&byte| byte == end);
            let (column, line) = (above.next().map_or(0, <[u8]>::len) + 1, above.count() + 1);
            return refused(
                line,
                column,
                "a zero byte: the file is UTF-16 or no text; save it as CSV in UTF-8",
            );
        }
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

    /// Whether the next line, or a part of it, is at hand.
    pub(super) fn is_at_hand(&self) -> bool {
        !self.source.buffer().is_empty()
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
                self.comment = self.comment.take().filter(|_| !is_first);
            // A spreadsheet's error is a missing value.
            } else if start.starts_with(['#', '%']) && !is_missing(first) {
                let comment = start.trim_start_matches(['#', '%']).to_owned();
                self.comment = is_first.then_some(comment).or(self.comment.take());
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
        let length =
            source.read_until(self.end, &mut self.bytes).map_err(|source| unreadable(&self.file, source))?;
        self.number += usize::from(length > 0);
        if length as u64 > LONGEST {
            let line = Line { file: &self.file, number: self.number, text: "" };
            return Err(line.error(0, format!("a line of more than {LONGEST} bytes, which is no row")));
        }
        if self.bytes.last() == Some(&self.end) {
            self.bytes.pop();
        }
        while self.bytes.last() == Some(&b'\r') {
            self.bytes.pop();
        }
        if self.number == 1 && self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.bytes.drain(..3);
        }
        Ok(length > 0)
    }
}

fn unreadable(file: &str, source: io::Error) -> Error {
    Error::file(Path::new(file), "read", source)
}
