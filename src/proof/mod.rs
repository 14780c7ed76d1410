//! Proof: the gradient check, and the hard-coded gate of the handout's Figure 1b.

pub mod exact_difference;
pub mod gradient_check;
pub mod xor_gate;
