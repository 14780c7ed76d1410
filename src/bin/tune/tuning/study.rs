//! The sweep of each problem: its runs, and how it chooses settings.

use std::f64::consts::LN_2;
use std::ops::Range;

use backprop::math::init::{Init, WeightInit};
use backprop::math::order::{larger, smaller};
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem, Settings};
use backprop::training::numbers::mean;

use super::row::{Data, Key, Results, Row, percent_solved, read, training_percent, validation_percent};

/// The sweep of a problem, whose name its file has: runs that choose settings, with the seeds below [`FRESH_SEEDS`], and then
/// runs with others that show what was chosen.
#[derive(Debug)]
pub(crate) struct Study {
    pub(crate) problem: &'static Problem,
    /// How it ranks settings: by these numbers, one after the other.
    pub(crate) columns: &'static [Column],
    /// Its runs, in the order of their rows. No two rows have the same key.
    pub(crate) trials: fn() -> Vec<Trial>,
}

/// The rows of one training run, or of a thousand of problem 1c: the same settings and seed after rising numbers of epochs.
pub(crate) type Trial = Vec<Key>;

impl Study {
    /// Reads the study's file, which is inside the program, and returns a row for each of its runs, in their order. Panics if it
    /// lacks one.
    pub(crate) fn read(&self, csv: &str) -> Vec<Row> {
        let (finished, name) = (read(csv), self.problem.name);
        let lacks =
            |key| panic!("data/tuning/{name}.csv lacks {key}: let tune finish its sweeps, then build again");
        let row = |key: Key| (key, *finished.get(&key.to_string()).unwrap_or_else(|| lacks(key)));
        (self.trials)().into_iter().flatten().map(row).collect()
    }
}

