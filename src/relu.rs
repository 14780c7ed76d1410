//! The rectifier φ(x) = max(0, x) and its gate.

use crate::matrix::Matrix;

/// `h = φ(h_pre)`, entry by entry. A NaN stays a NaN, so that a diverged network cannot hide behind a zero.
#[inline]
pub fn relu<const N: usize, const H: usize>(h_pre: &Matrix<N, H>, h: &mut Matrix<N, H>) {
    for (activation, &pre_activation) in h.values_mut().iter_mut().zip(h_pre.values()) {
        *activation = if pre_activation <= 0.0 { 0.0 } else { pre_activation };
    }
}

/// `d_h_pre = d_h ⊗ 1[h_pre > 0]`, which is ∂J/∂h_pre where `d_h` is ∂J/∂h; so the gradient at exactly 0 is 0.
#[inline]
pub fn relu_gate<const N: usize, const H: usize>(
    h_pre: &Matrix<N, H>,
    d_h: &Matrix<N, H>,
    d_h_pre: &mut Matrix<N, H>,
) {
    let inputs = d_h.values().iter().zip(h_pre.values());
    for (output, (&gradient, &pre_activation)) in d_h_pre.values_mut().iter_mut().zip(inputs) {
        *output = if pre_activation > 0.0 { gradient } else { 0.0 };
    }
}
