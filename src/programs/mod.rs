//! The parts that the programs in `src/bin` share. Not an API.
//!
//! Functions that print return [`Error::Output`](crate::Error::Output), those that write files
//! [`Error::File`](crate::Error::File), beside the errors that their own documentation names.
//!
//! | file | contents |
//! |---|---|
//! | `arguments`, `cli`, `settings` | flags; the six programs' command line and [`Options`](cli::Options); the problems with their settings |
//! | `console`, `output`, `progress`, `terminal` | the [`Console`], which prints lines and writes files |
//! | `data`, `run`, `check`, `outcome`, `findings`, `results` | the parts of every run: data, parameters and training, gradient check, scores, findings in words; typed results |
//! | `predict` | predictions by saved parameters |
//! | `one_step` | one step of back-propagation in numbers |
//! | `planar`, `flowers`, `experiments`, `threads` | results and figures of problem 1 and of problem 2, and their further training runs |
//! | `spiral` | fresh spirals |

pub mod arguments;
pub mod check;
pub mod cli;
pub mod console;
mod data;
pub mod experiments;
pub mod findings;
pub mod flowers;
pub mod one_step;
pub mod outcome;
pub mod output;
pub mod planar;
pub mod predict;
pub mod progress;
pub mod results;
pub mod run;
pub mod settings;
pub mod spiral;
pub mod terminal;
pub mod threads;

pub use check::{GradientCheck, draw_check, print_check};
pub use console::Console;
pub use outcome::Outcome;
pub use predict::predict;
pub use run::Run;
