//! Drawing without a plotting library: a figure is described once, laid out, and written as SVG.
//!
//! A [`Figure`] is data: a title, two [`Axis`]es, a list of [`Mark`]s in the data's own units. [`svg()`] draws it. Nothing
//! here knows of networks, and nothing depends on the platform: the same figure gives the same bytes everywhere.
//!
//! | file | contents |
//! |---|---|
//! | `figure` | the parts of a figure |
//! | `axis` | scales and ticks |
//! | `layout`, `text` | margins, legend, the room for text |
//! | `shapes`, `theme` | the shapes that marks become on the page, and their colours |
//! | `svg` | from shapes to SVG |
//! | `ppm` | regions alone, pixel by pixel |
//!
//! ```
//! use backprop::draw::{Aspect, Axis, Figure, Frame, Mark, Scale, svg};
//!
//! let line = Mark::Line { label: "training".to_owned(), series: 0, dotted: true, points: vec![[0.0, 1.1], [1.0, 0.5]] };
//! let figure = Figure {
//!     title: "Iris, 4-100-3".to_owned(),
//!     subtitle: "step 0.01, seed 1".to_owned(),
//!     description: "The loss falls.".to_owned(),
//!     x: Axis::new("epoch", [0.0, 1.0], Scale::Linear),
//!     y: Axis::new("loss", [0.0, 1.2], Scale::Linear),
//!     aspect: Aspect::Usual,
//!     frame: Frame::Axes,
//!     marks: vec![line],
//! };
//! assert!(svg(&figure).starts_with("<svg"));
//! ```

mod axis;
mod figure;
mod layout;
mod ppm;
mod shapes;
mod svg;
mod text;
mod theme;

#[cfg(test)]
mod samples;

pub use axis::{Axis, Scale};
pub(crate) use axis::{drawable, extent, widened};
pub use figure::{Aspect, Figure, Frame, Mark, Page, Point, Polygon, Tile, Wire};
pub(crate) use layout::{note_width, panel_width};
pub use ppm::ppm;
pub use svg::{svg, svg_page};
