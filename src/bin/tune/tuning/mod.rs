//! Choice of the default settings: the studies of `tune`, their rows in CSV, rankings as tables. `answers` has this folder
//! too.

mod criteria;
pub(crate) mod markdown;
pub(crate) mod ranking;
pub(crate) mod row;
pub(crate) mod studies;
