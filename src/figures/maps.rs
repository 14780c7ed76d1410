//! Decision maps: the predictions of a network with two inputs everywhere around its data.

use std::fmt::Write as _;

use super::outlines::outlines;
use super::ranges::{drawable, extent, widened};
use super::regions::{CONFIDENT, PlanarNetwork, decision_regions, size, switching_lines};
use super::samples::{Sample, WRONG, marks_of, thinned};
use crate::draw::{Aspect, Axis, Figure, Frame, Look, Mark, Page, Point, Scale, ppm};
use crate::math::order::{larger, smaller};
use crate::training::dataset::Dataset;
use crate::training::names::Names;

/// The most lines of hidden units that are numbered.
const MOST_NUMBERED: usize = 8;

/// The predictions of a network with two inputs everywhere around a dataset: the exact region of each class, stronger where
/// the network is sure, faint lines where hidden units switch, and the samples, ringed where the prediction is wrong.
///
/// The range is that of the data with a margin. Samples beyond ±1e299 are left out. Of thousands of samples, those that
/// would cover each other are left out, which the description says.
///
/// # Panics
///
/// If the network and the data differ in their number of classes.
pub fn data_map<const K: usize>(subtitle: &str, network: &PlanarNetwork, data: &Dataset<2, K>) -> Figure {
    assert_eq!(network.scores.len(), K, "the network and the data differ in their number of classes");
    let mut samples = Vec::new();
    for (&at, &class) in data.samples().iter().zip(data.labels()) {
        if at.iter().all(|&value| drawable(value)) {
            samples.push(Sample { at, class, wrong: network.classify(at) != class });
        }
    }
    Figure { subtitle: subtitle.to_owned(), ..map_of(network, samples, data.names()) }
}

/// The map of data with any number of classes, compiled once.
fn map_of(network: &PlanarNetwork, mut samples: Vec<Sample>, Names { inputs, classes }: &Names) -> Figure {
    let (ranges, aspect) = ranges(&samples);
    let [x, y] = [0, 1].map(|axis| Axis::new(&inputs[axis], ranges[axis], Scale::Linear));
    // In inputs of unlike units, nothing is near or far: there, places are shares of the ranges.
    let unit = [[0.0, 1.0]; 2];
    let (frame, bounds) = if aspect == Aspect::Equal { (unit, ranges) } else { (ranges, unit) };
    let lengths = frame.map(|[low, high]| high - low);
    let place = |at: Point| [0, 1].map(|axis| frame[axis][0] + at[axis] * lengths[axis]);
    let inside = network.within(frame);
    let mut marks = Vec::new();
    // Where all classes tie, a border would be one of rounding errors.
    let regions = decision_regions(&inside, bounds);
    let ties = regions.is_none();
    for sample in &mut samples {
        sample.wrong &= !ties;
    }
    for (confident, regions) in [false, true].into_iter().zip(regions.into_iter().flatten()) {
        for (class, mut rings) in outlines(&regions, size(bounds)).into_iter().enumerate() {
            rings.iter_mut().flatten().for_each(|corner| *corner = place(*corner));
            let label = match (class, confident) {
                (0, false) => "prediction".to_owned(),
                (0, true) => format!("with p ≥ {CONFIDENT}"),
                _ => String::new(),
            };
            marks.push(Mark { label, look: Look::Region { class, confident, rings } });
        }
    }
    let lines = switching_lines(&inside, bounds);
    if !lines.is_empty() {
        let few = lines.len() <= MOST_NUMBERED;
        let mut label =
            if few { "hidden unit of this number switches" } else { "hidden unit switches" }.to_owned();
        let is_elsewhere = |n: &usize| few && lines.iter().all(|(number, _)| number != n);
        for number in (1..=network.units.len()).filter(is_elsewhere) {
            let _ = write!(label, "; {number} elsewhere");
        }
        let segments = lines.iter().map(|(_, ends)| ends.map(place)).collect();
        marks.push(Mark::new(label, Look::Segments(segments)));
        if few {
            let share = |at: Point| [0, 1].map(|axis| (at[axis] - frame[axis][0]) / lengths[axis]);
            let mut numbers = numbers(&lines, samples.iter().map(|sample| share(sample.at)).collect());
            for (at, _) in &mut numbers {
                *at = place(*at);
            }
            marks.push(Mark::new("", Look::Tags(numbers)));
        }
    }
    marks.append(&mut marks_of(&samples, classes, &x, &y));
    let mistakes = if ties {
        "all classes tied everywhere".to_owned()
    } else {
        format!("{} of them misclassified", samples.iter().filter(|sample| sample.wrong).count())
    };
    let mut figure = Figure::new(x, y, aspect, marks);
    figure.description = format!(
        "Decision regions of {} classes ({}) with {} points, {mistakes}.{}",
        classes.len(),
        classes.join(", "),
        samples.len(),
        thinned(std::slice::from_ref(&figure), samples.len())
    );
    figure
}

