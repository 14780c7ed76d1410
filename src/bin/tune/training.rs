//! Training runs of the sweeps: their samples, and their scores after several numbers of epochs.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::{larger, position_of_least};
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::experiments::trained;
use backprop::programs::spiral::spirals;
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::train::{Score, Split, Trainer};

use super::tuning::row::{Data, Key, Results};
use super::tuning::study::FRESH_SEEDS;

/// Training samples, and parts of the validation samples, which are scored apart.
type Samples<const D: usize, const K: usize> = (Dataset<D, K>, Vec<Dataset<D, K>>);

/// Scores of a network on the training and on the validation samples; zeros if there are none of these.
type Scores = [Score; 2];

/// The scores on the samples of both together; their penalties are means.
fn together(a: Scores, b: Scores) -> Scores {
    [(a[0], b[0]), (a[1], b[1])].map(|(a, b)| {
        let samples = a.samples + b.samples;
        let mean =
            |a_loss, b_loss| (a_loss * a.samples as f64 + b_loss * b.samples as f64) / samples.max(1) as f64;
        let (data_loss, penalty) = (mean(a.data_loss, b.data_loss), mean(a.penalty, b.penalty));
        Score { data_loss, penalty, correct: a.correct + b.correct, samples }
    })
}

/// The results of runs with these scores, at least one.
fn results(runs: &[Scores]) -> Results {
    let [training, validation] = runs.iter().copied().reduce(together).expect("a run");
    let is_solved = |[training, _]: &&Scores| training.correct == training.samples && training.loss() < 0.01;
    Results {
        runs: runs.len(),
        loss: runs.iter().map(|[training, _]| training.loss()).fold(f64::NEG_INFINITY, larger),
        training,
        validation,
        solved: runs.iter().filter(is_solved).count(),
    }
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
    // Epochs, and the scores on the training samples and on each part.
    let mut scored: Vec<(u64, Vec<Score>)> = Vec::new();
    let settings = &trial[trial.len() - 1].settings;
    trained::<M, D, K, N>(Split::training(training), settings, seed, |model, scores| {
        if parts.len() == 2 || trial.iter().any(|key| key.settings.epochs == scores.epoch) {
            let mut all = vec![scores.training];
            all.extend(parts.iter().map(|part| scorer.evaluate(model, part, 0.0)));
            if all.iter().all(|score| score.loss().is_finite()) {
                scored.push((scores.epoch, all));
            }
        }
    });
    let nothing_right = |data_loss, samples| Score { data_loss, penalty: 0.0, correct: 0, samples };
    let all = [training].into_iter().chain(parts);
    let lost: Vec<Score> = all.map(|part| nothing_right(f64::INFINITY, part.len())).collect();
    let row = |key: &Key| {
        let of_part = |part: usize| {
            let losses = |other: usize| scored.iter().map(move |(_, scores)| scores[other].data_loss);
            let position = match key.data {
                Data::Stopped(_) => position_of_least(&losses(3 - part).collect::<Vec<_>>()),
                _ => scored.iter().position(|(epoch, _)| *epoch == key.settings.epochs),
            };
            let scores = position.map_or(&lost, |position| &scored[position].1);
            [scores[0], scores.get(part).copied().unwrap_or(nothing_right(0.0, 0))]
        };
        (2..=parts.len()).map(of_part).fold(of_part(1), together)
    };
    trial.iter().map(row).collect()
}

/// Trains a network with each of so many seeds on each of these samples. Returns the results of each row.
fn runs<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trial: &[Key],
    seeds: usize,
    all: &[Samples<D, K>],
) -> Vec<Results> {
    let mut rows: Vec<Vec<Scores>> = vec![Vec::new(); trial.len()];
    for seed in (trial[0].seed..).take(seeds) {
        let each: Vec<_> = all.iter().map(|samples| run::<M, D, K, N>(trial, seed, samples)).collect();
        for (number, row) in rows.iter_mut().enumerate() {
            row.extend(each.iter().map(|scores| scores[number]).reduce(together));
        }
    }
    rows.iter().map(|runs| results(runs)).collect()
}

fn built_in<const D: usize, const K: usize>(source: &Source) -> Dataset<D, K> {
    source.load(None).expect("it is inside the program")
}

fn spiral<const H: usize>(trial: &[Key]) -> Vec<Results> {
    // Settings are chosen by the ones, and reported on the others.
    let fresh = spirals(if trial[0].seed < FRESH_SEEDS { 1001..=1100 } else { 3001..=3020 });
    runs::<Mlp1<2, H, 3>, 2, 3, 20>(trial, 1, &[(built_in(&SPIRAL_TRAIN), vec![fresh])])
}

