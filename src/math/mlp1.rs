//! The multilayer perceptron with one hidden layer (handout 2.3): Θ = {W₁, b₁, W₂, b₂}.
//!
//! The backward pass is the chain rule from the cost to the inputs, one factor at a time: through
//! [softmax and its loss](crate::math::softmax#why-the-gradient-is-p--1y), through the
//! [output layer](crate::math::formula#why-the-gradients-are-these-products), through the
//! [rectifier](crate::math::relu#why-the-gradient-passes-a-gate) and through the hidden layer. Each derivation is behind
//! its link.

use std::fmt;

use crate::math::kernels::{Start, sum_of_squares};
use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter, describe};
use crate::math::softmax::softmax_loss;
use crate::math::tile::Tile;

/// `p = softmax(φ(X·W₁ + b₁)·W₂ + b₂)` from D inputs through H rectifiers to K classes.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Mlp1<const D: usize, const H: usize, const K: usize> {
    /// W₁, D×H.
    pub w1: Matrix<D, H>,
    /// b₁, 1×H.
    pub b1: Matrix<1, H>,
    /// W₂, H×K.
    pub w2: Matrix<H, K>,
    /// b₂, 1×K.
    pub b2: Matrix<1, K>,
}

/// The buffers of [`Mlp1`] for a tile of N samples; `d_…` is ∂J/∂….
#[derive(Debug, Default)]
pub struct Pass<const N: usize, const H: usize, const K: usize> {
    pub(crate) h: Matrix<N, H>,
    pub(crate) f: Matrix<N, K>,
    pub(crate) d_f: Matrix<N, K>,
    pub(crate) d_h_pre: Matrix<N, H>,
}

impl<const D: usize, const H: usize, const K: usize> Model<D, K> for Mlp1<D, H, K> {
    type Pass<const N: usize> = Pass<N, H, K>;

    fn forward<const N: usize>(&self, x: &Matrix<N, D>, pass: &mut Pass<N, H, K>) {
        let Mlp1 { w1, b1, w2, b2 } = self;
        let Pass { h, f, .. } = pass;
        let h_pre = x.times(w1).plus(b1); // Eq. (6)                   h_pre = X·W₁ + b₁              N×H
        h_pre.relu().store(h); //                                      h = φ(h_pre)                   N×H
        h.times(w2).plus(b2).store(f); // Eq. (7)                      f = h·W₂ + b₂, p = softmax(f)  N×K
    }

    fn gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        one_over_n: f64,
        start: Start,
        pass: &mut Pass<N, H, K>,
        g: &mut Self,
    ) -> [f64; N] {
        // start: λW for the first tile of a batch, then the sum so far.
        self.forward(&tile.x, pass);
        let (x, Mlp1 { w1, w2, .. }) = (&tile.x, self);
        let Pass { h, f, d_f, d_h_pre } = pass;
        let losses = softmax_loss(f, &tile.labels, tile.count, one_over_n, d_f); // d_f = (p − 1[y])/N, Eq. 2
        h.transposed_times(d_f).plus(start, w2).store(&mut g.w2); // Eq. (11) ∂J/∂W₂ = hᵀ·d_f + λW₂, H×K
        d_f.column_sums().plus(start).store(&mut g.b2); // Eq. (12) ∂J/∂b₂ = Σₙ d_f, 1×K
        let d_h = d_f.times_transposed(w2); // Eq. (9)                 d_h = d_f·W₂ᵀ                  N×H
        d_h.where_positive(h).store(d_h_pre); // Eq. (10)              d_h_pre = d_h ⊗ 1[h_pre > 0]   N×H
        x.transposed_times(d_h_pre).plus(start, w1).store(&mut g.w1); // Eq. (13) ∂J/∂W₁ = Xᵀ·d_h_pre + λW₁, D×H
        d_h_pre.column_sums().plus(start).store(&mut g.b1); // Eq. (14) ∂J/∂b₁ = Σₙ d_h_pre, 1×H
        losses
    }

    fn penalty(&self, lambda: f64) -> f64 {
        lambda / 2.0 * (sum_of_squares(&self.w1) + sum_of_squares(&self.w2))
    }

    fn descend(&mut self, alpha: f64, g: &Self) {
        self.w1.descend(alpha, &g.w1); // Eq. (15)                     W₁ −= α·∂J/∂W₁
        self.b1.descend(alpha, &g.b1); //                              b₁ −= α·∂J/∂b₁
        self.w2.descend(alpha, &g.w2); // Eq. (16)                     W₂ −= α·∂J/∂W₂
        self.b2.descend(alpha, &g.b2); //                              b₂ −= α·∂J/∂b₂
    }

    fn scores<const N: usize>(pass: &Pass<N, H, K>) -> &Matrix<N, K> {
        &pass.f
    }

    fn hidden_layers<const N: usize>(pass: &Pass<N, H, K>) -> Vec<&[f64]> {
        vec![pass.h.values()]
    }

    fn parameters(&self) -> Vec<Parameter<&[f64]>> {
        let Mlp1 { w1, b1, w2, b2 } = self;
        vec![w1.weights("W1"), b1.biases("b1"), w2.weights("W2"), b2.biases("b2")]
    }

    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>> {
        let Mlp1 { w1, b1, w2, b2 } = self;
        vec![w1.weights_mut("W1"), b1.biases_mut("b1"), w2.weights_mut("W2"), b2.biases_mut("b2")]
    }
}

impl<const D: usize, const H: usize, const K: usize> fmt::Display for Mlp1<D, H, K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(&self.parameters(), formatter)
    }
}
