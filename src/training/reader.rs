//! Data files: what is read, what is inferred and therefore said, and what is refused with its cause.
//!
//! A [table](super::table) of D numbers in each row and then a class, which is an integer or a name. Integers from 0 to K − 1
//! are what they say. Of others there must be exactly K: they are class 0, 1, … in ascending order, names in the order of their
//! characters. A further file is read with the names of the first, so that a class is the same in both.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::training::error::{Error, shortened};
use crate::training::names::{
    CLASS_LAST, Class, Classes, Names, fitting, infer, listed, names_class, positions, refuse_order,
};
use crate::training::numbers::counted;
use crate::training::table::{Fault, Field, Line, Table};
use crate::training::values::{input, is_missing, missing, named};

/// The inputs of a file, row by row, their classes if it has a column of classes, and what was inferred, if anything was.
pub type Rows<const D: usize> = (Vec<[f64; D]>, Option<Vec<usize>>, Option<String>);

/// Reads the contents of a file called `file`, with or without a column of classes, for prediction: columns and classes mean
/// what `names` say. A last column of nothing but missing values counts as none.
///
/// # Errors
///
/// [`Error::Data`] if it cannot be used.
pub fn parse_unlabelled<const D: usize>(file: &str, bytes: &[u8], names: &Names) -> Result<Rows<D>, Error> {
    let contents = parse(file, bytes, names.classes.len(), Some(names), true)?;
    Ok((contents.samples, contents.labels, contents.reading))
}

/// The bytes of a file.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::file(path, "read", source))
}

/// The contents of a data file.
pub(super) struct Contents<const D: usize> {
    pub(super) samples: Vec<[f64; D]>,
    /// The class of each sample, below K, if there is a column of classes.
    pub(super) labels: Option<Vec<usize>>,
    pub(super) names: Names,
    /// The inferences, for the user; `None` if the file is in the plain form.
    pub(super) reading: Option<String>,
}

/// Reads a file of K classes; with the names of another file, if there are any, and else with its own.
pub(super) fn parse<const D: usize>(
    file: &str,
    bytes: &[u8],
    classes: usize,
    like: Option<&Names>,
    class_is_optional: bool,
) -> Result<Contents<D>, Error> {
    let needed = D + usize::from(!class_is_optional);
    let read = Table::of(bytes, needed).and_then(|table| {
        let reader = Reader { table, inputs: D, classes, like, class_is_optional };
        reader.contents(file)
    });
    read.map_err(|Fault(line, column, problem)| Error::Data { file: file.to_owned(), line, column, problem })
}

/// A table, and what it is read as.
struct Reader<'a> {
    table: Table<'a>,
    inputs: usize,
    classes: usize,
    like: Option<&'a Names>,
    class_is_optional: bool,
}

const COLUMN_NUMBERS: &str = "the first line counts the columns, as pandas does without names: remove it";

const COUNTED: &str =
    "the first column counts the rows: write the file without it or, if it is an input, with a header";

const INDEX: &str = "the first column counts the rows, as pandas' index and R's row names do: write the file without it \
                     (index=False, row.names = FALSE)";

