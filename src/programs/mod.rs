//! What the programs in `src/bin` share: flags, settings, output, experiments, sweeps. Not an API.

pub mod arguments;
pub mod cli;
pub mod criteria;
pub mod experiments;
pub mod output;
pub mod progress;
pub mod ranking;
pub mod report;
pub mod settings;
pub mod spiral;
pub mod studies;
pub mod sweep;
pub mod table;
pub mod terminal;
