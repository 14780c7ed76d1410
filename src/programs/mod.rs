//! The parts that the programs in `src/bin` share. Not an API. Each file imports only files above it.
//!
//! Functions that print return [`Error::Output`](crate::Error::Output), those that write files
//! [`Error::File`](crate::Error::File), beside the errors that their own documentation names.

pub mod arguments;
pub mod check;
pub mod cli;
pub mod console;
pub mod data;
pub mod experiments;
pub mod findings;
pub mod flowers;
pub mod options;
pub mod outcome;
pub mod output;
pub mod planar;
pub mod predict;
pub mod run;
pub mod settings;
pub mod spiral;
pub mod terminal;

pub use check::{draw_check, print_check};
pub use console::Console;
pub use options::Options;
pub use outcome::Outcome;
pub use run::Run;
