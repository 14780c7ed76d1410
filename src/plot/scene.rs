//! A figure laid out: margins, the mapping from data to the page, and every mark, tick and word turned into a few
//! kinds of shape at fixed places. The renderers only draw these.

use super::axis::Axis;
use super::figure::{Figure, Mark, Point, Polygon};
use super::text;
use super::theme::{Paint, dashes};

/// The width of a figure. Text is sized for this, so that it is legible at 400 pixels too.
const WIDTH: f64 = 480.0;
/// The height of the plot itself, where the aspect is free.
const PLOT_HEIGHT: f64 = 270.0;
/// Space around everything.
const PADDING: f64 = 14.0;
/// Space between a tick and its label, an axis and its name.
const GAP: f64 = 5.0;
const TICK: f64 = 5.0;
/// The samples in the legend, and the space after a legend entry.
const SAMPLE: [f64; 2] = [26.0, 12.0];
const KEY_GAP: f64 = 18.0;

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
}

impl Role {
    pub(super) const ALL: [Self; 4] = [Self::Title, Self::Subtitle, Self::Name, Self::Label];

    /// The font's size.
    pub(super) fn size(self) -> f64 {
        match self {
            Self::Title => 16.0,
            Self::Name => 13.0,
            Self::Subtitle | Self::Label => 12.0,
        }
    }

    /// From one baseline to the next.
    fn leading(self) -> f64 {
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
    /// Rings filled by the non-zero rule with the tint of a class, with the boundary around them.
    Area { class: usize, rings: Vec<Polygon> },
    /// Lines of one look.
    Stroke { paint: Paint, width: f64, dashes: &'static [f64], lines: Vec<Vec<Point>> },
    /// The marker of one class, many times.
    Markers { class: usize, radius: f64, at: Vec<Point> },
    /// Circles, not filled.
    Rings { radius: f64, at: Vec<Point> },
    /// A line of text on its baseline; upright, or running up the page.
    Text { role: Role, anchor: Anchor, upright: bool, at: Point, text: String },
}

/// Everything to draw, in order: what lies behind, the data cut off at the plot's edge, what lies before.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    pub(super) size: [f64; 2],
    /// The rectangle between the axes.
    pub(super) plot: Rectangle,
    pub(super) back: Vec<Item>,
    pub(super) data: Vec<Item>,
    pub(super) front: Vec<Item>,
}

/// The map from the data's units to a rectangle of the page.
struct Mapping<'a> {
    x: &'a Axis,
    y: &'a Axis,
    onto: Rectangle,
}

impl Scene {
    /// The figure with its text, as high as it needs to be.
    pub(super) fn new(figure: &Figure) -> Self {
        let mut front = Vec::new();
        let left = PADDING + Role::Name.leading() + widest_label(&figure.y) + GAP + TICK;
        let room = WIDTH - 2.0 * PADDING;
        let mut top = PADDING;
        for (role, words) in [(Role::Title, &figure.title), (Role::Subtitle, &figure.subtitle)] {
            for text in text::wrap(words, role.size(), room) {
                top += role.leading();
                // The line's lower quarter is for what hangs below the baseline.
                let at = [PADDING, top - 0.25 * role.leading()];
                front.push(Item::Text { role, anchor: Anchor::Start, upright: true, at, text });
            }
        }
        top = legend(&figure.marks, top + GAP, &mut front) + 2.0 * GAP;
        let width = WIDTH - PADDING - left;
        let height =
            figure.aspect().map_or(PLOT_HEIGHT, |aspect| (width * aspect).clamp(0.3 * width, 1.3 * width));
        let bottom = TICK + GAP + Role::Label.leading() + Role::Name.leading() + PADDING;
        let mut scene = Self::around(figure, Rectangle { left, top, width, height });
        scene.size = [WIDTH, (top + height + bottom).ceil()];
        scene.front.append(&mut front);
        axis_text(figure, scene.plot, &mut scene.front);
        scene
    }

    /// The figure without any text, in a page of the given size.
    pub(super) fn without_text(figure: &Figure, size: [f64; 2]) -> Self {
        let before = PADDING + TICK;
        let [width, height] = size.map(|length| (length - before - PADDING).max(1.0));
        let room = Rectangle { left: before, top: PADDING, width, height };
        Self { size, ..Self::around(figure, room) }
    }

    /// The width and the height of that page, if it may be chosen.
    pub(super) fn size_without_text(figure: &Figure) -> [f64; 2] {
        let margins = 2.0 * PADDING + TICK;
        [WIDTH, (WIDTH - margins) * figure.aspect().unwrap_or(0.75).clamp(0.3, 1.3) + margins]
    }

