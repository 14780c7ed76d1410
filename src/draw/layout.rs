//! A figure laid out: margins, the mapping from data to the page, and every mark, tick and word turned into a few
//! kinds of shape at fixed places. `svg.rs` only writes these.

use super::axis::{Axis, FEW_TICKS, MOST_TICKS, Scale, Tick};
use super::figure::{Aspect, Figure, Frame, Mark, Page};
use super::shapes::{Anchor, Item, Mapping, Rectangle, Role};
use super::text;
use super::theme::Paint;
use crate::math::order::{clamped, larger};

/// The width of a figure. Text of 12 units is then at least 11 pixels high on a screen 390 pixels wide.
const WIDTH: f64 = 390.0;
/// The height of the plot itself, where the aspect is free.
const PLOT_HEIGHT: f64 = 225.0;
/// The width that goes with that height.
const PLOT_WIDTH: f64 = 330.0;
/// Plots narrower than this have small markers.
const SMALL_PLOT: f64 = 200.0;
/// Space between two figures on a page.
const PANEL_GAP: f64 = 12.0;
/// Space around everything.
const PADDING: f64 = 10.0;
/// Space between a tick and its label, an axis and its name.
const GAP: f64 = 5.0;
const TICK: f64 = 5.0;
/// The height of a sample in the legend, and the space after a legend entry.
const SAMPLE_HEIGHT: f64 = 12.0;
const ENTRY_GAP: f64 = 14.0;

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

/// A page laid out: what stands above the panels, and each of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    pub(super) size: [f64; 2],
    pub(super) heading: Vec<Item>,
    pub(super) panels: Vec<Scene>,
}

impl Layout {
    /// The panels row by row.
    pub(super) fn rows(page: &Page) -> Self {
        let columns = page.columns.max(1);
        let width = panel_width(columns);
        let (mut top, heading) = heading(&page.title, &page.subtitle, page.panels.iter());
        let mut panels = Vec::new();
        for row in page.panels.chunks(columns) {
            let mut bottom = top;
            // The plots of a row begin at one height, below its longest caption.
            let captions = row.iter().map(|figure| captions(figure, [0.0, top], width, &mut Vec::new()));
            let plots = captions.fold(top, larger);
            for (column, figure) in row.iter().enumerate() {
                let left = PADDING + column as f64 * (width + PANEL_GAP);
                let panel = Scene::panel(figure, [left, top], width, plots);
                bottom = larger(panel.size[1], bottom);
                panels.push(panel);
            }
            top = bottom + PANEL_GAP;
        }
        Self { size: [WIDTH, (top - PANEL_GAP + PADDING).ceil()], heading, panels }
    }
}

/// The width of a panel on a page with this number of columns.
pub(crate) fn panel_width(columns: usize) -> f64 {
    let gaps = (columns - 1) as f64 * PANEL_GAP;
    (WIDTH - 2.0 * PADDING - gaps) / columns as f64
}

/// Title, subtitle and legend from the top of the page down; returns where they end.
fn heading<'a>(title: &str, subtitle: &str, figures: impl Iterator<Item = &'a Figure>) -> (f64, Vec<Item>) {
    let mut items = Vec::new();
    let mut top = PADDING;
    // Bold letters are wider than estimated.
    for (role, words, share) in [(Role::Title, title, 0.88), (Role::Subtitle, subtitle, 1.0)] {
        top = words_from(role, words, [PADDING, top], share * (WIDTH - 2.0 * PADDING), &mut items);
    }
    let bottom = legend(figures.flat_map(|figure| &figure.marks), top + GAP, &mut items);
    (bottom + 2.0 * GAP, items)
}

/// Words in lines from a place down; returns where they end.
fn words_from(role: Role, words: &str, [left, mut top]: [f64; 2], room: f64, items: &mut Vec<Item>) -> f64 {
    for text in text::wrap(words, role.size(), room) {
        top += role.leading();
        // The line's lower quarter is for what hangs below the baseline.
        let at = [left, top - 0.25 * role.leading()];
        items.push(Item::Text { role, anchor: Anchor::Start, upright: true, at, text });
    }
    top
}

/// Title and subtitle of a panel from a place down; returns where they end.
fn captions(figure: &Figure, [left, mut top]: [f64; 2], width: f64, items: &mut Vec<Item>) -> f64 {
    for (role, text) in [(Role::Name, &figure.title), (Role::Label, &figure.subtitle)] {
        top = words_from(role, text, [left, top], width, items);
    }
    top
}

