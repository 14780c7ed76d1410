//! The grammar of data files. They are read row by row, in one pass: the rows read are the rows of the file, or an error.
//!
//! - **Text** is UTF-8 with lines of at most 2²⁰ bytes. A line that begins with `#` or `%` is a comment, unless it is a
//!   spreadsheet's error, as `#N/A`; blank lines may stand above and below the rows.
//! - **A row** is D numbers and then the class, in fields with one separator: of semicolons, tabs (unless commas stand beside
//!   them) and commas the first that divides the first line into D + 1 fields, else the first that divides it, else spaces. White
//!   space around a field does not count; quotes may stand around it, a quote inside is doubled. A separator at a row's end is
//!   no further field.
//! - **A number** is as Rust's `f64::from_str` reads it, up to 10³⁰. A missing value is refused, as input and as class.
//! - **A class** is an integer (`2`, `2.0`) or a name, written in one way in a file. Integers from 0 to K − 1 are what they say.
//!   Of others there are exactly K, in ascending order 0, 1, …: integers alone or names alone.
//! - **A header** is a first line whose last field is no class (no number, not missing, not the class of a row below), if no
//!   field is a number or missing, or if the last names the class (`0,1,target`). A comment right above the rows that reads so,
//!   in as many fields with the same separator, is their header. Names with that of the class before the last are refused. So
//!   is a first line of 0, 1, … D − 1, unless nothing, an integer other than D, a known class or a missing one follows.
//! - **A further file** has the classes of the first, and its header up to case, punctuation and units, or none. If the first
//!   had none, it may have any.
//! - **Rows to predict** may lack the class, all of them the column or some the value. Their first line is a header only if it
//!   has the names of the first file's header, since rows are answered as they come; if all of it are numbers, it is refused.

use std::io::Read;

use crate::training::error::{Error, escaped, shortened};
use crate::training::names::{CLASS_LAST, Classes, Names, are_alike, listed, names_class};
use crate::training::numbers::counted;
use crate::training::table::{Line, Lines, plain_number};
use crate::training::values::{input, is_missing, is_number, refusal, refuse_invisible};

/// A row of a file, beside its inputs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Its line, from 1.
    pub line: usize,
    /// Its class, if it has one.
    pub class: Option<usize>,
}

/// A file of training or validation data.
pub(super) struct Contents<const D: usize> {
    pub(super) samples: Vec<[f64; D]>,
    /// The class of each sample, below K.
    pub(super) labels: Vec<usize>,
    pub(super) names: Names,
    /// The inferences, for the user; `None` if the file is in the plain form.
    pub(super) reading: Option<String>,
}

/// Reads a file of K classes; with the names of other data it is a further file of these.
pub(super) fn read<const D: usize>(
    file: &str,
    source: impl Read,
    classes: usize,
    like: Option<&Names>,
) -> Result<Contents<D>, Error> {
    let classes = Classes { expected: classes, like, met: Vec::new() };
    let mut rows = Rows::<_, D>::of(file, source, classes, false)?;
    let (mut samples, mut labels) = (Vec::new(), Vec::new());
    loop {
        // Read in its place: to copy what was just written number by number is slow.
        samples.push([0.0; D]);
        let Some(Row { class, .. }) = rows.next(&mut samples[labels.len()])? else { break };
        labels.push(class.unwrap_or_default());
    }
    samples.truncate(labels.len());
    rows.contents(samples, labels)
}

/// The rows of a file, one after the other.
pub struct Rows<'a, R, const D: usize> {
    lines: Lines<R>,
    classes: Classes<'a>,
    is_to_predict: bool,
    /// The separator, and its name.
    separator: u8,
    separators: &'static str,
    /// The fields of a row: D, or D + 1 with the class.
    columns: usize,
    /// The first line: its number, its text, and whether it is the header, as far as the rows that were read tell.
    number: usize,
    text: String,
    is_header: bool,
    /// The fields of the header, be it the first line or a comment.
    header: Option<Vec<String>>,
    /// The rows read.
    count: usize,
    /// The first input of the first row, and whether those of the others count up from it.
    start: f64,
    counts: bool,
}

