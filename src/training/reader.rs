//! The grammar of data files. They are read row by row, in one pass: the rows read are the rows of the file, or an error.
//!
//! - **Text** is UTF-8 with lines of at most 2²⁰ bytes. A line that begins with `#` or `%` is a comment, unless it is a
//!   spreadsheet's error, as `#N/A`. Blank lines do not count.
//! - **A row** is D numbers and then the class, in fields with one separator: of semicolons, tabs and commas the first that
//!   divides the first line into D + 1 fields, else (to predict) into D numbers or known names, else of semicolons and commas
//!   the first that divides it, else runs of spaces and tabs. White space around a field does not count; quotes may stand
//!   around it, a quote inside is doubled. A separator at a row's end is no further field.
//! - **A number** is as Rust's `f64::from_str` reads it, up to 10³⁰. A missing value is refused, as input and as class.
//! - **A class** is an integer (`2`, `2.0`, `class 2`) or a name, written in one way in a file. Integers from 0 to K − 1 are what they say.
//!   Of others there are exactly K, in ascending order 0, 1, …: integers alone or names alone.
//! - **A header** is a first line whose last field is no class (no number, not missing, not the class of a row below), if no
//!   field is a number or missing, or if the last names the class (`0,1,target`). The last comment above the rows that reads
//!   so, with the same separator, is their header. Names with that of the class before the last are refused,
//!   and a first line of 0, 1, … D.
//! - **A further file** has the classes of the first, and its header up to case and punctuation, or none. If the first had none,
//!   it may have any.
//! - **Rows to predict** may lack the class, all of them the column or some the value. Their first line is a header only if it
//!   has the names of the first file's header, since rows are answered as they come; if these are numbers, it is refused.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::training::dataset::Dataset;
use crate::training::error::{Error, escaped, is_invisible};
use crate::training::names::{Classes, Names, are_alike, listed, names_class};
use crate::training::numbers::counted;
use crate::training::table::{Lines, fields, input, is_missing, is_number, kind, plain_input, refusal};

impl<const D: usize, const K: usize> Dataset<D, K> {
    /// Reads a file, as [`parse`](Self::parse) does.
    ///
    /// # Errors
    ///
    /// As there, or [`Error::File`] if it cannot be opened.
    pub fn read(path: impl AsRef<Path>, like: Option<&Names>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|source| Error::file(path, "read", source))?;
        Dataset::parse(&path.display().to_string(), file, like)
    }

    /// Reads the contents of a file called `file`. With the names of other data it is a further file of these: columns and
    /// classes mean what they do there.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if they cannot be read; [`Error::Data`], naming line and column, for whatever is not in the
    /// [grammar](self).
    ///
    /// ```
    /// use backprop::training::dataset::Dataset;
    ///
    /// let data = Dataset::<2, 2>::parse("a.csv", &b"x y class\n0 1 right\n2 3 left\n"[..], None)?;
    /// assert_eq!((data.samples(), data.labels()), (&[[0.0, 1.0], [2.0, 3.0]][..], &[1, 0][..]));
    /// let reading = "a.csv: classes left, right are 0, 1; header: x, y, class; separated by ' '";
    /// assert_eq!(data.reading(), Some(reading));
    ///
    /// let error = Dataset::<2, 2>::parse("xor.dat", &b"0.0,0.0,0\n1.0,one,1\n"[..], None).unwrap_err();
    /// let message = "xor.dat:2:5: 'one' is not a number, expected 2 inputs and then the class";
    /// assert_eq!(error.to_string(), message);
    /// # Ok::<(), backprop::training::error::Error>(())
    /// ```
    pub fn parse(file: &str, contents: impl Read, like: Option<&Names>) -> Result<Self, Error> {
        let mut rows = Rows::<_, D>::of(file, contents, Some(K), like)?;
        let (mut samples, mut labels) = (Vec::new(), Vec::new());
        loop {
            // Read in its place: to copy what was just written number by number is slow.
            samples.push([0.0; D]);
            let Some((_, class)) = rows.next(&mut samples[labels.len()])? else { break };
            labels.push(class.unwrap_or_default());
        }
        samples.pop();
        let (of_labels, known) = rows.classes.sort().map_err(|problem| rows.lines.error(0, problem))?;
        for label in &mut labels {
            *label = of_labels[*label];
        }
        let counts = samples.len() > 2 && samples.windows(2).all(|rows| rows[1][0] - rows[0][0] == 1.0);
        let counts = counts.then(|| "the first column counts the rows and is read as an input".to_owned());
        let said: Vec<String> = known.into_iter().chain(rows.form()).chain(counts).collect();
        let inputs =
            like.map(|names| &names.inputs[..]).or(rows.header.as_ref().map(|(_, names)| &names[..D]));
        let inputs = inputs.map_or_else(|| Names::neutral(D, 0).inputs, <[String]>::to_vec);
        let mut data = Dataset::new(samples, labels).named(Names { inputs, classes: rows.classes.names });
        data.reading = (!said.is_empty()).then(|| format!("{}: {}", escaped(file), said.join("; ")));
        Ok(data)
    }
}

