//! The shapes that a figure is drawn with, and how each mark becomes some of them.

use super::axis::Axis;
use super::figure::{Look, Point};
use super::text::{number, width};
use super::theme::{FAINT, INK, MUTED, PAGE, Paint, dashes, marker, series, tint};
use crate::math::order::{ascending, clamped, larger, smaller};
use std::fmt::Write as _;

/// The radius of a network's unit.
const UNIT_RADIUS: f64 = 20.0;
/// The width of the rim around a marker, in the colour of the page, which is drawn first.
const RIM: f64 = 0.5;
/// Positions on an axis so far outside that lines to them can still be cut without overflow.
const REACH: [f64; 2] = [-1e6, 1e6];

/// Left, top, right and bottom of a rectangle on the page, whose y axis points down.
pub(super) type Rectangle = [f64; 4];

/// The role of a text: its colour and font.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Role {
    pub(super) size: f64,
    pub(super) paint: Paint,
    pub(super) bold: bool,
}

impl Role {
    pub(super) const TITLE: Self = Self { size: 16.0, bold: true, ..Self::NOTE };
    /// The value at a tick, a label in the legend, a subtitle.
    pub(super) const LABEL: Self = Self { paint: MUTED, ..Self::NOTE };
    /// A text among the data, the name of an axis.
    pub(super) const NOTE: Self = Self { size: 12.0, paint: INK, bold: false };

    /// From one baseline to the next.
    pub(super) fn leading(self) -> f64 {
        1.35 * self.size
    }
}

/// The colour, width and dashes of a line.
pub(super) type Stroke = (Paint, f64, &'static [f64]);

/// A shape at a fixed place, or several.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// A path in SVG: its colour inside, its line, and its data, which are empty if there is nothing to draw.
    Path { fill: Option<Paint>, stroke: Option<Stroke>, data: String },
    /// A line of text on its baseline; `anchor`, which point of it is given, as in SVG: `start`, `middle` or `end`.
    Text { role: Role, anchor: &'static str, at: Point, text: String },
    /// The marks of a figure, in this rectangle.
    Plot(Rectangle, Vec<Item>),
}

impl Item {
    /// Lines of one look.
    pub(super) fn stroke(paint: Paint, width: f64, dashes: &'static [f64], lines: &[Vec<Point>]) -> Self {
        Self::Path { fill: None, stroke: Some((paint, width, dashes)), data: path(lines, "") }
    }

    /// The marker of one class at each place, above their rims.
    fn markers(class: usize, radius: f64, at: &[Point]) -> [Self; 2] {
        let (line, width) = marker(class);
        let around =
            |&[x, y]: &Point| line.iter().map(|[dx, dy]| [x + radius * dx, y + radius * dy]).collect();
        let data = path(&at.iter().map(around).collect::<Vec<_>>(), if line.len() > 2 { "z" } else { "" });
        [(PAGE, 2.0 * RIM), (series(class), 0.0)].map(|(paint, rims)| {
            let stroke = Some((paint, radius * width + rims, &[][..]));
            Self::Path { fill: None, stroke, data: data.clone() }
        })
    }
}

/// The map from the data's units to a rectangle of the page.
pub(super) struct Mapping<'a> {
    pub(super) x: &'a Axis,
    pub(super) y: &'a Axis,
    pub(super) onto: Rectangle,
    /// The factor by which markers shrink in a small plot.
    pub(super) scale: f64,
}

