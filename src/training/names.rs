//! The names of inputs and classes, and how the classes of a file become 0 … K − 1.

use std::collections::BTreeMap;

use crate::training::error::shortened;
use crate::training::numbers::{counted, subscript};

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

/// A class as a file writes it.
#[derive(PartialEq)]
pub(super) struct Class {
    /// The integer that it is, if it is no name.
    pub(super) number: Option<i64>,
    text: String,
}

impl Class {
    /// The class that a field says, or what is wrong with it.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        /// Integers above it are not all exact.
        const LARGEST: f64 = 9_007_199_254_740_991.0;
        match text.parse::<f64>() {
            Ok(number) if number.abs() <= LARGEST && number == number.trunc() => {
                #[expect(clippy::cast_possible_truncation, reason = "it is an integer of 53 bits")]
                let number = number as i64;
                Ok(Class { number: Some(number), text: number.to_string() })
            }
            Ok(_) => Err(format!("class {} is not an integer; {CLASS_LAST}", shortened(text))),
            Err(_) => Ok(Class { number: None, text: text.to_owned() }),
        }
    }

    /// Its name in [`Names`].
    fn name(&self) -> String {
        if self.number.is_some() { format!("class {}", self.text) } else { self.text.clone() }
    }

    /// Its position among K classes, if it is an integer from 0 to K − 1.
    fn as_position(&self, classes: usize) -> Option<usize> {
        self.number.and_then(|number| usize::try_from(number).ok()).filter(|&position| position < classes)
    }
}

/// The classes of a file: 0 … K − 1.
pub(super) struct Classes {
    pub(super) names: Vec<String>,
    /// The line that tells the user how they are read.
    pub(super) reading: String,
    /// Whether they are the integers from 0 to K − 1, each with a row.
    pub(super) is_plain: bool,
}

impl Classes {
    /// Those of other data, of which a file has some.
    pub(super) fn like(names: &Names, found: &[Class]) -> Self {
        let are_numbered = names.classes == FLOWERS && found.iter().any(|class| class.number.is_some());
        let reading = if are_numbered {
            let has_first = found.iter().any(|class| class.number == Some(0));
            let doubt = if has_first { "" } else { ", but no row is of class 0: do they count from 1?" };
            format!("classes 0, 1, 2 are {}{doubt}", listed(FLOWERS))
        } else {
            "classes as in the training data".to_owned()
        };
        Classes { names: names.classes.clone(), reading, is_plain: !are_numbered }
    }
}

/// The names of the flowers' classes 0, 1, 2: files of the flowers have either.
pub(super) const FLOWERS: [&str; 3] = ["setosa", "versicolor", "virginica"];

/// The position of each of these classes among all, or which of them has none, and why.
pub(super) fn positions(found: &[Class], names: &[String]) -> Result<Vec<usize>, (usize, String)> {
    let numbered = |class: &Class| class.as_position(names.len()).filter(|_| names == FLOWERS);
    let position = |(index, class): (usize, &Class)| {
        let named = names.iter().position(|name| *name == class.name());
        named.or_else(|| numbered(class)).ok_or_else(|| {
            let known = listed(names.iter().map(|name| in_file(name)));
            let text = shortened(&class.text);
            (index, format!("class {text}: the training data have none such, only {known}"))
        })
    };
    found.iter().enumerate().map(position).collect()
}

