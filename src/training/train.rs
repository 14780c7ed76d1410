//! Gradient descent: on the full batch (handout problem 1) or on shuffled mini-batches (problem 2).

use crate::math::kernels::Start;
use crate::math::matrix::Matrix;
use crate::math::model::Model;
use crate::math::rng::Rng;
use crate::math::softmax::{arg_max, cross_entropy};
use crate::math::tile::Tile;
use crate::training::dataset::Dataset;
use crate::training::error::Error;
use crate::training::history::Recorder;
pub use crate::training::history::{History, MOST_KEPT, losses};
pub use crate::training::score::{EpochScores, Score};

/// Hyper-parameters of gradient descent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hyperparameters {
    /// Passes over the training data.
    pub epochs: u64,
    /// The step size α.
    pub step_size: f64,
    /// The regularisation coefficient λ.
    pub lambda: f64,
}

impl Hyperparameters {
    /// Checks that α is finite and above 0, that λ is finite and not negative, and that the epochs can be counted on from
    /// `start`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`], naming the first that is not so.
    pub fn check(&self, start: u64) -> Result<(), Error> {
        let Hyperparameters { epochs, step_size, lambda } = *self;
        Err(Error::Usage(if !(step_size > 0.0 && step_size.is_finite()) {
            format!("step size {step_size}: expected a finite number above 0")
        } else if !(lambda >= 0.0 && lambda.is_finite()) {
            format!("regularisation {lambda}: expected a finite number from 0")
        } else if start.checked_add(epochs).is_none() {
            format!("{epochs} epochs after {start}: expected at most {} in all", u64::MAX)
        } else {
            return Ok(());
        }))
    }
}

/// The samples of each step.
#[derive(Debug)]
pub enum Batches<'a> {
    /// All of them: one step in an epoch.
    Full,
    /// Mini-batches. Every epoch takes the samples in a new random order, `size` at a time; its last batch may be smaller.
    Shuffled {
        /// Samples in a batch.
        size: usize,
        /// The generator of the orders.
        rng: &'a mut Rng,
    },
}

/// The data of a run.
#[derive(Debug, Clone, Copy)]
pub struct Split<'a, const D: usize, const K: usize> {
    /// The samples that the network learns from.
    pub training: &'a Dataset<D, K>,
    /// Samples that it is only scored on.
    pub validation: Option<&'a Dataset<D, K>>,
}

impl<'a, const D: usize, const K: usize> Split<'a, D, K> {
    /// Training data alone.
    pub fn training(training: &'a Dataset<D, K>) -> Self {
        Split { training, validation: None }
    }
}

/// The buffers of a training run of model M, with tiles of N rows. No step allocates. [`train`](Self::train) allocates its
/// history and, for mini-batches, the order of the samples: once a run.
///
/// A batch passes through the network tile by tile; the size of a tile decides what stays in the first-level
/// cache and changes no bit of any result.
#[derive(Debug)]
pub struct Trainer<M: Model<D, K>, const D: usize, const K: usize, const N: usize> {
    tile: Tile<N, D>,
    pub(crate) pass: M::Pass<N>,
    gradient: M,
    /// The number of a run's first epoch.
    pub start: u64,
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Default for Trainer<M, D, K, N> {
    fn default() -> Self {
        Trainer::new()
    }
}

impl<M: Model<D, K>, const D: usize, const K: usize, const N: usize> Trainer<M, D, K, N> {
    /// New buffers; epochs are numbered from 0.
    pub fn new() -> Self {
        const { assert!(N > 0, "a tile has rows") };
        Trainer { tile: Tile::empty(), pass: M::Pass::<N>::default(), gradient: M::zeros(), start: 0 }
    }

