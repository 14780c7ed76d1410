//! Studies of the program `tune`: the runs of each, and how it chooses settings.

use std::fmt;
use std::ops::{Range, RangeInclusive};

use super::criteria::{Verdict, by_cross_validation, by_excess, by_fresh_spirals, by_loss, by_solved};
use super::row::{Run, Scores, Seeds, header, key};
use backprop::math::init::{Init, WeightInit};
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem, Settings};

/// A sweep and its purpose.
#[derive(Debug)]
pub(crate) struct Study {
    /// The name of its files.
    pub(crate) name: &'static str,
    /// The problem that it is about.
    pub(crate) problem: &'static Problem,
    /// Its runs, in the order of their rows.
    pub(crate) trials: fn() -> Vec<Trial>,
    /// How it chooses settings; `None` if it shows the chosen ones with other seeds and data.
    pub(crate) choice: Option<Choice>,
}

/// How settings are chosen.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Title of the figures.
    pub(crate) title: &'static str,
    /// The words after "ranked by".
    pub(crate) ranked_by: &'static str,
    /// Headings of the verdict's entries.
    pub(crate) headings: &'static [&'static str],
    /// An explanation of these words; may be empty.
    pub(crate) explained: &'static str,
    pub(crate) judge: Judge,
}

/// The function that judges settings.
#[derive(Debug)]
pub(crate) enum Judge {
    /// By the scores of all runs, none of which has diverged.
    Runs(fn(&Settings, &[Scores]) -> Verdict),
    Seeds(fn(&Settings, &Seeds) -> Verdict),
}

/// One training run, or a thousand of problem 1c.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trial {
    /// Its settings, with the last number of epochs.
    pub(crate) settings: Settings,
    /// The numbers of epochs after which the network is scored, rising; a row each.
    pub(crate) epochs: &'static [u64],
    /// The data.
    pub(crate) data: Data,
    /// Seed of the initialisation and of the order of samples; of a thousand runs, the first.
    pub(crate) seed: u64,
}

/// The samples that a run trains on and those that validate it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Data {
    /// The files as they are.
    Given,
    /// The same, for a network with one hidden layer where the problem has two.
    OneLayer,
    /// The training samples in five parts, which the seed of the run draws: each in turn validates, the others train.
    Folds,
    /// All samples divided otherwise, by a shuffle with this seed.
    Split(u64),
    /// The same, with two rows more: early stopping, judged by the samples that decide it and by others.
    Stopping(u64),
    /// The spiral, and fresh ones with other seeds than those that settings are chosen by.
    Fresh,
}

/// The name of the data in a row.
impl fmt::Display for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::Given => formatter.write_str("given"),
            Data::OneLayer => formatter.write_str("given (one layer)"),
            Data::Folds => formatter.write_str("5 folds"),
            Data::Split(seed) | Data::Stopping(seed) => write!(formatter, "split {seed}"),
            Data::Fresh => formatter.write_str("fresh"),
        }
    }
}

/// What precedes the name of the data in the row of a network at the epoch of its least validation loss.
pub(crate) const STOPPED: &str = "stopped ";

/// The same, where each half of the validation samples scores the network that the other half's loss stops.
pub(crate) const STOPPED_BY_OTHERS: &str = "stopped by others ";

impl Trial {
    /// The beginnings of its rows. No two rows of a study begin alike.
    pub(crate) fn keys(&self) -> Vec<String> {
        let Trial { settings, epochs, data, seed } = *self;
        let row = |epochs, prefix| format!("{},{prefix}{data},{seed}", key(&Settings { epochs, ..settings }));
        let mut keys: Vec<String> = epochs.iter().map(|&epochs| row(epochs, "")).collect();
        if matches!(data, Data::Stopping(_)) {
            keys.extend([STOPPED, STOPPED_BY_OTHERS].map(|prefix| row(settings.epochs, prefix)));
        }
        keys
    }
}

impl Study {
    /// The names of the columns, separated by commas.
    pub(crate) fn header(&self) -> String {
        if *self.problem == PROB1C { header::<Seeds>() } else { header::<Run>() }
    }
}

/// All combinations of some settings.
struct Grid<'a> {
    widths: &'a [usize],
    weights: &'a [WeightInit],
    biases: &'a [f64],
    step_sizes: &'a [f64],
    lambdas: &'a [f64],
    /// Samples in a mini-batch; `None` for the full batch.
    batches: &'a [Option<usize>],
    epochs: &'static [u64],
}

