//! The affine layer `X·W + b` and its three gradients.
//!
//! # Why the gradients are these products
//!
//! An entry of the output is `out[n][o] = Σᵢ x[n][i]·W[i][o] + b[o]`. Let δ = ∂J/∂out, N×OUT. J depends on a weight, a
//! bias or an input only through the outputs in which that one stands, so the chain rule sums over those:
//!
//! ```text
//! ∂out[n][o]/∂W[i][o] = x[n][i]     ∂J/∂W[i][o] = Σₙ x[n][i]·δ[n][o] = (Xᵀ·δ)[i][o]     one column, every sample
//! ∂out[n][o]/∂b[o]    = 1           ∂J/∂b[o]    = Σₙ δ[n][o]                            one column, every sample
//! ∂out[n][o]/∂x[n][i] = W[i][o]     ∂J/∂x[n][i] = Σₒ δ[n][o]·W[i][o] = (δ·Wᵀ)[n][i]     one row, every output
//! ```
//!
//! With J = Σ δ⊗out, whose gradient in the outputs is δ, and integers for all numbers, a step of 1 changes J by exactly
//! the derivative:
//!
//! ```
//! use backprop::{math::linear::Linear, math::matrix::Matrix};
//!
//! let x = Matrix::from_rows([[1.0, 2.0], [-3.0, 4.0], [5.0, -6.0]]);
//! let mut layer = Linear::zeros();
//! layer.weights = Matrix::from_rows([[2.0, -1.0], [7.0, 3.0]]);
//! layer.bias = Matrix::from_rows([[1.0, -4.0]]);
//! let delta = Matrix::from_rows([[1.0, -2.0], [3.0, 5.0], [-1.0, 4.0]]);
//! let cost = |layer: &Linear<2, 2>, x: &Matrix<3, 2>| {
//!     let mut out = Matrix::zeros();
//!     layer.forward(x, &mut out);
//!     delta.values().iter().zip(out.values()).map(|(delta, out)| delta * out).sum::<f64>()
//! };
//!
//! // Xᵀ·δ and Σₙ δ[n], added to a gradient of zeros.
//! let mut gradient = Linear::zeros();
//! gradient.accumulate(&x, &delta);
//! // δ·Wᵀ; the input h = φ(h_pre) of this layer is positive, so that the gate of Eq. 10 is open.
//! let (open, mut d_x) = (Matrix::from_rows([[1.0; 2]; 3]), Matrix::zeros());
//! layer.backward_relu(&delta, &open, &mut d_x);
//!
//! let before = cost(&layer, &x);
//! for (i, o) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
//!     let mut moved = layer.clone();
//!     moved.weights[i][o] += 1.0;
//!     assert_eq!(cost(&moved, &x) - before, gradient.weights[i][o]);
//! }
//! for o in 0..2 {
//!     let mut moved = layer.clone();
//!     moved.bias[0][o] += 1.0;
//!     assert_eq!(cost(&moved, &x) - before, gradient.bias[0][o]);
//! }
//! for (n, i) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)] {
//!     let mut moved = x.clone();
//!     moved[n][i] += 1.0;
//!     assert_eq!(cost(&layer, &moved) - before, d_x[n][i]);
//! }
//! ```

use crate::math::kernels;
use crate::math::matrix::Matrix;
use crate::math::model::Parameter;

/// Weights W (IN×OUT) and biases b (1×OUT) of a layer; a gradient of the layer has the same shape and is one
/// too.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear<const IN: usize, const OUT: usize> {
    /// W, IN×OUT: `weights[i][o]` leads from input i to output o.
    pub weights: Matrix<IN, OUT>,
    /// b, 1×OUT.
    pub bias: Matrix<1, OUT>,
}

impl<const IN: usize, const OUT: usize> Linear<IN, OUT> {
    /// The layer with all weights and biases zero.
    #[must_use]
    pub fn zeros() -> Self {
        Linear { weights: Matrix::zeros(), bias: Matrix::zeros() }
    }

