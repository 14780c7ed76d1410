//! A figure laid out: margins, the mapping from data to the page, and every mark, tick and word turned into a few
//! kinds of shape at fixed places. `svg.rs` only writes these.

use super::axis::{Axis, FEW_TICKS, MOST_TICKS, Scale};
use super::figure::{Figure, Frame, Look, Mark, Page, Point};
use super::shapes::{Item, Mapping, Role};
use super::text;
use super::theme::{GRID, INK};
use crate::math::order::larger;

/// The width of a figure. Text of 12 units is then at least 11 pixels high on a screen 390 pixels wide.
pub(super) const WIDTH: f64 = 390.0;
/// Plots narrower than this have small markers.
const SMALL_PLOT: f64 = 200.0;
/// Space between two figures on a page, and between two entries of the legend.
const PANEL_GAP: f64 = 12.0;
/// Space around everything.
const PADDING: f64 = 10.0;
/// The length of a tick, and the space between it and its label, an axis and its name.
const GAP: f64 = 5.0;
/// The height of a sample in the legend.
const SAMPLE_HEIGHT: f64 = 12.0;

/// The panels of a page row by row, under its title, subtitle and legend: the height of the page, and the shapes on it.
pub(super) fn rows(page: &Page) -> (f64, Vec<Item>) {
    let columns = page.columns.max(1);
    let room = WIDTH - 2.0 * PADDING;
    let width = (room - (columns - 1) as f64 * PANEL_GAP) / columns as f64;
    let left = |column: usize| PADDING + column as f64 * (width + PANEL_GAP);
    let mut items = Vec::new();
    let mut top = PADDING;
    // Bold letters are wider than estimated.
    for (role, text, share) in [(Role::TITLE, &page.title, 0.88), (Role::LABEL, &page.subtitle, 1.0)] {
        top = words(role, text, [PADDING, top], share * room, &mut items);
    }
    top = legend(page.panels.iter().flat_map(|figure| &figure.marks), top + GAP, &mut items) + 2.0 * GAP;
    for row in page.panels.chunks(columns) {
        let (mut plots, mut bottom) = (top, top);
        for (column, figure) in row.iter().enumerate() {
            let end = words(Role::LABEL, &figure.caption, [left(column), top], width, &mut items);
            // The plots of a row begin at one height, below its longest caption.
            plots = larger(plots, if end > top { end + GAP } else { end });
        }
        for (column, figure) in row.iter().enumerate() {
            bottom = larger(plot(figure, [left(column), plots], width, &mut items), bottom);
        }
        top = bottom + PANEL_GAP;
    }
    ((top - PANEL_GAP + PADDING).ceil(), items)
}

/// Breaks words into lines below a place, and returns the height at which they end.
fn words(role: Role, words: &str, [left, mut top]: [f64; 2], room: f64, items: &mut Vec<Item>) -> f64 {
    for text in text::wrap(&text::typeset(words), role.size, room) {
        top += role.leading();
        // The line's lower quarter is for what hangs below the baseline.
        let at = [left, top - 0.25 * role.leading()];
        items.push(Item::Text { role, anchor: "start", at, text });
    }
    top
}