/// The settings that a sweep does not vary.
const GRID: Grid = Grid {
    widths: &[0],
    weights: &[
        WeightInit::Fixed(0.01),
        WeightInit::Fixed(0.001),
        WeightInit::Fixed(0.1),
        WeightInit::Fixed(1.0),
    ],
    biases: &[0.0],
    step_sizes: &[0.3, 1.0, 3.0, 10.0],
    lambdas: &[0.0],
    batches: &[None],
    epochs: &[100, 300, 1000],
};

/// Seeds of the cross-validation.
const SEEDS: u64 = 3;

/// λ of the coarse sweep of problem 2, and of the runs that show overfitting and its control.
pub(crate) const DECAYS: [f64; 4] = [0.0, 0.002, 0.005, 0.01];

/// The coarse sweep of problem 2.
const IRIS: Grid = Grid {
    widths: &[4, 8, 16],
    weights: &[WeightInit::Glorot, WeightInit::He],
    step_sizes: &[0.01, 0.02, 0.05],
    lambdas: &DECAYS,
    batches: &[Some(22)],
    epochs: &[1000, 2000, 5000],
    ..GRID
};

/// Cross-validation of the coarse sweep, and then of longer runs that change one setting of `tuned` at a time.
fn cross_validation(tuned: &Settings) -> Vec<Trial> {
    const LONG: &[u64] = &[3000, 10_000, 20_000];
    let mut trials = IRIS.trials(Data::Folds, 0..SEEDS);
    let mut add = |change: &dyn Fn(&mut Settings)| {
        let mut settings = Settings { epochs: 20_000, ..*tuned };
        change(&mut settings);
        trials.extend((0..SEEDS).map(|seed| Trial { settings, epochs: LONG, data: Data::Folds, seed }));
    };
    add(&|_| {});
    add(&|settings| settings.init.weights = WeightInit::He);
    for lambda in [DECAYS[0], DECAYS[1]] {
        add(&|settings| settings.lambda = lambda);
    }
    for (times, by) in [(1, 2), (2, 1)] {
        let factor = times as f64 / by as f64;
        add(&|settings| settings.hidden = settings.hidden * times / by);
        add(&|settings| settings.step_size *= factor);
        add(&|settings| settings.lambda *= factor);
        add(&|settings| settings.batch = settings.batch.map(|batch| batch * times / by));
    }
    trials
}

impl Grid<'_> {
    /// A trial with each of the combinations and seeds.
    fn trials(&self, data: Data, seeds: Range<u64>) -> Vec<Trial> {
        let last = self.epochs[self.epochs.len() - 1];
        let mut all = Vec::new();
        for &hidden in self.widths {
            for &weights in self.weights {
                for &bias in self.biases {
                    for &step_size in self.step_sizes {
                        for &lambda in self.lambdas {
                            for &batch in self.batches {
                                let init = Init { weights, bias };
                                let settings =
                                    Settings { epochs: last, step_size, lambda, batch, init, hidden };
                                let trial = |seed| Trial { settings, epochs: self.epochs, data, seed };
                                all.extend(seeds.clone().map(trial));
                            }
                        }
                    }
                }
            }
        }
        all
    }
}

/// The first seed that no choice has seen: the rankings use those from 0.
pub(crate) const FRESH_SEEDS: u64 = 20_000;

/// The splits of all flowers that no choice has seen.
const FRESH_SPLITS: RangeInclusive<u64> = 101..=120;

/// A trial with these settings for each of the first fresh seeds.
fn fresh(settings: &'static Settings, data: Data, seeds: u64) -> impl Iterator<Item = Trial> {
    let epochs = std::slice::from_ref(&settings.epochs);
    (FRESH_SEEDS..FRESH_SEEDS + seeds).map(move |seed| Trial { settings: *settings, epochs, data, seed })
}

/// The starter script's settings with one change, scored after the last of these epochs, with fresh seeds: what the change
/// alone does.
fn changed(
    problem: &'static Problem,
    epochs: &'static [u64],
    data: Data,
    change: impl Fn(&mut Settings),
) -> impl Iterator<Item = Trial> {
    let mut settings = Settings { epochs: epochs[0], ..problem.starter };
    change(&mut settings);
    (FRESH_SEEDS..FRESH_SEEDS + 20).map(move |seed| Trial { settings, epochs, data, seed })
}

/// The tuned settings and the starter script's with fresh seeds.
fn tuned_and_starter(problem: &'static Problem, data: Data, seeds: u64) -> Vec<Trial> {
    fresh(&problem.tuned, data, seeds).chain(fresh(&problem.starter, data, seeds)).collect()
}

