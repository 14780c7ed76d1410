//! The names of inputs and classes, and how the classes of a file become 0 … K − 1.

use crate::training::error::{is_invisible, shortened};
use crate::training::numbers::subscript;
use crate::training::values::{is_missing, is_number, kind, refusal};

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
}

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

/// Whether two names of a column differ at most in case and punctuation.
pub(super) fn are_alike(name: &str, other: &str) -> bool {
    let bare = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    name == other || bare(name) == bare(other) && !bare(name).is_empty()
}

/// Whether a name says that a column is the class.
pub(super) fn names_class(column: &str) -> bool {
    ["class", "label", "outcome", "species", "target", "variety"].contains(&column.to_lowercase().as_str())
}

/// What to do about a class that a file lacks.
const SHUFFLE: &str = "if the file was cut from a sorted one, shuffle that first";

/// The integer that a class is, however it is written; `None` if it is a name.
fn integer(class: &str) -> Result<Option<i64>, String> {
    let Ok(number) = class.parse::<f64>() else { return Ok(None) };
    // Larger integers are not all exact.
    let integer = if number.abs() < 1e15 { number.to_string().parse().ok() } else { None };
    let problem = || refusal(class, "not an integer", "the class in the last column");
    integer.map(Some).ok_or_else(problem)
}

/// The name of a class in [`Names`].
fn name_of(class: &str) -> String {
    integer(class).ok().flatten().map_or_else(|| class.to_owned(), |number| format!("class {number}"))
}

/// The classes of a file, as they are met.
pub(super) struct Classes<'a> {
    pub(super) expected: usize,
    pub(super) like: Option<&'a Names>,
    /// Each as the file has it, and its position among the known classes or else among those met.
    pub(super) met: Vec<(String, usize)>,
}

/// The names of the classes, the class of each label, and what is said of them if they are not plainly 0 … K − 1.
type Known = (Vec<String>, Vec<usize>, Option<String>);

impl Classes<'_> {
    /// Whether a text may be the class of a row: missing, a number, one of the other data, or one that was met.
    pub(super) fn may_have(&self, text: &str) -> bool {
        is_missing(text)
            || is_number(text)
            || self.like.is_some_and(|names| names.in_files().any(|name| name == text))
            || self.met.iter().any(|(met, _)| met == text)
    }

    /// The label of a class that was met, without quotes.
    pub(super) fn label_of_bare(&self, bytes: &[u8]) -> Option<usize> {
        self.met.iter().find(|(met, _)| met.as_bytes() == bytes && !bytes.contains(&b'"')).map(|met| met.1)
    }

    /// The label of a class; [`known`](Self::known) says which class that is.
    pub(super) fn label(&mut self, text: &str) -> Result<usize, String> {
        if let Some((_, label)) = self.met.iter().find(|(met, _)| met == text) {
            return Ok(*label);
        }
        if is_missing(text) || text.contains(is_invisible) {
            return Err(refusal(text, kind(text), "a class"));
        }
        integer(text)?;
        let name = name_of(text);
        let clashes = |met: &str| is_number(met) != is_number(text) || name_of(met) == name;
        let label = if let Some(names) = self.like {
            let known = || format!("{} ({SHUFFLE})", listed(names.in_files()));
            let position = names.classes.iter().position(|class| *class == name);
            position.ok_or_else(|| refusal(text, "no class of the training data", &known()))?
        } else if self.met.len() == self.expected || self.met.iter().any(|(met, _)| clashes(met)) {
            let found = format!("a class beside {}", listed(self.met.iter().map(|(met, _)| met)));
            let expected =
                format!("{} classes, all integers or all names, each written in one way", self.expected);
            return Err(refusal(text, &found, &expected));
        } else {
            self.met.len()
        };
        self.met.push((text.to_owned(), label));
        Ok(label)
    }

    /// The classes, once all are met, or what is wrong with them.
    pub(super) fn known(&self) -> Result<Known, String> {
        if let Some(names) = self.like {
            return Ok((names.classes.clone(), (0..self.expected).collect(), None));
        }
        let mut sorted: Vec<&String> = self.met.iter().map(|(met, _)| met).collect();
        sorted.sort_by_key(|&met| (integer(met).ok(), met));
        let mut names: Vec<String> = sorted.into_iter().map(|met| name_of(met)).collect();
        let found = listed(names.iter().map(|name| in_file(name)));
        let neutral = Names::neutral(0, self.expected).classes;
        let positions = listed(neutral.iter().map(|name| in_file(name)));
        let is_few = names.len() < self.expected;
        let are_integers = self.met.iter().all(|(met, _)| is_number(met));
        let said = if are_integers && names.iter().all(|name| neutral.contains(name)) {
            names = neutral;
            is_few.then(|| format!("classes {positions}, but all rows are of {found} ({SHUFFLE})"))
        } else if is_few {
            return Err(format!("found classes {found} of {} expected ({SHUFFLE})", self.expected));
        } else {
            Some(format!("classes {found} are {positions}"))
        };
        let position = |name: String| names.iter().position(|known| *known == name).unwrap_or_default();
        let of_labels = self.met.iter().map(|(met, _)| position(name_of(met))).collect();
        Ok((names, of_labels, said))
    }
}
