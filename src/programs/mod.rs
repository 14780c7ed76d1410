//! What the programs in `src/bin` share: flags, settings, output, experiments, tuning. Not an API.

pub mod arguments;
pub mod cli;
pub mod experiments;
pub mod output;
pub mod progress;
pub mod report;
pub mod settings;
pub mod spiral;
pub mod terminal;
pub mod tuning;
