//! The sweep of each study: settings, seeds and data.

use backprop::math::model::{Init, Spread};
use backprop::programs::settings::{PROB1D, PROB2A, PROB2B, Settings};
use backprop::programs::tuning::sweep::{Job, Sweep};
use backprop::programs::tuning::{Run, Scores, Seeds, header, key};
use backprop::training::train::Descent;

use crate::training::{Division, Point, prob1a, prob1b, prob1c, prob1d, prob2a, prob2b};

/// Trains a network and scores it after each of these numbers of epochs.
type Train = fn(&Point, &[usize]) -> Vec<Scores>;

/// The same with all seeds.
type TrainSeeds = fn(&Settings, &[usize]) -> Vec<Seeds>;

/// All combinations of some settings.
struct Grid<'a, T> {
    /// Numbers of hidden units, and the function that trains such a network.
    widths: &'a [(usize, T)],
    inits: &'a [Init],
    step_sizes: &'a [f64],
    lambdas: &'a [f64],
    /// Samples in a mini-batch; `None` for the full batch.
    batches: &'a [Option<usize>],
    /// The numbers of epochs after which a network is scored, rising.
    epochs: &'static [usize],
}

impl<T: Copy> Grid<'_, T> {
    /// The combinations, for the most epochs, and the functions that train their networks.
    fn settings(&self) -> Vec<(Settings, T)> {
        let epochs = self.epochs[self.epochs.len() - 1];
        let mut all = Vec::new();
        for &(hidden, train) in self.widths {
            for &init in self.inits {
                for &step_size in self.step_sizes {
                    for &lambda in self.lambdas {
                        for &batch in self.batches {
                            let descent = Descent { epochs, step_size, lambda };
                            all.push((Settings { descent, init, hidden, batch }, train));
                        }
                    }
                }
            }
        }
        all
    }
}

impl Grid<'_, Train> {
    fn sweep(&self, name: &'static str, division: Division, seeds: u64) -> Sweep {
        let settings = self.settings().into_iter();
        let jobs = settings
            .flat_map(|(settings, train)| jobs(settings, self.epochs, train, division, seeds))
            .collect();
        Sweep { name, header: header::<Run>(), jobs }
    }
}

impl Grid<'_, TrainSeeds> {
    /// The sweep with all seeds in one row.
    fn sweep_of_seeds(&self, name: &'static str) -> Sweep {
        let epochs = self.epochs;
        let job = |(settings, train): (Settings, TrainSeeds)| Job {
            keys: keys(&settings, epochs),
            train: Box::new(move || train(&settings, epochs).iter().map(Seeds::to_csv).collect()),
        };
        Sweep { name, header: header::<Seeds>(), jobs: self.settings().into_iter().map(job).collect() }
    }
}

/// The settings with each of these numbers of epochs, as rows begin with them.
fn keys(settings: &Settings, epochs: &[usize]) -> Vec<String> {
    let key = |&epochs| key(&Settings { descent: Descent { epochs, ..settings.descent }, ..*settings });
    epochs.iter().map(key).collect()
}

/// A run for each seed from 0, with a row for each number of epochs.
fn jobs(
    settings: Settings,
    epochs: &'static [usize],
    train: Train,
    division: Division,
    seeds: u64,
) -> impl Iterator<Item = Job> {
    (0..seeds).map(move |seed| {
        let point = Point { settings, division, seed };
        Job {
            keys: keys(&settings, epochs).iter().map(|key| format!("{key},{division},{seed}")).collect(),
            train: Box::new(move || train(&point, epochs).iter().map(Scores::to_csv).collect()),
        }
    })
}

/// The sweep of chosen settings, each with this many seeds on a division.
fn chosen(
    name: &'static str,
    runs: impl IntoIterator<Item = (&'static Settings, Train, Division, u64)>,
) -> Sweep {
    let jobs = runs.into_iter().flat_map(|(settings, train, division, seeds)| {
        jobs(*settings, std::slice::from_ref(&settings.descent.epochs), train, division, seeds)
    });
    Sweep { name, header: header::<Run>(), jobs: jobs.collect() }
}

/// The tuned settings of problem 2 with 100 seeds on the given split and 5 on each of 20 others, then the starter script's.
fn splits(name: &'static str, [tuned, starter]: [(&'static Settings, Train); 2]) -> Sweep {
    let on = |(settings, train), division, seeds| (settings, train, division, seeds);
    let others = (1..=20).map(|seed| on(tuned, Division::Shuffled(seed), 5));
    let given = [tuned, starter].map(|settings| on(settings, Division::Given, 100));
    chosen(name, [given[0]].into_iter().chain(others).chain([given[1]]))
}

const fn init(weights: Spread, bias: f64) -> Init {
    Init { weights, bias }
}

const LINEAR: [Init; 3] =
    [init(Spread::Fixed(0.01), 0.0), init(Spread::Fixed(0.1), 0.0), init(Spread::He, 0.0)];
const GLOROT_AND_HE: [Init; 2] = [init(Spread::Glorot, 0.0), init(Spread::He, 0.0)];

