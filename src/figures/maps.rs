//! Decision maps: the predictions of a network with two inputs everywhere around its data.

use super::outlines::outlines;
use super::ranges::{drawable, extent, widened};
use super::regions::{CONFIDENT, PlanarNetwork, confident_regions, decision_regions, switching_lines};
use super::samples::{Sample, marks, thinned};
use crate::draw::{Aspect, Axis, Figure, Frame, Mark, Page, Point, Scale, ppm};
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
#[must_use]
pub fn data_map<const K: usize>(subtitle: &str, network: &PlanarNetwork, data: &Dataset<2, K>) -> Figure {
    assert_eq!(network.scores.len(), K, "the network and the data differ in their number of classes");
    let Names { inputs, classes } = data.names();
    let sample = |(&at, &class): (&Point, &usize)| Sample { at, class, wrong: network.classify(at) != class };
    let mut samples: Vec<Sample> = data
        .samples()
        .iter()
        .zip(data.labels())
        .filter(|(at, _)| at.iter().all(|&value| drawable(value)))
        .map(sample)
        .collect();
    let ([x_range, y_range], aspect) = ranges(&samples);
    let mut figure = Figure {
        title: String::new(),
        subtitle: subtitle.to_owned(),
        description: String::new(),
        x: Axis::new(&inputs[0], x_range, Scale::Linear),
        y: Axis::new(&inputs[1], y_range, Scale::Linear),
        aspect,
        frame: Frame::Axes,
        marks: Vec::new(),
    };
    // In inputs of unlike units, nothing is near or far: there, places are shares of the ranges.
    let (ranges, unit) = ([x_range, y_range], [[0.0, 1.0]; 2]);
    let (frame, bounds) = if aspect == Aspect::Equal { (unit, ranges) } else { (ranges, unit) };
    let place = |at: Point| [0, 1].map(|axis| frame[axis][0] + at[axis] * (frame[axis][1] - frame[axis][0]));
    let inside = network.within(frame);
    // Where all classes tie, a border would be one of rounding errors.
    let ties = inside.ties(bounds);
    if ties {
        for sample in &mut samples {
            sample.wrong = false;
        }
    } else {
        let regions = [decision_regions(&inside, bounds), confident_regions(&inside, bounds, CONFIDENT)];
        for (confident, regions) in [false, true].into_iter().zip(regions) {
            for (class, rings) in outlines(&regions).into_iter().enumerate() {
                let label = if confident && class == 0 {
                    format!("stronger: p ≥ {CONFIDENT}")
                } else {
                    String::new()
                };
                let rings = rings.into_iter().map(|ring| ring.into_iter().map(place).collect()).collect();
                figure.marks.push(Mark::Region { label, class, confident, rings });
            }
        }
    }
    let lines = switching_lines(&inside, bounds);
    if !lines.is_empty() {
        let few = lines.len() <= MOST_NUMBERED;
        let label = if few { "hidden unit of this number switches" } else { "hidden unit switches" };
        let segments = lines.iter().map(|(_, ends)| ends.map(place)).collect();
        figure.marks.push(Mark::Segments { label: label.to_owned(), segments });
        if few {
            let share = |at: Point| {
                [0, 1].map(|axis| (at[axis] - frame[axis][0]) / (frame[axis][1] - frame[axis][0]))
            };
            let samples: Vec<Point> = samples.iter().map(|sample| share(sample.at)).collect();
            let numbers = numbers(&lines, &samples).into_iter().map(|(at, number)| (place(at), number));
            figure.marks.push(Mark::Tags { notes: numbers.collect() });
        }
    }
    figure.marks.extend(marks(&samples, classes, &figure.x, &figure.y));
    let wrong = samples.iter().filter(|sample| sample.wrong).count();
    let mistakes = if ties {
        "all classes tied everywhere".to_owned()
    } else {
        format!("{wrong} of them misclassified")
    };
    figure.description = format!(
        "Decision regions of {K} classes ({}) with {} points, {mistakes}.{}",
        classes.join(", "),
        samples.len(),
        thinned(std::slice::from_ref(&figure), samples.len())
    );
    figure
}

/// Whether a [`data_map`] has no regions, since all classes tie everywhere.
#[must_use]
pub fn ties(map: &Figure) -> bool {
    !map.marks.iter().any(|mark| matches!(mark, Mark::Region { .. }))
}

