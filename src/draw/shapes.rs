//! The shapes that a figure is drawn with, and how each mark becomes some of them.

use super::axis::Axis;
use super::figure::{Look, Point, Wire};
use super::text::{hundredths, number, written_hundredths};
use super::theme::{SLOTS, dashes, marker};
use crate::math::order::{ascending, clamped, smaller};
use std::fmt::Write as _;

/// The radius of a network's unit.
const UNIT_RADIUS: f64 = 20.0;
/// Positions on an axis that are far enough outside to be cut off, and near enough for a renderer's numbers.
const REACH: [f64; 2] = [-50.0, 50.0];
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

/// The role of a text: its class in the style sheet and the size of its font.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Role {
    pub(super) class: &'static str,
    pub(super) size: f64,
}

impl Role {
    pub(super) const TITLE: Self = Self { class: "title", size: 16.0 };
    pub(super) const SUBTITLE: Self = Self { class: "subtitle", size: 12.0 };
    /// The name of an axis.
    pub(super) const NAME: Self = Self { class: "name", size: 13.0 };
    /// The value at a tick, a label in the legend.
    pub(super) const LABEL: Self = Self { class: "label", size: 12.0 };
    /// A text among the data.
    pub(super) const NOTE: Self = Self { class: "note", size: 12.0 };
    /// A note with a rim.
    pub(super) const TAG: Self = Self { class: "tag", size: 12.0 };

    pub(super) const ALL: [Self; 6] =
        [Self::TITLE, Self::SUBTITLE, Self::NAME, Self::LABEL, Self::NOTE, Self::TAG];

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
    /// A path in SVG: its attributes, and its data, which are empty if there is nothing to draw.
    Path { look: String, data: String },
    /// A line of text on its baseline.
    Text { role: Role, anchor: Anchor, at: Point, text: String },
    /// A figure on a page.
    Group(Vec<Item>),
    /// Shapes cut off at the edges of a rectangle.
    Clipped(Rectangle, Vec<Item>),
}

impl Item {
    /// Lines of one look, of this class in the style sheet.
    pub(super) fn stroke(class: &str, width: f64, dashes: &[f64], lines: &[Vec<Point>]) -> Self {
        let mut look = format!("class=\"line {class}\" stroke-width=\"{}\"", number(width));
        if !dashes.is_empty() {
            let lengths: Vec<String> = dashes.iter().map(|&length| number(length)).collect();
            let _ = write!(look, " stroke-dasharray=\"{}\"", lengths.join(" "));
        }
        Self::Path { look, data: path(lines, "") }
    }

    /// The marker of one class at each place.
    fn markers(class: usize, radius: f64, at: &[Point]) -> Self {
        let around = |&[x, y]: &Point| {
            marker(class).iter().map(|[dx, dy]| [x + radius * dx, y + radius * dy]).collect()
        };
        let data = match marker(class) {
            [] => circles(at, radius),
            _ => path(&at.iter().map(around).collect::<Vec<_>>(), "z"),
        };
        Self::Path { look: format!("class=\"marker m{}\"", class % SLOTS), data }
    }
}

