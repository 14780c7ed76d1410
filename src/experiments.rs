//! Training runs beside a program's own, for the figures that compare: other seeds, other λ, other epochs, other splits.

use std::convert::Infallible;
use std::thread;

use crate::dataset::Dataset;
use crate::error::readable;
use crate::model::{Init, Model};
use crate::plot::{Mark, lowest};
use crate::report::percent;
use crate::rng::Rng;
use crate::train::{Descent, History, Record, Split, Trainer, losses};

#[expect(clippy::unnecessary_wraps, reason = "the shape of a watcher")]
fn silent(_: &Record) -> Result<(), Infallible> {
    Ok(())
}

/// The band that holds the losses of all but one in twenty of the best and of the worst of so many full-batch runs, with
/// seeds from 0.
#[must_use]
pub fn seed_band<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    data: &Dataset<D, K>,
    init: &Init,
    descent: &Descent,
    seeds: u64,
) -> Mark {
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
        losses.sort_by(f64::total_cmp);
        let twentieth = losses.len() / 20;
        if let (Some(&best), Some(&worst)) = (losses.get(twentieth), losses.iter().rev().nth(twentieth)) {
            low.push([epoch as f64, best]);
            high.push([epoch as f64, worst]);
        }
    }
    Mark::Band { label: format!("nine in ten of {seeds} seeds"), series: 4, low, high }
}

/// Networks trained on the full batch from the same start with different λ, side by side on all cores, with a caption
/// each.
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
) -> Vec<(String, M)> {
    let run = |lambda: f64| {
        let mut model = start.clone();
        let descent = Descent { lambda, ..*descent };
        let Ok(history) = Trainer::<M, D, K, N>::new().full_batch(&mut model, data, &descent, silent);
        (format!("λ = {}: {}", readable(lambda), accuracy(&history)), model)
    };
    thread::scope(|scope| {
        let runs: Vec<_> = lambdas.iter().map(|&lambda| scope.spawn(move || run(lambda))).collect();
        runs.into_iter().map(|run| run.join().expect("training does not panic")).collect()
    })
}

/// The network after so many epochs of one full-batch run, with a caption each. `moments` must not fall.
#[must_use]
pub fn film<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    data: &Dataset<D, K>,
    start: &M,
    descent: &Descent,
    moments: &[usize],
) -> Vec<(String, M)> {
    let mut model = start.clone();
    let mut done = 0;
    let frame = |&moment: &usize| {
        let descent = Descent { epochs: moment - done, ..*descent };
        done = moment;
        let Ok(history) = trainer.full_batch(&mut model, data, &descent, silent);
        (format!("epoch {moment}: {}", accuracy(&history)), model.clone())
    };
    moments.iter().map(frame).collect()
}

fn accuracy(history: &History) -> String {
    history.last().map_or(String::new(), |last| percent(&last.training))
}

/// The losses, training and validation, of a run with a caption.
pub type Losses = (String, [Vec<f64>; 2]);

/// Overfitting and two ways of control, on all samples of a split but divided otherwise: of every fifteen, four others
/// validate. A run without control, one with weight decay, and one that stops at the lowest validation loss.
#[must_use]
pub fn overfitting<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trainer: &mut Trainer<M, D, K, N>,
    split: Split<'_, D, K>,
    (init, seed): (&Init, u64),
    (batch, descent): (usize, &Descent),
) -> Vec<Losses> {
    let all = split.training.joined(split.validation);
    // Of the first two samples, the second validates, so neither part is empty.
    let validates = |n: &usize| (4 * n + 13) % 15 < 4;
    let (validating, training): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(validates);
    let (training, validation) = (all.select(&training), all.select(&validating));
    let split = Split { training: &training, validation: &validation };
    let mut run = |lambda: f64| -> [Vec<f64>; 2] {
        let mut rng = Rng::new(seed);
        let mut model = M::initialised(init, &mut rng);
        let descent = Descent { lambda, ..*descent };
        let Ok(history) = trainer.mini_batches(&mut model, split, batch, &descent, &mut rng, silent);
        losses(&history)
    };
    let [free, decayed] = [0.0, CONTROL_LAMBDA].map(&mut run);
    let best = lowest(&free[1]).unwrap_or(0);
    let stopped = free.clone().map(|losses| losses[..=best].to_vec());
    vec![
        ("No control: λ = 0".to_owned(), free),
        (format!("Weight decay: λ = {CONTROL_LAMBDA}"), decayed),
        (format!("Early stopping: the network of epoch {best} is kept"), stopped),
    ]
}

/// The λ of the run with weight decay.
const CONTROL_LAMBDA: f64 = 0.01;
