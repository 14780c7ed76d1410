//! Choice of the default settings: sweeps of many runs, their rows in CSV, rankings as tables.

mod criteria;
mod markdown;
mod ranking;
mod row;
mod studies;
pub mod sweep;

pub use markdown::markdown;
pub use ranking::Ranking;
pub use row::{Fate, Results, Row, Run, Scores, Seeds, header, init_label, key, read};
pub use studies::{DECAYS, Data, FRESH_SEEDS, STOPPED, STOPPED_BY_OTHERS, STUDIES, Study, Trial};
