//! Drawings of networks: units as circles, connections as lines whose width is the size of their weight and whose look is
//! its sign.

use super::regions::{HiddenUnit, LinearPiece, PlanarNetwork};
use crate::draw::{Figure, Look, Mark, Page, Point, Wire, fitting_note, panel_width};
use crate::math::order::larger;
use crate::proof::xor_gate::{HIDDEN, OUTPUT};
use crate::training::names::Names;
use crate::training::numbers::signed;

/// A trained network, and above it, if its data are XOR, two that compute it: Figure 1a's circuit and Figure 1b's hard-coded
/// gate. `names` are those of other data.
pub fn gates(title: &str, subtitle: &str, network: &PlanarNetwork, names: Option<&Names>) -> Page {
    let trained = trained(network, names);
    let (description, panels) = if names.is_some() {
        ("A trained network with two inputs.", vec![trained])
    } else {
        let three =
            "A circuit of gates and a hard-coded perceptron, which compute XOR, and a trained network.";
        (three, vec![handout(), trained])
    };
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: description.to_owned(),
        columns: 1,
        panels,
    }
}

const IN: f64 = 0.1;
const HIDDEN_AT: f64 = 0.5;
const OUT: f64 = 0.9;

/// The two inputs, so far above and below the middle.
fn inputs(apart: f64) -> [(Point, String); 2] {
    [([IN, 0.5 + apart], "in₁".to_owned()), ([IN, 0.5 - apart], "in₂".to_owned())]
}

/// Connections, units above them, and notes, in the unit square.
#[derive(Default)]
struct Drawing {
    wires: Vec<Wire>,
    units: Vec<(Point, String)>,
    notes: Vec<(Point, String)>,
}

impl Drawing {
    /// As a figure this share as high as wide, under a title.
    fn figure(self, [title, subtitle]: [&str; 2], height: f64, largest: f64) -> Figure {
        let looks =
            [Look::Wires { largest, wires: self.wires }, Look::Units(self.units), Look::Notes(self.notes)];
        let (title, subtitle) = (title.to_owned(), subtitle.to_owned());
        let marks = looks.map(|look| Mark::new("", look)).to_vec();
        Figure { title, subtitle, ..Figure::diagram([[0.0, 1.0]; 2], height, marks) }
    }
}

/// Figure 1a, in₁ and in₂ differ where one of them is on and not both, and on its right Figure 1b, thresholds inside the units,
/// weights on the connections.
fn handout() -> Figure {
    let left = |[x, y]: Point| [0.44 * x, y];
    let right = |[x, y]: Point| [0.56 + 0.44 * x, y];
    let mut drawing = Drawing::default();
    let [or, nand, and] = [[HIDDEN_AT, 0.75], [HIDDEN_AT, 0.25], [OUT, 0.5]];
    let [in1, in2] = inputs(0.25);
    for (from, to) in [(in1.0, or), (in2.0, or), (in1.0, nand), (in2.0, nand), (or, and), (nand, and)] {
        drawing.wires.push(Wire { ends: [left(from), left(to)], weight: 1.0 });
    }
    for (at, name) in [in1, in2, (or, "OR".to_owned()), (nand, "NAND".to_owned()), (and, "AND".to_owned())] {
        drawing.units.push((left(at), name));
    }
    let [hidden, output] = [[HIDDEN_AT, 0.5], [OUT, 0.5]];
    let [in1, in2] = inputs(0.4);
    let [w1, w2, w_hidden] = OUTPUT.weights;
    // The share of the way at which each weight stands, and how far above the connection.
    for (from, to, weight, share, above) in [
        (in1.0, hidden, HIDDEN.weights[0], 0.45, -0.1),
        (in2.0, hidden, HIDDEN.weights[1], 0.45, 0.1),
        (in1.0, output, w1, 0.5, 0.1),
        (in2.0, output, w2, 0.5, -0.1),
        (hidden, output, w_hidden, 0.42, 0.055),
    ] {
        let [x, y] = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
        drawing.wires.push(Wire { ends: [right(from), right(to)], weight });
        drawing.notes.push((right([x, y + above]), signed(weight, 2)));
    }
    let thresholds = [(hidden, HIDDEN.threshold.to_string()), (output, OUTPUT.threshold.to_string())];
    drawing.units.extend([in1, in2].into_iter().chain(thresholds).map(|(at, text)| (right(at), text)));
    let title = "The handout's Figure 1a, a circuit, and Figure 1b, a gate";
    let subtitle = "Right: a unit is on above the threshold inside it. Solid: positive; dashed: negative.";
    drawing.figure([title, subtitle], 0.45, 2.0)
}

