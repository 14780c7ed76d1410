//! The centred difference of the cost without cancellation, and how far rounding can move a gradient from it.
//!
//! # The difference
//!
//! J(θ + ε) and J(θ − ε) agree in most of their digits; their subtraction leaves rounding errors, divided by 2ε. Here the
//! two are never computed. Every number of the forward pass is carried as its mean over the two ends of the step and half
//! its difference, which add and scale without mixing: `(u ± δ) + (v ± η) = (u + v) ± (δ + η)`, `w·(u ± δ) = wu ± wδ`.
//! With f̄ ± δ the scores, p = softmax(f̄) and γₖ = δₖ − δ_y, the losses −log p_y at the two ends differ by
//!
//! ```text
//! [ln Σₖ e^(f̄ₖ+δₖ) − (f̄_y + δ_y)] − [ln Σₖ e^(f̄ₖ−δₖ) − (f̄_y − δ_y)]
//!     = ln (Σₖ pₖ·e^γₖ / Σₖ pₖ·e^−γₖ) = 2·artanh(Σₖ pₖ·sinh γₖ / Σₖ pₖ·cosh γₖ)
//! ```
//!
//! No digit cancels however small ε is, so with ε = [`STEP`] the difference is the derivative up to rounding: its
//! truncation error, ε²/6·J‴, is below 10⁻³⁰ of the sum of its terms for inputs up to 10³⁰. With training it shares
//! only exp, ln and φ.
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
//! and three more for p − 1\[y\]: its own products and sums, 4·|p − 1\[y\]|; exp, sum and division in p, (K + 4)·p, but no
//! more than 1 − p where that is below a rounding; and what the errors of the scores do to p, by
//! ∂pₖ/∂f_j = pₖ·(1\[j = k\] − p_j), which is pₖ·Σⱼ pⱼ·(error(fₖ) + error(f_j) + |fₖ − f_j|) over j ≠ k.
//!
//! The last is of first order, which is enough because the scores are summed here in the order of training. The computed
//! gradient is the sum of the same products in another order, and errs likewise. A gradient is CORRECT if
//! each entry is within [`MARGIN`] times the error of the difference. The bound scales with the inputs, and it holds where
//! terms cancel and the gradient vanishes. `tests/README.md` counts the false alarms and the misses.
//!
//! # Kinks
//!
//! Where a hidden unit's h_pre changes its sign between θ − ε and θ + ε, J has a kink, and the centred difference is no
//! derivative. Eq. 10 says which number then stands for one: that of the gates at θ, shut where h_pre ≤ 0. So there, the
//! difference is computed with these gates at both ends of the step.

use crate::math::exp_ln::{exp, ln};
use crate::math::model::{Model, Parameter};
use crate::math::order::{larger, smaller};
use crate::math::relu::relu;
use crate::training::dataset::Dataset;

/// The ε of the gradient check, 2⁻¹⁵⁰.
pub const STEP: f64 = f64::from_bits((1023 - 150) << 52);

/// The bound of a computed gradient's error over that of the difference: one for the difference itself, one for the
/// gradient, and as much again for the order of its sums.
pub const MARGIN: f64 = 4.0;

/// Products below 2⁻¹⁰⁷⁴ are lost; divided by [`STEP`], and with gradients of inputs up to 10³⁰, less than this is.
const UNDERFLOW: f64 = f64::from_bits((1023 - 750) << 52);

/// The unit roundoff u of `f64`.
const U: f64 = f64::EPSILON / 2.0;

/// ∂J/∂θ by centred differences, for every scalar parameter θ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<M> {
    /// `(J(θ + ε) − J(θ − ε)) / 2ε`.
    pub centred: M,
    /// The largest distance of a correct gradient from it or, at a kink, from the [difference with held gates](Kink::held).
    pub bound: M,
    /// The entries for which the centred difference is no derivative.
    pub kinks: Vec<Kink>,
}

/// A scalar parameter at which J has a kink.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kink {
    /// Index of the parameter in Θ, from 0.
    pub parameter: usize,
    /// Index of the entry in the parameter, row by row.
    pub entry: usize,
    /// The centred difference with every gate as it is at θ.
    pub held: f64,
}

/// The centred difference of J with regularisation λ over all of `data`, for every scalar parameter of `model`.
///
/// The model must be layers of W and b with ReLU between them, in the order of [`parameters`](Model::parameters), as the
/// three models here are: the cost is computed again from the parameters alone.
#[must_use]
pub fn exact_difference<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
    epsilon: f64,
) -> Difference<M> {
    let parameters = model.parameters();
    let layers: Vec<Layer> = parameters.chunks_exact(2).collect();
    let traces: Vec<Trace> =
        data.samples().iter().zip(data.labels()).map(|(x, &y)| Trace::new(&layers, x, y)).collect();
    let (mut centred, mut bound) = (M::zeros(), M::zeros());
    let results = [&mut centred, &mut bound].map(M::parameters_mut);
    let kinks = differences(&parameters, &traces, lambda, epsilon, results);
    Difference { centred, bound, kinks }
}

