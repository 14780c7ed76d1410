//! One step of back-propagation in numbers: down on the left the values, up on the right the gradients.

use super::drawing;
use crate::draw::{Figure, Mark, Point, Polygon, panel_width};
use crate::proof::one_step::{ALPHA, LAMBDA, OneStep, rows, written};

/// The height of a line of numbers.
const LINE: f64 = 16.0;
/// The height of the label above a matrix.
const LABEL: f64 = 17.0;
/// The room for a number: of the forward pass, of a gradient, of a parameter.
const VALUE: f64 = 46.0;
const GRADIENT: f64 = 56.0;
const PARAMETER: f64 = 36.0;
/// Left edges: of values, of parameters, of the gate, of gradients, of those of parameters.
const VALUES: f64 = 40.0;
const PARAMETERS: f64 = 84.0;
const GATES: f64 = 150.0;
const GRADIENTS: f64 = 254.0;
const OF_PARAMETERS: f64 = 214.0;
/// Where the arrows down and up are.
const DOWN: f64 = 54.0;
const UP: f64 = 356.0;

/// The looks of the parts, as classes.
#[derive(Clone, Copy)]
enum Look {
    Value,
    Gradient,
    Parameter,
    Closed,
}

/// The drawing, from its upper left corner down.
#[derive(Default)]
struct Sheet {
    /// Outlines by look: of matrices, and of arrows and closed entries.
    matrices: [Vec<Polygon>; 4],
    solids: [Vec<Polygon>; 4],
    links: Vec<[Point; 2]>,
    notes: Vec<(Point, String)>,
}

impl Sheet {
    fn note(&mut self, at: Point, text: &str) {
        self.notes.push((at, text.to_owned()));
    }

    /// A matrix with its name on the left and a label above; returns where it ends.
    fn matrix(
        &mut self,
        look: Look,
        [left, top]: Point,
        cell: f64,
        [name, label]: [&str; 2],
        rows: &[Vec<f64>],
    ) -> f64 {
        let width = cell * rows[0].len() as f64;
        let first = if label.is_empty() { top } else { top + LABEL };
        let bottom = first + LINE * rows.len() as f64;
        self.matrices[look as usize].push(rectangle([left, first], [left + width, bottom]));
        for (n, row) in written(rows).iter().enumerate() {
            for (c, text) in row.iter().enumerate() {
                self.note([left + (c as f64 + 0.5) * cell, first + (n as f64 + 0.5) * LINE], text);
            }
        }
        self.note([left + width / 2.0, top + LABEL / 2.0 - 1.0], label);
        self.note([left - 6.0 - 3.2 * name.chars().count() as f64, first + LINE / 2.0], name);
        bottom
    }

    /// Marks the entries of a matrix of 2 columns that belong to units that are off.
    fn close(&mut self, [left, top]: Point, cell: f64, h_pre: &[Vec<f64>]) {
        for (n, row) in h_pre.iter().enumerate() {
            for (unit, _) in row.iter().enumerate().filter(|(_, h_pre)| **h_pre <= 0.0) {
                let [x, y] = [left + unit as f64 * cell, top + LABEL + n as f64 * LINE];
                let outline = rectangle([x + 1.0, y + 1.0], [x + cell - 1.0, y + LINE - 1.0]);
                self.solids[Look::Closed as usize].push(outline);
            }
        }
    }

    /// A wide arrow down or up.
    fn arrow(&mut self, look: Look, x: f64, from: f64, to: f64) {
        let head = if to > from { to - 8.0 } else { to + 8.0 };
        let outline = vec![
            [x - 4.0, from],
            [x - 4.0, head],
            [x - 10.0, head],
            [x, to],
            [x + 10.0, head],
            [x + 4.0, head],
            [x + 4.0, from],
        ];
        self.solids[look as usize].push(outline);
    }

    /// A thin arrow to the right.
    fn link(&mut self, from: Point, to: Point) {
        let [x, y] = [0, 1].map(|axis| to[axis] - from[axis]);
        let length = (x * x + y * y).sqrt();
        let side = |turn: f64| {
            let [along, across] = [-7.0 / length, 3.5 * turn / length];
            [to[0] + along * x - across * y, to[1] + along * y + across * x]
        };
        self.links.extend([[from, to], [side(1.0), to], [side(-1.0), to]]);
    }

