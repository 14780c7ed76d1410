//! The programs as their users start them, and what else only they can show. `tests/laws/` needs the library alone.
#![forbid(unsafe_code)]

mod common;

mod checkpoint;
mod committed;
mod downstream;
mod figures;
mod one_step;
mod output;
mod prediction;
mod programs;
mod tuning;
mod usage;
