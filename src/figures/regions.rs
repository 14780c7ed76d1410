//! The exact decision regions of a network with two inputs, instead of a sampled grid with staircase edges.
//!
//! A hidden `ReLU` unit is linear on either side of the line where its pre-activation is zero. The lines of all units
//! cut the plot, a unit square, into convex cells, in each of which every score is affine; there, one class beats another on
//! one side of a straight line. So the region of a class is a union of convex polygons, found by nothing but
//! cutting convex polygons along lines.

use super::ranges::extent;
use crate::draw::{Point, Polygon};
use crate::math::exp_ln::{exp, ln};
use crate::math::matrix::Matrix;
use crate::math::mlp1::Mlp1;
use crate::math::order::larger;
use crate::math::softmax::arg_max;
use crate::math::softmax_regression::SoftmaxRegression;

/// Corners closer to a line than this count as lying on it, so that nearly coinciding lines leave no slivers.
const ON_LINE: f64 = 1e-12;

/// The squares along each axis of a grid, whose lines cut the curves at which a network begins to be sure.
const CURVE_STEPS: i32 = 32;

/// The probability from which a network is called sure of a class.
pub(super) const CONFIDENT: f64 = 0.9;

/// An affine function on the plane: `slope`·x + `offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LinearPiece {
    pub(super) slope: [f64; 2],
    pub(super) offset: f64,
}

/// A hidden `ReLU` unit and what it adds to the scores.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct HiddenUnit {
    /// The unit's input; the unit is off where this is negative.
    pub(super) pre_activation: LinearPiece,
    /// Its weight on the score of each class (K of them).
    pub(super) outgoing: Vec<f64>,
}

/// A classifier of points in the plane, piecewise affine: score k is
/// `scores[k]`(x) + Σ relu(`units[u].pre_activation`(x)) · `units[u].outgoing[k]`.
///
/// Softmax regression has no units; in a network with one hidden layer `scores` are the output biases, with slope 0.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanarNetwork {
    /// The affine part of the score of each class (K of them).
    pub(super) scores: Vec<LinearPiece>,
    pub(super) units: Vec<HiddenUnit>,
}

impl LinearPiece {
    /// A constant function.
    pub(super) fn constant(offset: f64) -> Self {
        Self { slope: [0.0; 2], offset }
    }

    pub(super) fn at(&self, point: Point) -> f64 {
        self.slope[0] * point[0] + self.slope[1] * point[1] + self.offset
    }

    /// `self` + `factor`·`other`.
    pub(super) fn plus(&self, factor: f64, other: &Self) -> Self {
        Self {
            slope: [self.slope[0] + factor * other.slope[0], self.slope[1] + factor * other.slope[1]],
            offset: self.offset + factor * other.offset,
        }
    }
}

impl PlanarNetwork {
    /// The network as a function of the place in a rectangle: `(x − low) / (high − low)` along each axis.
    pub(super) fn within(&self, [x, y]: [[f64; 2]; 2]) -> Self {
        let lengths = [x, y].map(|[low, high]| high - low);
        let mut inside = self.clone();
        let units = inside.units.iter_mut().map(|unit| &mut unit.pre_activation);
        for piece in inside.scores.iter_mut().chain(units) {
            let offset = piece.at([x[0], y[0]]);
            let slope = [0, 1].map(|axis| piece.slope[axis] * lengths[axis]);
            *piece = LinearPiece { slope, offset };
        }
        inside
    }

    /// The class with the highest score at `point`, the lowest such class in a tie.
    pub fn classify(&self, point: Point) -> usize {
        self.region(point).0
    }

    /// The class at `point` and whether its probability is at least [`CONFIDENT`].
    pub(super) fn region(&self, point: Point) -> (usize, bool) {
        let scores: Vec<f64> = self.affine_around(point).iter().map(|score| score.at(point)).collect();
        let class = arg_max(&scores);
        let odds: f64 = scores.iter().map(|score| exp(score - scores[class])).sum();
        (class, odds <= 1.0 / CONFIDENT)
    }

