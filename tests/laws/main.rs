//! The promises of the library. No test here starts a program: those that do are in `tests/programs/`.
#![forbid(unsafe_code)]

#[path = "../common/mod.rs"]
mod common;

mod architecture;
mod checkpoint;
mod data;
mod diagnosis;
mod drawing;
mod elementary;
mod equations;
mod errors;
mod experiments;
mod fuzz;
mod generator;
mod gradients;
mod high_precision;
mod initialisation;
mod kernels;
mod output;
mod reader;
mod scaling;
mod softmax;
mod theorems;
mod training;
mod verdicts;