    /// The data, the axes and their ticks in as much of `room` as the aspect allows.
    fn around(figure: &Figure, room: Rectangle) -> Self {
        let plot = room.with_aspect(figure.aspect());
        let map = Mapping { x: &figure.x, y: &figure.y, onto: plot };
        let (left, top) = (plot.left, plot.top);
        let (right, bottom) = (left + plot.width, top + plot.height);
        let (mut grid, mut ticks) = (Vec::new(), Vec::new());
        for tick in figure.x.ticks() {
            let x = map.across(tick.value);
            let length = if tick.label.is_some() { TICK } else { 0.6 * TICK };
            ticks.push(vec![[x, bottom], [x, bottom + length]]);
        }
        for tick in figure.y.ticks() {
            let y = map.down(tick.value);
            let length = if tick.label.is_some() { TICK } else { 0.6 * TICK };
            ticks.push(vec![[left - length, y], [left, y]]);
            if tick.label.is_some() {
                grid.push(vec![[left, y], [right, y]]);
            }
        }
        ticks.push(vec![[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]);
        let line = |paint, lines| Item::Stroke { paint, width: 1.0, dashes: &[], lines };
        Self {
            size: [0.0; 2],
            plot,
            back: vec![line(Paint::Faint, grid)],
            data: figure.marks.iter().flat_map(|mark| map.items(mark)).collect(),
            front: vec![line(Paint::Ink, ticks)],
        }
    }
}

impl Figure {
    /// The height of the plot for a width of 1, where one follows from the other.
    fn aspect(&self) -> Option<f64> {
        let length = |axis: &Axis| axis.range()[1] - axis.range()[0];
        self.equal_aspect.then(|| length(&self.y) / length(&self.x))
    }
}

impl Rectangle {
    /// The largest rectangle of that aspect in the middle of this one.
    fn with_aspect(self, aspect: Option<f64>) -> Self {
        let Some(aspect) = aspect else { return self };
        let width = self.width.min(self.height / aspect);
        let height = self.height.min(self.width * aspect);
        let (left, top) = (self.left + (self.width - width) / 2.0, self.top + (self.height - height) / 2.0);
        Self { left, top, width, height }
    }
}

impl Mapping<'_> {
    fn across(&self, x: f64) -> f64 {
        self.onto.left + self.onto.width * bounded(self.x.position(x))
    }

    fn down(&self, y: f64) -> f64 {
        self.onto.top + self.onto.height * (1.0 - bounded(self.y.position(y)))
    }

    /// Where a point lies on the page, if anywhere.
    fn place(&self, point: &Point) -> Option<Point> {
        let at = [self.across(point[0]), self.down(point[1])];
        (at[0].is_finite() && at[1].is_finite()).then_some(at)
    }

    fn places(&self, points: &[Point]) -> Vec<Point> {
        points.iter().filter_map(|point| self.place(point)).collect()
    }

    /// The shapes that make up a mark.
    fn items(&self, mark: &Mark) -> Vec<Item> {
        let Rectangle { left, top, width, height } = self.onto;
        let stroke = |paint, width, dashes, lines| Item::Stroke { paint, width, dashes, lines };
        match mark {
            Mark::Region { class, rings } => {
                let rings = rings.iter().map(|ring| self.places(ring)).collect();
                vec![Item::Area { class: *class, rings }]
            }
            Mark::Segments { segments, .. } => {
                let lines =
                    segments.iter().map(|ends| self.places(ends)).filter(|line| line.len() == 2).collect();
                vec![stroke(Paint::Faint, 1.0, &[], lines)]
            }
            Mark::Line { series, dotted, points, .. } => {
                let places: Vec<_> = points.iter().map(|point| self.place(point)).collect();
                let runs = places.split(Option::is_none).map(|run| run.iter().copied().flatten().collect());
                let (lone, lines): (Vec<Vec<_>>, Vec<_>) = runs.partition(|run: &Vec<_>| run.len() < 2);
                let lines = lines.iter().map(|line| thinned(line)).collect();
                let dots = if *dotted { places.into_iter().flatten().collect() } else { lone.concat() };
                let line = stroke(Paint::Series(*series), 2.0, dashes(*series), lines);
                vec![line, Item::Markers { class: *series, radius: 3.2, at: dots }]
            }
            Mark::HorizontalLine { y, .. } => {
                let line = [[left, self.down(*y)], [left + width, self.down(*y)]];
                let visible = line[0][1].is_finite().then(|| line.to_vec());
                vec![stroke(Paint::Ink, 1.2, &[5.0, 4.0], visible.into_iter().collect())]
            }
            Mark::VerticalLine { x, .. } => {
                let line = [[self.across(*x), top], [self.across(*x), top + height]];
                let visible = line[0][0].is_finite().then(|| line.to_vec());
                vec![stroke(Paint::Ink, 1.2, &[0.1, 3.5], visible.into_iter().collect())]
            }
            Mark::Scatter { class, points, .. } => {
                vec![Item::Markers { class: *class, radius: 3.8, at: self.places(points) }]
            }
            Mark::Rings { points, .. } => vec![Item::Rings { radius: 7.0, at: self.places(points) }],
        }
    }
}

