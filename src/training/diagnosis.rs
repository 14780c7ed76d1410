//! Findings about a finished run: whether it diverged, does worse than guessing, or gives every sample the same class; each
//! with the one cause that the run shows.

use crate::math::exp_ln::ln;
use crate::math::model::Model;
use crate::math::order::larger;
use crate::training::dataset::Dataset;
use crate::training::scaling::{Scale, Scaling};
use crate::training::train::{EpochScores, Hyperparameters, Trainer};

/// The cause of a loss or a parameter that is not finite.
#[derive(Debug, Clone, PartialEq)]
pub enum Divergence {
    /// The cost of the first parameters overflows: these, the inputs or λ are too large.
    Start {
        /// The largest absolute value of an input.
        largest_input: f64,
        /// The largest absolute value of a parameter.
        largest_parameter: f64,
    },
    /// W − α·λW = (1 − αλ)·W grows with each step, because αλ is above 2.
    Decay,
    /// The steps are too large, perhaps because of the inputs.
    Steps(Option<Scale>),
}

/// A finding about a run that did not diverge.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Units that no training sample switches on.
    DeadUnits {
        /// The hidden layer, from 1.
        layer: usize,
        /// Its dead units.
        dead: usize,
        /// All its units.
        all: usize,
    },
    /// All training samples are of this class.
    OneClass(usize),
    /// All training samples have the same inputs.
    SameInputs,
    /// The loss without the penalty is above that of guessing, ln K, or, because of the inputs, above half of it.
    HighLoss {
        /// The loss.
        data_loss: f64,
        /// K.
        classes: usize,
        /// The cause.
        cause: Cause,
    },
    /// The network gives every training sample this class.
    OnePrediction(usize, Cause),
}

/// The cause of a bad result.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// The scale of the inputs.
    Scale(Scale),
    /// The loss without the penalty has been lower: the steps or λ are too large.
    Rise,
    /// The network is that of the lowest validation loss, though the training loss has not risen since.
    KeptEpoch,
    /// All units of this hidden layer are dead.
    DeadLayer(usize),
    /// The cost is convex, and its gradient is zero.
    LeastCost,
    /// None of these: the steps were too few or too small for this start.
    Unfinished,
}

/// The largest entry of a gradient at which descent has arrived, if the inputs are standardised.
const FLAT: f64 = 1e-12;

