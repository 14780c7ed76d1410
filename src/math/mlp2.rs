//! The multilayer perceptron with two hidden layers (handout 3.2): Θ = {W₁, b₁, W₂, b₂, W₃, b₃}.
//!
//! The handout leaves its equations to the reader. They are those of one hidden layer with one more turn:
//!
//! ```text
//! h1_pre = X·W₁ + b₁      h1 = φ(h1_pre)                      as equation 6
//! h2_pre = h1·W₂ + b₂     h2 = φ(h2_pre)                      as equation 6
//! f      = h2·W₃ + b₃     p  = softmax(f)                     as equation 7
//!
//! ∂J/∂f = (p − 1[y])/N                                        equation 2
//! ∂J/∂W₃ = h2ᵀ·∂J/∂f + λW₃          ∂J/∂b₃ = Σₙ ∂J/∂f         as equations 11, 12
//! ∂J/∂h2_pre = (∂J/∂f·W₃ᵀ) ⊗ 1[h2_pre > 0]                    as equations 9, 10
//! ∂J/∂W₂ = h1ᵀ·∂J/∂h2_pre + λW₂     ∂J/∂b₂ = Σₙ ∂J/∂h2_pre    as equations 11, 12
//! ∂J/∂h1_pre = (∂J/∂h2_pre·W₂ᵀ) ⊗ 1[h1_pre > 0]               as equations 9, 10
//! ∂J/∂W₁ = Xᵀ·∂J/∂h1_pre + λW₁      ∂J/∂b₁ = Σₙ ∂J/∂h1_pre    as equations 13, 14
//! ```

use crate::math::linear::Linear;
use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter};
use crate::math::softmax::softmax_loss;
use crate::training::dataset::Tile;

/// `p = softmax(φ(φ(X·W₁ + b₁)·W₂ + b₂)·W₃ + b₃)` from D inputs through H1, then H2 rectifiers to K classes.
#[derive(Debug, Clone, PartialEq)]
pub struct Mlp2<const D: usize, const H1: usize, const H2: usize, const K: usize> {
    /// W₁ (D×H1) and b₁ (1×H1).
    pub hidden1: Linear<D, H1>,
    /// W₂ (H1×H2) and b₂ (1×H2).
    pub hidden2: Linear<H1, H2>,
    /// W₃ (H2×K) and b₃ (1×K).
    pub output: Linear<H2, K>,
}

/// The buffers of [`Mlp2`] for a tile of N samples; `d_…` is ∂J/∂….
#[derive(Debug)]
pub struct Tape<const N: usize, const H1: usize, const H2: usize, const K: usize> {
    h1: Matrix<N, H1>,
    h2: Matrix<N, H2>,
    f: Matrix<N, K>,
    d_f: Matrix<N, K>,
    d_h2_pre: Matrix<N, H2>,
    d_h1_pre: Matrix<N, H1>,
}

impl<const D: usize, const H1: usize, const H2: usize, const K: usize> Model<D, K> for Mlp2<D, H1, H2, K> {
    type Tape<const N: usize> = Tape<N, H1, H2, K>;

    fn tape<const N: usize>() -> Tape<N, H1, H2, K> {
        Tape {
            h1: Matrix::zeros(),
            h2: Matrix::zeros(),
            f: Matrix::zeros(),
            d_f: Matrix::zeros(),
            d_h2_pre: Matrix::zeros(),
            d_h1_pre: Matrix::zeros(),
        }
    }

    fn zeros() -> Self {
        Mlp2 { hidden1: Linear::zeros(), hidden2: Linear::zeros(), output: Linear::zeros() }
    }

    fn forward<const N: usize>(&self, x: &Matrix<N, D>, tape: &mut Tape<N, H1, H2, K>) {
        self.hidden1.forward_relu(x, &mut tape.h1); //                                      N×H1
        self.hidden2.forward_relu(&tape.h1, &mut tape.h2); //                               N×H2
        self.output.forward(&tape.h2, &mut tape.f); //                                      N×K
    }

    fn loss_and_gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        scale: f64,
        tape: &mut Tape<N, H1, H2, K>,
        gradient: &mut Self,
    ) -> [f64; N] {
        self.forward(&tile.x, tape);
        let losses = softmax_loss(&tape.f, &tile.labels, tile.count, scale, &mut tape.d_f); // N×K
        gradient.output.accumulate(&tape.h2, &tape.d_f); //                                 H2×K, 1×K
        self.output.backward_relu(&tape.d_f, &tape.h2, &mut tape.d_h2_pre); //              N×H2
        gradient.hidden2.accumulate(&tape.h1, &tape.d_h2_pre); //                           H1×H2, 1×H2
        self.hidden2.backward_relu(&tape.d_h2_pre, &tape.h1, &mut tape.d_h1_pre); //        N×H1
        gradient.hidden1.accumulate(&tile.x, &tape.d_h1_pre); //                            D×H1, 1×H1
        losses
    }

    fn penalty(&self, lambda: f64) -> f64 {
        let hidden = self.hidden2.squared_weights() + self.hidden1.squared_weights();
        lambda / 2.0 * (self.output.squared_weights() + hidden)
    }

    fn penalty_gradient(&self, lambda: f64, gradient: &mut Self) {
        gradient.hidden1.set_to_penalty_gradient(&self.hidden1, lambda);
        gradient.hidden2.set_to_penalty_gradient(&self.hidden2, lambda);
        gradient.output.set_to_penalty_gradient(&self.output, lambda);
    }

    fn descend(&mut self, gradient: &Self, step_size: f64) {
        self.hidden1.descend(&gradient.hidden1, step_size);
        self.hidden2.descend(&gradient.hidden2, step_size);
        self.output.descend(&gradient.output, step_size);
    }

    fn scores<const N: usize>(tape: &Tape<N, H1, H2, K>) -> &Matrix<N, K> {
        &tape.f
    }

    fn hidden_layers<const N: usize>(tape: &Tape<N, H1, H2, K>) -> Vec<&[f64]> {
        vec![tape.h1.values(), tape.h2.values()]
    }

    fn parameters(&self) -> Vec<Parameter<&[f64]>> {
        let hidden1 = self.hidden1.parameters(["W1", "b1"]);
        let hidden2 = self.hidden2.parameters(["W2", "b2"]);
        let output = self.output.parameters(["W3", "b3"]);
        hidden1.into_iter().chain(hidden2).chain(output).collect()
    }

    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>> {
        let hidden1 = self.hidden1.parameters_mut(["W1", "b1"]);
        let hidden2 = self.hidden2.parameters_mut(["W2", "b2"]);
        let output = self.output.parameters_mut(["W3", "b3"]);
        hidden1.into_iter().chain(hidden2).chain(output).collect()
    }
}
