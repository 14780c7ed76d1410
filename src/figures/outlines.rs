//! Joining the polygons of a region into its outlines.
//!
//! Drawn one by one, polygons that touch show a hairline between them and repeat every shared edge. An edge that two
//! of them run along in opposite directions is inside; without those, the outlines are left.

use super::regions::edges;
use crate::draw::{Point, Polygon};
use crate::math::order::ascending;
use crate::training::numbers::sorted;
use std::collections::BTreeSet;

/// Values that close together are the same value computed twice.
const SAME: f64 = 1e-9;

/// A corner, by the numbers of its values on both axes.
type Corner = [usize; 2];

/// A directed edge between two corners.
type Edge = [Corner; 2];

/// Joins the polygons of each class into closed rings, to be filled by the non-zero rule: the outside runs
/// counter-clockwise, as the polygons must, and holes run clockwise. Corners whose values are within 1e-9 are the same.
///
/// The polygons of all classes must not overlap. Their corners need not match: a corner may lie on another's edge.
pub(super) fn outlines(regions: &[Vec<Polygon>]) -> Vec<Vec<Polygon>> {
    let corners = Corners([0, 1].map(|axis| {
        let values = sorted(regions.iter().flatten().flatten().map(|corner| corner[axis]));
        values.chunk_by(|a, b| b - a <= SAME).map(|same| same[0]).collect()
    }));
    let mut joined = Vec::with_capacity(regions.len());
    for polygons in regions {
        let numbered = polygons.iter().flat_map(|polygon| edges(polygon));
        let left = uncancelled(numbered.map(|(a, b)| [a, b].map(|at| corners.number(at))));
        joined.push(corners.rings(uncancelled(corners.divided(&left))));
    }
    joined
}

/// The edges but for those along which another runs in the opposite direction.
fn uncancelled(edges: impl IntoIterator<Item = Edge>) -> BTreeSet<Edge> {
    let mut left = BTreeSet::new();
    for [from, to] in edges {
        if from != to && !left.remove(&[to, from]) {
            left.insert([from, to]);
        }
    }
    left
}

/// The values of all corners on both axes, in order.
struct Corners([Vec<f64>; 2]);

impl Corners {
    fn number(&self, at: Point) -> Corner {
        [0, 1].map(|axis| self.0[axis].partition_point(|value| ascending(value, &at[axis]).is_le()) - 1)
    }

    fn place(&self, corner: Corner) -> Point {
        [0, 1].map(|axis| self.0[axis][corner[axis]])
    }

    /// The edges divided where a corner of another lies on them, so that those can cancel too.
    fn divided(&self, edges: &BTreeSet<Edge>) -> Vec<Edge> {
        let mut ends: Vec<Corner> = edges.iter().map(|[from, _]| *from).collect();
        ends.dedup();
        let mut divided = Vec::new();
        for &edge in edges {
            let mut stops = vec![(1.0, edge[1])];
            for &corner in &ends {
                stops.extend(self.along(edge, corner).map(|along| (along, corner)));
            }
            stops.sort_by(|a, b| ascending(&a.0, &b.0));
            let mut last = edge[0];
            for (_, stop) in stops {
                divided.push([last, stop]);
                last = stop;
            }
        }
        divided
    }

    /// How far along the edge a corner lies, between 0 and 1, if it lies on the edge.
    fn along(&self, edge: Edge, corner: Corner) -> Option<f64> {
        let ([a, b], c) = (edge.map(|end| self.place(end)), self.place(corner));
        let [ab, ac] = [b, c].map(|end| [end[0] - a[0], end[1] - a[1]]);
        let dot = |[x, y]: Point, to: Point| x * to[0] + y * to[1];
        let (square, along, area) = (dot(ab, ab), dot(ab, ac), dot([-ab[1], ab[0]], ac));
        (0.0 < along && along < square && area * area <= SAME * SAME * square).then(|| along / square)
    }

    /// The edges chained into closed rings, without the corners at which a ring goes straight on.
    fn rings(&self, mut edges: BTreeSet<Edge>) -> Vec<Polygon> {
        let mut rings = Vec::new();
        while let Some([start, mut corner]) = edges.pop_first() {
            let mut ring = vec![start];
            // As many edges end in a corner as begin there, so the only dead end is the start.
            while let Some(&edge) = edges.range([corner, [0; 2]]..).next().filter(|edge| edge[0] == corner) {
                ring.push(corner);
                edges.remove(&edge);
                corner = edge[1];
            }
            rings.push(self.straightened(&ring));
        }
        rings
    }

    fn straightened(&self, ring: &[Corner]) -> Polygon {
        let mut kept: Vec<Corner> = Vec::new();
        for (index, &corner) in ring.iter().enumerate() {
            let before = *kept.last().unwrap_or(&ring[ring.len() - 1]);
            let after = ring[(index + 1) % ring.len()];
            if self.along([before, after], corner).is_none() {
                kept.push(corner);
            }
        }
        kept.into_iter().map(|corner| self.place(corner)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::regions::tests::{Numbers, area, degenerate, networks, regions, scores_at};
    use super::*;

    fn rectangle(x: [f64; 2], y: [f64; 2]) -> Polygon {
        vec![[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]]]
    }

    fn joined(polygons: Vec<Polygon>) -> Vec<Polygon> {
        outlines(&[polygons]).remove(0)
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

    /// Whether a ray from the point crosses the rings an odd number of times.
    fn inside(rings: &[Polygon], [x, y]: Point) -> bool {
        let crossed = |&(a, b): &(Point, Point)| {
            (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        };
        rings.iter().flat_map(|ring| edges(ring)).filter(crossed).count() % 2 == 1
    }

    #[test]
    fn every_point_lies_in_the_region_and_the_outline_of_its_class_and_in_no_other() {
        let mut numbers = Numbers::new(4);
        for network in networks().into_iter().chain(degenerate()) {
            let regions = regions(&network);
            let outlines = outlines(&regions);
            for _ in 0..500 {
                let point = numbers.point();
                let mut scores = scores_at(&network, point);
                scores.sort_by(ascending);
                if scores[scores.len() - 1] - scores[scores.len() - 2] > 1e-9 {
                    for class in 0..regions.len() {
                        let found = [&regions, &outlines].map(|rings| inside(&rings[class], point));
                        assert_eq!(found, [class == network.classify(point); 2], "{class} at {point:?}");
                    }
                }
            }
        }
    }
}
