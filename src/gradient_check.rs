//! The gradient check (handout 2.1): the computed gradient against centred finite differences.

use crate::dataset::Dataset;
use crate::model::{Init, Model};
use crate::rng::Rng;
use crate::train::Trainer;

/// The ε of the handout's text. The difference itself errs by the order of ε² (which shows where inputs are large),
/// round-off by that of 10⁻¹⁶/ε: at 10⁻⁵, the starter script's ε, it calls correct gradients WRONG on one seed in ten.
pub const EPSILON: f64 = 1e-4;

/// The largest relative error that counts as CORRECT.
pub const THRESHOLD: f64 = 1e-8;

/// The λ of the course's checks: not zero, so that the penalty's gradient is checked too.
pub const LAMBDA: f64 = 1e-3;

/// The most samples that [`check_gradient`] uses.
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
}

impl Verdict {
    /// Whether the error is within [`THRESHOLD`]. An error that is not a number is not.
    #[must_use]
    pub fn is_correct(&self) -> bool {
        self.error <= THRESHOLD
    }
}

/// Checks the gradient of a randomly initialised M with λ = [`LAMBDA`] and ε = [`EPSILON`], on all of `data` or, of
/// more than [`SAMPLES`] samples, on so many drawn at random.
///
/// The course starts the check with biases at 1, so that every unit is switched on and the whole gradient is in
/// play, and weights at 0.01·N(0, 1) for softmax regression and 0.05·N(0, 1) with hidden units. A random batch is not
/// only faster than all data: where the classes are balanced, such a network's bias gradient almost vanishes, and
/// the error of Eq. 5 itself, which is of the order of ε², would look large beside it.
#[must_use]
pub fn check_gradient<M: Model<D, K>, const D: usize, const K: usize>(
    init: &Init,
    rng: &mut Rng,
    data: &Dataset<D, K>,
) -> Vec<Verdict> {
    let mut batch: Vec<usize> = (0..data.len()).collect();
    if data.len() > SAMPLES {
        rng.shuffle(&mut batch);
        batch.truncate(SAMPLES);
    }
    let data = data.select(&batch);
    let model = M::initialised(init, rng);
    let mut trainer = Trainer::<M, D, K, SAMPLES>::new();
    trainer.gradient(&model, &data, 0..data.len(), LAMBDA);
    compare(trainer.last_gradient(), &numerical_gradient(&model, &data, LAMBDA, EPSILON))
}

/// The verdict on each parameter of a computed gradient, given the numerical one.
#[must_use]
pub fn compare<M: Model<D, K>, const D: usize, const K: usize>(computed: &M, numerical: &M) -> Vec<Verdict> {
    let pairs = computed.parameters().into_iter().zip(numerical.parameters());
    pairs
        .map(|(computed, numerical)| Verdict {
            name: computed.name,
            rows: computed.rows,
            columns: computed.columns,
            error: relative_error(numerical.values, computed.values),
        })
        .collect()
}

/// `‖a − b‖ / ‖a + b‖`, the course's measure; 0 if both are zero (every unit behind the parameter is dead).
#[must_use]
pub fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    let norm = |combine: fn(f64, f64) -> f64| {
        let squares = a.iter().zip(b).map(|(&a, &b)| combine(a, b) * combine(a, b));
        squares.sum::<f64>().sqrt()
    };
    let difference = norm(|a, b| a - b);
    if difference == 0.0 { 0.0 } else { difference / norm(|a, b| a + b) }
}

/// The gradient ∂J/∂θ by centred differences, `(J(θ + ε) − J(θ − ε)) / 2ε` for every scalar parameter θ in turn.
///
/// J is a sum over samples, and so is its difference: the samples' differences are added up, because two sums
/// that agree in most digits would lose those digits when subtracted from each other.
#[must_use]
pub fn numerical_gradient<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    lambda: f64,
    epsilon: f64,
) -> M {
    let mut trainer = Trainer::<M, D, K, SAMPLES>::new();
    let mut perturbed = model.clone();
    let mut gradient = M::zeros();
    let mut losses_plus = Vec::with_capacity(data.len());
    let mut losses_minus = Vec::with_capacity(data.len());
    for (position, parameter) in model.parameters().iter().enumerate() {
        for (entry, &theta) in parameter.values.iter().enumerate() {
            perturbed.parameters_mut()[position].values[entry] = theta + epsilon;
            trainer.sample_losses(&perturbed, data, &mut losses_plus);
            let penalty_plus = perturbed.penalty(lambda);

            perturbed.parameters_mut()[position].values[entry] = theta - epsilon;
            trainer.sample_losses(&perturbed, data, &mut losses_minus);
            let penalty_minus = perturbed.penalty(lambda);

            perturbed.parameters_mut()[position].values[entry] = theta;
            let differences = losses_plus.iter().zip(&losses_minus).map(|(plus, minus)| plus - minus);
            let difference = differences.sum::<f64>() / data.len() as f64 + (penalty_plus - penalty_minus);
            gradient.parameters_mut()[position].values[entry] = difference / (2.0 * epsilon); // Eq. (5)
        }
    }
    gradient
}
