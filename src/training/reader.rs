//! The grammar of data files. They are read row by row, in one pass: the rows read are the rows of the file, or an error.
//!
//! - **Text** is UTF-8 with lines of at most 2²⁰ bytes. A line that begins with `#` or `%` is a comment; blank lines may stand
//!   above and below the rows.
//! - **A row** is D numbers and then the class, in fields with one separator: of semicolons, tabs (unless commas stand beside
//!   them), commas and spaces, the first by which the first line has as many fields as a row, else the first that occurs. White
//!   space around a field does not count; quotes may stand around it, a quote inside is doubled. A separator at a row's end is
//!   no further field.
//! - **A number** is as Rust's `f64::from_str` reads it, up to 10³⁰. A missing value is refused, as input and as class.
//! - **A class** is an integer, however it is written (`2`, `2.0`), or a name. Integers from 0 to K − 1 are what they say. Of
//!   others there are exactly K, in ascending order 0, 1, …: integers alone or names alone.
//! - **A header** is a first line whose last field is no class: neither an integer nor missing nor the class of a row below. Its
//!   other fields are no numbers, unless the last names the class (`0,1,target`). Above rows without one, a comment of as many
//!   names as columns is their header.
//! - **A further file** has the classes of the first, and its header up to case, punctuation and units, or none. If the first
//!   had none, it may have any.
//! - **Rows to predict** may lack the class, all of them the column or some the value. Their first line is a header only if it
//!   has the names of the first file's header, since rows are answered as they come.

use std::fmt;
use std::io::Read;
use std::path::Path;

use crate::training::error::{Error, is_invisible, shortened};
use crate::training::names::{CLASS_LAST, Classes, Names, are_alike, listed, names_class};
use crate::training::numbers::counted;
use crate::training::table::{Field, Fields, Line, Lines, plain_number};
use crate::training::values::{input, is_missing, is_number, refusal};

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
    let mut rows = Rows::<_, D>::of(file, source, classes, like, false)?;
    let (mut samples, mut labels) = (Vec::new(), Vec::new());
    loop {
        // Read in its place: to copy what was just written number by number is slow.
        samples.push([0.0; D]);
        let Some(Row { class, .. }) = rows.next(&mut samples[labels.len()])? else { break };
        labels.push(class.unwrap_or_default());
    }
    samples.truncate(labels.len());
    let mut inputs = [0.0; D];
    if let Some(Row { class, .. }) = rows.close(&mut inputs)? {
        samples.insert(0, inputs);
        labels.splice(0..0, class);
    }
    rows.contents(samples, labels)
}

/// What the first line of a file is.
#[derive(Clone, Copy, PartialEq)]
enum First {
    Row,
    Header,
    /// The classes of the rows below will tell.
    Open,
}

/// The rows of a file, one after the other.
pub struct Rows<'a, R, const D: usize> {
    lines: Lines<R>,
    like: Option<&'a Names>,
    is_to_predict: bool,
    separator: u8,
    /// The number of the first line, and its text.
    first: (usize, String),
    first_is: First,
    /// The fields of a row: D, or D + 1 with the class.
    columns: usize,
    classes: Classes<'a>,
    /// The rows read.
    count: usize,
    /// Whether the first inputs of the rows count up by one.
    counts: bool,
    start: f64,
    /// Whether a row below the first line has no decimal point.
    has_whole_row: bool,
}

const INDEX: &str = "the first column counts the rows or names them: write the file without it (pandas: index=False; R: \
                     row.names = FALSE)";

const AMBIGUOUS: &str = "this may be a header, as pandas writes it of columns without names: remove it if it is one, else write \
                         its 0 as 0.0";

impl<'a, R: Read, const D: usize> Rows<'a, R, D> {
    /// The rows of a file, with or without a class, for prediction: columns and classes mean what `names` say.
    ///
    /// # Errors
    ///
    /// As those of [`next`](Self::next), about the first line.
    pub fn to_predict(file: &str, source: R, names: &'a Names) -> Result<Self, Error> {
        Rows::of(file, source, names.classes.len(), Some(names), true)
    }

