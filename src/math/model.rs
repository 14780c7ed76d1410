//! What training, evaluation and the gradient check need of any of the three models.

use crate::math::matrix::Matrix;
use crate::math::rng::Rng;
use crate::math::softmax::softmax;
use crate::training::dataset::Tile;

/// A network of D inputs and K classes. A gradient has the shape of the network's parameters and is a value of
/// the same type.
pub trait Model<const D: usize, const K: usize>: Clone {
    /// The buffers of one tile of N samples: what the forward pass leaves for the backward pass, and the deltas.
    type Tape<const N: usize>;

    /// Fresh buffers.
    fn tape<const N: usize>() -> Self::Tape<N>;

    /// The network with all parameters zero.
    fn zeros() -> Self;

    /// Runs the tile's inputs x (N×D) through the network.
    fn forward<const N: usize>(&self, x: &Matrix<N, D>, tape: &mut Self::Tape<N>);

    /// The scores f (N×K) that [`forward`](Self::forward) left in the tape.
    fn scores<const N: usize>(tape: &Self::Tape<N>) -> &Matrix<N, K>;

    /// The outputs h that [`forward`](Self::forward) left in the tape, row by row, for each hidden layer. A unit is on for
    /// a sample where h > 0.
    fn hidden_layers<const N: usize>(tape: &Self::Tape<N>) -> Vec<&[f64]>;

    /// Runs a tile forward and backward: returns the loss −log p_y of each of its rows and adds `scale` times the
    /// gradient of the samples' losses to `gradient`.
    fn loss_and_gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        scale: f64,
        tape: &mut Self::Tape<N>,
        gradient: &mut Self,
    ) -> [f64; N];

    /// The penalty `(λ/2)·ΣW²` over all weight matrices; biases are not regularised.
    fn penalty(&self, lambda: f64) -> f64;

    /// Overwrites `gradient` with the gradient of the penalty: `λW` for weights, 0 for biases.
    fn penalty_gradient(&self, lambda: f64, gradient: &mut Self);

    /// One step of gradient descent: `θ −= α·∂J/∂θ` for every parameter.
    fn descend(&mut self, gradient: &Self, step_size: f64);

    /// All parameters in the handout's order, Θ = {W₁, b₁, W₂, b₂, …}.
    fn parameters(&self) -> Vec<Parameter<&[f64]>>;

    /// All parameters in the same order, to be changed.
    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>>;

    /// The probabilities p (N×K) of each class for each row of x (N×D).
    #[must_use]
    fn probabilities<const N: usize>(&self, x: &Matrix<N, D>) -> Matrix<N, K> {
        let mut tape = Self::tape::<N>();
        let mut p = Matrix::zeros();
        self.forward(x, &mut tape);
        softmax(Self::scores(&tape), &mut p);
        p
    }

    /// A network with random parameters, drawn layer by layer: see [`Spread`].
    #[must_use]
    fn initialised(init: &Init, rng: &mut Rng) -> Self {
        let mut model = Self::zeros();
        for parameter in model.parameters_mut() {
            if parameter.is_bias {
                parameter.values.fill(init.bias);
            } else {
                init.weights.fill(parameter, rng);
            }
        }
        model
    }
}

/// One weight matrix or bias vector of a model.
#[derive(Debug)]
pub struct Parameter<V> {
    /// The handout's name: `W1`, `b1`, …
    pub name: &'static str,
    /// Rows of the matrix: inputs of the layer, 1 for a bias.
    pub rows: usize,
    /// Columns of the matrix: outputs of the layer.
    pub columns: usize,
    /// Whether this is a bias vector.
    pub is_bias: bool,
    /// The entries, row by row.
    pub values: V,
}

/// The widths of a network from its inputs to its classes, given its parameters, with a separator between them.
pub(crate) fn widths(parameters: &[Parameter<&[f64]>], separator: &str) -> String {
    let inputs = parameters.iter().take(1).map(|weights| weights.rows);
    let outputs = parameters.iter().filter(|parameter| parameter.is_bias).map(|bias| bias.columns);
    let widths: Vec<String> = inputs.chain(outputs).map(|width| width.to_string()).collect();
    widths.join(separator)
}

/// How a network's parameters begin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Init {
    /// How widely the weights are spread.
    pub weights: Spread,
    /// What every bias begins with.
    pub bias: f64,
}

/// How the weights of a layer are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spread {
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
    /// No direction of the inputs is then without a unit that is on, whatever the seed: two inputs and four units, for
    /// instance, are one unit in each quadrant. With independent weights, all units may by chance lie in the same
    /// quadrants, and no gradient brings back those that are off for every sample.
    Mirrored,
}

impl Spread {
    /// Draws the weights of a layer, inputs × outputs.
    fn fill(self, weights: Parameter<&mut [f64]>, rng: &mut Rng) {
        let Parameter { rows: inputs, columns: outputs, values, .. } = weights;
        let deviation = match self {
            Spread::Fixed(deviation) => deviation,
            Spread::He => (2.0 / inputs as f64).sqrt(),
            Spread::Glorot => (2.0 / (inputs + outputs) as f64).sqrt(),
            Spread::Mirrored => return fill_mirrored(values, inputs, outputs, rng),
        };
        values.fill_with(|| deviation * rng.normal());
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
