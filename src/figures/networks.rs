//! Drawings of networks: units as circles, connections as lines whose width is the size of their weight and whose look is
//! its sign.

use super::drawing;
use crate::draw::{Figure, Mark, Page, Point, Wire, fitting_note, panel_width};
use crate::math::mlp1::Mlp1;
use crate::math::order::larger;
use crate::proof::xor_gate::{HIDDEN, OUTPUT};
use crate::training::names::Names;
use crate::training::numbers::signed;

/// A trained network, and above it, if its data are XOR, two that compute it: Figure 1a's circuit and Figure 1b's hard-coded
/// gate. `names` are those of other data.
#[must_use]
pub fn gates<const H: usize>(
    title: &str,
    subtitle: &str,
    network: &Mlp1<2, H, 2>,
    names: Option<&Names>,
) -> Page {
    let (description, panels) = if names.is_none() {
        let description =
            "A circuit of gates and a hard-coded perceptron, which compute XOR, and a trained network.";
        (description, vec![circuit(), hard_coded(), trained(network, None)])
    } else {
        ("A trained network with two inputs.", vec![trained(network, names)])
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

fn diagram(title: &str, subtitle: &str, height: f64, marks: Vec<Mark>) -> Figure {
    drawing(title, subtitle, [[0.0, 1.0]; 2], height, marks)
}

/// Figure 1a: in₁ and in₂ differ where one of them is on and not both.
fn circuit() -> Figure {
    let [or, nand, and] = [[HIDDEN_AT, 0.75], [HIDDEN_AT, 0.25], [OUT, 0.5]];
    let inputs = inputs(0.25);
    let [(in1, _), (in2, _)] = inputs;
    let wire = |(from, to): (Point, Point)| Wire { ends: [from, to], weight: 1.0 };
    let ends = [(in1, or), (in2, or), (in1, nand), (in2, nand), (or, and), (nand, and)];
    let gates = [(or, "OR".to_owned()), (nand, "NAND".to_owned()), (and, "AND".to_owned())];
    let marks = vec![
        Mark::Wires { largest: 3.0, wires: ends.map(wire).to_vec() },
        Mark::Units { units: inputs.into_iter().chain(gates).collect() },
    ];
    diagram("The handout's Figure 1a: the circuit", "", 0.3, marks)
}

/// Figure 1b: thresholds inside the units, weights on the connections.
fn hard_coded() -> Figure {
    let [hidden, output] = [[HIDDEN_AT, 0.5], [OUT, 0.5]];
    let inputs = inputs(0.38);
    let [(in1, _), (in2, _)] = inputs;
    let [w1, w2, w_hidden] = OUTPUT.weights;
    // The share of the way at which each weight stands, and how far above the connection.
    let connections = [
        (in1, hidden, HIDDEN.weights[0], [0.5, -0.08]),
        (in2, hidden, HIDDEN.weights[1], [0.5, 0.08]),
        (in1, output, w1, [0.45, 0.08]),
        (in2, output, w2, [0.45, -0.08]),
        (hidden, output, w_hidden, [0.3, 0.08]),
    ];
    let wires = connections.map(|(from, to, weight, _)| Wire { ends: [from, to], weight }).to_vec();
    let note = |(from, to, weight, [share, above]): (Point, Point, f64, [f64; 2])| {
        let [x, y] = [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]));
        ([x, y + above], signed(weight, 2))
    };
    let units = [(hidden, HIDDEN.threshold.to_string()), (output, OUTPUT.threshold.to_string())];
    let marks = vec![
        Mark::Wires { largest: 2.0, wires },
        Mark::Units { units: inputs.into_iter().chain(units).collect() },
        Mark::Notes { notes: connections.map(note).to_vec() },
    ];
    diagram(
        "The handout's Figure 1b: the hard-coded gate",
        "A unit is on above the threshold inside it. Solid: positive; dashed: negative.",
        0.5,
        marks,
    )
}

