//! The parts of a figure, in the units of the data, without pixels and colours.

use super::axis::{Axis, Scale};

/// A place in the plane of the data: x, y.
pub type Point = [f64; 2];

/// The corners of a polygon in order, the first not repeated at the end.
pub type Polygon = Vec<Point>;

/// Marks on two axes, a part of a [`Page`].
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What stands above it, among others on a page.
    pub caption: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// The height of the plot for a width of 1.
    pub aspect: f64,
    /// How much of the axes is drawn.
    pub frame: Frame,
    /// The marks, the last on top. The legend lists the labels in this order, leaving out the empty ones.
    pub marks: Vec<Mark>,
}

impl Figure {
    /// Marks on axes under a caption.
    pub fn new(caption: &str, [x, y]: [Axis; 2], aspect: f64, marks: Vec<Mark>) -> Self {
        Self { caption: caption.to_owned(), x, y, aspect, frame: Frame::Axes, marks }
    }

    /// Marks without axes.
    pub fn diagram(caption: &str, ranges: [[f64; 2]; 2], aspect: f64, marks: Vec<Mark>) -> Self {
        let axes = ranges.map(|range| Axis::new("", range, Scale::Linear));
        Self { frame: Frame::Nothing, ..Self::new(caption, axes, aspect, marks) }
    }
}

/// How much of its axes a figure shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Lines, ticks, their values and the names.
    Axes,
    /// A box, where a neighbour on the page has the same axes.
    Box,
    /// Nothing: the figure is a diagram.
    Nothing,
}

/// A picture, described once and drawn by [`svg`](super::svg()): figures, row by row.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// What is seen.
    pub title: String,
    /// Settings, seed, accuracy. A `\n` starts a new line; long lines are wrapped.
    pub subtitle: String,
    /// The page in a sentence, for those who do not see it.
    pub description: String,
    /// The figures in a row.
    pub columns: usize,
    /// The figures. Marks with the same label share a place in the page's legend.
    pub panels: Vec<Figure>,
}

impl Page {
    /// Figures under a title, a subtitle and a description.
    pub fn new(words: [&str; 3], columns: usize, panels: Vec<Figure>) -> Self {
        let [title, subtitle, description] = words.map(str::to_owned);
        Self { title, subtitle, description, columns, panels }
    }
}

/// Something drawn in a figure.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The name in the legend, empty if the mark is not to be listed.
    pub label: String,
    /// Its shape, colour and places.
    pub look: Look,
}

/// The shape, colour and places of a [`Mark`]. The same `series` or `class` gives the same colour, dashes and marker shape.
///
/// A point without a place on the axes (not finite, not positive on a log scale) is left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Look {
    /// The part of the plane where a network predicts a class, as closed rings filled by the non-zero rule.
    Region {
        /// The class that decides the tint.
        class: usize,
        /// Whether it is only the part where the network is sure; drawn in a stronger tint.
        confident: bool,
        /// Outlines, holes running the other way round.
        rings: Vec<Polygon>,
    },
    /// Thin faint lines, each between two ends.
    Segments(Vec<[Point; 2]>),
    /// The area between two curves over the same x.
    Band {
        /// The number that decides the colour.
        series: usize,
        /// Points of the lower curve.
        low: Vec<Point>,
        /// Points of the upper curve.
        high: Vec<Point>,
        /// Whether the area is filled, or its edge alone drawn, above another that hides it.
        filled: bool,
    },
    /// Connections between two ends, with weights from −1 to 1: the sign decides the colour and the dashes, the size the width.
    Wires(Vec<([Point; 2], f64)>),
    /// The units of a network: a circle at each place, with a text inside.
    Units(Vec<(Point, String)>),
    /// Words, in the middle of their places, or as near to it as they are all inside.
    Notes(Vec<(Point, String)>),
    /// A curve through points, interrupted where one has no place on the axes.
    Line {
        /// The number that decides colour and dashes; 0 is a solid line.
        series: usize,
        /// Whether each point gets a marker.
        dotted: bool,
        /// The points in the order in which they are joined.
        points: Vec<Point>,
    },
    /// A line across the figure at this y, such as a known optimum.
    HorizontalLine(f64),
    /// A line up the figure at this x, such as the best epoch.
    VerticalLine(f64),
    /// A marker at each point, in the colour and shape of a class.
    Scatter(usize, Vec<Point>),
    /// A ring around each point, such as those misclassified.
    Rings(Vec<Point>),
}

impl Mark {
    /// A mark with this name in the legend.
    pub fn new(label: impl Into<String>, look: Look) -> Self {
        Self { label: label.into(), look }
    }
}

impl Look {
    /// This look in the unit square: the sample beside the label in the legend, which does not list parts of diagrams.
    pub(super) fn sample(&self) -> Self {
        // A little inside, for the round ends and the markers.
        let (left, centre, right) = ([0.13, 0.5], [0.5, 0.5], [0.87, 0.5]);
        let across = |y| vec![[0.0, y], [1.0, y]];
        let mut sample = self.clone();
        match &mut sample {
            Self::Region { rings, .. } => {
                *rings = vec![vec![[0.02, 0.02], [0.98, 0.02], [0.98, 0.98], [0.02, 0.98]]];
            }
            Self::Band { low, high, .. } => (*low, *high) = (across(0.05), across(0.95)),
            Self::Segments(segments) => *segments = vec![[left, right]],
            Self::Line { points, .. } => *points = vec![left, right],
            Self::HorizontalLine(at) | Self::VerticalLine(at) => *at = 0.5,
            Self::Scatter(_, points) | Self::Rings(points) => *points = vec![centre],
            Self::Wires(_) | Self::Units(_) | Self::Notes(_) => {}
        }
        sample
    }
}