    fn of(
        file: &str,
        source: R,
        classes: usize,
        like: Option<&'a Names>,
        is_to_predict: bool,
    ) -> Result<Self, Error> {
        let mut lines = Lines::of(file, source)?;
        if !lines.advance(true)? {
            return Err(Line { file, number: 1, text: "" }.error(0, "no rows, expected at least one"));
        }
        let first = (lines.line().number, lines.line().text.to_owned());
        let mut rows = Rows {
            lines,
            like,
            is_to_predict,
            separator: b' ',
            first,
            first_is: First::Row,
            columns: 0,
            classes: Classes::new(classes, like),
            count: 0,
            counts: true,
            start: 0.0,
            has_whole_row: false,
        };
        rows.find_separator();
        if rows.columns != D + 1 && !(is_to_predict && rows.columns == D) {
            return Err(rows.misfit(classes));
        }
        rows.first_is = rows.judged()?;
        Ok(rows)
    }

    fn first_line(&self) -> Line<'_> {
        Line { file: &self.lines.file, number: self.first.0, text: &self.first.1 }
    }

    /// The fields of a line before a fault in its quotes.
    fn fields<'b>(&self, line: Line<'b>) -> Vec<Field<'b>> {
        Fields::of(line.text, self.separator).map_while(Result::ok).collect()
    }

    fn find_separator(&mut self) {
        let line = self.first_line();
        let has_tabs = !line.text.contains(",\t") && !line.text.contains("\t,");
        let (mut chosen, mut rank) = ((b' ', 0), 0);
        for separator in [b';', b'\t', b',', b' '] {
            let fields: Vec<_> = Fields::of(line.text, separator).map_while(Result::ok).collect();
            let is_ended = fields.len() == D + 2 && fields[D + 1].text.is_empty();
            let count = fields.len() - usize::from(is_ended);
            let fits = count == D + 1 || self.is_to_predict && count == D;
            let its_rank = if separator == b'\t' && !has_tabs {
                0
            } else {
                1 + usize::from(count > 1) + usize::from(fits)
            };
            if its_rank > rank {
                (chosen, rank) = ((separator, count), its_rank);
            }
        }
        (self.separator, self.columns) = chosen;
    }

    /// What the first line is, as far as it tells.
    fn judged(&self) -> Result<First, Error> {
        let line = self.first_line();
        let fields = self.fields(line);
        if self.like.is_some_and(|like| {
            fields.iter().zip(&like.inputs).all(|(name, known)| are_alike(&name.text, known))
        }) {
            let is_row =
                fields[..D].iter().all(|field| is_number(&field.text)) && self.may_end_a_row(&fields);
            return if is_row { Err(line.error(0, AMBIGUOUS)) } else { Ok(First::Header) };
        }
        let may_have_any = self.like.is_none_or(|like| like.inputs == Names::neutral(D, 0).inputs);
        if may_have_any && !self.is_to_predict && self.may_be_header(&fields) {
            self.refuse_names(line, &fields)?;
            return Ok(if self.like.is_some() { First::Header } else { First::Open });
        }
        if let Some((number, comment)) = &self.lines.comment {
            let line = Line { number: *number, text: comment, ..line };
            let fields = self.fields(line);
            if self.may_be_header(&fields) {
                self.refuse_names(line, &fields)?;
            }
        }
        Ok(First::Row)
    }

    /// Whether the field behind the inputs may be the class of a row.
    fn may_end_a_row(&self, fields: &[Field]) -> bool {
        fields.get(D).is_none_or(|field| is_missing(&field.text) || self.classes.may_have(&field.text))
    }

    /// Whether these fields of a first line are a header, as far as the classes that were met tell.
    fn may_be_header(&self, fields: &[Field]) -> bool {
        if fields.len() < self.columns || self.columns > D && self.may_end_a_row(fields) {
            return false;
        }
        // Row names have none.
        let is_name = |(n, Field { text, .. }): (usize, &Field)| {
            !is_number(text) && (!is_missing(text) || n == 0 && text.is_empty())
        };
        let names_class = |Field { text, .. }: &Field| {
            names_class(text) || text == "y" && self.classes.are_integers() != Some(false)
        };
        fields[..D].iter().enumerate().all(is_name) || fields.get(D).is_some_and(names_class)
    }

    /// Refuses names of columns that say that these are other ones than those expected.
    fn refuse_names(&self, line: Line, fields: &[Field]) -> Result<(), Error> {
        if ["", "Unnamed: 0"].contains(&&*fields[0].text) {
            return Err(line.error(0, INDEX));
        }
        let names_the_class = fields.get(D).is_some_and(|field| names_class(&field.text));
        let is_of_the_others =
            |name: &str| self.like.is_some_and(|like| like.inputs.iter().any(|other| are_alike(name, other)));
        for (n, Field { at, text }) in fields.iter().enumerate() {
            let shown = shortened(text);
            let known = self.like.and_then(|like| like.inputs.get(n));
            let is_known = known.is_some_and(|known| are_alike(text, known));
            let problem = if let Some(found) = text.chars().find(|&c| is_invisible(c)) {
                format!("column '{shown}' has the invisible character U+{:04X}: remove it", u32::from(found))
            } else if n < D && names_class(text) && !names_the_class && !is_known {
                format!("column '{shown}': {CLASS_LAST}")
            } else if let Some(known) = known.filter(|_| !is_known && is_of_the_others(text)) {
                format!("column '{shown}' stands where the training data have '{}'", shortened(known))
            } else {
                continue;
            };
            return Err(line.error(*at, problem));
        }
        Ok(())
    }

    /// Reads the next row and its inputs; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, [`Error::Data`] if the next line is no row; at the end, if there was none or
    /// if the first column or the first line turned out to count.
    pub fn next(&mut self, inputs: &mut [f64; D]) -> Result<Option<Row>, Error> {
        let is_first = self.first_is == First::Row && self.count == 0;
        if !is_first && !self.lines.advance(false)? {
            return self.end().map(|()| None);
        }
        let line = self.lines.line();
        let row = match plain_row(line, inputs, self.separator, self.columns, &self.classes) {
            None => row(line, inputs, self.separator, self.columns, self.is_to_predict, &mut self.classes)?,
            plain => plain,
        };
        let Some(row) = row else { return Err(self.explained(line)) };
        if self.count == 0 {
            self.start = inputs[0];
        }
        self.counts &= inputs[0] - self.start == self.count as f64;
        self.has_whole_row = self.has_whole_row || self.count > 0 && !line.text.contains('.');
        self.count += 1;
        Ok(Some(row))
    }

    /// Whether a part of the next row is at hand, so that it need not be waited for.
    pub fn is_at_hand(&self) -> bool {
        self.lines.is_at_hand()
    }

    /// Refuses, at the end, rows that are none.
    fn end(&self) -> Result<(), Error> {
        let line = self.first_line();
        let fields = self.fields(line);
        let first = fields.first().map_or("", |field| &field.text);
        let has_header = self.first_is != First::Row;
        let is_known = self.like.is_some_and(|like| are_alike(first, &like.inputs[0]));
        let is_index = if has_header {
            ["id", "index"].contains(&&*first.to_lowercase()) && !is_known
        } else {
            self.is_to_predict && self.classes.are_integers() == Some(true)
        };
        let counts_columns = || fields.iter().enumerate().all(|(n, field)| field.text == n.to_string());
        if self.count == 0 {
            Err(line.error(0, "no rows below this line, expected at least one"))
        } else if is_index && self.counts && self.count > 2 {
            Err(line.error(0, INDEX))
        } else if !has_header && self.count > 1 && !self.has_whole_row && counts_columns() {
            Err(line.error(0, AMBIGUOUS))
        } else {
            Ok(())
        }
    }

    /// Decides what the first line is, at the end of the rows: the row, if it is one.
    fn close(&mut self, inputs: &mut [f64; D]) -> Result<Option<Row>, Error> {
        if self.first_is != First::Open {
            return Ok(None);
        }
        let Line { file, number, text } = self.first_line();
        // For the classes to be borrowed beside.
        let (file, text) = (file.to_owned(), text.to_owned());
        let line = Line { file: &file, number, text: &text };
        if self.may_be_header(&self.fields(line)) {
            self.first_is = First::Header;
            return Ok(None);
        }
        self.first_is = First::Row;
        let row = row(line, inputs, self.separator, self.columns, false, &mut self.classes)?;
        row.map(Some).ok_or_else(|| self.explained(line))
    }

    /// Why a line is no row.
    fn explained(&self, line: Line) -> Error {
        let mut fields = Vec::new();
        for field in Fields::of(line.text, self.separator) {
            match field {
                Ok(field) => fields.push(field),
                Err((at, problem)) => return line.error(at, problem),
            }
        }
        let (count, columns) = (fields.len(), self.columns);
        if count != columns && !(count == columns + 1 && fields[columns].text.is_empty()) {
            // The header of R's table with row names lacks the name of their column.
            let has_row_names = self.count == 0 && self.first_is == First::Open && count == columns + 1;
            let expected =
                format!("{}, expected {columns} as in line {}", counted(count, "column"), self.first.0);
            return line.error(0, if has_row_names { INDEX.to_owned() } else { expected });
        }
        let wrong = fields[..D].iter().position(|field| input(&field.text).is_none()).unwrap_or_default();
        let Field { at, text } = &fields[wrong];
        let mut problem = refusal(text, &shortened(text));
        if line.number == self.first.0 && ["", "Unnamed: 0"].contains(&&*fields[0].text) {
            INDEX.clone_into(&mut problem);
        } else if is_number(text) || is_missing(text) {
        } else if let (Some(like), true) = (self.like, line.number == self.first.0) {
            let known = listed(&like.inputs);
            problem = format!("{problem}, and the line is not the header of the training data, {known}");
        } else if wrong == 0 && D > 1 && fields[1..].iter().all(|field| is_number(&field.text)) {
            problem = format!("{problem}; {CLASS_LAST}");
        }
        line.error(*at, problem)
    }

    /// What is wrong with the number of columns of the first line.
    fn misfit(&mut self, classes: usize) -> Error {
        let fields: Vec<String> =
            self.fields(self.first_line()).into_iter().map(|field| field.text.into_owned()).collect();
        let mut row = fields.clone();
        if !fields.iter().any(|text| is_number(text))
            && self.lines.advance(false).is_ok_and(|is_there| is_there)
        {
            row = self.fields(self.lines.line()).into_iter().map(|field| field.text.into_owned()).collect();
        }
        let bits: Vec<bool> =
            row[row.len().saturating_sub(classes)..].iter().map_while(|text| bit(text)).collect();
        let is_one_hot = bits.len() == classes && bits.iter().filter(|&&bit| bit).count() == 1;
        let index = ["", "unnamed: 0", "id", "index", "0", "1"];
        let count = self.columns;
        let form = if self.is_to_predict {
            format!("{}, or {} columns with the class", counted(D, "input"), D + 1)
        } else {
            format!("{}: {} and then the class", D + 1, counted(D, "input"))
        };
        let found =
            format!("{} separated by {}, expected {form}", counted(count, "column"), self.separators());
        self.first_line().error(
            0,
            if count == 1 {
                format!("1 column, expected {form}, separated by commas, semicolons, tabs or spaces")
            } else if is_one_hot && count == D + classes {
                format!("{found} in one column; the last {classes} are one-hot classes")
            } else if count == D + 2 && index.contains(&&*fields[0].to_lowercase()) {
                INDEX.to_owned()
            } else if count > D + 1 {
                format!("{found} (pandas chooses them by df[[\"x\", …, \"class\"]])")
            } else if count == D {
                format!("{found}, which is missing")
            } else {
                found
            },
        )
    }

    fn separators(&self) -> &'static str {
        match self.separator {
            b';' => "semicolons",
            b'\t' => "tabs",
            b',' => "commas",
            _ => "spaces",
        }
    }

    /// What is said of the form of the file, if it is not the plain one.
    pub fn form(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.separator != b',' {
            parts.push(format!("separated by {}", self.separators()));
        }
        let comments = self.lines.comments;
        let skipped = match (self.first_is == First::Header, comments) {
            (true, 0) => "a header".to_owned(),
            (true, _) => format!("a header and {}", counted(comments, "comment line")),
            (false, _) => counted(comments, "comment line"),
        };
        if self.first_is == First::Header || comments > 0 {
            parts.push(format!("skipped: {skipped}"));
        }
        if self.columns > D && self.first_is == First::Row && self.counts && self.count > 2 {
            parts.push("the first column counts the rows and is read as an input".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// The samples with their labels and names, and what is said of the file.
    fn contents(self, samples: Vec<[f64; D]>, mut labels: Vec<usize>) -> Result<Contents<D>, Error> {
        let form = self.form();
        let mut header = self.first_line();
        if let (First::Row, Some((number, comment))) = (self.first_is, &self.lines.comment) {
            header = Line { number: *number, text: comment, ..header };
        }
        let fields = self.fields(header);
        let is_header =
            self.first_is == First::Header || header.number != self.first.0 && self.may_be_header(&fields);
        let mut header: Vec<String> = fields.into_iter().map(|field| field.text.into_owned()).collect();
        let Rows { lines, first, like, classes, .. } = self;
        let (classes, positions, classes_said) = classes
            .finished()
            .map_err(|problem| Line { file: &lines.file, number: first.0, text: "" }.error(0, problem))?;
        for label in &mut labels {
            *label = positions[*label];
        }
        let mut said: Vec<String> = classes_said.into_iter().collect();
        let inputs = if let Some(like) = like {
            like.inputs.clone()
        } else if is_header {
            let class = header.split_off(D);
            said.push(format!(
                "{}: {}; class: {}",
                counted(D, "input"),
                listed(&header),
                listed(class.first())
            ));
            header
        } else {
            said.extend((form.is_some() || !said.is_empty()).then(|| counted(D, "input")));
            Names::neutral(D, 0).inputs
        };
        said.extend(form);
        let reading = (!said.is_empty()).then(|| format!("{}: {}", lines.file, said.join("; ")));
        Ok(Contents { samples, labels, names: Names { inputs, classes }, reading })
    }
}

/// A line as a row, if it is a plain one: plain numbers, and then the class as it was met at the end of another line.
#[inline]
fn plain_row<const D: usize>(
    line: Line,
    inputs: &mut [f64; D],
    separator: u8,
    columns: usize,
    classes: &Classes,
) -> Option<Row> {
    let mut at = 0;
    for value in inputs {
        (*value, at) = plain_number(line.text.as_bytes(), at, separator)?;
    }
    let Some(end) = line.text.get(at..) else {
        return (columns == D).then_some(Row { line: line.number, class: None });
    };
    let class = classes.met_at_an_end(end).filter(|_| columns > D)?;
    Some(Row { line: line.number, class: Some(class) })
}

/// A line as a row; `None` if it is none.
fn row<const D: usize>(
    line: Line,
    inputs: &mut [f64; D],
    separator: u8,
    columns: usize,
    is_to_predict: bool,
    classes: &mut Classes,
) -> Result<Option<Row>, Error> {
    let mut fields = Fields::of(line.text, separator);
    for value in inputs {
        let Some(Ok(field)) = fields.next() else { return Ok(None) };
        let Some(number) = input(&field.text) else { return Ok(None) };
        *value = number;
    }
    let class = if columns > D { fields.next() } else { None };
    let is_row = match fields.next() {
        None => columns == D || class.is_some(),
        Some(last) => last.is_ok_and(|last| last.text.is_empty()) && fields.next().is_none(),
    };
    let class = match class {
        _ if !is_row => return Ok(None),
        None => None,
        Some(Err(_)) => return Ok(None),
        Some(Ok(field)) if is_to_predict && !classes.may_have(&field.text) && is_missing(&field.text) => None,
        Some(Ok(field)) => Some(classes.label(line, &field)?),
    };
    Ok(Some(Row { line: line.number, class }))
}

/// A field of a one-hot class.
fn bit(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "true" => Some(true),
        "false" => Some(false),
        text => text
            .parse()
            .ok()
            .filter(|&number: &f64| number == 0.0 || number == 1.0)
            .map(|number| number == 1.0),
    }
}

impl<R, const D: usize> fmt::Debug for Rows<'_, R, D> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Rows").field("file", &self.lines.file).finish_non_exhaustive()
    }
}

/// The bytes of a file.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::file(path, "read", source))
}
