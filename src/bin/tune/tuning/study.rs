//! Studies of the program `tune`: the runs of each, and how it chooses settings.

use std::ops::{Range, RangeInclusive};

use backprop::math::init::{Init, WeightInit};
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem, Settings};
use backprop::training::error::Error;

use super::criteria::{BY_CROSS_VALIDATION, BY_EXCESS, BY_FRESH_SPIRALS, BY_LOSS, BY_SOLVED, Criterion};
use super::row::{Data, HEADER, Key, Row};

/// A sweep and its purpose.
#[derive(Debug)]
pub(crate) struct Study {
    /// The name of its files.
    pub(crate) name: &'static str,
    /// The title of its ranking.
    pub(crate) title: &'static str,
    /// The problem that it is about.
    pub(crate) problem: &'static Problem,
    /// Its runs, in the order of their rows. No two rows have the same key.
    pub(crate) trials: fn() -> Vec<Trial>,
    /// How it chooses settings; `None` if it shows the chosen ones with other seeds and data.
    pub(crate) criterion: Option<Criterion>,
}

/// The rows of one training run, or of a thousand of problem 1c: the same settings and seed after rising numbers of epochs.
pub(crate) type Trial = Vec<Key>;

impl Study {
    /// Reads the study's file: a row for each of its runs, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] for a file with other columns or rows, and for one that ends early.
    pub(crate) fn read(&self, csv: &str) -> Result<Vec<Row>, Error> {
        let expected = |line, what: String| Error::Data {
            file: format!("data/tuning/{}.csv", self.name),
            line,
            column: 1,
            problem: format!("expected {what}: let tune finish its sweeps, then build again"),
        };
        let mut lines = csv.lines();
        if lines.next() != Some(HEADER) {
            return Err(expected(1, format!("the columns {HEADER}")));
        }
        let keys = (self.trials)().into_iter().flatten();
        let row = |(index, key): (usize, Key)| {
            let row = lines.next().and_then(|line| Row::read(key, line));
            row.ok_or_else(|| expected(index + 2, format!("the results of {key}")))
        };
        keys.enumerate().map(row).collect()
    }
}

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
        let mut all = Vec::new();
        for &settings in &self.0 {
            for seed in seeds.clone() {
                let key = |&epochs| Key { settings: Settings { epochs, ..settings }, data, seed };
                all.push(epochs.iter().map(key).collect());
            }
        }
        all
    }
}

/// The grid of a problem with softmax regression, with these λ.
fn softmax_regression(problem: &Problem, lambdas: &[f64]) -> Grid {
    Grid(vec![problem.tuned])
        .vary(&[0.01, 0.001, 0.1, 1.0].map(WeightInit::Fixed), |s, weights| s.init.weights = weights)
        .vary(&[0.3, 1.0, 3.0, 10.0], |s, step_size| s.step_size = step_size)
        .vary(lambdas, |s, lambda| s.lambda = lambda)
}

/// λ of the coarse sweep of problem 2, and of the runs that show overfitting and its control.
pub(crate) const DECAYS: [f64; 4] = [0.0, 0.002, 0.005, 0.01];

/// Cross-validation of a coarse sweep, and then of longer runs that change one setting of `tuned` at a time.
fn cross_validation(tuned: Settings) -> Vec<Trial> {
    const SEEDS: Range<u64> = 0..3;
    let coarse = Grid(vec![tuned])
        .vary(&[4, 8, 16], |s, hidden| s.hidden = hidden)
        .vary(&[WeightInit::Glorot, WeightInit::He], |s, weights| s.init.weights = weights)
        .vary(&[0.01, 0.02, 0.05], |s, step_size| s.step_size = step_size)
        .vary(&DECAYS, |s, lambda| s.lambda = lambda);
    let he = Init { weights: WeightInit::He, ..tuned.init };
    let mut long = vec![tuned, Settings { init: he, ..tuned }];
    long.extend([DECAYS[0], DECAYS[1]].map(|lambda| Settings { lambda, ..tuned }));
    for (times, by) in [(1, 2), (2, 1)] {
        let factor = times as f64 / by as f64;
        long.push(Settings { hidden: tuned.hidden * times / by, ..tuned });
        long.push(Settings { step_size: tuned.step_size * factor, ..tuned });
        long.push(Settings { lambda: tuned.lambda * factor, ..tuned });
        long.push(Settings { batch: tuned.batch.map(|batch| batch * times / by), ..tuned });
    }
    let mut trials = coarse.trials(&[1000, 2000, 5000], Data::Folds, SEEDS);
    trials.extend(Grid(long).trials(&[3000, 10_000, 20_000], Data::Folds, SEEDS));
    trials
}