    /// Trains for `hyper.epochs` epochs, by mini-batches of at least one sample. Before the first and after every epoch, `watch`
    /// sees the network, its scores and, of shuffled batches, the generator.
    /// A loss that is not finite ends training before a step is taken from it, and is the last training loss of the history; for
    /// a mini-batch, that batch's loss.
    ///
    /// # Errors
    ///
    /// The error of `watch`, which ends training.
    ///
    /// # Panics
    ///
    /// If [`Hyperparameters::check`] refuses `hyper`, or the size of a mini-batch is zero.
    pub fn train<E>(
        &mut self,
        model: &mut M,
        Split { training, validation }: Split<'_, D, K>,
        mut batches: Batches<'_>,
        hyper: &Hyperparameters,
        mut watch: impl FnMut(&M, &EpochScores, Option<&Rng>) -> Result<(), E>,
    ) -> Result<History, E> {
        hyper.check(self.start).expect("hyper-parameters that can be trained with");
        let last = self.start + hyper.epochs;
        let mut recorder = Recorder::new(hyper.epochs);
        let mut order: Vec<usize> = Vec::new();
        let mut overflow = None;
        for epoch in self.start..=last {
            let is_last = epoch == last;
            let mut score = match batches {
                // The forward pass of the step's gradient gives the score too.
                Batches::Full if !is_last => self.gradient(model, training, 0..training.len(), hyper.lambda),
                _ => self.evaluate(model, training, hyper.lambda),
            };
            score.data_loss = overflow.unwrap_or(score.data_loss);
            let validation = validation.map(|data| self.evaluate(model, data, hyper.lambda));
            let scores = EpochScores { epoch, training: score, validation };
            let generator = if let Batches::Shuffled { rng, .. } = &batches { Some(&**rng) } else { None };
            watch(model, &scores, generator)?;
            recorder.record(scores);
            if is_last || !score.loss().is_finite() {
                break;
            }
            match &mut batches {
                Batches::Full => model.descend(hyper.step_size, &self.gradient),
                Batches::Shuffled { size, rng } => {
                    // From the data's own order, so that an epoch's order depends on nothing but the generator.
                    order.clear();
                    order.extend(0..training.len());
                    rng.shuffle(&mut order);
                    for batch in order.chunks(*size) {
                        let loss = self.step(model, training, batch.iter().copied(), hyper).loss();
                        if !loss.is_finite() {
                            overflow = Some(loss);
                            break;
                        }
                    }
                }
            }
        }
        Ok(recorder.finish())
    }

    /// One step down the [`gradient`](Self::gradient) of the samples that `indices` names, unless their loss is not finite. The
    /// score is the batch's before the step.
    pub fn step(
        &mut self,
        model: &mut M,
        data: &Dataset<D, K>,
        indices: impl ExactSizeIterator<Item = usize>,
        hyper: &Hyperparameters,
    ) -> Score {
        let score = self.gradient(model, data, indices, hyper.lambda);
        if score.loss().is_finite() {
            model.descend(hyper.step_size, &self.gradient);
        }
        score
    }

    /// The score of the samples that `indices` names; leaves the gradient of its loss, ∂J/∂Θ, for
    /// [`last_gradient`](Self::last_gradient).
    ///
    /// # Panics
    ///
    /// If there is no index, or one is not below `data.len()`.
    pub fn gradient(
        &mut self,
        model: &M,
        data: &Dataset<D, K>,
        indices: impl ExactSizeIterator<Item = usize>,
        lambda: f64,
    ) -> Score {
        let samples = indices.len();
        assert!(samples > 0, "the gradient of no samples");
        let mut score = no_score(model, lambda);
        let mut batch = indices.map(|index| data.sample(index));
        let mut start = Start::Penalty { lambda };
        while self.tile.fill(&mut batch) {
            let Trainer { tile, pass, gradient, .. } = self;
            let losses = model.gradient(tile, 1.0 / samples as f64, start, pass, gradient);
            add(&mut score, tile, &losses, M::scores(pass));
            start = Start::Sum;
        }
        score.data_loss /= samples as f64;
        score
    }

    /// The gradient that the last call of [`gradient`](Self::gradient) or [`step`](Self::step) computed.
    pub fn last_gradient(&self) -> &M {
        &self.gradient
    }

    /// The network's score on a whole dataset.
    pub fn evaluate(&mut self, model: &M, data: &Dataset<D, K>, lambda: f64) -> Score {
        let mut score = no_score(model, lambda);
        self.for_each_tile(model, data, |tile, pass| {
            let f = M::scores(pass);
            add(&mut score, tile, &cross_entropy(f, &tile.labels), f);
        });
        score.data_loss /= data.len() as f64;
        score
    }

