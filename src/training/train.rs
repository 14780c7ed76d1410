//! Gradient descent: full batch (handout problem 1) and shuffled mini-batches (problem 2).

use std::convert::Infallible;

use crate::math::model::Model;
use crate::math::rng::Rng;
use crate::math::softmax::{arg_max, cross_entropy};
use crate::training::dataset::{Dataset, Tile};

/// What a run of gradient descent is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descent {
    /// Passes over the training data.
    pub epochs: usize,
    /// The step size α.
    pub step_size: f64,
    /// The regularisation coefficient λ.
    pub lambda: f64,
}

/// How well a network does on a dataset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The cost J = −(1/N) Σₙ log p_y + (λ/2) ΣW².
    pub loss: f64,
    /// Samples whose class has the largest score.
    pub correct: usize,
    /// N, all samples.
    pub samples: usize,
}

impl Score {
    /// The share of samples classified right, from 0 to 1.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        self.correct as f64 / self.samples as f64
    }
}

/// The data of problem 2.
#[derive(Debug, Clone, Copy)]
pub struct Split<'a, const D: usize, const K: usize> {
    /// What the network learns from.
    pub training: &'a Dataset<D, K>,
    /// What it is only scored on.
    pub validation: &'a Dataset<D, K>,
}

/// The network's scores after so many epochs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// Finished epochs, including those before this run: the first record is the network before training.
    pub epoch: usize,
    /// On the training data.
    pub training: Score,
    /// On the validation data, where there is any.
    pub validation: Option<Score>,
}

/// Records of one epoch after the other, up to the last or to the first loss that is not finite.
pub type History = Vec<Record>;

/// Watches training without a word and never stops it.
///
/// # Errors
///
/// Never.
#[expect(clippy::must_use_candidate, reason = "there is nothing in it")]
pub fn silent(_: &Record) -> Result<(), Infallible> {
    Ok(())
}

/// The losses of a history, on the training data and, where there is any, on the validation data.
#[must_use]
pub fn losses(history: &[Record]) -> [Vec<f64>; 2] {
    let validation = history.iter().filter_map(|record| record.validation);
    let training = history.iter().map(|record| record.training.loss);
    [training.collect(), validation.map(|score| score.loss).collect()]
}

