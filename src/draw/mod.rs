//! Drawing without a plotting library: a figure is described once, laid out, and written as SVG.
//!
//! A [`Page`] is data: a title, and [`Figure`]s of two [`Axis`]es and a list of [`Mark`]s in the data's own units. [`svg()`] draws it. Nothing
//! here knows of networks, and nothing depends on the platform: the same figure gives the same bytes everywhere.

mod axis;
mod figure;
mod layout;
mod ppm;
mod shapes;
mod svg;
mod text;
mod theme;

pub use axis::{Axis, Scale};
pub use figure::{Figure, Frame, Look, Mark, Page, Point, Polygon};
pub use ppm::ppm;
pub use svg::svg;
pub(crate) use text::typeset;
