//! One step of back-propagation in numbers: down on the left the values, up on the right the gradients.

use crate::draw::{Figure, Look, Mark, Point, Polygon};
use crate::proof::one_step::{ALPHA, LAMBDA, OneStep, Quantity, Rows, written};
use crate::training::train::Score;

/// The width of the drawing, that of a figure.
const WIDTH: f64 = 370.0;
/// The height of a line of numbers.
const LINE: f64 = 16.0;
/// The height of the label above a matrix.
const LABEL: f64 = 17.0;
/// The room for a number: of the forward pass, of a gradient, of a parameter.
const VALUE: f64 = 46.0;
const GRADIENT: f64 = 56.0;
const PARAMETER: f64 = 36.0;
/// Left edges: of inputs, of values, of parameters, of the gate, of gradients, of those of parameters.
const INPUTS: f64 = 16.0;
const VALUES: f64 = 40.0;
const PARAMETERS: f64 = 90.0;
const GATES: f64 = 146.0;
const GRADIENTS: f64 = 254.0;
const OF_PARAMETERS: f64 = 214.0;
/// Where the arrows down and up are.
const DOWN: f64 = 54.0;
const UP: f64 = 356.0;

/// The kind of a matrix or an arrow; its number is that of the class that gives its colour.
#[derive(Clone, Copy)]
enum Kind {
    Value,
    Gradient,
    Parameter,
    Closed,
}

/// The legend's names of the kinds.
const NAMES: [&str; 4] =
    ["values, forward", "gradients, backward", "parameters", "unit off, h_pre ≤ 0: its gate is 0"];

/// The drawing, from its upper left corner down.
#[derive(Default)]
struct Sheet {
    /// Outlines by kind: of matrices, and of arrows and closed entries.
    matrices: [Vec<Polygon>; 4],
    solids: [Vec<Polygon>; 4],
    notes: Vec<(Point, String)>,
}

impl Sheet {
    fn note(&mut self, at: Point, text: &str) {
        self.notes.push((at, text.to_owned()));
    }

    /// A matrix from its left and top on, of cells so wide, with its name on the left and a label above; returns where it ends.
    fn matrix(&mut self, kind: Kind, [left, top, cell]: [f64; 3], words: [&str; 2], rows: &Rows) -> f64 {
        let [name, label] = words;
        let width = cell * rows[0].len() as f64;
        let first = if label.is_empty() { top } else { top + LABEL };
        let bottom = first + LINE * rows.len() as f64;
        self.matrices[kind as usize].push(rectangle([left, first], [left + width, bottom]));
        for (n, row) in written(rows).iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                self.note([left + (c as f64 + 0.5) * cell, first + (n as f64 + 0.5) * LINE], text);
            }
        }
        self.note([left + width / 2.0, top + LABEL / 2.0 - 1.0], label);
        self.note([left - 6.0 - 3.2 * name.chars().count() as f64, first + LINE / 2.0], name);
        bottom
    }

    /// A matrix under its equation.
    fn quantity(&mut self, kind: Kind, place: [f64; 3], quantity: &Quantity) -> f64 {
        let Quantity { equation, name, formula, rows, .. } = quantity;
        self.matrix(kind, place, [name, &format!("Eq. {equation}: {formula}")], rows)
    }

    /// The parameters of a layer, weights above biases, beside their gradients.
    fn layer(&mut self, top: f64, parameters: [&(&str, Rows); 2], gradients: [&Quantity; 2]) -> f64 {
        let [(w, weights), (b, biases)] = parameters;
        let middle = self.quantity(Kind::Gradient, [OF_PARAMETERS, top, GRADIENT], gradients[0]);
        self.matrix(Kind::Parameter, [PARAMETERS, top + LABEL, PARAMETER], [w, ""], weights);
        self.matrix(Kind::Parameter, [PARAMETERS, middle + LABEL, PARAMETER], [b, ""], biases);
        self.quantity(Kind::Gradient, [OF_PARAMETERS, middle, GRADIENT], gradients[1])
    }

    /// A wide arrow: of values down on the left, of gradients up on the right.
    fn arrow(&mut self, kind: Kind, from: f64, to: f64) {
        let (x, head) = if to > from { (DOWN, to - 8.0) } else { (UP, to + 8.0) };
        let (shaft, barb) = (4.0, 10.0);
        self.solids[kind as usize].push(vec![
            [x - shaft, from],
            [x - shaft, head],
            [x - barb, head],
            [x, to],
            [x + barb, head],
            [x + shaft, head],
            [x + shaft, from],
        ]);
    }

    /// A value and its gradient, with arrows from and to the matrices that end above; returns where they end.
    fn pair(&mut self, above: f64, top: f64, [value, gradient]: [&Quantity; 2]) -> f64 {
        let end = self.quantity(Kind::Value, [VALUES, top, VALUE], value);
        self.quantity(Kind::Gradient, [GRADIENTS, top, GRADIENT], gradient);
        self.arrow(Kind::Value, above + 2.0, top - 1.0);
        self.arrow(Kind::Gradient, top - 1.0, above + 2.0);
        end
    }

    /// The marks, in axes that go up.
    fn marks(mut self, height: f64) -> Vec<Mark> {
        let flip = |point: &mut Point| point[1] = height - point[1];
        self.matrices.iter_mut().chain(&mut self.solids).flatten().flatten().for_each(flip);
        self.notes.iter_mut().for_each(|(at, _)| flip(at));
        let mut marks = Vec::new();
        for (confident, outlines) in [(false, self.matrices), (true, self.solids)] {
            for (class, (rings, name)) in outlines.into_iter().zip(NAMES).enumerate() {
                let label = if confident == (class == Kind::Closed as usize) { name } else { "" };
                marks.push(Mark::new(label, Look::Region { class, confident, rings }));
            }
        }
        marks.push(Mark::new("", Look::Notes(self.notes)));
        marks
    }
}

