//! The names of inputs and classes, and how the classes of a file become 0 … K − 1.

use crate::training::error::{Error, is_invisible, shortened};
use crate::training::numbers::{counted, subscript};
use crate::training::table::{Field, Line};
use crate::training::values::{is_missing, missing};

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
struct Met {
    text: String,
    /// The integer that it is, if it is no name.
    number: Option<i64>,
    /// Its position among the known classes, or else among those met.
    label: usize,
    /// Whether it stood bare at the end of a line.
    is_end: bool,
}

impl Met {
    /// Its name in [`Names`].
    fn name(&self) -> String {
        self.number.map_or_else(|| self.text.clone(), |number| format!("class {number}"))
    }

    /// Its position among the classes of other data.
    fn position(&self, names: &Names) -> Result<usize, String> {
        let named = names.classes.iter().position(|name| *name == self.name());
        let number = self.number.filter(|_| names.are_of_the_flowers());
        let position = named.or(number.and_then(|number| usize::try_from(number).ok()));
        position.filter(|&position| position < names.classes.len()).ok_or_else(|| {
            let (shown, known) = (shortened(&self.text), listed(names.in_files()));
            format!("class '{shown}' is none of the training data's, {known} ({SHUFFLE})")
        })
    }
}

/// The classes of a file, as they are met.
pub(super) struct Classes<'a> {
    pub(super) expected: usize,
    like: Option<&'a Names>,
    met: Vec<Met>,
}

/// The classes of a file.
pub(super) struct Known {
    pub(super) names: Vec<String>,
    /// The class of each label.
    pub(super) of_labels: Vec<usize>,
    /// What is said of them if they are not plainly 0 … K − 1.
    pub(super) said: Option<String>,
}

impl<'a> Classes<'a> {
    /// Those of a file with this number of classes, or with those of other data.
    pub(super) fn new(expected: usize, like: Option<&'a Names>) -> Self {
        Classes { expected, like, met: Vec::new() }
    }

    /// Whether a text may be a class of this file: an integer, one of the other data, or one that was met.
    pub(super) fn may_have(&self, text: &str) -> bool {
        self.like.is_some_and(|names| names.in_files().any(|name| name == text))
            || self.met.iter().any(|met| met.text == text)
            || integer(text) != Ok(None)
    }

    /// Whether all classes that were met are integers, if any was met.
    pub(super) fn are_integers(&self) -> Option<bool> {
        (!self.met.is_empty()).then(|| self.met.iter().all(|met| met.number.is_some()))
    }

    /// The label of a class that has stood so at the end of a line.
    pub(super) fn label_of_end(&self, end: &[u8]) -> Option<usize> {
        self.met.iter().find(|met| met.is_end && met.text.as_bytes() == end).map(|met| met.label)
    }

    /// The label of the class of a field; [`known`](Self::known) says which class that is.
    pub(super) fn label(&mut self, line: Line, field: &Field) -> Result<usize, Error> {
        match self.met.iter().find(|met| met.text == field.text) {
            Some(met) => Ok(met.label),
            None => self.meet(line, field).map_err(|problem| line.error(field.at, problem)),
        }
    }

    fn meet(&mut self, line: Line, Field { at, text }: &Field) -> Result<usize, String> {
        let (shown, end) = (shortened(text), &line.text[*at..]);
        if is_missing(text) {
            return Err(missing(&shown));
        }
        if let Some(found) = text.chars().find(|&c| is_invisible(c)) {
            let found = u32::from(found);
            return Err(format!("class '{shown}' has the invisible character U+{found:04X}: remove it"));
        }
        if !end.starts_with('"') && (text.contains(" #") || text.contains(" % ")) {
            return Err(
                "a comment behind a row: remove it, or quote the name that it is a part of".to_owned()
            );
        }
        let number = integer(text)?;
        let mut met = Met { text: text.to_string(), number, label: self.met.len(), is_end: end == text };
        if let Some(names) = self.like {
            met.label = met.position(names)?;
        } else {
            self.refuse(&met, &shown)?;
        }
        let label = met.label;
        self.met.push(met);
        Ok(label)
    }

    /// Refuses a class that cannot stand beside those met.
    fn refuse(&self, class: &Met, shown: &str) -> Result<(), String> {
        let is_full = self.met.len() == self.expected;
        for Met { text, number, .. } in &self.met {
            let problem = if number.is_some() != class.number.is_some() {
                "integers alone or names alone"
            } else if number.map_or(is_full && text.to_lowercase() == class.text.to_lowercase(), |_| {
                *number == class.number
            }) {
                "write it in one way"
            } else {
                continue;
            };
            return Err(format!("class '{shown}' beside class '{}': {problem}", shortened(text)));
        }
        if is_full {
            let (met, classes) =
                (listed(self.met.iter().map(|met| &met.text)), counted(self.expected, "class"));
            return Err(format!("class '{shown}' beside {met}: expected {classes}, in the last column"));
        }
        Ok(())
    }

    /// The classes, once all are met, or what is wrong with them.
    pub(super) fn known(self) -> Result<Known, String> {
        let expected = self.expected;
        let positions = listed((0..expected).map(|class| class.to_string()));
        if let Some(names) = self.like {
            let are_numbered = names.are_of_the_flowers() && self.are_integers() == Some(true);
            let said = are_numbered.then(|| format!("classes {positions} are {}", listed(&names.classes)));
            if are_numbered && self.met.iter().all(|met| met.label > 0) {
                return Err(format!(
                    "{}, but no row is of class 0: do they count from 1?",
                    said.unwrap_or_default()
                ));
            }
            return Ok(Known { names: names.classes.clone(), of_labels: (0..expected).collect(), said });
        }
        let plain = |met: &Met| usize::try_from(met.number?).ok().filter(|&position| position < expected);
        if let Some(of_labels) = self.met.iter().map(plain).collect::<Option<Vec<_>>>() {
            let absent = (0..expected).filter(|class| !of_labels.contains(class));
            let absent: Vec<String> = absent.map(|class| class.to_string()).collect();
            let said = format!("classes {positions}, but no row is of class {} ({SHUFFLE})", listed(&absent));
            let names = Names::neutral(0, expected).classes;
            return Ok(Known { names, of_labels, said: (!absent.is_empty()).then_some(said) });
        }
        let mut sorted: Vec<&Met> = self.met.iter().collect();
        sorted.sort_by_key(|met| (met.number, &met.text));
        let names: Vec<String> = sorted.iter().map(|met| met.name()).collect();
        let texts = listed(names.iter().map(|name| in_file(name)));
        if names.len() < expected {
            let found = counted(names.len(), "class");
            return Err(format!("found {found}, {texts}, of {expected} expected ({SHUFFLE})"));
        }
        let position =
            |met: &Met| sorted.iter().position(|other| other.label == met.label).unwrap_or_default();
        let of_labels = self.met.iter().map(position).collect();
        Ok(Known { names, of_labels, said: Some(format!("classes {texts} are {positions}")) })
    }
}
