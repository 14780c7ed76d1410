//! Training runs of the sweeps: their samples, and their scores after several numbers of epochs.

use super::tuning::row::{Results, Run, Scores, Seeds};
use super::tuning::studies::{Data, Trial};
use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::experiments::trained;
use backprop::programs::settings::Settings;
use backprop::programs::spiral::{CHOOSING, UNSEEN, spirals};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, XOR};
use backprop::training::train::{EpochScores, Score, Split, Trainer};

/// Trains a network, and returns the results of its rows.
pub(crate) type Train = fn(&Trial) -> Vec<String>;

/// Training samples, and validation samples if there are any.
type Samples<const D: usize, const K: usize> = (Dataset<D, K>, Option<Dataset<D, K>>);

/// Trains a network, and calls `visit` with it and its scores after every epoch. Returns the last score: not finite if the run
/// diverged.
fn train<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    settings: &Settings,
    seed: u64,
    training: &Dataset<D, K>,
    visit: impl FnMut(&M, &EpochScores),
) -> Score {
    let mut trainer = Trainer::<M, D, K, N>::new();
    let (_, history) = trained(&mut trainer, Split::training(training), settings, seed, visit);
    history[history.len() - 1].training
}

/// Trains a network on each of the parts, and adds up their scores after each of the trial's epochs.
fn scores<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    Trial { settings, epochs, seed, .. }: &Trial,
    parts: &[Samples<D, K>],
) -> Vec<Run> {
    let mut scorer = Trainer::<M, D, K, N>::new();
    let each_part = parts.iter().map(|(training, validation)| {
        let mut rows = Vec::new();
        let last = train::<M, D, K, N>(settings, *seed, training, |model, scores| {
            if epochs.contains(&scores.epoch) {
                let validation = validation.as_ref().map(|samples| scorer.evaluate(model, samples, 0.0));
                rows.push(Scores { training: scores.training, validation });
            }
        });
        // A run that diverges keeps its last score, which is not finite.
        rows.resize(epochs.len(), Scores { training: last, validation: None });
        rows
    });
    let add =
        |all: Vec<Scores>, part: Vec<Scores>| all.into_iter().zip(part).map(|(a, b)| a.with(b)).collect();
    each_part.reduce(add).expect("there is a part").into_iter().map(Some).collect()
}

/// Scores after each of the trial's epochs, at the epoch of the least validation loss, and where each half of the validation
/// samples scores the network that the other half's loss stops (both halves together).
fn with_stops<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    Trial { settings, epochs, seed, .. }: &Trial,
    (training, validation): &Samples<D, K>,
) -> Vec<Run> {
    let validation = validation.as_ref().expect("there are samples to stop by");
    let half = |odd| (0..validation.len()).filter(|n| n % 2 == odd).collect::<Vec<_>>();
    let halves = [0, 1].map(|odd| validation.select(&half(odd)));
    let loss = |scores: &Scores| scores.validation.map_or(f64::NAN, |score| score.data_loss);
    // By the loss of all, of the first half, of the second half: the least, and the scores at its epoch.
    let mut stops: [Option<(f64, Scores)>; 3] = [None; 3];
    let mut rows = Vec::new();
    let mut scorer = Trainer::<M, D, K, N>::new();
    train::<M, D, K, N>(settings, *seed, training, |model, scores| {
        let [a, b] = halves.each_ref().map(|half| Scores {
            training: scores.training,
            validation: Some(scorer.evaluate(model, half, 0.0)),
        });
        let all = a.with(b);
        for (stop, (by, scores)) in stops.iter_mut().zip([(all, all), (a, b), (b, a)]) {
            // A loss that is no number is not less.
            if stop.map_or(loss(&by).is_finite(), |(least, _)| loss(&by) < least) {
                *stop = Some((loss(&by), scores));
            }
        }
        if epochs.contains(&scores.epoch) {
            rows.push(Some(all));
        }
    });
    rows.resize(epochs.len(), None);
    let [own, first, second] = stops.map(|stop| stop.map(|(_, scores)| scores));
    rows.extend([own, first.zip(second).map(|(b, a)| a.with(b))]);
    rows
}

fn encode(rows: &[Run]) -> Vec<String> {
    rows.iter().map(Results::encode).collect()
}

fn xor() -> Dataset<2, 2> {
    XOR.load(None).expect("it is inside the program")
}

fn spiral() -> Dataset<2, 3> {
    SPIRAL_TRAIN.load(None).expect("it is inside the program")
}

fn prob1a(trial: &Trial) -> Vec<String> {
    encode(&scores::<SoftmaxRegression<2, 2>, 2, 2, 4>(trial, &[(xor(), None)]))
}

fn prob1b(trial: &Trial) -> Vec<String> {
    encode(&scores::<SoftmaxRegression<2, 3>, 2, 3, 20>(trial, &[(spiral(), None)]))
}