fn rectangle([left, top]: Point, [right, bottom]: Point) -> Polygon {
    vec![[left, top], [right, top], [right, bottom], [left, bottom]]
}

/// The step: values go down on the left, gradients up on the right, and below are the new parameters.
pub fn one_step(step: &OneStep) -> Figure {
    use Kind::{Gradient, Parameter, Value};

    let OneStep { given: [x, y, w1, b1, w2, b2], quantities, score, score_after } = step;
    let [h_pre, h, f, p, losses, cost, d_f, d_w2, d_b2, d_h, d_h_pre, d_w1, d_b1, after @ .., _] = quantities;
    let open = |h_pre: &f64| f64::from(u8::from(*h_pre > 0.0));
    let gate = h_pre.rows.iter().map(|row| row.iter().map(open).collect()).collect();
    let mut sheet = Sheet::default();

    // Inputs.
    let inputs = sheet.matrix(Value, [INPUTS, 0.0, 24.0], ["X", "points"], &x.1);
    sheet.matrix(Value, [UP - 5.0, 0.0, 18.0], ["", "y"], &y.1);

    // The first layer's parameters, h_pre, h; and what comes back there.
    let layer1 = sheet.layer(0.0, [w1, b1], [d_w1, d_b1]);
    let top = layer1 + 20.0;
    let end = sheet.quantity(Value, [VALUES, top, VALUE], h_pre);
    sheet.matrix(Value, [GATES, top, 18.0], ["", "gate"], &gate);
    let label = "Eq. 10: ∂J/∂h ⊗ gate";
    sheet.matrix(Gradient, [GRADIENTS, top, GRADIENT], [d_h_pre.name, label], &d_h_pre.rows);
    sheet.arrow(Value, inputs + 2.0, top - 1.0);
    sheet.arrow(Gradient, top - 1.0, layer1 + 1.0);
    let below = end + 22.0;
    let hidden = sheet.pair(end, below, [h, d_h]);
    // The entries of units that are off.
    let gated =
        [(VALUES, top, VALUE), (GATES, top, 18.0), (GRADIENTS, top, GRADIENT), (VALUES, below, VALUE)];
    for (left, top, cell) in gated {
        for (n, row) in gate.iter().enumerate() {
            for (unit, _) in row.iter().enumerate().filter(|(_, gate)| **gate == 0.0) {
                let [x, y] = [left + unit as f64 * cell, top + LABEL + n as f64 * LINE];
                let outline = rectangle([x + 1.0, y + 1.0], [x + cell - 1.0, y + LINE - 1.0]);
                sheet.solids[Kind::Closed as usize].push(outline);
            }
        }
    }

    // The second layer.
    let top = hidden + 10.0;
    let layer2 = sheet.layer(top, [w2, b2], [d_w2, d_b2]);
    let top = layer2 + 14.0;
    let end = sheet.pair(hidden, top, [f, d_f]);

    // The loss, where values turn into gradients.
    let top = end + 20.0;
    sheet.arrow(Value, end + 2.0, top - 1.0);
    let bottom = sheet.quantity(Value, [VALUES, top, VALUE], p);
    sheet.matrix(Value, [VALUES + 140.0, top, VALUE], ["", losses.formula], &losses.rows);
    sheet.matrix(Value, [GRADIENTS + GRADIENT, top + LINE, GRADIENT], ["mean", "Eq. 8: J"], &cost.rows);
    sheet.note([GRADIENTS + 17.0, top + LABEL + 2.5 * LINE], "+ (λ/2)·ΣW²");
    sheet.note([GRADIENTS + 38.0, top + LABEL + 3.5 * LINE], "= J");
    sheet.arrow(Gradient, top + LINE, end + 2.0);

    // The step.
    let top = bottom + 12.0;
    let [w1, b1, w2, b2] = after;
    let middle = sheet.quantity(Parameter, [VALUES, top, GRADIENT], w1) + 4.0;
    let bottom = sheet.matrix(Parameter, [VALUES, middle, GRADIENT], [b1.name, ""], &b1.rows);
    sheet.quantity(Parameter, [OF_PARAMETERS, top, GRADIENT], w2);
    sheet.matrix(Parameter, [OF_PARAMETERS, middle, GRADIENT], [b2.name, ""], &b2.rows);
    let [before, after] = [score.loss(), score_after.loss()];
    let Score { data_loss, penalty, correct, .. } = score_after;
    let outcome = format!(
        "Then J = {data_loss:.4} + {penalty:.4} = {after:.4}; {correct} points are right, not {}.",
        score.correct
    );
    sheet.note([WIDTH / 2.0, bottom + 14.0], &outcome);

    let height = bottom + 24.0;
    let title = format!("one step takes J from {before:.4} to {after:.4}");
    let subtitle = format!(
        "Two hidden units on XOR, λ = {LAMBDA}, α = {ALPHA}. Values go down on the left, gradients up on the right; numbers with \
         four decimals are rounded."
    );
    let description = "All values and gradients of one step on XOR, with two hidden units.";
    Figure::diagram([[0.0, WIDTH], [0.0, height]], height / WIDTH, sheet.marks(height)).titled([
        &title,
        &subtitle,
        description,
    ])
}
