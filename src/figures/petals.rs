//! Four inputs and three classes, as of the iris flowers: two of the inputs against each other.

use std::collections::BTreeMap;

use super::ranges::{extent, widened};
use super::samples::{MOST, Sample, marks_of, thinned};
use crate::draw::{Aspect, Axis, Figure, Page, Point, Scale};
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
    let [x, y] = [0, 1].map(|axis| {
        let range = widened(extent(all.iter().map(|at| at[axis])), 0.08);
        Axis::new(&names.inputs[axes[axis]], range, Scale::Linear)
    });
    let mut panels = Vec::new();
    for (caption, data, predicted) in groups {
        let mut samples = Vec::new();
        for ((inputs, &class), &predicted) in data.samples().iter().zip(data.labels()).zip(predicted) {
            samples.push(Sample { at: place(inputs), class, wrong: predicted != class });
        }
        if samples.len() <= MOST {
            spread(&mut samples, &x, &y);
        }
        let right = samples.iter().filter(|sample| !sample.wrong).count();
        let marks = marks_of(&samples, &names.classes, &x, &y);
        panels.push(Figure {
            subtitle: format!("{caption}: {right} of {} right", data.len()),
            ..Figure::new(x.clone(), y.clone(), Aspect::Share(1.0), marks)
        });
    }
    let thinned = thinned(&panels, all.len());
    // Without units.
    let [x, y] = axes.map(|axis| names.inputs[axis].split(',').next().unwrap_or_default());
    let x = capitalised(x);
    Page {
        title: title.to_owned(),
        subtitle: String::new(),
        description: format!("{x} against {y}, with the misclassified {kind} ringed.{thinned}"),
        columns: 2,
        panels,
    }
}

/// A name at the beginning of a sentence.
fn capitalised(name: &str) -> String {
    match name.split_at_checked(1) {
        // Not x₁.
        Some((first, rest)) if rest.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            first.to_ascii_uppercase() + rest
        }
        _ => name.to_owned(),
    }
}

/// The rings around a place on which samples that coincide are drawn.
const RINGS: usize = 3;

/// Moves samples that coincide with others a little aside, to places on [`RINGS`] rings around the first, so that each is
/// seen; where there are more, they coincide again.
fn spread(samples: &mut [Sample], x: &Axis, y: &Axis) {
    // How far across, and how far up.
    const AROUND: [[f64; 8]; 2] =
        [[1.0, -1.0, 0.0, 0.0, 0.7, -0.7, 0.7, -0.7], [0.0, 0.0, 1.0, -1.0, 0.7, -0.7, -0.7, 0.7]];
    let step = [x, y].map(|axis| 0.018 * (axis.range()[1] - axis.range()[0]));
    let mut before: BTreeMap<[u64; 2], usize> = BTreeMap::new();
    for sample in samples {
        let count = before.entry(sample.at.map(f64::to_bits)).or_default();
        if let Some(n) = count.checked_sub(1) {
            let ring = (n / 8 % RINGS + 1) as f64;
            sample.at = [0, 1].map(|axis| sample.at[axis] + ring * step[axis] * AROUND[axis][n % 8]);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Look, Mark};
    use crate::training::names::Names;

    #[test]
    fn petals_show_the_inputs_asked_for_under_the_names_of_the_data() {
        let names = Names {
            inputs: ["length, mm", "width", "x₃", "mass"].map(String::from).into(),
            classes: ["Adelie", "Chinstrap", "Gentoo"].map(String::from).into(),
        };
        let data = Dataset::parse("a", b"1,2,3,4,0\n1,2,5,6,1\n1,2,7,9,2\n", None).unwrap().named(names);
        let figures = |axes| petals("", "samples", axes, &[("some", &data, vec![0, 2, 2])]);
        let page = figures([3, 0]);
        assert_eq!(page.description, "Mass against length, with the misclassified samples ringed.");
        let Figure { x, y, marks, .. } = &page.panels[0];
        assert_eq!(marks[3], Mark::new("Gentoo", Look::Scatter { class: 2, points: vec![[9.0, 1.0]] }));
        assert_eq!([&x.label[..], &y.label], ["mass", "length, mm"]);
        assert!(figures([2, 1]).description.starts_with("x₃ against width, "));
    }

    #[test]
    fn samples_that_coincide_are_moved_apart_and_others_stay() {
        let axis = Axis::new("", [0.0, 10.0], Scale::Linear);
        let at = |at: Point| Sample { at, class: 0, wrong: false };
        let mut samples = vec![at([5.0, 5.0]); 20];
        samples.push(at([1.0, 2.0]));
        spread(&mut samples, &axis, &axis);
        assert_eq!((samples[0].at, samples[20].at), ([5.0, 5.0], [1.0, 2.0]));
        for (n, a) in samples.iter().enumerate() {
            assert!((a.at[0] - 5.0).abs() < 0.6 || n == 20, "{a:?} is far away");
            assert!(samples[..n].iter().all(|b| a.at != b.at), "{a:?} coincides");
        }
        let mut many = vec![at([5.0, 5.0]); 1000];
        spread(&mut many, &axis, &axis);
        assert!(many.iter().all(|a| (a.at[0] - 5.0).abs() < 0.6 && (a.at[1] - 5.0).abs() < 0.6));
    }
}