const INDEX: &str = "the first column counts the rows or names them: write the file without it (pandas: index=False; R: \
                     row.names = FALSE)";

const AMBIGUOUS: &str = "this may be a header: remove it; or a row: write 0.0 for 0, or a header above it";

impl<'a, R: Read, const D: usize> Rows<'a, R, D> {
    /// The rows of a file, with or without a class, for prediction: columns and classes mean what `names` say.
    ///
    /// # Errors
    ///
    /// As those of [`next`](Self::next), about the first line.
    pub fn to_predict(file: &str, source: R, names: &'a Names) -> Result<Self, Error> {
        let classes = Classes { expected: names.classes.len(), like: Some(names), met: Vec::new() };
        Rows::of(file, source, classes, true)
    }

    fn of(file: &str, source: R, classes: Classes<'a>, is_to_predict: bool) -> Result<Self, Error> {
        let mut lines = Lines::of(file, source)?;
        if !lines.advance(true)? {
            return Err(Line { file, number: 1, text: "" }.error(0, "no rows, expected at least one"));
        }
        let line = lines.line()?;
        let (separator, separators, fields) = form_of::<D>(line)?;
        let (number, text) = (line.number, line.text.to_owned());
        let (columns, count, start, counts, is_header, header) = (fields.len(), 0, 0.0, true, false, None);
        #[rustfmt::skip]
        let mut rows = Rows {
            lines, classes, is_to_predict, separator, separators, columns, number, text, is_header, header, count, start, counts,
        };
        rows.find_header(&fields).map_err(|problem| rows.error(problem))?;
        Ok(rows)
    }

    /// An error about the first line.
    fn error(&self, problem: impl Into<String>) -> Error {
        Line { file: &self.lines.file, number: self.number, text: "" }.error(0, problem)
    }

    /// Finds the header, the first line or the comment above it. Refuses a first line that is neither a header nor a row, or may
    /// be both.
    fn find_header(&mut self, fields: &[String]) -> Result<(), String> {
        let is_name = |field: &&String| !is_number(field) && !is_missing(field);
        // The column of row names has none.
        if ["", "Unnamed: 0"].contains(&&*fields[0]) && fields.get(1).as_ref().is_some_and(is_name) {
            return Err(INDEX.to_owned());
        }
        if self.columns != D + 1 && !(self.is_to_predict && self.columns == D) {
            return Err(self.misfit());
        }
        let are_alike =
            |like: &Names| fields.iter().zip(&like.inputs).all(|(name, known)| are_alike(name, known));
        let is_known = self.classes.like.is_some_and(are_alike);
        let may_be_any = self.expected_names().is_none() && !self.is_to_predict;
        let is_header = (is_known || may_be_any) && self.are_names(fields);
        let comment =
            self.lines.comment.as_ref().map(|text| form_of::<D>(Line { file: "", number: 0, text }));
        let (separator, names) = match comment {
            _ if is_header => (self.separator, fields.to_vec()),
            Some(Ok((separator, _, names))) => (separator, names),
            _ => (0, Vec::new()),
        };
        if names.len() == self.columns && self.are_names(&names) {
            let is_class_last = names.get(D).is_some_and(|name| names_class(name));
            if let Some(name) = names[..D].iter().find(|name| names_class(name) && !is_class_last) {
                return Err(format!("column '{}': {CLASS_LAST}", shortened(name)));
            }
            names.iter().try_for_each(|name| refuse_invisible("column", name))?;
            // The words of a comment that are separated otherwise than the rows may be any.
            if separator == self.separator {
                (self.is_header, self.header) = (is_header, Some(names));
                return Ok(());
            }
        }
        let is_numbered = fields[..D].iter().enumerate().all(|(n, field)| *field == n.to_string());
        let is_no_class = |class: &String| *class == D.to_string() || !self.classes.may_have(class);
        let may_be_both = fields.get(D).map_or(is_known, |class| is_numbered && is_no_class(class));
        if may_be_both { Err(AMBIGUOUS.to_owned()) } else { Ok(()) }
    }