/// Lays out a plot with its axes and their text, `width` wide from its top left corner, and returns the height at which it
/// ends.
fn plot(figure: &Figure, [left, top]: Point, width: f64, items: &mut Vec<Item>) -> f64 {
    let has_axes = figure.frame == Frame::Axes;
    // At the right, room for half of the longest value, which may reach a little into the space beside.
    let [above, before, after, below] = if has_axes {
        [
            Role::NOTE.leading(),
            label_widths(&figure.y).fold(0.0, larger) + 2.0 * GAP,
            larger(GAP, label_widths(&figure.x).fold(0.0, larger) / 2.0 - GAP) + GAP,
            2.0 * GAP + Role::LABEL.size + Role::NOTE.leading(),
        ]
    } else {
        [0.0, 0.0, 0.0, 1.0]
    };
    let (top, width) = (top + above, width - before - after);
    let bottom = top + width * figure.aspect;
    let onto = [left + before, top, left + before + width, bottom];
    let scale = if width < SMALL_PLOT { 0.55 } else { 1.0 };
    let map = Mapping { x: &figure.x, y: &figure.y, onto, scale };
    let mut words = Vec::new();
    let [mut ticks, grid] = if has_axes { axes(figure, &map, left, &mut words) } else { Default::default() };
    if figure.frame != Frame::Nothing {
        let [left, top, right, bottom] = onto;
        ticks.push(vec![[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]);
    }
    items.push(Item::stroke(GRID, 1.0, &[], &grid));
    items.push(Item::Plot(onto, figure.marks.iter().flat_map(|mark| map.items(&mark.look)).collect()));
    items.push(Item::stroke(INK, 1.0, &[], &ticks));
    items.append(&mut words);
    (bottom + below).ceil()
}

/// The axes of a plot: the ticks of both and the lines of the grid, with values and names as items. The name of the vertical
/// axis stands above it, from `edge` on.
fn axes(figure: &Figure, map: &Mapping, edge: f64, words: &mut Vec<Item>) -> [Vec<Vec<Point>>; 2] {
    let [mut ticks, mut grid] = [const { Vec::new() }; 2];
    let mut word = |role, anchor, at, text| words.push(Item::Text { role, anchor, at, text });
    let [left, top, right, bottom] = map.onto;
    let width = right - left;
    let tick_length = |label: &Option<String>| if label.is_some() { GAP } else { 0.6 * GAP };
    // The values below are side by side.
    let needed: f64 = label_widths(&figure.x).map(|width| width + GAP).sum();
    let most = if needed <= width { MOST_TICKS } else { FEW_TICKS };
    let below = bottom + 2.0 * GAP + 0.75 * Role::LABEL.size;
    for (value, label) in figure.x.ticks(most) {
        let x = map.across(value);
        ticks.push(vec![[x, bottom], [x, bottom + tick_length(&label)]]);
        word(Role::LABEL, "middle", [x, below], label.unwrap_or_default());
    }
    for (value, label) in figure.y.ticks(MOST_TICKS) {
        let y = map.down(value);
        ticks.push(vec![[left - tick_length(&label), y], [left, y]]);
        if let Some(label) = label {
            grid.push(vec![[left, y], [right, y]]);
            word(Role::LABEL, "end", [left - 2.0 * GAP, y + 0.35 * Role::LABEL.size], label);
        }
    }
    let name = |axis: &Axis, room| text::fit(&axis.label, Role::NOTE.size, room);
    let at = [left + width / 2.0, below + Role::NOTE.leading()];
    word(Role::NOTE, "middle", at, name(&figure.x, width));
    word(Role::NOTE, "start", [edge, top - 2.0 * GAP], name(&figure.y, right - edge));
    [ticks, grid]
}

/// Lays out the legend in rows from `top` down: a piece of each mark and its label, each label once. Returns the height at
/// which the last row ends.
fn legend<'a>(marks: impl Iterator<Item = &'a Mark>, top: f64, items: &mut Vec<Item>) -> f64 {
    let unit = Axis::new("", [0.0, 1.0], Scale::Linear);
    let role = Role::LABEL;
    let row = SAMPLE_HEIGHT + 1.6 * GAP;
    let mut listed: Vec<&Mark> = Vec::new();
    for mark in marks.filter(|mark| !mark.label.is_empty()) {
        if listed.iter().all(|known| known.label != mark.label) {
            listed.push(mark);
        }
    }
    let (mut left, mut bottom) = (PADDING, top);
    for Mark { label, look } in listed {
        let sample = match look {
            Look::Scatter(..) | Look::Rings(_) | Look::VerticalLine(_) => SAMPLE_HEIGHT,
            _ => 2.2 * SAMPLE_HEIGHT,
        };
        let text = text::fit(label, role.size, WIDTH - 2.0 * PADDING - sample - GAP);
        let width = sample + GAP + text::width(&text, role.size);
        if bottom <= top || left + width > WIDTH - PADDING {
            left = PADDING;
            bottom += row;
        }
        let middle = bottom - row / 2.0;
        let [above, below] = [-0.5, 0.5].map(|share| middle + share * SAMPLE_HEIGHT);
        let onto = [left, above, left + sample, below];
        items.extend(Mapping { x: &unit, y: &unit, onto, scale: 1.0 }.items(&look.sample()));
        let at = [left + sample + GAP, middle + 0.35 * role.size];
        items.push(Item::Text { role, anchor: "start", at, text });
        left += width + PANEL_GAP;
    }
    bottom
}

