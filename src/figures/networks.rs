//! Drawings of networks: units as circles, connections as lines whose width is the size of their weight and whose look is
//! its sign.

use super::regions::{HiddenUnit, LinearPiece, PlanarNetwork};
use crate::draw::{Figure, Look, Mark, Page, Point};
use crate::math::order::larger;
use crate::proof::xor_gate::{HIDDEN, OUTPUT};
use crate::training::numbers::signed;

/// A trained network, and above it, if its data are XOR, two that compute it: Figure 1a's circuit and Figure 1b's hard-coded
/// gate.
pub fn gates(title: &str, subtitle: &str, network: &PlanarNetwork, is_xor: bool) -> Page {
    let handout = is_xor.then(handout);
    let description = "Networks, their units as circles and their connections as lines.";
    Page::new([title, subtitle, description], 1, handout.into_iter().chain([trained(network)]).collect())
}

const IN: f64 = 0.1;
const HIDDEN_AT: f64 = 0.5;
const OUT: f64 = 0.9;

/// The two inputs, so far above and below the middle.
fn inputs(apart: f64) -> [(Point, String); 2] {
    [([IN, 0.5 + apart], "in₁".to_owned()), ([IN, 0.5 - apart], "in₂".to_owned())]
}

/// Connections, and places with texts inside a circle or alone.
type Wires = Vec<([Point; 2], f64)>;
type Words = Vec<(Point, String)>;

/// A drawing in the unit square, this share as high as wide. The largest weight has the widest line.
fn drawing(caption: &str, height: f64, mut wires: Wires, [units, notes]: [Words; 2]) -> Figure {
    let largest = wires.iter().map(|(_, weight)| weight.abs()).fold(f64::MIN_POSITIVE, larger);
    for (_, weight) in &mut wires {
        *weight /= largest;
    }
    let marks = [Look::Wires(wires), Look::Units(units), Look::Notes(notes)].map(|look| Mark::new("", look));
    Figure::diagram(caption, [[0.0, 1.0]; 2], height, marks.to_vec())
}

/// Figure 1a, in₁ and in₂ differ where one of them is on and not both, and on its right Figure 1b, thresholds inside the units,
/// weights on the connections.
fn handout() -> Figure {
    let left = |[x, y]: Point| [0.44 * x, y];
    let right = |[x, y]: Point| [0.56 + 0.44 * x, y];
    let (mut wires, [mut units, mut notes]) = (Wires::new(), [const { Words::new() }; 2]);
    let [or, nand, and] = [[HIDDEN_AT, 0.75], [HIDDEN_AT, 0.25], [OUT, 0.5]];
    let [in1, in2] = inputs(0.25);
    for (from, to) in [(in1.0, or), (in2.0, or), (in1.0, nand), (in2.0, nand), (or, and), (nand, and)] {
        wires.push(([left(from), left(to)], 2.0));
    }
    for (at, name) in [in1, in2, (or, "OR".to_owned()), (nand, "NAND".to_owned()), (and, "AND".to_owned())] {
        units.push((left(at), name));
    }
    let [hidden, output] = [[0.42, 0.5], [OUT, 0.5]];
    let [in1, in2] = inputs(0.4);
    let [w1, w2, w_hidden] = OUTPUT.weights;
    // The share of the way at which each weight stands, and how far above the connection.
    for (from, to, weight, share, above) in [
        (in1.0, hidden, HIDDEN.weights[0], 0.45, -0.09),
        (in2.0, hidden, HIDDEN.weights[1], 0.45, 0.09),
        (in1.0, output, w1, 0.5, 0.09),
        (in2.0, output, w2, 0.5, -0.09),
        (hidden, output, w_hidden, 0.42, 0.065),
    ] {
        let [x, y] = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
        wires.push(([right(from), right(to)], weight));
        notes.push((right([x, y + above]), signed(weight, 2)));
    }
    let thresholds = [(hidden, HIDDEN.threshold.to_string()), (output, OUTPUT.threshold.to_string())];
    units.extend([in1, in2].into_iter().chain(thresholds).map(|(at, text)| (right(at), text)));
    let caption = "The handout's Figure 1a, a circuit, and Figure 1b, a gate: a unit is on above the threshold inside it. Solid: \
                    positive; dashed: negative.";
    drawing(caption, 0.5, wires, [units, notes])
}

/// The trained network: inside each hidden unit its number and its threshold −b, at both of its sides its weights, each at
/// the end of its connection.
fn trained(network: &PlanarNetwork) -> Figure {
    let inputs = inputs(0.25);
    let outputs = [[OUT, 0.75], [OUT, 0.25]];
    let count = network.units.len() as f64;
    // Room for a circle and a gap per unit.
    let height = larger(0.12 * count, 0.3);
    let line = 0.02 / height;
    let (mut wires, mut units, mut notes) = (Wires::new(), inputs.to_vec(), Words::new());
    for (unit, HiddenUnit { pre_activation, outgoing }) in network.units.iter().enumerate() {
        let LinearPiece { slope: incoming, offset: bias } = pre_activation;
        // One above the other, from the top.
        let at @ [x, y] = [HIDDEN_AT, 1.0 - (unit as f64 + 0.5) / count];
        let lines = [y + line, y - line];
        for (side, ends, weights) in
            [(-BESIDE, [inputs[0].0, inputs[1].0], &incoming[..]), (BESIDE, outputs, outgoing)]
        {
            for k in [0, 1] {
                wires.push(([ends[k], [x + 1.5 * side, lines[k]]], weights[k]));
                notes.push(([x + side, lines[k]], signed(weights[k], 2)));
            }
        }
        units.push((at, String::new()));
        notes.push(([x, lines[0]], format!("{}:", unit + 1)));
        notes.push(([x, lines[1]], signed(-bias, 1)));
    }
    units.extend(outputs.into_iter().enumerate().map(|(k, at)| (at, format!("out {k}"))));
    let [b0, b1] = [0, 1].map(|k| signed(network.scores[k].offset, 2));
    let caption = format!(
        "The trained network: the wider a line, the larger its weight. Inside a hidden unit: its number, and what its inputs must exceed, −b. \
         The outputs' biases are {b0} and {b1}."
    );
    drawing(&caption, height, wires, [units, notes])
}

/// How far from the middle of a hidden unit its weights stand.
const BESIDE: f64 = 0.115;
