//! Joining the polygons of a region into its outlines.
//!
//! Drawn one by one, polygons that touch show a hairline between them and repeat every shared edge. An edge that two
//! of them run along in opposite directions is inside; without those, the outlines are left.

use super::ranges::extent;
use super::regions::edges;
use crate::draw::{Point, Polygon};
use crate::math::order::{ascending, larger};
use std::collections::BTreeMap;

/// Corners that close together, as a share of the extent of all polygons, are the same corner computed twice.
const SAME: f64 = 1e-9;

/// A directed edge between two numbered corners.
type Edge = (usize, usize);

/// Joins the polygons of each class into closed rings, to be filled by the non-zero rule: the outside runs
/// counter-clockwise, as the polygons must, and holes run clockwise. Corners move by at most 3e-9 of the extent of
/// the whole.
///
/// The polygons of all classes must not overlap. Their corners need not match: a corner may lie on another's edge.
#[must_use]
pub(super) fn outlines(regions: &[Vec<Polygon>]) -> Vec<Vec<Polygon>> {
    let mut corners = Corners::new(regions);
    let mut join = |polygons: &Vec<Polygon>| {
        let mut outer = Edges::default();
        for (a, b) in polygons.iter().flat_map(|polygon| edges(polygon)) {
            outer.insert((corners.number(a), corners.number(b)));
        }
        corners.rings(corners.divided(&outer))
    };
    regions.iter().map(&mut join).collect()
}

/// A multiset of directed edges in which opposite ones cancel.
#[derive(Default)]
struct Edges(BTreeMap<Edge, usize>);

impl Edges {
    fn insert(&mut self, (from, to): Edge) {
        if from != to && !self.remove((to, from)) {
            *self.0.entry((from, to)).or_default() += 1;
        }
    }

    fn remove(&mut self, edge: Edge) -> bool {
        let Some(count) = self.0.get_mut(&edge) else { return false };
        *count -= 1;
        if *count == 0 {
            self.0.remove(&edge);
        }
        true
    }
}

/// Corners numbered, those within a tolerance of each other as one.
struct Corners {
    tolerance: f64,
    places: Vec<Point>,
    /// The number of the corner in each square of a grid as wide as the tolerance.
    grid: BTreeMap<[i64; 2], usize>,
}

impl Corners {
    fn new(regions: &[Vec<Polygon>]) -> Self {
        let [width, height] = [0, 1].map(|axis| {
            let [low, high] = extent(regions.iter().flatten().flatten().map(|point| point[axis]));
            high - low
        });
        let tolerance = larger(SAME * larger(width, height), f64::MIN_POSITIVE);
        Self { tolerance, places: Vec::new(), grid: BTreeMap::new() }
    }

    fn number(&mut self, point: Point) -> usize {
        let [column, row] = point.map(|value| (value / self.tolerance).floor() as i64);
        // Two computations of one corner may fall on either side of a square's edge.
        let near = [0, -1, 1].into_iter().flat_map(|i| [0, -1, 1].map(|j| [column + i, row + j]));
        if let Some(number) = near.filter_map(|square| self.grid.get(&square)).copied().next() {
            return number;
        }
        self.places.push(point);
        self.grid.insert([column, row], self.places.len() - 1);
        self.places.len() - 1
    }

    /// The edges divided where a corner of another lies on them, so that those can cancel too.
    fn divided(&self, edges: &Edges) -> Edges {
        let mut ends: Vec<usize> = edges.0.keys().map(|&(from, _)| from).collect();
        ends.dedup();
        let mut divided = Edges::default();
        for (&(from, to), &count) in &edges.0 {
            let mut stops: Vec<(f64, usize)> =
                ends.iter().filter_map(|&corner| Some((self.along(from, to, corner)?, corner))).collect();
            stops.sort_by(|a, b| ascending(&a.0, &b.0));
            for _ in 0..count {
                let last = stops.iter().fold(from, |previous, &(_, stop)| {
                    divided.insert((previous, stop));
                    stop
                });
                divided.insert((last, to));
            }
        }
        divided
    }

    /// How far along the edge a corner lies, between 0 and 1, if it lies on the edge.
    fn along(&self, from: usize, to: usize, corner: usize) -> Option<f64> {
        let [a, b, c] = [from, to, corner].map(|number| self.places[number]);
        let (edge, offset) = ([b[0] - a[0], b[1] - a[1]], [c[0] - a[0], c[1] - a[1]]);
        let length = (edge[0] * edge[0] + edge[1] * edge[1]).sqrt();
        let distance = (edge[0] * offset[1] - edge[1] * offset[0]).abs() / length;
        let along = (edge[0] * offset[0] + edge[1] * offset[1]) / (length * length);
        (distance <= self.tolerance && 0.0 < along && along < 1.0).then_some(along)
    }