/// The first seed that no choice has seen: the rankings use those from 0.
const FRESH_SEEDS: u64 = 20_000;

/// The splits of all flowers that no choice has seen.
const FRESH_SPLITS: RangeInclusive<u64> = 101..=120;

/// A trial with these settings for each of the first fresh seeds.
fn fresh(settings: Settings, data: Data, seeds: u64) -> Vec<Trial> {
    Grid(vec![settings]).trials(&[settings.epochs], data, FRESH_SEEDS..FRESH_SEEDS + seeds)
}

/// The tuned settings and the starter script's with fresh seeds.
fn tuned_and_starter(problem: &Problem, data: Data, seeds: u64) -> Vec<Trial> {
    [fresh(problem.tuned, data, seeds), fresh(problem.starter, data, seeds)].concat()
}

/// The tuned settings and the starter script's with 100 fresh seeds on the given split, the tuned ones with 5 on each of 20
/// others, and the starter's with more epochs.
fn with_splits(problem: &Problem) -> Vec<Trial> {
    let mut trials = tuned_and_starter(problem, Data::Given, 100);
    trials.extend(FRESH_SPLITS.flat_map(|split| fresh(problem.tuned, Data::Split(split), 5)));
    trials.extend(fresh(Settings { epochs: 1000, ..problem.starter }, Data::Given, 20));
    trials
}

/// Long runs with other λ on 20 splits, also with early stopping.
fn overfitting(problem: &Problem) -> Vec<Trial> {
    const EPOCHS: [u64; 9] = [10, 30, 100, 300, 1000, 2000, 3000, 5000, 10_000];
    let grid = Grid(vec![problem.tuned]).vary(&DECAYS, |s, lambda| s.lambda = lambda);
    let mut all = Vec::new();
    for split in FRESH_SPLITS {
        for mut trial in grid.trials(&EPOCHS, Data::Split(split), FRESH_SEEDS..FRESH_SEEDS + 3) {
            let last = trial[EPOCHS.len() - 1];
            trial.extend(
                [Data::Stopped(split), Data::StoppedByOthers(split)].map(|data| Key { data, ..last }),
            );
            all.push(trial);
        }
    }
    all
}

const fn choosing(problem: &'static Problem, criterion: Criterion, trials: fn() -> Vec<Trial>) -> Study {
    Study { name: problem.name, title: problem.title, problem, trials, criterion: Some(criterion) }
}

const fn showing(name: &'static str, problem: &'static Problem, trials: fn() -> Vec<Trial>) -> Study {
    Study { name, title: problem.title, problem, trials, criterion: None }
}

