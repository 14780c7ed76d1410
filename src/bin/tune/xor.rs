//! Problem 1c: all seeds of a setting at once, and how their runs end.

use backprop::dataset::{Dataset, XOR};
use backprop::experiments::tied_losses;
use backprop::mlp1::Mlp1;
use backprop::model::{Init, Model};
use backprop::numbers::median;
use backprop::rng::Rng;
use backprop::settings::Settings;
use backprop::sweep::{Run, Sweep};
use backprop::train::{Descent, Score, Trainer, silent};

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
        let [two_tied, three_tied, four_tied] = tied_losses().map(|loss| (score.loss - loss).abs() < 0.01);
        let solved = score.correct == score.samples;
        match () {
            () if solved && score.loss < 0.01 => Fate::Solved,
            () if two_tied => Fate::TwoTied,
            () if three_tied => Fate::ThreeTied,
            () if four_tied => Fate::FourTied,
            () if solved => Fate::Slow,
            () => Fate::Other,
        }
    }
}

/// All seeds of one setting: how many ended how, after each of these numbers of epochs.
pub(crate) fn xor_seeds<const H: usize>(settings: &Settings, epochs: &[usize]) -> Vec<String> {
    let data: Dataset<2, 2> = XOR.load(None).expect("it is inside the program");
    let mut trainer = Trainer::<Mlp1<2, H, 2>, 2, 2, 4>::new();
    // For each number of epochs: the losses, the fates, and whether those that did not solve it have dead units.
    let mut outcomes: Vec<(Vec<f64>, Vec<Fate>, usize)> = vec![(Vec::new(), Vec::new(), 0); epochs.len()];
    for seed in 0..XOR_SEEDS {
        let mut model = Mlp1::initialised(&settings.init, &mut Rng::new(seed));
        let mut done = 0;
        for (&epochs, (losses, fates, dead)) in epochs.iter().zip(&mut outcomes) {
            let descent = Descent { epochs: epochs - done, ..settings.descent };
            done = epochs;
            let Ok(history) = trainer.full_batch(&mut model, &data, &descent, silent);
            let score = history[history.len() - 1].training;
            let fate = Fate::of(&score);
            let has_dead_units = trainer.dead_units(&model, &data).iter().any(|&(dead, _)| dead > 0);
            *dead += usize::from(fate != Fate::Solved && has_dead_units);
            losses.push(score.loss);
            fates.push(fate);
        }
    }
    let row = |(mut losses, fates, dead): (Vec<f64>, Vec<Fate>, usize)| {
        losses.sort_by(f64::total_cmp);
        let counts = Fate::ALL.map(|fate| fates.iter().filter(|&&other| other == fate).count().to_string());
        let (median, worst) = (median(&losses), losses[losses.len() - 1]);
        format!("{XOR_SEEDS},{},{dead},{median},{worst}", counts.join(","))
    };
    outcomes.into_iter().map(row).collect()
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
    let results = "runs,solved,slow,two_tied,three_tied,four_tied,other,unsolved_with_dead_units,median_loss,worst_loss";
    Sweep { name, columns: [Settings::csv_header(), results.to_owned()], runs: runs.collect() }
}