/// The number of each line, at the one of some places on it that is farthest from the samples and the numbers before.
fn numbers(lines: &[(usize, [Point; 2])], samples: &[Point]) -> Vec<(Point, String)> {
    let mut taken = samples.to_vec();
    let mut notes = Vec::new();
    for &(number, [a, b]) in lines {
        let place = |step: usize| [0, 1].map(|axis| a[axis] + step as f64 / 16.0 * (b[axis] - a[axis]));
        let room = |at: Point| {
            let squares = taken.iter().map(|other| [other[0] - at[0], other[1] - at[1]]);
            squares.map(|[x, y]| x * x + y * y).fold(f64::INFINITY, smaller)
        };
        let places = (1..16).map(place);
        let best = places.reduce(|best, at| if room(at) > room(best) { at } else { best });
        let at = best.expect("fifteen places");
        taken.push(at);
        notes.push((at, number.to_string()));
    }
    notes
}

/// The [data maps](data_map) of several networks on the same points, each under its subtitle.
#[must_use]
pub fn decision_maps<const K: usize>(
    title: &str,
    subtitle: &str,
    data: &Dataset<2, K>,
    mut panels: Vec<Figure>,
) -> Page {
    for map in &mut panels {
        map.frame = Frame::Box;
        map.marks.retain(|mark| !matches!(mark, Mark::Segments { .. } | Mark::Tags { .. }));
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

/// The same map as a PPM image of `width` × `height` pixels: regions and samples alone.
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
    fn the_margin_of_a_map_is_a_share_of_its_longer_side() {
        let ranges = |points: [Point; 2]| ranges(&points.map(|at| Sample { at, class: 0, wrong: false })).0;
        assert_eq!(ranges([[0.0, 1.0], [10.0, 4.0]]), [[-1.2, 11.2], [1.0 - 1.2, 4.0 + 1.2]]);
        assert_eq!(ranges([[0.0, 1.0], [3.0, 11.0]]), [[-1.2, 3.0 + 1.2], [1.0 - 1.2, 11.0 + 1.2]]);
        // Unlike units.
        assert_eq!(ranges([[0.0, 1.0], [3000.0, 11.0]]), [[-360.0, 3360.0], [1.0 - 1.2, 11.0 + 1.2]]);
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
            let rings = figure.marks.into_iter().filter_map(|mark| match mark {
                Mark::Region { rings, .. } => Some(rings),
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
    fn a_decision_map_rings_exactly_the_misclassified_points() {
        let mut numbers = Numbers::new(10);
        let network = numbers.network(6, 3, 0.0);
        let points: Vec<_> = (0..50).map(|n| (numbers.point(), n % 3)).collect();
        let figure = data_map("", &network, &data::<3>(&points));
        let wrong: Vec<Point> =
            points.iter().filter(|&&(at, class)| network.classify(at) != class).map(|&(at, _)| at).collect();
        assert!(!wrong.is_empty() && wrong.len() < 50);
        assert!(
            figure.marks.iter().any(|mark| matches!(mark, Mark::Rings { points, .. } if *points == wrong))
        );
        assert!(figure.description.ends_with(&format!("50 points, {} of them misclassified.", wrong.len())));
    }

    #[test]
    fn the_description_counts_the_samples_that_are_drawn_of_many() {
        let mut numbers = Numbers::new(18);
        let network = numbers.network(6, 2, 0.0);
        let points: Vec<_> = (0..30_000).map(|n| (numbers.point(), n % 2)).collect();
        let many = data::<2>(&points);
        let figure = data_map("", &network, &many);
        let scatter = |mark: &Mark| if let Mark::Scatter { points, .. } = mark { points.len() } else { 0 };
        let drawn: usize = figure.marks.iter().map(scatter).sum();
        assert!(drawn < 10_000, "{drawn}");
        let end = format!(" {drawn} of 30000 samples are drawn.");
        let wrong = points.iter().filter(|&&(at, class)| network.classify(at) != class).count();
        let expected = format!("with 30000 points, {wrong} of them misclassified.{end}");
        assert!(figure.description.ends_with(&expected), "{}", figure.description);
        assert!(decision_maps("", "", &many, vec![figure]).description.ends_with(&end));
    }

    #[test]
    fn the_legend_of_a_map_names_what_is_on_it() {
        let labels = |network: &PlanarNetwork, points: &[(Point, usize)]| {
            let figure = data_map("", network, &data::<3>(points));
            let labels = figure.marks.iter().map(|mark| mark.label().to_owned());
            labels.filter(|label| !label.is_empty()).collect::<Vec<_>>().join(", ")
        };
        // Class 1 on the right, class 2 nowhere.
        let level = LinearPiece::constant;
        let scores = vec![level(0.0), LinearPiece { slope: [1.0, 0.0], offset: 0.0 }, level(-9.0)];
        let line = PlanarNetwork { scores, units: Vec::new() };
        let classes = "class 0, class 1, class 2";
        let right = [([-1.0, 0.0], 0), ([1.0, 0.0], 1)];
        assert_eq!(labels(&line, &right), format!("stronger: p ≥ 0.9, {classes}"));
        assert_eq!(labels(&line, &[([1.0, 0.0], 0)]), format!("stronger: p ≥ 0.9, {classes}, misclassified"));
        let unit = HiddenUnit { pre_activation: line.scores[1], outgoing: vec![0.0, 1.0, 0.0] };
        let network = PlanarNetwork { units: vec![unit], ..line };
        assert_eq!(
            labels(&network, &right),
            format!("stronger: p ≥ 0.9, hidden unit of this number switches, {classes}")
        );
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
    #[should_panic(expected = "the network and the data differ in their number of classes")]
    fn a_network_of_other_classes_is_refused() {
        let _ = data_map("", &Numbers::new(12).network(1, 2, 0.0), &data::<3>(&[([0.0; 2], 0)]));
    }

    #[test]
    fn an_image_of_a_map_has_the_samples_in_their_places() {
        let scores = vec![LinearPiece::constant(0.0), LinearPiece { slope: [4.0, 0.0], offset: 0.0 }];
        let network = PlanarNetwork { scores, units: Vec::new() };
        let map = data_map("", &network, &data::<2>(&[([-1.0, -1.0], 0), ([1.0, 1.0], 1)]));
        let image = map_pixels(&network, &map, [30, 30]);
        let header = b"P6\n30 30\n255\n";
        let pixel = |column: usize, row: usize| &image[header.len() + 3 * (30 * row + column)..][..3];
        let shades = [0, 14, 16, 29]
            .map(|column| pixel(column, 15).iter().map(|&channel| u32::from(channel)).sum::<u32>());
        assert!(shades[0] < shades[1] && shades[3] < shades[2], "darker where it is sure: {shades:?}");
        assert_eq!([pixel(2, 27), pixel(27, 2)], [[0, 114, 178], [213, 94, 0]]);
    }

    #[test]
    fn maps_on_a_page_show_all_but_where_units_switch() {
        let unit = |slope| HiddenUnit {
            pre_activation: LinearPiece { slope, offset: 0.0 },
            outgoing: vec![0.0, 1.0],
        };
        let scores = vec![LinearPiece::constant(0.0); 2];
        let network = PlanarNetwork { scores, units: vec![unit([1.0, 0.0])] };
        let data = Dataset::<2, 2>::parse("a", b"-1,1,0\n1,1,1\n1,-1,1\n", None).unwrap();
        let alone = data_map("caption", &network, &data);
        let page = decision_maps("", "", &data, vec![alone.clone()]);
        let is_segments = |mark: &Mark| matches!(mark, Mark::Segments { .. } | Mark::Tags { .. });
        assert!(alone.marks.iter().any(is_segments));
        let others: Vec<&Mark> = alone.marks.iter().filter(|mark| !is_segments(mark)).collect();
        assert_eq!(page.panels[0].marks.iter().collect::<Vec<_>>(), others);
    }

    #[test]
    fn where_all_classes_tie_there_is_no_border_and_no_mistake() {
        let level = |offset| LinearPiece { slope: [1e-9, -1e-9], offset };
        let points = [([0.0, 0.0], 0), ([1.0, 0.0], 1)];
        for (gap, is_border) in [(0.0, false), (1e-8, false), (1e-3, true)] {
            let network = PlanarNetwork { scores: vec![level(0.0), level(gap)], units: Vec::new() };
            let map = data_map("", &network, &data::<2>(&points));
            assert_eq!(map.marks.iter().any(|mark| matches!(mark, Mark::Region { .. })), is_border, "{gap}");
            let rings = map.marks.iter().find_map(|mark| match mark {
                Mark::Rings { points, .. } => Some(points.len()),
                _ => None,
            });
            assert_eq!(rings, Some(usize::from(is_border)), "{gap}");
        }
    }

    #[test]
    fn the_numbers_of_units_stand_on_their_lines_and_apart() {
        let lines = [(1, [[0.0, 0.0], [16.0, 0.0]]), (4, [[8.0, -8.0], [8.0, 8.0]])];
        let notes = numbers(&lines, &[[0.0, 0.0], [16.0, 0.0]]);
        assert_eq!(notes[0], ([8.0, 0.0], "1".to_owned()));
        let ([x, y], four) = &notes[1];
        assert!(*x == 8.0 && y.abs() >= 7.0 && four == "4", "{notes:?}");
    }
}
