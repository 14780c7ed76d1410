//! The rectifier φ(x) = max(0, x) and its gate.
//!
//! # Why the gradient passes a gate
//!
//! h = φ(h_pre) is taken of each entry alone, so ∂J/∂h_pre = ∂J/∂h·φ′(h_pre), entry by entry. φ has slope 1 above 0
//! and slope 0 below:
//!
//! ```
//! use backprop::math::relu::{relu, relu_gate};
//!
//! for (h_pre, slope) in [(-2.0, 0.0), (-0.5, 0.0), (0.5, 1.0), (2.0, 1.0)] {
//!     assert_eq!((relu(h_pre + 0.25) - relu(h_pre - 0.25)) / 0.5, slope);
//!     let d_h = -3.0;
//!     assert_eq!(relu_gate(relu(h_pre), d_h), d_h * slope); // Eq. 10
//! }
//! ```
//!
//! At 0 the two slopes meet and there is no derivative; Eq. 10, which asks h_pre > 0, takes the one from below:
//!
//! ```
//! # use backprop::math::relu::{relu, relu_gate};
//! let [below, above] = [-0.25, 0.25].map(|step| (relu(step) - relu(0.0)) / step);
//! assert_eq!([below, above], [0.0, 1.0]);
//! assert_eq!(relu_gate(relu(0.0), 1.0), below);
//! ```

/// φ(h_pre). −0 stays −0, on which no result depends; a NaN stays a NaN, so that a diverged network cannot hide behind a zero.
#[inline(always)]
pub fn relu(h_pre: f64) -> f64 {
    if h_pre < 0.0 { 0.0 } else { h_pre }
}

/// ∂J/∂h_pre from `d_h` = ∂J/∂h: `d_h·1[h_pre > 0]`, so the gradient at exactly 0 is 0. The condition is asked of
/// h = φ(h_pre), which is positive where h_pre is: so h_pre need not be stored.
#[inline(always)]
pub fn relu_gate(h: f64, d_h: f64) -> f64 {
    if h > 0.0 { d_h } else { 0.0 }
}
