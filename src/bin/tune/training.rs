//! Training runs of the sweeps: their samples, and their scores after several numbers of epochs.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::order::position_of_least;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::experiments::{tied_losses, trained};
use backprop::programs::spiral::{CHOOSING, UNSEEN, spirals};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::numbers::{mean, median, sorted};
use backprop::training::train::{Score, Split, Trainer};

use super::tuning::row::{Data, Key, Results};

/// Training samples, and parts of the validation samples, which are scored apart.
type Samples<const D: usize, const K: usize> = (Dataset<D, K>, Vec<Dataset<D, K>>);

/// Scores of a network on the training and on the validation samples; zeros if there are none of these.
type Scores = [Score; 2];

const NONE: Score = Score { data_loss: 0.0, penalty: 0.0, correct: 0, samples: 0 };

/// The score of a run that diverged: an infinite loss, and nothing right.
fn diverged(samples: usize) -> Score {
    Score { data_loss: f64::INFINITY, samples, ..NONE }
}

/// The score on the samples of two parts together; its penalty is the mean of theirs.
fn together(a: Score, b: Score) -> Score {
    let samples = a.samples + b.samples;
    let mean = |a_loss, b_loss| (a_loss * a.samples as f64 + b_loss * b.samples as f64) / samples as f64;
    let (data_loss, penalty) = (mean(a.data_loss, b.data_loss), mean(a.penalty, b.penalty));
    Score { data_loss, penalty, correct: a.correct + b.correct, samples }
}

/// The results of runs with these scores.
fn results(runs: &[Scores]) -> Results {
    let finite = |score: Score| if score.loss().is_finite() { score } else { diverged(score.samples) };
    let [training, validation] =
        [0, 1].map(|part| runs.iter().map(|run| finite(run[part])).collect::<Vec<Score>>());
    let losses = sorted(training.iter().map(Score::loss));
    let summed = |scores: &[Score]| Score {
        data_loss: mean(&scores.iter().map(|score| score.data_loss).collect::<Vec<_>>()),
        penalty: 0.0,
        correct: scores.iter().map(|score| score.correct).sum(),
        samples: scores.iter().map(|score| score.samples).sum(),
    };
    Results {
        runs: runs.len(),
        loss: median(&losses),
        worst_loss: losses[losses.len() - 1],
        training: summed(&training),
        validation: summed(&validation),
        ends: [0; 5],
    }
}

/// Trains a network and scores it for each row: after its epochs, or at the epoch of the least validation loss. Validation
/// samples in two halves are scored by the network that the row has for the one and for the other, and so are the training
/// samples twice.
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
            scored.push((scores.epoch, all));
        }
    });
    // Training that diverges ends early, or before it begins.
    let mut lost = vec![diverged(training.len())];
    lost.extend(parts.iter().map(|part| diverged(part.len())));
    let stopped = |loss: fn(&[Score]) -> f64| {
        let losses: Vec<f64> = scored.iter().map(|(_, scores)| loss(scores)).collect();
        position_of_least(&losses).map_or(&lost, |epoch| &scored[epoch].1)
    };
    let row = |key: &Key| {
        let [first, second] = match key.data {
            Data::Stopped(_) => [stopped(|scores| together(scores[1], scores[2]).data_loss); 2],
            Data::StoppedByOthers(_) => {
                [stopped(|scores| scores[2].data_loss), stopped(|scores| scores[1].data_loss)]
            }
            _ => {
                let at = scored.iter().find(|(epoch, _)| *epoch == key.settings.epochs);
                [at.map_or(&lost, |(_, scores)| scores); 2]
            }
        };
        if is_halved {
            [together(first[0], second[0]), together(first[1], second[2])]
        } else {
            [first[0], first.get(1).copied().unwrap_or(NONE)]
        }
    };
    trial.iter().map(row).collect()
}

