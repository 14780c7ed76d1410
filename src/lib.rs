//! Back-propagation by hand: softmax regression and ReLU networks with one and two hidden layers, whose every
//! gradient is one auditable line, on the standard library alone.
//!
//! The specification is a course homework ("the handout": IST 597, Homework 2, *Back-Propagation of Errors and
//! Multilayer Perceptrons*). Its letters are the names here: N samples of D inputs are the rows of X, a hidden
//! layer has H units, there are K classes; `d_f` is ∂J/∂f.
//!
//! # A network for your own data
//!
//! A file with rows of inputs and then a class, a network of any width, its gradient checked, trained, asked:
//!
//! ```
//! use backprop::{Batches, Dataset, Error, Hyperparameters, Init, Matrix, Mlp1, Model, Rng, Split, WeightInit};
//!
//! fn main() -> Result<(), Error> {
//!     let data = Dataset::<2, 2>::read("data/xor.dat", None)?; // 2 inputs, 2 classes
//!     let init = Init { weights: WeightInit::Mirrored, bias: 0.5 };
//!     let mut network = Mlp1::<2, 6, 2>::initialised(&init, &mut Rng::new(0)); // 6 hidden units
//!     println!("{network}");
//!
//!     for verdict in backprop::check_gradient(&network, &data, 1e-3) {
//!         assert!(verdict.is_correct(), "{verdict:?}");
//!     }
//!
//!     let hyper = Hyperparameters { epochs: 1000, step_size: 1.0, lambda: 0.0 };
//!     let history = backprop::train(&mut network, Split::training(&data), Batches::Full, &hyper, |_, scores, _| {
//!         if scores.epoch % 100 == 0 {
//!             println!("epoch {}: loss {:.6}", scores.epoch, scores.training.loss());
//!         }
//!         Ok::<(), Error>(())
//!     })?;
//!     println!("{} of {} right", history[1000].training.correct, data.len());
//!     println!("p = {:.3?} for (1, 0)", network.probabilities(&Matrix::from_rows([[1.0, 0.0]]))[0]);
//!     Ok(())
//! }
//! ```
//!
//! # The map
//!
//! | folder, which knows only those above it | contents |
//! |---|---|
//! | [`math`] | [matrices](math::matrix), [formulas](math::formula), the three models ([softmax regression](math::softmax_regression), [one](math::mlp1) and [two](math::mlp2) hidden layers) and their [interface](math::model), the [first parameters](math::init), and the [kernels](math::kernels), [exp and ln](math::exp_ln), [random numbers](math::rng) below them |
//! | [`training`] | [data](training::dataset), [gradient descent](training::train), [standardised inputs](training::scaling), [findings](training::diagnosis) about a run, [saved parameters](training::checkpoint) |
//! | [`proof`] | the [gradient check](proof::gradient_check), the [difference](proof::exact_difference) it compares with, one [step](proof::one_step) in numbers, and the hard-coded [gate](proof::xor_gate) of Figure 1b |
//! | [`draw`] | figures as SVG and PPM |
//! | [`figures`] | this homework's figures |
//! | [`programs`] | code that the programs share |
//!
//! # Equations
//!
//! The line that computes an equation of the handout carries its number, `// Eq. (n)`; the README has the table. Derivations:
//! [softmax to p − 1](math::softmax#why-the-gradient-is-p--1y), [gate](math::relu#why-the-gradient-passes-a-gate), [matrix
//! products and bias sums](math::formula#why-the-gradients-are-these-products), [second hidden layer](math::mlp2).
//!
//! # Shapes are types
//!
//! Layer widths are const generics. Layers that do not fit do not compile:
//!
//! ```compile_fail,E0308
//! use backprop::{Matrix, Mlp1};
//!
//! let (w1, b1) = (Matrix::<2, 6>::zeros(), Matrix::zeros());
//! let (w2, b2) = (Matrix::<5, 3>::zeros(), Matrix::zeros());
//! let network: Mlp1<2, 6, 3> = Mlp1 { w1, b1, w2, b2 }; // expected `6`, found `5`
//! ```
//!
//! # The same bits everywhere
//!
//! A seed gives the same parameters, losses and files in every build and on every platform whose `f64` is IEEE 754's
//! (Rust's is, but on x86 without SSE2): only `+ − × ÷ √` and comparisons are used, in a fixed order; [`math::exp_ln`] has
//! its own exponential and logarithm.
#![forbid(unsafe_code)]
#![expect(clippy::must_use_candidate, reason = "only what might seem to change its argument has it")]

#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!(
    "without SSE2, x86 computes in 80-bit registers, and results are not the same bits as elsewhere"
);

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, or it saturates: pixels")]
pub mod draw;
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small, or it saturates: places")]
pub mod figures;
pub mod math;
#[expect(
    clippy::missing_errors_doc,
    reason = "not an API; its documentation says once which errors there are"
)]
pub mod programs;
pub mod proof;
pub mod training;

pub use math::init::{Init, WeightInit};
pub use math::matrix::Matrix;
pub use math::mlp1::Mlp1;
pub use math::mlp2::Mlp2;
pub use math::model::Model;
pub use math::rng::Rng;
pub use math::softmax_regression::SoftmaxRegression;
pub use proof::gradient_check::check_gradient;
pub use training::dataset::Dataset;
pub use training::error::Error;
pub use training::train::{Batches, Hyperparameters, Split, train};