/// Far enough outside to be cut off, near enough for a renderer's numbers; NaN stays.
fn bounded(position: f64) -> f64 {
    position.clamp(-50.0, 50.0)
}

/// The line with no more than two points in a column of the page: a column's lowest and highest, so that a spike one
/// epoch wide survives.
fn thinned(line: &[Point]) -> Vec<Point> {
    let mut kept = Vec::new();
    for column in line.chunk_by(|a, b| a[0].floor().total_cmp(&b[0].floor()).is_eq()) {
        let by_height = |&a: &usize, &b: &usize| column[a][1].total_cmp(&column[b][1]);
        let lowest = (0..column.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..column.len()).max_by(by_height).unwrap_or(0);
        kept.push(column[lowest.min(highest)]);
        if lowest != highest {
            kept.push(column[lowest.max(highest)]);
        }
    }
    kept
}

/// Samples and labels in rows from `top` down; returns where the last row ends.
fn legend(marks: &[Mark], top: f64, items: &mut Vec<Item>) -> f64 {
    let unit = Axis::new("", [0.0, 1.0], super::axis::Scale::Linear);
    let role = Role::Label;
    let row = SAMPLE[1] + 2.0 * GAP;
    let (mut left, mut bottom) = (PADDING, top);
    for mark in marks.iter().filter(|mark| !mark.label().is_empty()) {
        let text = text::fit(mark.label(), role.size(), WIDTH - 2.0 * PADDING - SAMPLE[0] - GAP);
        let width = SAMPLE[0] + GAP + text::width(&text, role.size());
        let first = bottom <= top;
        if first || left + width > WIDTH - PADDING {
            left = PADDING;
            bottom += row;
        }
        let middle = bottom - row / 2.0;
        let onto = Rectangle { left, top: middle - SAMPLE[1] / 2.0, width: SAMPLE[0], height: SAMPLE[1] };
        items.extend(Mapping { x: &unit, y: &unit, onto }.items(&mark.sample()));
        let at = [left + SAMPLE[0] + GAP, middle + 0.35 * role.size()];
        items.push(Item::Text { role, anchor: Anchor::Start, upright: true, at, text });
        left += width + KEY_GAP;
    }
    bottom
}

fn widest_label(axis: &Axis) -> f64 {
    let labels = axis.ticks().into_iter().filter_map(|tick| tick.label);
    labels.map(|label| text::width(&label, Role::Label.size())).fold(0.0, f64::max)
}

/// The values at the ticks and the names of the axes.
fn axis_text(figure: &Figure, plot: Rectangle, items: &mut Vec<Item>) {
    let map = Mapping { x: &figure.x, y: &figure.y, onto: plot };
    let mut push = |role: Role, anchor, upright, at, text: &str, room| {
        let text = text::fit(text, role.size(), room);
        items.push(Item::Text { role, anchor, upright, at, text });
    };
    let below = plot.top + plot.height + TICK + GAP + 0.75 * Role::Label.size();
    for tick in figure.x.ticks() {
        let label = tick.label.unwrap_or_default();
        push(Role::Label, Anchor::Middle, true, [map.across(tick.value), below], &label, WIDTH);
    }
    for tick in figure.y.ticks() {
        let at = [plot.left - TICK - GAP, map.down(tick.value) + 0.35 * Role::Label.size()];
        push(Role::Label, Anchor::End, true, at, &tick.label.unwrap_or_default(), WIDTH);
    }
    let (centre, middle) = (plot.left + plot.width / 2.0, plot.top + plot.height / 2.0);
    push(
        Role::Name,
        Anchor::Middle,
        true,
        [centre, below + Role::Name.leading()],
        &figure.x.label,
        plot.width,
    );
    let left = PADDING + 0.75 * Role::Name.size();
    push(Role::Name, Anchor::Middle, false, [left, middle], &figure.y.label, plot.height);
}
