//! The affine layer `X·W + b` and its three gradients.

use crate::matmul;
use crate::matrix::Matrix;
use crate::model::Parameter;

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
        matmul::affine(x, &self.weights, &self.bias, out);
    }

    /// `h = φ(X·W + b)` with the rectifier φ. x is N×IN, h is N×OUT.
    pub fn forward_relu<const N: usize>(&self, x: &Matrix<N, IN>, h: &mut Matrix<N, OUT>) {
        matmul::affine_relu(x, &self.weights, &self.bias, h);
    }

    /// `d_h_pre = (d_out·Wᵀ) ⊗ 1[h > 0]`: from ∂J/∂out of this layer to ∂J/∂h_pre of its input h = φ(h_pre). d_out is
    /// N×OUT, h and d_h_pre are N×IN.
    pub fn backward_relu<const N: usize>(
        &self,
        d_out: &Matrix<N, OUT>,
        h: &Matrix<N, IN>,
        d_h_pre: &mut Matrix<N, IN>,
    ) {
        matmul::gated_product_with_transposed(d_out, &self.weights, h, d_h_pre);
    }

    /// Adds a tile's share to this gradient: `∂J/∂W += Xᵀ·d_out` and `∂J/∂b += Σₙ d_out[n]`.
    ///
    /// The rows are added in ascending order, so that a batch gives the same bits however it is cut into tiles.
    pub fn accumulate<const N: usize>(&mut self, x: &Matrix<N, IN>, d_out: &Matrix<N, OUT>) {
        matmul::add_transposed_product(x, d_out, &mut self.weights);
        matmul::add_column_sums(d_out, &mut self.bias);
    }

    /// ΣW², the sum of the squared weights; the biases are not regularised.
    #[must_use]
    pub fn squared_weights(&self) -> f64 {
        matmul::sum_of_squares(&self.weights)
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