/// The same with 100 fresh seeds on the given split, and the tuned settings with 5 on each of 20 others.
fn with_splits(problem: &'static Problem) -> Vec<Trial> {
    let mut trials = tuned_and_starter(problem, Data::Given, 100);
    trials.extend(FRESH_SPLITS.flat_map(|split| fresh(&problem.tuned, Data::Split(split), 5)));
    trials.extend(changed(problem, &[1000], Data::Given, |_| {}));
    trials
}

/// Long runs with other λ on 20 splits.
fn overfitting(problem: &Problem) -> Vec<Trial> {
    let Settings { step_size, batch, init, hidden, .. } = problem.tuned;
    let grid = Grid {
        widths: &[hidden],
        weights: &[init.weights],
        biases: &[init.bias],
        step_sizes: &[step_size],
        batches: &[batch],
        epochs: &[10, 30, 100, 300, 1000, 2000, 3000, 5000, 10_000],
        ..IRIS
    };
    FRESH_SPLITS.flat_map(|split| grid.trials(Data::Stopping(split), FRESH_SEEDS..FRESH_SEEDS + 3)).collect()
}

const BY_EXCESS: Choice = Choice {
    title: PROB1A.title,
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs",
    headings: &["worst J − ln 2", "median J − ln 2", "least correct"],
    explained: "",
    judge: Judge::Runs(by_excess),
};

const BY_LOSS: Choice = Choice {
    title: PROB1B.title,
    ranked_by: "the worst seed's J to seven decimals, then by fewer epochs",
    headings: &["worst J", "median J", "least correct"],
    explained: "",
    judge: Judge::Runs(by_loss),
};

const BY_SOLVED: Choice = Choice {
    title: PROB1C.title,
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds in whole thousandths, rounded up, then by fewer epochs",
    headings: &["solved seeds", "median loss", "worst loss"],
    explained: "solved is all four right and a loss below 0.01",
    judge: Judge::Seeds(by_solved),
};

const BY_FRESH_SPIRALS: Choice = Choice {
    title: PROB1D.title,
    ranked_by: "the training samples that the worst seed gets right, then the share of fresh ones in percent to two decimals, then by fewer epochs, then by the exact share",
    headings: &["fresh spirals", "worst seed", "least correct", "median J"],
    explained: "fresh spirals are 100 others from the same process, which no network is trained on",
    judge: Judge::Runs(by_fresh_spirals),
};

const BY_CROSS_VALIDATION: Choice = Choice {
    title: PROB2A.title,
    ranked_by: "the mean data loss on the flowers left out, rounded to two decimals, then by fewer epochs; among equals the first tried",
    headings: &["data loss", "worst seed's", "accuracy", "least correct", "training accuracy"],
    explained: "five-fold cross-validation on the training flowers alone",
    judge: Judge::Runs(by_cross_validation),
};

const fn choosing(problem: &'static Problem, choice: Choice, trials: fn() -> Vec<Trial>) -> Study {
    Study { name: problem.name, problem, trials, choice: Some(choice) }
}

const fn showing(name: &'static str, problem: &'static Problem, trials: fn() -> Vec<Trial>) -> Study {
    Study { name, problem, trials, choice: None }
}

