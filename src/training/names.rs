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

/// A class as a file writes it: an integer, however written, or a name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Integer(i64),
    Name(String),
}

impl Class {
    /// The class that a field says, or what is wrong with it.
    fn of(text: &str) -> Result<Self, String> {
        /// Integers above it are not all exact.
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        match text.parse::<f64>() {
            #[expect(clippy::cast_possible_truncation, reason = "it is an integer of 53 bits")]
            Ok(number) if number.abs() <= LARGEST && number == number.trunc() => {
                Ok(Class::Integer(number as i64))
            }
            Ok(_) => Err(format!("class '{}' is not an integer; {CLASS_LAST}", shortened(text))),
            Err(_) => Ok(Class::Name(text.to_owned())),
        }
    }

    /// Its name in [`Names`].
    fn name(&self) -> String {
        match self {
            Class::Integer(number) => format!("class {number}"),
            Class::Name(name) => name.clone(),
        }
    }
}

/// The classes of a file, as they are met.
pub(super) struct Classes<'a> {
    expected: usize,
    like: Option<&'a Names>,
    /// The texts of classes: each with its label, a position among the known classes, or else among those found, and whether
    /// it stood bare at the end of a line.
    texts: Vec<(String, usize, bool)>,
    /// The classes, as they are met, with the text of each.
    found: Vec<(Class, String)>,
}

impl<'a> Classes<'a> {
    /// Those of a file with this number of classes, or with those of other data.
    pub(super) fn new(expected: usize, like: Option<&'a Names>) -> Self {
        Classes { expected, like, texts: Vec::new(), found: Vec::new() }
    }

    /// Whether a text may be a class of this file: an integer, one of the other data, or one that was met.
    pub(super) fn may_have(&self, text: &str) -> bool {
        let is_known = self.like.is_some_and(|names| names.in_files().any(|name| name == text));
        is_known
            || self.texts.iter().any(|(met, ..)| met == text)
            || !matches!(Class::of(text), Ok(Class::Name(_)))
    }

    /// The number of classes.
    pub(super) fn expected(&self) -> usize {
        self.expected
    }

    /// Whether one of the classes has two of this many rows.
    pub(super) fn have_repeated(&self, rows: usize) -> bool {
        rows > self.found.len()
    }

    /// Whether all classes that were met are integers, if any was met.
    pub(super) fn are_integers(&self) -> Option<bool> {
        let are_integers = self.found.iter().all(|(class, _)| matches!(class, Class::Integer(_)));
        (!self.found.is_empty()).then_some(are_integers)
    }

    /// The label of the end of a line that is such a text.
    pub(super) fn met_at_an_end(&self, end: &str) -> Option<usize> {
        self.texts.iter().find(|(text, _, is_end)| *is_end && text == end).map(|(_, label, _)| *label)
    }

    /// The label of a field, of which [`finished`](Self::finished) says which class it is.
    pub(super) fn label(&mut self, line: Line, field: &Field) -> Result<usize, Error> {
        if let Some((_, label, _)) = self.texts.iter().find(|(text, ..)| *text == field.text) {
            return Ok(*label);
        }
        self.first_met(line, field).map_err(|problem| line.error(field.at, problem))
    }

    fn first_met(&mut self, line: Line, Field { at, text }: &Field) -> Result<usize, String> {
        let shown = shortened(text);
        if is_missing(text) {
            return Err(missing(&shown));
        }
        if let Some(found) = text.chars().find(|&c| is_invisible(c)) {
            return Err(format!(
                "class '{shown}' has the invisible character U+{:04X}: remove it",
                u32::from(found)
            ));
        }
        if !line.text[*at..].starts_with('"') && (text.contains(" #") || text.contains(" % ")) {
            return Err(
                "a comment behind a row: remove it, or quote the name that it is a part of".to_owned()
            );
        }
        let class = Class::of(text)?;
        let label = if let Some(names) = self.like {
            let numbered = match class {
                Class::Integer(number) if names.are_of_the_flowers() => usize::try_from(number).ok(),
                _ => None,
            };
            let named = names.classes.iter().position(|name| *name == class.name());
            named.or(numbered).filter(|&position| position < self.expected).ok_or_else(|| {
                let known = listed(names.in_files());
                format!("class '{shown}' is none of the training data's, {known} ({SHUFFLE})")
            })?
        } else {
            self.refuse(&class, &shown)?;
            self.found.len()
        };
        self.texts.push((text.to_string(), label, line.text[*at..] == **text));
        self.found.push((class, shown));
        Ok(label)
    }

