//! Drawing without a plotting library: a figure is described once, laid out, and written as SVG.
//!
//! A [`Page`] is data: a title, and [`Figure`]s of two [`Axis`]es and a list of [`Mark`]s in the data's own units. [`svg()`] draws it. Nothing
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