/// The rows of a file, one after the other.
pub struct Rows<'a, R, const D: usize> {
    lines: Lines<R>,
    /// The names of other data, of which the file is a further one.
    like: Option<&'a Names>,
    classes: Classes,
    is_to_predict: bool,
    separator: u8,
    /// The fields of a row: D, or D + 1 with the class.
    columns: usize,
    /// The line of the header, unless it is a comment, and its fields.
    header: Option<(Option<usize>, Vec<String>)>,
    /// Whether the line at hand was read as a row.
    is_read: bool,
}

impl<'a, R: Read, const D: usize> Rows<'a, R, D> {
    /// The rows of a file, with or without a class, for prediction: columns and classes mean what `names` say.
    ///
    /// # Errors
    ///
    /// As those of [`next`](Self::next), about the first line.
    pub fn to_predict(file: &str, source: R, names: &'a Names) -> Result<Self, Error> {
        Rows::of(file, source, None, Some(names))
    }

    /// The rows of a file of K classes; without K, for prediction.
    fn of(file: &str, source: R, k: Option<usize>, like: Option<&'a Names>) -> Result<Self, Error> {
        let mut lines = Lines::of(file, source)?;
        if !lines.advance()? {
            return Err(lines.error(0, "no rows, expected at least one"));
        }
        let (is_to_predict, names) = (k.is_none(), like.map_or(Vec::new(), |names| names.classes.clone()));
        let (separator, fields) = divided::<D>(&lines.text, like.filter(|_| is_to_predict));
        let columns = if is_to_predict && fields.len() == D { D } else { D + 1 };
        let classes =
            Classes { expected: k.unwrap_or(names.len()), are_known: like.is_some(), names, met: Vec::new() };
        let mut rows =
            Rows { lines, like, classes, is_to_predict, separator, columns, header: None, is_read: false };
        rows.find_header(&fields).map_err(|problem| rows.lines.error(0, problem))?;
        if matches!(rows.header, Some((Some(_), _))) && !rows.lines.advance()? {
            return Err(rows.lines.error(0, "no rows below this line, expected at least one"));
        }
        Ok(rows)
    }

    /// Finds the header, the first line or a comment above it.
    fn find_header(&mut self, fields: &[String]) -> Result<(), String> {
        if fields.len() != self.columns {
            return Ok(());
        }
        let are_known =
            |like: &Names| fields.iter().zip(&like.inputs).all(|(name, known)| are_alike(name, known));
        let is_known = self.like.is_some_and(are_known);
        let may_be_any = self.expected_names().is_none() && !self.is_to_predict;
        let is_header = (is_known || may_be_any) && self.are_names(fields);
        let (separator, names) = if is_header {
            (self.separator, fields.to_vec())
        } else {
            divided::<D>(&self.lines.comment, self.like.filter(|_| self.is_to_predict))
        };
        if self.are_names(&names) {
            let is_class_last = names.get(D).is_some_and(|name| names_class(name));
            if let Some(class) = names[..D].iter().find(|name| names_class(name) && !is_class_last) {
                return Err(refusal(class, "a column before the last", &self.expected()));
            }
            if let Some(name) = names.iter().find(|name| name.contains(is_invisible)) {
                return Err(refusal(name, kind(name), "the name of a column"));
            }
            // The words of a comment that are separated otherwise than the rows, or that make a sentence, may be any.
            if separator == self.separator && (is_header || separator != b' ' || is_class_last) {
                self.header = Some((is_header.then_some(self.lines.number), names));
                return Ok(());
            }
        }
        let counts = fields.iter().enumerate().all(|(n, field)| *field == n.to_string());
        if self.columns == D && is_known || self.columns > D && counts {
            return Err(refusal(&fields.join(","), "a header or a row", "1.0 for 1 in a row, or no header"));
        }
        Ok(())
    }

    /// Whether these may be names of columns: the last is no class of a row, and it names the class or the others are no numbers.
    fn are_names(&self, fields: &[String]) -> bool {
        let class = fields.get(D);
        let is_class = |text: &str| self.like.is_some_and(|names| names.in_files().any(|name| name == text));
        let may_be_numbers = class.is_some_and(|class| names_class(class));
        fields.len() == self.columns
            && !class.is_some_and(|class| is_number(class) || is_class(class))
            && fields.iter().all(|field| !is_missing(field) && (may_be_numbers || !is_number(field)))
    }