    /// Whether these may be names of columns: the last is no class of a row and names the class, or the others are no numbers.
    fn are_names(&self, fields: &[String]) -> bool {
        let class = fields.get(D);
        !class.is_some_and(|class| self.classes.may_have(class))
            && (class.is_some_and(|class| names_class(class))
                || fields.iter().all(|field| !is_number(field) && !is_missing(field)))
    }

    /// The names of the inputs, if the first file has any.
    fn expected_names(&self) -> Option<&'a Names> {
        self.classes.like.filter(|names| names.inputs != Names::neutral(D, 0).inputs)
    }

    /// The columns that are expected, in a sentence.
    fn expected(&self) -> String {
        let inputs = self.expected_names().map_or_else(|| counted(D, "input"), |names| listed(&names.inputs));
        format!("{inputs} and then the class{}", if self.is_to_predict { " or nothing" } else { "" })
    }

    /// What is wrong with the number of columns of the first line.
    fn misfit(&self) -> String {
        let (count, classes, separators) = (self.columns, self.classes.expected, self.separators);
        let one_hot = if count == D + classes { "; one-hot classes: df.idxmax(axis=1)" } else { "" };
        let (shown, found, expected) = (shortened(&self.text), counted(count, "column"), self.expected());
        format!(
            "'{shown}' has {found} separated by {separators}, expected {expected} (pandas chooses columns by df[[\"x\", …, \"class\"]]{one_hot}; the \
             README says which program takes which numbers)"
        )
    }

    /// Reads the next row and its inputs; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, [`Error::Data`] if the next line is no row, or if there is none at all.
    pub fn next(&mut self, inputs: &mut [f64; D]) -> Result<Option<Row>, Error> {
        if (self.is_header || self.count > 0) && !self.lines.advance(false)? {
            let problem = "no rows below this line, expected at least one";
            return if self.count > 0 { Ok(None) } else { Err(self.error(problem)) };
        }
        let plain = self.plain_row(inputs);
        let row = plain.map_or_else(|| self.row(inputs), Ok)?;
        if self.count == 0 {
            self.start = inputs[0];
        }
        self.counts &= inputs[0] - self.start == self.count as f64;
        self.count += 1;
        Ok(Some(row))
    }

    /// Whether a part of the next row is at hand, so that it need not be waited for.
    pub fn is_at_hand(&self) -> bool {
        !self.lines.source.buffer().is_empty()
    }

    /// Reads the line, if it is a plain row: plain numbers, and then a class as it has stood at the end of another line.
    #[inline]
    fn plain_row(&self, inputs: &mut [f64; D]) -> Option<Row> {
        let (bytes, mut at) = (&self.lines.bytes[..], 0);
        for value in inputs {
            (*value, at) = plain_number(bytes, at, self.separator)?;
        }
        let class = match bytes.get(at..) {
            None if self.columns == D => None,
            Some(end) if self.columns > D => Some(self.classes.label_of_end(end)?),
            _ => return None,
        };
        Some(Row { line: self.lines.number, class })
    }

    /// Reads the line as a row.
    fn row(&mut self, inputs: &mut [f64; D]) -> Result<Row, Error> {
        let line = self.lines.line()?;
        let fields = line.fields(self.separator, D + 1)?;
        if fields.len() != self.columns {
            let (found, is_more) = (counted(fields.len(), "column"), fields.len() == self.columns + 1);
            let advice = if self.is_header && is_more { " (R: row.names = FALSE)" } else { "" };
            let problem = format!("{found}, expected {} as in line {}{advice}", self.columns, self.number);
            return Err(line.error(0, problem));
        }
        for (field, value) in fields.iter().zip(inputs) {
            let refused = || line.error(field.at, refusal(&field.text, &self.expected()));
            *value = input(&field.text).ok_or_else(refused)?;
        }
        let class = fields.get(D).filter(|class| !(self.is_to_predict && is_missing(&class.text)));
        Ok(Row { line: line.number, class: class.map(|class| self.classes.label(line, class)).transpose()? })
    }

    /// What is said of the form of the file, if it is not the plain one.
    pub fn form(&self) -> Option<String> {
        let (header, comments) = (self.is_header.then(|| "a header".to_owned()), self.lines.comments);
        let comments = (comments > 0).then(|| counted(comments, "comment line"));
        let skipped: Vec<String> = header.into_iter().chain(comments).collect();
        let counts = "the first column counts the rows and is read as an input".to_owned();
        let said = [
            (self.separator != b',').then(|| format!("separated by {}", self.separators)),
            (!skipped.is_empty()).then(|| format!("skipped: {}", skipped.join(" and "))),
            (self.columns > D && self.counts && self.count > 2).then_some(counts),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The contents of a file, of which these are the rows.
    fn contents(mut self, samples: Vec<[f64; D]>, mut labels: Vec<usize>) -> Result<Contents<D>, Error> {
        // The rows below tell that the first line has a class and is none of names.
        if self.is_header && self.header.as_ref().is_some_and(|fields| self.classes.may_have(&fields[D])) {
            (self.lines.number, self.lines.bytes) = (self.number, self.text.clone().into_bytes());
            self.row(&mut [0.0; D])?;
            return Err(self.error(AMBIGUOUS));
        }
        let form = self.form();
        let (classes, of_labels, said) = self.classes.known().map_err(|problem| self.error(problem))?;
        for label in &mut labels {
            *label = of_labels[*label];
        }
        let mut said: Vec<String> = said.into_iter().collect();
        let inputs = match (self.classes.like, self.header) {
            (Some(like), _) => like.inputs.clone(),
            (None, Some(mut names)) => {
                let class = listed(names.drain(D..));
                said.push(format!("{}: {}; class: {class}", counted(D, "input"), listed(&names)));
                names
            }
            (None, None) => {
                said.extend((form.is_some() || !said.is_empty()).then(|| counted(D, "input")));
                Names::neutral(D, 0).inputs
            }
        };
        said.extend(form);
        let reading =
            (!said.is_empty()).then(|| format!("{}: {}", escaped(&self.lines.file), said.join("; ")));
        Ok(Contents { samples, labels, names: Names { inputs, classes }, reading })
    }
}

/// The separator of a first line, its name, and the fields.
type Form = (u8, &'static str, Vec<String>);

fn form_of<const D: usize>(line: Line) -> Result<Form, Error> {
    let texts = |separator| -> Result<Vec<String>, Error> {
        Ok(line.fields(separator, D + 1)?.into_iter().map(|field| field.text.into_owned()).collect())
    };
    let inner = line.text.trim();
    let are_tabs = inner.contains('\t') && !inner.contains(",\t") && !inner.contains("\t,");
    let mut forms = Vec::new();
    for (separator, name) in [(b';', "semicolons"), (b'\t', "tabs"), (b',', "commas"), (b' ', "spaces")] {
        let fields = texts(separator).unwrap_or_default();
        if fields.len() > 1 && (separator != b'\t' || are_tabs) {
            forms.push((separator, name, fields));
        }
    }
    if forms.is_empty() {
        return Ok((b',', "commas", texts(b',')?));
    }
    let fits = |(separator, _, fields): &Form| fields.len() == D + 1 && *separator != b' ';
    Ok(forms.swap_remove(forms.iter().position(fits).unwrap_or(0)))
}
