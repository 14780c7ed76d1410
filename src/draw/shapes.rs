//! The shapes that a figure is drawn with, and how each mark becomes some of them.

use super::axis::Axis;
use super::figure::{Mark, Point, Polygon, Tile, Wire};
use super::theme::{Paint, dashes};
use crate::order::{ascending, smaller};

/// The radius of a network's unit.
const UNIT_RADIUS: f64 = 20.0;
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

/// The role of a text, which decides its size and weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Subtitle,
    /// The name of an axis.
    Name,
    /// The value at a tick, a label in the legend.
    Label,
    /// A text among the data.
    Note,
}

impl Role {
    pub(super) const ALL: [Self; 5] = [Self::Title, Self::Subtitle, Self::Name, Self::Label, Self::Note];

    /// The font's size.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Title => 16.0,
            Self::Name => 13.0,
            Self::Subtitle | Self::Label | Self::Note => 12.0,
        }
    }

    /// From one baseline to the next.
    pub(super) fn leading(self) -> f64 {
        1.35 * self.size()
    }
}

/// Which point of a text is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// One shape at a fixed place.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// Rings filled by the non-zero rule with the pale tint of a class, with the boundary around them, or with the
    /// strong one, without it.
    Area { class: usize, strong: bool, rings: Vec<Polygon> },
    /// A polygon in a shade of the first series, from 0 (the page) to 1.
    Tile { shade: f64, outline: Polygon },
    /// Circles in the colour of the page.
    Discs { radius: f64, at: Vec<Point> },
    /// Lines of one look.
    Stroke { paint: Paint, width: f64, dashes: &'static [f64], lines: Vec<Vec<Point>> },
    /// The marker of one class, many times.
    Markers { class: usize, radius: f64, at: Vec<Point> },
    /// Circles, not filled, with a line a quarter of the radius wide.
    Rings { radius: f64, at: Vec<Point> },
    /// A line of text on its baseline; upright, or running up the page.
    Text { role: Role, anchor: Anchor, upright: bool, at: Point, text: String },
}

impl Rectangle {
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
    /// What markers shrink by in a small plot.
    pub(super) scale: f64,
}

impl Mapping<'_> {
    pub(super) fn across(&self, x: f64) -> f64 {
        self.onto.left + self.onto.width * bounded(self.x.position(x))
    }

    pub(super) fn down(&self, y: f64) -> f64 {
        self.onto.top + self.onto.height * (1.0 - bounded(self.y.position(y)))
    }

    /// Where a point lies on the page, if anywhere.
    fn place(&self, point: &Point) -> Option<Point> {
        let at = [self.across(point[0]), self.down(point[1])];
        (at[0].is_finite() && at[1].is_finite()).then_some(at)
    }

    /// Texts in the middle of their places.
    fn words<'a>(&'a self, notes: &'a [(Point, String)]) -> impl Iterator<Item = Item> + 'a {
        notes.iter().filter_map(|(at, text)| {
            let [x, y] = self.place(at)?;
            let (role, anchor) = (Role::Note, Anchor::Middle);
            let at = [x, y + 0.35 * role.size()];
            Some(Item::Text { role, anchor, upright: true, at, text: text.clone() })
        })
    }

    fn places(&self, points: &[Point]) -> Vec<Point> {
        points.iter().filter_map(|point| self.place(point)).collect()
    }

    /// The shapes that make up a mark.
    pub(super) fn items(&self, mark: &Mark) -> Vec<Item> {
        let Rectangle { left, top, width, height } = self.onto;
        let stroke = |paint, width, dashes, lines| Item::Stroke { paint, width, dashes, lines };
        match mark {
            Mark::Region { class, confident, rings, .. } => {
                let rings = rings.iter().map(|ring| self.places(ring)).collect();
                vec![Item::Area { class: *class, strong: *confident, rings }]
            }
            Mark::Band { series, low, high, .. } => {
                let (low, high) = (thinned(&self.places(low)), thinned(&self.places(high)));
                let ring = low.into_iter().chain(high.into_iter().rev()).collect();
                vec![Item::Area { class: *series, strong: true, rings: vec![ring] }]
            }
            Mark::Wires { largest, wires } => {
                let item = |wire: &Wire| {
                    let series = usize::from(wire.weight < 0.0);
                    let width = 0.5 + 4.5 * wire.weight.abs() / largest;
                    // Dashes in proportion, so that they can be told apart in wide lines.
                    let dashes = if series == 1 { WIRE_DASHES } else { &[] };
                    stroke(Paint::Series(series), width, dashes, vec![self.places(&wire.ends)])
                };
                wires.iter().map(item).collect()
            }
            Mark::Units { units } => {
                let at: Vec<Point> = units.iter().filter_map(|(at, _)| self.place(at)).collect();
                [Item::Discs { radius: UNIT_RADIUS, at }].into_iter().chain(self.words(units)).collect()
            }
            Mark::Notes { notes } => self.words(notes).collect(),
            Mark::Tiles { tiles } => {
                let item = |&Tile { corners: [a, b], shade }: &Tile| {
                    let outline = self.places(&[a, [b[0], a[1]], b, [a[0], b[1]]]);
                    Item::Tile { shade: shade.clamp(0.0, 1.0), outline }
                };
                tiles.iter().map(item).collect()
            }
            Mark::Segments { segments, .. } => {
                let lines =
                    segments.iter().map(|ends| self.places(ends)).filter(|line| line.len() == 2).collect();
                // So wide that few are seen, so thin that many do not hide what they cross.
                let width = if segments.len() <= FEW_SEGMENTS { 1.0 } else { 0.35 };
                vec![stroke(Paint::Faint, width, &[], lines)]
            }
            Mark::Line { series, dotted, points, .. } => {
                let places: Vec<_> = points.iter().map(|point| self.place(point)).collect();
                let runs = places.split(Option::is_none).map(|run| run.iter().copied().flatten().collect());
                let (lone, lines): (Vec<Vec<_>>, Vec<_>) = runs.partition(|run: &Vec<_>| run.len() < 2);
                let lines = lines.iter().map(|line| thinned(line)).collect();
                let dots = if *dotted { places.into_iter().flatten().collect() } else { lone.concat() };
                let line = stroke(Paint::Series(*series), 1.7, dashes(*series), lines);
                vec![line, Item::Markers { class: *series, radius: 3.2, at: dots }]
            }
            Mark::HorizontalLine { y, .. } => {
                let line = vec![[left, self.down(*y)], [left + width, self.down(*y)]];
                vec![stroke(Paint::Ink, 1.2, &[5.0, 4.0], placed(line))]
            }
            Mark::VerticalLine { x, .. } => {
                let line = vec![[self.across(*x), top], [self.across(*x), top + height]];
                vec![stroke(Paint::Ink, 1.2, &[0.1, 3.5], placed(line))]
            }
            Mark::Scatter { class, points, .. } => {
                vec![Item::Markers { class: *class, radius: 3.8 * self.scale, at: self.places(points) }]
            }
            Mark::Rings { points, .. } => {
                vec![Item::Rings { radius: 6.0 * self.scale, at: self.places(points) }]
            }
        }
    }
}

