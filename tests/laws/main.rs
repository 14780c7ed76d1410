//! The promises of the library. No test here starts a program: those that do are in `tests/programs/`.
#![forbid(unsafe_code)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/schoolbook.rs"]
mod schoolbook;

use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, XOR};

fn xor() -> Dataset<2, 2> {
    XOR.load(None).unwrap()
}

fn spiral() -> Dataset<2, 3> {
    SPIRAL_TRAIN.load(None).unwrap()
}

/// Training and validation data.
fn flowers() -> [Dataset<4, 3>; 2] {
    [IRIS_TRAIN, IRIS_TEST].map(|source| source.load(None).unwrap())
}

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
