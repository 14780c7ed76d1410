//! Proof: the gradient check, one step of back-propagation in numbers, and the hard-coded gate of the handout's Figure 1b.

pub mod exact_difference;
pub mod gradient_check;
pub mod one_step;
pub mod xor_gate;