/// The most segments that count as few.
const FEW_SEGMENTS: usize = 40;

/// The line, if it has a place on the page.
fn placed(line: Vec<Point>) -> Vec<Vec<Point>> {
    if line.as_flattened().iter().all(|length| length.is_finite()) { vec![line] } else { Vec::new() }
}

/// Far enough outside to be cut off, near enough for a renderer's numbers; NaN stays.
fn bounded(position: f64) -> f64 {
    position.clamp(-50.0, 50.0)
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

#[cfg(test)]
mod tests {
    use super::super::axis::Scale;
    use super::*;

    fn unit() -> Axis {
        Axis::new("", [0.0, 1.0], Scale::Linear)
    }

    #[test]
    fn a_point_without_a_place_interrupts_a_line_and_a_lone_point_is_a_dot() {
        let onto = Rectangle { left: 0.0, top: 0.0, width: 100.0, height: 100.0 };
        let map = Mapping { x: &unit(), y: &unit(), onto, scale: 1.0 };
        let points = vec![[0.1, 0.1], [0.2, 0.2], [0.3, f64::NAN], [0.4, 0.4], [0.5, f64::INFINITY]];
        let items = map.items(&Mark::Line { label: String::new(), series: 0, dotted: false, points });
        let Item::Stroke { lines, .. } = &items[0] else { panic!("the line comes first") };
        assert_eq!(lines.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
        assert!(matches!(&items[1], Item::Markers { at, .. } if at.len() == 1 && at[0] == [40.0, 60.0]));
    }

    #[test]
    fn a_reference_line_without_a_place_is_left_out() {
        let onto = Rectangle { left: 0.0, top: 0.0, width: 100.0, height: 100.0 };
        let map = Mapping { x: &unit(), y: &unit(), onto, scale: 1.0 };
        for (value, count) in [(0.5, 1), (f64::NAN, 0)] {
            let label = String::new;
            for mark in [
                Mark::HorizontalLine { label: label(), y: value },
                Mark::VerticalLine { label: label(), x: value },
            ] {
                assert!(matches!(&map.items(&mark)[0], Item::Stroke { lines, .. } if lines.len() == count));
            }
        }
    }

    #[test]
    fn data_map_onto_the_plot_with_y_upwards() {
        let onto = Rectangle { left: 10.0, top: 20.0, width: 100.0, height: 50.0 };
        let map = Mapping { x: &unit(), y: &unit(), onto, scale: 1.0 };
        assert_eq!(map.place(&[0.0, 0.0]), Some([10.0, 70.0]));
        assert_eq!(map.place(&[1.0, 1.0]), Some([110.0, 20.0]));
        assert_eq!(map.place(&[f64::NAN, 1.0]), None);
        assert!(map.place(&[1e300, 0.0]).is_some_and(|[x, _]| x < 1e4));
    }
}
