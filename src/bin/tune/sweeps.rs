//! The sweep of each study: settings, seeds and data.

use backprop::math::init::{Init, WeightInit};
use backprop::programs::settings::{PROB1D, PROB2A, PROB2B, Settings};
use backprop::programs::tuning::sweep::{Job, Sweep};

use crate::training::{Division, Trial, prob1a, prob1b, prob1c, prob1d, prob2a, prob2b};

/// Trains a network, and returns the results of its rows after each of these numbers of epochs.
type Train = fn(&Trial, &[usize]) -> Vec<String>;

/// All combinations of some settings.
#[derive(Clone, Copy)]
struct Grid<'a> {
    /// Numbers of hidden units, and the function that trains such a network.
    widths: &'a [(usize, Train)],
    inits: &'a [Init],
    step_sizes: &'a [f64],
    lambdas: &'a [f64],
    /// Samples in a mini-batch; `None` for the full batch.
    batches: &'a [Option<usize>],
    /// The numbers of epochs after which a network is scored, rising.
    epochs: &'static [usize],
}

impl Grid<'_> {
    /// The sweep over all combinations, each with this many seeds on a division.
    fn sweep(&self, name: &'static str, division: Division, seeds: u64) -> Sweep {
        let epochs = self.epochs[self.epochs.len() - 1];
        let mut all = Vec::new();
        for &(hidden, train) in self.widths {
            for &init in self.inits {
                for &step_size in self.step_sizes {
                    for &lambda in self.lambdas {
                        for &batch in self.batches {
                            let settings = Settings { epochs, step_size, lambda, batch, init, hidden };
                            all.extend(jobs(settings, self.epochs, train, division, seeds));
                        }
                    }
                }
            }
        }
        Sweep { name, header: division.header(), jobs: all }
    }
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
        let point = Trial { settings, division, seed };
        let keys = epochs.iter().map(|&epochs| point.key(epochs)).collect();
        Job { keys, train: Box::new(move || train(&point, epochs)) }
    })
}

/// The sweep of chosen settings, each with this many seeds on a division.
fn chosen(
    name: &'static str,
    runs: impl IntoIterator<Item = (&'static Settings, Train, Division, u64)>,
) -> Sweep {
    let jobs = runs.into_iter().flat_map(|(settings, train, division, seeds)| {
        jobs(*settings, std::slice::from_ref(&settings.epochs), train, division, seeds)
    });
    Sweep { name, header: Division::Given.header(), jobs: jobs.collect() }
}

/// The tuned settings of problem 2 with 100 seeds on the given split and 5 on each of 20 others, then the starter script's.
fn splits(name: &'static str, [tuned, starter]: [(&'static Settings, Train); 2]) -> Sweep {
    let on = |(settings, train), division, seeds| (settings, train, division, seeds);
    let others = (1..=20).map(|seed| on(tuned, Division::Shuffled(seed), 5));
    let given = [tuned, starter].map(|settings| on(settings, Division::Given, 100));
    chosen(name, [given[0]].into_iter().chain(others).chain([given[1]]))
}

const fn init(weights: WeightInit, bias: f64) -> Init {
    Init { weights, bias }
}

/// The settings that the sweeps of one problem or another do not vary.
const GRID: Grid = Grid {
    widths: &[],
    inits: &[
        init(WeightInit::Fixed(0.01), 0.0),
        init(WeightInit::Fixed(0.1), 0.0),
        init(WeightInit::He, 0.0),
    ],
    step_sizes: &[0.1, 0.3, 1.0, 3.0],
    lambdas: &[0.0],
    batches: &[None],
    epochs: &[100, 300, 1000],
};

/// The settings of both sweeps of problem 2.
const IRIS: Grid = Grid {
    inits: &[init(WeightInit::Glorot, 0.0), init(WeightInit::He, 0.0)],
    step_sizes: &[0.001, 0.003, 0.01, 0.03],
    lambdas: &[0.0, 1e-2],
    ..GRID
};

