//! The grammar of data files. They are read row by row, in one pass: the rows read are the rows of the file, or an error.
//!
//! - **Text** is UTF-8 with lines of at most 2²⁰ bytes. A line that begins with `#` or `%` is a comment; blank lines may stand
//!   above and below the rows.
//! - **A row** is D numbers and then the class, in fields with one separator: of semicolons, tabs (unless commas stand beside
//!   them), commas and spaces, the first by which the first line has as many fields as a row, else the first that occurs. White
//!   space around a field does not count; quotes may stand around it, a quote inside is doubled. A separator at a row's end is
//!   no further field.
//! - **A number** is as Rust's `f64::from_str` reads it, up to 10³⁰. A missing value is refused, as input and as class.
//! - **A class** is an integer (`2`, `2.0`, in one way in a file) or a name. Integers from 0 to K − 1 are what they say. Of others
//!   there are exactly K, in ascending order 0, 1, …: integers alone or names alone.
//! - **A header** is a first line whose last field is no class: neither an integer nor missing nor the class of a row below. Its
//!   other fields are no numbers, unless the last names the class (`0,1,target`). Above rows without one, a comment of as many
//!   names as columns is their header. A first line 0, 1, … that may be either is refused.
//! - **A further file** has the classes of the first, and its header up to case, punctuation and units, or none. If the first
//!   had none, it may have any.
//! - **Rows to predict** may lack the class, all of them the column or some the value. Their first line is a header only if it
//!   has the names of the first file's header, since rows are answered as they come.

use std::io::Read;
use std::path::Path;

use crate::training::error::{Error, escaped, is_invisible, shortened};
use crate::training::names::{CLASS_LAST, Classes, Known, Names, are_alike, listed, names_class};
use crate::training::numbers::counted;
use crate::training::table::{Field, Line, Lines, plain_number};
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

/// The form of a file, as its first line has it.
#[derive(Clone, Copy)]
struct Form<'a> {
    like: Option<&'a Names>,
    is_to_predict: bool,
    separator: u8,
    /// The fields of a row: D, or D + 1 with the class.
    columns: usize,
    first: First,
}

/// The rows of a file, one after the other.
pub struct Rows<'a, R, const D: usize> {
    lines: Lines<R>,
    form: Form<'a>,
    /// The first line, and its fields.
    number: usize,
    text: String,
    fields: Vec<String>,
    classes: Classes<'a>,
    /// The rows read.
    count: usize,
    /// The first input of the first row, and whether those of the others count up from it.
    start: f64,
    counts: bool,
    /// Whether a row below the first has no decimal point, and whether one has the class of the first.
    has_whole_row: bool,
    has_first_class: bool,
}

const INDEX: &str = "the first column counts the rows or names them: write the file without it (pandas: index=False; R: \
                     row.names = FALSE)";

const CHOOSE: &str =
    "pandas chooses columns by df[[\"x\", …, \"class\"]]; the README says which program takes which numbers";

