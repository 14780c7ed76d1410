//! One step of back-propagation in numbers: down on the left the values, up on the right the gradients.

use crate::draw::{Figure, Look, Mark, Page, Point, Polygon};
use crate::proof::one_step::{ALPHA, LAMBDA, OneStep, Quantity, Rows, written};

/// The size of the drawing; the width is that of a figure.
const WIDTH: f64 = 370.0;
const HEIGHT: f64 = 692.0;
/// The height of a line of numbers.
const LINE: f64 = 16.0;

/// What is drawn, by the class whose colour it has.
const NAMES: [&str; 4] =
    ["values, forward", "gradients, backward", "parameters", "unit off, h_pre ≤ 0: its gate is 0"];
const VALUE: usize = 0;
const GRADIENT: usize = 1;
const PARAMETER: usize = 2;
const OFF: usize = 3;

/// Where each matrix stands: its left edge, its upper edge, and the width of a number in it. First what is given, then the
/// gate, then what is computed, up to the new parameters.
const PLACES: [(usize, [f64; 3]); 24] = [
    (VALUE, [16.0, 675.0, 24.0]),
    (VALUE, [351.0, 675.0, 18.0]),
    (PARAMETER, [90.0, 675.0, 36.0]),
    (PARAMETER, [90.0, 626.0, 36.0]),
    (PARAMETER, [90.0, 379.0, 36.0]),
    (PARAMETER, [90.0, 330.0, 36.0]),
    (VALUE, [146.0, 573.0, 18.0]),
    (VALUE, [40.0, 573.0, 46.0]),
    (VALUE, [40.0, 470.0, 46.0]),
    (VALUE, [40.0, 283.0, 46.0]),
    (VALUE, [40.0, 182.0, 46.0]),
    (VALUE, [180.0, 182.0, 46.0]),
    (VALUE, [310.0, 166.0, 56.0]),
    (GRADIENT, [254.0, 283.0, 56.0]),
    (GRADIENT, [214.0, 379.0, 56.0]),
    (GRADIENT, [214.0, 330.0, 56.0]),
    (GRADIENT, [254.0, 470.0, 56.0]),
    (GRADIENT, [254.0, 573.0, 56.0]),
    (GRADIENT, [214.0, 675.0, 56.0]),
    (GRADIENT, [214.0, 626.0, 56.0]),
    (PARAMETER, [40.0, 89.0, 56.0]),
    (PARAMETER, [40.0, 40.0, 56.0]),
    (PARAMETER, [214.0, 89.0, 56.0]),
    (PARAMETER, [214.0, 40.0, 56.0]),
];

/// A rectangle from its upper left corner.
fn rectangle([left, top]: Point, [width, height]: [f64; 2]) -> Polygon {
    let [right, bottom] = [left + width, top - height];
    vec![[left, top], [right, top], [right, bottom], [left, bottom]]
}

/// The step: values go down on the left, gradients up on the right, and below are the new parameters.
pub fn one_step(step: &OneStep) -> Page {
    let OneStep { given, quantities, score, score_after } = step;
    let open = |h_pre: &f64| f64::from(u8::from(*h_pre > 0.0));
    let gate: Rows = quantities[0].rows.iter().map(|row| row.iter().map(open).collect()).collect();
    let given = given.iter().map(|(name, rows)| (*name, String::new(), rows));
    let computed = quantities.iter().map(|Quantity { equation, name, formula, rows, .. }| {
        // The cost is drawn with its parts.
        let (name, formula) =
            if *name == "J" { ("mean\n+ (λ/2)·ΣW²\n= J", "J") } else { (*name, *formula) };
        (name, format!("Eq. {equation}: {}", formula.replace("1[h_pre > 0]", "gate")), rows)
    });
    let matrices = given.chain([("", "gate".to_owned(), &gate)]).chain(computed);

    let mut boxes = [const { Vec::new() }; 4];
    let mut notes = Vec::new();
    for ((names, label, rows), (kind, [left, top, cell])) in matrices.zip(PLACES) {
        let size = [cell * rows[0].len() as f64, LINE * rows.len() as f64];
        boxes[kind].push(rectangle([left, top], size));
        notes.push(([left + size[0] / 2.0, top + 9.5], label));
        for (n, name) in names.lines().enumerate() {
            let x = left - 6.0 - 3.2 * name.chars().count() as f64;
            notes.push(([x, top - (n as f64 + 0.5) * LINE], name.to_owned()));
        }
        let has_gate = ["", "h_pre", "h", "∂J/∂h_pre"].contains(&names);
        for (n, row) in written(rows).into_iter().enumerate() {
            for (c, text) in row.into_iter().enumerate() {
                let [x, y] = [left + c as f64 * cell, top - n as f64 * LINE];
                notes.push(([x + cell / 2.0, y - LINE / 2.0], text));
                if has_gate && gate[n][c] == 0.0 {
                    boxes[OFF].push(rectangle([x + 1.0, y - 1.0], [cell - 2.0, LINE - 2.0]));
                }
            }
        }
    }
    for y in [600.0, 497.0, 352.0, 204.0] {
        notes.extend([(54.0, "↓"), (356.0, "↑")].map(|(x, arrow)| ([x, y], arrow.to_owned())));
    }
    let mark =
        |(class, rings)| Mark::new(NAMES[class], Look::Region { class, confident: class == OFF, rings });
    let mut marks: Vec<Mark> = boxes.into_iter().enumerate().map(mark).collect();
    marks.push(Mark::new("", Look::Notes(notes)));
    let title = format!(
        "one step takes J from {:.4} to {:.4}, {} points right, not {}",
        score.loss(),
        score_after.loss(),
        score_after.correct,
        score.correct
    );
    let subtitle = format!(
        "Two hidden units on XOR, λ = {LAMBDA}, α = {ALPHA}. Values go down on the left, gradients up on the right; numbers with \
         four decimals are rounded. A row for each of the N = {} points.",
        gate.len()
    );
    let description = "All values and gradients of one step on XOR, with two hidden units.";
    let figure = Figure::diagram("", [[0.0, WIDTH], [0.0, HEIGHT]], HEIGHT / WIDTH, marks);
    Page::new([&title, &subtitle, description], 1, vec![figure])
}
