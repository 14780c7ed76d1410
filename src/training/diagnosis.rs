//! Findings about a finished run: whether it diverged, does worse than guessing, or gives every sample the same class; each
//! with the one cause that the run shows.

use crate::math::exp_ln::ln;
use crate::math::model::Model;
use crate::training::dataset::Dataset;
use crate::training::scaling::Scale;
use crate::training::train::{EpochScores, Hyperparameters, Trainer, is_finite};

/// A finding about a run that did not diverge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Finding {
    /// Dead units: the hidden layer, from 1; its units that no training sample switches on; all its units.
    DeadUnits(usize, usize, usize),
    /// This loss, without the penalty, is above that of guessing, ln K.
    WorseThanGuessing(f64, Cause),
    /// The network gives every training sample this class, though they are of several and not all alike.
    OnePrediction(usize, Cause),
    /// The scale of the inputs keeps the run from a lower cost: standardised, a step would take off 1 % of what guessing costs
    /// ([`Scale::gain`]), or steps that were far too large have led to where nothing moves.
    Scale,
}

/// The cause of a divergence or of a bad result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cause {
    /// The first parameters, the inputs or λ are too large: the cost overflows before any step.
    Start,
    /// The scale of the inputs.
    Scale,
    /// The run diverged, or the loss without the penalty is lower in another epoch: the steps or λ are too large.
    Steps,
    /// All units of a hidden layer are dead.
    DeadLayer,
    /// The cost is convex, and its gradient is zero.
    LeastCost,
    /// None of these: the steps were too few or too small for this start.
    Unfinished,
}

/// The findings about a run of so many steps on `data` with these scores, at least one; `model` is the network of its last
/// epoch or of a better.
///
/// # Errors
///
/// The cause, if the last training loss or a parameter is not finite.
pub fn diagnose<M: Model<D, K>, const D: usize, const K: usize>(
    model: &M,
    data: &Dataset<D, K>,
    history: &[EpochScores],
    hyper: &Hyperparameters,
    steps: u64,
) -> Result<Vec<Finding>, Cause> {
    let scale = Scale::of(data);
    let is_scale = scale.is_cause(hyper, steps, K);
    if !(history[history.len() - 1].training.loss().is_finite() && is_finite(model)) {
        let cause = if is_scale { Cause::Scale } else { Cause::Steps };
        return Err(if history.len() == 1 { Cause::Start } else { cause });
    }
    let mut trainer = Trainer::<M, D, K, 10>::new();
    let data_loss = trainer.gradient(model, data, 0..data.len(), hyper.lambda).data_loss;
    let gain = scale.gain(trainer.last_gradient());
    let (layers, predictions) = (trainer.dead_units(model, data), trainer.predictions(model, data));
    let (samples, labels) = (data.samples(), data.labels());
    let guessing = ln(K as f64);

    let dead = |(layer, &(dead, all))| (dead > 0).then_some(Finding::DeadUnits(layer, dead, all));
    let mut findings: Vec<Finding> = (1..).zip(&layers).filter_map(dead).collect();
    let is_bad = data_loss > 1.001 * guessing;
    let cause = if !is_bad && gain < 1e-24 && layers.is_empty() {
        // Without hidden units the cost is convex; less is the gradient's rounding.
        Cause::LeastCost
    } else if is_scale {
        Cause::Scale
    } else if is_bad && history.iter().any(|scores| data_loss > 1.001 * scores.training.data_loss) {
        Cause::Steps
    } else if layers.iter().any(|(dead, all)| dead == all) {
        Cause::DeadLayer
    } else {
        Cause::Unfinished
    };
    // Steps so far too large can leave a network where nothing moves.
    let is_stuck = data_loss > 0.4 * guessing
        && history.iter().any(|scores| scores.training.data_loss > 100.0 * guessing);
    // Samples of one class, or all alike, have to get the same one.
    let may_differ = labels.iter().any(|y| *y != labels[0]) && samples.iter().any(|x| *x != samples[0]);
    let is_one = may_differ && predictions.iter().all(|other| *other == predictions[0]);
    if is_bad {
        findings.push(Finding::WorseThanGuessing(data_loss, cause));
    } else if let Some(class) = predictions[0].filter(|_| is_one) {
        findings.push(Finding::OnePrediction(class, cause));
    } else if cause == Cause::Scale && (gain > 0.01 * guessing || is_stuck) {
        findings.push(Finding::Scale);
    }
    Ok(findings)
}
