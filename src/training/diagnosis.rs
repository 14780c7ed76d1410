//! Findings about a finished run: whether it diverged, does worse than guessing, or gives every sample the same class; each
//! with the one cause that the run shows.

use crate::math::exp_ln::ln;
use crate::math::model::Model;
use crate::math::order::larger;
use crate::training::dataset::Dataset;
use crate::training::scaling::Scale;
use crate::training::train::{EpochScores, Hyperparameters, Trainer};

/// The cause of a loss or a parameter that is not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// The steps are too large.
    Steps,
    /// The steps are too large for the scale of the inputs.
    Scale,
}

/// A finding about a run that did not diverge.
#[derive(Debug, Clone, Copy, PartialEq)]
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
    /// This loss, without the penalty, is above that of guessing, ln K.
    WorseThanGuessing(f64, Cause),
    /// The network gives every training sample this class.
    OnePrediction(usize, Cause),
    /// The scale of the inputs keeps the run from a lower cost: standardised, a step would take off 1 % of what guessing costs
    /// ([`Scale::gain`]), or steps that were far too large have led to where nothing moves.
    Scale,
}

/// The cause of a bad result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cause {
    /// The scale of the inputs.
    Scale,
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

/// The [gain](Scale::gain) below which descent has arrived: the gradient's rounding.
const FLAT: f64 = 1e-24;

/// The findings about a run of so many steps on `data` that ended with these scores and with `model`, the network of `epoch`;
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
    let largest_parameter = largest_entry(model);
    let scale = Scale::of(data);
    let is_scale = scale.is_cause(hyper, steps, K);
    if !last.training.loss().is_finite() || !largest_parameter.is_finite() {
        return Err(if history.len() == 1 {
            let largest_input =
                samples.as_flattened().iter().fold(0.0, |largest, x| larger(largest, x.abs()));
            Divergence::Start { largest_input, largest_parameter }
        } else if hyper.step_size * hyper.lambda > 2.0 {
            Divergence::Decay
        } else if is_scale {
            Divergence::Scale
        } else {
            Divergence::Steps
        });
    }
    let data_loss = trainer.gradient(model, data, 0..data.len(), hyper.lambda).data_loss;
    let gain = scale.gain(trainer.last_gradient());
    let dead_units = trainer.dead_units(model, data);
    let dead_layer = dead_units.iter().position(|(dead, all)| dead == all).map(|position| position + 1);
    let predictions = trainer.predictions(model, data);
    let labels = data.labels();

    let dead = |(layer, &(dead, all))| (dead > 0).then_some(Finding::DeadUnits { layer, dead, all });
    let mut findings: Vec<Finding> = (1..).zip(&dead_units).filter_map(dead).collect();
    let is_bad = data_loss > 1.001 * ln(K as f64);
    let has_been_lower = |scores: &EpochScores| last.training.data_loss > 1.001 * scores.training.data_loss;
    let cause = if !is_bad && gain < FLAT && dead_units.is_empty() {
        // Without hidden units the cost is convex.
        Cause::LeastCost
    } else if is_scale {
        Cause::Scale
    } else if is_bad && history.iter().any(has_been_lower) {
        Cause::Rise
    } else if let Some(layer) = dead_layer {
        Cause::DeadLayer(layer)
    } else if is_bad && epoch < last.epoch {
        Cause::KeptEpoch
    } else {
        Cause::Unfinished
    };
    // Steps so far too large can leave a network where nothing moves.
    let is_stuck = data_loss > 0.4 * ln(K as f64)
        && history.iter().any(|scores| scores.training.data_loss > 100.0 * ln(K as f64));
    if labels.iter().all(|label| *label == labels[0]) {
        findings.push(Finding::OneClass(labels[0]));
    } else if samples.iter().all(|sample| *sample == samples[0]) {
        findings.push(Finding::SameInputs);
    } else if is_bad {
        findings.push(Finding::WorseThanGuessing(data_loss, cause));
    } else if let (Some(class), true) =
        (predictions[0], predictions.iter().all(|other| *other == predictions[0]))
    {
        findings.push(Finding::OnePrediction(class, cause));
    } else if cause == Cause::Scale && (gain > 0.01 * ln(K as f64) || is_stuck) {
        findings.push(Finding::Scale);
    }
    Ok(findings)
}

/// The largest absolute value of a parameter; NaN if one is.
fn largest_entry<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> f64 {
    let parameters = model.parameters();
    parameters.iter().flat_map(|parameter| parameter.values).fold(0.0, |largest, x| larger(largest, x.abs()))
}