impl<'a> Reader<'a> {
    fn contents<const D: usize>(&self, file: &str) -> Result<Contents<D>, Fault> {
        let Reader { ref table, like, classes, class_is_optional, .. } = *self;
        let header = self.header()?;
        self.refuse_header(header.as_deref())?;
        let says_no_class = |&row: &Line<'a>| table.text(row, D).is_some_and(|text| is_missing(&text));
        let has_class =
            table.columns == D + 1 && !(class_is_optional && table.rows.iter().all(says_no_class));
        if !has_class && !class_is_optional || table.columns > D + 1 || table.columns < D {
            return Err(self.misfit());
        }
        // Two rows of a file with classes may well begin with 0 and 1.
        let are_enough = class_is_optional || table.rows.len() > 2;
        let is_counted = has_class && are_enough && header.is_none() && table.counts_rows();
        let is_number = |&row: &Line<'a>| table.text(row, D).is_some_and(|text| text.parse::<f64>().is_ok());
        if is_counted && class_is_optional && table.rows.iter().all(is_number) {
            return Err(table.rows[0].fault(0, COUNTED));
        }
        let mut samples = Vec::with_capacity(table.rows.len());
        // The different texts of classes, each with its position among them; what each says, and where it stands first.
        let (mut texts, mut found, mut places) = (BTreeMap::new(), Vec::new(), Vec::new());
        // The class of each row, as such a position.
        let mut labels = Vec::new();
        for &row in &table.rows {
            table.refuse_columns(row)?;
            let mut sample = [0.0; D];
            let mut fields = table.fields(row);
            for (index, field) in fields.by_ref().take(D).enumerate() {
                let Field { at, text } = field?;
                let advised = |problem| row.fault(at, self.advised(problem, row, index));
                sample[index] = input(&text, table.separator).map_err(advised)?;
            }
            samples.push(sample);
            if let Some(field) = fields.next().filter(|_| has_class) {
                let Field { at, text } = field?;
                let next = found.len();
                let position = *texts.entry(text.clone()).or_insert(next);
                if position == next {
                    let class = if is_missing(&text) { Err(missing(&text)) } else { Class::of(&text) };
                    found.push(class.map_err(|problem| row.fault(at, problem))?);
                    places.push((row, at));
                }
                labels.push(position);
            }
        }
        let at = |(index, problem): (usize, String)| {
            let (row, at): (Line, usize) = places[index];
            row.fault(at, problem)
        };
        let own = || infer(&found, D, classes);
        let classes = like.map_or_else(own, |names| Ok(Classes::like(names, &found)));
        let classes = classes.map_err(at)?;
        let positions = positions(&found, &classes.names).map_err(at)?;
        let labels = has_class.then(|| labels.into_iter().map(|label| positions[label]).collect());
        let reading = self.reading(file, header.as_deref(), has_class.then_some(&classes), is_counted);
        let own = || header.map_or_else(|| Names::neutral(D, 0).inputs, |header| header[..D].to_vec());
        let inputs = like.map_or_else(own, |names| names.inputs.clone());
        Ok(Contents { samples, labels, names: Names { inputs, classes: classes.names }, reading })
    }

    /// The names of the header, if there is one. One of a first column that counts rows, or of a class before the last column, is
    /// refused.
    fn header(&self) -> Result<Option<Vec<String>>, Fault> {
        let Some(line) = self.table.header else { return Ok(None) };
        let names = self.table.fields(line).take(self.table.columns + 2);
        let mut names: Vec<String> =
            names.map(|name| Ok(name?.text.into_owned())).collect::<Result<_, _>>()?;
        if names.len() > 1 && names[names.len() - 1].is_empty() {
            names.pop();
        }
        // What the training data had is an input.
        let is_known = self.like.is_some_and(|like| like.inputs.first() == names.first());
        let is_number = !is_known && ["id", "index"].contains(&names[0].to_lowercase().as_str());
        let may_count = is_number || names.len() + 1 == self.table.columns && names.len() > self.inputs;
        if ["", "Unnamed: 0"].contains(&&*names[0]) || may_count && self.table.counts_rows() {
            return Err(line.fault(0, INDEX));
        }
        // A column more than the inputs may well be the class.
        let least = if self.class_is_optional { 3 } else { 10 };
        if is_number && self.table.numbers_rows(least) {
            let problem =
                format!("column {} numbers the rows: write the file without it", shortened(&names[0]));
            return Err(line.fault(0, problem));
        }
        match names.iter().find(|name| names_class(name)).filter(|_| !names_class(&names[names.len() - 1])) {
            Some(name) => Err(line.fault(0, format!("column {}: {CLASS_LAST}", shortened(name)))),
            None => Ok(Some(names)),
        }
    }

