//! The runs of a sweep: all combinations of some settings, each with several seeds.

use backprop::math::init::Init;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::programs::settings::Settings;
use backprop::programs::sweep::{Run, Sweep};
use backprop::training::dataset::Dataset;
use backprop::training::train::{Batches, Hyperparameters, Score, Split, Trainer, no_watch};

/// Which samples a run trains on and which validate it.
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
}

impl Division {
    fn name(self) -> String {
        match self {
            Division::Given => "given".to_owned(),
            Division::Folds => "5 folds".to_owned(),
            Division::Shuffled(seed) => format!("shuffle {seed}"),
            Division::Unseen => "unseen".to_owned(),
        }
    }
}

/// One training run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) settings: Settings,
    pub(crate) division: Division,
    pub(crate) seed: u64,
}

/// What a network scores after some epochs.
pub(crate) struct Scores {
    pub(crate) training: Score,
    /// Without the penalty, so that runs with different λ can be compared.
    pub(crate) validation: Option<Score>,
}

/// Trains a network and scores it after each of these numbers of epochs.
pub(crate) type Train = fn(&Point, &[usize]) -> Vec<Scores>;

/// All combinations of some settings.
pub(crate) struct Grid<'a> {
    /// Numbers of hidden units, and how a network of such a width is trained.
    pub(crate) widths: &'a [(usize, Train)],
    pub(crate) inits: &'a [Init],
    pub(crate) step_sizes: &'a [f64],
    pub(crate) lambdas: &'a [f64],
    /// Samples in a mini-batch; `None` for the full batch.
    pub(crate) batches: &'a [Option<usize>],
    pub(crate) divisions: &'a [Division],
    pub(crate) seeds: u64,
    /// The numbers of epochs after which a network is scored, rising.
    pub(crate) epochs: &'static [usize],
}

impl Grid<'_> {
    /// The runs of all combinations.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        for &(hidden, train) in self.widths {
            for settings in self.settings(hidden) {
                for &division in self.divisions {
                    for seed in 0..self.seeds {
                        runs.push(run(Point { settings, division, seed }, self.epochs, train));
                    }
                }
            }
        }
        runs
    }

    /// All settings with so many hidden units, for the most epochs.
    pub(crate) fn settings(&self, hidden: usize) -> Vec<Settings> {
        let epochs = self.epochs[self.epochs.len() - 1];
        let mut all = Vec::new();
        for &init in self.inits {
            for &step_size in self.step_sizes {
                for &lambda in self.lambdas {
                    for &batch in self.batches {
                        let descent = Hyperparameters { epochs, step_size, lambda };
                        all.push(Settings { descent, init, hidden, batch });
                    }
                }
            }
        }
        all
    }
}

/// The same settings for another number of epochs.
pub(crate) fn for_epochs(settings: &Settings, epochs: usize) -> Settings {
    Settings { descent: Hyperparameters { epochs, ..settings.descent }, ..*settings }
}

/// A run with a row for each number of epochs.
pub(crate) fn run(point: Point, epochs: &'static [usize], train: Train) -> Run {
    let key = |&epochs: &usize| {
        format!("{},{},{}", for_epochs(&point.settings, epochs).to_csv(), point.division.name(), point.seed)
    };
    Run {
        keys: epochs.iter().map(key).collect(),
        train: Box::new(move || train(&point, epochs).iter().map(results).collect()),
    }
}

fn results(Scores { training, validation }: &Scores) -> String {
    let row = |score: &Score| format!("{},{},{}", score.loss(), score.correct, score.samples);
    format!("{},{}", row(training), validation.as_ref().map_or(",,".to_owned(), row))
}

/// A sweep with a row for each run.
pub(crate) fn sweep(name: &'static str, runs: Vec<Run>) -> Sweep {
    let settings = format!("{},data,seed", Settings::csv_header());
    let results = "loss,correct,samples,validation_loss,validation_correct,validation_samples";
    Sweep { name, columns: [settings, results.to_owned()], runs }
}

/// Trains on the full batch.
pub(crate) fn full_batch<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    data: &Dataset<D, K>,
    validation: Option<&Dataset<D, K>>,
    Point { settings, seed, .. }: &Point,
    epochs: &[usize],
) -> Vec<Scores> {
    let mut model = M::initialised(&settings.init, &mut Rng::new(*seed));
    let mut trainer = Trainer::<M, D, K, N>::new();
    let mut done = 0;
    let score = |&epochs: &usize| {
        let descent = Hyperparameters { epochs: epochs - done, ..settings.descent };
        done = epochs;
        let Ok(history) = trainer.train(&mut model, Split::training(data), Batches::Full, &descent, no_watch);
        let validation = validation.map(|data| trainer.evaluate(&model, data, 0.0));
        Scores { training: history[history.len() - 1].training, validation }
    };
    epochs.iter().map(score).collect()
}