    /// The edges chained into closed rings, without the corners at which a ring goes straight on.
    fn rings(&self, mut edges: Edges) -> Vec<Polygon> {
        let mut rings = Vec::new();
        while let Some((&(start, second), _)) = edges.0.first_key_value() {
            edges.remove((start, second));
            let mut ring = vec![start, second];
            // As many edges end in a corner as begin there, so the only dead end is the start.
            while let Some((&edge, _)) = edges.0.range((ring[ring.len() - 1], 0)..).next() {
                if edge.0 != ring[ring.len() - 1] {
                    break;
                }
                edges.remove(edge);
                ring.push(edge.1);
            }
            ring.pop();
            rings.push(self.straightened(&ring));
        }
        rings
    }

    fn straightened(&self, ring: &[usize]) -> Polygon {
        let mut kept: Vec<usize> = Vec::new();
        for (index, &corner) in ring.iter().enumerate() {
            let before = *kept.last().unwrap_or(&ring[ring.len() - 1]);
            let after = ring[(index + 1) % ring.len()];
            if self.along(before, after, corner).is_none() {
                kept.push(corner);
            }
        }
        kept.into_iter().map(|corner| self.places[corner]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::regions::decision_regions;
    use super::super::regions::tests::{Numbers, area};
    use super::*;

    fn rectangle(x: [f64; 2], y: [f64; 2]) -> Polygon {
        vec![[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]]
    }

    fn joined(polygons: Vec<Polygon>) -> Vec<Polygon> {
        outlines(&[polygons]).remove(0)
    }

    #[test]
    fn two_squares_with_a_common_edge_become_one_rectangle() {
        let rings = joined(vec![rectangle([0.0, 1.0], [0.0, 1.0]), rectangle([1.0, 2.0], [0.0, 1.0])]);
        assert_eq!(rings, [[[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]]]);
    }

    #[test]
    fn an_edge_against_two_shorter_ones_cancels() {
        let whole = rectangle([0.0, 1.0], [0.0, 1.0]);
        let halves = [rectangle([1.0, 2.0], [0.0, 0.4]), rectangle([1.0, 2.0], [0.4, 1.0])];
        let polygons = [vec![whole], halves.to_vec()].concat();
        for direction in [[1.0, 0.0], [0.0, -1.0], [3.0, 4.0], [-0.8, 0.6]] {
            let [across, up] = direction;
            let turn = |&[x, y]: &Point| [x * across - y * up, x * up + y * across];
            let turned = polygons.iter().map(|polygon| polygon.iter().map(turn).collect()).collect();
            assert_eq!(
                joined(turned).iter().map(Vec::len).collect::<Vec<_>>(),
                [4],
                "turned to {direction:?}"
            );
        }
    }

    #[test]
    fn corners_that_differ_by_rounding_are_one() {
        // 0.1 + 0.2 and 0.3 differ in the last bit; other steps of one unit in the last place cross any grid.
        for step in 0..200 {
            let x = 1.0 + f64::from(step) * 1e-10;
            let pair = [rectangle([0.0, x], [0.0, 1.0]), rectangle([x + 2e-16, 2.0], [0.0, 1.0])];
            let swap = |polygon: &Polygon| polygon.iter().rev().map(|&[x, y]| [y, x]).collect();
            for pair in [pair.iter().map(swap).collect(), pair.to_vec()] {
                assert_eq!(joined(pair).iter().map(Vec::len).collect::<Vec<_>>(), [4]);
            }
        }
    }

    #[test]
    fn a_hole_runs_the_other_way_round() {
        let (a, b, c, d) = (0.0, 1.0, 2.0, 3.0);
        let around = vec![
            rectangle([a, d], [a, b]),
            rectangle([a, d], [c, d]),
            rectangle([a, b], [b, c]),
            rectangle([c, d], [b, c]),
        ];
        let mut areas: Vec<f64> = joined(around).iter().map(|ring| area(ring)).collect();
        areas.sort_by(ascending);
        assert_eq!(areas, [-1.0, 9.0]);
    }

    #[test]
    fn squares_that_touch_at_a_corner_keep_their_area() {
        let rings = joined(vec![rectangle([0.0, 1.0], [0.0, 1.0]), rectangle([1.0, 2.0], [1.0, 2.0])]);
        assert_eq!(rings.iter().map(|ring| area(ring)).sum::<f64>(), 2.0);
    }

    #[test]
    fn joining_keeps_the_area_of_each_class() {
        let mut numbers = Numbers::new(8);
        for (units, classes) in [(0, 3), (1, 2), (6, 2), (40, 3), (100, 2)] {
            let regions = decision_regions(&numbers.network(units, classes, 1.0), [[-1.0, 1.0]; 2]);
            for (pieces, rings) in regions.iter().zip(outlines(&regions)) {
                let [before, after] =
                    [pieces, &rings].map(|list| list.iter().map(|ring| area(ring)).sum::<f64>());
                // Corners move by 3e-9 of 2, along outlines of length some 10.
                assert!((before - after).abs() < 1e-7, "{before} became {after}");
            }
        }
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(outlines(&[]), Vec::<Vec<Polygon>>::new());
        assert_eq!(joined(Vec::new()), Vec::<Polygon>::new());
    }
}