/// Fills in the centred differences and their bounds; returns the kinks.
fn differences(
    parameters: &[Parameter<&[f64]>],
    traces: &[Trace],
    lambda: f64,
    epsilon: f64,
    [mut centred, mut bound]: [Vec<Parameter<&mut [f64]>>; 2],
) -> Vec<Kink> {
    let layers: Vec<Layer> = parameters.chunks_exact(2).collect();
    let mut kinks = Vec::new();
    for (parameter, matrix) in parameters.iter().enumerate() {
        for (entry, &theta) in matrix.values.iter().enumerate() {
            let slope = |gates_held| {
                let step = Step { parameter, entry, half: epsilon, gates_held };
                let n = traces.len() as f64;
                // The penalty first, as a gradient starts: what a sum rounds depends on its order.
                let decay = if matrix.is_bias { 0.0 } else { n * (lambda * theta) };
                let mut sum = Slope { derivative: decay, error: 3.0 * decay.abs(), crosses: false };
                for trace in traces {
                    sum.add(&trace.slope(&layers, &step));
                }
                sum.divide(n);
                sum
            };
            let mut difference = slope(false);
            centred[parameter].values[entry] = difference.derivative;
            if difference.crosses {
                difference = slope(true);
                kinks.push(Kink { parameter, entry, held: difference.derivative });
            }
            bound[parameter].values[entry] = MARGIN * U * difference.error + UNDERFLOW;
        }
    }
    kinks
}

/// W and b.
type Layer<'a> = &'a [Parameter<&'a [f64]>];

/// A number at the two ends of a step, mean ± half, and the [error](self#the-bound) of each in units of [`U`].
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    mean: f64,
    half: f64,
    mean_error: f64,
    half_error: f64,
}

impl Pair {
    fn constant(value: f64) -> Self {
        Pair { mean: value, half: 0.0, mean_error: 0.0, half_error: 0.0 }
    }

    fn plus(self, other: Self) -> Self {
        let (mean, half) = (self.mean + other.mean, self.half + other.half);
        Pair {
            mean,
            half,
            mean_error: self.mean_error + other.mean_error + mean.abs(),
            half_error: self.half_error + other.half_error + half.abs(),
        }
    }

    fn times(self, weight: f64) -> Self {
        let (mean, half) = (self.mean * weight, self.half * weight);
        Pair {
            mean,
            half,
            mean_error: self.mean_error * weight.abs() + mean.abs(),
            half_error: self.half_error * weight.abs() + half.abs(),
        }
    }

    /// Whether the number is positive at one end and negative at the other.
    fn changes_sign(self) -> bool {
        self.mean.abs() < self.half.abs()
    }

    /// φ at both ends, or with the gate of the mean.
    fn relu(self, gate_held: bool) -> Self {
        if self.changes_sign() && !gate_held {
            let (from, to) = (relu(self.mean - self.half), relu(self.mean + self.half));
            Pair { mean: f64::midpoint(from, to), half: (to - from) / 2.0, ..self }
        } else if self.mean <= 0.0 {
            Pair::constant(0.0)
        } else {
            self
        }
    }
}

/// A step of one scalar parameter by ± half, all others being fixed.
struct Step {
    parameter: usize,
    entry: usize,
    half: f64,
    /// Whether every gate stays as it is at θ.
    gates_held: bool,
}

/// The slope of a loss along a step.
struct Slope {
    derivative: f64,
    /// In units of [`U`].
    error: f64,
    /// Whether the h_pre of a unit changes its sign.
    crosses: bool,
}

impl Slope {
    fn add(&mut self, other: &Self) {
        self.derivative += other.derivative;
        self.error += other.error + self.derivative.abs();
        self.crosses |= other.crosses;
    }

    fn divide(&mut self, n: f64) {
        self.derivative /= n;
        self.error = self.error / n + self.derivative.abs();
    }
}

/// A sample of class y in the network before any step: the input and the output X·W + b of each layer.
struct Trace {
    inputs: Vec<Vec<Pair>>,
    outputs: Vec<Vec<Pair>>,
    y: usize,
}

impl Trace {
    fn new(layers: &[Layer], x: &[f64], y: usize) -> Self {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        let mut input: Vec<Pair> = x.iter().map(|&x| Pair::constant(x)).collect();
        for layer in layers {
            let output = affine(&input, layer);
            inputs.push(input);
            input = output.iter().map(|h_pre| h_pre.relu(true)).collect();
            outputs.push(output);
        }
        Trace { inputs, outputs, y }
    }

