//! Training runs beside a program's own, for the figures that compare: other seeds, other settings, other splits.

use std::convert::Infallible;
use std::panic::resume_unwind;
use std::thread::{Builder, ScopedJoinHandle, scope};

use crate::draw::{Look, Mark};
use crate::math::exp_ln::ln;
use crate::math::model::Model;
use crate::math::order::position_of_least;
use crate::math::rng::Rng;
use crate::programs::data::Data;
use crate::programs::settings::Settings;
use crate::training::dataset::Dataset;
use crate::training::numbers::{nine_in_ten, sorted};
use crate::training::train::{EpochScores, History, Split, Trainer, is_finite};

/// A network trained in tiles of N rows with these settings from the first parameters of a seed, and its scores over the
/// epochs. Before the first and after every epoch, `watch` sees the network and its scores.
pub fn trained<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    split: Split<D, K>,
    settings: &Settings,
    seed: u64,
    mut watch: impl FnMut(&M, &EpochScores),
) -> (M, History) {
    let mut rng = Rng::new(seed);
    let mut model = M::initialised(&settings.init, &mut rng);
    let watch = |model: &M, scores: &EpochScores, _: Option<&Rng>| {
        watch(model, scores);
        Ok::<(), Infallible>(())
    };
    let (batches, hyper) = (settings.batches(&mut rng), settings.hyperparameters());
    let Ok(history) = Trainer::<M, D, K, N>::new().train(&mut model, split, batches, &hyper, watch);
    (model, history)
}

/// A network [`trained`] with these settings, its scores up to the epoch before one that is not finite, and the epoch in which
/// it diverged: the loss or a parameter after it is not finite, or the loss is far above that of guessing.
pub fn compared<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    split: Split<D, K>,
    settings: &Settings,
    seed: u64,
) -> (M, History, Option<u64>) {
    let (model, mut history) = trained::<M, D, K, N>(split, settings, seed, |_, _| ());
    let EpochScores { epoch, training, .. } = history[history.len() - 1];
    let is_finite = training.loss().is_finite() && is_finite(&model);
    if !is_finite {
        history.pop();
    }
    let has_diverged = !is_finite || training.data_loss > 1000.0 * ln(K as f64);
    (model, history, has_diverged.then_some(epoch))
}

/// The position in a history of the lowest [validation loss](EpochScores::validation_loss).
pub fn lowest_validation(history: &[EpochScores]) -> Option<usize> {
    position_of_least(&history.iter().map(EpochScores::validation_loss).collect::<Vec<_>>())
}

/// The band that holds, per epoch, the losses of nine in ten runs with the seeds from 0 to `seeds` − 1, without the runs that
/// diverge; `None` if all do. The runs are short: their histories have every epoch.
pub fn seed_band<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    data: &Dataset<D, K>,
    settings: &Settings,
    seeds: u64,
) -> Option<Mark> {
    let all = (0..seeds).map(|seed| compared::<M, D, K, N>(Split::training(data), settings, seed).1);
    let whole = all.filter(|history| history.len() as u64 > settings.epochs);
    let losses = |history: History| history.iter().map(|scores| scores.training.loss()).collect();
    let runs: Vec<Vec<f64>> = whole.map(losses).collect();
    let (mut low, mut high) = (Vec::new(), Vec::new());
    for epoch in 0..runs.first()?.len() {
        let [best, worst] = nine_in_ten(&sorted(runs.iter().map(|losses| losses[epoch])));
        low.push([epoch as f64, best]);
        high.push([epoch as f64, worst]);
    }
    let diverged = seeds - runs.len() as u64;
    let suffix = if diverged > 0 { &format!(" ({diverged} diverged)") } else { "" };
    let label = format!("nine in ten of {} seeds{suffix}", runs.len());
    Some(Mark::new(label, Look::Band { series: 4, low, high, filled: true }))
}

/// The results of `run` for each item, in their order: each on a thread of its own, or, where the system has no more threads,
/// one after the other. Panics of `run` go on here.
pub fn side_by_side<T: Sync, R: Send>(items: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let run = &run;
    scope(|scope| {
        let start = |item| Builder::new().spawn_scoped(scope, move || run(item)).map_err(|_| run(item));
        let started: Vec<_> = items.iter().map(start).collect();
        let join =
            |thread: ScopedJoinHandle<'_, R>| thread.join().unwrap_or_else(|panic| resume_unwind(panic));
        started.into_iter().map(|run| run.map_or_else(|done| done, join)).collect()
    })
}

/// All samples of training and validation data, divided otherwise: of every fifteen, four others validate.
pub fn divided_otherwise<const D: usize, const K: usize>(data: [&Dataset<D, K>; 2]) -> Data<D, K> {
    let all = data[0].joined(data[1]);
    // Of the first two samples, the second validates, so neither part is empty.
    let validates = |n: &usize| (4 * n + 13) % 15 < 4;
    let (validating, training): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(validates);
    Data { training: all.select(&training), validation: Some(all.select(&validating)), rows: None }
}