/// The trained network: inside each hidden unit its number and its threshold −b, at both of its sides its weights, each at
/// the end of its connection, unless there are too many units for that. The names of data stand beside the inputs and
/// outputs, not inside, where they have no room.
fn trained(network: &PlanarNetwork, names: Option<&Names>) -> Figure {
    let inputs = inputs(0.25);
    let outputs = [[OUT, 0.75], [OUT, 0.25]];
    let count = network.units.len() as f64;
    // Room for a circle and a gap per unit, and for names.
    let height = larger(0.12 * count, if names.is_some() { 0.45 } else { 0.3 });
    let line = 0.02 / height;
    let is_labelled = network.units.len() <= MOST_LABELLED;
    let (mut wires, mut units, mut notes) = (Vec::new(), inputs.to_vec(), Vec::new());
    for (unit, HiddenUnit { pre_activation, outgoing }) in network.units.iter().enumerate() {
        let LinearPiece { slope: incoming, offset: bias } = pre_activation;
        // One above the other, from the top.
        let at @ [x, y] = [HIDDEN_AT, 1.0 - (unit as f64 + 0.5) / count];
        let lines = [y + line, y - line];
        // Where the connections end: at their numbers, or at the unit.
        let end = |side: f64, k: usize| if is_labelled { [x + 1.5 * side, lines[k]] } else { at };
        wires.extend([0, 1].map(|k| Wire { ends: [inputs[k].0, end(-BESIDE, k)], weight: incoming[k] }));
        wires.extend([0, 1].map(|k| Wire { ends: [end(BESIDE, k), outputs[k]], weight: outgoing[k] }));
        units.push((at, String::new()));
        notes.push(([x, lines[0]], format!("{}:", unit + 1)));
        notes.push(([x, lines[1]], signed(-bias, 1)));
        if is_labelled {
            for (side, weights) in [(-BESIDE, &incoming[..]), (BESIDE, outgoing)] {
                notes.extend([0, 1].map(|k| ([x + side, lines[k]], signed(weights[k], 2))));
            }
        }
    }
    for (k, output) in outputs.into_iter().enumerate() {
        units.push((output, format!("out {k}")));
    }
    if let Some(Names { inputs, classes }) = names {
        let ends = units.iter_mut().filter(|(at, _)| at[0] != HIDDEN_AT);
        for (([x, y], text), name) in ends.zip(inputs.iter().chain(classes)) {
            let outwards = if *y > 0.5 { 0.075 } else { -0.075 };
            text.clear();
            notes.push(([*x, *y + outwards / height], fitting_note(name, 2.0 * IN * panel_width(1) - GAP)));
        }
    }
    let largest = wires.iter().map(|wire| wire.weight.abs()).fold(f64::MIN_POSITIVE, larger);
    let [b0, b1] = [0, 1].map(|k| signed(network.scores[k].offset, 2));
    let subtitle = format!(
        "The wider a line, the larger its weight. Inside a hidden unit: its number, and what its inputs must exceed, −b. \
         The outputs' biases are {b0} and {b1}."
    );
    Drawing { wires, units, notes }.figure(["Trained", &subtitle], height, largest)
}

/// The most hidden units whose weights are written beside them.
const MOST_LABELLED: usize = 6;
/// The room between a name beside an end and the edge, on both sides.
const GAP: f64 = 2.0;
/// How far from the middle of a hidden unit its weights stand.
const BESIDE: f64 = 0.115;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_other_data_has_their_names_beside_its_ends() {
        let pre_activation = LinearPiece { slope: [1.0, -1.0], offset: 0.0 };
        let unit = HiddenUnit { pre_activation, outgoing: vec![1.0, 2.0] };
        let scores = vec![LinearPiece::constant(0.0); 2];
        let network = PlanarNetwork { scores, units: vec![unit.clone(), unit] };
        let names = Names {
            inputs: ["length", "a long name of an input"].map(String::from).into(),
            classes: ["lower", "upper"].map(String::from).into(),
        };
        let texts = |names: &Names| {
            let marks = gates("", "", &network, Some(names)).panels.remove(0).marks;
            let [_, Mark { look: Look::Units(units), .. }, Mark { look: Look::Notes(notes), .. }] =
                &marks[..]
            else {
                panic!("units and notes")
            };
            assert!(units.iter().all(|(_, text)| text.is_empty()), "{units:?}");
            notes.iter().map(|(_, text)| text.clone()).skip(12).collect::<Vec<_>>()
        };
        assert_eq!(texts(&names), ["length", "a long na…", "lower", "upper"]);
        let wide = Names { inputs: vec!["日本語の長い名前".to_owned(), "W".repeat(12)], ..names };
        assert_eq!(texts(&wide)[..2], ["日本語の長…", "WWWWW…"]);
    }
}
