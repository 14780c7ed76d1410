//! The mathematics: matrices, the three models with their hand-derived gradients, and the arithmetic below them. Imports
//! nothing but itself and std, as a test holds.

mod blocks;
pub mod exp_ln;
pub mod formula;
pub mod init;
pub mod kernels;
pub mod matrix;
pub mod mlp1;
pub mod mlp2;
pub mod model;
pub mod order;
pub mod relu;
pub mod rng;
pub mod softmax;
pub mod softmax_regression;
pub mod tile;