const AMBIGUOUS: &str = "this may be a header of numbers, as pandas writes it of columns without names: remove it if it is \
                         one, else write its first number in another way, as 0.0";

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
        let line = lines.line()?;
        let (separator, columns) = separator_of(line, D, is_to_predict);
        let form = Form { like, is_to_predict, separator, columns, first: First::Row };
        // Says what is wrong with the quotes, where texts would not.
        line.fields(separator)?;
        let (number, text, fields) = (line.number, line.text.to_owned(), line.texts(separator));
        let classes = Classes::new(classes, like);
        let [has_whole_row, has_first_class] = [false; 2];
        let (count, start, counts) = (0, 0.0, true);
        #[rustfmt::skip]
        let mut rows = Rows {
            lines, form, number, text, fields, classes, count, start, counts, has_whole_row, has_first_class,
        };
        if columns != D + 1 && !(is_to_predict && columns == D) {
            return Err(rows.misfit());
        }
        rows.form.first = rows.judged()?;
        Ok(rows)
    }

    fn first_line(&self) -> Line<'_> {
        Line { file: &self.lines.file, number: self.number, text: &self.text }
    }

    /// What the first line is, as far as it tells.
    fn judged(&self) -> Result<First, Error> {
        let (line, fields, like) = (self.first_line(), &self.fields, self.form.like);
        let is_header_of =
            |like: &Names| fields.iter().zip(&like.inputs).all(|(name, known)| are_alike(name, known));
        if like.is_some_and(is_header_of) {
            let is_row = fields[..D].iter().all(|name| is_number(name)) && self.may_end_a_row(fields);
            return if is_row { Err(line.error(0, AMBIGUOUS)) } else { Ok(First::Header) };
        }
        let may_have_any = like.is_none_or(|like| like.inputs == Names::neutral(D, 0).inputs);
        if may_have_any && !self.form.is_to_predict && self.may_be_header(fields) {
            refuse_names::<D>(line, fields)?;
            return Ok(if like.is_some() { First::Header } else { First::Open });
        }
        // The words of a comment may be separated otherwise than the rows.
        for separator in [self.form.separator, b' '] {
            self.comment(separator).map_or(Ok(()), |names| refuse_names::<D>(line, &names))?;
        }
        Ok(First::Row)
    }

    /// The names in the comment right above the first line, if it may be its header.
    fn comment(&self, separator: u8) -> Option<Vec<String>> {
        let names = Line { text: self.lines.comment.as_ref()?, ..self.first_line() }.texts(separator);
        Some(names).filter(|names| self.may_be_header(names))
    }

    /// Whether the field behind the inputs may be the class of a row.
    fn may_end_a_row(&self, fields: &[String]) -> bool {
        fields.get(D).is_none_or(|class| is_missing(class) || self.classes.may_have(class))
    }

    /// Whether these fields of a line are a header, as far as the classes that were met tell.
    fn may_be_header(&self, fields: &[String]) -> bool {
        // The column of row names has none.
        let is_name = |(n, name): (usize, &String)| {
            !is_number(name) && (!is_missing(name) || n == 0 && name.is_empty())
        };
        let names_class = |name: &String| {
            names_class(name)
                || name == "y" && counts(&fields[..D]) && self.classes.are_integers() != Some(false)
        };
        fields.len() >= self.form.columns
            && (self.form.columns == D || !self.may_end_a_row(fields))
            && (fields[..D].iter().enumerate().all(is_name) || fields.get(D).is_some_and(names_class))
    }

    /// Reads the next row and its inputs; `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file cannot be read, [`Error::Data`] if the next line is no row; at the end, if there was none or
    /// if the first column or the first line turned out to count.
    pub fn next(&mut self, inputs: &mut [f64; D]) -> Result<Option<Row>, Error> {
        let is_first = self.form.first == First::Row && self.count == 0;
        if !is_first && !self.lines.advance(false)? {
            return self.end().map(|()| None);
        }
        let lines = &self.lines;
        let plain = self.form.plain_row((lines.number, &lines.bytes), inputs, &self.classes);
        let row = if let Some(row) = plain {
            row
        } else {
            let row = self.form.row(lines.line()?, inputs, &mut self.classes, self.number);
            row.map_err(|error| if self.begins_with_counts() { self.error(AMBIGUOUS) } else { error })?
        };
        if self.count == 0 {
            self.start = inputs[0];
        }
        self.counts &= inputs[0] - self.start == self.count as f64;
        self.has_whole_row = self.has_whole_row || self.count > 0 && !self.lines.bytes.contains(&b'.');
        // As it is labelled if it is no class of other data.
        self.has_first_class = self.has_first_class || self.count > 0 && row.class == Some(0);
        self.count += 1;
        Ok(Some(row))
    }

    /// Whether a part of the next row is at hand, so that it need not be waited for.
    pub fn is_at_hand(&self) -> bool {
        self.lines.is_at_hand()
    }

    fn error(&self, problem: impl Into<String>) -> Error {
        self.first_line().error(0, problem)
    }

    /// Refuses, at the end, rows that are none.
    fn end(&self) -> Result<(), Error> {
        let is_index = if self.form.first == First::Row {
            self.form.is_to_predict && self.count > 2 && self.classes.are_integers() == Some(true)
        } else {
            self.form.like.is_none() && self.count > 1 && is_index(&self.fields[0])
        };
        if self.count == 0 {
            Err(self.error("no rows below this line, expected at least one"))
        } else if is_index && self.counts {
            Err(self.error(INDEX))
        } else if self.begins_with_counts() {
            Err(self.error(AMBIGUOUS))
        } else {
            Ok(())
        }
    }

    /// Whether the first line, a row so far, reads 0, 1, … and no row below is written so, or none has its name of a class.
    fn begins_with_counts(&self) -> bool {
        let (is_row, classes) = (self.form.first == First::Row && self.count > 1, &self.classes);
        let is_lone = self.form.like.is_none() && !self.has_first_class && self.count > classes.expected;
        is_row
            && counts(&self.fields[..D])
            && self.comment(self.form.separator).is_none()
            && (is_lone && classes.are_integers() == Some(false)
                || counts(&self.fields) && !self.has_whole_row)
    }

    /// What is wrong with the number of columns of the first line.
    fn misfit(&mut self) -> Error {
        // A header does not tell whether classes are one-hot.
        let _ = self.lines.is_at_hand() && self.lines.advance(false).is_ok();
        let row = self.lines.line().map(|line| line.texts(self.form.separator)).unwrap_or_default();
        let (line, count, classes) = (self.first_line(), self.form.columns, self.classes.expected);
        let expected = match (self.form.is_to_predict, counted(D, "input")) {
            (true, inputs) => format!("{inputs}, or {} columns with the class", D + 1),
            (false, inputs) => format!("{}: {inputs} and then the class", D + 1),
        };
        let by = if count == 1 { "" } else { named(self.form.separator) };
        let found =
            format!("'{}' has {}{by}, expected {expected}", shortened(line.text), counted(count, "column"));
        let problem = if row.len() == D + classes && is_one_hot(&row[D..]) {
            format!("{found} in one column; the last {classes} are one-hot classes")
        } else if count > D && is_index(&self.fields[0]) {
            INDEX.to_owned()
        } else if count > D {
            format!("{found} ({CHOOSE})")
        } else {
            found
        };
        line.error(0, problem)
    }

    /// What is said of the form of the file, if it is not the plain one.
    pub fn form(&self) -> Option<String> {
        let comments = counted(self.lines.comments, "comment line");
        let skipped = match (self.form.first == First::Header, self.lines.comments) {
            (true, 0) => "; skipped: a header".to_owned(),
            (true, _) => format!("; skipped: a header and {comments}"),
            (false, 0) => String::new(),
            (false, _) => format!("; skipped: {comments}"),
        };
        let counts = self.form.columns > D && self.form.first == First::Row && self.counts && self.count > 2;
        let by = if self.form.separator == b',' { "" } else { named(self.form.separator) };
        let index = if counts { "; the first column counts the rows and is read as an input" } else { "" };
        let form = format!("{}{by}{skipped}{index}", if by.is_empty() { "" } else { ";" });
        form.strip_prefix("; ").map(str::to_owned)
    }

    /// The contents of a file, of which these are the rows; with the first line, if it turned out to be one.
    fn contents(mut self, mut samples: Vec<[f64; D]>, mut labels: Vec<usize>) -> Result<Contents<D>, Error> {
        if self.form.first == First::Open {
            self.form.first = if self.may_be_header(&self.fields) { First::Header } else { First::Row };
            if self.form.first == First::Row {
                let line = Line { file: &self.lines.file, number: self.number, text: &self.text };
                let mut inputs = [0.0; D];
                let Row { class, .. } = self.form.row(line, &mut inputs, &mut self.classes, self.number)?;
                samples.insert(0, inputs);
                labels.splice(0..0, class);
            }
        }
        let form = self.form();
        let header = match self.form.first {
            First::Row => self.comment(self.form.separator),
            _ => Some(self.fields.clone()),
        };
        let place = Line { file: &self.lines.file, number: self.number, text: "" };
        let Known { names: classes, of_labels, said } =
            self.classes.known().map_err(|problem| place.error(0, problem))?;
        for label in &mut labels {
            *label = of_labels[*label];
        }
        let mut said: Vec<String> = said.into_iter().collect();
        let inputs = match (self.form.like, header) {
            (Some(like), _) => like.inputs.clone(),
            (None, Some(mut names)) => {
                let class = listed(names.drain(D..).take(1));
                said.push(format!("{}: {}; class: {class}", counted(D, "input"), listed(&names)));
                names
            }
            (None, None) => {
                said.extend((form.is_some() || !said.is_empty()).then(|| counted(D, "input")));
                Names::neutral(D, 0).inputs
            }
        };
        said.extend(form);
        let reading = (!said.is_empty()).then(|| format!("{}: {}", escaped(place.file), said.join("; ")));
        Ok(Contents { samples, labels, names: Names { inputs, classes }, reading })
    }
}

