//! The shapes that a figure is drawn with, and how each mark becomes some of them.

use super::axis::Axis;
use super::figure::{Look, Point, Wire};
use super::text::{hundredths, number, written_hundredths};
use super::theme::{BOUNDARY, FAINT, INK, MUTED, PAGE, Paint, dashes, marker, series, tint};
use crate::math::order::{ascending, clamped, smaller};
use std::fmt::Write as _;

/// The radius of a network's unit.
const UNIT_RADIUS: f64 = 20.0;
/// A length that is not seen.
const HAIR: f64 = 0.01;
/// The width of the rim around a marker, in the colour of the page, which is drawn first.
const RIM: f64 = 0.5;
/// Positions on an axis so far outside that lines to them can still be cut without overflow.
const REACH: [f64; 2] = [-1e6, 1e6];
/// On and off along a connection of negative weight.
const WIRE_DASHES: &[f64] = &[6.0, 7.0];

/// A rectangle on the page, whose y axis points down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The role of a text: its colour and font.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Role {
    pub(super) size: f64,
    pub(super) paint: Paint,
    pub(super) bold: bool,
    /// Whether a rim of the page's colour is drawn below it.
    pub(super) rim: bool,
}

impl Role {
    pub(super) const TITLE: Self = Self { size: 16.0, bold: true, ..Self::NOTE };
    pub(super) const SUBTITLE: Self = Self { paint: MUTED, ..Self::NOTE };
    /// The name of an axis.
    pub(super) const NAME: Self = Self { size: 13.0, ..Self::NOTE };
    /// The value at a tick, a label in the legend.
    pub(super) const LABEL: Self = Self::SUBTITLE;
    /// A text among the data.
    pub(super) const NOTE: Self = Self { size: 12.0, paint: INK, bold: false, rim: false };
    /// A note to be read on lines.
    pub(super) const TAG: Self = Self { rim: true, ..Self::NOTE };

    /// From one baseline to the next.
    pub(super) fn leading(self) -> f64 {
        1.35 * self.size
    }
}

/// Which point of a text is given, and which way it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
    /// The middle of a text that runs up the page.
    MiddleUpwards,
}

/// A shape at a fixed place, or several.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// A path in SVG: its colour inside, the colour, width and dashes of its line, and its data, which are empty if there is
    /// nothing to draw.
    Path { fill: Option<Paint>, stroke: Option<(Paint, f64, &'static [f64])>, data: String },
    /// A line of text on its baseline.
    Text { role: Role, anchor: Anchor, at: Point, text: String },
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
        let around = |&[x, y]: &Point| {
            marker(class).iter().map(|[dx, dy]| [x + radius * dx, y + radius * dy]).collect()
        };
        if marker(class).is_empty() {
            // The ends of a line are round: one of no length to be seen is a disc, in a fifth of the text of a circle.
            let dots: Vec<Vec<Point>> = at.iter().map(|&[x, y]| vec![[x, y], [x + 0.1, y]]).collect();
            let dots = |paint, radius| Self::stroke(paint, 2.0 * radius, &[], &dots);
            return [dots(PAGE, radius + RIM), dots(series(class), radius)];
        }
        let data = path(&at.iter().map(around).collect::<Vec<_>>(), "z");
        let rims = Self::Path { fill: None, stroke: Some((PAGE, 2.0 * RIM, &[])), data: data.clone() };
        [rims, Self::Path { fill: Some(series(class)), stroke: None, data }]
    }
}

impl Rectangle {
    /// Left, top, right and bottom.
    pub(super) fn edges(self) -> [f64; 4] {
        [self.left, self.top, self.left + self.width, self.top + self.height]
    }

    /// Without its edges.
    fn inside(self) -> Self {
        let [width, height] = [self.width, self.height].map(|length| length - 2.0 * HAIR);
        Self { left: self.left + HAIR, top: self.top + HAIR, width, height }
    }

    /// The largest rectangle of that aspect in the middle of this one.
    pub(super) fn with_aspect(self, aspect: f64) -> Self {
        let width = smaller(self.width, self.height / aspect);
        let height = smaller(self.height, self.width * aspect);
        let (left, top) = (self.left + (self.width - width) / 2.0, self.top + (self.height - height) / 2.0);
        Self { left, top, width, height }
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
        self.onto.left + self.onto.width * clamped(self.x.position(x), REACH)
    }

    pub(super) fn down(&self, y: f64) -> f64 {
        self.onto.top + self.onto.height * (1.0 - clamped(self.y.position(y), REACH))
    }

    /// The points on the page; those without a place are not numbers.
    fn on_page(&self, points: &[Point]) -> Vec<Point> {
        points.iter().map(|point| [self.across(point[0]), self.down(point[1])]).collect()
    }

    /// Where a point lies in the plot, if it does.
    fn place(&self, point: &Point) -> Option<Point> {
        let is_inside = [self.x.position(point[0]), self.y.position(point[1])]
            .map(|at| (-HAIR..=1.0 + HAIR).contains(&at));
        (is_inside == [true; 2]).then(|| [self.across(point[0]), self.down(point[1])])
    }

    fn places(&self, points: &[Point]) -> Vec<Point> {
        points.iter().filter_map(|point| self.place(point)).collect()
    }

    /// Texts in the middle of their places.
    fn words<'a>(&'a self, role: Role, notes: &'a [(Point, String)]) -> impl Iterator<Item = Item> + 'a {
        notes.iter().filter_map(move |(at, text)| {
            let [x, y] = self.place(at)?;
            let at = [x, y + 0.35 * role.size];
            Some(Item::Text { role, anchor: Anchor::Middle, at, text: text.clone() })
        })
    }

