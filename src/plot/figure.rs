//! What a figure is made of, in the units of the data; nothing here knows of pixels or colours.

use super::axis::Axis;

/// A place in the plane of the data: x, y.
pub type Point = [f64; 2];

/// The corners of a polygon in order, the first not repeated at the end.
pub type Polygon = Vec<Point>;

/// A picture, described once and drawn by [`svg`](super::svg()) or [`ppm`](super::ppm()).
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What the figure shows: problem, network.
    pub title: String,
    /// Settings, seed, accuracy. A `\n` starts a new line; long lines are wrapped.
    pub subtitle: String,
    /// What one sees in the figure, in a sentence, for those who do not see it.
    pub description: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Whether one unit of x is to be as long as one unit of y.
    pub equal_aspect: bool,
    /// What is drawn, the last on top. The legend lists the labels in this order, leaving out the empty ones.
    pub marks: Vec<Mark>,
}

/// Something drawn in a figure. The same `series` or `class` gives the same colour, dashes and marker shape.
///
/// What has no place on an axis (not finite, not positive on a log scale) is left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// The part of the plane where a network predicts `class`, as closed rings filled by the non-zero rule.
    Region {
        /// The class that decides the tint.
        class: usize,
        /// Outlines, holes running the other way round.
        rings: Vec<Polygon>,
    },
    /// Thin faint lines.
    Segments {
        /// The name in the legend.
        label: String,
        /// The two ends of each.
        segments: Vec<[Point; 2]>,
    },
    /// A curve through points, interrupted where one has no place on the axes.
    Line {
        /// The name in the legend.
        label: String,
        /// The number that decides colour and dashes.
        series: usize,
        /// Whether each point gets a marker.
        dotted: bool,
        /// The points in the order in which they are joined.
        points: Vec<Point>,
    },
    /// A line across the figure at one height, such as a known optimum.
    HorizontalLine {
        /// The name in the legend.
        label: String,
        /// Where it crosses the vertical axis.
        y: f64,
    },
    /// A line up the figure, such as the best epoch.
    VerticalLine {
        /// The name in the legend.
        label: String,
        /// Where it crosses the horizontal axis.
        x: f64,
    },
    /// A marker at each point.
    Scatter {
        /// The name in the legend.
        label: String,
        /// The number that decides colour and shape.
        class: usize,
        /// Where the markers stand.
        points: Vec<Point>,
    },
    /// A ring around each point, such as those misclassified.
    Rings {
        /// The name in the legend.
        label: String,
        /// The centres.
        points: Vec<Point>,
    },
}

impl Mark {
    /// The mark's name in the legend, empty if it is not to be listed.
    #[must_use]
    pub fn label(&self) -> &str {
        match self {
            Self::Region { .. } => "",
            Self::Segments { label, .. }
            | Self::Line { label, .. }
            | Self::HorizontalLine { label, .. }
            | Self::VerticalLine { label, .. }
            | Self::Scatter { label, .. }
            | Self::Rings { label, .. } => label,
        }
    }

    /// A mark of the same look in the unit square: the sample beside the label in the legend.
    #[must_use]
    pub fn sample(&self) -> Self {
        let label = String::new();
        // A little inside, for the round ends and the markers.
        let (left, centre, right) = ([0.13, 0.5], [0.5, 0.5], [0.87, 0.5]);
        match *self {
            Self::Region { class, .. } => {
                Self::Region { class, rings: vec![vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]] }
            }
            Self::Segments { .. } => Self::Segments { label, segments: vec![[left, right]] },
            Self::Line { series, dotted, .. } => {
                Self::Line { label, series, dotted, points: vec![left, right] }
            }
            Self::HorizontalLine { .. } => Self::HorizontalLine { label, y: 0.5 },
            Self::VerticalLine { .. } => Self::VerticalLine { label, x: 0.5 },
            Self::Scatter { class, .. } => Self::Scatter { label, class, points: vec![centre] },
            Self::Rings { .. } => Self::Rings { label, points: vec![centre] },
        }
    }
}
