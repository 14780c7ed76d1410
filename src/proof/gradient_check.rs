//! The gradient check (handout 2.1): the computed gradient against finite differences.
//!
//! [`numerical_gradient`] is the handout's procedure: Eq. 5 on the model's own cost, step by step. No verdict rests on it,
//! because no ε suits all data. Its truncation error, ε²/6·J‴, grows with the square of the inputs; the rounding of J,
//! divided by 2ε, grows as ε shrinks; a gradient that vanishes by symmetry has no relative error; and where a hidden unit
//! switches within ±ε, J has a kink. [`AsPrinted`] tells these causes apart.
//!
//! A [`Verdict`] compares the gradient with the [`exact_difference`](crate::proof::exact_difference) of the same cost, which
//! has none of these errors, entry by entry: a parameter is CORRECT if every entry is within
//! [what rounding can do](crate::proof::exact_difference#the-bound).

use crate::math::init::{Init, WeightInit};
use crate::math::model::{Model, Parameter};
use crate::math::order::{ascending, larger};
use crate::math::rng::Rng;
use crate::proof::exact_difference::{Difference, STEP, exact_difference};
use crate::training::dataset::Dataset;
use crate::training::train::Trainer;

/// The handout's ε.
pub const EPSILON: f64 = 1e-4;

/// The largest [`relative_error`] that the course's starter script calls CORRECT.
pub const COURSE_THRESHOLD: f64 = 1e-8;

/// The gradient ∂J/∂Θ by the handout's procedure, for every scalar θ_j of every parameter.
pub fn numerical_gradient<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
    epsilon: f64,
) -> M {
    let mut theta = model.clone();
    let mut gradient = M::zeros();
    for (parameter, matrix) in model.parameters().iter().enumerate() {
        for (j, &original) in matrix.values.iter().enumerate() {
            theta.parameters_mut()[parameter].values[j] = original + epsilon; // Step 1: Θ + ε at j
            let above = trainer.evaluate(&theta, data, lambda).loss(); // Step 2: J(Θ + ε), Eq. 1 and 8
            theta.parameters_mut()[parameter].values[j] = original; // Step 3
            theta.parameters_mut()[parameter].values[j] = original - epsilon; // Step 4: Θ − ε at j
            let below = trainer.evaluate(&theta, data, lambda).loss(); // Step 5: J(Θ − ε)
            let derivative = (above - below) / (2.0 * epsilon); // Step 6: Eq. (5)
            gradient.parameters_mut()[parameter].values[j] = derivative;
            theta.parameters_mut()[parameter].values[j] = original; // Step 7
        } // Step 8: the next j
    }
    gradient
}

/// `‖a − b‖ / ‖a + b‖`, the course's measure of error; 0 if both are zero (every unit behind the parameter is dead), NaN
/// if an entry is no finite number.
pub fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    // In units of the largest entry, whose square neither overflows nor vanishes.
    let unit = a.iter().chain(b).fold(0.0, |unit, value| larger(unit, value.abs()));
    if unit == 0.0 { 0.0 } else { norm(a, -1.0, b, unit) / norm(a, 1.0, b, unit) }
}

/// `‖a + sign·b‖ / unit`.
fn norm(a: &[f64], sign: f64, b: &[f64], unit: f64) -> f64 {
    let entries = a.iter().zip(b).map(|(a, b)| a / unit + sign * (b / unit));
    entries.fold(0.0, |sum, entry| sum + entry * entry).sqrt()
}

/// The parameters of the course's check: normal weights with this deviation, and biases at 1, so that most hidden units are on.
pub const fn of_the_course(deviation: f64) -> Init {
    Init { weights: WeightInit::Fixed(deviation), bias: 1.0 }
}

/// Parameters with which more of the gates of Eq. 10 are shut: about a tenth in problem 1d, half in problem 2.
pub const SOME_OFF: Init = Init { weights: WeightInit::Glorot, bias: 0.1 };

/// The λ of the course's checks: not zero, so that the penalty's gradient is checked too.
pub const LAMBDA: f64 = 1e-3;

/// The result of the check for one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verdict {
    /// The parameter's name, `W1`, `b1`, …
    pub name: &'static str,
    /// Rows of the parameter.
    pub rows: usize,
    /// Columns of the parameter.
    pub columns: usize,
    /// The distance of the gradient from the exact difference, in the entry where it is largest beside its bound.
    pub error: f64,
    /// The largest error of that entry that rounding explains.
    pub bound: f64,
    /// Entries at a kink, where every gate was held as it is.
    pub kinks: usize,
}

impl Verdict {
    /// The verdict of two checks of the same parameter: the worse error with its bound, and all kinks.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let kinks = self.kinks + other.kinks;
        let worse = if ascending(&self.share(), &other.share()).is_gt() { self } else { other };
        Verdict { kinks, ..worse }
    }

    /// The error as a share of the bound.
    pub fn share(&self) -> f64 {
        if self.error == 0.0 { 0.0 } else { self.error / self.bound }
    }

    /// Whether the error is within the bound. NaN is not.
    pub fn is_correct(&self) -> bool {
        self.error <= self.bound
    }
}

/// A model with random parameters, data, and the gradient there, as training computes it in tiles of N rows.
#[derive(Debug, Clone)]
pub struct Check<M, const D: usize, const K: usize, const N: usize> {
    /// The network.
    pub model: M,
    /// The samples.
    pub data: Dataset<D, K>,
    /// The gradient as training computes it.
    pub computed: M,
    /// The derivatives that it is compared with.
    pub exact: Difference<M>,
}