    /// The affine functions that the scores are equal to around `point`.
    fn affine_around(&self, point: Point) -> Vec<LinearPiece> {
        let mut scores = self.scores.clone();
        for unit in self.units.iter().filter(|unit| unit.pre_activation.at(point) > 0.0) {
            for (score, &weight) in scores.iter_mut().zip(&unit.outgoing) {
                *score = score.plus(weight, &unit.pre_activation);
            }
        }
        scores
    }
}

/// The part of the unit square that belongs to each class (together they fill it), and the part of that where the probability
/// of the class is at least [`CONFIDENT`]: convex polygons that do not overlap, all counter-clockwise, which
/// [`outlines`](super::outlines::outlines) joins. A tie goes to the lowest class; `None` if all classes tie everywhere, to
/// within 10⁻⁶.
///
/// With more than two classes the border of the second part is a curve. The polygons' corners lie on it, or near it where two
/// classes are about as likely: at least 32 along a curve as long as the square.
pub(super) fn decision_regions(network: &PlanarNetwork) -> Option<[Vec<Vec<Polygon>>; 2]> {
    let units = network.units.iter().map(|unit| unit.pre_activation);
    let grid = (1..CURVE_STEPS).flat_map(|step| {
        let offset = -f64::from(step) / f64::from(CURVE_STEPS);
        [[1.0, 0.0], [0.0, 1.0]].map(|slope| LinearPiece { slope, offset })
    });
    let mut polygons = vec![SQUARE.to_vec()];
    for line in units.chain(grid) {
        polygons = polygons.into_iter().flat_map(|polygon| split(&polygon, &line)).flatten().collect();
    }
    let [mut regions, mut confident] = [(); 2].map(|()| vec![Vec::new(); network.scores.len()]);
    let mut tie = true;
    for polygon in polygons {
        let sum = |axis: usize| polygon.iter().map(|corner| corner[axis]).sum::<f64>();
        let centre = [0, 1].map(|axis| sum(axis) / polygon.len() as f64);
        let scores = network.affine_around(centre);
        // By the scores as the network rounds them: beside huge biases their differences are exact, and mean nothing.
        tie &= polygon.iter().all(|&corner| {
            let [low, high] = extent(scores.iter().map(|score| score.at(corner)));
            high - low < 1e-6
        });
        // The polygon in parts, each with its winner among the classes so far.
        let mut parts = vec![(polygon, 0)];
        for (class, score) in scores.iter().enumerate().skip(1) {
            for (part, winner) in std::mem::take(&mut parts) {
                let [kept, lost] = split(&part, &score.plus(-1.0, &scores[winner]));
                parts.extend(kept.map(|part| (part, winner)));
                parts.extend(lost.map(|part| (part, class)));
            }
        }
        for (polygon, winner) in parts {
            let others = scores.iter().enumerate().filter(|&(class, _)| class != winner);
            let rivals: Vec<LinearPiece> =
                others.map(|(_, score)| score.plus(-1.0, &scores[winner])).collect();
            // The logarithm of the rivals' odds over those at the border: affine for one rival, else convex.
            let doubt = |at| {
                let odds: f64 = rivals.iter().map(|rival| exp(rival.at(at))).sum();
                ln(larger(odds, 1e-300)) - ln(1.0 / CONFIDENT - 1.0)
            };
            confident[winner].extend(Some(part(&polygon, doubt)).filter(|part| !part.is_empty()));
            regions[winner].push(polygon);
        }
    }
    (!tie).then_some([regions, confident])
}

/// Where in the unit square each hidden unit switches on or off: the two ends of its line, if the line crosses the square.
pub(super) fn switching_lines(network: &PlanarNetwork) -> Vec<[Point; 2]> {
    let line = |unit: &HiddenUnit| {
        let value = |corner| unit.pre_activation.at(corner);
        let crossed = edges(&SQUARE).filter(|&(a, b)| (value(a) > 0.0) != (value(b) > 0.0));
        let mut ends = crossed.map(|(a, b)| crossing((a, value(a)), (b, value(b))));
        Some([ends.next()?, ends.next()?])
    };
    network.units.iter().filter_map(line).collect()
}