/// Whether a [`data_map`] has no regions, since all classes tie everywhere.
#[must_use]
pub fn ties(map: &Figure) -> bool {
    !map.marks.iter().any(|mark| matches!(mark.look, Look::Region { .. }))
}

/// The number of each line, at the one of some places on it that is farthest from what is taken and the numbers before.
fn numbers(lines: &[(usize, [Point; 2])], mut taken: Vec<Point>) -> Vec<(Point, String)> {
    let mut notes = Vec::new();
    for &(number, [a, b]) in lines {
        let (mut best, mut most) = (a, f64::NEG_INFINITY);
        for step in 1..16 {
            let at = [0, 1].map(|axis| a[axis] + f64::from(step) / 16.0 * (b[axis] - a[axis]));
            let squares = taken.iter().map(|other| [other[0] - at[0], other[1] - at[1]]);
            let room = squares.map(|[x, y]| x * x + y * y).fold(f64::INFINITY, smaller);
            if room > most {
                (best, most) = (at, room);
            }
        }
        taken.push(best);
        notes.push((best, number.to_string()));
    }
    notes
}

/// The [data maps](data_map) of several networks on the same points, each under its subtitle.
pub fn decision_maps<const K: usize>(
    title: &str,
    subtitle: &str,
    data: &Dataset<2, K>,
    mut panels: Vec<Figure>,
) -> Page {
    for map in &mut panels {
        map.frame = Frame::Box;
        // In small maps, rings would bury the markers.
        map.marks.sort_by_key(|mark| matches!(mark.look, Look::Scatter { .. }));
        // One entry in the legend for all.
        for mark in map.marks.iter_mut().filter(|mark| mark.label.starts_with(WRONG)) {
            WRONG.clone_into(&mut mark.label);
        }
        map.marks.retain(|mark| !matches!(mark.look, Look::Segments(_) | Look::Tags(_)));
    }
    let captions: Vec<&str> = panels.iter().map(|map| map.subtitle.as_str()).collect();
    let inputs = &data.names().inputs;
    // The same samples on each.
    let thinned = thinned(&panels[..panels.len().min(1)], data.len());
    Page {
        title: title.to_owned(),
        subtitle: format!("{subtitle}\n{} →, {} ↑", inputs[0], inputs[1]),
        description: format!("Decision regions: {}.{thinned}", captions.join("; ").replace('\n', " ")),
        columns: panels.len().min(3),
        panels,
    }
}

/// The regions and samples of a [`data_map`] as a PPM image of `width` × `height` pixels.
#[must_use]
pub fn map_pixels(network: &PlanarNetwork, map: &Figure, size: [usize; 2]) -> Vec<u8> {
    let ties = ties(map);
    ppm(map, size, |at| (!ties).then(|| network.region(at)))
}

/// Where one range is more than this many times the other, the units of the inputs are too unlike for one scale.
const UNLIKE: f64 = 10.0;

/// The ranges of the samples on both axes with a margin that is as wide at the sides as above and below; a square with a
/// scale for each axis if their units are unlike.
fn ranges(samples: &[Sample]) -> ([[f64; 2]; 2], Aspect) {
    let [x, y] = [0, 1].map(|axis| widened(extent(samples.iter().map(|sample| sample.at[axis])), 0.0));
    let lengths = [x[1] - x[0], y[1] - y[0]];
    let longest = larger(lengths[0], lengths[1]);
    let is_unlike = lengths.iter().any(|length| longest > UNLIKE * length);
    let [x, y] = [(x, lengths[0]), (y, lengths[1])].map(|([low, high], length)| {
        let margin = 0.12 * if is_unlike { length } else { longest };
        [low - margin, high + margin]
    });
    ([x, y], if is_unlike { Aspect::Share(1.0) } else { Aspect::Equal })
}

