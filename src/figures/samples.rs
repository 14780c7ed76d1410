//! The samples among the marks of a figure: a marker for each, and a ring around the misclassified.

use std::collections::BTreeSet;

use crate::draw::{Axis, Look, Mark, Point};

/// Each of up to this many samples is drawn.
const MOST: usize = 2000;

/// The squares along each axis of the grid by which more are thinned: about as wide as a ring around a
/// misclassified sample.
const SQUARES: f64 = 40.0;

/// The place of a sample in the plane of a figure, its true class, and whether the network predicts another.
pub(super) type Sample = (Point, usize, bool);

/// Markers for each class on these axes, and rings around the misclassified samples: below the markers, which many rings would
/// bury, unless less than a tenth are wrong.
///
/// Of more than [`MOST`] samples, those of a class that lie in the same square of a grid would cover each other: only the
/// first of them is drawn, and the name of the class says of how many.
pub(super) fn marks_of(samples: &[Sample], class_names: &[String], [x, y]: &[Axis; 2]) -> Vec<Mark> {
    let square = |axis: &Axis, value: f64| (axis.position(value) * SQUARES).floor() as i64;
    let (mut misclassified, mut markers) = (Vec::new(), Vec::new());
    for (class, name) in class_names.iter().enumerate() {
        let (mut points, mut count, mut taken) = (Vec::new(), 0, BTreeSet::new());
        for &(at, _, wrong) in samples.iter().filter(|sample| sample.1 == class) {
            count += 1;
            if samples.len() <= MOST || taken.insert([square(x, at[0]), square(y, at[1])]) {
                points.push(at);
                misclassified.extend(wrong.then_some(at));
            }
        }
        let drawn = points.len();
        let label = if drawn < count { &format!("{name}: {drawn} of {count} drawn") } else { name };
        markers.push(Mark::new(label, Look::Scatter(class, points)));
    }
    let label = if misclassified.is_empty() { "" } else { "one or more misclassified" };
    let wrong = samples.iter().filter(|(.., wrong)| *wrong).count();
    let place = if 10 * wrong < samples.len() { markers.len() } else { 0 };
    markers.insert(place, Mark::new(label, Look::Rings(misclassified)));
    markers
}

#[cfg(test)]
mod tests {
    use super::super::regions::tests::Numbers;
    use super::*;
    use crate::draw::Scale;
    use std::collections::BTreeMap;

    /// The labels and the points of the marks.
    fn drawn(samples: &[Sample]) -> Vec<(String, Vec<Point>)> {
        let axes = [(); 2].map(|()| Axis::new("", [0.0, 1.0], Scale::Linear));
        let points = |mark: Mark| match mark.look {
            Look::Scatter(_, points) | Look::Rings(points) => (mark.label, points),
            _ => panic!("only samples"),
        };
        let names = ["a", "b", "c"].map(String::from);
        marks_of(samples, &names, &axes).into_iter().map(points).collect()
    }

    #[test]
    fn each_of_few_samples_is_drawn_even_where_they_coincide() {
        let samples = vec![([0.5; 2], 0, true); MOST];
        let drawn = drawn(&samples);
        assert_eq!(drawn.iter().map(|(_, points)| points.len()).collect::<Vec<_>>(), [MOST, MOST, 0, 0]);
        assert_eq!(drawn[0].0, "one or more misclassified");
    }

    #[test]
    fn of_many_samples_the_first_of_each_class_is_drawn_in_each_square() {
        let mut numbers = Numbers::new(3);
        let mut unit = || f64::midpoint(numbers.next(), 1.0);
        let mut sample = |n: usize| ([unit(), unit()], n % 3, n % 7 == 0);
        let samples: Vec<Sample> = (0..200_000).map(&mut sample).collect();
        let drawn = drawn(&samples);
        for class in 0..3 {
            let mut first = BTreeMap::new();
            for (at, _, wrong) in samples.iter().filter(|sample| sample.1 == class) {
                first.entry(at.map(|value| (value * SQUARES) as usize)).or_insert((*at, *wrong));
            }
            assert_eq!([first.len(), drawn[1 + class].1.len()], [40 * 40; 2]);
            for (at, wrong) in first.values() {
                assert!(drawn[1 + class].1.contains(at));
                assert!(!wrong || drawn[0].1.contains(at));
            }
        }
    }
}
