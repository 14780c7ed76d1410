//! Training runs beside a program's own, for the figures that compare: other seeds, other λ, other epochs, other splits.

use std::f64::consts::LN_2;
use std::thread;

use crate::dataset::Dataset;
use crate::elementary::ln;
use crate::model::{Init, Model};
use crate::order::{ascending, position_of_least};
use crate::rng::Rng;
use crate::settings::Settings;
use crate::train::{Descent, Score, Split, Trainer, silent};

/// The losses, over the epochs, between which the runs of most seeds lie.
#[derive(Debug, Clone, PartialEq)]
pub struct SeedBand {
    /// Epoch and loss of all but one in twenty of the best.
    pub low: Vec<[f64; 2]>,
    /// Epoch and loss of all but one in twenty of the worst.
    pub high: Vec<[f64; 2]>,
}

/// The band that holds the losses of nine in ten of so many full-batch runs, with seeds from 0.
#[must_use]
pub fn seed_band<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    data: &Dataset<D, K>,
    init: &Init,
    descent: &Descent,
    seeds: u64,
) -> SeedBand {
    let mut losses: Vec<Vec<f64>> = vec![Vec::new(); descent.epochs + 1];
    for seed in 0..seeds {
        let mut model = M::initialised(init, &mut Rng::new(seed));
        let Ok(history) = trainer.full_batch(&mut model, data, descent, silent);
        for (losses, record) in losses.iter_mut().zip(&history) {
            losses.push(record.training.loss);
        }
    }
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for (epoch, losses) in losses.iter_mut().enumerate() {
        losses.sort_by(ascending);
        let twentieth = losses.len() / 20;
        if let (Some(&best), Some(&worst)) = (losses.get(twentieth), losses.iter().rev().nth(twentieth)) {
            low.push([epoch as f64, best]);
            high.push([epoch as f64, worst]);
        }
    }
    SeedBand { low, high }
}

/// The losses at which training on XOR can stop for good, since a dead unit brings no gradient: two of the four points
/// tie, three do (with p = 1/3 for the class that one of them has), or all four.
#[must_use]
pub fn tied_losses() -> [f64; 3] {
    [LN_2 / 2.0, (3.0 * ln(3.0) - 2.0 * LN_2) / 4.0, LN_2]
}

/// Networks trained on the full batch from the same start with different λ, side by side on all cores, with their scores.
///
/// # Panics
///
/// If the system has no thread left.
#[must_use]
pub fn by_lambda<M: Model<D, K> + Send + Sync, const D: usize, const K: usize, const N: usize>(
    data: &Dataset<D, K>,
    start: &M,
    descent: &Descent,
    lambdas: &[f64],
) -> Vec<(M, Score)> {
    let run = |lambda: f64| {
        let mut model = start.clone();
        let descent = Descent { lambda, ..*descent };
        let Ok(history) = Trainer::<M, D, K, N>::new().full_batch(&mut model, data, &descent, silent);
        (model, history[history.len() - 1].training)
    };
    thread::scope(|scope| {
        let runs: Vec<_> = lambdas.iter().map(|&lambda| scope.spawn(move || run(lambda))).collect();
        runs.into_iter().map(|run| run.join().expect("training does not panic")).collect()
    })
}

/// The network after so many epochs of one full-batch run, with its scores. `moments` must not fall.
#[must_use]
pub fn film<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    data: &Dataset<D, K>,
    start: &M,
    descent: &Descent,
    moments: &[usize],
) -> Vec<(M, Score)> {
    let mut model = start.clone();
    let mut done = 0;
    let frame = |&moment: &usize| {
        let descent = Descent { epochs: moment - done, ..*descent };
        done = moment;
        let Ok(history) = trainer.full_batch(&mut model, data, &descent, silent);
        (model.clone(), history[history.len() - 1].training)
    };
    moments.iter().map(frame).collect()
}

/// The losses without the penalty, over the epochs of two runs from the same start, on the training and on the validation
/// data.
#[derive(Debug, Clone, PartialEq)]
pub struct Overfitting {
    /// Without a penalty.
    pub free: [Vec<f64>; 2],
    /// With λ = [`DECAY`].
    pub decayed: [Vec<f64>; 2],
    /// The epoch in which the validation loss of the free run is lowest, where early stopping would stop it.
    pub stop: usize,
}

/// The λ of the run with weight decay.
pub const DECAY: f64 = 0.01;

/// Overfitting and two ways of control, on all samples of a split but divided otherwise: of every fifteen, four others
/// validate.
#[must_use]
pub fn overfitting<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    split: Split<'_, D, K>,
    settings: &Settings,
    batch: usize,
    seed: u64,
) -> Overfitting {
    let all = split.training.joined(split.validation);
    // Of the first two samples, the second validates, so neither part is empty.
    let validates = |n: &usize| (4 * n + 13) % 15 < 4;
    let (validating, training): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(validates);
    let (training, validation) = (all.select(&training), all.select(&validating));
    let split = Split { training: &training, validation: &validation };
    let [free, decayed] = [0.0, DECAY].map(|lambda| {
        let mut rng = Rng::new(seed);
        let mut model = M::initialised(&settings.init, &mut rng);
        let epoch = Descent { epochs: 1, lambda, ..settings.descent };
        let mut losses = [Vec::new(), Vec::new()];
        for done in 0..=settings.descent.epochs {
            if done > 0 {
                let Ok(_) = trainer.mini_batches(&mut model, split, batch, &epoch, &mut rng, silent);
            }
            for (losses, data) in losses.iter_mut().zip([split.training, split.validation]) {
                losses.push(trainer.evaluate(&model, data, 0.0).loss);
            }
        }
        losses
    });
    let stop = position_of_least(&free[1]).unwrap_or(0);
    Overfitting { free, decayed, stop }
}
