//! Problem 1c: all seeds of a setting at once, and how their runs end.

use backprop::math::init::Init;
use backprop::math::mlp1::Mlp1;
use backprop::math::model::Model;
use backprop::math::order::ascending;
use backprop::math::rng::Rng;
use backprop::programs::experiments::tied_losses;
use backprop::programs::settings::Settings;
use backprop::programs::sweep::{Run, Sweep};
use backprop::training::dataset::{Dataset, XOR};
use backprop::training::numbers::{mean, median};
use backprop::training::train::{Batches, Hyperparameters, Score, Split, Trainer, no_watch};

use crate::grid::{Division, Grid, for_epochs};

/// The seeds of each setting of problem 1c: a run takes a fifth of a millisecond, and a row for each would be a hundred
/// thousand rows.
const XOR_SEEDS: u64 = 1000;

/// How a run of problem 1c ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// All four right, and a loss below 0.01.
    Solved,
    /// All four right, but the loss is not there yet.
    Slow,
    /// Stuck at one of the [`tied_losses`].
    TwoTied,
    ThreeTied,
    FourTied,
    Other,
}

impl Fate {
    const ALL: [Fate; 6] =
        [Fate::Solved, Fate::Slow, Fate::TwoTied, Fate::ThreeTied, Fate::FourTied, Fate::Other];

    fn of(score: &Score) -> Self {
        let [two_tied, three_tied, four_tied] = tied_losses().map(|loss| (score.loss() - loss).abs() < 0.01);
        let solved = score.correct == score.samples;
        match () {
            () if solved && score.loss() < 0.01 => Fate::Solved,
            () if two_tied => Fate::TwoTied,
            () if three_tied => Fate::ThreeTied,
            () if four_tied => Fate::FourTied,
            () if solved => Fate::Slow,
            () => Fate::Other,
        }
    }
}

/// How the runs of all seeds of one setting stand after some epochs.
#[derive(Default)]
struct Outcomes {
    losses: Vec<f64>,
    fates: Vec<Fate>,
    /// Units that some point switches on, of the runs that have solved it and of the others.
    live: [Vec<f64>; 2],
}

impl Outcomes {
    const COLUMNS: &str = "runs,solved,slow,two_tied,three_tied,four_tied,other,live_if_solved,live_if_not,median_loss,worst_loss";

    fn add(&mut self, score: &Score, live: usize) {
        let fate = Fate::of(score);
        self.losses.push(score.loss());
        self.fates.push(fate);
        self.live[usize::from(fate != Fate::Solved)].push(live as f64);
    }

    fn row(mut self) -> String {
        self.losses.sort_by(ascending);
        let count = |fate| self.fates.iter().filter(|&&other| other == fate).count().to_string();
        let counts = Fate::ALL.map(count).join(",");
        let [solved, unsolved] =
            self.live.map(|live| if live.is_empty() { String::new() } else { mean(&live).to_string() });
        let (median, worst) = (median(&self.losses), self.losses[self.losses.len() - 1]);
        format!("{},{counts},{solved},{unsolved},{median},{worst}", self.losses.len())
    }
}

/// All seeds of one setting: how many ended how, after each of these numbers of epochs.
pub(crate) fn xor_seeds<const H: usize>(settings: &Settings, epochs: &[usize]) -> Vec<String> {
    let data: Dataset<2, 2> = XOR.load(None).expect("it is inside the program");
    let mut trainer = Trainer::<Mlp1<2, H, 2>, 2, 2, 4>::new();
    let mut outcomes: Vec<Outcomes> = epochs.iter().map(|_| Outcomes::default()).collect();
    for seed in 0..XOR_SEEDS {
        let mut model = Mlp1::initialised(&settings.init, &mut Rng::new(seed));
        let mut done = 0;
        for (&epochs, outcomes) in epochs.iter().zip(&mut outcomes) {
            let descent = Hyperparameters { epochs: epochs - done, ..settings.descent };
            done = epochs;
            let Ok(history) =
                trainer.train(&mut model, Split::training(&data), Batches::Full, &descent, no_watch);
            let [(dead, all)] = trainer.dead_units(&model, &data)[..] else {
                unreachable!("one hidden layer")
            };
            outcomes.add(&history[history.len() - 1].training, all - dead);
        }
    }
    outcomes.into_iter().map(Outcomes::row).collect()
}

/// Runs all seeds of one setting.
pub(crate) type TrainSeeds = fn(&Settings, &[usize]) -> Vec<String>;

/// The sweep over all combinations of some settings, with all seeds in one row for each.
pub(crate) fn xor_sweep(
    name: &'static str,
    widths: &[(usize, TrainSeeds)],
    inits: &[Init],
    step_sizes: &[f64],
    lambdas: &[f64],
    epochs: &'static [usize],
) -> Sweep {
    let (divisions, batches) = (&[Division::Given], &[None]);
    let grid = Grid { widths: &[], inits, step_sizes, lambdas, batches, divisions, seeds: 0, epochs };
    let runs = widths.iter().flat_map(|&(hidden, train)| {
        let settings = grid.settings(hidden).into_iter();
        settings.map(move |settings| Run {
            keys: epochs.iter().map(|&epochs| for_epochs(&settings, epochs).to_csv()).collect(),
            train: Box::new(move || train(&settings, epochs)),
        })
    });
    Sweep { name, columns: [Settings::csv_header(), Outcomes::COLUMNS.to_owned()], runs: runs.collect() }
}