impl Scene {
    /// The figure with its text, as high as it needs to be.
    pub(super) fn new(figure: &Figure) -> Self {
        let (top, mut front) = heading(&figure.title, &figure.subtitle, std::iter::once(figure));
        let mut scene = Self::with_axes(figure, [PADDING, top], WIDTH - 2.0 * PADDING);
        scene.size[1] += PADDING;
        scene.front.append(&mut front);
        scene
    }

    /// The figure as a part of a page, `width` wide from a place on, its title and subtitle above it, which end at `plot`.
    fn panel(figure: &Figure, at: [f64; 2], width: f64, plot: f64) -> Self {
        let mut words = Vec::new();
        captions(figure, at, width, &mut words);
        let mut scene = Self::with_axes(figure, [at[0], plot + GAP], width);
        scene.front.append(&mut words);
        scene
    }

    /// The plot with its axes and their text. The size is that of the page down to where they end.
    fn with_axes(figure: &Figure, [left, top]: [f64; 2], width: f64) -> Self {
        let axes = figure.frame == Frame::Axes;
        let before = if axes {
            Role::Name.leading() + label_widths(&figure.y).fold(0.0, larger) + GAP + TICK
        } else {
            0.0
        };
        let below = if axes { TICK + GAP + Role::Label.size() + Role::Name.leading() } else { 1.0 };
        // At the right, room for half of the longest value, which may reach a little into the space beside.
        let after = if axes {
            larger(TICK, label_widths(&figure.x).fold(0.0, larger) / 2.0 - TICK) + GAP
        } else {
            0.0
        };
        let plot_width = width - before - after;
        let length = |axis: &Axis| axis.range()[1] - axis.range()[0];
        // Height for a width of 1: of the plot, and of the room for it, which is neither very flat nor very high.
        let (aspect, room) = match figure.aspect {
            Aspect::Usual => (PLOT_HEIGHT / PLOT_WIDTH, PLOT_HEIGHT / PLOT_WIDTH),
            Aspect::Share(share) => (share, share),
            Aspect::Equal => {
                let aspect = length(&figure.y) / length(&figure.x);
                (aspect, clamped(aspect, [0.3, 1.3]))
            }
        };
        let room = Rectangle { left: left + before, top, width: plot_width, height: plot_width * room };
        let plot = room.with_aspect(aspect);
        let scale = if plot.width < SMALL_PLOT { 0.55 } else { 1.0 };
        let map = Mapping { x: &figure.x, y: &figure.y, onto: plot, scale };
        // The values below are side by side.
        let needed: f64 = label_widths(&figure.x).map(|width| width + GAP).sum();
        let most = if needed <= plot.width { MOST_TICKS } else { FEW_TICKS };
        let [across, up] = [(&figure.x, most), (&figure.y, MOST_TICKS)]
            .map(|(axis, most)| if axes { axis.ticks(most) } else { Vec::new() });
        let mut front = Vec::new();
        if axes {
            axis_text(figure, plot, left, [&across, &up], &mut front);
        }
        let (left, top) = (plot.left, plot.top);
        let (right, bottom) = (left + plot.width, top + plot.height);
        let length = |tick: &Tick| if tick.label.is_some() { TICK } else { 0.6 * TICK };
        let (mut grid, mut ticks) = (Vec::new(), Vec::new());
        for tick in &across {
            let x = map.across(tick.value);
            ticks.push(vec![[x, bottom], [x, bottom + length(tick)]]);
        }
        for tick in &up {
            let y = map.down(tick.value);
            ticks.push(vec![[left - length(tick), y], [left, y]]);
            if tick.label.is_some() {
                grid.push(vec![[left, y], [right, y]]);
            }
        }
        if figure.frame != Frame::Nothing {
            ticks.push(vec![[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]);
        }
        let line = |paint, lines: Vec<_>| Item::stroke(paint, 1.0, &[], &lines);
        front.insert(0, line(Paint::Ink, ticks));
        Self {
            size: [WIDTH, (room.top + room.height + below).ceil()],
            plot,
            back: vec![line(Paint::Grid, grid)],
            data: figure.marks.iter().flat_map(|mark| map.items(mark)).collect(),
            front,
        }
    }
}

/// Samples and labels in rows from `top` down, each label once; returns where the last row ends.
fn legend<'a>(marks: impl Iterator<Item = &'a Mark>, top: f64, items: &mut Vec<Item>) -> f64 {
    let unit = Axis::new("", [0.0, 1.0], Scale::Linear);
    let role = Role::Label;
    let row = SAMPLE_HEIGHT + 1.6 * GAP;
    let mut listed: Vec<&Mark> = Vec::new();
    for mark in marks {
        if !mark.label().is_empty() && listed.iter().all(|known| known.label() != mark.label()) {
            listed.push(mark);
        }
    }
    // Drawn first because they are in the background, and for the same reason named last.
    listed.sort_by_key(|mark| matches!(mark, Mark::Region { .. } | Mark::Segments { .. }));
    let (mut left, mut bottom) = (PADDING, top);
    for mark in listed {
        let sample = match mark {
            Mark::Scatter { .. } | Mark::Rings { .. } | Mark::VerticalLine { .. } => SAMPLE_HEIGHT,
            _ => 2.2 * SAMPLE_HEIGHT,
        };
        let text = text::fit(mark.label(), role.size(), WIDTH - 2.0 * PADDING - sample - GAP);
        let width = sample + GAP + text::width(&text, role.size());
        if bottom <= top || left + width > WIDTH - PADDING {
            left = PADDING;
            bottom += row;
        }
        let middle = bottom - row / 2.0;
        let onto =
            Rectangle { left, top: middle - SAMPLE_HEIGHT / 2.0, width: sample, height: SAMPLE_HEIGHT };
        items.extend(Mapping { x: &unit, y: &unit, onto, scale: 1.0 }.items(&mark.sample()));
        let at = [left + sample + GAP, middle + 0.35 * role.size()];
        items.push(Item::Text { role, anchor: Anchor::Start, upright: true, at, text });
        left += width + ENTRY_GAP;
    }
    bottom
}

