//! The multilayer perceptron with one hidden layer (handout 2.3): Θ = {W₁, b₁, W₂, b₂}.
//!
//! The backward pass is the chain rule from the cost to the inputs, one factor at a time: through
//! [softmax and its loss](crate::math::softmax#why-the-gradient-is-p--1y), through the
//! [output layer](crate::math::linear#why-the-gradients-are-these-products), through the
//! [rectifier](crate::math::relu#why-the-gradient-passes-a-gate) and through the hidden layer. Each derivation is behind its link.

use crate::math::linear::Linear;
use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter};
use crate::math::softmax::softmax_loss;
use crate::training::dataset::Tile;

/// `p = softmax(φ(X·W₁ + b₁)·W₂ + b₂)` from D inputs through H rectifiers to K classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp1<const D: usize, const H: usize, const K: usize> {
    /// W₁ (D×H) and b₁ (1×H).
    pub hidden: Linear<D, H>,
    /// W₂ (H×K) and b₂ (1×K).
    pub output: Linear<H, K>,
}

/// The buffers of [`Mlp1`] for a tile of N samples; `d_…` is ∂J/∂….
#[derive(Debug)]
pub struct Tape<const N: usize, const H: usize, const K: usize> {
    h: Matrix<N, H>,
    f: Matrix<N, K>,
    d_f: Matrix<N, K>,
    d_h_pre: Matrix<N, H>,
}

impl<const D: usize, const H: usize, const K: usize> Model<D, K> for Mlp1<D, H, K> {
    type Tape<const N: usize> = Tape<N, H, K>;

    fn tape<const N: usize>() -> Tape<N, H, K> {
        Tape { h: Matrix::zeros(), f: Matrix::zeros(), d_f: Matrix::zeros(), d_h_pre: Matrix::zeros() }
    }

    fn zeros() -> Self {
        Mlp1 { hidden: Linear::zeros(), output: Linear::zeros() }
    }

    fn forward<const N: usize>(&self, x: &Matrix<N, D>, tape: &mut Tape<N, H, K>) {
        self.hidden.forward_relu(x, &mut tape.h); // Eq. (6)                                N×H
        self.output.forward(&tape.h, &mut tape.f); // Eq. (7)                               N×K
    }

    fn loss_and_gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        scale: f64,
        tape: &mut Tape<N, H, K>,
        gradient: &mut Self,
    ) -> [f64; N] {
        self.forward(&tile.x, tape);
        let losses = softmax_loss(&tape.f, &tile.labels, tile.count, scale, &mut tape.d_f); // N×K
        gradient.output.accumulate(&tape.h, &tape.d_f); // Eq. (11), Eq. (12)                H×K, 1×K
        self.output.backward_relu(&tape.d_f, &tape.h, &mut tape.d_h_pre); // Eq. (9), Eq. (10)  N×H
        gradient.hidden.accumulate(&tile.x, &tape.d_h_pre); // Eq. (13), Eq. (14)           D×H, 1×H
        losses
    }

    fn penalty(&self, lambda: f64) -> f64 {
        lambda / 2.0 * (self.output.squared_weights() + self.hidden.squared_weights())
    }

    fn penalty_gradient(&self, lambda: f64, gradient: &mut Self) {
        gradient.hidden.set_to_penalty_gradient(&self.hidden, lambda);
        gradient.output.set_to_penalty_gradient(&self.output, lambda);
    }

    fn descend(&mut self, gradient: &Self, step_size: f64) {
        self.hidden.descend(&gradient.hidden, step_size); // Eq. (15)
        self.output.descend(&gradient.output, step_size); // Eq. (16)
    }

    fn scores<const N: usize>(tape: &Tape<N, H, K>) -> &Matrix<N, K> {
        &tape.f
    }

    fn hidden_layers<const N: usize>(tape: &Tape<N, H, K>) -> Vec<&[f64]> {
        vec![tape.h.values()]
    }

    fn parameters(&self) -> Vec<Parameter<&[f64]>> {
        let hidden = self.hidden.parameters(["W1", "b1"]);
        let output = self.output.parameters(["W2", "b2"]);
        hidden.into_iter().chain(output).collect()
    }

    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>> {
        let hidden = self.hidden.parameters_mut(["W1", "b1"]);
        let output = self.output.parameters_mut(["W2", "b2"]);
        hidden.into_iter().chain(output).collect()
    }
}
