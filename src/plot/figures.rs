//! The two figures that every problem of the handout needs.

use super::axis::{Axis, Scale};
use super::figure::{Figure, Mark, Point};
use super::outlines::outlines;
use super::regions::{PlanarNetwork, decision_regions, switching_lines};

/// Curves with no more points than this get a marker at each.
const FEW: usize = 16;

/// Loss over epochs, one curve for each label, superimposed. The first loss of each is drawn at epoch 0: it is the
/// loss before the first update.
///
/// The loss axis is logarithmic if all losses are positive and span more than two decades. A loss that is not finite
/// (or beyond ±1e300) leaves a gap.
#[must_use]
pub fn loss_curves(title: &str, subtitle: &str, curves: &[(&str, &[f64])]) -> Figure {
    let losses =
        || curves.iter().flat_map(|&(_, losses)| losses.iter().copied()).filter(|loss| drawable(*loss));
    let [low, high] = extent(losses());
    let log = low > 0.0 && high / low > 100.0;
    let y = if log {
        Axis::new("loss", [(low / 1.3).max(1e-301), high * 1.3], Scale::Log)
    } else {
        let range = widened([low, high], 0.05);
        // From zero where that costs no more than half of the height: lengths can then be compared.
        let from = if (0.0..=0.5 * high).contains(&low) { 0.0 } else { range[0] };
        Axis::new("loss", [from, range[1]], Scale::Linear)
    };
    let last = curves.iter().map(|(_, losses)| losses.len()).max().unwrap_or(0).saturating_sub(1).max(1);
    let x = Axis::new("epoch", widened([0.0, last as f64], 0.02), Scale::Linear);
    let line = |(series, &(label, losses)): (usize, &(&str, &[f64]))| Mark::Line {
        label: label.to_owned(),
        series,
        dotted: losses.len() <= FEW,
        points: (0..losses.len())
            .map(|epoch| [epoch as f64, if drawable(losses[epoch]) { losses[epoch] } else { f64::NAN }])
            .collect(),
    };
    let ends = curves.iter().filter_map(|&(label, losses)| {
        let (first, last) = (losses.first()?, losses.last()?);
        Some(format!(" {label}: from {first:.4} to {last:.4} in {} epochs.", losses.len() - 1))
    });
    Figure {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Loss over epochs.{}", ends.collect::<String>()),
        x,
        y,
        equal_aspect: false,
        marks: curves.iter().enumerate().map(line).collect(),
    }
}

/// What a network with two inputs predicts everywhere around the data: the exact region of each class, faint lines
/// where hidden units switch, and the data, each point a pair of place and class, ringed where the prediction is
/// wrong.
///
/// The range is that of the data with a margin. Points that are not finite (or beyond ±1e300) are left out.
///
/// # Panics
///
/// If there is not one name for each class of the network, or a point's class has none.
#[must_use]
pub fn decision_map(
    title: &str,
    subtitle: &str,
    class_names: &[&str],
    network: &PlanarNetwork,
    points: &[(Point, usize)],
) -> Figure {
    assert_eq!(class_names.len(), network.scores.len(), "class names and classes differ in number");
    let points = || points.iter().filter(|(at, _)| at.iter().all(|&value| drawable(value)));
    let [x_range, y_range] = ranges(points().map(|&(at, _)| at));
    let mut marks = Vec::new();
    for (class, rings) in outlines(&decision_regions(network, x_range, y_range)).into_iter().enumerate() {
        marks.push(Mark::Region { class, rings });
    }
    let segments = switching_lines(network, x_range, y_range);
    if !segments.is_empty() {
        marks.push(Mark::Segments { label: "a hidden unit switches".to_owned(), segments });
    }
    let mut classes = vec![Vec::new(); class_names.len()];
    let mut wrong = Vec::new();
    for &(at, class) in points() {
        classes[class].push(at);
        if network.classify(at) != class {
            wrong.push(at);
        }
    }
    let (count, mistakes) = (points().count(), wrong.len());
    // Before the points, so that a marker is never crossed by its neighbour's ring.
    marks.push(Mark::Rings {
        label: if mistakes > 0 { "misclassified" } else { "" }.to_owned(),
        points: wrong,
    });
    for (class, (points, name)) in classes.into_iter().zip(class_names).enumerate() {
        marks.push(Mark::Scatter { label: (*name).to_owned(), class, points });
    }
    Figure {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!(
            "Decision regions of {} classes ({}) with {count} points, {mistakes} of them misclassified.",
            class_names.len(),
            class_names.join(", ")
        ),
        x: Axis::new("x₁", x_range, Scale::Linear),
        y: Axis::new("x₂", y_range, Scale::Linear),
        equal_aspect: true,
        marks,
    }
}

/// Whether an axis can reach `value`.
fn drawable(value: f64) -> bool {
    value.abs() <= 1e299
}

/// The least and the greatest of the values; 0 and 1 if there are none.
fn extent(values: impl Iterator<Item = f64>) -> [f64; 2] {
    values.map(|value| [value, value]).reduce(|[a, b], [c, d]| [a.min(c), b.max(d)]).unwrap_or([0.0, 1.0])
}

/// The range with a `share` of its length added at both ends; a single value is given room to stand in.
fn widened([low, high]: [f64; 2], share: f64) -> [f64; 2] {
    let largest = low.abs().max(high.abs());
    let narrowest = if largest > 1e-290 { 1e-9 * largest } else { 1.0 };
    let margin = if high - low > narrowest { share * (high - low) } else { 0.1 * largest.max(narrowest) };
    [low - margin, high + margin]
}

/// The ranges of the data on both axes with a margin that is as wide at the sides as above and below.
fn ranges(points: impl Iterator<Item = Point> + Clone) -> [[f64; 2]; 2] {
    let [x, y] = [0, 1].map(|axis| widened(extent(points.clone().map(|at| at[axis])), 0.0));
    let margin = 0.12 * (x[1] - x[0]).max(y[1] - y[0]);
    [x, y].map(|[low, high]| [low - margin, high + margin])
}