/// Which K classes those of a file with D inputs are, or which of them, in the order of the file, is wrong, and why.
pub(super) fn infer(found: &[Class], inputs: usize, classes: usize) -> Result<Classes, (usize, String)> {
    let is_name = |class: &Class| class.number.is_none();
    if let Some(other) = found.iter().position(|class| is_name(class) != is_name(&found[0])) {
        let [first, text] = [0, other].map(|class| shortened(&found[class].text));
        let problem = format!("class {text} beside class {first}: expected integers alone or names alone");
        return Err((other, problem));
    }
    let mut distinct: Vec<&Class> = found.iter().collect();
    distinct.sort_by_key(|class| (class.number, &class.text));
    distinct.dedup();
    let texts = listed(distinct.iter().map(|class| &class.text));
    let positions = listed((0..classes).map(|class| class.to_string()));
    let Some(outside) = found.iter().position(|class| class.as_position(classes).is_none()) else {
        let is_absent = |class: &String| distinct.iter().all(|found| found.text != *class);
        let absent: Vec<String> = (0..classes).map(|class| class.to_string()).filter(is_absent).collect();
        let mut reading = format!("classes {positions}");
        if !absent.is_empty() {
            reading = format!("{reading}, but no row is of class {}", listed(&absent));
        }
        let names = Names::neutral(0, classes).classes;
        return Ok(Classes { names, reading, is_plain: absent.is_empty() });
    };
    if let [only] = distinct[..] {
        let problem = format!(
            "all rows are of class {}: expected {}",
            shortened(&only.text),
            counted(classes, "class")
        );
        return Err((outside, problem));
    }
    let mut spelled = BTreeMap::new();
    let twin = |(n, class): (usize, &Class)| Some([spelled.insert(class.text.to_lowercase(), n)?, n]);
    let twins: Vec<[usize; 2]> = found.iter().enumerate().filter_map(twin).collect();
    if let Some(&[first, again]) = twins.first().filter(|_| spelled.len() == classes) {
        let [first, text] = [first, again].map(|class| shortened(&found[class].text));
        return Err((again, format!("class {text} beside class {first}: write it in one way")));
    }
    if distinct.len() != classes {
        // Of too many names, the one that is too many.
        let wrong = if is_name(&found[0]) && found.len() > classes { classes } else { outside };
        let (text, number) = (shortened(&found[wrong].text), distinct.len());
        let problem = format!("class {text} of {texts}: expected {classes}; {}", fitting(inputs, number));
        return Err((wrong, problem));
    }
    let names = distinct.iter().map(|class| class.name()).collect();
    Ok(Classes { names, reading: format!("classes {texts} are {positions}"), is_plain: false })
}

/// A column's name without unit, case and punctuation: as it may stand in another file of the same data.
fn bare(name: &str) -> String {
    let without_unit = name.split([',', '(', '[']).next().unwrap_or(name);
    let letters: String = without_unit.chars().filter(|c| c.is_alphanumeric()).collect();
    let letters = letters.to_lowercase();
    let stem = letters.strip_suffix("cm").or_else(|| letters.strip_suffix("mm"));
    stem.filter(|stem| !stem.is_empty()).unwrap_or(&letters).to_owned()
}

/// What is wrong with columns that are those of other data in another order.
pub(super) fn refuse_order(names: &[String], known: &[String]) -> Result<(), String> {
    let bares: Vec<String> = known.iter().map(|name| bare(name)).collect();
    for (name, (own, own_bare)) in names.iter().zip(known.iter().zip(&bares)) {
        let found = bare(name);
        if name != own && known.contains(name)
            || found != *own_bare && !found.is_empty() && bares.contains(&found)
        {
            return Err(format!(
                "column {} stands where the training data have {}: put the columns into their order, {}",
                shortened(name),
                shortened(own),
                listed(known)
            ));
        }
    }
    Ok(())
}

/// Whether a name says that a column is the class.
pub(super) fn names_class(column: &str) -> bool {
    ["class", "label", "outcome", "species", "target", "variety"].contains(&column.to_lowercase().as_str())
}

/// Where the class is expected.
pub(super) const CLASS_LAST: &str = "the class is expected in the last column";

/// The inputs and classes that were found in place of those expected, for messages.
pub(super) fn fitting(inputs: usize, classes: usize) -> String {
    /// More are rather numbers of another kind.
    const MOST: usize = 20;
    if classes > MOST {
        return format!("{CLASS_LAST}, which has {classes} different values");
    }
    if classes == 1 {
        return format!("found {}, and all rows are of one class", counted(inputs, "input"));
    }
    let [inputs, classes] = [counted(inputs, "input"), counted(classes, "class")];
    format!("found {inputs} and {classes}: the README says which program takes them")
}
