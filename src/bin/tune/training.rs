//! Training runs of the sweeps: their samples, and their scores after several numbers of epochs.

use std::convert::Infallible;

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::settings::Settings;
use backprop::programs::spiral::spirals;
use backprop::programs::tuning::{Run, Scores, Seeds, header, key};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::train::{EpochScores, Hyperparameters, Score, Split, Trainer};

/// The samples that a run trains on and those that validate it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Division {
    /// The files as they are.
    Given,
    /// The training flowers in five parts, which the seed of the run draws: each in turn validates, the others train.
    Folds,
    /// The 150 flowers divided otherwise, 110 and 40, by a shuffle with this seed.
    Shuffled(u64),
    /// The spiral, and fresh ones with other seeds than those that settings are chosen by.
    Unseen,
    /// The files as they are, with 1000 seeds in one row.
    AllSeeds,
}

impl Division {
    /// The columns of a sweep.
    pub(crate) fn header(self) -> String {
        if matches!(self, Division::AllSeeds) { header::<Seeds>() } else { header::<Run>() }
    }
}

/// One training run, for the epochs of its settings.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trial {
    pub(crate) settings: Settings,
    pub(crate) division: Division,
    pub(crate) seed: u64,
}

impl Trial {
    /// The beginning of the row after this number of epochs.
    pub(crate) fn key(&self, epochs: usize) -> String {
        let Trial { settings, division, seed } = self;
        let key = key(&Settings { epochs, ..*settings });
        match division {
            Division::Given => format!("{key},given,{seed}"),
            Division::Folds => format!("{key},5 folds,{seed}"),
            Division::Shuffled(shuffle) => format!("{key},shuffle {shuffle},{seed}"),
            Division::Unseen => format!("{key},unseen,{seed}"),
            Division::AllSeeds => key,
        }
    }
}

/// Training samples, and validation samples if there are any.
type Samples<const D: usize, const K: usize> = (Dataset<D, K>, Option<Dataset<D, K>>);

/// Trains a network, and calls `visit` with it and its score on the training samples after each of `epochs`, which rise; a
/// run that diverges keeps its last score.
fn train<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    settings: &Settings,
    seed: u64,
    training: &Dataset<D, K>,
    epochs: &[usize],
    mut visit: impl FnMut(&M, Score),
) {
    let mut rng = Rng::new(seed);
    let mut model = M::initialised(&settings.init, &mut rng);
    let last = epochs[epochs.len() - 1];
    let hyper = Hyperparameters { epochs: last, ..settings.hyperparameters() };
    let mut trainer = Trainer::<M, D, K, N>::new();
    let watch = |model: &M, scores: &EpochScores| {
        if epochs.contains(&scores.epoch) {
            visit(model, scores.training);
        }
        Ok::<(), Infallible>(())
    };
    let Ok(history) =
        trainer.train(&mut model, Split::training(training), settings.batches(&mut rng), &hyper, watch);
    for _ in epochs.iter().filter(|&&epochs| epochs >= history.len()) {
        visit(&model, history[history.len() - 1].training);
    }
}

/// Trains a network on each of the parts, and adds up their scores after each of `epochs`. Returns the rows' results.
fn scores<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    Trial { settings, seed, .. }: &Trial,
    epochs: &[usize],
    parts: &[Samples<D, K>],
) -> Vec<String> {
    let mut all: Vec<Vec<Scores>> = epochs.iter().map(|_| Vec::new()).collect();
    for part in parts {
        let mut moments = all.iter_mut();
        let mut scorer = Trainer::<M, D, K, N>::new();
        train::<M, D, K, N>(settings, *seed, &part.0, epochs, |model, training| {
            let validation = part.1.as_ref().map(|samples| scorer.evaluate(model, samples, 0.0));
            moments.next().expect("one for each number of epochs").push(Scores { training, validation });
        });
    }
    let total = |scores: Vec<Scores>| {
        let training = scores.iter().map(|scores| scores.training).reduce(together);
        let validation = scores.iter().filter_map(|scores| scores.validation).reduce(together);
        Scores { training: training.expect("there is a part"), validation }.to_csv()
    };
    all.into_iter().map(total).collect()
}