    /// Refuses a class that cannot stand beside those found.
    fn refuse(&self, class: &Class, shown: &str) -> Result<(), String> {
        let Some((first, first_shown)) = self.found.first() else { return Ok(()) };
        if matches!(first, Class::Name(_)) != matches!(class, Class::Name(_)) {
            return Err(format!(
                "class '{shown}' beside class '{first_shown}': integers alone or names alone"
            ));
        }
        let is_full = self.found.len() == self.expected;
        let is_twin = |(other, _): &&(Class, String)| {
            other == class || is_full && other.name().to_lowercase() == class.name().to_lowercase()
        };
        if let Some((_, twin)) = self.found.iter().find(is_twin) {
            return Err(format!("class '{shown}' beside class '{twin}': write it in one way"));
        }
        if is_full {
            let found = listed(self.found.iter().map(|(_, shown)| shown));
            let classes = counted(self.expected, "class");
            return Err(format!("class '{shown}' beside {found}: expected {classes}, in the last column"));
        }
        Ok(())
    }

    /// The names of the classes, the class of each label, and what is said of them, if they are not plainly 0 … K − 1; or
    /// what is wrong with all of them.
    pub(super) fn finished(self) -> Result<(Vec<String>, Vec<usize>, Option<String>), String> {
        let Classes { expected, like, ref texts, ref found } = self;
        if let Some(names) = like {
            let are_numbered = self.are_integers() == Some(true) && names.are_of_the_flowers();
            let said = are_numbered.then(|| format!("classes 0, 1, 2 are {}", listed(FLOWERS.1)));
            if are_numbered && texts.iter().all(|(_, label, _)| *label > 0) {
                return Err(format!(
                    "{}, but no row is of class 0: do they count from 1?",
                    said.unwrap_or_default()
                ));
            }
            return Ok((names.classes.clone(), (0..expected).collect(), said));
        }
        let position = |(class, _): &(Class, String)| match class {
            Class::Integer(number) => usize::try_from(*number).ok().filter(|&number| number < expected),
            Class::Name(_) => None,
        };
        let positions = listed((0..expected).map(|class| class.to_string()));
        if let Some(labels) = found.iter().map(position).collect::<Option<Vec<_>>>() {
            let names = Names::neutral(0, expected);
            let absent: Vec<&str> = names
                .in_files()
                .enumerate()
                .filter(|(label, _)| !labels.contains(label))
                .map(|(_, name)| name)
                .collect();
            let said = (!absent.is_empty()).then(|| {
                format!("classes {positions}, but no row is of class {} ({SHUFFLE})", listed(&absent))
            });
            return Ok((names.classes, labels, said));
        }
        let mut sorted: Vec<&Class> = found.iter().map(|(class, _)| class).collect();
        sorted.sort();
        let names: Vec<String> = sorted.iter().map(|class| class.name()).collect();
        let texts = listed(names.iter().map(|name| in_file(name)));
        if found.len() < expected {
            let found = counted(found.len(), "class");
            return Err(format!("found {found}, {texts}, of {expected} expected ({SHUFFLE})"));
        }
        let labels = found.iter().map(|(class, _)| sorted.partition_point(|other| *other < class)).collect();
        Ok((names, labels, Some(format!("classes {texts} are {positions}"))))
    }
}