/// Runs of problem 1c with a thousand seeds: a run takes a fifth of a millisecond, and a row for each would be a hundred
/// thousand.
fn prob1c<const H: usize>(Trial { settings, epochs, seed, .. }: &Trial) -> Vec<String> {
    const SEEDS: u64 = 1000;
    let samples = xor();
    let mut runs: Vec<Vec<Score>> = vec![Vec::new(); epochs.len()];
    for seed in *seed..seed + SEEDS {
        let mut row = 0;
        let last = train::<Mlp1<2, H, 2>, 2, 2, 4>(settings, seed, &samples, |_, scores| {
            if epochs.contains(&scores.epoch) {
                runs[row].push(scores.training);
                row += 1;
            }
        });
        runs[row..].iter_mut().for_each(|runs| runs.push(last));
    }
    runs.iter().map(|runs| Seeds::of(runs).encode()).collect()
}

fn prob1d<const H: usize>(trial: &Trial) -> Vec<String> {
    let fresh = spirals(if trial.data == Data::Fresh { UNSEEN } else { CHOOSING });
    encode(&scores::<Mlp1<2, H, 3>, 2, 3, 20>(trial, &[(spiral(), Some(fresh))]))
}

fn prob2a<const H: usize>(trial: &Trial) -> Vec<String> {
    flowers::<Mlp1<4, H, 3>>(trial)
}

fn prob2b<const H: usize>(trial: &Trial) -> Vec<String> {
    if trial.data == Data::OneLayer { prob2a::<H>(trial) } else { flowers::<Mlp2<4, H, H, 3>>(trial) }
}

fn flowers<M: Model<4, 3>>(trial: &Trial) -> Vec<String> {
    let parts = iris(trial);
    encode(&match trial.data {
        Data::Stopping(_) => with_stops::<M, 4, 3, 10>(trial, &parts[0]),
        _ => scores::<M, 4, 3, 10>(trial, &parts),
    })
}

/// The flowers of each of a trial's parts.
fn iris(Trial { data, seed, .. }: &Trial) -> Vec<Samples<4, 3>> {
    const FOLDS: usize = 5;
    let [training, validation]: [Dataset<4, 3>; 2] =
        [IRIS_TRAIN, IRIS_TEST].map(|source| source.load(None).expect("it is inside the program"));
    let shuffled = |samples: usize, seed: u64| {
        let mut order: Vec<usize> = (0..samples).collect();
        Rng::new(seed).shuffle(&mut order);
        order
    };
    match *data {
        Data::Given | Data::OneLayer | Data::Fresh => vec![(training, Some(validation))],
        Data::Folds => {
            let order = shuffled(training.len(), *seed);
            let part = |fold, is_in: bool| {
                let here = (0..order.len()).filter(|place| (place % FOLDS == fold) == is_in);
                training.select(&here.map(|place| order[place]).collect::<Vec<_>>())
            };
            (0..FOLDS).map(|fold| (part(fold, false), Some(part(fold, true)))).collect()
        }
        Data::Split(seed) | Data::Stopping(seed) => {
            let all = training.joined(&validation);
            let order = shuffled(all.len(), seed);
            let (first, rest) = order.split_at(training.len());
            vec![(all.select(first), Some(all.select(rest)))]
        }
    }
}

/// The function that trains networks of a problem with this many hidden units.
///
/// # Panics
///
/// If there is none: each number of units that a study names needs a line here.
pub(crate) fn train_of(problem: &str, hidden: usize) -> Train {
    macro_rules! compiled {
        ($($name:ident: $($width:literal)*;)*) => {
            match (problem, hidden) {
                ("prob1a", 0) => prob1a,
                ("prob1b", 0) => prob1b,
                $($((stringify!($name), $width) => $name::<$width>,)*)*
                _ => unreachable!("no network of {problem} with {hidden} hidden units is compiled"),
            }
        };
    }
    compiled! {
        prob1c: 2 3 4 5 6 8 10 12 16 20 24 32;
        prob1d: 32 100 256;
        prob2a: 4 8 16 32 100;
        prob2b: 4 8 16 32 100;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backprop::programs::settings::{PROB2A, Settings};

    #[test]
    fn early_stopping_keeps_the_least_loss_of_all_epochs_and_its_halves_are_scored_by_each_other() {
        let settings = Settings { epochs: 40, step_size: 0.05, ..PROB2A.tuned };
        let epochs: Vec<u64> = (0..=40).collect();
        let trial = Trial { settings, epochs: epochs.leak(), data: Data::Stopping(3), seed: 1 };
        let parts = iris(&trial);
        let rows = with_stops::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, &parts[0]);
        let plain = scores::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, &parts);
        let loss = |run: &Run| run.unwrap().validation.unwrap().data_loss;
        for (row, plain) in rows.iter().zip(&plain) {
            // The halves are summed in another order than the whole.
            assert!((loss(row) - loss(plain)).abs() < 1e-13);
        }
        let [stopped, by_others] = [41, 42].map(|row| loss(&rows[row]));
        assert_eq!(stopped, rows[..41].iter().map(loss).fold(f64::INFINITY, backprop::math::order::smaller));
        assert_eq!(rows[42].unwrap().validation.unwrap().samples, 40);
        assert!(by_others.is_finite());
    }
}
