//! Joining the polygons of a region into its outlines.
//!
//! Drawn one by one, polygons that touch show a hairline between them and repeat every shared edge. An edge that two
//! of them run along in opposite directions is inside; without those, the outlines are left.

use super::regions::edges;
use crate::draw::{Point, Polygon};
use crate::math::order::ascending;
use std::collections::BTreeMap;

/// Corners that close together are the same corner computed twice.
const SAME: f64 = 1e-9;

/// A directed edge between two numbered corners.
type Edge = (usize, usize);

/// Joins the polygons of each class into closed rings, to be filled by the non-zero rule: the outside runs
/// counter-clockwise, as the polygons must, and holes run clockwise. Corners move by at most 3e-9.
///
/// The polygons of all classes must not overlap. Their corners need not match: a corner may lie on another's edge.
pub(super) fn outlines(regions: &[Vec<Polygon>]) -> Vec<Vec<Polygon>> {
    let mut corners = Corners { places: Vec::new(), grid: BTreeMap::new() };
    let mut joined = Vec::with_capacity(regions.len());
    for polygons in regions {
        let mut numbered = Vec::new();
        for (a, b) in polygons.iter().flat_map(|polygon| edges(polygon)) {
            numbered.push((corners.number(a), corners.number(b)));
        }
        joined.push(corners.rings(&uncancelled(corners.divided(&uncancelled(numbered)))));
    }
    joined
}

/// The edges but for those along which another runs in the opposite direction, sorted.
fn uncancelled(mut edges: Vec<Edge>) -> Vec<Edge> {
    edges.sort_unstable();
    let mut left = Vec::new();
    for same in edges.chunk_by(|a, b| a == b) {
        let (from, to) = same[0];
        let first = edges.partition_point(|edge| *edge < (to, from));
        let opposite = edges[first..].iter().take_while(|edge| **edge == (to, from)).count();
        left.extend_from_slice(&same[opposite.min(same.len())..]);
    }
    left
}

/// Corners numbered, those within [`SAME`] of each other as one.
struct Corners {
    places: Vec<Point>,
    /// The number of the corner in each square of a grid that wide.
    grid: BTreeMap<(i64, i64), usize>,
}

impl Corners {
    fn number(&mut self, point: Point) -> usize {
        let square = |value: f64| (value / SAME).floor() as i64;
        let (column, row) = (square(point[0]), square(point[1]));
        // Two computations of one corner may fall on either side of a square's edge.
        for i in [0, -1, 1] {
            for j in [0, -1, 1] {
                if let Some(&number) = self.grid.get(&(column + i, row + j)) {
                    return number;
                }
            }
        }
        self.places.push(point);
        self.grid.insert((column, row), self.places.len() - 1);
        self.places.len() - 1
    }

    /// Sorted edges divided where a corner of another lies on them, so that those can cancel too.
    fn divided(&self, edges: &[Edge]) -> Vec<Edge> {
        let mut ends: Vec<usize> = edges.iter().map(|&(from, _)| from).collect();
        ends.dedup();
        let mut divided = Vec::new();
        for &(from, to) in edges {
            let mut stops = vec![(1.0, to)];
            let along = self.along(from, to);
            for &corner in &ends {
                if let Some(along) = along(corner) {
                    stops.push((along, corner));
                }
            }
            stops.sort_by(|a, b| ascending(&a.0, &b.0));
            let mut last = from;
            for (_, stop) in stops {
                divided.push((last, stop));
                last = stop;
            }
        }
        divided
    }

    /// How far along the edge a corner lies, between 0 and 1, if it lies on the edge.
    fn along(&self, from: usize, to: usize) -> impl Fn(usize) -> Option<f64> {
        let (a, b) = (self.places[from], self.places[to]);
        let edge = [b[0] - a[0], b[1] - a[1]];
        let length = (edge[0] * edge[0] + edge[1] * edge[1]).sqrt();
        move |corner| {
            let c = self.places[corner];
            let offset = [c[0] - a[0], c[1] - a[1]];
            let distance = (edge[0] * offset[1] - edge[1] * offset[0]).abs() / length;
            let along = (edge[0] * offset[0] + edge[1] * offset[1]) / (length * length);
            (distance <= SAME && 0.0 < along && along < 1.0).then_some(along)
        }
    }

    /// Sorted edges chained into closed rings, without the corners at which a ring goes straight on.
    fn rings(&self, edges: &[Edge]) -> Vec<Polygon> {
        let mut ends = vec![Vec::new(); self.places.len()];
        for &(from, to) in edges.iter().rev() {
            ends[from].push(to);
        }
        let mut rings = Vec::new();
        for start in 0..ends.len() {
            while let Some(mut corner) = ends[start].pop() {
                let mut ring = vec![start];
                // As many edges end in a corner as begin there, so the only dead end is the start.
                while let Some(next) = ends[corner].pop() {
                    ring.push(corner);
                    corner = next;
                }
                rings.push(self.straightened(&ring));
            }
        }
        rings
    }

    fn straightened(&self, ring: &[usize]) -> Polygon {
        let mut kept: Vec<usize> = Vec::new();
        for (index, &corner) in ring.iter().enumerate() {
            let before = *kept.last().unwrap_or(&ring[ring.len() - 1]);
            let after = ring[(index + 1) % ring.len()];
            if self.along(before, after)(corner).is_none() {
                kept.push(corner);
            }
        }
        kept.into_iter().map(|corner| self.places[corner]).collect()
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