impl Form<'_> {
    /// Reads a line, if it is a plain row: plain numbers, and then a class as it has stood at the end of another line.
    #[inline]
    fn plain_row<const D: usize>(
        self,
        (line, bytes): (usize, &[u8]),
        inputs: &mut [f64; D],
        classes: &Classes,
    ) -> Option<Row> {
        let mut at = 0;
        for value in inputs {
            (*value, at) = plain_number(bytes, at, self.separator)?;
        }
        let class = match bytes.get(at..) {
            None if self.columns == D => None,
            Some(end) if self.columns > D => Some(classes.label_of_end(end)?),
            _ => return None,
        };
        Some(Row { line, class })
    }

    /// Reads a line as a row: its inputs, and its class, if it has one. `first` is the number of the first line.
    fn row<const D: usize>(
        self,
        line: Line,
        inputs: &mut [f64; D],
        classes: &mut Classes,
        first: usize,
    ) -> Result<Row, Error> {
        let fields = line.fields(self.separator)?;
        let columns = self.columns;
        if fields.len() != columns && !(fields.len() == columns + 1 && fields[columns].text.is_empty()) {
            // The header of R's table with row names lacks the name of their column.
            let are_numbers = || fields[1..columns].iter().all(|field| is_number(&field.text));
            let has_row_names = self.first == First::Open && fields.len() == columns + 1 && are_numbers();
            let found = format!("{}, expected {columns} as in line {first}", counted(fields.len(), "column"));
            return Err(line.error(0, if has_row_names { INDEX.to_owned() } else { found }));
        }
        for (n, value) in inputs.iter_mut().enumerate() {
            let refused = || line.error(fields[n].at, self.refusal::<D>(n, &fields, line.number == first));
            *value = input(&fields[n].text).ok_or_else(refused)?;
        }
        let class = fields.get(D).filter(|_| columns > D);
        let class = class.filter(|class| !(self.is_to_predict && is_missing(&class.text)));
        Ok(Row { line: line.number, class: class.map(|class| classes.label(line, class)).transpose()? })
    }

    /// Why a field is no input.
    fn refusal<const D: usize>(self, n: usize, fields: &[Field], is_first: bool) -> String {
        let text = &*fields[n].text;
        let problem = refusal(text, &shortened(text));
        let are_others_numbers = fields[1..].iter().all(|field| is_number(&field.text));
        if is_first
            && is_nameless(&fields[0].text)
            && fields.get(1).is_some_and(|field| !is_number(&field.text))
        {
            INDEX.to_owned()
        } else if is_number(text) || is_missing(text) {
            problem
        } else if let Some(like) = self.like.filter(|_| is_first) {
            let has_none = like.inputs == Names::neutral(D, 0).inputs;
            let header = if has_none { "which have none".to_owned() } else { listed(&like.inputs) };
            format!("{problem}, nor is the line the header of the training data, {header}")
        } else if n == 0 && are_others_numbers && text.starts_with(char::is_alphabetic) {
            format!("{problem}: {CLASS_LAST}")
        } else {
            problem
        }
    }
}

