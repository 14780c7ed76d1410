//! Tables whose cells are shaded: heat maps and what they share with the confusion matrix.

use super::drawing;
use super::ranges::extent;
use crate::draw::{Figure, Mark, Page, ShadedCell, note_width, panel_width};
use crate::math::order::{ascending, larger, smaller};
use crate::training::numbers::{median, sorted};

/// How a result depends on two settings.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// The names of the two settings: down and across.
    pub names: [String; 2],
    /// Their values.
    pub labels: [Vec<String>; 2],
    /// Row by row, the result, of which less is better, and its text.
    pub cells: Vec<Vec<(f64, String)>>,
}

/// The darkest shade: the text on it must be read.
const DARKEST: f64 = 0.5;

/// Cells of unit size from the origin, the first row on top: a shade and a text each; with lines between them.
pub(super) fn shaded(cells: &[Vec<(f64, String)>]) -> Vec<Mark> {
    let (height, width) = (cells.len(), cells.first().map_or(0, Vec::len));
    let (mut tiles, mut notes) = (Vec::new(), Vec::new());
    for (row, cells) in cells.iter().enumerate() {
        let y = (height - row) as f64;
        for (column, (shade, text)) in cells.iter().enumerate() {
            let x = column as f64;
            tiles.push(ShadedCell { corners: [[x, y], [x + 1.0, y - 1.0]], shade: DARKEST * shade });
            notes.push(([x + 0.5, y - 0.5], text.clone()));
        }
    }
    let across = (0..=height).map(|line| [[0.0, line as f64], [width as f64, line as f64]]);
    let down = (0..=width).map(|line| [[line as f64, 0.0], [line as f64, height as f64]]);
    let lines = Mark::Segments { label: String::new(), segments: across.chain(down).collect() };
    vec![Mark::Tiles { tiles }, lines, Mark::Notes { notes }]
}

/// The most maps on a page.
const MOST: usize = 6;

/// The room around a text.
const AROUND: f64 = 8.0;
/// The height of a row, and of the labels above the first.
const ROW: f64 = 22.0;

/// Heat maps on one page, two in a row if they fit, on one scale: the best cell of all has the full colour, and the worst none,
/// nor has any that is more than twice as far from the best as the median, or a few bad cells would make the others alike.
/// Only the six maps with the widest differences are shown, and none whose cells all read alike, unless all maps are such.
#[must_use]
pub fn heat_maps(title: &str, subtitle: &str, maps: &[HeatMap]) -> Page {
    let mut spans: Vec<f64> = maps.iter().map(HeatMap::span).collect();
    spans.sort_by(ascending);
    let least = spans.iter().rev().take(MOST).copied().fold(f64::INFINITY, smaller);
    let is_shown =
        |map: &&HeatMap| map.span() >= least && (map.span() > 0.0 || spans.iter().all(|span| *span <= 0.0));
    let maps: Vec<HeatMap> = maps.iter().filter(is_shown).take(MOST).map(HeatMap::oriented).collect();
    let all: Vec<(f64, String)> = maps.iter().flat_map(HeatMap::found).cloned().collect();
    let names: Vec<String> = maps.iter().map(|map| map.names.join(" and ")).collect();
    let columns =
        if maps.iter().all(|map| map.width() <= panel_width(2)) { maps.len().clamp(1, 2) } else { 1 };
    Page {
        title: title.to_owned(),
        subtitle: subtitle.to_owned(),
        description: format!("Heat maps: {}.", names.join("; ")),
        columns,
        panels: maps.iter().map(|map| map.figure(panel_width(columns), &all)).collect(),
    }
}

/// The room that the longest of some texts needs.
fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> f64 {
    texts.map(|text| note_width(text)).fold(0.0, larger) + AROUND
}

impl HeatMap {
    /// The map with the setting that has the longer names going down.
    fn oriented(&self) -> Self {
        let [down, across] = &self.labels;
        if widest(down.iter()) >= widest(across.iter()) {
            return self.clone();
        }
        let column = |column: usize| self.cells.iter().map(|row| row[column].clone()).collect();
        let [first, second] = self.names.clone();
        HeatMap {
            names: [second, first],
            labels: [across.clone(), down.clone()],
            cells: (0..across.len()).map(column).collect(),
        }
    }

    /// The width that the map needs for its texts.
    fn width(&self) -> f64 {
        let [down, across] = &self.labels;
        let cells = self.cells.iter().flatten().map(|(_, text)| text);
        widest(down.iter()) + across.len() as f64 * widest(cells.chain(across))
    }

