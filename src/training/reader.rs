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

use std::cmp::Ordering;
use std::io::Read;
use std::path::Path;

use crate::training::error::{Error, escaped, is_invisible, shortened};
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
#[expect(missing_debug_implementations, reason = "it holds a source of bytes")]
pub struct Rows<'a, R, const D: usize> {
    lines: Lines<R>,
    like: Option<&'a Names>,
    is_to_predict: bool,
    separator: u8,
    /// The first line, which is a row or the header.
    first: Heading,
    first_is: First,
    /// The fields of a row: D, or D + 1 with the class.
    columns: usize,
    classes: Classes<'a>,
    /// The rows read.
    count: usize,
    /// The first input of the first row, and whether those of the others count up from it.
    start: f64,
    counts: bool,
    /// Whether a row below the first line has no decimal point.
    has_whole_row: bool,
}

/// A line that may be a header.
struct Heading {
    number: usize,
    text: String,
    fields: Vec<String>,
}

impl Heading {
    fn of(number: usize, text: &str, separator: u8) -> Self {
        let fields = Fields::of(text, separator).map_while(|field| Some(field.ok()?.text.into_owned()));
        Heading { number, text: text.to_owned(), fields: fields.collect() }
    }

    fn line<'a>(&'a self, file: &'a str) -> Line<'a> {
        Line { file, number: self.number, text: &self.text }
    }
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
        let line = lines.line();
        let (separator, columns) = separator_of::<D>(line.text, is_to_predict);
        let first = Heading::of(line.number, line.text, separator);
        let classes = Classes::new(classes, like);
        let (first_is, count, start, counts, has_whole_row) = (First::Row, 0, 0.0, true, false);
        let mut rows = Rows {
            lines,
            like,
            is_to_predict,
            separator,
            first,
            first_is,
            columns,
            classes,
            count,
            start,
            counts,
            has_whole_row,
        };
        if columns != D + 1 && !(is_to_predict && columns == D) {
            return Err(rows.misfit());
        }
        rows.first_is = rows.judged()?;
        Ok(rows)
    }

    fn first_line(&self) -> Line<'_> {
        self.first.line(&self.lines.file)
    }

    /// The comment right above the first line, if it may be its header.
    fn comment(&self) -> Option<Heading> {
        let (number, text) = self.lines.comment.as_ref()?;
        Some(Heading::of(*number, text, self.separator)).filter(|heading| self.may_be_header(&heading.fields))
    }

    /// What the first line is, as far as it tells.
    fn judged(&self) -> Result<First, Error> {
        let (line, fields) = (self.first_line(), &self.first.fields);
        let is_header_of =
            |like: &Names| fields.iter().zip(&like.inputs).all(|(name, known)| are_alike(name, known));
        if self.like.is_some_and(is_header_of) {
            let is_row = fields[..D].iter().all(|name| is_number(name)) && self.may_end_a_row(fields);
            return if is_row { Err(line.error(0, AMBIGUOUS)) } else { Ok(First::Header) };
        }
        let may_have_any = self.like.is_none_or(|like| like.inputs == Names::neutral(D, 0).inputs);
        if may_have_any && !self.is_to_predict && self.may_be_header(fields) {
            self.refuse_names(&self.first)?;
            return Ok(if self.like.is_some() { First::Header } else { First::Open });
        }
        if self.like.is_none() && counts_from_0(&fields[..D]) && !self.may_end_a_row(fields) {
            return Ok(First::Open);
        }
        self.comment().map_or(Ok(First::Row), |comment| self.refuse_names(&comment).map(|()| First::Row))
    }

    /// Whether the field behind the inputs may be the class of a row.
    fn may_end_a_row(&self, fields: &[String]) -> bool {
        fields.get(D).is_none_or(|class| is_missing(class) || self.classes.may_have(class))
    }

    /// Whether these fields of a line are a header, as far as the classes that were met tell.
    fn may_be_header(&self, fields: &[String]) -> bool {
        // Row names have none.
        let is_name = |(n, name): (usize, &String)| {
            !is_number(name) && (!is_missing(name) || n == 0 && name.is_empty())
        };
        fields.len() >= self.columns
            && (self.columns == D || !self.may_end_a_row(fields))
            && (fields[..D].iter().enumerate().all(is_name)
                || fields.get(D).is_some_and(|class| {
                    names_class(class)
                        || class == "y"
                            && counts_from_0(&fields[..D])
                            && self.classes.are_integers() != Some(false)
                }))
    }

    /// Refuses names of columns that say that these are other ones than those expected.
    fn refuse_names(&self, heading: &Heading) -> Result<(), Error> {
        let Heading { fields, .. } = heading;
        let names_the_class = fields.get(D).is_some_and(|name| names_class(name));
        let known = self.like.map_or(&[][..], |like| &like.inputs);
        let mut problem = is_nameless(&fields[0]).then(|| INDEX.to_owned());
        for (n, name) in fields.iter().enumerate() {
            let shown = shortened(name);
            let is_known = known.get(n).is_some_and(|known| are_alike(name, known));
            if let Some(found) = name.chars().find(|&c| is_invisible(c)) {
                problem =
                    Some(format!("column '{shown}' has the invisible character U+{:04X}", u32::from(found)));
            } else if n < D && names_class(name) && !names_the_class && !is_known {
                problem = Some(format!("column '{shown}': {CLASS_LAST}"));
            } else if !is_known && known.iter().any(|other| are_alike(name, other)) {
                problem = Some(format!(
                    "column '{shown}' stands elsewhere in the training data, {}",
                    listed(known)
                ));
            }
        }
        problem.map_or(Ok(()), |problem| Err(heading.line(&self.lines.file).error(0, problem)))
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
        let fields = &self.first.fields;
        let is_index = self.counts
            && match self.first_is {
                First::Row => {
                    self.is_to_predict && self.count > 2 && self.classes.are_integers() == Some(true)
                }
                _ => self.like.is_none() && self.count > 1 && is_index(&fields[0]),
            };
        let problem = if self.count == 0 {
            "no rows below this line, expected at least one"
        } else if is_index {
            INDEX
        } else if self.first_is == First::Row
            && self.count > 1
            && !self.has_whole_row
            && counts_from_0(fields)
        {
            AMBIGUOUS
        } else {
            return Ok(());
        };
        Err(self.first_line().error(0, problem))
    }

    /// Decides, at the end of the rows of training data, what the first line is: the row, if it is one.
    fn close(&mut self, inputs: &mut [f64; D]) -> Result<Option<Row>, Error> {
        if self.first_is != First::Open {
            return Ok(None);
        }
        let line = self.first.line(&self.lines.file);
        let fields = &self.first.fields;
        if self.may_be_header(fields) {
            self.first_is = First::Header;
            return Ok(None);
        }
        if counts_from_0(&fields[..D])
            && !self.may_end_a_row(fields)
            && self.classes.have_repeated(self.count)
        {
            return Err(line.error(0, AMBIGUOUS));
        }
        self.first_is = First::Row;
        let row = row(line, inputs, self.separator, self.columns, false, &mut self.classes)?;
        row.map(Some).ok_or_else(|| self.explained(self.first_line()))
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
        let (count, columns, is_first) = (fields.len(), self.columns, line.number == self.first.number);
        if count != columns && !(count == columns + 1 && fields[columns].text.is_empty()) {
            let expected =
                format!("{}, expected {columns} as in line {}", counted(count, "column"), self.first.number);
            // The header of R's table with row names lacks the name of their column.
            let has_row_names = self.count == 0 && self.first_is == First::Open && count == columns + 1;
            return line.error(0, if has_row_names { INDEX.to_owned() } else { expected });
        }
        let wrong = fields[..D].iter().position(|field| input(&field.text).is_none()).unwrap_or_default();
        let Field { at, text } = &fields[wrong];
        let mut problem = refusal(text, &shortened(text));
        let is_text = !is_number(text) && !is_missing(text);
        let are_others_numbers = fields[1..].iter().all(|field| is_number(&field.text));
        if is_first && is_nameless(&fields[0].text) && !are_others_numbers {
            INDEX.clone_into(&mut problem);
        } else if let (Some(like), true) = (self.like, is_first && is_text) {
            let known = listed(&like.inputs);
            problem = format!("{problem}, nor is the line the header of the training data, {known}");
        } else if wrong == 0 && is_text && are_others_numbers && text.starts_with(char::is_alphabetic) {
            problem = format!("{problem}: {CLASS_LAST}");
        }
        line.error(*at, problem)
    }

    /// What is wrong with the number of columns of the first line.
    fn misfit(&mut self) -> Error {
        let is_below = self.lines.is_at_hand() && self.lines.advance(false).is_ok_and(|is_there| is_there);
        let (first, line) = (&self.first.fields, self.first_line());
        if let Some((at, problem)) = Fields::of(line.text, self.separator).find_map(Result::err) {
            return line.error(at, problem);
        }
        let Heading { fields: next, .. } = Heading::of(0, self.lines.line().text, self.separator);
        let (count, classes) = (self.columns, self.classes.expected());
        let counts = |row: &[String]| row.first().and_then(|first| first.parse::<i64>().ok());
        let is_counted = is_below && counts(first).is_some_and(|number| counts(&next) == Some(number + 1));
        let is_one_hot = next.len() == D + classes && is_one_hot(&next[D..]);
        let form = match (self.is_to_predict, counted(D, "input")) {
            (true, inputs) => format!("{inputs}, or {} columns with the class", D + 1),
            (false, inputs) => format!("{}: {inputs} and then the class", D + 1),
        };
        let by = if count == 1 { String::new() } else { format!(" separated by {}", named(self.separator)) };
        let found =
            format!("'{}' has {}{by}, expected {form}", shortened(line.text), counted(count, "column"));
        line.error(
            0,
            match count.cmp(&(D + 1)) {
                _ if is_one_hot => format!("{found} in one column; the last {classes} are one-hot classes"),
                Ordering::Greater if is_counted || is_index(&first[0]) => INDEX.to_owned(),
                Ordering::Greater => format!("{found} ({CHOOSE})"),
                _ => found,
            },
        )
    }

    /// What is said of the form of the file, if it is not the plain one.
    pub fn form(&self) -> Option<String> {
        let mut parts = Vec::new();
        if self.separator != b',' {
            parts.push(format!("separated by {}", named(self.separator)));
        }
        let header = (self.first_is == First::Header).then(|| "a header".to_owned());
        let comments = Some(self.lines.comments).filter(|&comments| comments > 0);
        let skipped: Vec<_> =
            header.into_iter().chain(comments.map(|count| counted(count, "comment line"))).collect();
        if !skipped.is_empty() {
            parts.push(format!("skipped: {}", skipped.join(" and ")));
        }
        if self.columns > D && self.first_is == First::Row && self.counts && self.count > 2 {
            parts.push("the first column counts the rows and is read as an input".to_owned());
        }
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// The samples with their labels and names, and what is said of the file.
    fn contents(self, samples: Vec<[f64; D]>, mut labels: Vec<usize>) -> Result<Contents<D>, Error> {
        let form = self.form();
        let header = match self.first_is {
            First::Row => self.comment().map(|comment| comment.fields),
            _ => Some(self.first.fields.clone()),
        };
        let Rows { lines, first, like, classes, .. } = self;
        let place = Line { file: &lines.file, number: first.number, text: "" };
        let (classes, positions, said) = classes.finished().map_err(|problem| place.error(0, problem))?;
        for label in &mut labels {
            *label = positions[*label];
        }
        let mut said: Vec<String> = said.into_iter().collect();
        let inputs = match (like, header) {
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
        let reading = (!said.is_empty()).then(|| format!("{}: {}", escaped(&lines.file), said.join("; ")));
        Ok(Contents { samples, labels, names: Names { inputs, classes }, reading })
    }
}

/// The separator of a first line, and its columns.
fn separator_of<const D: usize>(line: &str, is_to_predict: bool) -> (u8, usize) {
    let are_beside = line.contains(",\t") || line.contains("\t,");
    let (mut chosen, mut rank) = ((b',', 1), 0);
    for separator in
        [b';', b'\t', b',', b' '].into_iter().filter(|&separator| separator != b'\t' || !are_beside)
    {
        let fields = Heading::of(0, line, separator).fields;
        let count = fields.len() - usize::from(fields.len() == D + 2 && fields[D + 1].is_empty());
        let its_rank = match count {
            0 | 1 => 0,
            _ if count == D + 1 => 3,
            _ if count == D && is_to_predict => 2,
            _ => 1,
        };
        if its_rank > rank {
            (chosen, rank) = ((separator, count), its_rank);
        }
    }
    chosen
}

/// The name of a separator.
fn named(separator: u8) -> &'static str {
    match separator {
        b';' => "semicolons",
        b'\t' => "tabs",
        b',' => "commas",
        _ => "spaces",
    }
}

/// Whether texts are 0, 1, …, as pandas names columns.
fn counts_from_0(texts: &[String]) -> bool {
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
    let bits = fields.iter().map(|text| match text.to_lowercase().as_str() {
        "true" => 1.0,
        "false" => 0.0,
        text => text.parse().unwrap_or(f64::NAN),
    });
    let bits: Vec<f64> = bits.collect();
    bits.iter().all(|&bit| bit == 0.0 || bit == 1.0) && bits.iter().sum::<f64>() == 1.0
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

/// The bytes of a file.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::file(path, "read", source))
}