/// Trains a network on each of these samples, and adds up their scores for each row.
fn runs<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trial: &[Key],
    all: &[Samples<D, K>],
) -> Vec<Results> {
    let each = all.iter().map(|samples| run::<M, D, K, N>(trial, trial[0].seed, samples));
    let add = |([a, c], [b, d]): (Scores, Scores)| [together(a, b), together(c, d)];
    let sum = each.reduce(|all, other| all.into_iter().zip(other).map(add).collect());
    sum.expect("there are samples").into_iter().map(|scores| results(&[scores])).collect()
}

fn built_in<const D: usize, const K: usize>(source: &Source) -> Dataset<D, K> {
    source.load(None).expect("it is inside the program")
}

/// Runs of problem 1c with a thousand seeds, summed up in one row: with a row for each, the file would have a hundred
/// thousand.
fn prob1c<const H: usize>(trial: &[Key]) -> Vec<Results> {
    const SEEDS: u64 = 1000;
    let (samples, first) = ((built_in(&XOR), Vec::new()), trial[0].seed);
    let run = |seed| run::<Mlp1<2, H, 2>, 2, 2, 4>(trial, seed, &samples);
    let runs: Vec<Vec<Scores>> = (first..first + SEEDS).map(run).collect();
    let row = |row: usize| {
        let scores: Vec<Scores> = runs.iter().map(|run| run[row]).collect();
        let mut ends = [0; 5];
        scores.iter().filter_map(|[training, _]| end(training)).for_each(|end| ends[end] += 1);
        Results { ends, ..results(&scores) }
    };
    (0..trial.len()).map(row).collect()
}

/// How a run of problem 1c with this score has ended, by its position in [`Results::ends`]; `None` if it has diverged or is
/// still on its way.
fn end(score: &Score) -> Option<usize> {
    let tied = tied_losses().into_iter().position(|loss| (score.loss() - loss).abs() < 0.01);
    let all_right = score.correct == score.samples && score.loss().is_finite();
    match tied {
        _ if all_right && score.loss() < 0.01 => Some(0),
        Some(tie) => Some(2 + tie),
        None => all_right.then_some(1),
    }
}

fn prob1d<const H: usize>(trial: &[Key]) -> Vec<Results> {
    let fresh = spirals(if trial[0].data == Data::Fresh { UNSEEN } else { CHOOSING });
    runs::<Mlp1<2, H, 3>, 2, 3, 20>(trial, &[(built_in(&SPIRAL_TRAIN), vec![fresh])])
}

fn prob2a<const H: usize>(trial: &[Key]) -> Vec<Results> {
    runs::<Mlp1<4, H, 3>, 4, 3, 10>(trial, &iris(trial[0]))
}

fn prob2b<const H: usize>(trial: &[Key]) -> Vec<Results> {
    if trial[0].data == Data::OneLayer {
        return prob2a::<H>(trial);
    }
    runs::<Mlp2<4, H, H, 3>, 4, 3, 10>(trial, &iris(trial[0]))
}

