//! Four inputs and three classes, as of the iris flowers: two of the inputs against each other.

use super::ranges::{extent, widened};
use super::samples::marks_of;
use crate::draw::{Axis, Figure, Page, Point, Scale};
use crate::training::dataset::Dataset;

/// Two of the inputs of datasets with captions against each other, those at the positions `axes`, and the samples, which are
/// called `kind`: those that the network takes for another class are ringed. `predicted` are the classes that it gives them.
/// The names are those of the first dataset.
pub fn petals(
    title: &str,
    kind: &str,
    axes: [usize; 2],
    groups: &[(&str, &Dataset<4, 3>, Vec<usize>)],
) -> Page {
    let names = groups[0].1.names();
    let place = |inputs: &[f64; 4]| -> Point { axes.map(|axis| inputs[axis]) };
    let all: Vec<Point> = groups.iter().flat_map(|(_, data, _)| data.samples()).map(place).collect();
    let on_axes = [0, 1].map(|axis| {
        let range = widened(extent(all.iter().map(|at| at[axis])), 0.08);
        Axis::new(&names.inputs[axes[axis]], range, Scale::Linear)
    });
    let mut panels = Vec::new();
    for (caption, data, predicted) in groups {
        let mut samples = Vec::new();
        for ((inputs, &class), &predicted) in data.samples().iter().zip(data.labels()).zip(predicted) {
            samples.push((place(inputs), class, predicted != class));
        }
        let right = samples.iter().filter(|(.., wrong)| !wrong).count();
        let caption = format!("{caption}: {right} of {} right", data.len());
        let marks = marks_of(&samples, &names.classes, &on_axes);
        panels.push(Figure::new(&caption, on_axes.clone(), 1.0, marks));
    }
    // Without units.
    let [x, y] = axes.map(|axis| names.inputs[axis].split(',').next().unwrap_or_default());
    let description = format!("The {kind} by {x} and {y}, the misclassified ones ringed.");
    Page::new([title, "", &description], 2, panels)
}
