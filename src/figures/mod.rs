//! The figures of this homework: functions from results to a [`Figure`](crate::draw::Figure) or a
//! [`Page`](crate::draw::Page), and sketches in characters. They compute no results.

mod losses;
mod maps;
mod networks;
mod one_step;
mod outlines;
mod petals;
mod ranges;
mod regions;
mod samples;
mod sketch;
mod units;

pub use losses::{check_errors, loss_curves, loss_pages};
pub use maps::{data_map, decision_maps, map_pixels, ties};
pub use networks::gates;
pub use one_step::one_step;
pub use petals::petals;
pub use regions::PlanarNetwork;
pub use sketch::{character_map, sparkline};
pub use units::{Part, hidden_plane, parts, units};