/// The corners of the unit square, counter-clockwise.
pub(super) const SQUARE: [Point; 4] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];

/// The edges of a polygon, each from one corner to the next.
pub(super) fn edges<T: Copy>(polygon: &[T]) -> impl Iterator<Item = (T, T)> {
    polygon.iter().copied().zip(polygon.iter().copied().cycle().skip(1))
}

/// The parts of a convex polygon where `function` is at most zero and where it is at least zero, if they have any
/// area. A polygon on which it is zero everywhere belongs to the first.
fn split(polygon: &[Point], function: &LinearPiece) -> [Option<Polygon>; 2] {
    let [across, up] = function.slope;
    let zero = ON_LINE * (across * across + up * up).sqrt();
    let value = |corner: Point| {
        let value = function.at(corner);
        if value.abs() <= zero { 0.0 } else { value }
    };
    let has = |sign: f64| polygon.iter().any(|&corner| sign * value(corner) > 0.0);
    let [above, below] = [1.0, -1.0].map(has);
    let part = |sign: f64| part(polygon, |corner| sign * value(corner));
    [(below || !above).then(|| part(1.0)), above.then(|| part(-1.0))]
}

/// The part of a convex polygon where a function that is about affine along its edges is at most zero.
pub(super) fn part(polygon: &[Point], value: impl Fn(Point) -> f64) -> Polygon {
    let mut part = Vec::new();
    for (a, b) in edges(polygon) {
        let (at_a, at_b) = (value(a), value(b));
        if at_a <= 0.0 {
            part.push(a);
        }
        if at_a * at_b < 0.0 {
            part.push(crossing((a, at_a), (b, at_b)));
        }
    }
    part
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
        PlanarNetwork { scores: columns(&model.w, &model.b), units: Vec::new() }
    }
}

impl<const H: usize, const K: usize> From<&Mlp1<2, H, K>> for PlanarNetwork {
    fn from(model: &Mlp1<2, H, K>) -> Self {
        let mut units = Vec::with_capacity(H);
        for (pre_activation, outgoing) in columns(&model.w1, &model.b1).into_iter().zip(model.w2.iter()) {
            units.push(HiddenUnit { pre_activation, outgoing: outgoing.to_vec() });
        }
        PlanarNetwork { scores: model.b2[0].map(LinearPiece::constant).to_vec(), units }
    }
}

