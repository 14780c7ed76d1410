//! Decision maps: the predictions of a network with two inputs everywhere around its data.

use super::outlines::outlines;
use super::ranges::{drawable, extent, widened};
use super::regions::{CONFIDENT, PlanarNetwork, decision_regions, switching_lines};
use super::samples::{Sample, marks_of};
use crate::draw::{Axis, Figure, Frame, Look, Mark, Page, Point, Scale, ppm};
use crate::training::dataset::Dataset;
use crate::training::names::Names;

/// The predictions of a network with two inputs everywhere around a dataset: the exact region of each class, stronger where
/// the network is sure, faint lines where hidden units switch, and the samples, ringed where the prediction is wrong.
///
/// The range is that of the data with a margin. Samples beyond ±1e299 are left out, and of thousands of samples those that
/// would cover each other.
///
/// # Panics
///
/// If the network and the data differ in their number of classes.
pub fn data_map<const K: usize>(caption: &str, network: &PlanarNetwork, data: &Dataset<2, K>) -> Figure {
    assert_eq!(network.scores.len(), K, "the network and the data differ in their number of classes");
    let mut samples = Vec::new();
    for (&at, &class) in data.samples().iter().zip(data.labels()) {
        if at.iter().all(|&value| drawable(value)) {
            samples.push((at, class, network.classify(at) != class));
        }
    }
    map_of(caption, network, samples, data.names())
}

/// The map of data with any number of classes, compiled once.
fn map_of(caption: &str, network: &PlanarNetwork, mut samples: Vec<Sample>, names: &Names) -> Figure {
    let ranges = [0, 1].map(|axis| widened(extent(samples.iter().map(|(at, ..)| at[axis])), 0.12));
    let axes = [0, 1].map(|axis| Axis::new(&names.inputs[axis], ranges[axis], Scale::Linear));
    let place =
        |at: Point| [0, 1].map(|axis| ranges[axis][0] + at[axis] * (ranges[axis][1] - ranges[axis][0]));
    let inside = network.within(ranges);
    let mut marks = Vec::new();
    // Where all classes tie, a border would be one of rounding errors.
    let regions = decision_regions(&inside);
    for (.., wrong) in &mut samples {
        *wrong &= regions.is_some();
    }
    for (confident, regions) in [false, true].into_iter().zip(regions.into_iter().flatten()) {
        for (class, mut rings) in outlines(&regions).into_iter().enumerate() {
            rings.iter_mut().flatten().for_each(|corner| *corner = place(*corner));
            let label = if confident { &format!("with p ≥ {CONFIDENT}") } else { "prediction" };
            marks.push(Mark::new(label, Look::Region { class, confident, rings }));
        }
    }
    let lines: Vec<[Point; 2]> = switching_lines(&inside).iter().map(|ends| ends.map(place)).collect();
    if !lines.is_empty() {
        marks.push(Mark::new("hidden unit switches", Look::Segments(lines)));
    }
    marks.append(&mut marks_of(&samples, &names.classes, &axes));
    Figure::new(caption, axes, 1.0, marks)
}

/// Whether a [`data_map`] has no regions, since all classes tie everywhere.
pub fn ties(map: &Figure) -> bool {
    !map.marks.iter().any(|mark| matches!(mark.look, Look::Region { .. }))
}

/// The [data maps](data_map) of networks on the same points.
pub fn decision_maps<const K: usize>(
    title: &str,
    subtitle: &str,
    data: &Dataset<2, K>,
    mut panels: Vec<Figure>,
) -> Page {
    let mut subtitle = subtitle.to_owned();
    if panels.len() > 1 {
        let inputs = &data.names().inputs;
        subtitle = format!("{subtitle}\n{} →, {} ↑", inputs[0], inputs[1]);
        for map in &mut panels {
            map.frame = Frame::Box;
            map.marks.retain(|mark| !matches!(mark.look, Look::Segments(_)));
        }
    }
    let words = [title].into_iter().chain(panels.iter().map(|map| map.caption.as_str()));
    let words: Vec<&str> = words.filter(|words| !words.is_empty()).collect();
    let description = format!("Decision regions: {}.", words.join("; ").replace('\n', " "));
    Page::new([title, &subtitle, &description], panels.len().min(3), panels)
}

/// The regions and samples of a [`data_map`] as a PPM image of `width` × `height` pixels.
pub fn map_pixels(network: &PlanarNetwork, map: &Figure, size: [usize; 2]) -> Vec<u8> {
    let ties = ties(map);
    ppm(map, size, |at| (!ties).then(|| network.region(at)))
}

#[cfg(test)]
mod tests {
    use super::super::regions::LinearPiece;
    use super::super::regions::tests::Numbers;
    use super::*;
    use crate::draw::svg;

    fn data<const K: usize>(points: &[(Point, usize)]) -> Dataset<2, K> {
        let (samples, labels) = points.iter().copied().unzip();
        Dataset::new(samples, labels)
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
            assert!(svg(&decision_maps("", "", &data::<2>(points), vec![figure])).ends_with("</svg>\n"));
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
            let misclassified = map.marks.iter().any(|mark| mark.label.ends_with("misclassified"));
            assert_eq!(misclassified, is_border, "{scores:?}");
        }
    }
}
