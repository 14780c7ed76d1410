//! Softmax regression (handout 2.1): a network without hidden units, Θ = {W, b}.

use crate::math::linear::Linear;
use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter};
use crate::math::softmax::softmax_loss;
use crate::training::dataset::Tile;

/// `p = softmax(X·W + b)` from D inputs to K classes.
#[derive(Debug, Clone, PartialEq)]
pub struct SoftmaxRegression<const D: usize, const K: usize> {
    /// W (D×K) and b (1×K).
    pub output: Linear<D, K>,
}

/// The buffers of [`SoftmaxRegression`] for a tile of N samples.
#[derive(Debug)]
pub struct Tape<const N: usize, const K: usize> {
    f: Matrix<N, K>,
    d_f: Matrix<N, K>,
}

impl<const D: usize, const K: usize> Model<D, K> for SoftmaxRegression<D, K> {
    type Tape<const N: usize> = Tape<N, K>;

    fn tape<const N: usize>() -> Tape<N, K> {
        Tape { f: Matrix::zeros(), d_f: Matrix::zeros() }
    }

    fn zeros() -> Self {
        SoftmaxRegression { output: Linear::zeros() }
    }

    fn forward<const N: usize>(&self, x: &Matrix<N, D>, tape: &mut Tape<N, K>) {
        self.output.forward(x, &mut tape.f); //                                             N×K
    }

    fn loss_and_gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        scale: f64,
        tape: &mut Tape<N, K>,
        gradient: &mut Self,
    ) -> [f64; N] {
        self.forward(&tile.x, tape);
        let losses = softmax_loss(&tape.f, &tile.labels, tile.count, scale, &mut tape.d_f); // N×K
        gradient.output.accumulate(&tile.x, &tape.d_f); // Eq. (3), Eq. (4)                  D×K, 1×K
        losses
    }

    fn penalty(&self, lambda: f64) -> f64 {
        lambda / 2.0 * self.output.squared_weights()
    }

    fn penalty_gradient(&self, lambda: f64, gradient: &mut Self) {
        gradient.output.set_to_penalty_gradient(&self.output, lambda);
    }

    fn descend(&mut self, gradient: &Self, step_size: f64) {
        self.output.descend(&gradient.output, step_size);
    }

    fn scores<const N: usize>(tape: &Tape<N, K>) -> &Matrix<N, K> {
        &tape.f
    }

    fn hidden_layers<const N: usize>(_tape: &Tape<N, K>) -> Vec<&[f64]> {
        Vec::new()
    }

    fn parameters(&self) -> Vec<Parameter<&[f64]>> {
        self.output.parameters(["W", "b"]).into()
    }

    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>> {
        self.output.parameters_mut(["W", "b"]).into()
    }
}
