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

/// Joins the polygons of each class into closed rings, to be filled by the non-zero rule: the outside runs
/// counter-clockwise, as the polygons must, and holes run clockwise. Corners whose values are within 1e-9 are the same.
///
/// The polygons of all classes must not overlap, and where they touch, their corners must match.
pub(super) fn outlines(regions: &[Vec<Polygon>]) -> Vec<Vec<Polygon>> {
    let values: [Vec<f64>; 2] = [0, 1].map(|axis| {
        let values = sorted(regions.iter().flatten().flatten().map(|corner| corner[axis]));
        values.chunk_by(|a, b| b - a <= SAME).map(|same| same[0]).collect()
    });
    // A corner by the numbers of its values.
    let number = |at: &Point| {
        [0, 1].map(|axis| values[axis].partition_point(|value| ascending(value, &at[axis]).is_le()) - 1)
    };
    let place = |corner: [usize; 2]| [0, 1].map(|axis| values[axis][corner[axis]]);
    let mut joined = Vec::with_capacity(regions.len());
    for polygons in regions {
        let mut left = BTreeSet::new();
        for polygon in polygons {
            let corners: Vec<[usize; 2]> = polygon.iter().map(number).collect();
            for (from, to) in edges(&corners) {
                if from != to && !left.remove(&[to, from]) {
                    left.insert([from, to]);
                }
            }
        }
        let mut rings = Vec::new();
        while let Some([start, mut corner]) = left.pop_first() {
            let mut ring = vec![place(start)];
            // As many edges end in a corner as begin there, so the only dead end is the start.
            while let Some(&edge) = left.range([corner, [0; 2]]..).next().filter(|edge| edge[0] == corner) {
                ring.push(place(corner));
                left.remove(&edge);
                corner = edge[1];
            }
            rings.push(straightened(&ring));
        }
        joined.push(rings);
    }
    joined
}

/// A ring without the corners at which it goes straight on.
fn straightened(ring: &[Point]) -> Polygon {
    let mut before = ring[ring.len() - 1];
    let mut kept = Vec::new();
    for (corner, after) in edges(ring) {
        let [on, whole] = [corner, after].map(|end| [end[0] - before[0], end[1] - before[1]]);
        let dot = |[x, y]: Point, with: Point| x * with[0] + y * with[1];
        let (along, square, across) = (dot(whole, on), dot(whole, whole), dot([-whole[1], whole[0]], on));
        if !(0.0 < along && along < square && across * across <= SAME * SAME * square) {
            kept.push(corner);
            before = corner;
        }
    }
    kept
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
    fn shared_edges_cancel_and_a_ring_has_no_corner_where_it_goes_straight_on() {
        let columns = [[0.0, 1.0], [1.0, 3.0], [3.0, 3.5]];
        let polygons: Vec<Polygon> =
            columns.iter().flat_map(|&x| [[0.0, 0.4], [0.4, 1.0]].map(|y| rectangle(x, y))).collect();
        for direction in [[1.0, 0.0], [0.0, -1.0], [3.0, 4.0], [-0.8, 0.6]] {
            let [across, up] = direction;
            let turn = |&[x, y]: &Point| [x * across - y * up, x * up + y * across];
            let turned = polygons.iter().map(|polygon| polygon.iter().map(turn).collect()).collect();
            let corners: Vec<usize> = joined(turned).iter().map(Vec::len).collect();
            assert_eq!(corners, [4], "turned to {direction:?}");
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
        let square = |[x, y]: Point| rectangle([x, x + 1.0], [y, y + 1.0]);
        let places = [0.0, 1.0, 2.0].map(|x| [0.0, 1.0, 2.0].map(|y| [x, y])).concat();
        let around = places.into_iter().filter(|place| *place != [1.0, 1.0]).map(square).collect();
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