    /// The cells that have a finite value.
    fn found(&self) -> impl Iterator<Item = &(f64, String)> {
        self.cells.iter().flatten().filter(|(value, _)| value.is_finite())
    }

    /// How far its best and its worst cell are apart; 0 if all read alike.
    fn span(&self) -> f64 {
        let mut texts = self.found().map(|(_, text)| text);
        let first = texts.next();
        if texts.all(|text| Some(text) == first) {
            return 0.0;
        }
        let [best, worst] = extent(self.found().map(|(value, _)| *value));
        worst - best
    }

    /// The map as a figure of such a width, on the scale of all cells of its page.
    fn figure(&self, panel: f64, all: &[(f64, String)]) -> Figure {
        // Cells that read alike look alike.
        let least = |text: &str| {
            let alike = all.iter().filter(|(_, other)| other == text);
            alike.map(|(value, _)| *value).fold(f64::INFINITY, smaller)
        };
        let values = sorted(all.iter().map(|(_, text)| least(text)));
        let [best, worst] = extent(values.iter().copied());
        let usual = if values.is_empty() { best } else { best + 2.0 * (median(&values) - best) };
        let worst = if usual > best { smaller(usual, worst) } else { worst };
        // The quotient is no number where the value is none, or where all values are the same: 0 then, too.
        let shade = |text: &str| {
            let share = (worst - least(text)) / (worst - best);
            if share > 0.0 { share } else { 0.0 }
        };
        let is_percent = |(_, text): &(f64, String)| text.ends_with('%');
        let is_too_wide = self.width() > panel && self.cells.iter().flatten().any(is_percent);
        let shown = |text: &str| match text.split_once('.') {
            // Shorter than the number.
            Some(("100", _)) if is_too_wide => "all".to_owned(),
            Some((whole, _)) if is_too_wide => whole.to_owned(),
            _ => text.to_owned(),
        };
        let cell = |(_, text): &(f64, String)| (shade(text), shown(text));
        let cells: Vec<Vec<_>> = self.cells.iter().map(|row| row.iter().map(cell).collect()).collect();
        let mut marks = shaded(&cells);

        let [down, across] = &self.labels;
        let (height, width) = (down.len() as f64, across.len() as f64);
        // In cells, what the labels of the rows take of the panel.
        let names = widest(down.iter());
        let margin = width * names / (panel - names);
        let mut notes: Vec<_> = down
            .iter()
            .enumerate()
            .map(|(row, label)| ([-margin / 2.0, height - row as f64 - 0.5], label.clone()))
            .collect();
        let above = across
            .iter()
            .enumerate()
            .map(|(column, label)| ([column as f64 + 0.5, height + 0.45], label.clone()));
        notes.extend(above);
        marks.push(Mark::Notes { notes });
        let rounded = if is_too_wide { " (percent, rounded down)" } else { "" };
        let title = format!("{} ↓, {} →{rounded}", self.names[0], self.names[1]);
        let ranges = [[-margin, width + 0.02], [-0.02, height + 0.9]];
        drawing(&title, "", ranges, ROW * (height + 0.9) / panel, marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_cell_is_darkest_and_the_worst_and_the_diverged_have_no_shade() {
        let cell = |value: f64| (value, value.to_string());
        let map = HeatMap {
            names: ["a".to_owned(), "b".to_owned()],
            labels: [vec!["1".to_owned(), "2".to_owned()], vec!["x".to_owned(), "y".to_owned()]],
            cells: vec![vec![cell(1.0), cell(3.0)], vec![cell(f64::NAN), cell(2.0)]],
        };
        let page = heat_maps("", "", std::slice::from_ref(&map));
        let [Mark::Tiles { tiles }, _, Mark::Notes { notes }, Mark::Notes { notes: labels }] =
            &page.panels[0].marks[..]
        else {
            panic!("tiles, lines, texts, labels")
        };
        assert_eq!(tiles.iter().map(|tile| tile.shade).collect::<Vec<_>>(), [0.5, 0.0, 0.0, 0.25]);
        let text = |at: [f64; 2]| notes.iter().find(|(place, _)| *place == at).map(|(_, text)| text.as_str());
        assert_eq!(
            [text([0.5, 1.5]), text([1.5, 1.5]), text([0.5, 0.5])],
            [Some("1"), Some("3"), Some("NaN")]
        );
        let words: Vec<&str> = labels.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(words, ["1", "2", "x", "y"]);

        let long = HeatMap {
            labels: [map.labels[0].clone(), ["short", "very long"].map(str::to_owned).to_vec()],
            ..map
        };
        let page = heat_maps("", "", &[long]);
        assert_eq!(page.panels[0].title, "b ↓, a →", "the longer names go down");
        let Mark::Tiles { tiles } = &page.panels[0].marks[0] else { panic!("tiles first") };
        assert_eq!(tiles.iter().map(|tile| tile.shade).collect::<Vec<_>>(), [0.5, 0.0, 0.0, 0.25]);
    }

    #[test]
    fn maps_stand_side_by_side_only_if_the_texts_of_all_fit() {
        let map = |columns: usize, text: &str| HeatMap {
            names: [String::new(), String::new()],
            labels: [vec!["down".to_owned()], vec!["x".to_owned(); columns]],
            cells: vec![vec![(1.0, text.to_owned()); columns]],
        };
        // A panel in two columns is 179 wide: eight cells of 22 without the labels.
        for (columns, text, expected) in [(3, "0.123", 2), (8, "0.123", 1), (2, "rather a long text", 1)] {
            assert_eq!(
                heat_maps("", "", &[map(1, "1"), map(columns, text)]).columns,
                expected,
                "{columns}, {text}"
            );
        }
        let page = heat_maps("", "", &[map(12, "12.3 %")]);
        let Mark::Notes { notes } = &page.panels[0].marks[2] else { panic!("texts third") };
        assert!(
            notes.iter().all(|(_, text)| text == "12"),
            "whole numbers where decimals have no room: {notes:?}"
        );
        assert_eq!(page.panels[0].title, " ↓,  → (percent, rounded down)");
        for (text, shown) in [("100.0 %", "all"), ("0.25", "0.25")] {
            let page = heat_maps("", "", &[map(20, text)]);
            let Mark::Notes { notes } = &page.panels[0].marks[2] else { panic!("texts third") };
            assert!(notes.iter().all(|(_, text)| text == shown), "{notes:?}");
        }

        let mut near = map(3, "1");
        near.cells[0][1] = (1.001, "1".to_owned());
        near.cells[0][2] = (2.0, "2".to_owned());
        let page = heat_maps("", "", &[near]);
        let Mark::Tiles { tiles } = &page.panels[0].marks[0] else { panic!("tiles first") };
        let shades: Vec<f64> = tiles.iter().map(|tile| tile.shade).collect();
        assert_eq!(shades, [0.5, 0.5, 0.0], "what reads alike looks alike");
        let alike = heat_maps("", "", &[map(3, "1")]);
        let Mark::Tiles { tiles } = &alike.panels[0].marks[0] else { panic!("tiles first") };
        assert!(tiles.iter().all(|tile| tile.shade == 0.0), "{tiles:?}");
    }

    #[test]
    fn the_maps_of_a_page_have_one_scale_and_the_widest_differences() {
        let map = |values: &[f64]| HeatMap {
            names: [String::new(), String::new()],
            labels: [vec!["down".to_owned()], vec!["x".to_owned(); values.len()]],
            cells: vec![values.iter().map(|value| (*value, value.to_string())).collect()],
        };
        let shades = |panel: &Figure| match &panel.marks[0] {
            Mark::Tiles { tiles } => tiles.iter().map(|tile| tile.shade).collect::<Vec<_>>(),
            _ => panic!("tiles first"),
        };
        let page = heat_maps("", "", &[map(&[0.0, 8.0]), map(&[3.0, 3.0]), map(&[4.0, 2.0])]);
        let found: Vec<_> = page.panels.iter().map(shades).collect();
        // The median of 0, 2, 4 and 8 is 3, so from 6 on there is no shade.
        let expected = [[0.5, 0.0], [0.5 * (2.0 / 6.0), 0.5 * (4.0 / 6.0)]];
        assert_eq!(found, expected, "the map that differs nowhere is left out");
        let many: Vec<HeatMap> = (1..=9).map(|span| map(&[10.0, 10.0 - f64::from(span)])).collect();
        let page = heat_maps("", "", &many);
        let widest: Vec<f64> = page.panels.iter().map(|panel| shades(panel)[1]).collect();
        assert_eq!(widest, [4.0, 5.0, 6.0, 7.0, 8.0, 9.0].map(|span| 0.5 * span / 9.0));
    }
}