impl Rectangle {
    /// Left, top, right and bottom.
    pub(super) fn edges(self) -> [f64; 4] {
        [self.left, self.top, self.left + self.width, self.top + self.height]
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

    /// Where a point lies on the page, if anywhere.
    fn place(&self, point: &Point) -> Option<Point> {
        let at = [self.across(point[0]), self.down(point[1])];
        (at[0].is_finite() && at[1].is_finite()).then_some(at)
    }

    /// Texts in the middle of their places.
    fn words<'a>(&'a self, role: Role, notes: &'a [(Point, String)]) -> impl Iterator<Item = Item> + 'a {
        notes.iter().filter_map(move |(at, text)| {
            let [x, y] = self.place(at)?;
            let at = [x, y + 0.35 * role.size];
            Some(Item::Text { role, anchor: Anchor::Middle, at, text: text.clone() })
        })
    }

    fn places(&self, points: &[Point]) -> Vec<Point> {
        points.iter().filter_map(|point| self.place(point)).collect()
    }

    /// The lines whose two ends have a place.
    fn lines(&self, segments: &[[Point; 2]]) -> Vec<Vec<Point>> {
        segments.iter().map(|ends| self.places(ends)).filter(|line| line.len() == 2).collect()
    }

    /// The shapes that a mark is made of.
    pub(super) fn items(&self, look: &Look) -> Vec<Item> {
        match look {
            Look::Region { class, confident, rings } => {
                let rings: Vec<_> = rings.iter().map(|ring| self.places(ring)).collect();
                // The strong tint, or the pale one with a line around it.
                let kind = if *confident { "c" } else { "area a" };
                let look = format!("class=\"{kind}{}\"", class % SLOTS);
                vec![Item::Path { look, data: path(&rings, "z") }]
            }
            Look::Band { series, low, high } => {
                let (low, high) = (thinned(&self.places(low)), thinned(&self.places(high)));
                let ring = low.into_iter().chain(high.into_iter().rev()).collect();
                // Where bands cross, both are seen.
                let look = format!("class=\"m{}\" fill-opacity=\".35\"", series % SLOTS);
                vec![Item::Path { look, data: path(&[ring], "z") }]
            }
            Look::Wires { largest, wires } => {
                let item = |wire: &Wire| {
                    let series = usize::from(wire.weight < 0.0);
                    let width = 0.5 + 4.5 * wire.weight.abs() / largest;
                    // Dashes in proportion, so that they can be told apart in wide lines.
                    let dashes = if series == 1 { WIRE_DASHES } else { &[] };
                    Item::stroke(&format!("s{series}"), width, dashes, &[self.places(&wire.ends)])
                };
                wires.iter().map(item).collect()
            }
            Look::Units(units) => {
                let at: Vec<Point> = units.iter().filter_map(|(at, _)| self.place(at)).collect();
                let discs = Item::Path { look: "class=\"unit\"".to_owned(), data: circles(&at, UNIT_RADIUS) };
                [discs].into_iter().chain(self.words(Role::NOTE, units)).collect()
            }
            Look::Notes(notes) => self.words(Role::NOTE, notes).collect(),
            Look::Tags(notes) => self.words(Role::TAG, notes).collect(),
            Look::Segments(segments) => {
                // So wide that few are seen, so thin that many do not hide what they cross.
                let width = if segments.len() <= 40 { 1.0 } else { 0.35 };
                vec![Item::stroke("faint", width, &[], &self.lines(segments))]
            }
            Look::Line { series, dashes: slot, dotted, points } => {
                let places: Vec<_> = points.iter().map(|point| self.place(point)).collect();
                let (mut lines, mut dots) = (Vec::new(), Vec::new());
                for run in places.split(Option::is_none) {
                    let run: Vec<Point> = run.iter().copied().flatten().collect();
                    if *dotted || run.len() == 1 {
                        dots.extend(&run);
                    }
                    if run.len() > 1 {
                        lines.push(thinned(&run));
                    }
                }
                let line = Item::stroke(&format!("s{}", series % SLOTS), 1.7, dashes(*slot), &lines);
                vec![line, Item::markers(*series, 3.2, &dots)]
            }
            Look::HorizontalLine(y) => {
                let ends = self.x.range().map(|x| [x, *y]);
                vec![Item::stroke("ink", 1.2, &[5.0, 4.0], &self.lines(&[ends]))]
            }
            Look::VerticalLine(x) => {
                let [low, high] = self.y.range().map(|y| [*x, y]);
                vec![Item::stroke("ink", 1.2, &[0.1, 3.5], &self.lines(&[[high, low]]))]
            }
            Look::Scatter { class, points } => {
                vec![Item::markers(*class, 3.8 * self.scale, &self.places(points))]
            }
            Look::Rings(points) => {
                let radius = 6.0 * self.scale;
                let look = format!("class=\"ring\" stroke-width=\"{}\"", number(0.2 * radius));
                vec![Item::Path { look, data: circles(&self.places(points), radius) }]
            }
        }
    }
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
    fn what_lies_far_outside_stays_on_its_side_within_reach_of_a_renderer() {
        let unit = Axis::new("", [0.0, 1.0], Scale::Linear);
        let onto = Rectangle { left: 10.0, top: 20.0, width: 100.0, height: 50.0 };
        let map = Mapping { x: &unit, y: &unit, onto, scale: 1.0 };
        assert!(
            map.place(&[1e300, -1e300]).is_some_and(|[x, y]| 1000.0 < x && x < 1e4 && 1000.0 < y && y < 1e4)
        );
        assert_eq!(map.place(&[f64::NAN, 1.0]), None);
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
