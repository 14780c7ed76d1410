//! Figures for the tests of layout and SVG.

use super::axis::{Axis, Scale};
use super::figure::{Aspect, Figure, Frame, Mark, Page, Point};

/// Losses over epochs.
pub(super) fn curves(curves: &[(&str, &[f64])]) -> Figure {
    let longest = curves.iter().map(|(_, losses)| losses.len()).max().unwrap_or(0).max(5) as f64;
    let line = |(series, (label, losses)): (usize, &(&str, &[f64]))| Mark::Line {
        label: (*label).to_owned(),
        series,
        dashes: series,
        dotted: losses.len() < 10,
        points: losses.iter().enumerate().map(|(epoch, &loss)| [epoch as f64, loss]).collect(),
    };
    Figure {
        title: "Loss".to_owned(),
        subtitle: "seed 1".to_owned(),
        description: "Loss over epochs.".to_owned(),
        x: Axis::new("epoch", [-0.02 * longest, 1.02 * longest], Scale::Linear),
        y: Axis::new("loss", [0.0, 1.1], Scale::Linear),
        aspect: Aspect::Usual,
        frame: Frame::Axes,
        marks: curves.iter().enumerate().map(line).collect(),
    }
}

/// Two regions, a border between them, and points in a plane that is `wide` times as wide as it is high.
pub(super) fn plane(text: &str, names: [&str; 3], count: usize, wide: f64) -> Figure {
    let place = |n: usize| -> Point {
        [wide * ((n * 37 % 101) as f64 / 50.5 - 1.0), (n * 53 % 97) as f64 / 48.5 - 1.0]
    };
    let region = |class: usize, left: f64| {
        let rings = vec![vec![[left, -1.0], [left + wide, -1.0], [left + wide, 1.0], [left, 1.0]]];
        Mark::Region { label: String::new(), class, confident: class == 1, rings }
    };
    let mut marks = vec![region(0, -wide), region(1, 0.0)];
    marks.push(Mark::Segments { label: "border".to_owned(), segments: vec![[[0.0, -1.0], [0.0, 1.0]]] });
    for (class, name) in names.into_iter().enumerate() {
        let points = (class..count).step_by(3).map(place).collect();
        marks.push(Mark::Scatter { label: name.to_owned(), class, points });
    }
    marks
        .push(Mark::Rings { label: "misclassified".to_owned(), points: (0..count / 9).map(place).collect() });
    Figure {
        title: text.to_owned(),
        subtitle: text.to_owned(),
        description: format!("{text} {count} points"),
        x: Axis::new("x₁", [-1.2 * wide, 1.2 * wide], Scale::Linear),
        y: Axis::new("x₂", [-1.1, 1.1], Scale::Linear),
        aspect: Aspect::Equal,
        frame: Frame::Axes,
        marks,
    }
}

/// Three planes on a page of two columns.
pub(super) fn page(text: &str) -> Page {
    let figure = || plane(text, [text; 3], 9, 1.0);
    Page {
        title: text.to_owned(),
        subtitle: text.to_owned(),
        description: text.to_owned(),
        columns: 2,
        panels: vec![figure(), figure(), figure()],
    }
}
