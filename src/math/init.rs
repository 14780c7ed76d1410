//! The first parameters of a network: normal weights or orthogonal directions, and equal biases.

use crate::math::rng::Rng;

/// The first parameters of a network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Init {
    /// The distribution of the weights.
    pub weights: WeightInit,
    /// Every bias.
    pub bias: f64,
}

/// The distribution of a layer's first weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum WeightInit {
    /// Normal, row by row, with the same deviation for every layer; the course's starter code has 0.01.
    Fixed(f64),
    /// Normal with the deviation √(2 / inputs), which keeps the variance of activations through ReLU layers (He et al.,
    /// 2015).
    He,
    /// Normal with the deviation √(2 / (inputs + outputs)), between what keeps activations and what keeps gradients
    /// (Glorot and Bengio, 2010).
    Glorot,
    /// The units' weight vectors are the columns of random orthogonal matrices (Saxe et al., 2014), each followed by its
    /// opposite, and √2 long, as He's are on average.
    ///
    /// With two units or more for each input, no direction of the inputs is then without a unit that is on, whatever the
    /// seed: two inputs and four units, for instance, are one unit in each quadrant. With independent weights, all units may
    /// by chance lie in the same quadrants, and no gradient brings back those that are off for every sample.
    Mirrored,
}

impl WeightInit {
    /// Draws the weights of a layer, inputs × outputs, row by row.
    pub(crate) fn fill(self, weights: &mut [f64], outputs: usize, rng: &mut Rng) {
        let inputs = weights.len() / outputs;
        let deviation = match self {
            WeightInit::Fixed(deviation) => deviation,
            WeightInit::He => (2.0 / inputs as f64).sqrt(),
            WeightInit::Glorot => (2.0 / (inputs + outputs) as f64).sqrt(),
            WeightInit::Mirrored => return fill_mirrored(weights, inputs, outputs, rng),
        };
        weights.fill_with(|| deviation * rng.normal());
    }
}

/// Columns of random orthogonal matrices, each followed by its opposite, all √2 long.
fn fill_mirrored(weights: &mut [f64], inputs: usize, outputs: usize, rng: &mut Rng) {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    for output in (0..outputs).step_by(2) {
        if basis.len() == inputs {
            basis.clear();
        }
        let direction = perpendicular(&basis, inputs, rng);
        for (input, component) in direction.iter().enumerate() {
            let weight = std::f64::consts::SQRT_2 * component;
            weights[input * outputs + output] = weight;
            if output + 1 < outputs {
                weights[input * outputs + output + 1] = -weight;
            }
        }
        basis.push(direction);
    }
}

/// A random unit vector perpendicular to those of a basis, which are fewer than its components (Gram–Schmidt, twice, so
/// that rounding leaves nothing of them).
fn perpendicular(basis: &[Vec<f64>], length: usize, rng: &mut Rng) -> Vec<f64> {
    let mut vector: Vec<f64> = (0..length).map(|_| rng.normal()).collect();
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b);
    for _ in 0..2 {
        for unit in basis {
            let along = product(&vector, unit);
            for (component, unit) in vector.iter_mut().zip(unit) {
                *component -= along * unit;
            }
        }
        let norm = product(&vector, &vector).sqrt();
        for component in &mut vector {
            *component /= norm;
        }
    }
    vector
}
