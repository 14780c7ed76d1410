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
//! terms cancel and the gradient vanishes. `tests/laws/verdicts.md` counts the false alarms and the misses.
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
    /// The derivative: the centred difference or, at a [kink](self#kinks), that with every gate as it is at θ.
    pub held: M,
    /// The largest distance of a correct gradient from `held`.
    pub bound: M,
    /// How many entries of each parameter are at a kink.
    pub kinks: Vec<usize>,
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
    let samples = data.samples().iter().zip(data.labels());
    let traces: Vec<Trace> = samples.map(|(x, &y)| Trace::new(&parameters, x, y)).collect();
    let n = traces.len() as f64;
    let [centred, held, bound] = [M::zeros(), M::zeros(), M::zeros()];
    let mut result = Difference { centred, held, bound, kinks: vec![0; parameters.len()] };
    for (parameter, matrix) in parameters.iter().enumerate() {
        for (entry, &theta) in matrix.values.iter().enumerate() {
            let slope = |gates_held| {
                // The penalty first, as a gradient starts: what a sum rounds depends on its order.
                let decay = if matrix.is_bias { 0.0 } else { n * (lambda * theta) };
                let mut sum = Rounded { value: decay, error: 3.0 * decay.abs() };
                let mut crosses = false;
                for trace in &traces {
                    let (slope, has_crossed) =
                        trace.slope(&parameters, [parameter, entry], epsilon, gates_held);
                    sum = sum.plus(slope);
                    crosses |= has_crossed;
                }
                let mean = sum.value / n;
                (Rounded { value: mean, error: sum.error / n + mean.abs() }, crosses)
            };
            let (mut difference, crosses) = slope(false);
            result.centred.parameters_mut()[parameter].values[entry] = difference.value;
            if crosses {
                difference = slope(true).0;
                result.kinks[parameter] += 1;
            }
            result.held.parameters_mut()[parameter].values[entry] = difference.value;
            let bound = MARGIN * U * difference.error + UNDERFLOW;
            result.bound.parameters_mut()[parameter].values[entry] = bound;
        }
    }
    result
}

/// A number and the [bound](self#the-bound) of its error, in units of [`U`].
#[derive(Debug, Clone, Copy)]
struct Rounded {
    value: f64,
    error: f64,
}

impl Rounded {
    fn exact(value: f64) -> Self {
        Rounded { value, error: 0.0 }
    }

    fn plus(self, other: Self) -> Self {
        let value = self.value + other.value;
        Rounded { value, error: self.error + other.error + value.abs() }
    }

    fn times(self, weight: f64) -> Self {
        let value = self.value * weight;
        Rounded { value, error: self.error * weight.abs() + value.abs() }
    }
}

/// A number at the two ends of a step, mean ± half.
#[derive(Debug, Clone, Copy)]
struct Pair {
    mean: Rounded,
    half: Rounded,
}

impl Pair {
    fn constant(value: f64) -> Self {
        Pair { mean: Rounded::exact(value), half: Rounded::exact(0.0) }
    }

    fn plus(self, other: Self) -> Self {
        Pair { mean: self.mean.plus(other.mean), half: self.half.plus(other.half) }
    }

    fn times(self, weight: f64) -> Self {
        Pair { mean: self.mean.times(weight), half: self.half.times(weight) }
    }

    /// Whether the number is positive at one end and negative at the other.
    fn changes_sign(self) -> bool {
        self.mean.value.abs() < self.half.value.abs()
    }

    /// φ at both ends, or with the gate of the mean.
    fn relu(mut self, gate_held: bool) -> Self {
        let (mean, half) = (self.mean.value, self.half.value);
        if self.changes_sign() && !gate_held {
            let (from, to) = (relu(mean - half), relu(mean + half));
            (self.mean.value, self.half.value) = (f64::midpoint(from, to), (to - from) / 2.0);
            self
        } else if mean <= 0.0 {
            Pair::constant(0.0)
        } else {
            self
        }
    }
}

/// A sample of class y in the network before any step: the input and the output X·W + b of each layer.
struct Trace {
    inputs: Vec<Vec<Pair>>,
    outputs: Vec<Vec<Pair>>,
    y: usize,
}

impl Trace {
    fn new(parameters: &[Parameter<&[f64]>], x: &[f64], y: usize) -> Self {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        let mut input: Vec<Pair> = x.iter().map(|&x| Pair::constant(x)).collect();
        for layer in parameters.chunks_exact(2) {
            let output = affine(&input, layer);
            inputs.push(input);
            input = output.iter().map(|h_pre| h_pre.relu(true)).collect();
            outputs.push(output);
        }
        Trace { inputs, outputs, y }
    }

    /// The slope of this sample's loss where one entry of one parameter steps by ±ε, and whether a unit's h_pre changes its
    /// sign. Only the layers from the parameter's on can change.
    fn slope(
        &self,
        parameters: &[Parameter<&[f64]>],
        [parameter, entry]: [usize; 2],
        epsilon: f64,
        gates_held: bool,
    ) -> (Rounded, bool) {
        let layer = parameter / 2;
        let mut output = self.outputs[layer].clone();
        let is_weight = !parameters[parameter].is_bias;
        let (i, o) = (entry / output.len(), entry % output.len());
        let input = if is_weight { self.inputs[layer][i].mean } else { Rounded::exact(1.0) };
        output[o] = output[o].plus(Pair { mean: Rounded::exact(0.0), half: input.times(epsilon) });
        let mut crosses = false;
        for next in parameters.chunks_exact(2).skip(layer + 1) {
            crosses |= output.iter().any(|h_pre| h_pre.changes_sign());
            let h: Vec<Pair> = output.iter().map(|h_pre| h_pre.relu(gates_held)).collect();
            output = affine(&h, next);
        }
        let Rounded { value, error } = loss_difference(&output, self.y);
        (Rounded { value: value / (2.0 * epsilon), error: error / (2.0 * epsilon) }, crosses)
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

/// The difference of −log p_y between the ends.
fn loss_difference(scores: &[Pair], y: usize) -> Rounded {
    let f: Vec<Rounded> = scores.iter().map(|score| score.mean).collect();
    let delta: Vec<Rounded> = scores.iter().map(|score| score.half).collect();
    let max = f.iter().fold(f64::NEG_INFINITY, |max, f| larger(max, f.value));
    let mut p: Vec<f64> = f.iter().map(|f| exp(f.value - max)).collect();
    let sum: f64 = p.iter().sum();
    for p in &mut p {
        *p /= sum;
    }
    let (mut sinhs, mut coshs, mut error) = (0.0, 0.0, 0.0);
    for k in 0..p.len() {
        let gamma = delta[k].value - delta[y].value;
        sinhs += p[k] * sinh(gamma);
        coshs += p[k] * cosh(gamma);

        let (mut one_minus_p, mut of_scores) = (0.0, 0.0);
        for j in (0..p.len()).filter(|&j| j != k) {
            one_minus_p += p[j];
            of_scores += p[k] * p[j] * (f[k].error + f[j].error + (f[k].value - f[j].value).abs());
        }
        let of_p = smaller((p.len() + 4) as f64 * p[k], one_minus_p / U);
        let p_minus_one_hot = if k == y { one_minus_p } else { p[k] };
        let of_gradient = 4.0 * p_minus_one_hot + of_p + of_scores;
        error += delta[k].value.abs() * of_gradient + delta[k].error * p_minus_one_hot;
    }
    Rounded { value: 2.0 * artanh(sinhs / coshs), error: 2.0 * error }
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
