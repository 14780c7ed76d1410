//! Back-propagation by hand: softmax regression and ReLU networks with one and two hidden layers, whose every
//! gradient is one auditable line, on the standard library alone.
//!
//! The specification is a course homework ("the handout": IST 597, Homework 2, *Back-Propagation of Errors and
//! Multilayer Perceptrons*). Its letters are the names here: N samples of D inputs are the rows of X, a hidden
//! layer has H units, there are K classes; `d_f` is ∂J/∂f.
//!
//! # Where each equation is
//!
//! The line that computes an equation carries its number as a comment, `// Eq. (n)`.
//!
//! | equation | as computed here | where |
//! |---|---|---|
//! | 1 | `p_k = e^(f_k) / Σⱼ e^(f_j)` | [`softmax::Shares::of`](softmax::softmax) |
//! | 2 | `∂J/∂f = (p − 1[y = k]) / N` | [`softmax::softmax_loss`] |
//! | 3 | `∂J/∂W = Xᵀ·∂J/∂f + λW` | [`softmax_regression::SoftmaxRegression::loss_and_gradient`](softmax_regression::SoftmaxRegression#method.loss_and_gradient) |
//! | 4 | `∂J/∂b = Σₙ ∂J/∂f` | [`softmax_regression::SoftmaxRegression::loss_and_gradient`](softmax_regression::SoftmaxRegression#method.loss_and_gradient) |
//! | 5 | `∂J/∂θ ≈ (J(θ + ε) − J(θ − ε)) / 2ε` | [`gradient_check::numerical_gradient`] |
//! | 6 | `h_pre = X·W₁ + b₁, h = φ(h_pre)` | [`mlp1::Mlp1::forward`](mlp1::Mlp1#method.forward) |
//! | 7 | `f = h·W₂ + b₂, p = softmax(f)` | [`mlp1::Mlp1::forward`](mlp1::Mlp1#method.forward) |
//! | 8 | `J = −Σ log p_y / N + (λ/2)·(ΣW₁² + ΣW₂²)` | [`train::cost`](train::Trainer#method.evaluate) |
//! | 9 | `∂J/∂h = ∂J/∂f·W₂ᵀ` | [`mlp1::Mlp1::loss_and_gradient`](mlp1::Mlp1#method.loss_and_gradient) |
//! | 10 | `∂J/∂h_pre = ∂J/∂h ⊗ 1[h_pre > 0]` | [`mlp1::Mlp1::loss_and_gradient`](mlp1::Mlp1#method.loss_and_gradient) |
//! | 11 | `∂J/∂W₂ = hᵀ·∂J/∂f + λW₂` | [`mlp1::Mlp1::loss_and_gradient`](mlp1::Mlp1#method.loss_and_gradient) |
//! | 12 | `∂J/∂b₂ = Σₙ ∂J/∂f` | [`mlp1::Mlp1::loss_and_gradient`](mlp1::Mlp1#method.loss_and_gradient) |
//! | 13 | `∂J/∂W₁ = Xᵀ·∂J/∂h_pre + λW₁` | [`mlp1::Mlp1::loss_and_gradient`](mlp1::Mlp1#method.loss_and_gradient) |
//! | 14 | `∂J/∂b₁ = Σₙ ∂J/∂h_pre` | [`mlp1::Mlp1::loss_and_gradient`](mlp1::Mlp1#method.loss_and_gradient) |
//! | 15 | `W₁ −= α·∂J/∂W₁, b₁ −= α·∂J/∂b₁` | [`mlp1::Mlp1::descend`](mlp1::Mlp1#method.descend) |
//! | 16 | `W₂ −= α·∂J/∂W₂, b₂ −= α·∂J/∂b₂` | [`mlp1::Mlp1::descend`](mlp1::Mlp1#method.descend) |
//!
//! J stands in equation 1 too. Its penalty comes from [`Mlp1::penalty`](mlp1::Mlp1#method.penalty), the penalty's share of
//! 3, 11 and 13 from [`Linear::set_to_penalty_gradient`](linear::Linear::set_to_penalty_gradient), the 1/N of 2 from
//! [`Trainer::gradient`](train::Trainer::gradient); the p of 7 is that of 1. The derivations that the handout leaves to the
//! reader, each step tried on numbers: [softmax to p − 1](softmax#why-the-gradient-is-p--1y), the
//! [gate](relu#why-the-gradient-passes-a-gate), the [matrix products and bias
//! sums](linear#why-the-gradients-are-these-products).
//!
//! The second hidden layer, which the handout leaves to the reader, is in [`mlp2`].
//!
//! # Shapes are types
//!
//! Layer widths are const generics. A network whose layers do not fit does not compile:
//!
//! ```
//! use backprop::{math::linear::Linear, math::matrix::Matrix};
//!
//! let layer = Linear::<2, 6>::zeros();
//! let x = Matrix::<4, 2>::zeros();
//! let mut out = Matrix::<4, 6>::zeros();
//! layer.forward(&x, &mut out);
//! ```
//!
//! ```compile_fail,E0308
//! use backprop::{math::linear::Linear, math::matrix::Matrix};
//!
//! let layer = Linear::<2, 6>::zeros();
//! let x = Matrix::<4, 3>::zeros();
//! let mut out = Matrix::<4, 6>::zeros();
//! layer.forward(&x, &mut out); // expected `2`, found `3`
//! ```
//!
//! ```compile_fail,E0308
//! use backprop::{math::linear::Linear, math::matrix::Matrix};
//!
//! let layer = Linear::<2, 6>::zeros();
//! let x = Matrix::<4, 2>::zeros();
//! let mut out = Matrix::<4, 5>::zeros();
//! layer.forward(&x, &mut out); // expected `6`, found `5`
//! ```
//!
//! ```compile_fail,E0308
//! use backprop::{math::linear::Linear, math::matrix::Matrix};
//!
//! let layer = Linear::<2, 6>::zeros();
//! let x = Matrix::<4, 2>::zeros();
//! let mut out = Matrix::<5, 6>::zeros();
//! layer.forward(&x, &mut out); // expected `4`, found `5`
//! ```
//!
//! The second layer of a network must take what the first one gives:
//!
//! ```
//! use backprop::{math::linear::Linear, math::mlp1::Mlp1};
//!
//! let network = Mlp1 { hidden: Linear::<2, 6>::zeros(), output: Linear::<6, 3>::zeros() };
//! ```
//!
//! ```compile_fail,E0308
//! use backprop::{math::linear::Linear, math::mlp1::Mlp1};
//!
//! let network = Mlp1 { hidden: Linear::<2, 6>::zeros(), output: Linear::<5, 3>::zeros() };
//! ```
//!
//! And a dataset must be one that the network is made for:
//!
//! ```
//! use backprop::{training::dataset, math::mlp1::Mlp1, math::model::Model, training::train::Trainer};
//!
//! let data = dataset::XOR.load::<2, 2>(None)?;
//! let score = Trainer::<_, 2, 2, 4>::new().evaluate(&Mlp1::<2, 6, 2>::zeros(), &data, 0.0);
//! assert_eq!(score.loss, std::f64::consts::LN_2);
//! # Ok::<(), backprop::training::error::Error>(())
//! ```
//!
//! ```compile_fail,E0277
//! use backprop::{training::dataset, math::mlp1::Mlp1, math::model::Model, training::train::Trainer};
//!
//! let data = dataset::XOR.load::<2, 2>(None)?;
//! let score = Trainer::<_, 2, 2, 4>::new().evaluate(&Mlp1::<3, 6, 2>::zeros(), &data, 0.0);
//! # Ok::<(), backprop::training::error::Error>(())
//! ```
//!
//! # The same bits everywhere
//!
//! A seed gives the same parameters, losses and files in every build and on every platform whose `f64` is IEEE 754's
//! (Rust's is, but on x86 without SSE2): only `+ − × ÷ √` and comparisons are used, in a fixed order; [`elementary`] has
//! its own exponential and logarithm.
#![forbid(unsafe_code)]

pub mod math;

pub mod training;

pub mod proof;

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pixels, ticks and bytes of colour are small numbers; one that does not fit saturates"
)]
pub mod draw;

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "characters and squares of a grid are small numbers; one that does not fit saturates"
)]
pub mod figures;

pub mod programs;