    fn figure(mut self, height: f64, step: &OneStep) -> Figure {
        // The axis goes up.
        let flip = |point: &mut Point| point[1] = height - point[1];
        self.matrices.iter_mut().chain(&mut self.solids).flatten().flatten().for_each(flip);
        self.links.iter_mut().flatten().for_each(flip);
        self.notes.iter_mut().for_each(|(at, _)| flip(at));
        let labels = ["values, forward", "gradients, backward", "parameters", "unit off: its gate is closed"];
        let mut marks = Vec::new();
        for (confident, outlines) in [(false, self.matrices), (true, self.solids)] {
            for (class, (rings, label)) in outlines.into_iter().zip(labels).enumerate() {
                let label = if confident == (class == 3) { label.to_owned() } else { String::new() };
                marks.push(Mark::Region { label, class, confident, rings });
            }
        }
        marks.push(Mark::Segments { label: String::new(), segments: self.links });
        marks.push(Mark::Notes { notes: self.notes });
        let subtitle = format!(
            "Two hidden units on XOR, λ = {LAMBDA}, α = {ALPHA}. Values go down on the left, gradients up on the right; numbers with \
             four decimals are rounded."
        );
        let [before, after] = [step.score, step.score_after].map(|score| score.loss());
        let (ranges, share) = ([[0.0, panel_width(1)], [0.0, height]], height / panel_width(1));
        Figure {
            description: format!(
                "All values and gradients of one step, which takes J from {before:.4} to {after:.4}."
            ),
            ..drawing("One step of back-propagation", &subtitle, ranges, share, marks)
        }
    }
}

fn rectangle([left, top]: Point, [right, bottom]: Point) -> Polygon {
    vec![[left, top], [right, top], [right, bottom], [left, bottom]]
}

