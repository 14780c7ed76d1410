//! Training runs of the sweeps: their samples, and their scores after several numbers of epochs.

use std::iter;

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::{larger, position_of_least};
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::experiments::trained;
use backprop::programs::spiral::{CHOOSING, UNSEEN, spirals};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::train::{Score, Split, Trainer};

use super::tuning::row::{Data, Key, Results};
use super::tuning::study::FRESH_SEEDS;

/// Training samples, and parts of the validation samples, which are scored apart.
type Samples<const D: usize, const K: usize> = (Dataset<D, K>, Vec<Dataset<D, K>>);

/// Scores of a network on the training and on the validation samples; zeros if there are none of these.
type Scores = [Score; 2];

/// The score on the samples of two parts together; its penalty is the mean of theirs.
fn together(a: Score, b: Score) -> Score {
    let samples = a.samples + b.samples;
    let mean =
        |a_loss, b_loss| (a_loss * a.samples as f64 + b_loss * b.samples as f64) / samples.max(1) as f64;
    let (data_loss, penalty) = (mean(a.data_loss, b.data_loss), mean(a.penalty, b.penalty));
    Score { data_loss, penalty, correct: a.correct + b.correct, samples }
}

/// The results of one run with these scores.
fn result([training, validation]: Scores) -> Results {
    let is_solved = training.correct == training.samples && training.loss() < 0.01;
    Results { runs: 1, loss: training.loss(), training, validation, solved: usize::from(is_solved) }
}

/// The results of more runs.
fn sum(a: Results, b: Results) -> Results {
    Results {
        runs: a.runs + b.runs,
        loss: larger(a.loss, b.loss),
        training: together(a.training, b.training),
        validation: together(a.validation, b.validation),
        solved: a.solved + b.solved,
    }
}

/// Adds up the rows of several trainings, of which there is one at least.
fn row_by_row<T>(all: impl Iterator<Item = Vec<T>>, add: impl Fn(T, T) -> T) -> Vec<T> {
    let both = |a: Vec<T>, b| a.into_iter().zip(b).map(|(a, b)| add(a, b)).collect();
    all.reduce(both).expect("there are samples and seeds")
}

/// Trains a network and scores it for each row: after its epochs, or at the epoch of the least validation loss. Validation
/// samples in two halves are scored by the network that the row has for the one and for the other, and so are the training
/// samples twice. Training that diverges has an infinite loss and nothing right.
fn run<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trial: &[Key],
    seed: u64,
    (training, parts): &Samples<D, K>,
) -> Vec<Scores> {
    let mut scorer = Trainer::<M, D, K, N>::new();
    let is_halved = parts.len() == 2;
    // Epochs, and the scores on the training samples and on each part.
    let mut scored: Vec<(u64, Vec<Score>)> = Vec::new();
    let settings = &trial[trial.len() - 1].settings;
    trained::<M, D, K, N>(Split::training(training), settings, seed, |model, scores| {
        if is_halved || trial.iter().any(|key| key.settings.epochs == scores.epoch) {
            let mut all = vec![scores.training];
            all.extend(parts.iter().map(|part| scorer.evaluate(model, part, 0.0)));
            if all.iter().all(|score| score.loss().is_finite()) {
                scored.push((scores.epoch, all));
            }
        }
    });
    let lost = |samples| Score { data_loss: f64::INFINITY, penalty: 0.0, correct: 0, samples };
    let lost: Vec<Score> = iter::once(training).chain(parts).map(|part| lost(part.len())).collect();
    let at = |is_it: Option<usize>| is_it.map_or(&lost, |place| &scored[place].1);
    let stopped = |part: usize| {
        let losses: Vec<f64> = scored.iter().map(|(_, scores)| scores[part].data_loss).collect();
        at(position_of_least(&losses))
    };
    let row = |key: &Key| {
        let [first, second] = match key.data {
            Data::Stopped(_) => [stopped(2), stopped(1)],
            _ => [at(scored.iter().position(|(epoch, _)| *epoch == key.settings.epochs)); 2],
        };
        if is_halved {
            [together(first[0], second[0]), together(first[1], second[2])]
        } else {
            let none = Score { data_loss: 0.0, penalty: 0.0, correct: 0, samples: 0 };
            [first[0], first.get(1).copied().unwrap_or(none)]
        }
    };
    trial.iter().map(row).collect()
}

/// Trains a network with each of so many seeds on each of these samples, and adds up the results of each row.
fn runs<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trial: &[Key],
    seeds: u64,
    all: &[Samples<D, K>],
) -> Vec<Results> {
    let of_seed = |seed| {
        let each = all.iter().map(|samples| run::<M, D, K, N>(trial, seed, samples));
        let scores = row_by_row(each, |[a, c], [b, d]| [together(a, b), together(c, d)]);
        scores.into_iter().map(result).collect()
    };
    row_by_row((trial[0].seed..trial[0].seed + seeds).map(of_seed), sum)
}

fn built_in<const D: usize, const K: usize>(source: &Source) -> Dataset<D, K> {
    source.load(None).expect("it is inside the program")
}

fn softmax<const K: usize, const N: usize>(trial: &[Key], source: &Source) -> Vec<Results> {
    runs::<SoftmaxRegression<2, K>, 2, K, N>(trial, 1, &[(built_in(source), Vec::new())])
}

/// Runs of problem 1c with a thousand seeds, summed up in one row: with a row for each, the file would have half a million.
fn prob1c<const H: usize>(trial: &[Key]) -> Vec<Results> {
    runs::<Mlp1<2, H, 2>, 2, 2, 4>(trial, 1000, &[(built_in(&XOR), Vec::new())])
}

