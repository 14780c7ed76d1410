//! The gradient check (handout 2.1): the computed gradient against centred finite differences.
//!
//! # How the difference is evaluated
//!
//! J(θ + ε) and J(θ − ε) agree in most of their digits, and subtracting one from the other leaves their rounding errors,
//! divided by 2ε: enough to call a correct gradient WRONG where it happens to be small. So the two are never computed.
//! Every quantity of the forward pass, from the parameter to the loss, is carried as a `Pair`: its mean over the two
//! ends of the step and half its difference. Pairs add and multiply by exact algebra,
//!
//! ```text
//! (u ± δ) + (v ± η) = (u + v) ± (δ + η)        (u ± δ)·(v ± η) = (u·v + δ·η) ± (u·η + δ·v)
//! ```
//!
//! and the difference of a sample's loss −log p_y is, with p̄ the softmax of the mean scores, ±δ their halves, and
//! γₖ = δₖ − δ_y,
//!
//! ```text
//! [ln Σₖ e^(f̄ₖ+δₖ) − (f̄_y + δ_y)] − [ln Σₖ e^(f̄ₖ−δₖ) − (f̄_y − δ_y)]
//!     = ln (Σₖ p̄ₖ·e^γₖ / Σₖ p̄ₖ·e^−γₖ) = 2·artanh(Σₖ p̄ₖ·sinh γₖ / Σₖ p̄ₖ·cosh γₖ)
//! ```
//!
//! The two losses never meet, so none of their digits cancel, however small ε is and however sure the network. It is also
//! a second implementation of the networks, which shares nothing with the first but the parameters, exp and ln.
//!
//! # Kinks
//!
//! Where a hidden unit's h_pre changes its sign between θ − ε and θ + ε, J has a kink, and the centred difference is no
//! derivative. Such an entry is compared with the two one-sided derivatives instead, and may be either of them.

use crate::dataset::Dataset;
use crate::elementary::{exp, ln};
use crate::model::{Init, Model, Parameter, Spread, widths};
use crate::order::larger;
use crate::relu::relu;
use crate::rng::Rng;
use crate::train::Trainer;

/// The ε of the check: 2⁻¹⁵ ≈ 0.3·10⁻⁴, so that θ ± ε rounds little. The handout's text says 10⁻⁴, its starter script
/// 10⁻⁵. As nothing cancels here, only the error of Eq. 5 itself counts, ε²/6 times the third derivative, which must
/// stay below [`THRESHOLD`]: over 1000 seeds of each problem's checks it is at most 6·10⁻⁹, and at 10⁻⁴ now and then
/// above 10⁻⁸.
pub const EPSILON: f64 = 1.0 / 32_768.0;

/// Parameters as the course's check has them: normal weights with this deviation, and biases at 1, so that every unit is
/// switched on, the whole gradient is in play, and J is smooth.
#[must_use]
pub const fn all_on(deviation: f64) -> Init {
    Init { weights: Spread::Fixed(deviation), bias: 1.0 }
}

/// Parameters with which about half of the hidden units are off for any sample, so that a check sees the gate of Eq. 10,
/// to which the course's is blind.
pub const HALF_ON: Init = Init { weights: Spread::Glorot, bias: 0.1 };

/// The largest relative error that counts as CORRECT.
pub const THRESHOLD: f64 = 1e-8;

/// The λ of the course's checks: not zero, so that the penalty's gradient is checked too.
pub const LAMBDA: f64 = 1e-3;

/// The most samples that a [`Check`] uses.
pub const SAMPLES: usize = 10;

/// What the check found for one parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The parameter's name, `W1`, `b1`, …
    pub name: &'static str,
    /// Rows of the parameter.
    pub rows: usize,
    /// Columns of the parameter.
    pub columns: usize,
    /// The relative error of the gradient: see [`relative_error`].
    pub error: f64,
    /// How many of its entries are at a kink and were compared with a one-sided derivative.
    pub kinks: usize,
}