/// All studies, in the order in which they are made.
pub(crate) static STUDIES: [Study; 15] = [
    choosing(&PROB1A, BY_EXCESS, || Grid { lambdas: &[0.0, 1e-3], ..GRID }.trials(Data::Given, 0..5)),
    showing("prob1a_seeds", &PROB1A, || tuned_and_starter(&PROB1A, Data::Given, 100)),
    choosing(&PROB1B, BY_LOSS, || {
        Grid { lambdas: &[0.0, 1e-4, 1e-3, 1e-2], epochs: &[100, 300, 1000, 2000], ..GRID }
            .trials(Data::Given, 0..5)
    }),
    showing("prob1b_seeds", &PROB1B, || tuned_and_starter(&PROB1B, Data::Given, 100)),
    choosing(&PROB1C, BY_SOLVED, || {
        Grid {
            widths: &[6],
            weights: &[WeightInit::Fixed(0.01), WeightInit::Glorot, WeightInit::He, WeightInit::Mirrored],
            biases: &[0.0, 0.1, 0.5, 1.0],
            step_sizes: &[0.3, 0.5, 1.0, 2.0],
            lambdas: &[0.0, 1e-4],
            epochs: &[100, 300, 1000, 2000],
            ..GRID
        }
        .trials(Data::Given, 0..1)
    }),
    showing("prob1c_seeds", &PROB1C, || tuned_and_starter(&PROB1C, Data::Given, 1)),
    Study {
        name: "prob1c_atlas",
        problem: &PROB1C,
        trials: || {
            let biases = [
                (WeightInit::Fixed(0.01), 0.1),
                (WeightInit::Glorot, 0.1),
                (WeightInit::He, 0.1),
                (WeightInit::Mirrored, 0.5),
            ];
            let grid = |width, (weights, bias)| {
                Grid {
                    widths: &[width],
                    weights: &[weights],
                    biases: &[0.0, bias],
                    step_sizes: &[1.0],
                    epochs: &[1000],
                    ..GRID
                }
                .trials(Data::Given, 0..1)
            };
            let widths = [2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32];
            widths
                .into_iter()
                .flat_map(|width| biases.into_iter().flat_map(move |bias| grid(width, bias)))
                .collect()
        },
        choice: Some(Choice { title: "Problem 1c: which networks learn XOR", ..BY_SOLVED }),
    },
    choosing(&PROB1D, BY_FRESH_SPIRALS, || {
        Grid {
            widths: &[32, 100, 256],
            weights: &[WeightInit::Fixed(1.0), WeightInit::Fixed(2.0), WeightInit::Fixed(3.0)],
            biases: &[0.0, -1.0, -1.5, -2.0],
            step_sizes: &[1.0, 2.0, 4.0],
            lambdas: &[0.0, 1e-4],
            epochs: &[1000, 2000, 5000],
            ..GRID
        }
        .trials(Data::Given, 0..2)
    }),
    showing("prob1d_seeds", &PROB1D, || {
        let mut trials = tuned_and_starter(&PROB1D, Data::Fresh, 20);
        trials.extend(changed(&PROB1D, &[100], Data::Fresh, |settings| settings.init = PROB1D.tuned.init));
        trials.extend(changed(&PROB1D, &[2000], Data::Fresh, |_| {}));
        trials.extend(changed(&PROB1D, &[2000], Data::Fresh, |settings| settings.lambda = 0.0));
        trials
    }),
    choosing(&PROB2A, BY_CROSS_VALIDATION, || cross_validation(&PROB2A.tuned)),
    showing("prob2a_seeds", &PROB2A, || with_splits(&PROB2A)),
    showing("prob2a_overfitting", &PROB2A, || overfitting(&PROB2A)),
    choosing(&PROB2B, Choice { title: PROB2B.title, ..BY_CROSS_VALIDATION }, || {
        cross_validation(&PROB2B.tuned)
    }),
    showing("prob2b_seeds", &PROB2B, || {
        with_splits(&PROB2B).into_iter().chain(fresh(&PROB2B.tuned, Data::OneLayer, 100)).collect()
    }),
    showing("prob2b_overfitting", &PROB2B, || overfitting(&PROB2B)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    /// The rows of a study in data/tuning.
    fn committed(study: &str) -> String {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/tuning");
        fs::read_to_string(folder.join(format!("{study}.csv"))).expect("readable")
    }

    #[test]
    fn the_default_settings_are_the_first_of_their_ranking() {
        for study in STUDIES.iter().filter(|study| study.name == study.problem.name) {
            let ranking = study.ranking(&committed(study.name)).expect("rows of its kind");
            let place = ranking.expect("it chooses").place(&study.problem.tuned);
            assert_eq!(place, Some(1), "{}", study.name);
        }
    }

    /// A winner at the edge of what was tried would leave open what lies beyond. Nothing lies below λ = 0.
    #[test]
    fn no_default_setting_is_the_least_or_the_greatest_of_those_tried() {
        let deviation = |settings: &Settings| match settings.init.weights {
            WeightInit::Fixed(deviation) => Some(deviation),
            _ => None,
        };
        let numbers = |settings: &Settings, epochs: u64| {
            let Settings { hidden, init, step_size, lambda, batch, .. } = settings;
            let lambda = if *lambda == 0.0 { None } else { Some(*lambda) };
            let batch = batch.map(|batch| batch as f64);
            let (hidden, epochs) = (Some(*hidden as f64), Some(epochs as f64));
            [hidden, deviation(settings), Some(init.bias), Some(*step_size), lambda, batch, epochs]
        };
        for study in STUDIES.iter().filter(|study| study.name == study.problem.name) {
            let rows = |trial: &Trial| {
                trial.epochs.iter().map(|&epochs| numbers(&trial.settings, epochs)).collect::<Vec<_>>()
            };
            let tried: Vec<_> = (study.trials)().iter().flat_map(rows).collect();
            let tuned = &study.problem.tuned;
            for (position, value) in numbers(tuned, tuned.epochs).into_iter().enumerate() {
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
            for Trial { seed, .. } in (study.trials)() {
                assert_eq!(seed >= FRESH_SEEDS, study.choice.is_none(), "{}", study.name);
            }
        }
    }
}
