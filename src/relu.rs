//! The rectifier φ(x) = max(0, x) and its gate.

use crate::matrix::Matrix;

/// `h = φ(h_pre)`, entry by entry. A NaN stays a NaN, so that a diverged network cannot hide behind a zero.
#[inline]
pub fn relu<const N: usize, const H: usize>(h_pre: &Matrix<N, H>, h: &mut Matrix<N, H>) {
    for (activation, &pre_activation) in h.values_mut().iter_mut().zip(h_pre.values()) {
        *activation = if pre_activation <= 0.0 { 0.0 } else { pre_activation };
    }
}

/// Turns `d_h` = ∂J/∂h into ∂J/∂h_pre in place: `d_h ⊗ 1[h_pre > 0]`, so the gradient at exactly 0 is 0.
#[inline]
pub fn relu_gate<const N: usize, const H: usize>(h_pre: &Matrix<N, H>, d_h: &mut Matrix<N, H>) {
    for (gradient, &pre_activation) in d_h.values_mut().iter_mut().zip(h_pre.values()) {
        *gradient = if pre_activation > 0.0 { *gradient } else { 0.0 };
    }
}