    /// Refuses a header that does not fit the rows or the training data, and one of column numbers.
    fn refuse_header(&self, header: Option<&[String]>) -> Result<(), Fault> {
        let Reader { ref table, like, inputs, class_is_optional, .. } = *self;
        let Some((line, names)) = table.header.zip(header) else {
            let first = table.rows[0];
            let mut counted = table.fields(first).enumerate();
            let is_whole = |&row: &Line<'a>| {
                table.fields(row).take(inputs).all(|field| field.is_ok_and(|field| !field.text.contains('.')))
            };
            // As integers, they could be a row; the others are none.
            let is_header = counted.all(|(n, field)| field.is_ok_and(|field| field.text == n.to_string()))
                && table.rows.len() > 1
                && (class_is_optional && table.columns > 2 || !table.rows[1..].iter().any(is_whole));
            return if is_header { Err(first.fault(0, COLUMN_NUMBERS)) } else { Ok(()) };
        };
        if names.len() != table.columns {
            let problem = format!(
                "a header of {} and {} in line {}, separated by {}: quote names with spaces, leave out row names, or remove it",
                counted(table.count(line)?, "name"),
                counted(table.columns, "column"),
                table.rows[0].number,
                named(table.separator)
            );
            return Err(line.fault(0, problem));
        }
        let known = like.map_or(&[][..], |names| &names.inputs);
        refuse_order(names, known).map_err(|problem| line.fault(0, problem))
    }

    /// The problem with an input, and its likely cause.
    fn advised(&self, problem: String, row: Line<'a>, index: usize) -> String {
        let mut others = self.table.fields(row).skip(1);
        if !problem.ends_with("is not a number") {
            problem
        } else if index == 0
            && problem.starts_with(char::is_alphabetic)
            && others.all(|field| field.is_ok_and(|field| field.text.parse::<f64>().is_ok()))
        {
            format!("{problem}: {CLASS_LAST}")
        } else if row.number == self.table.rows[0].number {
            format!("{problem} (if this line is no row, remove it)")
        } else {
            problem
        }
    }

    /// The fault in the number of columns.
    fn misfit(&self) -> Fault {
        let Reader { ref table, inputs, classes, class_is_optional, .. } = *self;
        if let Some(fault) = table.rows.iter().find_map(|&row| table.refuse_columns(row).err()) {
            return fault;
        }
        let columns = table.columns;
        let different: BTreeSet<_> =
            table.rows.iter().filter_map(|&row| table.text(row, columns - 1)).collect();
        let (found, by) = (counted(columns, "column"), named(table.separator));
        let by = if columns > 1 { format!(" separated by {by}") } else { String::new() };
        let expected = counted(inputs, "input");
        let form = if class_is_optional {
            format!("{found}{by}, expected {expected}, or {} columns with the class", inputs + 1)
        } else {
            format!("{found}{by}, expected {}: {expected} and then the class", inputs + 1)
        };
        let problem = if columns == 1 {
            format!("{form}, separated by commas, semicolons, tabs or spaces")
        } else if columns == inputs {
            format!("{form}, which is missing")
        } else if columns == inputs + 2 && self.table.counts_rows() {
            INDEX.to_owned()
        } else if class_is_optional {
            form
        } else if columns == inputs + classes && table.rows.iter().all(|&row| self.is_one_hot(row)) {
            format!("{form} in one column; the last {classes} are one-hot classes")
        } else if different.iter().all(|text| is_missing(text)) {
            format!("{form}; the last has no values")
        } else if different.iter().any(|text| Class::of(text).is_err()) {
            format!("{form}; {CLASS_LAST}, which has numbers with fractions")
        } else {
            format!("{form}; {}", fitting(columns - 1, different.len()))
        };
        table.rows[0].fault(0, problem)
    }

    /// Whether the last K fields of a row are zeros and a one.
    fn is_one_hot(&self, row: Line<'a>) -> bool {
        let bit = |class| match &*self.table.text(row, self.inputs + class)?.to_lowercase() {
            "false" => Some(0),
            "true" => Some(1),
            text => Class::of(text).ok()?.number,
        };
        let bits: Option<Vec<i64>> = (0..self.classes).map(bit).collect();
        bits.is_some_and(|bits| bits.iter().all(|bit| (0..=1).contains(bit)) && bits.iter().sum::<i64>() == 1)
    }

    /// The inferences, on one line; `None` if the file is in the plain form.
    fn reading(
        &self,
        file: &str,
        header: Option<&[String]>,
        classes: Option<&Classes>,
        is_counted: bool,
    ) -> Option<String> {
        let Table { separator, comments, ends_empty, .. } = self.table;
        let mut inputs = counted(self.inputs, "input");
        if let Some(names) = header {
            let (names, class) = names.split_at(self.inputs);
            inputs = format!("{inputs}: {}", listed(names));
            if let Some(like) = self.like.filter(|like| like.inputs != names) {
                inputs = format!("{inputs}, taken for {}", listed(&like.inputs));
            }
            if let (Some(_), [class, ..]) = (classes, class) {
                inputs = format!("{inputs}; class: {}", shortened(class));
            }
        }
        let mut form = Vec::new();
        if separator != ',' {
            form.push(format!("; separated by {}", named(separator)));
        }
        if ends_empty {
            form.push("; the separator at each row's end is no column".to_owned());
        }
        if comments > 0 {
            form.push(format!("; {} skipped", counted(comments, "comment line")));
        }
        if is_counted {
            form.push("; the first column counts the rows and is read as an input".to_owned());
        }
        let is_plain = classes.is_none_or(|classes| classes.is_plain) && header.is_none() && form.is_empty();
        let classes = classes.map_or_else(String::new, |classes| format!("{}; ", classes.reading));
        (!is_plain).then(|| format!("{file}: {classes}{inputs}{}", form.concat()))
    }
}