impl Verdict {
    /// The verdict of two checks of the same parameter: the larger error, and all kinks.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        let error = largest_error(&[self.error, other.error]);
        Verdict { error, kinks: self.kinks + other.kinks, ..self }
    }

    /// Whether the error is within [`THRESHOLD`]. An error that is not a number is not.
    #[must_use]
    pub fn is_correct(&self) -> bool {
        self.error <= THRESHOLD
    }
}

/// A model with random parameters, data, and the gradient that is to be checked there.
#[derive(Debug, Clone)]
pub struct Check<M, const D: usize, const K: usize> {
    model: M,
    data: Dataset<D, K>,
    computed: M,
}

impl<M: Model<D, K>, const D: usize, const K: usize> Check<M, D, K> {
    /// A check of M, initialised at random, with λ = [`LAMBDA`], on all of `data` or, of more than [`SAMPLES`] samples,
    /// on so many drawn at random.
    ///
    /// A random batch is not only faster than all data: where the classes are balanced, the bias gradient of a network
    /// with small weights almost vanishes, and the error of Eq. 5 itself, which is of the order of ε², would look large
    /// beside it.
    #[must_use]
    pub fn new(init: &Init, rng: &mut Rng, data: &Dataset<D, K>) -> Self {
        let mut batch: Vec<usize> = (0..data.len()).collect();
        if data.len() > SAMPLES {
            rng.shuffle(&mut batch);
            batch.truncate(SAMPLES);
        }
        let data = data.select(&batch);
        let model = M::initialised(init, rng);
        let mut trainer = Trainer::<M, D, K, SAMPLES>::new();
        trainer.gradient(&model, &data, 0..data.len(), LAMBDA);
        let computed = trainer.last_gradient().clone();
        Check { model, data, computed }
    }

    /// The verdict on each parameter, with ε = [`EPSILON`].
    #[must_use]
    pub fn verdicts(&self) -> Vec<Verdict> {
        compare(&self.computed, &numerical_gradient(&self.model, &self.data, LAMBDA, EPSILON))
    }

    /// The widths of the network: `2 → 6 → 3`.
    #[must_use]
    pub fn widths(&self) -> String {
        widths(&self.model.parameters(), " → ")
    }

    /// The largest error of a parameter at this ε.
    #[must_use]
    pub fn error(&self, epsilon: f64) -> f64 {
        self.largest_error(&numerical_gradient(&self.model, &self.data, LAMBDA, epsilon))
    }

    /// The same if Eq. 5 is computed as it stands: J at both ends, and one subtracted from the other.
    #[must_use]
    pub fn error_of_plain_difference(&self, epsilon: f64) -> f64 {
        let mut trainer = Trainer::<M, D, K, SAMPLES>::new();
        let mut moved = self.model.clone();
        let mut cost_at = |parameter: usize, entry: usize, theta: f64, moved: &mut M| {
            moved.parameters_mut()[parameter].values[entry] = theta;
            trainer.evaluate(moved, &self.data, LAMBDA).loss
        };
        let mut centred = M::zeros();
        for (parameter, matrix) in self.model.parameters().iter().enumerate() {
            for (entry, &theta) in matrix.values.iter().enumerate() {
                let above = cost_at(parameter, entry, theta + epsilon, &mut moved);
                let below = cost_at(parameter, entry, theta - epsilon, &mut moved);
                moved.parameters_mut()[parameter].values[entry] = theta;
                centred.parameters_mut()[parameter].values[entry] = (above - below) / (2.0 * epsilon);
            }
        }
        self.largest_error(&Numerical { centred, kinks: Vec::new() })
    }

    fn largest_error(&self, numerical: &Numerical<M>) -> f64 {
        let verdicts = compare(&self.computed, numerical);
        largest_error(&verdicts.iter().map(|verdict| verdict.error).collect::<Vec<_>>())
    }
}

/// The largest of some errors; one that is no number is larger than any.
fn largest_error(errors: &[f64]) -> f64 {
    errors.iter().copied().reduce(larger).unwrap_or(0.0)
}

