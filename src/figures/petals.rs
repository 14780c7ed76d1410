//! Four inputs and three classes, as of the iris flowers: two of the inputs against each other.

use std::collections::BTreeMap;

use super::ranges::{extent, widened};
use super::samples::{MOST, Sample, marks, thinned};
use crate::draw::{Aspect, Axis, Figure, Frame, Page, Point, Scale};
use crate::training::dataset::Dataset;

/// Two of the inputs of datasets with captions against each other, those at the positions `axes`, and the samples, which are
/// called `kind`: those that the network takes for another class are ringed. `predicted` are the classes that it gives them.
/// The names are those of the first dataset.
#[must_use]
pub fn petals(
    title: &str,
    kind: &str,
    axes: [usize; 2],
    groups: &[(&str, &Dataset<4, 3>, Vec<usize>)],
) -> Page {
    let names = groups[0].1.names();
    let place = |inputs: &[f64; 4]| -> Point { axes.map(|axis| inputs[axis]) };
    let all = groups.iter().flat_map(|(_, data, _)| data.samples()).map(place);
    let range = |axis: usize| widened(extent(all.clone().map(|at| at[axis])), 0.08);
    let [x, y] = [0, 1].map(|axis| Axis::new(&names.inputs[axes[axis]], range(axis), Scale::Linear));
    let panel = |(caption, data, predicted): &(&str, &Dataset<4, 3>, Vec<usize>)| {
        let sample = |n: usize| {
            let class = data.labels()[n];
            Sample { at: place(&data.samples()[n]), class, wrong: predicted[n] != class }
        };
        let mut samples: Vec<Sample> = (0..data.len()).map(sample).collect();
        if samples.len() <= MOST {
            spread(&mut samples, &x, &y);
        }
        let right = samples.iter().filter(|sample| !sample.wrong).count();
        Figure {
            title: String::new(),
            subtitle: format!("{caption}: {right} of {} right", data.len()),
            description: String::new(),
            x: x.clone(),
            y: y.clone(),
            aspect: Aspect::Share(1.0),
            frame: Frame::Axes,
            marks: marks(&samples, &names.classes, &x, &y),
        }
    };
    let panels: Vec<Figure> = groups.iter().map(panel).collect();
    let thinned = thinned(&panels, all.count());
    // Without units.
    let [x, y] = axes.map(|axis| names.inputs[axis].split(',').next().unwrap_or_default());
    Page {
        title: title.to_owned(),
        subtitle: String::new(),
        description: format!(
            "{} against {y}, with the misclassified {kind} ringed.{thinned}",
            capitalised(x)
        ),
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
    const AROUND: [Point; 8] = [
        [1.0, 0.0],
        [-1.0, 0.0],
        [0.0, 1.0],
        [0.0, -1.0],
        [0.7, 0.7],
        [-0.7, -0.7],
        [0.7, -0.7],
        [-0.7, 0.7],
    ];
    let step = [x, y].map(|axis| 0.018 * (axis.range()[1] - axis.range()[0]));
    let mut before: BTreeMap<[u64; 2], usize> = BTreeMap::new();
    for sample in samples {
        let count = before.entry(sample.at.map(f64::to_bits)).or_default();
        if let Some(n) = count.checked_sub(1) {
            let (ring, place) = ((n / AROUND.len() % RINGS + 1) as f64, AROUND[n % AROUND.len()]);
            sample.at = [0, 1].map(|axis| sample.at[axis] + ring * step[axis] * place[axis]);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Mark, svg_page};
    use crate::training::names::Names;

    #[test]
    fn petals_ring_the_misclassified_and_count_the_others() {
        let data = Dataset::parse("a", b"1,2,3,4,0\n1,2,5,6,1\n1,2,7,8,2\n", None).unwrap();
        let page = petals("", "flowers", [2, 3], &[("some", &data, vec![0, 2, 2])]);
        assert_eq!(page.panels[0].subtitle, "some: 2 of 3 right");
        let rings = page.panels[0].marks.iter().find_map(|mark| match mark {
            Mark::Rings { points, .. } => Some(points.clone()),
            _ => None,
        });
        assert_eq!(rings, Some(vec![[5.0, 6.0]]));
        assert!(matches!(&page.panels[0].marks[2], Mark::Scatter { points, .. } if *points == [[7.0, 8.0]]));
    }

    #[test]
    fn figures_of_other_data_do_not_speak_of_flowers() {
        let data = Dataset::parse("a", b"1,2,3,4,0\n1,2,5,6,1\n1,2,7,8,2\n", None).unwrap();
        let page = petals("", "samples", [2, 3], &[("training", &data, vec![0, 2, 2])]);
        let text = svg_page(&page);
        for word in ["x₃", "x₄", "class 0", "class 1", "class 2", "misclassified samples"] {
            assert!(text.contains(word), "no {word}");
        }
        for word in ["petal", "flower", "setosa", "versicolor", "virginica"] {
            assert!(!text.to_lowercase().contains(word), "{word}");
        }
    }

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
        let Mark::Scatter { label, points, .. } = &page.panels[0].marks[2] else { panic!("samples") };
        assert_eq!((&label[..], &points[..]), ("Gentoo", &[[9.0, 1.0]][..]));
        let text = svg_page(&page);
        assert!(text.contains(">mass<") && text.contains(">length, mm<") && !text.contains(">width<"));
        assert!(figures([2, 1]).description.starts_with("x₃ against width, "));
    }

    #[test]
    fn the_description_says_how_many_of_many_samples_are_drawn() {
        let data = Dataset::new(vec![[0.0; 4]; 5000], (0..5000).map(|n| n % 3).collect());
        let page = petals(
            "",
            "samples",
            [2, 3],
            &[("some", &data, vec![0; 5000]), ("few", &data.select(&[0]), vec![0])],
        );
        assert!(page.description.ends_with(" ringed. 4 of 5001 samples are drawn."), "{}", page.description);
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
