//! The names of inputs and classes.

/// Names of a dataset's inputs and classes, as its file has them.
///
/// A class that the file writes as a number n is called `class n`.
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
}

/// A number in small digits below the line.
fn subscript(number: usize) -> String {
    let small = |digit: char| char::from_u32('₀' as u32 + digit as u32 - '0' as u32).unwrap_or(digit);
    number.to_string().chars().map(small).collect()
}
