//! The centred difference of the cost without cancellation, and how far rounding can move a gradient from it.
//!
//! # The difference
//!
//! J(θ + ε) − J(θ − ε) leaves rounding errors unless ε is large. So every number of the forward pass is carried as its mean over
//! the two ends of the step and half its difference: `(u ± δ) + (v ± η) = (u + v) ± (δ + η)`, `w·(u ± δ) = wu ± wδ`. With f̄ ± δ the scores, p = softmax(f̄) and γₖ = δₖ − δ_y, the losses −log p_y at the two ends differ by
//!
//! ```text
//! [ln Σₖ e^(f̄ₖ+δₖ) − (f̄_y + δ_y)] − [ln Σₖ e^(f̄ₖ−δₖ) − (f̄_y − δ_y)]
//!     = ln (Σₖ pₖ·e^γₖ / Σₖ pₖ·e^−γₖ) = 2·artanh(Σₖ pₖ·sinh γₖ / Σₖ pₖ·cosh γₖ)
//! ```
//!
//! Nothing cancels between the two ends, however small ε is; sums over inputs, units and samples still may, which the bound
//! below allows for. So with ε = [`STEP`] the difference is the derivative up to rounding: its truncation error is at most γ²
//! of the sum of its terms. With training it shares only exp, ln and φ.
//!
//! # The bound
//!
//! The result of `+`, `−`, `×` or `÷` errs by at most u = 2⁻⁵³ of itself, and hands on the errors of its operands. So the
//! error of every number of the difference is bounded as it is computed (a running error analysis: Higham, *Accuracy and
//! Stability of Numerical Algorithms*, 2002, section 3.3), with inputs and parameters exact: in units of u,
//!
//! ```text
//! error(a + b) = error(a) + error(b) + |a + b|          error(w·a) = |w|·error(a) + |w·a|
//! ```
//!
//! and three more for p − 1\[y\]: products and sums over the classes, 2K·|p − 1\[y\]|; exp, sum and division in p, (K + 4)·p,
//! but no more than 1 − p where that is below a rounding; and what the errors of the scores do to p, by
//! ∂pₖ/∂f_j = pₖ·(1\[j = k\] − p_j), which is pₖ·Σⱼ pⱼ·(error(fₖ) + error(f_j) + |fₖ − f_j|) over j ≠ k.
//!
//! The last is of first order, which is enough because the scores are summed here in the order of training. The computed
//! gradient is the sum of the same products in another order, and errs likewise. A gradient is CORRECT if each entry is within
//! [`MARGIN`] times the error of the difference, however large the inputs, and also where terms cancel.
//!
//! The bound holds for steps that move no score by more than 2⁻³⁰, so that γ² is less than a rounding, and is ∞ beyond. Files
//! have inputs of at most 10³⁰; with these, this is so if the products of the weights along all paths through the network sum
//! to at most 10⁵.
//!
//! # Kinks
//!
//! Where a hidden unit's h_pre changes its sign within θ ± ε, the centred difference is no derivative. There, it is computed
//! with the gates that Eq. 10 has at θ, shut where h_pre ≤ 0, at both ends.

use crate::math::exp_ln::{exp, ln};
use crate::math::model::{Model, Parameter};
use crate::math::order::{larger, smaller};
use crate::math::relu::relu;
use crate::training::dataset::Dataset;

/// The ε of the gradient check, 2⁻¹⁵⁰.
pub const STEP: f64 = f64::from_bits((1023 - 150) << 52);

/// The bound over the error of the difference: one for it, one for the gradient, and as much again for the order of sums.
pub const MARGIN: f64 = 4.0;

/// The largest step of a score of which the bound holds, 2⁻³⁰.
const LARGEST_STEP: f64 = f64::from_bits((1023 - 30) << 52);

/// The unit roundoff u of `f64`.
const U: f64 = f64::EPSILON / 2.0;

/// The error of a product below 2⁻¹⁰²², 2⁻¹⁰⁷⁵, in units of [`U`].
const UNDERFLOW: f64 = f64::MIN_POSITIVE;

/// ∂J/∂θ by centred differences, for every scalar parameter θ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<M> {
    /// `(J(θ + ε) − J(θ − ε)) / 2ε`.
    pub centred: M,
    /// The derivative: the centred difference or, at a [kink](self#kinks), that with every gate as it is at θ.
    pub held: M,
    /// The largest distance of a correct gradient from `held`; ∞ [out of range](self#the-bound).
    pub bound: M,
    /// Whether an entry is at a [kink](self#kinks), for each of each parameter.
    pub kinks: Vec<Vec<bool>>,
}

