//! The names of inputs and classes, and how the classes of a file become 0 … K − 1.

use crate::training::error::{Error, shortened};
use crate::training::numbers::{counted, subscript};
use crate::training::table::{Field, Line};
use crate::training::values::{is_missing, refusal, refuse_invisible};

/// Names of a dataset's inputs and classes, as its file has them.
///
/// A class that the file writes as an integer n is called `class n`.
#[derive(Debug, Clone, PartialEq)]
pub struct Names {
    /// The inputs, D of them.
    pub inputs: Vec<String>,
    /// The classes, K of them.
    pub classes: Vec<String>,
}

impl Names {
    /// The names of data without any: x₁, x₂, … and class 0, class 1, …
    #[must_use]
    pub fn neutral(inputs: usize, classes: usize) -> Self {
        Names {
            inputs: (1..=inputs).map(|number| format!("x{}", subscript(number))).collect(),
            classes: (0..classes).map(|class| format!("class {class}")).collect(),
        }
    }

    /// The classes as their file has them: `2`, `Iris-setosa`; `2`, too, for a file's own `class 2`.
    pub fn in_files(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|name| in_file(name))
    }

    /// A class in a sentence: `class 2`, `class Iris-setosa`.
    #[must_use]
    pub fn class(&self, class: usize) -> String {
        let name = &self.classes[class];
        if name.starts_with("class ") { name.clone() } else { format!("class {name}") }
    }

    /// Whether these are the names of the built-in flowers, of which files have the classes as names or as 0, 1, 2.
    fn are_of_the_flowers(&self) -> bool {
        self.inputs == FLOWERS.0 && self.classes == FLOWERS.1
    }
}

/// The names of the built-in flowers' inputs and classes.
pub(super) const FLOWERS: (&[&str], &[&str]) = (
    &["sepal length, cm", "sepal width, cm", "petal length, cm", "petal width, cm"],
    &["setosa", "versicolor", "virginica"],
);

/// A class as its file has it: `2` for `class 2`.
fn in_file(name: &str) -> &str {
    name.strip_prefix("class ").filter(|number| number.parse::<i64>().is_ok()).unwrap_or(name)
}

/// The first dozen of some texts of a file, as a message quotes them.
pub(crate) fn listed(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    const MOST: usize = 12;
    let mut texts = texts.into_iter();
    let quoted = |text: &str| if text.contains(',') { format!("\"{text}\"") } else { text.to_owned() };
    let first: Vec<String> =
        texts.by_ref().take(MOST).map(|text| quoted(&shortened(text.as_ref()))).collect();
    let more = if texts.next().is_some() { ", …" } else { "" };
    format!("{}{more}", first.join(", "))
}

/// A column's name without unit, case and punctuation: as it may stand in another file of the same data.
fn bare(name: &str) -> String {
    let without_unit = name.split([',', '(', '[']).next().unwrap_or(name);
    let letters: String = without_unit.chars().filter(|c| c.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    let stem = letters.strip_suffix("cm").or_else(|| letters.strip_suffix("mm"));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(&letters).to_owned()
}

/// Whether two names of a column differ at most in unit, case and punctuation.
pub(super) fn are_alike(name: &str, other: &str) -> bool {
    name == other || bare(name) == bare(other) && !bare(name).is_empty()
}

/// Whether a name says that a column is the class.
pub(super) fn names_class(column: &str) -> bool {
    ["class", "label", "outcome", "species", "target", "variety"].contains(&column.to_lowercase().as_str())
}

/// Where the class is expected.
pub(super) const CLASS_LAST: &str = "the class is expected in the last column";

/// What to do about a class that a file lacks.
const SHUFFLE: &str = "if the file was cut from a sorted one, shuffle that first";

/// The integer that a text is, however it is written; `None` if it is a name.
fn integer(text: &str) -> Result<Option<i64>, String> {
    /// Integers above it are not all exact.
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    match text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "it is an integer of 53 bits")]
        Ok(number) if number.abs() <= LARGEST && number == number.trunc() => Ok(Some(number as i64)),
        Ok(_) => Err(format!("class '{}' is not an integer; {CLASS_LAST}", shortened(text))),
        Err(_) => Ok(None),
    }
}

/// A class as it is first met in a file.
pub(super) struct Met {
    text: String,
    /// Its name in [`Names`], and the integer that it is, if it is one.
    name: String,
    number: Option<i64>,
    /// Its position among the known classes, or else among those met.
    label: usize,
    /// Whether it stood bare at the end of a line.
    is_end: bool,
}

/// The classes of a file, as they are met.
pub(super) struct Classes<'a> {
    pub(super) expected: usize,
    pub(super) like: Option<&'a Names>,
    pub(super) met: Vec<Met>,
}

