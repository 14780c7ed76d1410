//! The text of a data file as a table: lines, the separator, quoted fields, a header.
//!
//! A file is UTF-8 text. Lines that begin with `#` or `%` are comments. Every other line is a row, but for the first, which is a
//! header if no field, except possibly the last, is a number, or if only the last is no number and names the class. One
//! separator holds for the whole file: the first line's semicolon, else its tab, else its comma, else runs of spaces. A field
//! may be quoted, with the separator or doubled quotes inside.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::training::names::names_class;
use crate::training::numbers::counted;
use crate::training::values::{is_missing, is_numbers, named};

/// A line, a column in it, both from 1, and what is wrong there.
pub(super) struct Fault(pub(super) usize, pub(super) usize, pub(super) String);

#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: usize,
    text: &'a str,
}

impl<'a> Line<'a> {
    /// A fault at a byte of this line.
    pub(super) fn fault(&self, at: usize, problem: impl Into<String>) -> Fault {
        Fault(self.number, self.text[..at].chars().count() + 1, problem.into())
    }

    /// The byte where a comment begins behind a field of this line, outside quotes. A `%` has a space behind it there.
    fn comment(self, separator: char) -> Option<usize> {
        let mut is_quoted = false;
        let begins = |&(at, c): &(usize, char)| {
            is_quoted ^= c == '"';
            if is_quoted || c != '#' && c != '%' {
                return false;
            }
            let before = self.text[..at].trim_end_matches(|c: char| c.is_whitespace() && c != '\t');
            let needs_space = c == '%' || separator == ' ';
            before.len() < at
                && !before.ends_with([separator, '\t'])
                && (!needs_space || self.text[at + 1..].starts_with(char::is_whitespace))
        };
        self.text.char_indices().find(begins).map(|(at, _)| at)
    }

    /// The text of a field whose quote stands at a byte of this line, before `inside`, and what follows the field.
    fn unquoted(
        self,
        at: usize,
        inside: &'a str,
        separates: impl Fn(char) -> bool,
    ) -> Result<(Cow<'a, str>, &'a str), Fault> {
        let mut end = 0;
        loop {
            let unclosed = || self.fault(at, "the quote that begins here does not end in this line");
            end += inside[end..].find('"').ok_or_else(unclosed)?;
            if !inside[end + 1..].starts_with('"') {
                break;
            }
            end += 2;
        }
        let after = &inside[end + 1..];
        let (gap, rest) = after.split_at(after.find(separates).unwrap_or(after.len()));
        if !gap.trim().is_empty() {
            return Err(self.fault(self.text.len() - after.len(), "text after a closing quote"));
        }
        Ok((inside[..end].trim().replace("\"\"", "\"").into(), rest))
    }
}

pub(super) struct Field<'a> {
    /// The byte of the line where it begins.
    pub(super) at: usize,
    /// Without white space around it.
    pub(super) text: Cow<'a, str>,
}

/// The lines of a file that are not comments, as rows of fields below an optional header.
pub(super) struct Table<'a> {
    pub(super) separator: char,
    pub(super) header: Option<Line<'a>>,
    /// At least one.
    pub(super) rows: Vec<Line<'a>>,
    /// The number of comments.
    pub(super) comments: usize,
    /// The columns of the first row, without an empty one that ends each row.
    pub(super) columns: usize,
    /// Whether a separator ends each row.
    pub(super) ends_empty: bool,
}

