//! Figures that explain, without a plotting library: described once, drawn as SVG or PPM.
//!
//! A [`Figure`] is data: a title, two [`Axis`]es, a list of [`Mark`]s in the data's own units. [`svg()`] and [`ppm()`]
//! draw it; both go through one layout, so no plot writes coordinates by hand, and neither depends on the platform:
//! the same figure gives the same bytes everywhere.
//!
//! | file | what it does |
//! |---|---|
//! | `figure` | what a figure is |
//! | `axis` | scales and ticks |
//! | `figures` | the ready ones: [`loss_curves`], [`check_errors`], `decision_map` |
//! | `pages`, `networks`, `heat` | several on a page: [`decision_maps`], [`petals`], [`gates`] … |
//! | `regions`, `outlines` | the exact decision regions of a network with two inputs, and their outlines |
//! | `shapes`, `theme` | what marks become on the page, in which colours |
//! | `scene`, `text` | the layout: margins, legend, the room for text |
//! | `svg`, `ppm` | from shapes to bytes |
//! | `sketch` | figures in characters |
//!
//! ```
//! use backprop::plot::{loss_curves, svg};
//!
//! let figure = loss_curves("Iris, 4-100-3", "step 0.01, seed 1", 0, &[("training", &[1.1, 0.5, 0.3])], vec![]);
//! assert!(svg(&figure).starts_with("<svg"));
//! ```

mod axis;
mod figure;
mod figures;
mod heat;
mod networks;
mod outlines;
mod pages;
mod ppm;
mod regions;
mod scene;
mod shapes;
mod sketch;
mod svg;
mod text;
mod theme;

pub use axis::{Axis, Scale};
pub use figure::{Aspect, Figure, Frame, Mark, Page, Point, Polygon, Tile, Wire};
pub use figures::{check_errors, loss_curves};
pub use heat::{HeatMap, heat_maps};
pub use networks::gates;
pub use pages::{FLOWERS, confusion, data_map, decision_maps, loss_pages, petals};
pub use ppm::ppm;
pub use regions::PlanarNetwork;
pub use sketch::{character_map, sparkline};
pub use svg::{svg, svg_animation, svg_page};
