//! What is swept: for each problem the settings that are tried, the seeds, the data, and how one run is made.

use std::convert::Infallible;

use backprop::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::mlp1::Mlp1;
use backprop::mlp2::Mlp2;
use backprop::model::{Init, Model, Spread};
use backprop::ranking::median;
use backprop::rng::Rng;
use backprop::settings::{PROB1D, PROB2A, PROB2B, Preset, Settings};
use backprop::softmax_regression::SoftmaxRegression;
use backprop::spiral::spirals;
use backprop::sweep::{Run, Sweep};
use backprop::train::{Descent, Record, Score, Split, Trainer};

/// The sweep of a study.
pub(crate) fn sweep_of(study: &str) -> Sweep {
    match study {
        "prob1a" => prob1a(),
        "prob1b" => prob1b(),
        "prob1c" => prob1c(),
        "prob1c_atlas" => prob1c_atlas(),
        "prob1d" => prob1d(),
        "prob1d_seeds" => prob1d_seeds(),
        "prob2a" => prob2a(),
        "prob2a_seeds" => prob2a_seeds(),
        "prob2b" => prob2b(),
        "prob2b_seeds" => prob2b_seeds(),
        other => unreachable!("no study is called {other}"),
    }
}

/// Which samples a run trains on and which validate it.
#[derive(Debug, Clone, Copy)]
enum Division {
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
struct Point {
    settings: Settings,
    division: Division,
    seed: u64,
}

/// What a network scores after some epochs.
struct Scores {
    training: Score,
    /// Without the penalty, so that runs with different λ can be compared.
    validation: Option<Score>,
}

/// Trains a network and scores it after each of these numbers of epochs.
type Train = fn(&Point, &[usize]) -> Vec<Scores>;

/// All combinations of some settings.
struct Grid<'a> {
    /// Numbers of hidden units, and how a network of such a width is trained.
    widths: &'a [(usize, Train)],
    inits: &'a [Init],
    step_sizes: &'a [f64],
    lambdas: &'a [f64],
    /// Samples in a mini-batch; `None` for the full batch.
    batches: &'a [Option<usize>],
    divisions: &'a [Division],
    seeds: u64,
    /// The numbers of epochs after which a network is scored, rising.
    epochs: &'static [usize],
}

impl Grid<'_> {
    fn runs(&self) -> Vec<Run> {
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
    fn settings(&self, hidden: usize) -> Vec<Settings> {
        let epochs = self.epochs[self.epochs.len() - 1];
        let mut all = Vec::new();
        for &init in self.inits {
            for &step_size in self.step_sizes {
                for &lambda in self.lambdas {
                    for &batch in self.batches {
                        let descent = Descent { epochs, step_size, lambda };
                        all.push(Settings { descent, init, hidden, batch });
                    }
                }
            }
        }
        all
    }
}

/// The same settings for another number of epochs.
fn for_epochs(settings: &Settings, epochs: usize) -> Settings {
    Settings { descent: Descent { epochs, ..settings.descent }, ..*settings }
}

/// A run with a row for each number of epochs.
fn run(point: Point, epochs: &'static [usize], train: Train) -> Run {
    let key = |&epochs: &usize| {
        format!("{},{},{}", for_epochs(&point.settings, epochs).to_csv(), point.division.name(), point.seed)
    };
    Run {
        keys: epochs.iter().map(key).collect(),
        train: Box::new(move || train(&point, epochs).iter().map(results).collect()),
    }
}

fn results(Scores { training, validation }: &Scores) -> String {
    let Score { loss, correct, samples } = training;
    let validation = match validation {
        Some(Score { loss, correct, samples }) => format!("{loss},{correct},{samples}"),
        None => ",,".to_owned(),
    };
    format!("{loss},{correct},{samples},{validation}")
}

fn sweep(name: &'static str, runs: Vec<Run>) -> Sweep {
    let columns = [
        "hidden,init,bias,step_size,lambda,batch,epochs,data,seed",
        "loss,correct,samples,validation_loss,validation_correct,validation_samples",
    ];
    Sweep { name, columns, runs }
}

/// Seeds of the fresh spirals that settings are chosen by, and of those that they are not.
const FRESH: [std::ops::RangeInclusive<u64>; 2] = [1001..=1100, 2001..=2020];

#[expect(clippy::unnecessary_wraps, reason = "the shape of a watcher")]
fn silent(_: &Record) -> Result<(), Infallible> {
    Ok(())
}