    /// The parts of lines in the plot.
    fn lines(&self, lines: &[impl AsRef<[Point]>]) -> Vec<Vec<Point>> {
        cut(lines.iter().map(|line| thinned(&self.on_page(line.as_ref()))).collect(), false, self.onto)
    }

    /// The shapes that a mark is made of.
    pub(super) fn items(&self, look: &Look) -> Vec<Item> {
        match look {
            Look::Region { class, confident, rings } => {
                let rings = cut(rings.iter().map(|ring| self.on_page(ring)).collect(), true, self.onto);
                let fill = Some(tint(*class, *confident));
                let area = Item::Path { fill, stroke: None, data: path(&rings, "z") };
                // The pale part has a line around it, but not along the frame.
                let closed = |ring: &Vec<Point>| ring.iter().chain(ring.first()).copied().collect();
                let around = if *confident { Vec::new() } else { rings.iter().map(closed).collect() };
                vec![area, Item::stroke(BOUNDARY, 1.2, &[], &cut(around, false, self.onto.inside()))]
            }
            Look::Band { series, low, high } => {
                let [low, high] = [low, high].map(|curve| thinned(&self.on_page(curve)));
                let ring = low.into_iter().chain(high.into_iter().rev()).collect();
                let data = path(&cut(vec![ring], true, self.onto), "z");
                vec![Item::Path { fill: Some(tint(*series, true)), stroke: None, data }]
            }
            Look::Wires { largest, wires } => {
                let item = |wire: &Wire| {
                    let slot = usize::from(wire.weight < 0.0);
                    let width = 0.5 + 4.5 * wire.weight.abs() / largest;
                    // Dashes in proportion, so that they can be told apart in wide lines.
                    let dashes = if slot == 1 { WIRE_DASHES } else { &[] };
                    Item::stroke(series(slot), width, dashes, &self.lines(&[wire.ends]))
                };
                wires.iter().map(item).collect()
            }
            Look::Units(units) => {
                let at: Vec<Point> = units.iter().filter_map(|(at, _)| self.place(at)).collect();
                let (fill, stroke) = (Some(PAGE), Some((INK, 1.0, &[][..])));
                let discs = Item::Path { fill, stroke, data: circles(&at, UNIT_RADIUS) };
                [discs].into_iter().chain(self.words(Role::NOTE, units)).collect()
            }
            Look::Notes(notes) => self.words(Role::NOTE, notes).collect(),
            Look::Tags(notes) => self.words(Role::TAG, notes).collect(),
            Look::Segments(segments) => {
                // So wide that few are seen, so thin that many do not hide what they cross.
                let width = if segments.len() <= 40 { 1.0 } else { 0.35 };
                vec![Item::stroke(FAINT, width, &[], &self.lines(segments))]
            }
            Look::Line { series, dashes: slot, dotted, points } => {
                let line =
                    Item::stroke(super::theme::series(*series), 1.7, dashes(*slot), &self.lines(&[points]));
                let dots = if *dotted { self.places(points) } else { Vec::new() };
                [line].into_iter().chain(Item::markers(*series, 3.2, &dots)).collect()
            }
            Look::HorizontalLine(y) => {
                let ends = self.x.range().map(|x| [x, *y]);
                vec![Item::stroke(INK, 1.2, &[5.0, 4.0], &self.lines(&[ends]))]
            }
            Look::VerticalLine(x) => {
                let [low, high] = self.y.range().map(|y| [*x, y]);
                vec![Item::stroke(INK, 1.2, &[0.1, 3.5], &self.lines(&[[high, low]]))]
            }
            Look::Scatter { class, points } => {
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
    let [left, top, right, bottom] = within.edges();
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
        let lowest = (0..column.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..column.len()).max_by(by_height).unwrap_or(0);
        kept.push(column[lowest.min(highest)]);
        if lowest != highest {
            kept.push(column[lowest.max(highest)]);
        }
    }
    kept
}

/// Path data through the points of each line, each ending in `end`. Steps are relative to the rounded point before,
/// which is shorter and lets no error add up.
fn path(lines: &[Vec<Point>], end: &str) -> String {
    let mut data = String::new();
    for line in lines {
        let mut last = [0, 0];
        for (index, point) in line.iter().enumerate() {
            let here = point.map(hundredths);
            data.push_str(match index {
                0 => "M",
                1 => "l",
                _ => " ",
            });
            let [x, y] = [0, 1].map(|axis| written_hundredths(here[axis] - last[axis]));
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
        let square = Rectangle { left: 0.0, top: 0.0, width: 10.0, height: 10.0 };
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
        let gaps = vec![
            [1.0, 1.0],
            [2.0, 1.0],
            [f64::NAN, 1.0],
            [3.0, 1.0],
            [3.0, f64::NAN],
            [4.0, 1.0],
            [5.0, 1.0],
        ];
        assert_eq!(cut(vec![gaps.clone()], false, square), [&gaps[..2], &gaps[5..]]);
        for line in [vec![[-1.0, -1.0], [-1.0, 20.0]], vec![[0.0, 0.0], [10.0, 0.0]], vec![[5.0; 2]], vec![]]
        {
            assert_eq!(
                cut(vec![line], false, square.inside()),
                Vec::<Vec<Point>>::new(),
                "outside or along the edge"
            );
        }
    }

    #[test]
    fn what_lies_far_outside_is_cut_off_and_what_has_no_place_is_left_out() {
        let unit = Axis::new("", [0.0, 1.0], Scale::Linear);
        let onto = Rectangle { left: 10.0, top: 20.0, width: 100.0, height: 50.0 };
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
