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
//! ∂J/∂W₃ = h2ᵀ·∂J/∂f + λW₃         ∂J/∂b₃ = Σₙ ∂J/∂f         as equations 11, 12
//! ∂J/∂h2_pre = (∂J/∂f·W₃ᵀ) ⊗ 1[h2_pre > 0]                    as equations 9, 10
//! ∂J/∂W₂ = h1ᵀ·∂J/∂h2_pre + λW₂    ∂J/∂b₂ = Σₙ ∂J/∂h2_pre    as equations 13, 14
//! ∂J/∂h1_pre = (∂J/∂h2_pre·W₂ᵀ) ⊗ 1[h1_pre > 0]               as equations 9, 10
//! ∂J/∂W₁ = Xᵀ·∂J/∂h1_pre + λW₁     ∂J/∂b₁ = Σₙ ∂J/∂h1_pre    as equations 13, 14
//! ```

use std::fmt;

use crate::math::kernels::{Start, sum_of_squares};
use crate::math::matrix::Matrix;
use crate::math::model::{Model, Parameter, describe};
use crate::math::softmax::softmax_loss;
use crate::math::tile::Tile;

/// `p = softmax(φ(φ(X·W₁ + b₁)·W₂ + b₂)·W₃ + b₃)` from D inputs through H1, then H2 rectifiers to K classes.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Mlp2<const D: usize, const H1: usize, const H2: usize, const K: usize> {
    /// W₁, D×H1.
    pub w1: Matrix<D, H1>,
    /// b₁, 1×H1.
    pub b1: Matrix<1, H1>,
    /// W₂, H1×H2.
    pub w2: Matrix<H1, H2>,
    /// b₂, 1×H2.
    pub b2: Matrix<1, H2>,
    /// W₃, H2×K.
    pub w3: Matrix<H2, K>,
    /// b₃, 1×K.
    pub b3: Matrix<1, K>,
}

/// The buffers of [`Mlp2`] for a tile of N samples; `d_…` is ∂J/∂….
#[derive(Debug, Default)]
pub struct Pass<const N: usize, const H1: usize, const H2: usize, const K: usize> {
    h1: Matrix<N, H1>,
    h2: Matrix<N, H2>,
    f: Matrix<N, K>,
    d_f: Matrix<N, K>,
    d_h2_pre: Matrix<N, H2>,
    d_h1_pre: Matrix<N, H1>,
}

impl<const D: usize, const H1: usize, const H2: usize, const K: usize> Model<D, K> for Mlp2<D, H1, H2, K> {
    type Pass<const N: usize> = Pass<N, H1, H2, K>;

    fn forward<const N: usize>(&self, x: &Matrix<N, D>, pass: &mut Pass<N, H1, H2, K>) {
        let Mlp2 { w1, b1, w2, b2, w3, b3 } = self;
        let Pass { h1, h2, f, .. } = pass;
        let h1_pre = x.times(w1).plus(b1); //                          h1_pre = X·W₁ + b₁             N×H1
        h1_pre.relu().store(h1); //                                    h1 = φ(h1_pre)                 N×H1
        let h2_pre = h1.times(w2).plus(b2); //                         h2_pre = h1·W₂ + b₂            N×H2
        h2_pre.relu().store(h2); //                                    h2 = φ(h2_pre)                 N×H2
        h2.times(w3).plus(b3).store(f); //                             f = h2·W₃ + b₃, p = softmax(f) N×K
    }