/// The width of a text of [`Mark::Notes`].
pub(crate) fn note_width(note: &str) -> f64 {
    text::width(note, Role::Note.size())
}

/// A text of [`Mark::Notes`], cut to this room.
pub(crate) fn fitting_note(note: &str, room: f64) -> String {
    text::fit(note, Role::Note.size(), room)
}

fn label_widths(axis: &Axis) -> impl Iterator<Item = f64> {
    let labels = axis.ticks(MOST_TICKS).into_iter().filter_map(|tick| tick.label);
    labels.map(|label| text::width(&label, Role::Label.size()))
}

/// The values at the ticks and the names of the axes.
fn axis_text(figure: &Figure, plot: Rectangle, left: f64, [across, up]: [&[Tick]; 2], items: &mut Vec<Item>) {
    let map = Mapping { x: &figure.x, y: &figure.y, onto: plot, scale: 1.0 };
    let mut push = |role: Role, anchor, upright, at, text: &str, room| {
        let text = text::fit(text, role.size(), room);
        items.push(Item::Text { role, anchor, upright, at, text });
    };
    let below = plot.top + plot.height + TICK + GAP + 0.75 * Role::Label.size();
    for tick in across {
        let label = tick.label.as_deref().unwrap_or_default();
        push(Role::Label, Anchor::Middle, true, [map.across(tick.value), below], label, WIDTH);
    }
    for tick in up {
        let at = [plot.left - TICK - GAP, map.down(tick.value) + 0.35 * Role::Label.size()];
        push(Role::Label, Anchor::End, true, at, tick.label.as_deref().unwrap_or_default(), WIDTH);
    }
    let (centre, middle) = (plot.left + plot.width / 2.0, plot.top + plot.height / 2.0);
    let lowest = below + Role::Name.leading();
    push(Role::Name, Anchor::Middle, true, [centre, lowest], &figure.x.label, plot.width);
    let baseline = left + 0.75 * Role::Name.size();
    push(Role::Name, Anchor::Middle, false, [baseline, middle], &figure.y.label, plot.height);
}

#[cfg(test)]
mod tests {
    use super::super::samples::{curves, plane};
    use super::*;

    fn figures() -> Vec<Figure> {
        let losses: Vec<f64> = (0..10_000).map(|epoch| 1.0 / f64::from(1 + epoch)).collect();
        let text = "Many words, so many that they do not fit in one line but must go on, and on";
        let mut labelled = curves(&[("training", &losses), (text, &losses[..7]), ("", &[])]);
        (labelled.title, labelled.subtitle, labelled.y.label) =
            (text.to_owned(), text.to_owned(), text.repeat(3));
        labelled.marks.push(Mark::HorizontalLine { label: "optimum".to_owned(), y: 0.01 });
        labelled.marks.push(Mark::VerticalLine { label: "best epoch".to_owned(), x: 4000.0 });
        let names = ["setosa", "versicolor", "virginica"];
        vec![labelled, curves(&[]), plane(text, names, 60, 1.0), plane("wide", names, 60, 3.0)]
    }

