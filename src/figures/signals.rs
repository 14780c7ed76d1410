//! The sizes of signals and gradients, layer by layer, over the epochs.

use super::losses::{curve, from_zero};
use super::ranges::{extent, widened};
use crate::draw::{Aspect, Axis, Figure, Frame, Page, Scale};
use crate::math::order::larger;

/// A run as a row of [`signals`].
#[derive(Debug, Clone, PartialEq)]
pub struct SignalRun {
    /// The captions of the row's two panels: the run, and its settings.
    pub captions: [String; 2],
    /// Over the epochs: of each layer's outputs, from the first hidden layer to the scores.
    pub signals: Vec<Vec<f64>>,
    /// Over the epochs: of the gradient of each layer's weights.
    pub gradients: Vec<Vec<f64>>,
}

/// Signals on the left and gradients on the right, a run in each row, all of a column on one axis.
#[must_use]
pub fn signals(title: &str, subtitle: &str, runs: &[SignalRun]) -> Page {
    // What is smaller by more than this does not set the range.
    let axis = |label: &str, sizes: &dyn Fn(&SignalRun) -> Vec<f64>| {
        let all = runs.iter().flat_map(sizes).filter(|size| (1e-9..1e9).contains(size));
        let [low, high] = extent(all);
        Axis::new(label, [larger(low, 1e-9) / 1.3, larger(high, 1e-8) * 1.3], Scale::Log)
    };
    let y = [axis("signal", &|run| run.signals.concat()), axis("gradient", &|run| run.gradients.concat())];
    let panel = |caption: &str, names: fn(usize, usize) -> String, y: &Axis, layers: &[Vec<f64>]| {
        let line = |(layer, sizes): (usize, &Vec<f64>)| {
            curve(&names(layer, layers.len()), layer, false, from_zero(sizes))
        };
        let last = layers.iter().map(Vec::len).max().unwrap_or(0).max(2) - 1;
        Figure {
            title: String::new(),
            subtitle: caption.to_owned(),
            description: String::new(),
            x: Axis::new("epoch", widened([0.0, last as f64], 0.04), Scale::Linear),
            y: y.clone(),
            aspect: Aspect::Share(0.75),
            frame: Frame::Axes,
            marks: layers.iter().enumerate().map(line).collect(),
        }
    };
    let signal = |layer: usize, layers: usize| {
        if layer + 1 == layers {
            "scores f, ∂J/∂W₃".to_owned()
        } else {
            format!("h{0}, ∂J/∂W{0}", ["₁", "₂"][layer % 2])
        }
    };
    let row = |run: &SignalRun| {
        [
            panel(&run.captions[0], signal, &y[0], &run.signals),
            panel(&run.captions[1], |_, _| String::new(), &y[1], &run.gradients),
        ]
    };
    let captions: Vec<String> = runs.iter().map(|run| run.captions.join(", ").replace('\n', " ")).collect();
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Root mean squares of outputs and gradients by layer: {}.", captions.join("; ")),
        columns: 2,
        panels: runs.iter().flat_map(row).collect(),
    }
}