/// A gradient by differences.
#[derive(Debug, Clone, PartialEq)]
pub struct Numerical<M> {
    /// The centred difference for every scalar parameter.
    pub centred: M,
    /// The entries at which it is no derivative.
    pub kinks: Vec<Kink>,
}

/// A scalar parameter at which J has a kink, and the derivatives of J from below and from above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kink {
    /// Which parameter of the model, counted from 0.
    pub parameter: usize,
    /// Which of its entries, row by row.
    pub entry: usize,
    /// The derivatives from below and from above.
    pub one_sided: [f64; 2],
}

/// The verdict on each parameter of a computed gradient, given the numerical one.
#[must_use]
pub fn compare<M: Model<D, K>, const D: usize, const K: usize>(
    computed: &M,
    numerical: &Numerical<M>,
) -> Vec<Verdict> {
    let mut reference = numerical.centred.clone();
    let computed = computed.parameters();
    for kink in &numerical.kinks {
        let value = computed[kink.parameter].values[kink.entry];
        let [below, above] = kink.one_sided;
        let nearer = if (value - below).abs() < (value - above).abs() { below } else { above };
        reference.parameters_mut()[kink.parameter].values[kink.entry] = nearer;
    }
    let pairs = computed.into_iter().zip(reference.parameters());
    pairs
        .enumerate()
        .map(|(position, (computed, reference))| Verdict {
            name: computed.name,
            rows: computed.rows,
            columns: computed.columns,
            error: relative_error(reference.values, computed.values),
            kinks: numerical.kinks.iter().filter(|kink| kink.parameter == position).count(),
        })
        .collect()
}

/// `‖a − b‖ / ‖a + b‖`, the course's measure; 0 if both are zero (every unit behind the parameter is dead).
#[must_use]
pub fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    // In units of the largest entry, whose square neither overflows nor vanishes.
    let unit = a.iter().chain(b).fold(0.0, |unit: f64, value| larger(unit, value.abs()));
    let norm = |combine: fn(f64, f64) -> f64| {
        let squares =
            a.iter().zip(b).map(|(&a, &b)| combine(a / unit, b / unit) * combine(a / unit, b / unit));
        squares.sum::<f64>().sqrt()
    };
    if unit == 0.0 {
        return 0.0;
    }
    norm(|a, b| a - b) / norm(|a, b| a + b)
}

/// The gradient ∂J/∂θ by centred differences, `(J(θ + ε) − J(θ − ε)) / 2ε` for every scalar parameter θ in turn,
/// [evaluated without cancellation](self#how-the-difference-is-evaluated).
#[must_use]
pub fn numerical_gradient<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
    epsilon: f64,
) -> Numerical<M> {
    let parameters = model.parameters();
    let mut centred = M::zeros();
    let mut kinks = Vec::new();
    for (parameter, matrix) in parameters.iter().enumerate() {
        for (entry, &theta) in matrix.values.iter().enumerate() {
            // J(to) − J(from) over to − from.
            let slope = |from: f64, to: f64| {
                let rise = Step { parameter, entry, from, to }.rise(&parameters, data, lambda);
                (rise.difference / (to - from), rise.crosses)
            };
            let (derivative, crosses) = slope(theta - epsilon, theta + epsilon); // Eq. (5)
            centred.parameters_mut()[parameter].values[entry] = derivative;
            if crosses {
                // A step so small that its first-order error does not show, but not lost in θ.
                let tiny = larger(epsilon * epsilon * epsilon, 2.0 * f64::EPSILON * theta.abs());
                let one_sided = [-tiny, tiny].map(|step| slope(theta, theta + step).0);
                kinks.push(Kink { parameter, entry, one_sided });
            }
        }
    }
    Numerical { centred, kinks }
}

/// A number at both ends of a step of one parameter: its mean, and half the difference of the far end and the near one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pair {
    mean: f64,
    half: f64,
}

impl Pair {
    fn constant(value: f64) -> Self {
        Pair { mean: value, half: 0.0 }
    }

    fn of_ends(from: f64, to: f64) -> Self {
        Pair { mean: f64::midpoint(from, to), half: (to - from) / 2.0 }
    }