    /// The box around a text, by its estimated width.
    fn text_box(item: &Item) -> Option<Rectangle> {
        let Item::Text { role, anchor, upright, at: [x, y], text } = item else { return None };
        let length = text::width(text, role.size());
        let before = match anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => length / 2.0,
            Anchor::End => length,
        };
        let (up, down) = (0.75 * role.size(), 0.25 * role.size());
        Some(if *upright {
            Rectangle { left: x - before, top: y - up, width: length, height: up + down }
        } else {
            Rectangle { left: x - up, top: y + before - length, width: up + down, height: length }
        })
    }

    #[test]
    fn no_text_is_clipped_or_overlaps_another_or_the_plot() {
        for figure in figures() {
            let scene = Scene::new(&figure);
            let mut boxes: Vec<Rectangle> = scene.front.iter().filter_map(text_box).collect();
            boxes.retain(|text| text.width * text.height > 0.0);
            for text in &boxes {
                let inside = text.left >= 0.0
                    && text.top >= 0.0
                    && text.left + text.width <= scene.size[0]
                    && text.top + text.height <= scene.size[1];
                assert!(inside, "{text:?} is outside {:?} in {:?}", scene.size, figure.title);
            }
            boxes.push(scene.plot);
            for (index, a) in boxes.iter().enumerate() {
                for b in &boxes[..index] {
                    let apart = a.left + a.width <= b.left
                        || b.left + b.width <= a.left
                        || a.top + a.height <= b.top
                        || b.top + b.height <= a.top;
                    assert!(apart, "{a:?} overlaps {b:?} in {:?}", figure.title);
                }
            }
        }
    }

    #[test]
    fn panels_keep_apart_and_within_the_page() {
        let text = "Many words, so many that they do not fit in one line but must go on, and on";
        for (columns, frame) in [(1, Frame::Axes), (2, Frame::Axes), (3, Frame::Box), (7, Frame::Nothing)] {
            let panels: Vec<Figure> =
                figures().into_iter().chain(figures()).map(|figure| Figure { frame, ..figure }).collect();
            let page = Page {
                title: text.to_owned(),
                subtitle: text.to_owned(),
                description: String::new(),
                columns,
                panels,
            };
            let layout = Layout::rows(&page);
            let plots: Vec<Rectangle> = layout.panels.iter().map(|panel| panel.plot).collect();
            assert_eq!(plots.len(), 8);
            for (index, a) in plots.iter().enumerate() {
                assert!(a.left >= 0.0 && a.left + a.width <= layout.size[0]);
                assert!(a.top >= 0.0 && a.top + a.height <= layout.size[1]);
                for b in &plots[..index] {
                    assert!(b.left + b.width <= a.left || b.top + b.height <= a.top, "{a:?} and {b:?}");
                }
            }
            for item in layout.heading.iter().chain(layout.panels.iter().flat_map(|panel| &panel.front)) {
                let Some(text) = text_box(item).filter(|text| text.width > 0.0) else { continue };
                let right = text.left + text.width;
                assert!(text.left >= 0.0 && right <= layout.size[0] + 1e-9, "{item:?} in {columns} columns");
                assert!(text.top + text.height <= layout.size[1], "{item:?} in {columns} columns");
            }
        }
    }

    #[test]
    fn the_legend_names_every_labelled_mark_once() {
        for figure in figures() {
            let scene = Scene::new(&figure);
            for mark in figure.marks.iter().filter(|mark| !mark.label().is_empty()) {
                let names = |item: &&Item| matches!(item, Item::Text { text, .. } if text == mark.label());
                let count = scene.front.iter().filter(names).count();
                assert!(count == 1 || mark.label().len() > 70, "{} appears {count} times", mark.label());
            }
        }
    }

    #[test]
    fn an_equal_aspect_holds_on_every_page() {
        for figure in figures().iter().filter(|figure| figure.aspect == Aspect::Equal) {
            let panels = [100.0, 300.0].map(|width| Scene::panel(figure, [0.0; 2], width, 0.0));
            for scene in panels.iter().chain([&Scene::new(figure)]) {
                let [across, up] = [&figure.x, &figure.y].map(|axis| axis.range()[1] - axis.range()[0]);
                let ratio = scene.plot.width / across / (scene.plot.height / up);
                assert!((ratio - 1.0).abs() < 1e-12, "{ratio}");
            }
        }
    }
}
