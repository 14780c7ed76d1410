//! The rectifier φ(x) = max(0, x) and its gate.

/// φ(h_pre). A NaN stays a NaN, so that a diverged network cannot hide behind a zero.
#[inline(always)]
#[must_use]
pub fn relu(h_pre: f64) -> f64 {
    if h_pre <= 0.0 { 0.0 } else { h_pre }
}

/// ∂J/∂h_pre from `d_h` = ∂J/∂h: `d_h·1[h_pre > 0]`, so the gradient at exactly 0 is 0.
#[inline(always)]
#[must_use]
pub fn relu_gate(h_pre: f64, d_h: f64) -> f64 {
    if h_pre > 0.0 { d_h } else { 0.0 }
}