/// The score on two sets of samples together.
fn together(a: Score, b: Score) -> Score {
    let samples = a.samples + b.samples;
    let data_loss = (a.loss() * a.samples as f64 + b.loss() * b.samples as f64) / samples as f64;
    Score { data_loss, penalty: 0.0, correct: a.correct + b.correct, samples }
}

fn xor() -> Dataset<2, 2> {
    XOR.load(None).expect("it is inside the program")
}

fn spiral() -> Dataset<2, 3> {
    SPIRAL_TRAIN.load(None).expect("it is inside the program")
}

pub(crate) fn prob1a(point: &Trial, epochs: &[usize]) -> Vec<String> {
    scores::<SoftmaxRegression<2, 2>, 2, 2, 4>(point, epochs, &[(xor(), None)])
}

pub(crate) fn prob1b(point: &Trial, epochs: &[usize]) -> Vec<String> {
    scores::<SoftmaxRegression<2, 3>, 2, 3, 20>(point, epochs, &[(spiral(), None)])
}

/// Runs of problem 1c with all seeds: a run takes a fifth of a millisecond, and a row for each would be a hundred thousand.
pub(crate) fn prob1c<const H: usize>(Trial { settings, .. }: &Trial, epochs: &[usize]) -> Vec<String> {
    const SEEDS: u64 = 1000;
    let samples = xor();
    let mut scorer = Trainer::<Mlp1<2, H, 2>, 2, 2, 4>::new();
    let mut runs: Vec<Vec<(Score, usize)>> = epochs.iter().map(|_| Vec::new()).collect();
    for seed in 0..SEEDS {
        let mut moments = runs.iter_mut();
        train::<Mlp1<2, H, 2>, 2, 2, 4>(settings, seed, &samples, epochs, |model, score| {
            let dead: usize = scorer.dead_units(model, &samples).iter().map(|(dead, _)| dead).sum();
            moments.next().expect("one for each number of epochs").push((score, H - dead));
        });
    }
    runs.iter().map(|runs| Seeds::of(runs).to_csv()).collect()
}

pub(crate) fn prob1d<const H: usize>(point: &Trial, epochs: &[usize]) -> Vec<String> {
    // No seed of the spirals that show how good the choice is has had a part in it.
    let fresh = spirals(if matches!(point.division, Division::Unseen) { 2001..=2020 } else { 1001..=1100 });
    scores::<Mlp1<2, H, 3>, 2, 3, 20>(point, epochs, &[(spiral(), Some(fresh))])
}

pub(crate) fn prob2a<const H: usize>(point: &Trial, epochs: &[usize]) -> Vec<String> {
    scores::<Mlp1<4, H, 3>, 4, 3, 10>(point, epochs, &iris(point))
}

pub(crate) fn prob2b<const H: usize>(point: &Trial, epochs: &[usize]) -> Vec<String> {
    scores::<Mlp2<4, H, H, 3>, 4, 3, 10>(point, epochs, &iris(point))
}

/// The flowers of each of a division's parts.
fn iris(Trial { division, seed, .. }: &Trial) -> Vec<Samples<4, 3>> {
    const FOLDS: usize = 5;
    let [training, validation]: [Dataset<4, 3>; 2] =
        [IRIS_TRAIN, IRIS_TEST].map(|source| source.load(None).expect("it is inside the program"));
    let shuffled = |samples: usize, seed: u64| {
        let mut order: Vec<usize> = (0..samples).collect();
        Rng::new(seed).shuffle(&mut order);
        order
    };
    match *division {
        Division::Given | Division::Unseen | Division::AllSeeds => vec![(training, Some(validation))],
        Division::Folds => {
            let order = shuffled(training.len(), *seed);
            let part = |fold, is_in: bool| {
                let here = (0..order.len()).filter(|place| (place % FOLDS == fold) == is_in);
                training.select(&here.map(|place| order[place]).collect::<Vec<_>>())
            };
            (0..FOLDS).map(|fold| (part(fold, false), Some(part(fold, true)))).collect()
        }
        Division::Shuffled(seed) => {
            let all = training.joined(&validation);
            let order = shuffled(all.len(), seed);
            let (first, rest) = order.split_at(training.len());
            vec![(all.select(first), Some(all.select(rest)))]
        }
    }
}
