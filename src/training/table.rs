//! The lines of a data file, read one after the other; their fields; and what a field is: a number, missing, or a name.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::training::error::{Error, is_invisible, shortened};

/// The longest line, in bytes, which bounds the memory that a file without line ends takes.
const LONGEST: u64 = 1 << 20;

/// The fields of a line, each with the byte where it begins and without quotes and the white space around it; or the byte of a
/// quote that does not end. A space stands for runs of spaces and tabs; a separator behind as many fields as `columns` is
/// followed by none.
pub(super) fn fields(line: &str, separator: u8, columns: usize) -> Result<Vec<(usize, Cow<'_, str>)>, usize> {
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
                fields.push((at, text));
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

/// The largest input: squares of gradients, and of bounds on their errors, do not overflow.
pub(super) const LARGEST: f64 = 1e30;

/// What Python, R, SQL, SAS, Stata, Julia, spreadsheets and old C libraries write for a missing value, beside all that Rust reads
/// as NaN.
const MISSING: [&str; 22] = [
    "", "?", ".", "--", "NA", "N/A", "n/a", "na", "None", "NULL", "null", "\\N", "<NA>", "NaT", "missing",
    "#N/A", "#NA", "#NV", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND",
];

pub(super) fn is_missing(text: &str) -> bool {
    // As #VALUE! and #NAME?, in any language.
    let is_error = text.starts_with('#') && text.ends_with(['!', '?']) && !text.contains(char::is_lowercase);
    is_error && text.len() > 2 || MISSING.contains(&text) || text.parse().is_ok_and(f64::is_nan)
}

pub(super) fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

/// An input, if a field is one.
pub(super) fn input(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.abs() <= LARGEST)
}

/// As [`input`], but faster, of a number in at most 15 digits and a point: its digits and the power of ten are exact, so that
/// their quotient is the number nearest to what is written. `None` if it is written otherwise.
#[inline]
pub(super) fn plain_input(text: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let size = text.strip_prefix(b"-").unwrap_or(text);
    let (mut digits, mut count, mut point) = (0_u64, 0, None);
    for byte in size {
        if byte.is_ascii_digit() {
            digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            count += 1;
        } else if *byte == b'.' && point.is_none() {
            point = Some(count);
        } else {
            return None;
        }
    }
    let sign = if size.len() == text.len() { 1.0 } else { -1.0 };
    let decimals = count - point.unwrap_or(count);
    (1..16).contains(&count).then(|| sign * (digits as f64 / POWERS[decimals]))
}

/// What a field is that is neither an input nor a class.
pub(super) fn kind(text: &str) -> &'static str {
    if is_missing(text) {
        "a missing value (pandas: df.dropna() removes the row)"
    } else if text.contains(is_invisible) {
        "a text with an invisible character"
    } else if is_number(text) {
        "a number beyond 1e30"
    } else if text.contains(',') && is_number(&text.replace(',', ".")) {
        "a number with a comma in place of a decimal point"
    } else {
        "not a number"
    }
}

/// The sentence about a text of a file.
pub(super) fn refusal(text: &str, found: &str, expected: &str) -> String {
    format!("'{}' is {found}, expected {expected}", shortened(text))
}