/// All studies, in the order in which they are made.
pub(crate) static STUDIES: [Study; 15] = [
    choosing(&PROB1A, BY_EXCESS, || {
        softmax_regression(&PROB1A, &[0.0, 1e-3]).trials(&[100, 300, 1000], Data::Given, 0..5)
    }),
    showing("prob1a_seeds", &PROB1A, || tuned_and_starter(&PROB1A, Data::Given, 100)),
    choosing(&PROB1B, BY_LOSS, || {
        softmax_regression(&PROB1B, &[0.0, 1e-4, 1e-3, 1e-2]).trials(
            &[100, 300, 1000, 2000],
            Data::Given,
            0..5,
        )
    }),
    showing("prob1b_seeds", &PROB1B, || tuned_and_starter(&PROB1B, Data::Given, 100)),
    choosing(&PROB1C, BY_SOLVED, || {
        use WeightInit::{Fixed, Glorot, He, Mirrored};
        Grid(vec![PROB1C.tuned])
            .vary(&[Fixed(0.01), Glorot, He, Mirrored], |s, weights| s.init.weights = weights)
            .vary(&[0.0, 0.1, 0.5, 1.0], |s, bias| s.init.bias = bias)
            .vary(&[0.3, 0.5, 1.0, 2.0], |s, step_size| s.step_size = step_size)
            .vary(&[0.0, 1e-4], |s, lambda| s.lambda = lambda)
            .trials(&[100, 300, 1000, 2000], Data::Given, 0..1)
    }),
    showing("prob1c_seeds", &PROB1C, || tuned_and_starter(&PROB1C, Data::Given, 1)),
    Study {
        name: "prob1c_atlas",
        title: "Problem 1c: which networks learn XOR",
        trials: || {
            use WeightInit::{Fixed, Glorot, He, Mirrored};
            let inits = [(Fixed(0.01), 0.1), (Glorot, 0.1), (He, 0.1), (Mirrored, 0.5)];
            let inits = inits.map(|(weights, bias)| [0.0, bias].map(|bias| Init { weights, bias }));
            Grid(vec![PROB1C.tuned])
                .vary(&[2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32], |s, hidden| s.hidden = hidden)
                .vary(inits.as_flattened(), |s, init| s.init = init)
                .trials(&[1000], Data::Given, 0..1)
        },
        ..choosing(&PROB1C, BY_SOLVED, Vec::new)
    },
    choosing(&PROB1D, BY_FRESH_SPIRALS, || {
        Grid(vec![PROB1D.tuned])
            .vary(&[32, 100, 256], |s, hidden| s.hidden = hidden)
            .vary(&[1.0, 2.0, 3.0].map(WeightInit::Fixed), |s, weights| s.init.weights = weights)
            .vary(&[0.0, -1.0, -1.5, -2.0], |s, bias| s.init.bias = bias)
            .vary(&[1.0, 2.0, 4.0], |s, step_size| s.step_size = step_size)
            .vary(&[0.0, 1e-4], |s, lambda| s.lambda = lambda)
            .trials(&[1000, 2000, 5000], Data::Given, 0..2)
    }),
    showing("prob1d_seeds", &PROB1D, || {
        let Problem { tuned, starter, .. } = PROB1D;
        let long = Settings { epochs: 2000, ..starter };
        let changed = [Settings { init: tuned.init, ..starter }, long, Settings { lambda: 0.0, ..long }];
        let changed = changed.map(|settings| fresh(settings, Data::Fresh, 20)).concat();
        [tuned_and_starter(&PROB1D, Data::Fresh, 20), changed].concat()
    }),
    choosing(&PROB2A, BY_CROSS_VALIDATION, || cross_validation(PROB2A.tuned)),
    showing("prob2a_seeds", &PROB2A, || with_splits(&PROB2A)),
    showing("prob2a_overfitting", &PROB2A, || overfitting(&PROB2A)),
    choosing(&PROB2B, BY_CROSS_VALIDATION, || cross_validation(PROB2B.tuned)),
    showing("prob2b_seeds", &PROB2B, || {
        [with_splits(&PROB2B), fresh(PROB2B.tuned, Data::OneLayer, 100)].concat()
    }),
    showing("prob2b_overfitting", &PROB2B, || overfitting(&PROB2B)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::ranking::Ranking;
    use std::fs;
    use std::path::Path;

    /// The file of a study in data/tuning.
    fn committed(study: &Study) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tuning");
        fs::read_to_string(folder.join(format!("{}.csv", study.name))).expect("readable")
    }

    #[test]
    fn a_file_of_other_rows_is_reported_with_the_first_that_is_not_the_expected_one() {
        let study = &STUDIES[0];
        let csv = committed(study);
        let lines: Vec<&str> = csv.lines().collect();
        let first = "0,0.01,0,0.3,0,0,100,given,0";
        for (lines, line, what) in [
            (&["other,columns"][..], 1, "the columns hidden,init,"),
            (&[lines[0]], 2, &format!("the results of {first}: ")),
            (&[lines[0], lines[2]], 2, &format!("the results of {first}: ")),
            (&[lines[0], lines[1], first], 3, "the results of 0,0.01,0,0.3,0,0,300,given,0: "),
        ] {
            let error = study.read(&lines.join("\n")).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("data/tuning/prob1a.csv:{line}:1: expected {what}")),
                "{error}"
            );
        }
    }

    #[test]
    fn the_default_settings_are_the_first_of_their_ranking() {
        for study in STUDIES.iter().filter(|study| study.name == study.problem.name) {
            let rows = study.read(&committed(study)).expect("its rows");
            let ranking = Ranking::of(study, &rows).expect("it chooses");
            assert_eq!(ranking.place(&study.problem.tuned), Some(1), "{}", study.name);
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
        for study in STUDIES.iter().filter(|study| study.name == study.problem.name) {
            let keys = (study.trials)().into_iter().flatten();
            let tried: Vec<_> = keys.map(|key| numbers(&key.settings)).collect();
            let tuned = &study.problem.tuned;
            for (position, value) in numbers(tuned).into_iter().enumerate() {
                let Some(value) = value else { continue };
                let others =
                    || tried.iter().filter_map(|numbers| numbers[position]).filter(|&other| other != value);
                let [lower, higher] =
                    [others().any(|other| other < value), others().any(|other| other > value)];
                assert_eq!(lower, higher, "{}: setting {position} of {tuned:?}", study.name);
            }
        }
    }

    #[test]
    fn reports_are_on_seeds_that_no_choice_has_seen() {
        for study in &STUDIES {
            for Key { seed, .. } in (study.trials)().into_iter().flatten() {
                assert_eq!(seed >= FRESH_SEEDS, study.criterion.is_none(), "{}", study.name);
            }
        }
    }
}