/// Trains on the full batch.
fn full_batch<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    data: &Dataset<D, K>,
    validation: Option<&Dataset<D, K>>,
    Point { settings, seed, .. }: &Point,
    epochs: &[usize],
) -> Vec<Scores> {
    let mut model = M::initialised(&settings.init, &mut Rng::new(*seed));
    let mut trainer = Trainer::<M, D, K, N>::new();
    let mut done = 0;
    let score = |&epochs: &usize| {
        let descent = Descent { epochs: epochs - done, ..settings.descent };
        done = epochs;
        let Ok(history) = trainer.full_batch(&mut model, data, &descent, silent);
        let validation = validation.map(|data| trainer.evaluate(&model, data, 0.0));
        Scores { training: history[history.len() - 1].training, validation }
    };
    epochs.iter().map(score).collect()
}

fn prob1a() -> Sweep {
    let train: Train = |point, epochs| {
        let data = XOR.load(None).expect("it is inside the program");
        full_batch::<SoftmaxRegression<2, 2>, 2, 2, 4>(&data, None, point, epochs)
    };
    let grid = Grid {
        widths: &[(0, train)],
        inits: &[init(Spread::Fixed(0.01), 0.0), init(Spread::Fixed(0.1), 0.0), init(Spread::He, 0.0)],
        step_sizes: &[0.1, 0.3, 1.0, 3.0],
        lambdas: &[0.0, 1e-3],
        batches: &[None],
        divisions: &[Division::Given],
        seeds: 5,
        epochs: &[100, 300, 1000],
    };
    sweep("prob1a", grid.runs())
}

fn prob1b() -> Sweep {
    let train: Train = |point, epochs| {
        let data = SPIRAL_TRAIN.load(None).expect("it is inside the program");
        full_batch::<SoftmaxRegression<2, 3>, 2, 3, 20>(&data, None, point, epochs)
    };
    let grid = Grid {
        widths: &[(0, train)],
        inits: &[init(Spread::Fixed(0.01), 0.0), init(Spread::Fixed(0.1), 0.0), init(Spread::He, 0.0)],
        step_sizes: &[0.1, 0.3, 1.0, 3.0],
        lambdas: &[0.0, 1e-4, 1e-3, 1e-2],
        batches: &[None],
        divisions: &[Division::Given],
        seeds: 5,
        epochs: &[100, 300, 1000, 2000],
    };
    sweep("prob1b", grid.runs())
}

fn init(weights: Spread, bias: f64) -> Init {
    Init { weights, bias }
}

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
    /// Two right, and the others tie: a loss of (ln 2)/2.
    TwoTied,
    /// One right, and the others share p = (1/3, 2/3): a loss of (3/4)·(ln 3 − (2/3)·ln 2).
    ThreeTied,
    /// All tie: a loss of ln 2.
    FourTied,
    Other,
}

impl Fate {
    const ALL: [Fate; 6] =
        [Fate::Solved, Fate::Slow, Fate::TwoTied, Fate::ThreeTied, Fate::FourTied, Fate::Other];

    fn of(score: &Score) -> Self {
        let near = |loss: f64| (score.loss - loss).abs() < 0.01;
        let solved = score.correct == score.samples;
        match () {
            () if solved && score.loss < 0.01 => Fate::Solved,
            () if near(std::f64::consts::LN_2 / 2.0) => Fate::TwoTied,
            () if near(0.477_385_6) => Fate::ThreeTied,
            () if near(std::f64::consts::LN_2) => Fate::FourTied,
            () if solved => Fate::Slow,
            () => Fate::Other,
        }
    }
}