/// The centred difference of J with regularisation λ over all of `data`, for every scalar parameter of `model`.
///
/// The model must be layers of W and b with ReLU between them, in the order of [`parameters`](Model::parameters).
pub fn exact_difference<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
    epsilon: f64,
) -> Difference<M> {
    let parameters = model.parameters();
    let samples = data.samples().iter().zip(data.labels());
    let traces: Vec<Trace> = samples.map(|(x, &y)| Trace::new(&parameters, x, y)).collect();
    let n = traces.len() as f64;
    let [mut centred, mut held, mut bound] = [M::zeros(), M::zeros(), M::zeros()];
    let mut kinks = vec![Vec::new(); parameters.len()];
    for (parameter, matrix) in parameters.iter().enumerate() {
        for (entry, &theta) in matrix.values.iter().enumerate() {
            let derivative = |gates_held| {
                // The penalty first, as a gradient starts: what a sum rounds depends on its order.
                let mut sum = if matrix.is_bias { 0.0 } else { n * (lambda * theta) };
                let mut error = 2.0 * sum.abs();
                let mut crosses = false;
                for trace in &traces {
                    let (slope, of_slope, has_crossed) =
                        trace.slope(&parameters, [parameter, entry], epsilon, gates_held);
                    sum += slope;
                    error += of_slope + sum.abs();
                    crosses |= has_crossed;
                }
                (sum / n, (error + sum.abs()) / n, crosses)
            };
            let difference = derivative(false);
            let crosses = difference.2;
            let (derivative, error, _) = if crosses { derivative(true) } else { difference };
            centred.parameters_mut()[parameter].values[entry] = difference.0;
            held.parameters_mut()[parameter].values[entry] = derivative;
            bound.parameters_mut()[parameter].values[entry] = MARGIN * U * error;
            kinks[parameter].push(crosses);
        }
    }
    Difference { centred, held, bound, kinks }
}

/// A number at the two ends of a step, mean ± half, and the [bounds](self#the-bound) of their errors in units of [`U`].
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    mean: f64,
    half: f64,
    mean_error: f64,
    half_error: f64,
}

impl Pair {
    fn constant(mean: f64) -> Self {
        Pair { mean, ..Pair::default() }
    }

    fn plus(self, other: Self) -> Self {
        let (mean, half) = (self.mean + other.mean, self.half + other.half);
        let mean_error = self.mean_error + other.mean_error + mean.abs();
        let half_error = self.half_error + other.half_error + half.abs();
        Pair { mean, half, mean_error, half_error }
    }

    fn times(self, weight: f64) -> Self {
        let (mean, half) = (self.mean * weight, self.half * weight);
        let mean_error = self.mean_error * weight.abs() + mean.abs() + UNDERFLOW;
        let half_error = self.half_error * weight.abs() + half.abs() + UNDERFLOW;
        Pair { mean, half, mean_error, half_error }
    }

    /// Whether the number is positive at one end and negative at the other.
    fn changes_sign(self) -> bool {
        self.mean.abs() < self.half.abs()
    }

    /// φ at both ends, or with the gate of the mean.
    fn relu(self, gate_held: bool) -> Self {
        let Pair { mean, half, .. } = self;
        if self.changes_sign() && !gate_held {
            let (from, to) = (relu(mean - half), relu(mean + half));
            Pair { mean: f64::midpoint(from, to), half: (to - from) / 2.0, ..self }
        } else if mean <= 0.0 {
            Pair::default()
        } else {
            self
        }
    }
}

/// A sample of class y in the network before any step: the input and the output X·W + b of each layer.
struct Trace {
    layers: Vec<[Vec<Pair>; 2]>,
    y: usize,
}

impl Trace {
    fn new(parameters: &[Parameter<&[f64]>], x: &[f64], y: usize) -> Self {
        let mut layers = Vec::new();
        let mut input: Vec<Pair> = x.iter().map(|&x| Pair::constant(x)).collect();
        for layer in parameters.chunks_exact(2) {
            let output = affine(&input, layer);
            let h = output.iter().map(|h_pre| h_pre.relu(true)).collect();
            layers.push([input, output]);
            input = h;
        }
        Trace { layers, y }
    }