    /// The slope of this sample's loss. Only the layers from the step's on can change.
    fn slope(&self, layers: &[Layer], step: &Step) -> Slope {
        let layer = step.parameter / 2;
        let mut output = self.outputs[layer].clone();
        let is_weight = step.parameter % 2 == 0;
        let (i, o) = (step.entry / output.len(), step.entry % output.len());
        let input = if is_weight { self.inputs[layer][i] } else { Pair::constant(1.0) };
        output[o] = output[o].plus(Pair {
            mean: 0.0,
            half: input.mean * step.half,
            mean_error: 0.0,
            half_error: (input.mean_error + input.mean.abs()) * step.half.abs(),
        });
        let mut crosses = false;
        for next in &layers[layer + 1..] {
            crosses |= output.iter().any(|h_pre| h_pre.changes_sign());
            let h: Vec<Pair> = output.iter().map(|h_pre| h_pre.relu(step.gates_held)).collect();
            output = affine(&h, next);
        }
        let (difference, error) = loss_difference(&output, self.y);
        let length = 2.0 * step.half;
        Slope { derivative: difference / length, error: error / length.abs(), crosses }
    }
}

/// X·W + b of one sample.
fn affine(input: &[Pair], layer: Layer) -> Vec<Pair> {
    let [w, b] = layer else { unreachable!("a layer is W and b") };
    let mut output: Vec<Pair> = b.values.iter().map(|&b| Pair::constant(b)).collect();
    for (x, row) in input.iter().zip(w.values.chunks_exact(w.columns)) {
        for (sum, &weight) in output.iter_mut().zip(row) {
            *sum = sum.plus(x.times(weight));
        }
    }
    output
}

/// The difference of −log p_y between the ends, and its error in units of [`U`].
fn loss_difference(scores: &[Pair], y: usize) -> (f64, f64) {
    let max = scores.iter().fold(f64::NEG_INFINITY, |max, f| larger(max, f.mean));
    let exponentials: Vec<f64> = scores.iter().map(|f| exp(f.mean - max)).collect();
    let sum: f64 = exponentials.iter().sum();
    let p: Vec<f64> = exponentials.iter().map(|exponential| exponential / sum).collect();
    let mean_of = |function: fn(f64) -> f64| -> f64 {
        p.iter().zip(scores).map(|(p, f)| p * function(f.half - scores[y].half)).sum()
    };
    let difference = 2.0 * artanh(mean_of(sinh) / mean_of(cosh));

    let mut error = 0.0;
    for (k, f) in scores.iter().enumerate() {
        let others = || (0..scores.len()).filter(|&j| j != k);
        let one_minus_p: f64 = others().map(|j| p[j]).sum();
        let p_minus_one_hot = if k == y { one_minus_p } else { p[k] };
        let of_p = smaller((scores.len() + 4) as f64 * p[k], one_minus_p / U);
        let of_scores: f64 = others()
            .map(|j| p[k] * p[j] * (f.mean_error + scores[j].mean_error + (f.mean - scores[j].mean).abs()))
            .sum();
        error += f.half.abs() * (4.0 * p_minus_one_hot + of_p + of_scores) + f.half_error * p_minus_one_hot;
    }
    (difference, 2.0 * error)
}

/// Below this, three terms of the series are exact to a rounding.
const SMALL: f64 = 1e-3;

fn sinh(x: f64) -> f64 {
    let square = x * x;
    if x.abs() < SMALL { x + x * square / 6.0 * (1.0 + square / 20.0) } else { (exp(x) - exp(-x)) / 2.0 }
}

fn cosh(x: f64) -> f64 {
    f64::midpoint(exp(x), exp(-x))
}

fn artanh(x: f64) -> f64 {
    let square = x * x;
    if x.abs() < SMALL {
        x + x * square * (1.0 / 3.0 + square / 5.0)
    } else {
        ln((1.0 + x) / (1.0 - x)) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against std's, on both sides of the border between series and closed form: within 3 ulp for small numbers, and
    /// within a rounding of 1 beyond, where eˣ and e⁻ˣ nearly cancel.
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a reference within a tolerance")]
    fn the_hyperbolic_functions_are_right_on_both_sides_of_the_border() {
        for x in [1e-300, 1e-9, 3e-5, 2e-4, 0.9 * SMALL, 0.999 * SMALL, SMALL, 1.1 * SMALL, 0.01, 0.5, 0.9] {
            for x in [x, -x] {
                let allowed = if x.abs() < SMALL { 3.0 * f64::EPSILON * x.abs() } else { 2.0 * f64::EPSILON };
                for (found, expected) in [(sinh(x), x.sinh()), (artanh(x), x.atanh())] {
                    assert!((found - expected).abs() <= allowed, "of {x:e}: {found:e}, not {expected:e}");
                }
                assert!((cosh(x) - x.cosh()).abs() <= 2.0 * f64::EPSILON * x.cosh());
            }
        }
        assert!((sinh(5.0) - 5.0_f64.sinh()).abs() < 1e-13);
    }
}