impl Mapping<'_> {
    pub(super) fn across(&self, x: f64) -> f64 {
        self.onto[0] + (self.onto[2] - self.onto[0]) * clamped(self.x.position(x), REACH)
    }

    pub(super) fn down(&self, y: f64) -> f64 {
        self.onto[3] + (self.onto[1] - self.onto[3]) * clamped(self.y.position(y), REACH)
    }

    /// The points on the page; those without a place are not numbers.
    fn on_page(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|point| [self.across(point[0]), self.down(point[1])]).collect()
    }

    /// Where a point lies in the plot, if it does.
    fn place(&self, point: &Point) -> Option<Point> {
        let at = [self.x.position(point[0]), self.y.position(point[1])];
        at.iter().all(|at| (0.0..=1.0).contains(at)).then(|| [self.across(point[0]), self.down(point[1])])
    }

    fn places(&self, points: &[Point]) -> Vec<Point> {
        points.iter().filter_map(|point| self.place(point)).collect()
    }

    /// Texts in the middle of their places, or as near to it as they are inside.
    fn words(&self, notes: &[(Point, String)]) -> impl Iterator<Item = Item> {
        let (role, [left, _, right, _]) = (Role::NOTE, self.onto);
        notes.iter().filter_map(move |(at, text)| {
            let ([x, y], half) = (self.place(at)?, width(text, role.size) / 2.0);
            let at = [larger(left + half + 3.0, smaller(x, right - half - 3.0)), y + 0.35 * role.size];
            Some(Item::Text { role, anchor: "middle", at, text: text.clone() })
        })
    }

    /// The parts of lines in the plot.
    fn lines(&self, lines: &[impl AsRef<[Point]>]) -> Vec<Vec<Point>> {
        cut(lines.iter().map(|line| thinned(&self.on_page(line.as_ref()))).collect(), false, self.onto)
    }

    /// The parts of areas in the plot.
    fn area(&self, fill: Option<Paint>, stroke: Option<Stroke>, rings: Vec<Vec<Point>>) -> Item {
        Item::Path { fill, stroke, data: path(&cut(rings, true, self.onto), "z") }
    }

    /// The shapes that a mark is made of.
    pub(super) fn items(&self, look: &Look) -> Vec<Item> {
        match look {
            Look::Region { class, confident, rings } => {
                let rings = rings.iter().map(|ring| self.on_page(ring)).collect();
                let border = (!confident).then_some((MUTED, 1.0, &[][..]));
                vec![self.area(Some(tint(*class, *confident)), border, rings)]
            }
            Look::Band { series: slot, low, high, filled } => {
                let [low, high] = [low, high].map(|curve| thinned(&self.on_page(curve)));
                let ring = low.into_iter().chain(high.into_iter().rev()).collect();
                let fill = filled.then(|| tint(*slot, true));
                vec![self.area(fill, Some((series(*slot), 0.5, &[])), vec![ring])]
            }
            Look::Wires(wires) => {
                let item = |(ends, weight): &([Point; 2], f64)| {
                    let slot = usize::from(*weight < 0.0);
                    let width = 0.5 + 4.5 * weight.abs();
                    let dashes: &[f64] = if slot == 1 { &[6.0, 7.0] } else { &[] };
                    Item::stroke(series(slot), width, dashes, &self.lines(&[ends]))
                };
                wires.iter().map(item).collect()
            }
            Look::Units(units) => {
                let at: Vec<Point> = units.iter().filter_map(|(at, _)| self.place(at)).collect();
                let (fill, stroke) = (Some(PAGE), Some((INK, 1.0, &[][..])));
                let discs = Item::Path { fill, stroke, data: circles(&at, UNIT_RADIUS) };
                [discs].into_iter().chain(self.words(units)).collect()
            }
            Look::Notes(notes) => self.words(notes).collect(),
            Look::Segments(segments) => {
                vec![Item::stroke(FAINT, 0.5, &[], &self.lines(segments))]
            }
            Look::Line { series: slot, dotted, points } => {
                let line = Item::stroke(series(*slot), 1.7, dashes(*slot), &self.lines(&[points]));
                let dots = if *dotted { self.places(points) } else { Vec::new() };
                [line].into_iter().chain(Item::markers(*slot, 3.2, &dots)).collect()
            }
            Look::HorizontalLine(y) => {
                let ends = self.x.range.map(|x| [x, *y]);
                vec![Item::stroke(INK, 1.2, &[5.0, 4.0], &self.lines(&[ends]))]
            }
            Look::VerticalLine(x) => {
                let [low, high] = self.y.range.map(|y| [*x, y]);
                vec![Item::stroke(INK, 1.2, &[0.1, 3.5], &self.lines(&[[high, low]]))]
            }
            Look::Scatter(class, points) => {
                Item::markers(*class, 3.8 * self.scale, &self.places(points)).to_vec()
            }
            Look::Rings(points) => {
                let radius = 6.0 * self.scale;
                let stroke = Some((INK, 0.2 * radius, &[][..]));
                vec![Item::Path { fill: None, stroke, data: circles(&self.places(points), radius) }]
            }
        }
    }
}

/// The parts of lines in a rectangle, interrupted at points that are not numbers; of outlines of areas, the outlines of the
/// parts.
fn cut(mut lines: Vec<Vec<Point>>, are_areas: bool, within: Rectangle) -> Vec<Vec<Point>> {
    let [left, top, right, bottom] = within;
    for (axis, sign, edge) in [(0, -1.0, left), (0, 1.0, right), (1, -1.0, top), (1, 1.0, bottom)] {
        // Positive outside.
        let beyond = |at: Point| sign * (at[axis] - edge);
        for line in std::mem::take(&mut lines) {
            let first = if are_areas { line.last() } else { line.first() };
            let (mut last, mut part) = (first.copied().unwrap_or_default(), Vec::new());
            for here in line {
                let [a, b] = [last, here].map(beyond);
                if a * b < 0.0 {
                    let share = a / (a - b);
                    part.push([0, 1].map(|axis| last[axis] + share * (here[axis] - last[axis])));
                }
                if b <= 0.0 {
                    part.push(here);
                } else if !are_areas {
                    lines.push(std::mem::take(&mut part));
                }
                last = here;
            }
            lines.push(part);
        }
        lines.retain(|line| line.len() > 1);
    }
    lines
}

