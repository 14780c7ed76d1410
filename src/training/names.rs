//! The names of inputs and classes, and how the classes of a file become 0 … K − 1.

use crate::training::error::{is_invisible, shortened};
use crate::training::numbers::subscript;
use crate::training::table::{is_missing, kind, refusal};

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
    pub fn neutral(inputs: usize, classes: usize) -> Self {
        Names {
            inputs: (1..=inputs).map(|number| format!("x{}", subscript(number))).collect(),
            classes: (0..classes).map(|class| format!("class {class}")).collect(),
        }
    }

    /// The classes as their file has them: `2`, `Iris-setosa`.
    pub fn in_files(&self) -> impl Iterator<Item = &str> {
        self.classes.iter().map(|name| in_file(name))
    }
}

/// The integer that a class is by its name, written plainly.
fn integer(name: &str) -> Option<i64> {
    let text = name.strip_prefix("class ")?;
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

/// A class as its file has it: `2` for `class 2`.
fn in_file(name: &str) -> &str {
    if integer(name).is_some() { &name["class ".len()..] } else { name }
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
    bare(name) == bare(other)
}

/// Whether a name says that a column is the class.
pub(super) fn names_class(column: &str) -> bool {
    ["class", "label", "outcome", "species", "target", "variety"].contains(&column.to_lowercase().as_str())
}

/// What to do about a class that a file lacks.
const SHUFFLE: &str = "if the file was cut from a sorted one, shuffle that first";

/// The name in [`Names`] of a class of a file.
fn name_of(class: &str) -> Result<String, String> {
    let Ok(number) = class.parse::<f64>() else { return Ok(class.to_owned()) };
    // −0 is 0, and larger integers are not all exact.
    let name = format!("class {}", number + 0.0);
    let is_integer = number.abs() < 1e15 && integer(&name).is_some();
    is_integer.then_some(name).ok_or_else(|| refusal(class, "not an integer", "the class in the last column"))
}

/// The classes of a file, as they are met.
pub(super) struct Classes {
    pub(super) expected: usize,
    /// Whether the names are those of other data, rather than of the classes met, in this order.
    pub(super) are_known: bool,
    pub(super) names: Vec<String>,
    /// Each class met, as the file has it, and its label: its position among the names.
    pub(super) met: Vec<(String, usize)>,
}

impl Classes {
    /// The label of a class.
    pub(super) fn label(&mut self, text: &str) -> Result<usize, String> {
        if let Some((_, label)) = self.met.iter().find(|(met, _)| met == text) {
            return Ok(*label);
        }
        if is_missing(text) || text.contains(is_invisible) {
            return Err(refusal(text, kind(text), "a class"));
        }
        let name = name_of(text)?;
        let position = self.names.iter().position(|known| *known == name);
        let label = if self.are_known {
            let known = || format!("{} ({SHUFFLE})", listed(self.names.iter().map(|name| in_file(name))));
            position.ok_or_else(|| refusal(text, "no class of the training data", &known()))?
        } else {
            let differs = |known: &String| integer(known).is_some() != integer(&name).is_some();
            let is_other = self.names.first().is_some_and(differs);
            if position.is_some() || is_other || self.names.len() == self.expected {
                let found = format!("a class beside {}", listed(self.met.iter().map(|(met, _)| met)));
                let one_way = "classes, all integers or all names, each written in one way";
                return Err(refusal(text, &found, &format!("{} {one_way}", self.expected)));
            }
            self.names.push(name);
            self.names.len() - 1
        };
        self.met.push((text.to_owned(), label));
        Ok(label)
    }

    /// Brings the names into the order of the classes, once all are met. Returns the class of each label, and what is said of the
    /// classes if they are not plainly 0 … K − 1.
    pub(super) fn sort(&mut self) -> Result<(Vec<usize>, Option<String>), String> {
        let expected = self.expected;
        if self.are_known {
            return Ok(((0..expected).collect(), None));
        }
        let met = self.names.clone();
        self.names.sort_by_cached_key(|name| (integer(name), name.clone()));
        let found = listed(self.names.iter().map(|name| in_file(name)));
        let neutral = Names::neutral(0, expected).classes;
        let positions = listed(neutral.iter().map(|name| in_file(name)));
        let is_few = met.len() < expected;
        let said = if met.iter().all(|name| neutral.contains(name)) {
            self.names = neutral;
            is_few.then(|| format!("classes {positions}, but all rows are of {found} ({SHUFFLE})"))
        } else if is_few {
            return Err(format!("found classes {found} of {expected} expected ({SHUFFLE})"));
        } else {
            Some(format!("classes {found} are {positions}"))
        };
        let position = |name: &String| self.names.iter().position(|known| known == name).unwrap_or_default();
        Ok((met.iter().map(position).collect(), said))
    }
}