fn iris<const H: usize>(problem: &str, trial: &[Key]) -> Vec<Results> {
    let (is_deep, flowers) = (problem == "prob2b", flowers(trial[0]));
    let runs = if is_deep { runs::<Mlp2<4, H, H, 3>, 4, 3, 10> } else { runs::<Mlp1<4, H, 3>, 4, 3, 10> };
    runs(trial, 1, &flowers)
}

/// The flowers of a trial: in cross-validation five times, with another fifth to validate; of a split, with the validation
/// flowers in two halves.
fn flowers(Key { data, seed, .. }: Key) -> Vec<Samples<4, 3>> {
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

/// Trains a trial's network, and returns the results of its rows: of problem 1c with a thousand seeds, since with a row for
/// each its file would have half a million. Panics if no such network is compiled: each number of hidden units that a study
/// names needs a place here.
pub(crate) fn train(problem: &str, trial: &[Key]) -> Vec<Results> {
    match (problem, trial[0].settings.hidden) {
        ("prob1a", 0) => runs::<SoftmaxRegression<2, 2>, 2, 2, 4>(trial, 1, &[(built_in(&XOR), vec![])]),
        ("prob1b", 0) => {
            runs::<SoftmaxRegression<2, 3>, 2, 3, 20>(trial, 1, &[(built_in(&SPIRAL_TRAIN), vec![])])
        }
        ("prob1c", 6) => runs::<Mlp1<2, 6, 2>, 2, 2, 4>(trial, 1000, &[(built_in(&XOR), vec![])]),
        ("prob1d", 32) => spiral::<32>(trial),
        ("prob1d", 100) => spiral::<100>(trial),
        ("prob1d", 256) => spiral::<256>(trial),
        ("prob2a" | "prob2b", 4) => iris::<4>(problem, trial),
        ("prob2a" | "prob2b", 8) => iris::<8>(problem, trial),
        ("prob2a" | "prob2b", 16) => iris::<16>(problem, trial),
        ("prob2a" | "prob2b", 32) => iris::<32>(problem, trial),
        ("prob2a" | "prob2b", 100) => iris::<100>(problem, trial),
        (_, hidden) => unreachable!("no network of {problem} with {hidden} hidden units is compiled"),
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
        let (training, halves) = flowers(trial[0]).remove(0);
        let of_half = |half: usize| {
            let samples = (training.clone(), vec![halves[half].clone()]);
            run::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, 1, &samples)
        };
        let (first, second) = (of_half(0), of_half(1));
        let least = |half: &[Scores]| {
            position_of_least(&half.iter().map(|scores| scores[1].data_loss).collect::<Vec<_>>()).unwrap()
        };
        let stopped = together(first[least(&second)], second[least(&first)]);
        trial.push(key((40, Data::Stopped(3))));
        let rows = run::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, 1, &(training.clone(), halves.clone()));
        assert_eq!((rows[41], stopped[1].samples), (stopped, 40));
        for (row, (first, second)) in rows.iter().zip(first.into_iter().zip(second)) {
            assert_eq!(*row, together(first, second));
        }
    }

    #[test]
    fn the_results_of_runs_are_their_sums_and_a_diverged_run_has_an_infinite_loss_and_nothing_right() {
        let score = |data_loss, correct, samples| Score { data_loss, penalty: 0.0, correct, samples };
        let run = |loss, correct| [score(loss, correct, 4), score(0.0, 0, 0)];
        let all = results(&[run(2.0, 3), run(0.009, 4), run(0.011, 4), run(0.009, 3)]);
        assert_eq!((all.runs, all.loss, all.solved), (4, 2.0, 1));
        assert_eq!((all.training.correct, all.training.samples), (14, 16));
        assert!((all.training.data_loss - 2.029 / 4.0).abs() < 1e-15);
        assert_eq!(all.validation, score(0.0, 0, 0));

        for data in [[Data::Given; 3], [Data::Split(1), Data::Split(1), Data::Stopped(1)]] {
            let key = |(epochs, data)| {
                let settings = Settings { epochs, step_size: 1e200, ..PROB2A.tuned };
                Key { settings, data, seed: 1 }
            };
            let rows = iris::<16>("prob2a", &[0, 40, 40].into_iter().zip(data).map(key).collect::<Vec<_>>());
            assert!(rows[0].loss.is_finite() && rows.iter().all(|row| row.validation.samples == 40));
            assert_eq!((rows[1].loss, rows[1].validation.correct), (f64::INFINITY, 0));
        }
    }
}