/// The line with no more than two points in a column of the page: a column's lowest and highest, so that a spike one
/// epoch wide survives.
fn thinned(line: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    for column in line.chunk_by(|a, b| a[0].floor() == b[0].floor()) {
        let by_height = |&a: &usize, &b: &usize| ascending(&column[a][1], &column[b][1]);
        let places = 0..column.len();
        let mut ends = [places.clone().min_by(by_height), places.max_by(by_height)];
        ends.sort_unstable();
        kept.extend(ends.into_iter().flatten().map(|end| column[end]));
    }
    kept.dedup();
    kept
}

/// Path data through the points of each line, each ending in `end`. Steps are relative to the rounded point before,
/// which is shorter and lets no error add up.
fn path(lines: &[Vec<Point>], end: &str) -> String {
    let mut data = String::new();
    for line in lines {
        let mut last = [0.0; 2];
        for (index, point) in line.iter().enumerate() {
            let here = point.map(|value| (100.0 * value).round());
            data.push_str(match index {
                0 => "M",
                1 => "l",
                _ => " ",
            });
            let [x, y] = [0, 1].map(|axis| number((here[axis] - last[axis]) / 100.0));
            let _ = write!(data, "{x} {y}");
            last = here;
        }
        data.push_str(end);
    }
    data
}

fn circles(centres: &[Point], radius: f64) -> String {
    let (r, diameter) = (number(radius), number(2.0 * radius));
    let circle = |&[x, y]: &Point| {
        let [left, y] = [x - radius, y].map(number);
        format!("M{left} {y}a{r} {r} 0 1 0 {diameter} 0a{r} {r} 0 1 0 -{diameter} 0z")
    };
    centres.iter().map(circle).collect()
}

#[cfg(test)]
mod tests {
    use super::super::axis::Scale;
    use super::*;

    #[test]
    fn lines_and_areas_are_cut_at_the_edges() {
        let square = [0.0, 0.0, 10.0, 10.0];
        let across = vec![[-5.0, 5.0], [5.0, 5.0], [5.0, 25.0], [8.0, 25.0], [8.0, 5.0]];
        let parts = [vec![[0.0, 5.0], [5.0, 5.0], [5.0, 10.0]], vec![[8.0, 10.0], [8.0, 5.0]]];
        assert_eq!(cut(vec![across.clone()], false, square), parts);
        // The area of a polygon is that of its triangles.
        let area = |ring: &[Point]| {
            let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
            pairs.map(|(a, b)| (a[0] * b[1] - b[0] * a[1]) / 2.0).sum::<f64>()
        };
        let triangle = vec![[-10.0, -10.0], [30.0, -10.0], [-10.0, 30.0]];
        assert_eq!(cut(vec![triangle], true, square).iter().map(|ring| area(ring)).sum::<f64>(), 100.0);
        let half = vec![[5.0, -1e6], [1e6, -1e6], [1e6, 1e6], [5.0, 1e6]];
        assert_eq!(cut(vec![half], true, square).iter().map(|ring| area(ring)).sum::<f64>(), 50.0);
        let gaps = [1.0, 2.0, f64::NAN, 3.0, f64::NAN, 4.0, 5.0].map(|x| [x, 1.0]);
        assert_eq!(cut(vec![gaps.to_vec()], false, square), [&gaps[..2], &gaps[5..]]);
        for line in [vec![[-1.0, -1.0], [-1.0, 20.0]], vec![[5.0; 2]], vec![]] {
            assert_eq!(cut(vec![line], false, square), Vec::<Vec<Point>>::new(), "outside");
        }
    }

    #[test]
    fn what_lies_far_outside_is_cut_off_and_what_has_no_place_is_left_out() {
        let unit = Axis::new("", [0.0, 1.0], Scale::Linear);
        let onto = [10.0, 20.0, 110.0, 70.0];
        let map = Mapping { x: &unit, y: &unit, onto, scale: 1.0 };
        assert_eq!(map.places(&[[1e300, -1e300], [f64::NAN, 1.0], [1.0, 1.0]]), [[110.0, 20.0]]);
        let [[from, to]] =
            [&map.lines(&[[[-1e300, 0.5], [1e300, 0.5]]])[0][..]].map(|line| [line[0], line[1]]);
        assert!((from[0] - 10.0).abs() < 1e-6 && (to[0] - 110.0).abs() < 1e-6, "{from:?} {to:?}");
    }

    #[test]
    fn a_long_line_keeps_two_points_a_column_and_every_spike() {
        let mut line: Vec<Point> = (0..10_000).map(|n| [f64::from(n) / 40.0, 0.5]).collect();
        (line[3333][1], line[7777][1]) = (0.9, 0.1);
        let thinned = thinned(&line);
        assert!(thinned.len() <= 2 * 250, "{} points", thinned.len());
        assert!(thinned.contains(&line[3333]) && thinned.contains(&line[7777]));
    }
}