fn prob1d<const H: usize>(trial: &[Key]) -> Vec<Results> {
    let fresh = spirals(if trial[0].seed < FRESH_SEEDS { CHOOSING } else { UNSEEN });
    runs::<Mlp1<2, H, 3>, 2, 3, 20>(trial, 1, &[(built_in(&SPIRAL_TRAIN), vec![fresh])])
}

fn prob2a<const H: usize>(trial: &[Key]) -> Vec<Results> {
    runs::<Mlp1<4, H, 3>, 4, 3, 10>(trial, 1, &iris(trial[0]))
}

fn prob2b<const H: usize>(trial: &[Key]) -> Vec<Results> {
    runs::<Mlp2<4, H, H, 3>, 4, 3, 10>(trial, 1, &iris(trial[0]))
}

/// The flowers of a trial: in cross-validation five times, with another fifth to validate; of a split, with the validation
/// flowers in two halves.
fn iris(Key { data, seed, .. }: Key) -> Vec<Samples<4, 3>> {
    const FOLDS: usize = 5;
    let [training, validation]: [Dataset<4, 3>; 2] = [IRIS_TRAIN, IRIS_TEST].map(|source| built_in(&source));
    let shuffled = |samples: usize, seed: u64| {
        let mut order: Vec<usize> = (0..samples).collect();
        Rng::new(seed).shuffle(&mut order);
        order
    };
    match data {
        Data::Folds => {
            let order = shuffled(training.len(), seed);
            let part = |fold, is_in: bool| {
                let here = (0..order.len()).filter(|place| (place % FOLDS == fold) == is_in);
                training.select(&here.map(|place| order[place]).collect::<Vec<_>>())
            };
            (0..FOLDS).map(|fold| (part(fold, false), vec![part(fold, true)])).collect()
        }
        Data::Split(seed) | Data::Stopped(seed) => {
            let all = training.joined(&validation);
            let order = shuffled(all.len(), seed);
            let (first, rest) = order.split_at(training.len());
            let half = |n| all.select(&rest.iter().skip(n).step_by(2).copied().collect::<Vec<_>>());
            vec![(all.select(first), vec![half(0), half(1)])]
        }
        Data::Given => vec![(training, vec![validation])],
    }
}

/// Trains a trial's network, and returns the results of its rows.
///
/// # Panics
///
/// If no such network is compiled: each number of hidden units that a study names needs a place here.
pub(crate) fn train(problem: &str, trial: &[Key]) -> Vec<Results> {
    macro_rules! compiled {
        ($($name:ident: $($width:literal)*;)*) => {
            match (problem, trial[0].settings.hidden) {
                ("prob1a", 0) => softmax::<2, 4>(trial, &XOR),
                ("prob1b", 0) => softmax::<3, 20>(trial, &SPIRAL_TRAIN),
                $($((stringify!($name), $width) => $name::<$width>(trial),)*)*
                (_, hidden) => unreachable!("no network of {problem} with {hidden} hidden units is compiled"),
            }
        };
    }
    compiled! {
        prob1c: 6;
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
    fn early_stopping_keeps_the_least_loss_of_all_epochs_of_the_half_that_is_not_scored() {
        let key = |(epochs, data)| {
            let settings = Settings { epochs, step_size: 0.05, ..PROB2A.tuned };
            Key { settings, data, seed: 1 }
        };
        let mut trial: Vec<Key> = (0..=40).map(|epochs| key((epochs, Data::Split(3)))).collect();
        let (training, halves) = iris(trial[0]).remove(0);
        let of_half = |half: usize| {
            let samples = (training.clone(), vec![halves[half].clone()]);
            run::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, 1, &samples).into_iter().map(|scores| scores[1])
        };
        let (first, second): (Vec<Score>, Vec<Score>) = (of_half(0).collect(), of_half(1).collect());
        let least = |half: &[Score]| {
            position_of_least(&half.iter().map(|score| score.data_loss).collect::<Vec<_>>()).unwrap()
        };
        let stopped = together(first[least(&second)], second[least(&first)]);
        trial.push(key((40, Data::Stopped(3))));
        let rows = run::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, 1, &(training.clone(), halves.clone()));
        assert_eq!((rows[41][1], stopped.samples), (stopped, 40));
        for (row, (first, second)) in rows.iter().zip(first.into_iter().zip(second)) {
            assert_eq!(row[1], together(first, second));
        }
    }

    #[test]
    fn the_results_of_runs_are_their_sums_and_a_diverged_run_has_an_infinite_loss_and_nothing_right() {
        let score = |data_loss, correct, samples| Score { data_loss, penalty: 0.0, correct, samples };
        let run = |loss, correct| result([score(loss, correct, 4), score(0.0, 0, 0)]);
        let all = [run(2.0, 3), run(0.009, 4), run(0.011, 4), run(0.009, 3)].into_iter().reduce(sum).unwrap();
        assert_eq!((all.runs, all.loss, all.solved), (4, 2.0, 1));
        assert_eq!((all.training.correct, all.training.samples), (14, 16));
        assert!((all.training.data_loss - 2.029 / 4.0).abs() < 1e-15);
        assert_eq!(all.validation, score(0.0, 0, 0));

        for data in [[Data::Given; 3], [Data::Split(1), Data::Split(1), Data::Stopped(1)]] {
            let key = |(epochs, data)| {
                let settings = Settings { epochs, step_size: 1e200, ..PROB2A.tuned };
                Key { settings, data, seed: 1 }
            };
            let rows = prob2a::<16>(&[0, 40, 40].into_iter().zip(data).map(key).collect::<Vec<_>>());
            assert!(rows[0].loss.is_finite() && rows.iter().all(|row| row.validation.samples == 40));
            assert_eq!((rows[1].loss, rows[1].validation.correct), (f64::INFINITY, 0));
        }
    }
}
