//! The parts that the programs in `src/bin` share. Not an API. Each file imports only files above it.
//!
//! Functions that print return [`Error::Output`](crate::Error::Output), those that write files
//! [`Error::File`](crate::Error::File), beside the errors that their own documentation names.
//!
//! | file | contents |
//! |---|---|
//! | `settings` | the six problems with their settings |
//! | `arguments`, `terminal`, `output`, `spiral` | reading of arguments; terminal; atomic files; fresh spirals |
//! | `options` | the flags of the six programs and the [`Options`] that they set |
//! | `console` | the [`Console`], which prints lines and writes files |
//! | `data`, `check`, `experiments`, `findings`, `outcome`, `run` | the parts of every run: data; gradient check; further training runs; findings in words; scores and losses; first parameters, training and saved parameters |
//! | `one_step`, `predict` | one step of back-propagation in numbers; predictions by saved parameters |
//! | `planar`, `flowers` | results and figures of problem 1 and of problem 2 |
//! | `cli` | help, messages and exit statuses of every program; the `main` of the six |

pub mod arguments;
pub mod check;
pub mod cli;
pub mod console;
pub mod data;
pub mod experiments;
pub mod findings;
pub mod flowers;
pub mod one_step;
pub mod options;
pub mod outcome;
pub mod output;
pub mod planar;
pub mod predict;
pub mod run;
pub mod settings;
pub mod spiral;
pub mod terminal;

pub use check::{draw_check, errors_over_seeds, print_check};
pub use console::Console;
pub use options::Options;
pub use outcome::Outcome;
pub use run::Run;
