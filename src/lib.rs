#![forbid(unsafe_code)]
pub mod error;

pub mod matrix;

pub mod matmul;

pub mod elementary;

pub mod rng;

pub mod dataset;

pub mod model;

pub mod linear;
pub mod relu;
pub mod softmax;

pub mod mlp1;
pub mod mlp2;
pub mod softmax_regression;

pub mod cli;
pub mod gradient_check;
pub mod report;
pub mod train;
pub mod xor_gate;