/// The step: values go down on the left, gradients up on the right, and below are the new parameters.
#[must_use]
pub fn one_step(step: &OneStep) -> Figure {
    use Look::{Gradient, Parameter, Value};

    let OneStep { before, after, gradient, score, score_after, .. } = step;
    let (h_pre, h) = (rows(&step.h_pre), rows(&step.h));
    let gate: Vec<Vec<f64>> =
        h_pre.iter().map(|row| row.iter().map(|h_pre| f64::from(u8::from(*h_pre > 0.0))).collect()).collect();
    let mut sheet = Sheet::default();

    // Inputs.
    let inputs = sheet.matrix(Value, [VALUES, 0.0], 24.0, ["X", "four points"], &rows(&step.x));
    let classes: Vec<Vec<f64>> = step.labels.iter().map(|&class| vec![class as f64]).collect();
    sheet.matrix(Value, [VALUES + 80.0, 0.0], 24.0, ["y", "classes"], &classes);

    // The first layer's parameters, h_pre, h; and what comes back there.
    let mut first = inputs + 4.0;
    let layer =
        |sheet: &mut Sheet, top: f64, names: [&str; 4], labels: [&str; 2], parameters: [Vec<Vec<f64>>; 4]| {
            let [w, b, d_w, d_b] = parameters;
            let middle = sheet.matrix(Gradient, [OF_PARAMETERS, top], GRADIENT, [names[2], labels[0]], &d_w);
            sheet.matrix(Parameter, [PARAMETERS, top + LABEL], PARAMETER, [names[0], ""], &w);
            sheet.matrix(Parameter, [PARAMETERS, middle + LABEL], PARAMETER, [names[1], ""], &b);
            sheet.matrix(Gradient, [OF_PARAMETERS, middle], GRADIENT, [names[3], labels[1]], &d_b)
        };
    let parameters = [rows(&before.w1), rows(&before.b1), rows(&gradient.w1), rows(&gradient.b1)];
    let labels = ["Eq. 13: Xᵀ·∂J/∂h_pre + λW₁", "Eq. 14: Σₙ ∂J/∂h_pre"];
    let layer1 = layer(&mut sheet, first, ["W₁", "b₁", "∂J/∂W₁", "∂J/∂b₁"], labels, parameters);
    sheet.link([VALUES + 49.0, inputs - 8.0], [OF_PARAMETERS - 48.0, first + LABEL - 2.0]);

    let top = layer1 + 20.0;
    sheet.close([VALUES, top], VALUE, &h_pre);
    sheet.close([GATES, top], 18.0, &h_pre);
    sheet.close([GRADIENTS, top], GRADIENT, &h_pre);
    let end = sheet.matrix(Value, [VALUES, top], VALUE, ["h_pre", "Eq. 6: X·W₁ + b₁"], &h_pre);
    sheet.matrix(Value, [GATES, top], 18.0, ["", "h_pre > 0"], &gate);
    sheet.matrix(
        Gradient,
        [GRADIENTS, top],
        GRADIENT,
        ["∂J/∂h_pre", "Eq. 10: ∂J/∂h ⊗ gate"],
        &rows(&step.d_h_pre),
    );
    sheet.arrow(Value, DOWN, inputs + 2.0, top - 1.0);
    sheet.arrow(Gradient, UP, top - 1.0, layer1 + 1.0);
    for (from, to) in [(VALUES + 2.0 * VALUE, GATES), (GATES + 36.0, GRADIENTS)] {
        sheet.link([from + 1.0, end - 8.0], [to - 1.0, end - 8.0]);
    }
    first = end + 22.0;
    sheet.close([VALUES, first], VALUE, &h_pre);
    let hidden = sheet.matrix(Value, [VALUES, first], VALUE, ["h", "Eq. 6: φ(h_pre)"], &h);
    sheet.matrix(Gradient, [GRADIENTS, first], GRADIENT, ["∂J/∂h", "Eq. 9: ∂J/∂f·W₂ᵀ"], &rows(&step.d_h));
    sheet.arrow(Value, DOWN, end + 2.0, first - 1.0);
    sheet.arrow(Gradient, UP, first - 1.0, end + 2.0);

    // The second layer.
    let parameters = [rows(&before.w2), rows(&before.b2), rows(&gradient.w2), rows(&gradient.b2)];
    let labels = ["Eq. 11: hᵀ·∂J/∂f + λW₂", "Eq. 12: Σₙ ∂J/∂f"];
    let top = hidden + 10.0;
    let layer2 = layer(&mut sheet, top, ["W₂", "b₂", "∂J/∂W₂", "∂J/∂b₂"], labels, parameters);
    sheet.link([VALUES + 2.0 * VALUE + 1.0, hidden - 8.0], [OF_PARAMETERS - 48.0, top + LABEL - 2.0]);
    sheet.link([PARAMETERS + 2.0 * PARAMETER + 1.0, top + LABEL + 10.0], [GRADIENTS - 1.0, hidden - 8.0]);
    let top = layer2 + 14.0;
    let end = sheet.matrix(Value, [VALUES, top], VALUE, ["f", "Eq. 7: h·W₂ + b₂"], &rows(&step.f));
    sheet.matrix(Gradient, [GRADIENTS, top], GRADIENT, ["∂J/∂f", "Eq. 2: (p − 1[y])/N"], &rows(&step.d_f));
    sheet.arrow(Value, DOWN, hidden + 2.0, top - 1.0);
    sheet.arrow(Gradient, UP, top - 1.0, hidden + 2.0);

    // The loss, where values turn into gradients.
    let top = end + 20.0;
    sheet.arrow(Value, DOWN, end + 2.0, top - 1.0);
    let p = sheet.matrix(Value, [VALUES, top], VALUE, ["p", "Eq. 1: softmax(f)"], &rows(&step.p));
    let losses = step.losses.map(|loss| vec![loss]);
    sheet.matrix(Value, [VALUES + 118.0, top], VALUE, ["", "−log p_y"], &losses);
    let costs = [[score.data_loss], [score.penalty], [score.loss()]].map(|cost| cost.to_vec());
    sheet.matrix(Value, [GRADIENTS + GRADIENT, top + LINE], GRADIENT, ["mean", "Eq. 8: J"], &costs);
    sheet.note([GRADIENTS + 17.0, top + LABEL + 2.5 * LINE], "+ (λ/2)·ΣW²");
    sheet.note([GRADIENTS + 38.0, top + LABEL + 3.5 * LINE], "= J");
    sheet.link([VALUES + 2.0 * VALUE + 2.0, top + LABEL - 9.0], [GRADIENTS - 1.0, end - 8.0]);

    // The step.
    let top = p + 12.0;
    let [w, b] = ["Eq. 15: W₁ − α·∂J/∂W₁", "Eq. 16: W₂ − α·∂J/∂W₂"];
    let middle = sheet.matrix(Parameter, [VALUES, top], GRADIENT, ["W₁", w], &rows(&after.w1)) + 4.0;
    let bottom = sheet.matrix(Parameter, [VALUES, middle], GRADIENT, ["b₁", ""], &rows(&after.b1));
    sheet.matrix(Parameter, [OF_PARAMETERS, top], GRADIENT, ["W₂", b], &rows(&after.w2));
    sheet.matrix(Parameter, [OF_PARAMETERS, middle], GRADIENT, ["b₂", ""], &rows(&after.b2));
    let outcome = format!(
        "Then J = {:.4} + {:.4} = {:.4}; {} points are right, not {}.",
        score_after.data_loss,
        score_after.penalty,
        score_after.loss(),
        score_after.correct,
        score.correct
    );
    sheet.note([panel_width(1) / 2.0, bottom + 14.0], &outcome);
    sheet.figure(bottom + 24.0, step)
}