    /// The slope of this sample's loss where one entry of one parameter steps by ±ε, the bound of its error in units of [`U`],
    /// and whether a unit's h_pre changes its sign. Only the layers from the parameter's on can change.
    fn slope(
        &self,
        parameters: &[Parameter<&[f64]>],
        [parameter, entry]: [usize; 2],
        epsilon: f64,
        gates_held: bool,
    ) -> (f64, f64, bool) {
        let [input, output] = &self.layers[parameter / 2];
        let mut output = output.clone();
        let (i, o) = (entry / output.len(), entry % output.len());
        let is_bias = parameters[parameter].is_bias;
        let Pair { mean, mean_error, .. } = if is_bias { Pair::constant(1.0) } else { input[i] };
        // Exact but for underflow, since the step is a power of two.
        output[o].half = epsilon * mean;
        output[o].half_error = epsilon * mean_error + UNDERFLOW;
        let mut crosses = false;
        for next in parameters.chunks_exact(2).skip(parameter / 2 + 1) {
            crosses |= output.iter().any(|h_pre| h_pre.changes_sign());
            let h: Vec<Pair> = output.iter().map(|h_pre| h_pre.relu(gates_held)).collect();
            output = affine(&h, next);
        }
        let (difference, error) = loss_difference(&output, self.y);
        (difference / (2.0 * epsilon), error / (2.0 * epsilon), crosses)
    }
}

/// X·W + b of one sample.
fn affine(input: &[Pair], layer: &[Parameter<&[f64]>]) -> Vec<Pair> {
    let [w, b] = layer else { unreachable!("a layer is W and b") };
    let mut output: Vec<Pair> = b.values.iter().map(|&b| Pair::constant(b)).collect();
    for (x, row) in input.iter().zip(w.values.chunks_exact(w.columns)) {
        for (sum, &weight) in output.iter_mut().zip(row) {
            *sum = sum.plus(x.times(weight));
        }
    }
    output
}

/// Below this, three terms of the series of sinh, cosh and artanh are exact to a rounding; above, subtraction cancels little.
const SMALL: f64 = 1e-3;

/// The difference of −log p_y between the ends, and the bound of its error in units of [`U`].
fn loss_difference(f: &[Pair], y: usize) -> (f64, f64) {
    let at = |side: f64| softmax(&f.iter().map(|f| f.mean + side * f.half).collect::<Vec<_>>(), y);
    let (p, _) = at(0.0);
    let classes = p.len() as f64;
    let (mut sinhs, mut coshs, mut error, mut largest) = (0.0, 0.0, 0.0, 0.0);
    for k in 0..p.len() {
        let gamma = f[k].half - f[y].half;
        let square = gamma * gamma;
        sinhs += p[k] * gamma * (1.0 + square / 6.0 * (1.0 + square / 20.0));
        coshs += p[k] * (1.0 + square / 2.0 * (1.0 + square / 12.0));
        largest = larger(largest, gamma.abs());
        let (mut one_minus_p, mut of_scores) = (0.0, 0.0);
        for j in (0..p.len()).filter(|&j| j != k) {
            one_minus_p += p[j];
            let of_difference = (f[k].mean - f[j].mean).abs();
            of_scores += p[k] * p[j] * (f[k].mean_error + f[j].mean_error + of_difference);
        }
        let of_p = smaller((classes + 4.0) * p[k], one_minus_p / U);
        let p_minus_one_hot = if k == y { one_minus_p } else { p[k] };
        let of_gradient = 2.0 * classes * p_minus_one_hot + of_p + of_scores;
        error += f[k].half.abs() * of_gradient + f[k].half_error * p_minus_one_hot + UNDERFLOW;
    }
    let x = sinhs / coshs;
    let artanh = x + x * x * x * (1.0 / 3.0 + x * x / 5.0);
    let difference = if largest < SMALL { 2.0 * artanh } else { at(1.0).1 - at(-1.0).1 };
    (difference, if largest <= LARGEST_STEP { 2.0 * error } else { f64::INFINITY })
}

/// p and −log p_y of scores.
fn softmax(f: &[f64], y: usize) -> (Vec<f64>, f64) {
    let max = f.iter().copied().fold(f64::NEG_INFINITY, larger);
    let exps: Vec<f64> = f.iter().map(|f| exp(f - max)).collect();
    let sum: f64 = exps.iter().sum();
    (exps.iter().map(|exp| exp / sum).collect(), ln(sum) + (max - f[y]))
}