/// The findings about a run on `data` of so many steps that ended with these scores and with `model`, the network of `epoch`;
/// or why it diverged.
///
/// # Errors
///
/// The cause, if the last training loss or a parameter is not finite.
///
/// # Panics
///
/// If the history is empty.
pub fn diagnose<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    model: &M,
    data: &Dataset<D, K>,
    trainer: &mut Trainer<M, D, K, N>,
    history: &[EpochScores],
    hyper: &Hyperparameters,
    steps: u64,
    epoch: u64,
) -> Result<Vec<Finding>, Divergence> {
    let samples = data.samples();
    let last = history[history.len() - 1];
    let largest_parameter = largest(entries(model));
    let scale = || Scale::of(data, hyper, steps);
    if !last.training.loss().is_finite() || !largest_parameter.is_finite() {
        return Err(if history.len() == 1 {
            let largest_input = largest(samples.as_flattened().iter().copied());
            Divergence::Start { largest_input, largest_parameter }
        } else if hyper.step_size * hyper.lambda > 2.0 {
            Divergence::Decay
        } else {
            Divergence::Steps(scale())
        });
    }
    let data_loss = trainer.gradient(model, data, 0..data.len(), hyper.lambda).data_loss;
    let slopes = standardised(trainer.last_gradient(), &Scaling::of(data));
    let dead_units = trainer.dead_units(model, data);
    let dead_layer = dead_units.iter().position(|(dead, all)| dead == all).map(|position| position + 1);
    let predictions = trainer.predictions(model, data);
    let labels = data.labels();

    let mut findings = Vec::new();
    for (layer, &(dead, all)) in (1..).zip(&dead_units) {
        if dead > 0 {
            findings.push(Finding::DeadUnits { layer, dead, all });
        }
    }
    let has_dead = dead_units.iter().any(|(dead, all)| 2 * dead > *all);
    let guessing = ln(K as f64);
    let unless_scale = |cause| scale().map_or(cause, Cause::Scale);
    if labels.iter().all(|label| *label == labels[0]) {
        findings.push(Finding::OneClass(labels[0]));
    } else if samples.iter().all(|sample| *sample == samples[0]) {
        findings.push(Finding::SameInputs);
    } else if data_loss > 1.001 * guessing {
        let has_been_lower =
            |scores: &EpochScores| last.training.data_loss > 1.001 * scores.training.data_loss;
        let cause = if history.iter().any(has_been_lower) {
            unless_scale(Cause::Rise)
        } else if let Some(layer) = dead_layer {
            unless_scale(Cause::DeadLayer(layer))
        } else if epoch < last.epoch {
            Cause::KeptEpoch
        } else {
            unless_scale(Cause::Unfinished)
        };
        findings.push(Finding::HighLoss { data_loss, classes: K, cause });
    } else if predictions.iter().all(|prediction| *prediction == predictions[0]) {
        let cause = if let Some(layer) = dead_layer {
            unless_scale(Cause::DeadLayer(layer))
        } else if dead_units.is_empty() && largest(slopes.into_iter()) < FLAT {
            // Without hidden units the cost is convex.
            Cause::LeastCost
        } else {
            unless_scale(Cause::Unfinished)
        };
        findings.push(Finding::OnePrediction(predictions[0], cause));
    } else if 2.0 * data_loss > guessing {
        // On standardised inputs, as many steps down this slope would take away all of the loss.
        let squares: f64 = slopes.iter().map(|slope| slope * slope).sum();
        let is_steep = steps as f64 * hyper.step_size * squares > data_loss;
        // A network may be at a saddle point, or where a jump has thrown it: no slope shows that.
        let is_network = !dead_units.is_empty();
        let is_at_start = is_network && data_loss > 0.99 * guessing;
        let rises =
            |from: &EpochScores, to: &EpochScores| to.training.data_loss > 1.001 * from.training.data_loss;
        let is_jump = |to: &EpochScores| rises(&history[0], to) && to.training.data_loss > 10.0 * guessing;
        let has_jumped = is_network && history.iter().any(is_jump);
        let late = history[history.len() / 2..].windows(2);
        let jumps = late.filter(|pair| rises(&pair[0], &pair[1])).count() > 0;
        let scale = scale().filter(|scale| match scale {
            Scale::Small(..) => is_steep || is_at_start,
            _ => has_dead || has_jumped || is_steep && jumps,
        });
        let cause = scale.map(Cause::Scale);
        findings.extend(cause.map(|cause| Finding::HighLoss { data_loss, classes: K, cause }));
    }
    Ok(findings)
}

/// The entries of all parameters.
fn entries<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> impl Iterator<Item = f64> {
    model.parameters().into_iter().flat_map(|parameter| parameter.values.iter().copied())
}

/// The largest absolute value; NaN if one is.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |largest, value| larger(largest, value.abs()))
}

/// The entries of the gradient of the network that sees the inputs standardised: with W₁·deviation for W₁ and
/// b₁ + mean·W₁ for b₁, that of W₁ is (∂J/∂W₁ − mean·∂J/∂b₁)/deviation.
fn standardised<M: Model<D, K>, const D: usize, const K: usize>(
    gradient: &M,
    scaling: &Scaling<D>,
) -> Vec<f64> {
    let mut gradient = gradient.clone();
    if let [weights, biases, ..] = &mut gradient.parameters_mut()[..] {
        for (input, weights) in weights.values.chunks_exact_mut(weights.columns).enumerate() {
            for (weight, bias) in weights.iter_mut().zip(biases.values.iter()) {
                *weight = (*weight - scaling.mean[input] * bias) / scaling.deviation[input];
            }
        }
    }
    entries(&gradient).collect()
}
