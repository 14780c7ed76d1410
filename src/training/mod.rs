//! Training: data, gradient descent, findings about a finished run, and saved parameters.

pub mod checkpoint;
pub mod dataset;
pub mod diagnosis;
pub mod error;
pub mod fingerprint;
pub mod history;
pub mod holdout;
pub mod names;
pub mod numbers;
pub mod reader;
pub mod scaling;
pub mod score;
pub mod table;
pub mod train;