/// The sweep of a study.
///
/// # Panics
///
/// If there is no study of this name.
pub(crate) fn sweep_of(study: &str) -> Sweep {
    match study {
        "prob1a" => Grid::<Train> {
            widths: &[(0, prob1a)],
            inits: &LINEAR,
            step_sizes: &[0.1, 0.3, 1.0, 3.0],
            lambdas: &[0.0, 1e-3],
            batches: &[None],
            epochs: &[100, 300, 1000],
        }
        .sweep("prob1a", Division::Given, 5),
        "prob1b" => Grid::<Train> {
            widths: &[(0, prob1b)],
            inits: &LINEAR,
            step_sizes: &[0.1, 0.3, 1.0, 3.0],
            lambdas: &[0.0, 1e-4, 1e-3, 1e-2],
            batches: &[None],
            epochs: &[100, 300, 1000, 2000],
        }
        .sweep("prob1b", Division::Given, 5),
        "prob1c" => {
            let spreads = [Spread::Fixed(0.01), Spread::Glorot, Spread::He, Spread::Mirrored];
            let inits = spreads.map(|weights| [0.0, 0.1, 0.5].map(|bias| init(weights, bias)));
            Grid::<TrainSeeds> {
                widths: &[(6, prob1c::<6>)],
                inits: inits.as_flattened(),
                step_sizes: &[0.1, 0.3, 0.5, 1.0, 2.0],
                lambdas: &[0.0, 1e-4],
                batches: &[None],
                epochs: &[100, 300, 1000],
            }
            .sweep_of_seeds("prob1c")
        }
        "prob1c_atlas" => prob1c_atlas(),
        "prob1d" => Grid::<Train> {
            widths: &[(16, prob1d::<16>), (32, prob1d::<32>), (100, prob1d::<100>)],
            inits: &[init(Spread::Fixed(0.01), 0.0), init(Spread::He, 0.0), init(Spread::Mirrored, 0.5)],
            step_sizes: &[0.3, 1.0, 2.0],
            lambdas: &[0.0, 3e-5, 1e-4, 1e-3],
            batches: &[None],
            epochs: &[1000, 3000, 10_000],
        }
        .sweep("prob1d", Division::Given, 4),
        "prob1d_seeds" => {
            let on = |settings, train| (settings, train, Division::Unseen, 20);
            let tuned = on(&PROB1D.tuned, prob1d::<{ PROB1D.tuned.hidden }> as Train);
            chosen("prob1d_seeds", [tuned, on(&PROB1D.starter, prob1d::<{ PROB1D.starter.hidden }>)])
        }
        "prob2a" => Grid::<Train> {
            widths: &[(16, prob2a::<16>), (100, prob2a::<100>)],
            inits: &GLOROT_AND_HE,
            step_sizes: &[0.001, 0.003, 0.01, 0.03],
            lambdas: &[0.0, 1e-2],
            batches: &[Some(10), Some(22)],
            epochs: &[200, 400, 800],
        }
        .sweep("prob2a", Division::Folds, 10),
        "prob2a_seeds" => splits(
            "prob2a_seeds",
            [
                (&PROB2A.tuned, prob2a::<{ PROB2A.tuned.hidden }>),
                (&PROB2A.starter, prob2a::<{ PROB2A.starter.hidden }>),
            ],
        ),
        "prob2b" => Grid::<Train> {
            widths: &[(16, prob2b::<16>), (100, prob2b::<100>)],
            inits: &GLOROT_AND_HE,
            step_sizes: &[0.001, 0.003, 0.01, 0.03],
            lambdas: &[0.0, 1e-2],
            batches: &[Some(10)],
            epochs: &[100, 200, 400],
        }
        .sweep("prob2b", Division::Folds, 10),
        "prob2b_seeds" => splits(
            "prob2b_seeds",
            [
                (&PROB2B.tuned, prob2b::<{ PROB2B.tuned.hidden }>),
                (&PROB2B.starter, prob2b::<{ PROB2B.starter.hidden }>),
            ],
        ),
        // One hidden layer with the settings chosen for two, and the same seeds.
        "prob2b_one_layer" => chosen(
            "prob2b_one_layer",
            [(&PROB2B.tuned, prob2a::<{ PROB2B.tuned.hidden }> as Train, Division::Given, 100)],
        ),
        other => unreachable!("no study is called {other}"),
    }
}

fn prob1c_atlas() -> Sweep {
    let biases =
        [(Spread::Fixed(0.01), 0.1), (Spread::Glorot, 0.1), (Spread::He, 0.1), (Spread::Mirrored, 0.5)];
    let inits = biases.map(|(weights, bias)| [0.0, bias].map(|bias| init(weights, bias)));
    Grid::<TrainSeeds> {
        widths: &[
            (2, prob1c::<2>),
            (3, prob1c::<3>),
            (4, prob1c::<4>),
            (5, prob1c::<5>),
            (6, prob1c::<6>),
            (8, prob1c::<8>),
            (10, prob1c::<10>),
            (12, prob1c::<12>),
            (16, prob1c::<16>),
            (20, prob1c::<20>),
            (24, prob1c::<24>),
            (32, prob1c::<32>),
        ],
        inits: inits.as_flattened(),
        step_sizes: &[1.0],
        lambdas: &[0.0],
        batches: &[None],
        epochs: &[1000],
    }
    .sweep_of_seeds("prob1c_atlas")
}