/// The buffers of a training run of model M, with tiles of N rows. After [`new`](Self::new) no step and no epoch
/// allocates anything.
///
/// A batch passes through the network tile by tile; the size of a tile decides what stays in the first-level
/// cache and changes no bit of any result.
#[derive(Debug)]
pub struct Trainer<M: Model<D, K>, const D: usize, const K: usize, const N: usize> {
    tile: Tile<N, D>,
    tape: M::Tape<N>,
    gradient: M,
    /// The first epoch of a run.
    start: usize,
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Default for Trainer<M, D, K, N> {
    fn default() -> Self {
        const { assert!(N > 0, "a tile has rows") };
        Trainer { tile: Tile::empty(), tape: M::tape(), gradient: M::zeros(), start: 0 }
    }
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Trainer<M, D, K, N> {
    /// Fresh buffers.
    #[must_use]
    pub fn new() -> Self {
        Trainer::default()
    }

    /// Fresh buffers to go on training with after so many epochs, from which records are numbered on.
    #[must_use]
    pub fn after(epochs: usize) -> Self {
        Trainer { start: epochs, ..Trainer::default() }
    }

    /// Trains on all samples at once, `descent.epochs` steps, and shows each record to `watch` as it is made.
    ///
    /// # Errors
    ///
    /// What `watch` returns as one; training stops there.
    pub fn full_batch<E>(
        &mut self,
        model: &mut M,
        data: &Dataset<D, K>,
        descent: &Descent,
        mut watch: impl FnMut(&Record) -> Result<(), E>,
    ) -> Result<History, E> {
        let last = self.start.saturating_add(descent.epochs);
        let mut history = new_history(descent);
        for epoch in self.start..=last {
            // The gradient's forward pass gives the loss before the step; after the last step none follows.
            let training = if epoch < last {
                self.step(model, data, 0..data.len(), descent)
            } else {
                self.evaluate(model, data, descent.lambda)
            };
            let record = Record { epoch, training, validation: None };
            watch(&record)?;
            history.push(record);
            if !training.loss.is_finite() {
                break;
            }
        }
        Ok(history)
    }

    /// Trains on mini-batches: every epoch takes the samples in a new random order, `batch` at a time (the last
    /// batch of an epoch may be smaller), one step for each batch. The scores of both datasets are taken after
    /// every epoch and shown to `watch`. A batch whose loss is not finite ends its epoch, with that loss, and training.
    ///
    /// # Errors
    ///
    /// What `watch` returns as one; training stops there.
    ///
    /// # Panics
    ///
    /// If `batch` is zero.
    pub fn mini_batches<E>(
        &mut self,
        model: &mut M,
        Split { training, validation }: Split<'_, D, K>,
        batch: usize,
        descent: &Descent,
        rng: &mut Rng,
        mut watch: impl FnMut(&Record) -> Result<(), E>,
    ) -> Result<History, E> {
        let last = self.start.saturating_add(descent.epochs);
        let mut history = new_history(descent);
        let mut order: Vec<usize> = Vec::with_capacity(training.len());
        for epoch in self.start..=last {
            let mut overflow = None;
            if epoch > self.start {
                // From the data's own order, so that an epoch's order depends on nothing but the generator.
                order.clear();
                order.extend(0..training.len());
                rng.shuffle(&mut order);
                let mut losses = order
                    .chunks(batch)
                    .map(|indices| self.step(model, training, indices.iter().copied(), descent).loss);
                overflow = losses.find(|loss| !loss.is_finite());
            }
            let mut score = self.evaluate(model, training, descent.lambda);
            score.loss = overflow.unwrap_or(score.loss);
            let validation = Some(self.evaluate(model, validation, descent.lambda));
            let record = Record { epoch, training: score, validation };
            watch(&record)?;
            history.push(record);
            if !record.training.loss.is_finite() {
                break;
            }
        }
        Ok(history)
    }

    /// One step down the gradient of the samples that `indices` names, unless their loss is not finite. The score is the
    /// batch's before the step.
    ///
    /// # Panics
    ///
    /// If there is no index, or one is not below `data.len()`.
    pub fn step(
        &mut self,
        model: &mut M,
        data: &Dataset<D, K>,
        indices: impl ExactSizeIterator<Item = usize>,
        descent: &Descent,
    ) -> Score {
        let score = self.gradient(model, data, indices, descent.lambda);
        if score.loss.is_finite() {
            model.descend(&self.gradient, descent.step_size);
        }
        score
    }

    /// The score of the samples that `indices` names; leaves the gradient of its loss, ∂J/∂θ, for
    /// [`last_gradient`](Self::last_gradient).
    ///
    /// # Panics
    ///
    /// If there is no index, or one is not below `data.len()`.
    pub fn gradient(
        &mut self,
        model: &M,
        data: &Dataset<D, K>,
        mut indices: impl ExactSizeIterator<Item = usize>,
        lambda: f64,
    ) -> Score {
        let samples = indices.len();
        assert!(samples > 0, "the gradient of no samples");
        let scale = 1.0 / samples as f64;
        model.penalty_gradient(lambda, &mut self.gradient);
        let mut loss = 0.0;
        let mut correct = 0;
        while self.tile.fill(data, &mut indices) {
            let losses = model.loss_and_gradient(&self.tile, scale, &mut self.tape, &mut self.gradient);
            add_losses(&mut loss, &losses[..self.tile.count]);
            correct += self.correct();
        }
        Score { loss: cost(loss, samples, model, lambda), correct, samples }
    }

    /// The gradient that the last call of [`gradient`](Self::gradient) or [`step`](Self::step) computed.
    #[must_use]
    pub fn last_gradient(&self) -> &M {
        &self.gradient
    }

    /// The network's score on a whole dataset.
    pub fn evaluate(&mut self, model: &M, data: &Dataset<D, K>, lambda: f64) -> Score {
        let mut loss = 0.0;
        let mut correct = 0;
        self.for_each_tile(model, data, |trainer| {
            let losses = cross_entropy(M::scores(&trainer.tape), &trainer.tile.labels);
            add_losses(&mut loss, &losses[..trainer.tile.count]);
            correct += trainer.correct();
        });
        let samples = data.len();
        Score { loss: cost(loss, samples, model, lambda), correct, samples }
    }

    /// For each hidden layer, how many of its units are dead: never switched on (h > 0) by any sample of
    /// `data`, so that no gradient reaches their weights. Given as (dead, all).
    pub fn dead_units(&mut self, model: &M, data: &Dataset<D, K>) -> Vec<(usize, usize)> {
        let mut alive: Vec<Vec<bool>> = Vec::new();
        self.for_each_tile(model, data, |trainer| {
            let layers = M::hidden_layers(&trainer.tape);
            alive.resize_with(layers.len(), Vec::new);
            for (layer, alive) in layers.iter().zip(&mut alive) {
                let units = layer.len() / N;
                alive.resize(units, false);
                for row in layer.chunks_exact(units) {
                    for (alive, &h) in alive.iter_mut().zip(row) {
                        *alive |= h > 0.0;
                    }
                }
            }
        });
        let count_dead = |alive: &Vec<bool>| (alive.iter().filter(|&&on| !on).count(), alive.len());
        alive.iter().map(count_dead).collect()
    }

    /// The class that the network gives each sample of `data`.
    pub fn predictions(&mut self, model: &M, data: &Dataset<D, K>) -> Vec<usize> {
        let mut predictions = Vec::with_capacity(data.len());
        self.for_each_tile(model, data, |trainer| {
            let scores = &M::scores(&trainer.tape).rows()[..trainer.tile.count];
            predictions.extend(scores.iter().map(|scores| arg_max(scores)));
        });
        predictions
    }

    /// Runs the data forward tile by tile and lets `visit` see what each tile left.
    fn for_each_tile(&mut self, model: &M, data: &Dataset<D, K>, mut visit: impl FnMut(&Self)) {
        let mut indices = 0..data.len();
        while self.tile.fill(data, &mut indices) {
            model.forward(&self.tile.x, &mut self.tape);
            visit(self);
        }
    }

    /// How many samples of the tile that has just run have their class's score largest.
    fn correct(&self) -> usize {
        let scores = M::scores(&self.tape).rows();
        (0..self.tile.count).filter(|&n| arg_max(&scores[n]) == self.tile.labels[n]).count()
    }
}

/// An empty history with room for all epochs, or for the first million of a run that is hardly meant to end.
fn new_history(descent: &Descent) -> History {
    History::with_capacity(descent.epochs.min(1_000_000) + 1)
}

/// J, from the sum of the samples' losses −log p_y.
fn cost<M: Model<D, K>, const D: usize, const K: usize>(
    loss: f64,
    samples: usize,
    model: &M,
    lambda: f64,
) -> f64 {
    // Without λ, ΣW² may overflow: 0·∞ is no number.
    let penalty = if lambda == 0.0 { 0.0 } else { model.penalty(lambda) };
    loss / samples as f64 + penalty // Eq. (8)
}

/// Adds a tile's losses to the sum one by one, so that the sum does not depend on where a tile ends.
fn add_losses(sum: &mut f64, losses: &[f64]) {
    for loss in losses {
        *sum += loss;
    }
}
