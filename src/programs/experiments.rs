//! Training runs beside a program's own, for the figures that compare: other seeds, other λ, other epochs, other splits.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::f64::consts::LN_2;

use crate::draw::{Look, Mark};
use crate::math::exp_ln::ln;
use crate::math::model::Model;
use crate::math::order::{larger, position_of_least, smaller};
use crate::math::rng::Rng;
use crate::programs::settings::Settings;
use crate::programs::threads::side_by_side;
use crate::proof::gradient_check::Check;
use crate::training::dataset::Dataset;
use crate::training::numbers::{mean, nine_in_ten, sorted};
use crate::training::train::{
    Batches, EpochScores, History, Hyperparameters, Score, Split, Trainer, no_watch,
};

/// A network trained with these settings from the first parameters of a seed, and its scores over the epochs. After every
/// epoch, `watch` sees the network and its scores.
pub fn trained<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    split: Split<D, K>,
    settings: &Settings,
    seed: u64,
    mut watch: impl FnMut(&M, &EpochScores),
) -> (M, History) {
    let mut rng = Rng::new(seed);
    let mut model = M::initialised(&settings.init, &mut rng);
    let watch = |model: &M, scores: &EpochScores| {
        watch(model, scores);
        Ok::<(), Infallible>(())
    };
    let (batches, hyper) = (settings.batches(&mut rng), settings.hyperparameters());
    let Ok(history) = trainer.train(&mut model, split, batches, &hyper, watch);
    (model, history)
}

/// The losses, over the epochs, between which the runs of most seeds lie.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedBand {
    /// Epoch and loss of all but one in twenty of the best.
    pub low: Vec<[f64; 2]>,
    /// Epoch and loss of all but one in twenty of the worst.
    pub high: Vec<[f64; 2]>,
    /// The number of runs that diverged; the band is that of the others.
    pub diverged: u64,
}

/// The band that holds the losses of nine in ten runs with the seeds from 0 to `seeds` − 1, without the runs that
/// diverge.
pub fn seed_band<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    data: &Dataset<D, K>,
    settings: &Settings,
    seeds: u64,
) -> SeedBand {
    let mut losses: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    let mut diverged = 0;
    for seed in 0..seeds {
        let (_, history) = trained(trainer, Split::training(data), settings, seed, |_, _| ());
        if has_diverged(&history) {
            diverged += 1;
            continue;
        }
        for scores in &history {
            losses.entry(scores.epoch).or_default().push(scores.training.loss());
        }
    }
    let (mut low, mut high) = (Vec::new(), Vec::new());
    // In the history of a long run, an epoch may be missing.
    losses.retain(|_, losses| losses.len() as u64 == seeds - diverged);
    for (epoch, losses) in losses {
        let [best, worst] = nine_in_ten(&sorted(losses.into_iter()));
        low.push([epoch as f64, best]);
        high.push([epoch as f64, worst]);
    }
    SeedBand { low, high, diverged }
}

impl SeedBand {
    /// The band as it is drawn behind the losses of one of `seeds` runs; `None` if all of them diverged.
    pub fn mark(self, seeds: u64) -> Option<Mark> {
        let SeedBand { low, high, diverged } = self;
        let suffix = if diverged > 0 { format!(" ({diverged} diverged)") } else { String::new() };
        let label = format!("nine in ten of {} seeds{suffix}", seeds - diverged);
        (diverged < seeds).then_some(Mark::new(label, Look::Band { series: 4, low, high }))
    }
}

/// Whether training ended because its loss was not finite.
pub fn has_diverged(history: &[EpochScores]) -> bool {
    history.last().is_some_and(|last| !last.training.loss().is_finite())
}

/// The position in a history of the lowest [validation loss](EpochScores::validation_loss).
pub fn lowest_validation(history: &[EpochScores]) -> Option<usize> {
    position_of_least(&history.iter().map(EpochScores::validation_loss).collect::<Vec<_>>())
}

/// The largest error of a gradient check for ε from 2⁻⁴ to 2⁻⁴⁰, as points of ε and error: of the difference of Eq. 5 as it
/// stands, and as the check evaluates it.
pub fn errors_over_epsilon<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    check: &Check<M, D, K, N>,
) -> [Vec<[f64; 2]>; 2] {
    let curve = |errors: &dyn Fn(f64) -> Vec<f64>| {
        let epsilons = (4..=40).map(|power| 1.0 / (1_u64 << power) as f64);
        epsilons.map(|epsilon| [epsilon, errors(epsilon).into_iter().fold(0.0, larger)]).collect()
    };
    [
        curve(&|epsilon| check.errors_as_printed(epsilon)),
        curve(&|epsilon| check.errors_without_cancellation(epsilon)),
    ]
}