fn label_widths(axis: &Axis) -> impl Iterator<Item = f64> {
    let labels = axis.ticks(MOST_TICKS).into_iter().filter_map(|(_, label)| label);
    labels.map(|label| text::width(&label, Role::LABEL.size))
}

#[cfg(test)]
mod tests {
    use super::super::shapes::Rectangle;
    use super::*;

    const TEXT: &str = "Many words, so many that they do not fit in one line but must go on, and on";

    /// Curves and planes of many shapes, with long and many names.
    fn figures() -> Vec<Figure> {
        let figure = |x: [f64; 2], y: [f64; 2], aspect, names: &[&str]| {
            let marks = names.iter().zip(0..).map(|(name, class)| {
                let points = vec![[f64::midpoint(x[0], x[1]), y[1]]; 3];
                Mark::new(*name, Look::Scatter(class, points))
            });
            let axes = [x, y].map(|range| Axis::new(&TEXT.repeat(3), range, Scale::Linear));
            Figure::new(TEXT, axes, aspect, marks.collect())
        };
        let names = ["training", TEXT, "setosa", "versicolor", "virginica", "best epoch", "misclassified"];
        vec![
            figure([-200.0, 10_200.0], [0.0, 1.1], 0.7, &names),
            figure([0.0, 5.0], [-1e-3, 1e-3], 0.4, &[]),
            figure([-1.2, 1.2], [-1.1, 1.1], 1.1, &names[..3]),
            figure([-3.6, 3.6], [-1.1, 1.1], 2.0, &names[4..]),
        ]
    }

    /// The boxes around texts, by their estimated widths, and the plots.
    fn boxes(items: &[Item]) -> [Vec<Rectangle>; 2] {
        let [mut texts, mut plots] = [const { Vec::new() }; 2];
        for item in items {
            match item {
                Item::Text { role, anchor, at: [x, y], text } if !text.is_empty() => {
                    let length = text::width(text, role.size);
                    let (up, height) = (0.75 * role.size, role.size);
                    let before = match *anchor {
                        "start" => 0.0,
                        "middle" => length / 2.0,
                        _ => length,
                    };
                    texts.push([x - before, y - up, x - before + length, y - up + height]);
                }
                Item::Plot(plot, _) => plots.push(*plot),
                _ => {}
            }
        }
        [texts, plots]
    }

    fn assert_apart(boxes: &[Rectangle]) {
        for (index, a) in boxes.iter().enumerate() {
            for b in &boxes[..index] {
                let apart = |axis: usize| a[axis + 2] <= b[axis] || b[axis + 2] <= a[axis];
                assert!(apart(0) || apart(1), "{a:?} overlaps {b:?}");
            }
        }
    }

    fn assert_inside(boxes: &[Rectangle], height: f64) {
        for shape in boxes {
            let [left, top, right, bottom] = *shape;
            assert!(left >= 0.0 && top >= 0.0 && right <= WIDTH + 1e-9 && bottom <= height, "{shape:?}");
        }
    }

    #[test]
    fn no_text_is_clipped_or_overlaps_another_or_the_plot() {
        for figure in figures() {
            let (height, items) = rows(&Page::new([TEXT; 3], 1, vec![figure]));
            let boxes = boxes(&items).concat();
            assert_inside(&boxes, height);
            assert_apart(&boxes);
        }
    }

    #[test]
    fn panels_keep_apart_and_within_the_page() {
        for (columns, frame) in [(1, Frame::Axes), (2, Frame::Axes), (3, Frame::Box), (7, Frame::Nothing)] {
            let panels: Vec<Figure> =
                figures().into_iter().chain(figures()).map(|figure| Figure { frame, ..figure }).collect();
            let (height, items) = rows(&Page::new([TEXT; 3], columns, panels));
            let [texts, plots] = boxes(&items);
            assert_eq!(plots.len(), 8);
            assert_apart(&plots);
            assert_inside(&[texts, plots].concat(), height);
        }
    }
}