    /// The names of the inputs, if the first file has any.
    fn expected_names(&self) -> Option<&'a Names> {
        self.like.filter(|names| names.inputs != Names::neutral(D, 0).inputs)
    }

    /// The columns that are expected, in a sentence.
    fn expected(&self) -> String {
        let inputs = self.expected_names().map_or_else(|| counted(D, "input"), |names| listed(&names.inputs));
        format!("{inputs} and then the class{}", if self.is_to_predict { " or nothing" } else { "" })
    }

    /// Reads the inputs of the next row. Returns its line, from 1, and its class, if it has one; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, [`Error::Data`] if the next line is no row.
    #[inline]
    pub fn next(&mut self, inputs: &mut [f64; D]) -> Result<Option<(usize, Option<usize>)>, Error> {
        if self.is_read && !self.lines.advance()? {
            return Ok(None);
        }
        self.is_read = true;
        if let Some(row) = self.plain_row(inputs) { Ok(Some(row)) } else { self.row(inputs).map(Some) }
    }

    /// Whether a part of the next row is at hand, so that it need not be waited for.
    pub fn is_at_hand(&self) -> bool {
        !self.lines.source.buffer().is_empty()
    }

    /// Reads the line, if it is bare numbers and then a class as it has stood at the end of another line: [`row`](Self::row),
    /// faster.
    #[inline]
    fn plain_row(&self, inputs: &mut [f64; D]) -> Option<(usize, Option<usize>)> {
        let mut rest = self.lines.text.as_bytes().split(|&byte| byte == self.separator);
        for value in inputs {
            let field = rest.next()?;
            *value = plain_input(field).or_else(|| input(std::str::from_utf8(field).ok()?))?;
        }
        let class = match rest.next() {
            // Between quotes, the text of a class is another.
            Some(end) if self.columns > D && !end.contains(&b'"') => {
                Some(self.classes.met.iter().find(|(met, _)| met.as_bytes() == end)?.1)
            }
            None if self.columns == D => None,
            _ => return None,
        };
        rest.next().is_none().then_some((self.lines.number, class))
    }

    /// Reads the line as a row.
    fn row(&mut self, inputs: &mut [f64; D]) -> Result<(usize, Option<usize>), Error> {
        let lines = &self.lines;
        let open = |at| lines.error(at, "this quote does not end in its line");
        let fields = fields(&lines.text, self.separator, D + 1).map_err(open)?;
        if fields.len() != self.columns {
            let columns = counted(fields.len(), "column");
            let is_one_hot = fields.len() == D + self.classes.expected
                && fields[D..].iter().all(|(_, text)| ["0", "1", "False", "True"].contains(&&**text));
            let advice = if is_one_hot { ", one-hot classes (pandas: df.idxmax(axis=1))" } else { "" };
            let found = format!("{columns} separated by {:?}{advice}", char::from(self.separator));
            return Err(lines.error(0, refusal(&lines.text, &found, &self.expected())));
        }
        for ((at, text), value) in fields.iter().zip(inputs) {
            let refused = || lines.error(*at, refusal(text, kind(text), &self.expected()));
            *value = input(text).ok_or_else(refused)?;
        }
        let line = lines.number;
        let class = fields.get(D).filter(|(_, class)| !(self.is_to_predict && is_missing(class)));
        let Some((at, text)) = class else { return Ok((line, None)) };
        if let Some((Some(first), header)) = self.header.as_ref().filter(|(_, names)| names[D] == *text) {
            let found = format!("no header, since line {line} has its class");
            let problem = refusal(&header.join(","), &found, &self.expected());
            self.lines.number = *first;
            return Err(self.lines.error(0, problem));
        }
        let label = self.classes.label(text).map_err(|problem| lines.error(*at, problem))?;
        Ok((line, Some(label)))
    }

    /// What is said of the form of the file, if it is not the plain one.
    pub fn form(&self) -> Vec<String> {
        let header = self.header.as_ref().map(|(_, names)| format!("header: {}", listed(names)));
        let separator = char::from(self.separator);
        let separator = (separator != ',').then(|| format!("separated by {separator:?}"));
        let comments = self.lines.comments;
        let comments = (comments > 0).then(|| counted(comments, "comment line") + " skipped");
        [header, separator, comments].into_iter().flatten().collect()
    }
}

/// The separator of a first line, and its fields: none if its quotes do not end.
fn divided<const D: usize>(text: &str, predicted: Option<&Names>) -> (u8, Vec<String>) {
    let divide = |separator: u8| -> Vec<String> {
        let fields = fields(text, separator, D + 1).unwrap_or_default();
        fields.into_iter().map(|(_, text)| text.into_owned()).collect()
    };
    // Of rows to predict without the class: names with spaces may stand between tabs.
    let are_inputs = |names: &Names, fields: &[String]| {
        let is_input = |(field, name): (&String, &String)| {
            is_number(field) || is_missing(field) || are_alike(field, name)
        };
        D > 1 && fields.len() == D && fields.iter().zip(&names.inputs).all(is_input)
    };
    let rank = |separator: &u8| match (*separator, &divide(*separator)[..]) {
        (b' ', _) => 3,
        (_, fields) if fields.len() == D + 1 => 0,
        (_, fields) if predicted.is_some_and(|names| are_inputs(names, fields)) => 1,
        (b';' | b',', [_, _, ..]) => 2,
        _ => 4,
    };
    let separator = [b';', b'\t', b',', b' '].into_iter().min_by_key(rank).unwrap_or(b' ');
    (separator, divide(separator))
}
