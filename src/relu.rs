//! The rectifier φ(x) = max(0, x) and its gate.

/// φ(h_pre). A NaN stays a NaN, so that a diverged network cannot hide behind a zero.
#[inline(always)]
#[must_use]
pub fn relu(h_pre: f64) -> f64 {
    if h_pre <= 0.0 { 0.0 } else { h_pre }
}

/// ∂J/∂h_pre from `d_h` = ∂J/∂h: `d_h·1[h_pre > 0]`, so the gradient at exactly 0 is 0. The condition is asked of
/// h = φ(h_pre), which is positive where h_pre is: so nobody needs to keep h_pre.
#[inline(always)]
#[must_use]
pub fn relu_gate(h: f64, d_h: f64) -> f64 {
    if h > 0.0 { d_h } else { 0.0 }
}
