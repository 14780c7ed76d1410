//! The exact decision regions of a network with two inputs, instead of a sampled grid with staircase edges.
//!
//! A hidden ReLU unit is linear on either side of the line where its pre-activation is zero. The lines of all units
//! cut the plot's box into convex cells, in each of which every score is affine; there, one class beats another on
//! one side of a straight line. So the region of a class is a union of convex polygons, found by nothing but
//! cutting convex polygons along lines.

use super::figure::{Point, Polygon};
use crate::linear::Linear;
use crate::mlp1::Mlp1;
use crate::softmax_regression::SoftmaxRegression;

/// Corners closer to a line than this share of the box's size count as lying on it, so that nearly coinciding
/// lines leave no slivers.
const ON_LINE: f64 = 1e-12;

/// An affine function on the plane: `slope`·x + `offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    /// The gradient.
    pub slope: [f64; 2],
    /// The value at the origin.
    pub offset: f64,
}

/// A hidden ReLU unit and what it adds to the scores.
#[derive(Debug, Clone, PartialEq)]
pub struct HiddenUnit {
    /// The unit's input; the unit is off where this is negative.
    pub pre_activation: Affine,
    /// Its weight on the score of each class (K of them).
    pub outgoing: Vec<f64>,
}

/// A classifier of points in the plane, piecewise affine: score k is
/// `scores[k]`(x) + Σ relu(`units[u].pre_activation`(x)) · `units[u].outgoing[k]`.
///
/// Softmax regression has no units; in a network with one hidden layer `scores` are the output biases, with slope 0.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarNetwork {
    /// The affine part of the score of each class (K of them).
    pub scores: Vec<Affine>,
    /// The hidden units.
    pub units: Vec<HiddenUnit>,
}

impl Affine {
    /// The function's value at `point`.
    #[must_use]
    pub fn at(&self, point: Point) -> f64 {
        self.slope[0] * point[0] + self.slope[1] * point[1] + self.offset
    }

    /// `self` + `factor`·`other`.
    fn plus(&self, factor: f64, other: &Self) -> Self {
        Self {
            slope: [self.slope[0] + factor * other.slope[0], self.slope[1] + factor * other.slope[1]],
            offset: self.offset + factor * other.offset,
        }
    }
}

impl PlanarNetwork {
    /// The class with the highest score at `point`, the lowest such class in a tie.
    ///
    /// # Panics
    ///
    /// If there is no class, or a unit does not have one outgoing weight per class.
    #[must_use]
    pub fn classify(&self, point: Point) -> usize {
        arg_max(&self.affine_around(point).iter().map(|score| score.at(point)).collect::<Vec<_>>())
    }

    /// The affine functions that the scores are equal to around `point`.
    fn affine_around(&self, point: Point) -> Vec<Affine> {
        let mut scores = self.scores.clone();
        for unit in self.units.iter().filter(|unit| unit.pre_activation.at(point) > 0.0) {
            assert_eq!(unit.outgoing.len(), scores.len(), "outgoing weights and classes differ in number");
            for (score, &weight) in scores.iter_mut().zip(&unit.outgoing) {
                *score = score.plus(weight, &unit.pre_activation);
            }
        }
        scores
    }
}

fn arg_max(scores: &[f64]) -> usize {
    assert!(!scores.is_empty(), "a network without classes");
    (1..scores.len()).fold(0, |best, class| if scores[class] > scores[best] { class } else { best })
}

/// The part of the box `x_range` × `y_range` that belongs to each class, as convex polygons that do not overlap and
/// together fill the box, all counter-clockwise. The index is the class; a tie goes to the lowest class.
///
/// [`outlines`](super::outlines) joins them for drawing.
///
/// # Panics
///
/// As [`PlanarNetwork::classify`].
#[must_use]
pub fn decision_regions(network: &PlanarNetwork, x_range: [f64; 2], y_range: [f64; 2]) -> Vec<Vec<Polygon>> {
    let size = (x_range[1] - x_range[0]).max(y_range[1] - y_range[0]);
    let mut cells = vec![corners(x_range, y_range)];
    for unit in &network.units {
        cells =
            cells.into_iter().flat_map(|cell| split(cell, &unit.pre_activation, size)).flatten().collect();
    }
    let mut regions = vec![Vec::new(); network.scores.len()];
    for cell in cells {
        let scores = network.affine_around(centre(&cell));
        // The cell in parts, each with its winner among the classes so far.
        let mut parts = vec![(cell, 0)];
        for (class, score) in scores.iter().enumerate().skip(1) {
            let challenge = |(part, winner): (Polygon, usize)| {
                let [kept, lost] = split(part, &score.plus(-1.0, &scores[winner]), size);
                kept.map(|part| (part, winner)).into_iter().chain(lost.map(|part| (part, class)))
            };
            parts = parts.into_iter().flat_map(challenge).collect();
        }
        for (part, winner) in parts {
            regions[winner].push(part);
        }
    }
    regions
}