/// The flowers of a trial: in cross-validation five times, with another fifth to validate; where training may stop early, with
/// the validation flowers in two halves.
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
        Data::Split(seed) | Data::Halves(seed) => {
            let all = training.joined(&validation);
            let order = shuffled(all.len(), seed);
            let (first, rest) = order.split_at(training.len());
            let parts = if matches!(data, Data::Halves(_)) { 2 } else { 1 };
            let part = |n| all.select(&rest.iter().skip(n).step_by(parts).copied().collect::<Vec<_>>());
            vec![(all.select(first), (0..parts).map(part).collect())]
        }
        _ => vec![(training, vec![validation])],
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
                ("prob1a", 0) => runs::<SoftmaxRegression<2, 2>, 2, 2, 4>(trial, &[(built_in(&XOR), Vec::new())]),
                ("prob1b", 0) => runs::<SoftmaxRegression<2, 3>, 2, 3, 20>(trial, &[(built_in(&SPIRAL_TRAIN), Vec::new())]),
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
    fn early_stopping_keeps_the_least_loss_of_all_epochs_and_its_halves_are_scored_by_each_other() {
        let settings = Settings { epochs: 40, step_size: 0.05, ..PROB2A.tuned };
        let key = |epochs, data| Key { settings: Settings { epochs, ..settings }, data, seed: 1 };
        let mut trial: Vec<Key> = (0..=40).map(|epochs| key(epochs, Data::Halves(3))).collect();
        let whole = iris(key(40, Data::Split(3)));
        let plain = runs::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, &whole);
        trial.extend([Data::Stopped(3), Data::StoppedByOthers(3)].map(|data| key(40, data)));
        let rows = runs::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, &iris(trial[0]));
        let loss = |row: &Results| row.validation.data_loss;
        for (row, plain) in rows.iter().zip(&plain) {
            // The halves are summed in another order than the whole.
            assert!((loss(row) - loss(plain)).abs() < 1e-13);
        }
        let [stopped, by_others] = [41, 42].map(|row| loss(&rows[row]));
        assert_eq!(stopped, rows[..41].iter().map(loss).fold(f64::INFINITY, backprop::math::order::smaller));
        assert_eq!(rows[42].validation.samples, 40);
        assert!(by_others.is_finite());
    }

    #[test]
    fn the_results_of_runs_are_their_sums_and_a_diverged_run_has_an_infinite_loss_and_nothing_right() {
        let run = |loss, correct| {
            let none = Score { data_loss: 0.0, penalty: 0.0, correct: 0, samples: 0 };
            [Score { data_loss: loss, penalty: 1.0, correct, samples: 4 }, none]
        };
        let all = results(&[run(2.0, 3), run(1.0, 4), run(3.0, 2)]);
        let score = |data_loss, correct, samples| Score { data_loss, penalty: 0.0, correct, samples };
        let training = score(2.0, 9, 12);
        assert_eq!((all.runs, all.loss, all.worst_loss, all.training), (3, 3.0, 4.0, training));
        assert_eq!((all.validation.samples, all.validation.data_loss.to_bits()), (0, 0));
        for wrong in [f64::NAN, f64::INFINITY] {
            let all = results(&[run(wrong, 4), run(1.0, 4), run(2.0, 4)]);
            assert_eq!((all.loss, all.worst_loss), (3.0, f64::INFINITY));
            assert_eq!(all.training, score(f64::INFINITY, 8, 12));
        }
        let settings = Settings { epochs: 40, step_size: 1e200, ..PROB2A.tuned };
        for data in
            [[Data::Given; 4], [Data::Halves(1), Data::Halves(1), Data::Stopped(1), Data::StoppedByOthers(1)]]
        {
            let key = |(epochs, data)| Key { settings: Settings { epochs, ..settings }, data, seed: 1 };
            let rows = prob2a::<16>(&[0, 40, 40, 40].into_iter().zip(data).map(key).collect::<Vec<_>>());
            assert_eq!((rows[1].loss, rows[1].validation.correct), (f64::INFINITY, 0));
            assert_eq!(
                rows.iter().map(|row| row.validation.samples).collect::<Vec<_>>(),
                vec![40; rows.len()]
            );
        }
    }

    #[test]
    fn a_run_of_problem_1c_is_solved_or_slow_or_stuck_at_a_loss() {
        let [two, three, four] = tied_losses();
        for (loss, correct, is) in [
            (0.009, 4, Some(0)),
            (0.011, 4, Some(1)),
            (0.009, 3, None),
            (two, 4, Some(2)),
            (three, 3, Some(3)),
            (four, 2, Some(4)),
            (f64::NAN, 4, None),
            (f64::INFINITY, 4, None),
        ] {
            assert_eq!(end(&Score { data_loss: loss, penalty: 0.0, correct, samples: 4 }), is, "{loss}");
        }
    }
}
