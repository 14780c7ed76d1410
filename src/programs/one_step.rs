//! One step of back-propagation in numbers, as text and as a figure.

use std::fmt::Write as _;

use crate::draw::svg;
use crate::figures::one_step;
use crate::programs::console::Console;
use crate::proof::one_step::{ALPHA, LAMBDA, OneStep, Quantity, written};
use crate::training::error::Error;

/// Draws the step into `one_step.svg`.
pub fn draw_one_step(console: &mut Console) -> Result<(), Error> {
    console.svg("one_step.svg", svg(one_step(&OneStep::computed())))
}

/// Prints the step and draws it.
pub fn show_one_step(console: &mut Console) -> Result<(), Error> {
    console.line(text(&OneStep::computed()))?;
    draw_one_step(console)
}

/// The step: first the network and the data, then each quantity with its equation, its line of code and its numbers.
fn text(step: &OneStep) -> String {
    let OneStep { given, quantities, score, score_after } = step;
    let mut text = format!(
        "One step of back-propagation: 2 inputs → 2 ReLU units → 2 classes on XOR, λ = {LAMBDA}, α = {ALPHA}\n\
         A row for each of the N = {} samples. A number with less than four decimals is exact; others are rounded where they \
         are\nprinted and not before, so a sum of printed numbers may differ by 0.0001 or 0.0002.\n\nGiven\n",
        given[0].1.len()
    );
    for (name, rows) in given {
        matrix(name, rows, &mut text);
    }
    for (position, quantity) in quantities.iter().enumerate() {
        let Quantity { equation, name, formula, code, file, rows, worked } = quantity;
        let heading = [(0, "Forward"), (6, "Backward"), (13, "New parameters"), (17, "New loss")];
        if let Some((_, heading)) = heading.iter().find(|(start, _)| *start == position) {
            let _ = writeln!(text, "\n{heading}");
        }
        let _ = writeln!(text, "\n  Eq. {equation}: {name} = {formula}\n    {code}  // {file}");
        let _ = writeln!(text, "    for example {worked}");
        matrix(name, rows, &mut text);
    }
    let _ = write!(
        text,
        "\nThe step takes J from {:.4} to {:.4}, and {} instead of {} of the 4 points are right.",
        score.loss(),
        score_after.loss(),
        score_after.correct,
        score.correct
    );
    text
}

/// A matrix with its name before the first row.
fn matrix(name: &str, rows: &[Vec<f64>], text: &mut String) {
    for (n, row) in written(rows).iter().enumerate() {
        let (name, sign) = if n == 0 { (name, "=") } else { ("", " ") };
        let _ = write!(text, "    {name:>9} {sign}");
        for number in row {
            let _ = write!(text, "{number:>9}");
        }
        text.push('\n');
    }
}