#[cfg(test)]
mod tests {
    use super::super::regions::tests::Numbers;
    use super::super::regions::{HiddenUnit, LinearPiece};
    use super::*;
    use crate::draw::svg;

    fn data<const K: usize>(points: &[(Point, usize)]) -> Dataset<2, K> {
        let (samples, labels) = points.iter().copied().unzip();
        Dataset::new(samples, labels)
    }

    #[test]
    fn a_map_of_inputs_in_unlike_units_is_the_same_picture() {
        let mut numbers = Numbers::new(12);
        let network = numbers.network(8, 3, 0.0);
        let points: Vec<_> = (0..50).map(|n| (numbers.point(), n % 3)).collect();
        // Powers of two, so that rounding is the same; x beyond ten times y in the first.
        let stretched = |x: f64, y: f64| {
            let scaled = |piece: &LinearPiece| LinearPiece {
                slope: [piece.slope[0] / x, piece.slope[1] / y],
                ..*piece
            };
            let scores = network.scores.iter().map(scaled).collect();
            let unit = |unit: &HiddenUnit| HiddenUnit {
                pre_activation: scaled(&unit.pre_activation),
                outgoing: unit.outgoing.clone(),
            };
            let network = PlanarNetwork { scores, units: network.units.iter().map(unit).collect() };
            let points: Vec<_> = points.iter().map(|&([a, b], class)| ([a * x, b * y], class)).collect();
            let figure = data_map("", &network, &data::<3>(&points));
            let rings = figure.marks.into_iter().filter_map(|mark| match mark.look {
                Look::Region { rings, .. } => Some(rings),
                _ => None,
            });
            let back = |[a, b]: Point| [a / x, b / y];
            rings.flatten().map(|ring| ring.into_iter().map(back).collect()).collect::<Vec<Vec<Point>>>()
        };
        let wide = stretched(64.0, 1.0);
        assert!(wide.len() >= 3, "a region of each class: {wide:?}");
        let power = |exponent: u32| (0..exponent).fold(1.0, |power, _| 2.0 * power);
        assert_eq!(stretched(power(60), 1.0 / power(60)), wide);
    }

    #[test]
    fn every_point_has_a_place_on_the_map_unless_it_is_too_far_away() {
        let network = Numbers::new(11).network(6, 2, 0.0);
        let cases: [&[(Point, usize)]; 4] = [
            &[([3.0, 3.0], 1)],
            &[([0.0, 5.0], 0), ([0.0, 6.0], 1)],
            &[([1e299, 1.0], 1), ([-1e299, 0.0], 1)],
            &[([1e305, 0.0], 0)],
        ];
        for points in cases {
            let figure = data_map("", &network, &data::<2>(points));
            for (at, _) in points.iter().filter(|(at, _)| at[0].abs() < 1e300) {
                let places = [figure.x.position(at[0]), figure.y.position(at[1])];
                assert!(places.iter().all(|place| (0.05..=0.95).contains(place)), "{at:?} at {places:?}");
            }
            assert!(svg(&figure).ends_with("</svg>\n"));
        }
    }

    #[test]
    fn where_all_classes_tie_there_is_no_border_and_no_mistake() {
        let score = |slope, offset| LinearPiece { slope: [slope, -slope], offset };
        let level = |gap| [score(1e-9, 0.0), score(1e-9, gap)];
        // Beside such a bias the slopes are rounded away.
        let biased = [score(1.0, 1e18), score(-1.0, 1e18)];
        let points = [([0.0, 0.0], 0), ([1.0, 0.0], 1)];
        for (scores, is_border) in
            [(level(0.0), false), (level(1e-8), false), (level(1e-3), true), (biased, false)]
        {
            let network = PlanarNetwork { scores: scores.to_vec(), units: Vec::new() };
            let map = data_map("", &network, &data::<2>(&points));
            assert_eq!(ties(&map), !is_border, "{scores:?}");
            let misclassified = map.marks.iter().any(|mark| mark.label == "misclassified");
            assert_eq!(misclassified, is_border, "{scores:?}");
        }
    }
}