/// The separator of a first line, and its columns.
fn separator_of(line: Line, inputs: usize, is_to_predict: bool) -> (u8, usize) {
    let (mut chosen, mut rank) = ((b',', 1), 0);
    for separator in [b';', b'\t', b',', b' '] {
        let fields = line.texts(separator);
        let count = fields.len() - usize::from(fields.len() == inputs + 2 && fields[inputs + 1].is_empty());
        let its_rank = match count {
            0 | 1 => 0,
            // The comma is the separator then.
            _ if separator == b'\t' && (line.text.contains(",\t") || line.text.contains("\t,")) => 0,
            _ if count == inputs + 1 => 3,
            _ if count == inputs && is_to_predict => 2,
            _ => 1,
        };
        if its_rank > rank {
            (chosen, rank) = ((separator, count), its_rank);
        }
    }
    chosen
}

/// A separator in a sentence.
fn named(separator: u8) -> &'static str {
    match separator {
        b';' => " separated by semicolons",
        b'\t' => " separated by tabs",
        b',' => " separated by commas",
        _ => " separated by spaces",
    }
}

/// Refuses names of columns of which the class is not the last, the first is one of row names, or one does not show.
fn refuse_names<const D: usize>(line: Line, names: &[String]) -> Result<(), Error> {
    if is_nameless(&names[0]) {
        return Err(line.error(0, INDEX));
    }
    let is_class_last = names.get(D).is_some_and(|name| names_class(name));
    for (n, name) in names.iter().enumerate() {
        let shown = shortened(name);
        if n < D && names_class(name) && !is_class_last {
            return Err(line.error(0, format!("column '{shown}': {CLASS_LAST}")));
        }
        if let Some(found) = name.chars().find(|&c| is_invisible(c)) {
            let found = u32::from(found);
            return Err(line
                .error(0, format!("column '{shown}' has the invisible character U+{found:04X}: remove it")));
        }
    }
    Ok(())
}

/// Whether texts are 0, 1, …, as pandas names columns.
fn counts(texts: &[String]) -> bool {
    texts.iter().enumerate().all(|(number, text)| *text == number.to_string())
}

/// Whether a column has the name that pandas, R and spreadsheets give one of row names.
fn is_nameless(name: &str) -> bool {
    ["", "Unnamed: 0"].contains(&name)
}

/// Whether a name may be one of a column that counts the rows.
fn is_index(name: &str) -> bool {
    is_nameless(name) || ["id", "index"].contains(&name.to_lowercase().as_str())
}

/// Whether these fields are zeros and a one.
fn is_one_hot(fields: &[String]) -> bool {
    let count = |bits: [&str; 3]| fields.iter().filter(|text| bits.contains(&&*text.to_lowercase())).count();
    [count(["0", "0.0", "false"]), count(["1", "1.0", "true"])] == [fields.len() - 1, 1]
}

/// The bytes of a file.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::file(path, "read", source))
}
