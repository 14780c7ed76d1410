//! Softmax regression (handout 2.1): a network without hidden units, Θ = {W, b}.

use std::fmt;

use crate::math::kernels::{Start, sum_of_squares};
use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter, describe};
use crate::math::softmax::softmax_loss;
use crate::math::tile::Tile;

/// `p = softmax(X·W + b)` from D inputs to K classes.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct SoftmaxRegression<const D: usize, const K: usize> {
    /// W, D×K.
    pub w: Matrix<D, K>,
    /// b, 1×K.
    pub b: Matrix<1, K>,
}

/// The buffers of [`SoftmaxRegression`] for a tile of N samples; `d_f` is ∂J/∂f.
#[derive(Debug, Default)]
pub struct Pass<const N: usize, const K: usize> {
    f: Matrix<N, K>,
    d_f: Matrix<N, K>,
}

impl<const D: usize, const K: usize> Model<D, K> for SoftmaxRegression<D, K> {
    type Pass<const N: usize> = Pass<N, K>;

    fn forward<const N: usize>(&self, x: &Matrix<N, D>, pass: &mut Pass<N, K>) {
        x.times(&self.w).plus(&self.b).store(&mut pass.f); //          f = X·W + b, p = softmax(f)    N×K
    }

    fn gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        one_over_n: f64,
        start: Start,
        pass: &mut Pass<N, K>,
        g: &mut Self,
    ) -> [f64; N] {
        // start: λW for the first tile of a batch, then the sum so far.
        self.forward(&tile.x, pass);
        let x = &tile.x;
        let Pass { f, d_f } = pass;
        let losses = softmax_loss(f, &tile.labels, tile.count, one_over_n, d_f); // d_f = (p − 1[y])/N, Eq. 2
        x.transposed_times(d_f).plus(start, &self.w).store(&mut g.w); // Eq. (3) ∂J/∂W = Xᵀ·d_f + λW, D×K
        d_f.column_sums().plus(start).store(&mut g.b); // Eq. (4) ∂J/∂b = Σₙ d_f, 1×K
        losses
    }

    fn penalty(&self, lambda: f64) -> f64 {
        lambda / 2.0 * sum_of_squares(&self.w)
    }

    fn descend(&mut self, alpha: f64, g: &Self) {
        self.w.descend(alpha, &g.w); //                                W −= α·∂J/∂W
        self.b.descend(alpha, &g.b); //                                b −= α·∂J/∂b
    }

    fn scores<const N: usize>(pass: &Pass<N, K>) -> &Matrix<N, K> {
        &pass.f
    }

    fn hidden_layers<const N: usize>(_pass: &Pass<N, K>) -> Vec<&[f64]> {
        Vec::new()
    }

    fn parameters(&self) -> Vec<Parameter<&[f64]>> {
        vec![self.w.weights("W"), self.b.biases("b")]
    }

    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>> {
        vec![self.w.weights_mut("W"), self.b.biases_mut("b")]
    }
}

impl<const D: usize, const K: usize> fmt::Display for SoftmaxRegression<D, K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(&self.parameters(), formatter)
    }
}