/// The losses at which training on XOR can stop for good, since a dead unit brings no gradient: two of the four points
/// tie, three do (with p = 1/3 for the class that one of them has), or all four.
pub fn tied_losses() -> [f64; 3] {
    [LN_2 / 2.0, (3.0 * ln(3.0) - 2.0 * LN_2) / 4.0, LN_2]
}

/// Networks trained on the full batch from the same start with different λ, side by side on all cores, with their scores;
/// `None` for a run that diverged.
pub fn by_lambda<M: Model<D, K> + Send + Sync, const D: usize, const K: usize, const N: usize>(
    data: &Dataset<D, K>,
    start: &M,
    hyper: &Hyperparameters,
    lambdas: &[f64],
) -> Vec<Option<(M, Score)>> {
    let run = |&lambda: &f64| {
        let mut model = start.clone();
        let hyper = Hyperparameters { lambda, ..*hyper };
        let mut trainer = Trainer::<M, D, K, N>::new();
        let Ok(history) = trainer.train(&mut model, Split::training(data), Batches::Full, &hyper, no_watch);
        let score = history[history.len() - 1].training;
        // A loss far above that of guessing is on its way: its accuracy means nothing.
        let runs_away = score.data_loss > 1000.0 * ln(K as f64);
        (!has_diverged(&history) && !runs_away).then_some((model, score))
    };
    side_by_side(lambdas, run)
}

/// Two runs from the same start.
#[derive(Debug, Clone, PartialEq)]
pub struct Overfitting {
    /// Without a penalty.
    pub free: OverfittingRun,
    /// With λ = [`DECAY`].
    pub decayed: OverfittingRun,
}

/// A run of [`overfitting`].
#[derive(Debug, Clone, PartialEq)]
pub struct OverfittingRun {
    /// The losses on the training and on the validation data, without the penalty, from epoch 0 on; if the run diverged, of
    /// the epochs before.
    pub losses: [Vec<f64>; 2],
    /// The epoch of the lowest validation loss, where early stopping would stop; `None` if the run diverged.
    pub lowest: Option<usize>,
    /// The epoch in which the run diverged, if it did.
    pub diverged: Option<usize>,
}

impl OverfittingRun {
    /// The last eighth of the epochs, over which the loss at the end is averaged, because single epochs jump.
    pub fn tail(&self) -> usize {
        self.losses[1].len() / 8 + 1
    }

    /// The least mean validation loss of as many epochs in a row as the [`tail`](Self::tail) has, to compare with the loss at
    /// the end: the least loss of a single epoch is a lucky jump.
    pub fn lowest_mean(&self) -> f64 {
        self.losses[1].windows(self.tail()).map(mean).fold(f64::INFINITY, smaller)
    }

    /// The mean validation loss of the last [`tail`](Self::tail) epochs.
    ///
    /// # Panics
    ///
    /// If there is no loss.
    pub fn at_the_end(&self) -> f64 {
        let validation = &self.losses[1];
        mean(&validation[validation.len() - self.tail()..])
    }
}

/// The λ of the run with weight decay.
pub const DECAY: f64 = 0.01;

/// All samples of training and validation data, divided otherwise: of every fifteen, four others validate.
pub fn divided_otherwise<const D: usize, const K: usize>(data: [&Dataset<D, K>; 2]) -> [Dataset<D, K>; 2] {
    let all = data[0].joined(data[1]);
    // Of the first two samples, the second validates, so neither part is empty.
    let validates = |n: &usize| (4 * n + 13) % 15 < 4;
    let (validating, training): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(validates);
    [training, validating].map(|positions| all.select(&positions))
}

/// Overfitting and two ways of control.
pub fn overfitting<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    split: Split<D, K>,
    settings: &Settings,
    seed: u64,
) -> Overfitting {
    let [free, decayed] = [0.0, DECAY].map(|lambda| {
        let (_, history) = trained(trainer, split, &Settings { lambda, ..*settings }, seed, |_, _| ());
        let diverged = has_diverged(&history).then(|| history.len() - 1);
        let comparable = &history[..diverged.unwrap_or(history.len())];
        let losses = [
            comparable.iter().map(|scores| scores.training.data_loss).collect(),
            comparable.iter().filter_map(|scores| Some(scores.validation?.data_loss)).collect(),
        ];
        let lowest = if diverged.is_none() { lowest_validation(comparable) } else { None };
        OverfittingRun { losses, lowest, diverged }
    });
    Overfitting { free, decayed }
}