    /// `out = X·W + b`. Samples are rows: x is N×IN, out is N×OUT.
    pub fn forward<const N: usize>(&self, x: &Matrix<N, IN>, out: &mut Matrix<N, OUT>) {
        kernels::affine(x, &self.weights, &self.bias, out);
    }

    /// `h = φ(X·W + b)` with the rectifier φ. x is N×IN, h is N×OUT.
    pub fn forward_relu<const N: usize>(&self, x: &Matrix<N, IN>, h: &mut Matrix<N, OUT>) {
        kernels::affine_relu(x, &self.weights, &self.bias, h);
    }

    /// `d_h_pre = (d_out·Wᵀ) ⊗ 1[h > 0]`: from ∂J/∂out of this layer to ∂J/∂h_pre of its input h = φ(h_pre). d_out is
    /// N×OUT, h and d_h_pre are N×IN.
    pub fn backward_relu<const N: usize>(
        &self,
        d_out: &Matrix<N, OUT>,
        h: &Matrix<N, IN>,
        d_h_pre: &mut Matrix<N, IN>,
    ) {
        kernels::gated_product_with_transposed(d_out, &self.weights, h, d_h_pre);
    }

    /// Adds a tile's share to this gradient: `∂J/∂W += Xᵀ·d_out` and `∂J/∂b += Σₙ d_out[n]`.
    ///
    /// The rows are added in ascending order, so that a batch gives the same bits however it is cut into tiles.
    pub fn accumulate<const N: usize>(&mut self, x: &Matrix<N, IN>, d_out: &Matrix<N, OUT>) {
        kernels::add_transposed_product(x, d_out, &mut self.weights);
        kernels::add_column_sums(d_out, &mut self.bias);
    }

    /// ΣW², the sum of the squared weights; the biases are not regularised.
    #[must_use]
    pub fn squared_weights(&self) -> f64 {
        kernels::sum_of_squares(&self.weights)
    }

    /// Makes this the gradient of (λ/2)·ΣW² at `layer`: `∂J/∂W = λW`, `∂J/∂b = 0`.
    pub fn set_to_penalty_gradient(&mut self, layer: &Self, lambda: f64) {
        for (gradient, weight) in self.weights.values_mut().iter_mut().zip(layer.weights.values()) {
            // + 0.0 turns −0 into 0: a sum that starts from 0 takes zeros from padding rows without a trace.
            *gradient = lambda * weight + 0.0;
        }
        self.bias.values_mut().fill(0.0);
    }

    /// One step of gradient descent: `W −= α·∂J/∂W`, `b −= α·∂J/∂b`.
    pub fn descend(&mut self, gradient: &Self, step_size: f64) {
        for (weight, d_weight) in self.weights.values_mut().iter_mut().zip(gradient.weights.values()) {
            *weight -= step_size * d_weight;
        }
        for (bias, d_bias) in self.bias.values_mut().iter_mut().zip(gradient.bias.values()) {
            *bias -= step_size * d_bias;
        }
    }

    /// W and b under these names.
    pub(crate) fn parameters(&self, [w, b]: [&'static str; 2]) -> [Parameter<&[f64]>; 2] {
        [
            Parameter { name: w, rows: IN, columns: OUT, is_bias: false, values: self.weights.values() },
            Parameter { name: b, rows: 1, columns: OUT, is_bias: true, values: self.bias.values() },
        ]
    }

    /// W and b under these names, to be changed.
    pub(crate) fn parameters_mut(&mut self, [w, b]: [&'static str; 2]) -> [Parameter<&mut [f64]>; 2] {
        [
            Parameter { name: w, rows: IN, columns: OUT, is_bias: false, values: self.weights.values_mut() },
            Parameter { name: b, rows: 1, columns: OUT, is_bias: true, values: self.bias.values_mut() },
        ]
    }
}