/// The names of the classes, the class of each label, and what is said of them if they are not plainly 0 … K − 1.
type Known = (Vec<String>, Vec<usize>, Option<String>);

impl Classes<'_> {
    /// Whether a text may be the class of a row: missing, a number, one of the other data, or one that was met.
    pub(super) fn may_have(&self, text: &str) -> bool {
        is_missing(text)
            || integer(text) != Ok(None)
            || self.like.is_some_and(|names| names.in_files().any(|name| name == text))
            || self.met.iter().any(|met| met.text == text)
    }

    /// Whether all classes that were met are integers.
    pub(super) fn are_integers(&self) -> bool {
        self.met.iter().all(|met| met.number.is_some())
    }

    /// The label of a class that has stood so at the end of a line.
    pub(super) fn label_of_end(&self, end: &[u8]) -> Option<usize> {
        self.met.iter().find(|met| met.is_end && met.text.as_bytes() == end).map(|met| met.label)
    }

    /// The label of the class of a field; [`known`](Self::known) says which class that is.
    pub(super) fn label(&mut self, line: Line, field: &Field) -> Result<usize, Error> {
        if let Some(met) = self.met.iter().find(|met| met.text == field.text) {
            return Ok(met.label);
        }
        let met = self.meet(&field.text, &line.text[field.at..]);
        self.met.push(met.map_err(|problem| line.error(field.at, problem))?);
        Ok(self.met[self.met.len() - 1].label)
    }

    /// A class that was not met before, with the rest of its line.
    fn meet(&self, text: &str, end: &str) -> Result<Met, String> {
        if is_missing(text) {
            return Err(refusal(text, ""));
        }
        refuse_invisible("class", text)?;
        let shown = shortened(text);
        if !end.starts_with('"') && (text.contains(" #") || text.contains(" % ")) {
            return Err(format!("class '{shown}': remove the comment, or quote the name"));
        }
        let number = integer(text)?;
        let name = number.map_or_else(|| text.to_owned(), |number| format!("class {number}"));
        let mut met = Met { text: text.to_owned(), name, number, label: self.met.len(), is_end: end == text };
        let clashes = |other: &Met| {
            number.is_some() != other.number.is_some() || number.is_some() && number == other.number
        };
        if let Some(names) = self.like {
            let named = names.classes.iter().position(|name| *name == met.name);
            let number =
                number.filter(|_| names.are_of_the_flowers()).and_then(|number| usize::try_from(number).ok());
            met.label = named.or(number).filter(|&label| label < self.expected).ok_or_else(|| {
                let known = listed(names.in_files());
                format!("class '{shown}' is none of the training data's, {known} ({SHUFFLE})")
            })?;
        } else if self.met.len() == self.expected || self.met.iter().any(clashes) {
            let (met, expected) =
                (listed(self.met.iter().map(|met| &met.text)), counted(self.expected, "class"));
            return Err(format!(
                "class '{shown}' beside {met}: expected {expected}, all integers or all names, each written in one way"
            ));
        }
        Ok(met)
    }

    /// The classes, once all are met, or what is wrong with them.
    pub(super) fn known(&self) -> Result<Known, String> {
        let neutral = Names::neutral(0, self.expected).classes;
        let positions = listed(neutral.iter().map(|name| in_file(name)));
        if let Some(names) = self.like {
            let are_numbered = names.are_of_the_flowers() && self.are_integers();
            let said = are_numbered.then(|| format!("classes {positions} are {}", listed(&names.classes)));
            return Ok((names.classes.clone(), (0..self.expected).collect(), said));
        }
        let mut sorted: Vec<&Met> = self.met.iter().collect();
        sorted.sort_by_key(|met| (met.number, &met.text));
        let mut names: Vec<String> = sorted.iter().map(|met| met.name.clone()).collect();
        let found = listed(names.iter().map(|name| in_file(name)));
        let said = if self.are_integers() && names.iter().all(|name| neutral.contains(name)) {
            let absent = neutral.iter().filter(|name| !names.contains(name)).map(|name| in_file(name));
            let absent = Some(listed(absent)).filter(|absent| !absent.is_empty());
            names.clone_from(&neutral);
            absent.map(|absent| format!("classes {positions}, but no row is of class {absent} ({SHUFFLE})"))
        } else if names.len() < self.expected {
            let count = counted(names.len(), "class");
            return Err(format!("found {count}, {found}, of {} expected ({SHUFFLE})", self.expected));
        } else {
            Some(format!("classes {found} are {positions}"))
        };
        let position = |met: &Met| names.iter().position(|name| *name == met.name).unwrap_or_default();
        let of_labels = self.met.iter().map(position).collect();
        Ok((names, of_labels, said))
    }
}
