//! The choice of the default settings: studies, their rows in CSV, rankings as tables. `answers` has this folder too.

pub(crate) mod ranking;
pub(crate) mod row;
pub(crate) mod study;