/// Where in the box `x_range` × `y_range` each hidden unit switches on or off: the two ends of its line, if the line
/// crosses the box.
#[must_use]
pub fn switching_lines(network: &PlanarNetwork, x_range: [f64; 2], y_range: [f64; 2]) -> Vec<[Point; 2]> {
    let corners = corners(x_range, y_range);
    let crossings = |unit: &HiddenUnit| {
        let value = |corner| unit.pre_activation.at(corner);
        let crossed = edges(&corners).filter(|&(a, b)| (value(a) > 0.0) != (value(b) > 0.0));
        let ends: Vec<Point> = crossed.map(|(a, b)| crossing((a, value(a)), (b, value(b)))).collect();
        <[Point; 2]>::try_from(ends).ok()
    };
    network.units.iter().filter_map(crossings).collect()
}

/// The corners of a box, counter-clockwise.
fn corners(x_range: [f64; 2], y_range: [f64; 2]) -> Polygon {
    let ([left, right], [bottom, top]) = (x_range, y_range);
    vec![[left, bottom], [right, bottom], [right, top], [left, top]]
}

/// The edges of a polygon, each from one corner to the next.
pub(super) fn edges(polygon: &[Point]) -> impl Iterator<Item = (Point, Point)> {
    polygon.iter().copied().zip(polygon.iter().copied().cycle().skip(1))
}

/// A point inside a convex polygon.
fn centre(polygon: &[Point]) -> Point {
    [0, 1].map(|axis| polygon.iter().map(|corner| corner[axis]).sum::<f64>() / polygon.len() as f64)
}

/// The parts of a convex polygon where `function` is at most zero and where it is at least zero, if they have any
/// area. A polygon on which it is zero everywhere belongs to the first.
fn split(polygon: Polygon, function: &Affine, size: f64) -> [Option<Polygon>; 2] {
    let [across, up] = function.slope;
    let zero = ON_LINE * size * (across * across + up * up).sqrt();
    let value = |corner: Point| {
        let value = function.at(corner);
        if value.abs() <= zero { 0.0 } else { value }
    };
    if polygon.iter().all(|&corner| value(corner) <= 0.0) {
        return [Some(polygon), None];
    }
    if polygon.iter().all(|&corner| value(corner) >= 0.0) {
        return [None, Some(polygon)];
    }
    let (mut below, mut above) = (Vec::new(), Vec::new());
    for (a, b) in edges(&polygon) {
        let (at_a, at_b) = (value(a), value(b));
        if at_a <= 0.0 {
            below.push(a);
        }
        if at_a >= 0.0 {
            above.push(a);
        }
        if at_a * at_b < 0.0 {
            let corner = crossing((a, at_a), (b, at_b));
            below.push(corner);
            above.push(corner);
        }
    }
    [Some(below), Some(above)]
}

/// Where an affine function with these values at the two ends of an edge is zero: the same bits from either side of
/// the edge, so that neighbours share their corners.
fn crossing(one: (Point, f64), other: (Point, f64)) -> Point {
    let ((a, at_a), (b, at_b)) = if one.0 < other.0 { (one, other) } else { (other, one) };
    let share = at_a / (at_a - at_b);
    [0, 1].map(|axis| a[axis] + share * (b[axis] - a[axis]))
}

impl<const K: usize> From<&SoftmaxRegression<2, K>> for PlanarNetwork {
    fn from(model: &SoftmaxRegression<2, K>) -> Self {
        PlanarNetwork { scores: columns(&model.output), units: Vec::new() }
    }
}

impl<const H: usize, const K: usize> From<&Mlp1<2, H, K>> for PlanarNetwork {
    fn from(model: &Mlp1<2, H, K>) -> Self {
        let scores = model.output.bias[0].map(|offset| Affine { slope: [0.0; 2], offset });
        let unit = |(pre_activation, outgoing): (Affine, &[f64; K])| HiddenUnit {
            pre_activation,
            outgoing: outgoing.to_vec(),
        };
        let units = columns(&model.hidden).into_iter().zip(model.output.weights.rows()).map(unit);
        PlanarNetwork { scores: scores.into(), units: units.collect() }
    }
}

/// What each unit of a layer computes of the two inputs.
fn columns<const H: usize>(layer: &Linear<2, H>) -> Vec<Affine> {
    let [w1, w2] = layer.weights.rows();
    (0..H).map(|unit| Affine { slope: [w1[unit], w2[unit]], offset: layer.bias[0][unit] }).collect()
}