/// The course's [error](relative_error) of one parameter by Eq. 5, and its causes: kinks, rounding and truncation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AsPrinted {
    /// The error with Eq. 5 as the handout prints it.
    pub error: f64,
    /// The error with the [`exact_difference`] for the same ε: without rounding.
    pub unrounded: f64,
    /// Entries whose difference crosses a kink: a gate is open at one end of ±ε and shut at the other.
    pub crossing: usize,
    /// The error of the other entries as printed.
    pub others: f64,
    /// The share of rounding, of Eq. 5 and of the gradient, in `others`: r/(r + t) with the norms of rounding and
    /// truncation; NaN of 0.
    pub rounding: f64,
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Check<M, D, K, N> {
    /// A check of M, initialised at random, with λ = [`LAMBDA`], on all of `data` or, of more, on 2N + 1 samples drawn at random:
    /// two whole tiles and one of a third, which is padded.
    pub fn new(init: &Init, rng: &mut Rng, data: &Dataset<D, K>) -> Self {
        let mut batch: Vec<usize> = (0..data.len()).collect();
        if data.len() > 2 * N + 1 {
            rng.shuffle(&mut batch);
            batch.truncate(2 * N + 1);
        }
        let data = data.select(&batch);
        let model = M::initialised(init, rng);
        let mut trainer = Trainer::<M, D, K, N>::new();
        trainer.gradient(&model, &data, 0..data.len(), LAMBDA);
        let computed = trainer.last_gradient().clone();
        let exact = exact_difference(&model, &data, LAMBDA, STEP);
        Check { model, data, computed, exact }
    }

    /// The verdict on each parameter.
    pub fn verdicts(&self) -> Vec<Verdict> {
        compare(&self.computed, &self.exact)
    }

    /// The course's error of each parameter with this ε.
    pub fn as_printed(&self, epsilon: f64) -> Vec<AsPrinted> {
        let trainer = &mut Trainer::<M, D, K, N>::new();
        let printed = numerical_gradient(trainer, &self.model, &self.data, LAMBDA, epsilon);
        let Difference { centred, kinks, .. } = exact_difference(&self.model, &self.data, LAMBDA, epsilon);
        let Difference { held, bound, .. } = &self.exact;
        let gradients = [&printed, &centred, &self.computed, held, bound].map(M::parameters);
        let of_parameter = |(n, kinks): (usize, &Vec<bool>)| {
            let [printed, unrounded, computed, held, bound] = gradients.each_ref().map(|of| of[n].values);
            // A distance within the bound may be rounding.
            let is_exact = |entry: usize| (unrounded[entry] - held[entry]).abs() <= bound[entry];
            let exact = |entry| if is_exact(entry) { unrounded[entry] } else { held[entry] };
            let exact: Vec<f64> = (0..held.len()).map(exact).collect();
            let others = |values: &[f64]| -> Vec<f64> {
                values.iter().zip(kinks).filter_map(|(&value, crosses)| (!crosses).then_some(value)).collect()
            };
            let [p, u, c, e] = [printed, unrounded, computed, &exact].map(others);
            let rounding = norm(&p, -1.0, &u, 1.0) + norm(&c, -1.0, &e, 1.0);
            let truncation = norm(&u, -1.0, &e, 1.0);
            AsPrinted {
                error: relative_error(printed, computed),
                unrounded: relative_error(unrounded, computed),
                crossing: kinks.len() - p.len(),
                others: relative_error(&p, &c),
                rounding: rounding / (rounding + truncation),
            }
        };
        kinks.iter().enumerate().map(of_parameter).collect()
    }

    /// How many gates of hidden units are shut, and how many there are: one for each unit and sample.
    pub fn gates(&self) -> [usize; 2] {
        let (mut trainer, mut gates) = (Trainer::<M, D, K, 1>::new(), [0; 2]);
        trainer.for_each_tile(&self.model, &self.data, |_, pass| {
            for h in M::hidden_layers(pass).concat() {
                gates[0] += usize::from(h <= 0.0);
                gates[1] += 1;
            }
        });
        gates
    }
}

/// The verdict on each parameter of a model that [`exact_difference`] can compute, on all of `data`. The time is the number of
/// parameters times that of a forward pass.
///
/// # Panics
///
/// If the network is [out of range](crate::proof::exact_difference#the-bound).
pub fn check_gradient<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
) -> Vec<Verdict> {
    let mut trainer = Trainer::<M, D, K, 10>::new();
    trainer.gradient(model, data, 0..data.len(), lambda);
    compare(trainer.last_gradient(), &exact_difference(model, data, lambda, STEP))
}

/// The verdict on each parameter of a computed gradient, given the exact difference.
///
/// # Panics
///
/// If a bound of the difference is not finite.
pub fn compare<M: Model<D, K>, const D: usize, const K: usize>(
    computed: &M,
    Difference { held, bound, kinks, .. }: &Difference<M>,
) -> Vec<Verdict> {
    let [computed, held, bound] = [computed, held, bound].map(M::parameters);
    let mut verdicts = Vec::new();
    for (n, Parameter { name, rows, columns, values, .. }) in computed.into_iter().enumerate() {
        let kinks = kinks[n].iter().filter(|is_kink| **is_kink).count();
        let mut worst = Verdict { name, rows, columns, error: 0.0, bound: 0.0, kinks };
        for ((value, held), &bound) in values.iter().zip(held[n].values).zip(bound[n].values) {
            assert!((0.0..f64::INFINITY).contains(&bound), "beyond the gradient check's range: rescale");
            worst = worst.with(Verdict { error: (value - held).abs(), bound, kinks: 0, ..worst });
        }
        verdicts.push(worst);
    }
    verdicts
}