/// The lines that are not comments or blank, and the number of comments.
fn lines(bytes: &[u8]) -> Result<(Vec<Line<'_>>, usize), Fault> {
    const FOREIGN: [(&[u8], &str); 11] = [
        (b"\xFF\xFE", "UTF-16: save it as UTF-8"),
        (b"\xFE\xFF", "UTF-16: save it as UTF-8"),
        (b"PK\x03\x04", "a zip archive, as .xlsx and .npz are: save it as CSV"),
        (b"\x1F\x8B", "compressed by gzip: unpack it"),
        (b"\x93NUMPY", "numpy's .npy: write it with numpy.savetxt"),
        (b"\x80", "no text, as pickle's: save it as CSV"),
        (b"PAR1", "Parquet, no text: save it as CSV"),
        (b"\x89HDF", "HDF5, no text: save it as CSV"),
        (b"MATLAB 5.0", "MATLAB's .mat, no text: save it as CSV"),
        (b"<!", "HTML: download the data, not the page that shows them"),
        (b"<html", "HTML: download the data, not the page that shows them"),
    ];
    if let Some((_, problem)) =
        FOREIGN.into_iter().find(|(start, _)| bytes.trim_ascii_start().starts_with(start))
    {
        return Err(Fault(1, 1, format!("the file is {problem}")));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let (mut lines, mut comments, mut blank): (Vec<Line>, _, _) = (Vec::new(), 0, None);
    // A carriage return alone ends the lines of old spreadsheets.
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    for (index, bytes) in bytes.split(|&byte| byte == end).enumerate() {
        let text = std::str::from_utf8(bytes).map_err(|invalid| {
            let valid = String::from_utf8_lossy(&bytes[..invalid.valid_up_to()]);
            let problem =
                format!("byte 0x{:02X} is not UTF-8: save the file as UTF-8", bytes[invalid.valid_up_to()]);
            Fault(index + 1, valid.chars().count() + 1, problem)
        })?;
        let line = Line { number: index + 1, text: text.trim_end_matches('\r') };
        let invisible = |c: char| {
            c != '\t' && c.is_control()
                || matches!(c, '\u{FEFF}' | '\u{200B}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
        };
        if let Some((at, found)) = line.text.char_indices().find(|&(_, c)| invisible(c)) {
            let problem = match found {
                '\0' => "a zero byte, as in UTF-16 and in what is not text: save the file as CSV in UTF-8"
                    .to_owned(),
                _ => format!("the invisible character U+{:04X}: remove it", u32::from(found)),
            };
            return Err(line.fault(at, problem));
        }
        let text = line.text.trim();
        // A spreadsheet's error is a missing value.
        if text.starts_with(['#', '%'])
            && !is_missing(text.split([',', ';', '\t', ' ']).next().unwrap_or(text))
        {
            comments += 1;
        } else if text.is_empty() {
            // Before the first row it is a part of the header.
            blank = blank.or((!lines.is_empty()).then_some(line));
        } else if text.starts_with('@') {
            return Err(
                line.fault(0, "an ARFF header: remove the lines up to @data, and save the rest as CSV")
            );
        } else if lines.is_empty() && text.starts_with("sep=") {
            return Err(line.fault(0, "a line for Excel: remove it"));
        } else if let Some(blank) = blank {
            return Err(blank.fault(0, "blank line before a row: remove it, or end the file here"));
        } else {
            lines.push(line);
        }
    }
    Ok((lines, comments))
}

/// The separator of a line, outside quotes; a space for runs of white space. A comma beside a tab is the separator, any other
/// comma in a line with tabs a part of a number or a name.
fn separator_of(line: &str) -> char {
    let bare: String = line.trim().split('"').step_by(2).collect();
    let beside = |part: &str| part.trim().starts_with(',') || part.trim().ends_with(',');
    if bare.contains(';') {
        ';'
    } else if bare.contains('\t') && !bare.split('\t').any(beside) {
        '\t'
    } else if bare.contains(',') {
        ','
    } else {
        ' '
    }
}

impl<'a> Table<'a> {
    /// The table of which this many columns are needed.
    pub(super) fn of(bytes: &'a [u8], needed: usize) -> Result<Self, Fault> {
        let (mut rows, comments) = lines(bytes)?;
        let Some(&first) = rows.first() else {
            return Err(Fault(1, 1, "no rows, expected at least one".to_owned()));
        };
        let separator = separator_of(first.text);
        let mut table =
            Table { separator, header: None, rows: Vec::new(), comments, columns: 0, ends_empty: false };
        let names = table.count(first)?.saturating_sub(1).max(1);
        // The name of pandas' index is empty.
        let index = usize::from(names > 1 && table.text(first, 0).as_deref() == Some(""));
        let is_name = |field: Field| !is_numbers(&field.text) && !is_missing(&field.text);
        if table.fields(first).take(names).skip(index).all(|field| field.is_ok_and(is_name))
            || table.names_the_class(first, &rows[1..])
        {
            table.header = Some(rows.remove(0));
        }
        let Some(&row) = rows.first() else {
            return Err(first.fault(0, "a header without rows, expected at least one row"));
        };
        if let Some((row, at)) = rows.iter().find_map(|row| Some((row, row.comment(separator)?))) {
            let problem = "a comment at the end of a row: remove it, or quote the name that it is a part of";
            return Err(row.fault(at, problem));
        }
        table.columns = table.count(row)?;
        let last_is_empty = |&row: &Line<'a>| table.text(row, table.columns - 1).as_deref() == Some("");
        // A column with a name is one, though its class may be unknown.
        let is_named = table.header.is_some_and(|header| {
            let name = table.text(header, table.columns - 1);
            name.is_some_and(|name| !name.is_empty())
        });
        table.ends_empty = table.columns > needed && !is_named && rows.iter().all(last_is_empty);
        table.columns -= usize::from(table.ends_empty);
        table.rows = rows;
        Ok(table)
    }

    /// Whether a line with numbers is a header all the same: its last field names the column of classes and is no class.
    fn names_the_class(&self, line: Line<'a>, others: &[Line<'a>]) -> bool {
        let fields: Vec<_> = self.fields(line).filter_map(|field| Some(field.ok()?.text)).collect();
        let Some((last, names)) = fields
            .split_last()
            .filter(|(last, names)| !names.is_empty() && !is_numbers(last) && !is_missing(last))
        else {
            return false;
        };
        let counts = |from: usize| names.iter().zip(from..).all(|(name, n)| *name == n.to_string());
        let are_whole = names.iter().all(|name| name.parse::<i64>().is_ok());
        let is_word = names_class(last) || are_whole && last.eq_ignore_ascii_case("y");
        if !is_word && !counts(0) && !counts(1) {
            return false;
        }
        let classes = others.iter().filter_map(|&row| Some(self.fields(row).last()?.ok()?.text));
        let classes: BTreeSet<_> = classes.collect();
        // If each row had a class of its own, this one could be, too.
        !classes.contains(last) && (classes.len() < others.len() || is_word && are_whole)
    }

    /// Refuses a row of more or fewer columns than the first.
    pub(super) fn refuse_columns(&self, row: Line<'a>) -> Result<(), Fault> {
        let Table { separator, columns, ends_empty, ref rows, .. } = *self;
        let (count, columns) = (self.count(row)?, columns + usize::from(ends_empty));
        if count == columns {
            return Ok(());
        }
        let problem = format!(
            "{} separated by {}, expected {columns} as in line {}",
            counted(count, "column"),
            named(separator),
            rows[0].number
        );
        Err(row.fault(0, problem))
    }

    /// Whether the first column counts the rows.
    pub(super) fn counts_rows(&self) -> bool {
        let mut firsts = self.rows.iter().map(|&row| self.text(row, 0)).peekable();
        // Above pandas' index there may be column numbers.
        firsts.next_if(|first| first.as_deref() == Some(""));
        let numbers: Option<Vec<i64>> = firsts.map(|first| first?.parse().ok()).collect();
        numbers.is_some_and(|numbers| {
            numbers.len() > 1 && numbers.windows(2).all(|pair| pair[0].checked_add(1) == Some(pair[1]))
        })
    }

    /// Whether the first column has another integer in each of so many rows or more, as row numbers in any order do.
    pub(super) fn numbers_rows(&self, least: usize) -> bool {
        let firsts = self.rows.iter().map(|&row| self.text(row, 0)?.parse().ok());
        let numbers: Option<BTreeSet<i64>> = firsts.collect();
        self.rows.len() >= least && numbers.is_some_and(|numbers| numbers.len() == self.rows.len())
    }

    /// The fields of a line, or what is wrong with its quotes.
    pub(super) fn fields(&self, line: Line<'a>) -> impl Iterator<Item = Result<Field<'a>, Fault>> + use<'a> {
        let separator = self.separator;
        let separates = move |c: char| if separator == ' ' { c.is_whitespace() } else { c == separator };
        let mut rest = Some(line.text);
        std::iter::from_fn(move || {
            // Behind a fault, nothing follows.
            let rest_of_line = rest.take()?;
            let start =
                rest_of_line.trim_start_matches(|c: char| c.is_whitespace() && (c != separator || c == ' '));
            let at = line.text.len() - start.len();
            let split = if let Some(inside) = start.strip_prefix('"') {
                line.unquoted(at, inside, separates)
            } else {
                let (text, after) = start.split_at(start.find(separates).unwrap_or(start.len()));
                Ok((text.trim_end().into(), after))
            };
            Some(split.map(|(text, after)| {
                rest = match separator {
                    ' ' => Some(after.trim_start()).filter(|rest| !rest.is_empty()),
                    _ => after.strip_prefix(separator),
                };
                Field { at, text }
            }))
        })
    }

    /// The number of fields of a line.
    pub(super) fn count(&self, line: Line<'a>) -> Result<usize, Fault> {
        self.fields(line).try_fold(0, |count, field| field.map(|_| count + 1))
    }

    /// The text of a field, if there is one at this position.
    pub(super) fn text(&self, line: Line<'a>, position: usize) -> Option<Cow<'a, str>> {
        self.fields(line).nth(position)?.ok().map(|field| field.text)
    }
}