/// The sweep of a study.
///
/// # Panics
///
/// If there is no study of this name.
pub(crate) fn sweep_of(study: &'static str) -> Sweep {
    match study {
        "prob1a" => {
            Grid { widths: &[(0, prob1a)], lambdas: &[0.0, 1e-3], ..GRID }.sweep(study, Division::Given, 5)
        }
        "prob1b" => Grid {
            widths: &[(0, prob1b)],
            lambdas: &[0.0, 1e-4, 1e-3, 1e-2],
            epochs: &[100, 300, 1000, 2000],
            ..GRID
        }
        .sweep(study, Division::Given, 5),
        "prob1c" => {
            let spreads = [WeightInit::Fixed(0.01), WeightInit::Glorot, WeightInit::He, WeightInit::Mirrored];
            let inits = spreads.map(|weights| [0.0, 0.1, 0.5].map(|bias| init(weights, bias)));
            Grid {
                widths: &[(6, prob1c::<6>)],
                inits: inits.as_flattened(),
                step_sizes: &[0.1, 0.3, 0.5, 1.0, 2.0],
                lambdas: &[0.0, 1e-4],
                ..GRID
            }
            .sweep(study, Division::AllSeeds, 1)
        }
        "prob1c_atlas" => prob1c_atlas(),
        "prob1d" => Grid {
            widths: &[(16, prob1d::<16>), (32, prob1d::<32>), (100, prob1d::<100>)],
            inits: &[
                init(WeightInit::Fixed(0.01), 0.0),
                init(WeightInit::He, 0.0),
                init(WeightInit::Mirrored, 0.5),
            ],
            step_sizes: &[0.3, 1.0, 2.0],
            lambdas: &[0.0, 3e-5, 1e-4, 1e-3],
            epochs: &[1000, 3000, 10_000],
            ..GRID
        }
        .sweep(study, Division::Given, 4),
        "prob1d_seeds" => {
            let on = |settings, train| (settings, train, Division::Unseen, 20);
            let tuned = on(&PROB1D.tuned, prob1d::<{ PROB1D.tuned.hidden }> as Train);
            chosen(study, [tuned, on(&PROB1D.starter, prob1d::<{ PROB1D.starter.hidden }>)])
        }
        "prob2a" => Grid {
            widths: &[(16, prob2a::<16>), (100, prob2a::<100>)],
            batches: &[Some(10), Some(22)],
            epochs: &[200, 400, 800],
            ..IRIS
        }
        .sweep(study, Division::Folds, 10),
        "prob2a_seeds" => splits(
            study,
            [
                (&PROB2A.tuned, prob2a::<{ PROB2A.tuned.hidden }>),
                (&PROB2A.starter, prob2a::<{ PROB2A.starter.hidden }>),
            ],
        ),
        "prob2b" => Grid {
            widths: &[(16, prob2b::<16>), (100, prob2b::<100>)],
            batches: &[Some(10)],
            epochs: &[100, 200, 400],
            ..IRIS
        }
        .sweep(study, Division::Folds, 10),
        "prob2b_seeds" => splits(
            study,
            [
                (&PROB2B.tuned, prob2b::<{ PROB2B.tuned.hidden }>),
                (&PROB2B.starter, prob2b::<{ PROB2B.starter.hidden }>),
            ],
        ),
        // One hidden layer with the settings chosen for two, and the same seeds.
        "prob2b_one_layer" => {
            chosen(study, [(&PROB2B.tuned, prob2a::<{ PROB2B.tuned.hidden }> as Train, Division::Given, 100)])
        }
        other => unreachable!("no study is called {other}"),
    }
}

fn prob1c_atlas() -> Sweep {
    let biases = [
        (WeightInit::Fixed(0.01), 0.1),
        (WeightInit::Glorot, 0.1),
        (WeightInit::He, 0.1),
        (WeightInit::Mirrored, 0.5),
    ];
    let inits = biases.map(|(weights, bias)| [0.0, bias].map(|bias| init(weights, bias)));
    Grid {
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
        epochs: &[1000],
        ..GRID
    }
    .sweep("prob1c_atlas", Division::AllSeeds, 1)
}