    /// For each hidden layer, its dead units and all its units. A unit is dead if no sample of `data` switches it on
    /// (h > 0): no gradient then reaches its weights.
    pub fn dead_units(&mut self, model: &M, data: &Dataset<D, K>) -> Vec<(usize, usize)> {
        let mut alive: Vec<Vec<bool>> =
            M::hidden_layers(&self.pass).iter().map(|layer| vec![false; layer.len() / N]).collect();
        self.for_each_tile(model, data, |_, pass| {
            for (layer, alive) in M::hidden_layers(pass).iter().zip(&mut alive) {
                for (entry, h) in layer.iter().enumerate() {
                    alive[entry % (layer.len() / N)] |= *h > 0.0;
                }
            }
        });
        alive.iter().map(|alive| (alive.iter().filter(|&&on| !on).count(), alive.len())).collect()
    }

    /// The class that the network gives each sample of `data`; `None` if its scores have no probabilities, since they overflow.
    pub fn predictions(&mut self, model: &M, data: &Dataset<D, K>) -> Vec<Option<usize>> {
        let mut predictions = Vec::with_capacity(data.len());
        self.for_each_tile(model, data, |tile, pass| {
            let (f, losses) = (M::scores(pass), cross_entropy(M::scores(pass), &tile.labels));
            predictions.extend((0..tile.count).map(|n| (!losses[n].is_nan()).then(|| arg_max(&f[n]))));
        });
        predictions
    }

    /// Runs the data forward tile by tile and shows `visit` each tile with its pass.
    pub(crate) fn for_each_tile(
        &mut self,
        model: &M,
        data: &Dataset<D, K>,
        mut visit: impl FnMut(&Tile<N, D>, &M::Pass<N>),
    ) {
        let mut samples = (0..data.len()).map(|index| data.sample(index));
        while self.tile.fill(&mut samples) {
            model.forward(&self.tile.x, &mut self.pass);
            visit(&self.tile, &self.pass);
        }
    }
}

/// Trains a model, as [`Trainer::train`] does, from epoch 0 and in tiles of 20 rows.
///
/// # Errors
///
/// [`Error::Usage`] if [`Hyperparameters::check`] refuses `hyper`, and that of `watch`, which ends training.
pub fn train<M: Model<D, K>, E: From<Error>, const D: usize, const K: usize>(
    model: &mut M,
    split: Split<'_, D, K>,
    batches: Batches<'_>,
    hyper: &Hyperparameters,
    watch: impl FnMut(&M, &EpochScores, Option<&Rng>) -> Result<(), E>,
) -> Result<History, E> {
    hyper.check(0)?;
    Trainer::<M, D, K, 20>::new().train(model, split, batches, hyper, watch)
}

/// Whether all parameters of a network are finite.
pub fn is_finite<M: Model<D, K>, const D: usize, const K: usize>(model: &M) -> bool {
    model.parameters().iter().flat_map(|parameter| parameter.values).all(|value| value.is_finite())
}

/// The score of no samples: to it those of tiles are added, loss by loss, so that the sum does not depend on where a tile ends.
fn no_score<M: Model<D, K>, const D: usize, const K: usize>(model: &M, lambda: f64) -> Score {
    // Without λ, ΣW² may overflow: 0·∞ is no number.
    let penalty = if lambda == 0.0 { 0.0 } else { model.penalty(lambda) };
    Score { data_loss: 0.0, penalty, correct: 0, samples: 0 }
}

/// Adds a tile's samples to a score, of which `data_loss` is the sum of the losses.
#[inline(always)]
fn add<const N: usize, const D: usize, const K: usize>(
    score: &mut Score,
    tile: &Tile<N, D>,
    losses: &[f64; N],
    f: &Matrix<N, K>,
) {
    for n in 0..tile.count {
        score.data_loss += losses[n];
        score.correct += usize::from(!losses[n].is_nan() & (arg_max(&f[n]) == tile.labels[n]));
    }
    score.samples += tile.count;
}