/// A column of a ranked table: its heading, its decimals, a unit, and a number of the runs of some settings. The number in whole
/// units ranks the settings, the least first: of a negative unit that is the greatest number, and of [`UNRANKED`] all are equal.
pub(crate) type Column = (&'static str, usize, f64, fn(&[Results]) -> f64);

const UNRANKED: f64 = f64::INFINITY;

fn worst_loss(runs: &[Results]) -> f64 {
    runs.iter().map(|run| run.loss).fold(f64::NEG_INFINITY, larger)
}

/// The training samples that the worst seed gets right.
pub(crate) fn least_correct(runs: &[Results]) -> f64 {
    runs.iter().map(|run| run.training.correct as f64).fold(f64::INFINITY, smaller)
}

pub(crate) fn mean_of(runs: &[Results], number: fn(&Results) -> f64) -> f64 {
    mean(&runs.iter().map(number).collect::<Vec<_>>())
}

/// Problem 2: cross-validation on the training data, by the loss on the flowers left out. One flower more or less changes it
/// by about 0.01.
const CROSS_VALIDATION: [Column; 3] = [
    ("data loss", 4, 0.01, |runs| mean_of(runs, |run| run.validation.data_loss)),
    ("accuracy in %", 2, UNRANKED, |runs| mean_of(runs, validation_percent)),
    ("training accuracy in %", 2, UNRANKED, |runs| mean_of(runs, training_percent)),
];

/// A grid of settings, each of which is tried.
struct Grid(Vec<Settings>);

impl Grid {
    /// Each of the settings with each of these values.
    fn vary<T: Copy>(self, values: &[T], set: impl Fn(&mut Settings, T)) -> Self {
        let mut all = Vec::new();
        for settings in self.0 {
            for &value in values {
                let mut settings = settings;
                set(&mut settings, value);
                all.push(settings);
            }
        }
        Grid(all)
    }

    /// A trial with each of the settings and seeds, scored after these numbers of epochs.
    fn trials(&self, epochs: &[u64], data: Data, seeds: Range<u64>) -> Vec<Trial> {
        let runs = self.0.iter().flat_map(|settings| seeds.clone().map(move |seed| (settings, seed)));
        let key = |settings: &Settings, seed, &epochs| Key {
            settings: Settings { epochs, ..*settings },
            data,
            seed,
        };
        runs.map(|(settings, seed)| epochs.iter().map(|epochs| key(settings, seed, epochs)).collect())
            .collect()
    }
}

/// The trials of a problem with softmax regression, with these λ.
fn softmax_regression(problem: &Problem, lambdas: &[f64], epochs: &[u64]) -> Vec<Trial> {
    let choice = Grid(vec![problem.tuned])
        .vary(&[0.01, 0.001, 0.1, 1.0].map(WeightInit::Fixed), |s, weights| s.init.weights = weights)
        .vary(&[0.3, 1.0, 3.0, 10.0], |s, step_size| s.step_size = step_size)
        .vary(lambdas, |s, lambda| s.lambda = lambda)
        .trials(epochs, Data::Given, 0..5);
    [choice, fresh(&[problem.tuned, problem.starter], 100)].concat()
}

/// λ of the coarse sweep of problem 2, and of the runs that show overfitting and its control.
pub(crate) const DECAYS: [f64; 4] = [0.0, 0.002, 0.005, 0.01];

/// Cross-validation of a coarse sweep, and then of longer runs that change one setting of `tuned` at a time.
fn cross_validation(tuned: Settings) -> Vec<Trial> {
    let coarse = Grid(vec![tuned])
        .vary(&[4, 8, 16], |s, hidden| s.hidden = hidden)
        .vary(&[WeightInit::Glorot, WeightInit::He], |s, weights| s.init.weights = weights)
        .vary(&[0.01, 0.02, 0.05], |s, step_size| s.step_size = step_size)
        .vary(&DECAYS, |s, lambda| s.lambda = lambda);
    let he = Init { weights: WeightInit::He, ..tuned.init };
    let [none, weak] = [DECAYS[0], DECAYS[1]].map(|lambda| Settings { lambda, ..tuned });
    let mut long = vec![tuned, Settings { init: he, ..tuned }, none, weak];
    for (times, by) in [(1, 2), (2, 1)] {
        let factor = times as f64 / by as f64;
        long.push(Settings { hidden: tuned.hidden * times / by, ..tuned });
        long.push(Settings { step_size: tuned.step_size * factor, ..tuned });
        long.push(Settings { lambda: tuned.lambda * factor, ..tuned });
        long.push(Settings { batch: tuned.batch.map(|batch| batch * times / by), ..tuned });
    }
    let coarse = coarse.trials(&[1000, 2000, 5000], Data::Folds, 0..3);
    [coarse, Grid(long).trials(&[3000, 10_000, 20_000], Data::Folds, 0..3)].concat()
}

/// The first seed that no choice has seen.
pub(crate) const FRESH_SEEDS: u64 = 20_000;

/// A trial with each of these settings on the given data for each of the first fresh seeds.
fn fresh(all: &[Settings], seeds: u64) -> Vec<Trial> {
    let seeds = FRESH_SEEDS..FRESH_SEEDS + seeds;
    let trials = |&s: &Settings| Grid(vec![s]).trials(&[s.epochs], Data::Given, seeds.clone());
    all.iter().flat_map(trials).collect()
}

/// The trials of a problem of flowers: its choice; the tuned settings and the starter script's with fresh seeds on the given
/// split; then `others`; and long runs with other λ on 20 other splits, also with early stopping.
fn flowers(problem: &Problem, others: Vec<Trial>) -> Vec<Trial> {
    const EPOCHS: [u64; 9] = [10, 30, 100, 300, 1000, 2000, 3000, 5000, 10_000];
    let mut all = cross_validation(problem.tuned);
    all.extend(fresh(&[problem.tuned, problem.starter], 100));
    all.extend(fresh(&[Settings { epochs: 1000, ..problem.starter }], 20));
    all.extend(others);
    let grid = Grid(vec![problem.tuned]).vary(&DECAYS, |s, lambda| s.lambda = lambda);
    for split in 101..=120 {
        for mut trial in grid.trials(&EPOCHS, Data::Split(split), FRESH_SEEDS..FRESH_SEEDS + 3) {
            trial.push(Key { data: Data::Stopped(split), ..trial[EPOCHS.len() - 1] });
            all.push(trial);
        }
    }
    all
}

/// All studies, in the order in which they are made.
pub(crate) static STUDIES: [Study; 6] = [
    Study {
        problem: &PROB1A,
        columns: &[
            ("worst J − ln 2 in 1e-15", 0, 1.0, |runs| 1e15 * (worst_loss(runs) - LN_2).abs()),
            ("least correct", 0, UNRANKED, least_correct),
        ],
        trials: || softmax_regression(&PROB1A, &[0.0, 1e-3], &[100, 300, 1000]),
    },
    Study {
        problem: &PROB1B,
        columns: &[("worst J", 7, 1e-7, worst_loss), ("least correct", 0, UNRANKED, least_correct)],
        trials: || softmax_regression(&PROB1B, &[0.0, 1e-4, 1e-3, 1e-2], &[100, 300, 1000, 2000]),
    },
    Study {
        problem: &PROB1C,
        // It has to be solved whatever the seed.
        columns: &[
            ("solved seeds in %", 1, -0.1, |runs| mean_of(runs, percent_solved)),
            ("worst J", 5, 0.002, worst_loss),
        ],
        trials: || {
            use WeightInit::{Fixed, Glorot, He, Mirrored};
            let choice = Grid(vec![PROB1C.tuned])
                .vary(&[Fixed(0.01), Glorot, He, Mirrored], |s, weights| s.init.weights = weights)
                .vary(&[0.0, 0.1, 0.5, 1.0], |s, bias| s.init.bias = bias)
                .vary(&[0.3, 0.5, 1.0, 2.0], |s, step_size| s.step_size = step_size)
                .vary(&[0.0, 1e-4], |s, lambda| s.lambda = lambda)
                .trials(&[100, 300, 1000, 2000], Data::Given, 0..1);
            [choice, fresh(&[PROB1C.tuned, PROB1C.starter], 1)].concat()
        },
    },
    Study {
        problem: &PROB1D,
        // The training data first, as the problem says, then spirals that no run has seen.
        columns: &[
            ("least correct", 0, -1.0, least_correct),
            ("fresh spirals in %", 2, -0.01, |runs| mean_of(runs, validation_percent)),
        ],
        trials: || {
            let choice = Grid(vec![PROB1D.tuned])
                .vary(&[32, 100, 256], |s, hidden| s.hidden = hidden)
                .vary(&[1.0, 2.0, 3.0].map(WeightInit::Fixed), |s, weights| s.init.weights = weights)
                .vary(&[0.0, -1.0, -1.5, -2.0], |s, bias| s.init.bias = bias)
                .vary(&[1.0, 2.0, 4.0], |s, step_size| s.step_size = step_size)
                .vary(&[0.0, 1e-4], |s, lambda| s.lambda = lambda)
                .trials(&[1000, 2000, 5000], Data::Given, 0..2);
            [choice, fresh(&[PROB1D.tuned, PROB1D.starter], 20)].concat()
        },
    },
    Study {
        problem: &PROB2A,
        columns: &CROSS_VALIDATION,
        // Also one layer with the settings of problem 2b.
        trials: || flowers(&PROB2A, fresh(&[PROB2B.tuned], 100)),
    },
    Study { problem: &PROB2B, columns: &CROSS_VALIDATION, trials: || flowers(&PROB2B, Vec::new()) },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::ranking::Sweep;
    use std::fs;
    use std::path::Path;

    /// The file of a study in data/tuning.
    fn committed(study: &Study) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tuning");
        fs::read_to_string(folder.join(format!("{}.csv", study.problem.name))).expect("readable")
    }

    #[test]
    #[should_panic(expected = "data/tuning/prob1a.csv lacks 0,0.01,0,0.3,0,0,300,given,0: ")]
    fn of_a_file_the_first_row_that_is_not_there_is_named() {
        let csv = committed(&STUDIES[0]);
        STUDIES[0].read(&csv.replace(csv.lines().nth(2).expect("a row"), ""));
    }

    #[test]
    fn the_default_settings_are_the_first_of_their_ranking() {
        for study in &STUDIES {
            let sweep = Sweep::of(study, study.read(&committed(study)));
            assert_eq!(sweep.ranked[0].0, study.problem.tuned, "{}", study.problem.name);
        }
    }

    /// A winner at the edge of what was tried would leave open what lies beyond. Nothing lies below λ = 0.
    #[test]
    fn no_default_setting_is_the_least_or_the_greatest_of_those_tried() {
        let numbers = |settings: &Settings| {
            let Settings { hidden, init, step_size, lambda, batch, epochs } = settings;
            let deviation = match init.weights {
                WeightInit::Fixed(deviation) => Some(deviation),
                _ => None,
            };
            let lambda = if *lambda == 0.0 { None } else { Some(*lambda) };
            let batch = batch.map(|batch| batch as f64);
            let (hidden, epochs) = (Some(*hidden as f64), Some(*epochs as f64));
            [hidden, deviation, Some(init.bias), Some(*step_size), lambda, batch, epochs]
        };
        for study in &STUDIES {
            let keys = (study.trials)().into_iter().flatten().filter(|key| key.seed < FRESH_SEEDS);
            let tried: Vec<_> = keys.map(|key| numbers(&key.settings)).collect();
            let tuned = &study.problem.tuned;
            for (position, value) in numbers(tuned).into_iter().enumerate() {
                let Some(value) = value else { continue };
                let others =
                    || tried.iter().filter_map(|numbers| numbers[position]).filter(|&other| other != value);
                let [lower, higher] =
                    [others().any(|other| other < value), others().any(|other| other > value)];
                assert_eq!(lower, higher, "{}: setting {position} of {tuned:?}", study.problem.name);
            }
        }
    }
}