/// All seeds of one setting: how many ended how, after each of these numbers of epochs.
fn xor_seeds<const H: usize>(settings: &Settings, epochs: &[usize]) -> Vec<String> {
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
type TrainSeeds = fn(&Settings, &[usize]) -> Vec<String>;

fn xor_sweep(
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
    let columns = [
        Settings::COLUMNS,
        "runs,solved,slow,two_tied,three_tied,four_tied,other,unsolved_with_dead_units,median_loss,worst_loss",
    ];
    Sweep { name, columns, runs: runs.collect() }
}

fn prob1c() -> Sweep {
    let spreads = [Spread::Fixed(0.01), Spread::Glorot, Spread::He, Spread::Mirrored];
    let inits: Vec<Init> =
        spreads.iter().flat_map(|&weights| [0.0, 0.1, 0.5].map(|bias| init(weights, bias))).collect();
    let step_sizes = [0.1, 0.3, 0.5, 1.0, 2.0];
    xor_sweep("prob1c", &[(6, xor_seeds::<6>)], &inits, &step_sizes, &[0.0, 1e-4], &[100, 300, 1000])
}

fn prob1c_atlas() -> Sweep {
    let widths: [(usize, TrainSeeds); 12] = [
        (2, xor_seeds::<2>),
        (3, xor_seeds::<3>),
        (4, xor_seeds::<4>),
        (5, xor_seeds::<5>),
        (6, xor_seeds::<6>),
        (8, xor_seeds::<8>),
        (10, xor_seeds::<10>),
        (12, xor_seeds::<12>),
        (16, xor_seeds::<16>),
        (20, xor_seeds::<20>),
        (24, xor_seeds::<24>),
        (32, xor_seeds::<32>),
    ];
    let inits = [
        init(Spread::Fixed(0.01), 0.0),
        init(Spread::Glorot, 0.0),
        init(Spread::Glorot, 0.1),
        init(Spread::He, 0.0),
        init(Spread::He, 0.1),
        init(Spread::Mirrored, 0.0),
        init(Spread::Mirrored, 0.5),
    ];
    xor_sweep("prob1c_atlas", &widths, &inits, &[1.0], &[0.0], &[1000])
}

fn prob1d_train<const H: usize>(point: &Point, epochs: &[usize]) -> Vec<Scores> {
    let data = SPIRAL_TRAIN.load(None).expect("it is inside the program");
    let [choice, unseen] = FRESH;
    let fresh = spirals(if matches!(point.division, Division::Unseen) { unseen } else { choice });
    full_batch::<Mlp1<2, H, 3>, 2, 3, 20>(&data, Some(&fresh), point, epochs)
}

const PROB1D_WIDTHS: &[(usize, Train)] =
    &[(16, prob1d_train::<16>), (32, prob1d_train::<32>), (100, prob1d_train::<100>)];

fn prob1d() -> Sweep {
    let grid = Grid {
        widths: PROB1D_WIDTHS,
        inits: &[init(Spread::Fixed(0.01), 0.0), init(Spread::He, 0.0), init(Spread::Mirrored, 0.5)],
        step_sizes: &[0.3, 1.0, 2.0],
        lambdas: &[0.0, 3e-5, 1e-4, 1e-3],
        batches: &[None],
        divisions: &[Division::Given],
        seeds: 4,
        epochs: &[1000, 3000, 10_000],
    };
    sweep("prob1d", grid.runs())
}

/// Runs with the settings of a preset: the tuned ones with so many seeds on each division, the starter script's with as
/// many on the first.
///
/// # Panics
///
/// If the preset's number of hidden units is not among the widths.
fn preset_runs(
    preset: &'static Preset,
    widths: &[(usize, Train)],
    divisions: &[(Division, u64)],
) -> Vec<Run> {
    let train = |hidden: usize| {
        let width = widths.iter().find(|(width, _)| *width == hidden);
        width.expect("the preset's width is compiled in").1
    };
    let tuned = divisions.iter().map(|&(division, seeds)| (&preset.tuned, division, seeds));
    let starter = divisions.first().map(|&(division, seeds)| (&preset.starter, division, seeds));
    let seeds = tuned.chain(starter).flat_map(|(settings, division, seeds)| {
        let (epochs, train) = (std::slice::from_ref(&settings.descent.epochs), train(settings.hidden));
        (0..seeds).map(move |seed| run(Point { settings: *settings, division, seed }, epochs, train))
    });
    seeds.collect()
}

fn prob1d_seeds() -> Sweep {
    sweep("prob1d_seeds", preset_runs(&PROB1D, PROB1D_WIDTHS, &[(Division::Unseen, 20)]))
}

/// The training and the validation flowers of each of a division's parts.
fn iris(Point { division, seed, .. }: &Point) -> Vec<[Dataset<4, 3>; 2]> {
    const FOLDS: usize = 5;
    let [training, validation]: [Dataset<4, 3>; 2] =
        [IRIS_TRAIN, IRIS_TEST].map(|source| source.load(None).expect("it is inside the program"));
    let shuffled = |samples: usize, seed: u64| {
        let mut order: Vec<usize> = (0..samples).collect();
        Rng::new(seed).shuffle(&mut order);
        order
    };
    match *division {
        Division::Given | Division::Unseen => vec![[training, validation]],
        Division::Folds => {
            let order = shuffled(training.len(), *seed);
            let part = |fold, is_in: bool| {
                let here = (0..order.len()).filter(|place| (place % FOLDS == fold) == is_in);
                training.select(&here.map(|place| order[place]).collect::<Vec<_>>())
            };
            (0..FOLDS).map(|fold| [part(fold, false), part(fold, true)]).collect()
        }
        Division::Shuffled(seed) => {
            let all = training.joined(&validation);
            let order = shuffled(all.len(), seed);
            let (first, rest) = order.split_at(training.len());
            vec![[all.select(first), all.select(rest)]]
        }
    }
}

/// Trains on mini-batches, and adds up the scores of a division's parts.
fn mini_batches<M: Model<4, 3>>(point: &Point, epochs: &[usize]) -> Vec<Scores> {
    let Settings { descent, init, batch, .. } = point.settings;
    let mut trainer = Trainer::<M, 4, 3, 10>::new();
    let mut train = |[training, validation]: &[Dataset<4, 3>; 2]| -> Vec<Scores> {
        let split = Split { training, validation };
        let batch = batch.unwrap_or(training.len());
        let mut rng = Rng::new(point.seed);
        let mut model = M::initialised(&init, &mut rng);
        let mut done = 0;
        let score = |&epochs: &usize| {
            let descent = Descent { epochs: epochs - done, ..descent };
            done = epochs;
            let Ok(history) = trainer.mini_batches(&mut model, split, batch, &descent, &mut rng, silent);
            let validation = trainer.evaluate(&model, validation, 0.0);
            Scores { training: history[history.len() - 1].training, validation: Some(validation) }
        };
        epochs.iter().map(score).collect()
    };
    let parts: Vec<Vec<Scores>> = iris(point).iter().map(&mut train).collect();
    let total = |moment: usize| {
        let scores = || parts.iter().map(move |scores| &scores[moment]);
        let validation = scores().filter_map(|scores| scores.validation).reduce(together);
        let training = scores().map(|scores| scores.training).reduce(together);
        Scores { training: training.expect("there is a part"), validation }
    };
    (0..epochs.len()).map(total).collect()
}

/// The score on two datasets together.
fn together(a: Score, b: Score) -> Score {
    let samples = a.samples + b.samples;
    let loss = (a.loss * a.samples as f64 + b.loss * b.samples as f64) / samples as f64;
    Score { loss, correct: a.correct + b.correct, samples }
}

const PROB2A_WIDTHS: &[(usize, Train)] =
    &[(16, mini_batches::<Mlp1<4, 16, 3>>), (100, mini_batches::<Mlp1<4, 100, 3>>)];

fn prob2a() -> Sweep {
    let grid = Grid {
        widths: PROB2A_WIDTHS,
        inits: &[init(Spread::Glorot, 0.0), init(Spread::He, 0.0)],
        step_sizes: &[0.001, 0.003, 0.01, 0.03],
        lambdas: &[0.0, 1e-2],
        batches: &[Some(10), Some(22)],
        divisions: &[Division::Folds],
        seeds: 10,
        epochs: &[200, 400, 800],
    };
    sweep("prob2a", grid.runs())
}

const PROB2B_WIDTHS: &[(usize, Train)] =
    &[(16, mini_batches::<Mlp2<4, 16, 16, 3>>), (100, mini_batches::<Mlp2<4, 100, 100, 3>>)];

fn prob2b() -> Sweep {
    let grid = Grid {
        widths: PROB2B_WIDTHS,
        inits: &[init(Spread::Glorot, 0.0), init(Spread::He, 0.0)],
        step_sizes: &[0.001, 0.003, 0.01, 0.03],
        lambdas: &[0.0, 1e-2],
        batches: &[Some(10)],
        divisions: &[Division::Folds],
        seeds: 10,
        epochs: &[100, 200, 400],
    };
    sweep("prob2b", grid.runs())
}

/// 100 seeds on the given split and 5 on each of 20 others.
fn splits() -> Vec<(Division, u64)> {
    let others = (1..=20).map(|seed| (Division::Shuffled(seed), 5));
    std::iter::once((Division::Given, 100)).chain(others).collect()
}

fn prob2a_seeds() -> Sweep {
    sweep("prob2a_seeds", preset_runs(&PROB2A, PROB2A_WIDTHS, &splits()))
}

fn prob2b_seeds() -> Sweep {
    sweep("prob2b_seeds", preset_runs(&PROB2B, PROB2B_WIDTHS, &splits()))
}
