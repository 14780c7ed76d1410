//! What is swept: for each problem the settings that are tried, the seeds and the data.

use backprop::math::init::{Init, WeightInit};
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::settings::{PROB1D, PROB2A, PROB2B, Problem};
use backprop::programs::spiral::spirals;
use backprop::programs::sweep::{Run, Sweep};
use backprop::training::dataset::{SPIRAL_TRAIN, XOR};

use crate::grid::{Division, Grid, Point, Scores, Train, full_batch, run, sweep};
use crate::iris::mini_batches;
use crate::xor::{TrainSeeds, xor_seeds, xor_sweep};

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
        "prob2b_one_layer" => prob2b_one_layer(),
        other => unreachable!("no study is called {other}"),
    }
}

fn init(weights: WeightInit, bias: f64) -> Init {
    Init { weights, bias }
}

fn prob1a() -> Sweep {
    let train: Train = |point, epochs| {
        let data = XOR.load(None).expect("it is inside the program");
        full_batch::<SoftmaxRegression<2, 2>, 2, 2, 4>(&data, None, point, epochs)
    };
    let grid = Grid {
        widths: &[(0, train)],
        inits: &[
            init(WeightInit::Fixed(0.01), 0.0),
            init(WeightInit::Fixed(0.1), 0.0),
            init(WeightInit::He, 0.0),
        ],
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
        inits: &[
            init(WeightInit::Fixed(0.01), 0.0),
            init(WeightInit::Fixed(0.1), 0.0),
            init(WeightInit::He, 0.0),
        ],
        step_sizes: &[0.1, 0.3, 1.0, 3.0],
        lambdas: &[0.0, 1e-4, 1e-3, 1e-2],
        batches: &[None],
        divisions: &[Division::Given],
        seeds: 5,
        epochs: &[100, 300, 1000, 2000],
    };
    sweep("prob1b", grid.runs())
}

fn prob1c() -> Sweep {
    let spreads = [WeightInit::Fixed(0.01), WeightInit::Glorot, WeightInit::He, WeightInit::Mirrored];
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
        init(WeightInit::Fixed(0.01), 0.0),
        init(WeightInit::Fixed(0.01), 0.1),
        init(WeightInit::Glorot, 0.0),
        init(WeightInit::Glorot, 0.1),
        init(WeightInit::He, 0.0),
        init(WeightInit::He, 0.1),
        init(WeightInit::Mirrored, 0.0),
        init(WeightInit::Mirrored, 0.5),
    ];
    xor_sweep("prob1c_atlas", &widths, &inits, &[1.0], &[0.0], &[1000])
}

/// Seeds of the fresh spirals that settings are chosen by, and of those that they are not.
const FRESH: [std::ops::RangeInclusive<u64>; 2] = [1001..=1100, 2001..=2020];

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
        inits: &[
            init(WeightInit::Fixed(0.01), 0.0),
            init(WeightInit::He, 0.0),
            init(WeightInit::Mirrored, 0.5),
        ],
        step_sizes: &[0.3, 1.0, 2.0],
        lambdas: &[0.0, 3e-5, 1e-4, 1e-3],
        batches: &[None],
        divisions: &[Division::Given],
        seeds: 4,
        epochs: &[1000, 3000, 10_000],
    };
    sweep("prob1d", grid.runs())
}

/// Runs with the settings of a problem: the tuned ones with so many seeds on each division, the starter script's with as
/// many on the first.
///
/// # Panics
///
/// If the problem's number of hidden units is not among the widths.
fn chosen_runs(
    problem: &'static Problem,
    widths: &[(usize, Train)],
    divisions: &[(Division, u64)],
) -> Vec<Run> {
    let train = |hidden: usize| {
        let width = widths.iter().find(|(width, _)| *width == hidden);
        width.expect("the problem's width is compiled in").1
    };
    let tuned = divisions.iter().map(|&(division, seeds)| (&problem.tuned, division, seeds));
    let starter = divisions.first().map(|&(division, seeds)| (&problem.starter, division, seeds));
    let seeds = tuned.chain(starter).flat_map(|(settings, division, seeds)| {
        let (epochs, train) = (std::slice::from_ref(&settings.descent.epochs), train(settings.hidden));
        (0..seeds).map(move |seed| run(Point { settings: *settings, division, seed }, epochs, train))
    });
    seeds.collect()
}

fn prob1d_seeds() -> Sweep {
    sweep("prob1d_seeds", chosen_runs(&PROB1D, PROB1D_WIDTHS, &[(Division::Unseen, 20)]))
}

const PROB2A_WIDTHS: &[(usize, Train)] =
    &[(16, mini_batches::<Mlp1<4, 16, 3>>), (100, mini_batches::<Mlp1<4, 100, 3>>)];

fn prob2a() -> Sweep {
    let grid = Grid {
        widths: PROB2A_WIDTHS,
        inits: &[init(WeightInit::Glorot, 0.0), init(WeightInit::He, 0.0)],
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
        inits: &[init(WeightInit::Glorot, 0.0), init(WeightInit::He, 0.0)],
        step_sizes: &[0.001, 0.003, 0.01, 0.03],
        lambdas: &[0.0, 1e-2],
        batches: &[Some(10)],
        divisions: &[Division::Folds],
        seeds: 10,
        epochs: &[100, 200, 400],
    };
    sweep("prob2b", grid.runs())
}

/// The seeds of the chosen settings of problem 2 on the given split.
const SEEDS: u64 = 100;

/// All seeds on the given split and 5 on each of 20 others.
fn splits() -> Vec<(Division, u64)> {
    let others = (1..=20).map(|seed| (Division::Shuffled(seed), 5));
    std::iter::once((Division::Given, SEEDS)).chain(others).collect()
}

fn prob2a_seeds() -> Sweep {
    sweep("prob2a_seeds", chosen_runs(&PROB2A, PROB2A_WIDTHS, &splits()))
}

/// One hidden layer with the settings chosen for two, and the same seeds.
fn prob2b_one_layer() -> Sweep {
    let grid = Grid {
        widths: &[(PROB2B.tuned.hidden, mini_batches::<Mlp1<4, { PROB2B.tuned.hidden }, 3>>)],
        inits: &[PROB2B.tuned.init],
        step_sizes: &[PROB2B.tuned.descent.step_size],
        lambdas: &[PROB2B.tuned.descent.lambda],
        batches: &[PROB2B.tuned.batch],
        divisions: &[Division::Given],
        seeds: SEEDS,
        epochs: &[PROB2B.tuned.descent.epochs],
    };
    sweep("prob2b_one_layer", grid.runs())
}

fn prob2b_seeds() -> Sweep {
    sweep("prob2b_seeds", chosen_runs(&PROB2B, PROB2B_WIDTHS, &splits()))
}