    fn plus(self, other: Self) -> Self {
        Pair { mean: self.mean + other.mean, half: self.half + other.half }
    }

    fn scaled(self, factor: f64) -> Self {
        Pair { mean: self.mean * factor, half: self.half * factor }
    }

    fn times(self, other: Self) -> Self {
        Pair {
            mean: self.mean * other.mean + self.half * other.half,
            half: self.mean * other.half + self.half * other.mean,
        }
    }

    /// Whether the number is positive at one end and negative at the other.
    fn changes_sign(self) -> bool {
        (self.mean - self.half) * (self.mean + self.half) < 0.0
    }

    fn relu(self) -> Self {
        let (from, to) = (self.mean - self.half, self.mean + self.half);
        if self.changes_sign() {
            Pair::of_ends(relu(from), relu(to))
        } else if from > 0.0 || to > 0.0 {
            self
        } else {
            Pair::constant(0.0)
        }
    }
}

/// A step of one scalar parameter, all others being fixed.
struct Step {
    parameter: usize,
    entry: usize,
    from: f64,
    to: f64,
}

/// What a [`Step`] does.
struct Rise {
    /// J at the far end less J at the near end.
    difference: f64,
    /// Whether the h_pre of some unit changes its sign for some sample.
    crosses: bool,
}

impl Step {
    fn rise<const D: usize, const K: usize>(
        &self,
        parameters: &[Parameter<&[f64]>],
        data: &Dataset<D, K>,
        lambda: f64,
    ) -> Rise {
        let mut crosses = false;
        let mut sum = 0.0;
        for (x, &y) in data.samples().iter().zip(data.labels()) {
            sum += loss_difference(&self.scores(parameters, x, &mut crosses), y);
        }
        let theta = Pair::of_ends(self.from, self.to);
        let penalty = if parameters[self.parameter].is_bias { 0.0 } else { lambda * theta.times(theta).half };
        Rise { difference: sum / data.len() as f64 + penalty, crosses }
    }

    /// The scores of one sample at both ends. The parameters are W and b of one layer after the other.
    fn scores(&self, all: &[Parameter<&[f64]>], x: &[f64], crosses: &mut bool) -> Vec<Pair> {
        let theta = Pair::of_ends(self.from, self.to);
        let mut input: Vec<Pair> = x.iter().map(|&x| Pair::constant(x)).collect();
        for (layer, w_and_b) in all.chunks_exact(2).enumerate() {
            let [w, b] = [&w_and_b[0], &w_and_b[1]];
            let mut output: Vec<Pair> = b.values.iter().map(|&b| Pair::constant(b)).collect();
            for (x, row) in input.iter().zip(w.values.chunks_exact(w.columns)) {
                for (sum, &weight) in output.iter_mut().zip(row) {
                    *sum = sum.plus(x.scaled(weight));
                }
            }
            if self.parameter == 2 * layer {
                // What the step adds to its weight.
                let step = theta.plus(Pair::constant(-w.values[self.entry]));
                let (i, o) = (self.entry / w.columns, self.entry % w.columns);
                output[o] = output[o].plus(input[i].times(step));
            } else if self.parameter == 2 * layer + 1 {
                output[self.entry] =
                    output[self.entry].plus(theta.plus(Pair::constant(-b.values[self.entry])));
            }
            if 2 * (layer + 1) < all.len() {
                *crosses |= output.iter().any(|h_pre| h_pre.changes_sign());
                for h_pre in &mut output {
                    *h_pre = h_pre.relu();
                }
            }
            input = output;
        }
        input
    }
}

/// The difference of −log p_y between the ends.
fn loss_difference(scores: &[Pair], y: usize) -> f64 {
    // p̄ without its denominator, which the quotient does not need.
    let max = scores.iter().fold(f64::NEG_INFINITY, |max, f| larger(max, f.mean));
    let sum = |function: fn(f64) -> f64| -> f64 {
        scores.iter().map(|f| exp(f.mean - max) * function(f.half - scores[y].half)).sum()
    };
    2.0 * artanh(sum(sinh) / sum(cosh))
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