    fn gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        one_over_n: f64,
        start: Start,
        pass: &mut Pass<N, H1, H2, K>,
        g: &mut Self,
    ) -> [f64; N] {
        // start: λW for the first tile of a batch, then the sum so far.
        self.forward(&tile.x, pass);
        let (x, Mlp2 { w1, w2, w3, .. }) = (&tile.x, self);
        let Pass { h1, h2, f, d_f, d_h2_pre, d_h1_pre } = pass;
        let losses = softmax_loss(f, &tile.labels, tile.count, one_over_n, d_f); // d_f = (p − 1[y])/N, Eq. 2
        h2.transposed_times(d_f).plus(start, w3).store(&mut g.w3); // ∂J/∂W₃ = h2ᵀ·d_f + λW₃, H2×K
        d_f.column_sums().plus(start).store(&mut g.b3); // ∂J/∂b₃ = Σₙ d_f, 1×K
        let d_h2 = d_f.times_transposed(w3); //                        d_h2 = d_f·W₃ᵀ                 N×H2
        d_h2.where_positive(h2).store(d_h2_pre); //                    d_h2_pre = d_h2 ⊗ 1[h2_pre > 0] N×H2
        h1.transposed_times(d_h2_pre).plus(start, w2).store(&mut g.w2); // ∂J/∂W₂ = h1ᵀ·d_h2_pre + λW₂, H1×H2
        d_h2_pre.column_sums().plus(start).store(&mut g.b2); // ∂J/∂b₂ = Σₙ d_h2_pre, 1×H2
        let d_h1 = d_h2_pre.times_transposed(w2); //                   d_h1 = d_h2_pre·W₂ᵀ            N×H1
        d_h1.where_positive(h1).store(d_h1_pre); //                    d_h1_pre = d_h1 ⊗ 1[h1_pre > 0] N×H1
        x.transposed_times(d_h1_pre).plus(start, w1).store(&mut g.w1); // ∂J/∂W₁ = Xᵀ·d_h1_pre + λW₁, D×H1
        d_h1_pre.column_sums().plus(start).store(&mut g.b1); // ∂J/∂b₁ = Σₙ d_h1_pre, 1×H1
        losses
    }

    fn penalty(&self, lambda: f64) -> f64 {
        let Mlp2 { w1, w2, w3, .. } = self;
        lambda / 2.0 * (sum_of_squares(w1) + sum_of_squares(w2) + sum_of_squares(w3))
    }

    fn descend(&mut self, alpha: f64, g: &Self) {
        self.w1.descend(alpha, &g.w1); //                              W₁ −= α·∂J/∂W₁
        self.b1.descend(alpha, &g.b1); //                              b₁ −= α·∂J/∂b₁
        self.w2.descend(alpha, &g.w2); //                              W₂ −= α·∂J/∂W₂
        self.b2.descend(alpha, &g.b2); //                              b₂ −= α·∂J/∂b₂
        self.w3.descend(alpha, &g.w3); //                              W₃ −= α·∂J/∂W₃
        self.b3.descend(alpha, &g.b3); //                              b₃ −= α·∂J/∂b₃
    }

    fn scores<const N: usize>(pass: &Pass<N, H1, H2, K>) -> &Matrix<N, K> {
        &pass.f
    }

    fn hidden_layers<const N: usize>(pass: &Pass<N, H1, H2, K>) -> Vec<&[f64]> {
        vec![pass.h1.values(), pass.h2.values()]
    }

    fn parameters(&self) -> Vec<Parameter<&[f64]>> {
        let Mlp2 { w1, b1, w2, b2, w3, b3 } = self;
        vec![
            w1.weights("W1"),
            b1.biases("b1"),
            w2.weights("W2"),
            b2.biases("b2"),
            w3.weights("W3"),
            b3.biases("b3"),
        ]
    }

    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>> {
        let Mlp2 { w1, b1, w2, b2, w3, b3 } = self;
        vec![
            w1.weights_mut("W1"),
            b1.biases_mut("b1"),
            w2.weights_mut("W2"),
            b2.biases_mut("b2"),
            w3.weights_mut("W3"),
            b3.biases_mut("b3"),
        ]
    }
}

impl<const D: usize, const H1: usize, const H2: usize, const K: usize> fmt::Display for Mlp2<D, H1, H2, K> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        describe(&self.parameters(), formatter)
    }
}
