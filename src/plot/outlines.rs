//! Joining the polygons of a region into its outlines.
//!
//! Drawn one by one, polygons that touch show a hairline between them and repeat every shared edge. An edge that two
//! of them run along in opposite directions is inside; without those, the outlines are left.

use super::figure::{Point, Polygon};
use super::regions::edges;
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
pub fn outlines(regions: &[Vec<Polygon>]) -> Vec<Vec<Polygon>> {
    let mut corners = Corners::new(regions.iter().flatten().flatten());
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
    /// The numbers of the corners in each square of a grid as wide as the tolerance.
    grid: BTreeMap<[i64; 2], usize>,
}

impl Corners {
    fn new<'a>(points: impl Iterator<Item = &'a Point> + Clone) -> Self {
        let extent = |axis: usize| {
            let values = points.clone().map(|point| point[axis]);
            values.clone().fold(f64::MIN, f64::max) - values.fold(f64::MAX, f64::min)
        };
        let tolerance = (SAME * extent(0).max(extent(1))).max(f64::MIN_POSITIVE);
        Self { tolerance, places: Vec::new(), grid: BTreeMap::new() }
    }

    fn number(&mut self, point: Point) -> usize {
        let [column, row] = point.map(|value| (value / self.tolerance).floor() as i64);
        // Two computations of one corner may fall on either side of a square's edge.
        let near = (-1..=1).flat_map(|i| (-1..=1).map(move |j| [column + i, row + j]));
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
            let mut stops: Vec<(f64, usize)> = ends
                .iter()
                .filter(|&&corner| corner != from && corner != to)
                .filter_map(|&corner| Some((self.along(from, to, corner)?, corner)))
                .collect();
            stops.sort_by(|a, b| a.0.total_cmp(&b.0));
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
                if edge.0 != ring[ring.len() - 1] || edge.0 == start {
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
