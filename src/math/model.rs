//! The interface of the three models: what training, evaluation and the gradient check need of them.

use std::fmt;

use crate::math::init::Init;
use crate::math::kernels::Start;
use crate::math::matrix::Matrix;
use crate::math::rng::Rng;
use crate::math::softmax::softmax;
use crate::math::tile::Tile;

/// A network of D inputs and K classes. A gradient has the shape of the network's parameters and is a value of
/// the same type.
pub trait Model<const D: usize, const K: usize>: Clone + Default {
    /// The buffers of one tile of N samples: activations, scores and their gradients.
    type Pass<const N: usize>: Default;

    /// Runs the tile's inputs x (N×D) through the network.
    fn forward<const N: usize>(&self, x: &Matrix<N, D>, pass: &mut Self::Pass<N>);

    /// Runs a tile forward and backward: computes into `g` the sum of `start` and its samples' share of ∂J/∂Θ, and returns the
    /// loss −log p_y of each of its rows. `one_over_n` is the 1/N of the batch.
    fn gradient<const N: usize>(
        &self,
        tile: &Tile<N, D>,
        one_over_n: f64,
        start: Start,
        pass: &mut Self::Pass<N>,
        g: &mut Self,
    ) -> [f64; N];

    /// The penalty `(λ/2)·ΣW²` over all weight matrices; biases are not regularised.
    fn penalty(&self, lambda: f64) -> f64;

    /// One step of gradient descent: `θ −= α·∂J/∂θ` for every parameter.
    fn descend(&mut self, alpha: f64, g: &Self);

    /// The scores f (N×K) that [`forward`](Self::forward) left.
    fn scores<const N: usize>(pass: &Self::Pass<N>) -> &Matrix<N, K>;

    /// The outputs h that [`forward`](Self::forward) left, row by row, for each hidden layer. A unit is on for a sample
    /// where h > 0.
    fn hidden_layers<const N: usize>(pass: &Self::Pass<N>) -> Vec<&[f64]>;

    /// All parameters in the handout's order, Θ = {W₁, b₁, W₂, b₂, …}.
    fn parameters(&self) -> Vec<Parameter<&[f64]>>;

    /// All parameters in the same order, to be changed.
    fn parameters_mut(&mut self) -> Vec<Parameter<&mut [f64]>>;

    /// The network with all parameters zero.
    fn zeros() -> Self {
        Self::default()
    }

    /// The probabilities p (N×K) of each class for each row of x (N×D).
    fn probabilities<const N: usize>(&self, x: &Matrix<N, D>) -> Matrix<N, K> {
        let mut pass = Self::Pass::<N>::default();
        let mut p = Matrix::zeros();
        self.forward(x, &mut pass);
        softmax(Self::scores(&pass), &mut p);
        p
    }

    /// A network with random parameters, drawn layer by layer: see [`WeightInit`](crate::math::init::WeightInit).
    fn initialised(init: &Init, rng: &mut Rng) -> Self {
        let mut model = Self::zeros();
        for parameter in model.parameters_mut() {
            if parameter.is_bias {
                parameter.values.fill(init.bias);
            } else {
                init.weights.fill(parameter.values, parameter.columns, rng);
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

impl<const R: usize, const C: usize> Matrix<R, C> {
    /// This matrix as the weights of a layer.
    pub(crate) fn weights(&self, name: &'static str) -> Parameter<&[f64]> {
        Parameter { name, rows: R, columns: C, is_bias: false, values: self.values() }
    }

    /// Mutable [`weights`](Self::weights).
    pub(crate) fn weights_mut(&mut self, name: &'static str) -> Parameter<&mut [f64]> {
        Parameter { name, rows: R, columns: C, is_bias: false, values: self.values_mut() }
    }
}

impl<const C: usize> Matrix<1, C> {
    /// This row as the biases of a layer.
    pub(crate) fn biases(&self, name: &'static str) -> Parameter<&[f64]> {
        Parameter { name, rows: 1, columns: C, is_bias: true, values: self.values() }
    }

    /// Mutable [`biases`](Self::biases).
    pub(crate) fn biases_mut(&mut self, name: &'static str) -> Parameter<&mut [f64]> {
        Parameter { name, rows: 1, columns: C, is_bias: true, values: self.values_mut() }
    }
}

/// The widths of a network and its parameters: `network 2 → 6 → 2, 32 parameters: W1 2×6, b1 1×6, W2 6×2, b2 1×2`.
pub(crate) fn describe(parameters: &[Parameter<&[f64]>], formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let count: usize = parameters.iter().map(|parameter| parameter.values.len()).sum();
    write!(formatter, "network {}, {count} parameters", widths(parameters, " → "))?;
    for (index, Parameter { name, rows, columns, .. }) in parameters.iter().enumerate() {
        write!(formatter, "{} {name} {rows}×{columns}", if index == 0 { ":" } else { "," })?;
    }
    Ok(())
}

/// The widths of a network from its inputs to its classes, given its parameters, with a separator between them.
pub(crate) fn widths(parameters: &[Parameter<&[f64]>], separator: &str) -> String {
    let inputs = parameters.iter().take(1).map(|weights| weights.rows);
    let outputs = parameters.iter().filter(|parameter| parameter.is_bias).map(|bias| bias.columns);
    let widths: Vec<String> = inputs.chain(outputs).map(|width| width.to_string()).collect();
    widths.join(separator)
}