/// The affine function that each unit of a layer computes of the two inputs.
fn columns<const H: usize>(w: &Matrix<2, H>, b: &Matrix<1, H>) -> Vec<LinearPiece> {
    (0..H).map(|unit| LinearPiece { slope: [w[0][unit], w[1][unit]], offset: b[0][unit] }).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::math::init::{Init, WeightInit};
    use crate::math::matrix::Matrix;
    use crate::math::model::Model;
    use crate::math::rng::Rng;

    const X: [f64; 2] = [-1.3, 1.1];
    const Y: [f64; 2] = [-0.9, 1.7];

    /// Numbers in −1..1.
    pub(crate) struct Numbers(Rng);

    impl Numbers {
        pub(crate) fn new(seed: u64) -> Self {
            Numbers(Rng::new(seed))
        }

        pub(crate) fn next(&mut self) -> f64 {
            2.0 * self.0.uniform() - 1.0
        }

        pub(crate) fn point(&mut self) -> Point {
            [(); 2].map(|()| f64::midpoint(self.next(), 1.0))
        }

        fn affine(&mut self, slope: f64) -> LinearPiece {
            LinearPiece { slope: [slope * self.next(), slope * self.next()], offset: self.next() }
        }

        /// With `slope` 0 the scores of a network with one hidden layer, else those of softmax regression; on a rectangle that is
        /// made the unit square.
        pub(crate) fn network(&mut self, units: usize, classes: usize, slope: f64) -> PlanarNetwork {
            let scores = (0..classes).map(|_| self.affine(slope)).collect();
            let units = (0..units)
                .map(|_| {
                    let pre_activation = self.affine(1.0);
                    HiddenUnit { pre_activation, outgoing: (0..classes).map(|_| self.next()).collect() }
                })
                .collect();
            PlanarNetwork { scores, units }.within([X, Y])
        }
    }

    pub(crate) fn scores_at(network: &PlanarNetwork, point: Point) -> Vec<f64> {
        network.affine_around(point).iter().map(|score| score.at(point)).collect()
    }

    pub(crate) fn area(polygon: &[Point]) -> f64 {
        edges(polygon).map(|(a, b)| (a[0] * b[1] - b[0] * a[1]) / 2.0).sum()
    }

    /// Whether a point is inside a counter-clockwise convex polygon.
    fn contains(polygon: &[Point], at: Point) -> bool {
        let turn = |(a, b): (Point, Point)| (b[0] - a[0]) * (at[1] - a[1]) - (b[1] - a[1]) * (at[0] - a[0]);
        edges(polygon).all(|edge| turn(edge) >= 0.0)
    }

    /// The regions of a network whose classes do not tie everywhere.
    pub(crate) fn regions(network: &PlanarNetwork) -> Vec<Vec<Polygon>> {
        let [regions, _] = decision_regions(network).expect("no tie");
        regions
    }

    pub(crate) fn networks() -> Vec<PlanarNetwork> {
        let mut numbers = Numbers::new(0x9e37_79b9_7f4a_7c15);
        let mut networks = Vec::new();
        for units in [0, 1, 6, 100] {
            for classes in [2, 3] {
                for slope in [0.0, 1.0, 1.0, 1.0] {
                    networks.push(numbers.network(units, classes, slope));
                }
            }
        }
        networks
    }

    /// Units whose lines are missing, doubled, parallel, opposite, or run along the box and through its corner.
    pub(crate) fn degenerate() -> Vec<PlanarNetwork> {
        let mut numbers = Numbers::new(77);
        let lines = [
            ([0.0, 0.0], 1.0),
            ([0.0, 0.0], -1.0),
            ([0.0, 0.0], 0.0),
            ([0.3, 0.4], 0.1),
            ([0.3, 0.4], 0.1),
            ([0.9, 1.2], 0.3),
            ([-0.3, -0.4], -0.1),
            ([0.3, 0.4], 0.1 + 1e-15),
            ([0.3, 0.4], 0.2),
            ([1.0, 0.0], -X[1]),
            ([0.0, -1.0], Y[0]),
            ([1.0, 1.0], -X[0] - Y[0]),
            ([1.0, -1.0], -X[0] + Y[0]),
        ];
        (0..20)
            .map(|_| {
                let mut network = numbers.network(lines.len(), 3, 0.0);
                for (unit, (slope, offset)) in network.units.iter_mut().zip(lines) {
                    unit.pre_activation = LinearPiece { slope, offset };
                }
                network.within([X, Y])
            })
            .collect()
    }

    #[test]
    fn the_areas_of_all_regions_sum_to_the_box_and_none_is_a_sliver() {
        let usual = networks().into_iter().map(|network| (network, 0.0));
        for (network, least) in usual.chain(degenerate().into_iter().map(|network| (network, 1e-12))) {
            let areas: Vec<f64> = regions(&network).iter().flatten().map(|piece| area(piece)).collect();
            assert!(areas.iter().all(|area| *area > least), "{areas:?}");
            // Up to 10^4 pieces with corners rounded to 1e-16.
            assert!((areas.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{areas:?}");
        }
    }

    #[test]
    fn switching_lines_run_from_edge_to_edge_along_the_zero_of_their_unit() {
        for network in networks() {
            let mut lines = switching_lines(&network).into_iter();
            for unit in &network.units {
                let on = SQUARE.iter().filter(|&&corner| unit.pre_activation.at(corner) > 0.0).count();
                if (1..4).contains(&on) {
                    let ends = lines.next().expect("a line for each unit that crosses the square");
                    for end in ends {
                        assert!(unit.pre_activation.at(end).abs() < 1e-14);
                        assert!(end.contains(&0.0) || end.contains(&1.0), "{end:?} is not on the edge");
                    }
                }
            }
            assert!(lines.next().is_none());
        }
    }

    /// A model and the planar network made of it predict the same class with the same probability all over the box.
    fn assert_predicts_alike<M: Model<2, 3>>(seed: u64)
    where
        PlanarNetwork: for<'a> From<&'a M>,
    {
        let mut rng = Rng::new(seed);
        let mut model = M::initialised(&Init { weights: WeightInit::He, bias: 0.0 }, &mut rng);
        for parameter in model.parameters_mut().into_iter().filter(|parameter| parameter.is_bias) {
            parameter.values.fill_with(|| rng.normal());
        }
        let network = PlanarNetwork::from(&model);
        let mut numbers = Numbers::new(seed + 1);
        for _ in 0..100 {
            let point = numbers.point();
            let p = model.probabilities(&Matrix::from_rows([point]));
            let class = arg_max(&p[0]);
            assert_eq!(network.region(point), (class, p[0][class] >= CONFIDENT), "at {point:?}");
        }
    }

    #[test]
    fn a_planar_network_predicts_what_its_model_predicts() {
        let mut numbers = Numbers::new(5);
        for seed in 0..10 {
            assert_predicts_alike::<SoftmaxRegression<2, 3>>(seed);
            assert_predicts_alike::<Mlp1<2, 6, 3>>(seed);
        }
        // In a rectangle it is the same function of the place.
        let network = numbers.network(6, 3, 1.0);
        for place in (0..100).map(|_| numbers.point()) {
            let at = [X[0] + place[0] * (X[1] - X[0]), Y[0] + place[1] * (Y[1] - Y[0])];
            let [inside, whole] = [(&network.within([X, Y]), place), (&network, at)]
                .map(|(network, at)| scores_at(network, at));
            assert!(inside.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-12), "{inside:?} {whole:?}");
        }
        let tie = PlanarNetwork { scores: vec![LinearPiece::constant(1.0); 3], units: Vec::new() };
        assert_eq!((tie.classify([0.5; 2]), decision_regions(&tie)), (0, None));
    }

    #[test]
    fn the_confident_regions_hold_the_points_of_that_probability() {
        let mut numbers = Numbers::new(21);
        let mut found = [0, 0];
        for (units, classes) in [(0, 2), (0, 3), (1, 2), (6, 3), (40, 4)] {
            let mut network = numbers.network(units, classes, 0.0);
            // So steep that much of the box is confident.
            network.scores.iter_mut().for_each(|score| *score = score.plus(2.0, score));
            for unit in &mut network.units {
                unit.outgoing.iter_mut().for_each(|weight| *weight *= 3.0);
            }
            let Some([_, confident]) = decision_regions(&network) else { panic!("no tie") };
            for _ in 0..2000 {
                let at = numbers.point();
                let scores = scores_at(&network, at);
                let class = arg_max(&scores);
                let p = 1.0 / scores.iter().map(|score| exp(score - scores[class])).sum::<f64>();
                // Between their corners, the polygons cut the curve a little short.
                if (p - CONFIDENT).abs() > 0.01 {
                    let within = confident[class].iter().any(|polygon| contains(polygon, at));
                    assert_eq!(within, p > CONFIDENT, "p = {p} at {at:?}, {units} units");
                    found[usize::from(within)] += 1;
                }
            }
        }
        assert!(found.iter().all(|&count| count > 1000), "{found:?} unsure and sure");
    }
}