/// The trained network: inside each hidden unit its number and its threshold −b, at both of its sides its weights, each at
/// the end of its connection, unless there are too many units for that. The names of data stand beside the inputs and
/// outputs, not inside, where they have no room.
fn trained<const H: usize>(network: &Mlp1<2, H, 2>, names: Option<&Names>) -> Figure {
    let inputs = inputs(0.25);
    let outputs = [[OUT, 0.75], [OUT, 0.25]];
    // Room for a circle and a gap per unit, and for names.
    let height = larger(0.13 * H as f64, if names.is_some() { 0.45 } else { 0.3 });
    let line = 0.02 / height;
    let (mut wires, mut units, mut notes) = (Vec::new(), inputs.to_vec(), Vec::new());
    for unit in 0..H {
        // One above the other, from the top.
        let at @ [x, y] = [HIDDEN_AT, 1.0 - (unit as f64 + 0.5) / H as f64];
        let (incoming, outgoing) = ([network.w1[0][unit], network.w1[1][unit]], network.w2[unit]);
        let is_labelled = H <= MOST_LABELLED;
        // Where the connections end: at their numbers, or at the unit.
        let end = |side: f64, k: usize| {
            if is_labelled { [x + 1.5 * side, [y + line, y - line][k]] } else { at }
        };
        wires.extend([0, 1].map(|k| Wire { ends: [inputs[k].0, end(-BESIDE, k)], weight: incoming[k] }));
        wires.extend([0, 1].map(|k| Wire { ends: [end(BESIDE, k), outputs[k]], weight: outgoing[k] }));
        units.push((at, String::new()));
        notes.push(([x, y + line], format!("{}:", unit + 1)));
        notes.push(([x, y - line], signed(-network.b1[0][unit], 1)));
        if is_labelled {
            for (side, [upper, lower]) in [(-BESIDE, incoming), (BESIDE, outgoing)] {
                notes.push(([x + side, y + line], signed(upper, 2)));
                notes.push(([x + side, y - line], signed(lower, 2)));
            }
        }
    }
    for (k, output) in outputs.iter().enumerate() {
        units.push((*output, format!("out {k}")));
    }
    if let Some(Names { inputs, classes }) = names {
        let ends = units.iter_mut().filter(|(at, _)| at[0] != HIDDEN_AT);
        for ((at, text), name) in ends.zip(inputs.iter().chain(classes)) {
            let outwards = if at[1] > 0.5 { 0.075 } else { -0.075 };
            text.clear();
            notes.push((
                [at[0], at[1] + outwards / height],
                fitting_note(name, 2.0 * IN * panel_width(1) - GAP),
            ));
        }
    }
    let weights = wires.iter().map(|wire: &Wire| wire.weight.abs());
    let largest = weights.fold(f64::MIN_POSITIVE, larger);
    let [b0, b1] = network.b2[0].map(|bias| signed(bias, 2));
    let subtitle = format!(
        "The wider a line, the larger its weight. Inside a hidden unit: its number, and what its inputs must exceed, −b. \
         The outputs' biases are {b0} and {b1}."
    );
    let marks = vec![Mark::Wires { largest, wires }, Mark::Units { units }, Mark::Notes { notes }];
    diagram("Trained", &subtitle, height, marks)
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
    use crate::math::init::{Init, WeightInit};
    use crate::math::model::Model;
    use crate::math::order::ascending;
    use crate::math::rng::Rng;

    #[test]
    fn every_weight_is_a_connection_and_every_bias_a_threshold() {
        let init = Init { weights: WeightInit::He, bias: -0.26 };
        let network = Mlp1::<2, 5, 2>::initialised(&init, &mut Rng::new(1));
        let page = gates("", "", &network, None);
        let [Mark::Wires { wires, largest }, Mark::Units { units }, Mark::Notes { notes }] =
            &page.panels[2].marks[..]
        else {
            panic!("wires, weights, units and notes")
        };
        let mut drawn: Vec<f64> = wires.iter().map(|wire| wire.weight).collect();
        let mut weights = [network.w1.values(), network.w2.values()].concat();
        drawn.sort_by(ascending);
        weights.sort_by(ascending);
        assert_eq!(drawn, weights);
        assert!(weights.iter().any(|weight| weight.abs() == *largest));
        let texts: Vec<&str> = units.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["in₁", "in₂", "", "", "", "", "", "out 0", "out 1"]);
        // Unit by unit, its number and threshold, and at the ends of their connections the weights of the inputs and of the outputs.
        for (unit, (notes, wires)) in notes.chunks(6).zip(wires.chunks(4)).enumerate() {
            let texts: Vec<String> = notes.iter().map(|(_, text)| text.clone()).collect();
            let weights = wires.iter().map(|wire| signed(wire.weight, 2));
            assert_eq!(
                texts,
                [format!("{}:", unit + 1), "0.3".to_owned()].into_iter().chain(weights).collect::<Vec<_>>()
            );
            for ((at, _), (wire, end)) in notes[2..].iter().zip(wires.iter().zip([1, 1, 0, 0])) {
                assert_eq!(wire.ends[end][1], at[1], "a connection ends beside its number");
            }
        }
    }

    #[test]
    fn a_network_of_other_data_has_their_names_beside_its_ends() {
        let network =
            Mlp1::<2, 2, 2>::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut Rng::new(1));
        let names = Names {
            inputs: ["length", "a long name of an input"].map(String::from).into(),
            classes: ["lower", "upper"].map(String::from).into(),
        };
        let page = gates("", "", &network, Some(&names));
        let [.., Mark::Units { units }, Mark::Notes { notes }] = &page.panels[0].marks[..] else {
            panic!("units and notes")
        };
        assert!(units.iter().all(|(_, text)| text.is_empty()), "{units:?}");
        let texts: Vec<&str> = notes.iter().map(|(_, text)| text.as_str()).skip(12).collect();
        assert_eq!((page.panels.len(), texts), (1, vec!["length", "a long na…", "lower", "upper"]));
        let wide = Names { inputs: vec!["日本語の長い名前".to_owned(), "W".repeat(12)], ..names };
        let page = gates("", "", &network, Some(&wide));
        let Some(Mark::Notes { notes }) = page.panels[0].marks.last() else { panic!("notes") };
        assert_eq!([&notes[12].1[..], &notes[13].1], ["日本語の長…", "WWWWW…"]);
    }

    #[test]
    fn figure_1b_has_the_weights_and_thresholds_of_the_gate() {
        let Figure { marks, .. } = hard_coded();
        let [Mark::Wires { .. }, Mark::Units { units }, Mark::Notes { notes }] = &marks[..] else {
            panic!("wires, units and notes")
        };
        let texts =
            |marks: &[(Point, String)]| marks.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(units), ["in₁", "in₂", "1.5", "0.5"]);
        assert_eq!(texts(notes), ["1", "1", "1", "1", "−2"]);
    }
}
