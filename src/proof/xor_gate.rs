//! The hard-coded XOR gate of the handout's Figure 1b, built of threshold units.

use crate::training::dataset::Dataset;

/// The inputs of XOR's truth table.
pub const INPUTS: [[f64; 2]; 4] = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];

/// A unit that is on when its weighted inputs exceed its threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdUnit<const INPUTS: usize> {
    /// One weight for each input.
    pub weights: [f64; INPUTS],
    /// The threshold that the weighted sum must exceed.
    pub threshold: f64,
}

impl<const INPUTS: usize> ThresholdUnit<INPUTS> {
    /// 1 if `Σ wᵢ·xᵢ > threshold`, else 0.
    pub fn output(&self, inputs: [f64; INPUTS]) -> f64 {
        let sum = self.weights.iter().zip(inputs).fold(0.0, |sum, (weight, input)| sum + weight * input);
        if sum > self.threshold { 1.0 } else { 0.0 }
    }
}

/// The hidden unit: on when both inputs are.
pub const HIDDEN: ThresholdUnit<2> = ThresholdUnit { weights: [1.0, 1.0], threshold: 1.5 };

/// The output unit, fed by in₁, in₂ and the hidden unit, which vetoes it when both inputs are on.
pub const OUTPUT: ThresholdUnit<3> = ThresholdUnit { weights: [1.0, 1.0, -2.0], threshold: 0.5 };

/// The gate's output, 0 or 1, for inputs of 0 or 1.
///
/// ```
/// use backprop::proof::xor_gate::xor;
/// assert_eq!([xor([0.0, 0.0]), xor([0.0, 1.0]), xor([1.0, 0.0]), xor([1.0, 1.0])], [0.0, 1.0, 1.0, 0.0]);
/// ```
pub fn xor([in1, in2]: [f64; 2]) -> f64 {
    OUTPUT.output([in1, in2, HIDDEN.output([in1, in2])])
}

/// Whether the data are XOR's truth table, each row once, in any order.
pub fn is_truth_table(data: &Dataset<2, 2>) -> bool {
    let has = |inputs: &[f64; 2]| {
        data.samples().iter().zip(data.labels()).any(|(x, &y)| x == inputs && y as f64 == xor(*inputs))
    };
    data.len() == INPUTS.len() && INPUTS.iter().all(has)
}
