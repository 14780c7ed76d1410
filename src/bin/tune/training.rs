//! Training runs of the sweeps: their samples, and their scores after several numbers of epochs.

use backprop::math::mlp1::Mlp1;
use backprop::math::mlp2::Mlp2;
use backprop::math::model::Model;
use backprop::math::rng::Rng;
use backprop::math::softmax_regression::SoftmaxRegression;
use backprop::programs::experiments::{tied_losses, trained};
use backprop::programs::spiral::{CHOOSING, UNSEEN, spirals};
use backprop::training::dataset::{Dataset, IRIS_TEST, IRIS_TRAIN, SPIRAL_TRAIN, Source, XOR};
use backprop::training::numbers::{median, sorted};
use backprop::training::train::{Score, Split, Trainer};

use super::tuning::row::{Data, Results, Tally};
use super::tuning::study::Trial;

/// Trains a network, and returns the results of its rows.
pub(crate) type Train = fn(&Trial) -> Vec<Results>;

/// Training samples, and validation samples if there are any.
type Samples<const D: usize, const K: usize> = (Dataset<D, K>, Option<Dataset<D, K>>);

/// Scores of a network on the training and on the validation samples.
#[derive(Debug, Clone, Copy)]
struct Scores {
    training: Score,
    validation: Option<Score>,
}

impl Scores {
    /// The scores on these samples and others together. A penalty is the mean of both.
    fn with(self, other: Scores) -> Self {
        let together = |a: Score, b: Score| {
            let samples = a.samples + b.samples;
            let mean =
                |a_loss, b_loss| (a_loss * a.samples as f64 + b_loss * b.samples as f64) / samples as f64;
            let (data_loss, penalty) = (mean(a.data_loss, b.data_loss), mean(a.penalty, b.penalty));
            Score { data_loss, penalty, correct: a.correct + b.correct, samples }
        };
        let validation = self.validation.zip(other.validation).map(|(a, b)| together(a, b));
        Scores { training: together(self.training, other.training), validation }
    }
}

/// The score of a run that diverged: an infinite loss, and nothing right.
fn diverged(samples: usize) -> Score {
    Score { data_loss: f64::INFINITY, penalty: 0.0, correct: 0, samples }
}

/// The results of runs with these scores.
fn results(runs: &[Scores]) -> Results {
    let finite = |score: Score| if score.loss().is_finite() { score } else { diverged(score.samples) };
    let training: Vec<Score> = runs.iter().map(|run| finite(run.training)).collect();
    let validation: Vec<Score> = runs.iter().filter_map(|run| run.validation.map(finite)).collect();
    let losses = sorted(training.iter().map(Score::loss));
    let tally = |scores: &[Score]| Tally {
        // Of no scores 0: the sum of none is −0 with some versions of Rust.
        data_loss: scores.iter().fold(0.0, |sum, score| sum + score.data_loss) / scores.len().max(1) as f64,
        correct: scores.iter().map(|score| score.correct).sum(),
        samples: scores.iter().map(|score| score.samples).sum(),
    };
    Results {
        runs: runs.len(),
        loss: median(&losses),
        worst_loss: losses[losses.len() - 1],
        training: tally(&training),
        validation: tally(&validation),
        ends: [0; 5],
    }
}

/// Trains a network, and scores it after each of the trial's epochs.
fn at_epochs<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trial: &Trial,
    seed: u64,
    (training, validation): &Samples<D, K>,
) -> Vec<Scores> {
    let mut scorer = Trainer::<M, D, K, N>::new();
    let mut rows = Vec::new();
    trained::<M, D, K, N>(Split::training(training), &trial.settings, seed, |model, scores| {
        if trial.epochs.contains(&scores.epoch) {
            let validation = validation.as_ref().map(|samples| scorer.evaluate(model, samples, 0.0));
            rows.push(Scores { training: scores.training, validation });
        }
    });
    // Training that diverges ends early.
    let validation = validation.as_ref().map(|samples| diverged(samples.len()));
    rows.resize(trial.epochs.len(), Scores { training: diverged(training.len()), validation });
    rows
}

/// Trains a network on each of the parts, and adds up their scores after each of the trial's epochs.
fn run<M: Model<D, K>, const D: usize, const K: usize, const N: usize>(
    trial: &Trial,
    parts: &[Samples<D, K>],
) -> Vec<Results> {
    let each_part = parts.iter().map(|part| at_epochs::<M, D, K, N>(trial, trial.seed, part));
    let add =
        |all: Vec<Scores>, part: Vec<Scores>| all.into_iter().zip(part).map(|(a, b)| a.with(b)).collect();
    let all = each_part.reduce(add).expect("there is a part");
    all.into_iter().map(|scores| results(&[scores])).collect()
}

/// Scores after each of the trial's epochs, at the epoch of the least validation loss, and where each half of the validation
/// samples scores the network that the other half's loss stops (both halves together).
fn run_with_stops<M: Model<4, 3>>(trial: &Trial, (training, validation): &Samples<4, 3>) -> Vec<Results> {
    let validation = validation.as_ref().expect("there are samples to stop by");
    let half = |odd| (0..validation.len()).filter(|n| n % 2 == odd).collect::<Vec<_>>();
    let halves = [0, 1].map(|odd| validation.select(&half(odd)));
    let lost =
        |samples: usize| Scores { training: diverged(training.len()), validation: Some(diverged(samples)) };
    // By the loss of all, of the first half, of the second half: the least, and the scores at its epoch.
    let mut stops = [validation, &halves[1], &halves[0]].map(|scored| (f64::INFINITY, lost(scored.len())));
    let mut rows = Vec::new();
    let mut scorer = Trainer::<M, 4, 3, 10>::new();
    trained::<M, 4, 3, 10>(Split::training(training), &trial.settings, trial.seed, |model, scores| {
        let training = scores.training;
        let [a, b] = halves
            .each_ref()
            .map(|half| Scores { training, validation: Some(scorer.evaluate(model, half, 0.0)) });
        let all = a.with(b);
        for (stop, (by, scores)) in stops.iter_mut().zip([(all, all), (a, b), (b, a)]) {
            // A loss that is no number is not less.
            let loss = by.validation.map_or(f64::NAN, |score| score.data_loss);
            if loss < stop.0 {
                *stop = (loss, scores);
            }
        }
        if trial.epochs.contains(&scores.epoch) {
            rows.push(all);
        }
    });
    rows.resize(trial.epochs.len(), lost(validation.len()));
    let [own, b, a] = stops.map(|(_, scores)| scores);
    rows.extend([own, a.with(b)]);
    rows.into_iter().map(|scores| results(&[scores])).collect()
}

fn built_in<const D: usize, const K: usize>(source: &Source) -> Dataset<D, K> {
    source.load(None).expect("it is inside the program")
}

fn prob1a(trial: &Trial) -> Vec<Results> {
    run::<SoftmaxRegression<2, 2>, 2, 2, 4>(trial, &[(built_in(&XOR), None)])
}

fn prob1b(trial: &Trial) -> Vec<Results> {
    run::<SoftmaxRegression<2, 3>, 2, 3, 20>(trial, &[(built_in(&SPIRAL_TRAIN), None)])
}

/// Runs of problem 1c with a thousand seeds: a run takes a fifth of a millisecond, and a row for each would be a hundred
/// thousand.
fn prob1c<const H: usize>(trial: &Trial) -> Vec<Results> {
    const SEEDS: u64 = 1000;
    let samples = (built_in(&XOR), None);
    let run = |seed| at_epochs::<Mlp1<2, H, 2>, 2, 2, 4>(trial, seed, &samples);
    let runs: Vec<Vec<Scores>> = (trial.seed..trial.seed + SEEDS).map(run).collect();
    let row = |row: usize| {
        let scores: Vec<Scores> = runs.iter().map(|run| run[row]).collect();
        let mut ends = [0; 5];
        scores.iter().filter_map(|run| end(&run.training)).for_each(|end| ends[end] += 1);
        Results { ends, ..results(&scores) }
    };
    (0..trial.epochs.len()).map(row).collect()
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

fn prob1d<const H: usize>(trial: &Trial) -> Vec<Results> {
    let fresh = spirals(if trial.data == Data::Fresh { UNSEEN } else { CHOOSING });
    run::<Mlp1<2, H, 3>, 2, 3, 20>(trial, &[(built_in(&SPIRAL_TRAIN), Some(fresh))])
}

fn prob2a<const H: usize>(trial: &Trial) -> Vec<Results> {
    flowers::<Mlp1<4, H, 3>>(trial)
}

fn prob2b<const H: usize>(trial: &Trial) -> Vec<Results> {
    if trial.data == Data::OneLayer { prob2a::<H>(trial) } else { flowers::<Mlp2<4, H, H, 3>>(trial) }
}

fn flowers<M: Model<4, 3>>(trial: &Trial) -> Vec<Results> {
    let parts = iris(trial);
    match trial.data {
        Data::Stopped(_) => run_with_stops::<M>(trial, &parts[0]),
        _ => run::<M, 4, 3, 10>(trial, &parts),
    }
}

/// The flowers of each of a trial's parts.
fn iris(Trial { data, seed, .. }: &Trial) -> Vec<Samples<4, 3>> {
    const FOLDS: usize = 5;
    let [training, validation]: [Dataset<4, 3>; 2] = [IRIS_TRAIN, IRIS_TEST].map(|source| built_in(&source));
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
        Data::Split(seed) | Data::Stopped(seed) | Data::StoppedByOthers(seed) => {
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
        let trial = Trial { settings, epochs: (0..=40).collect(), data: Data::Stopped(3), seed: 1 };
        let parts = iris(&trial);
        let rows = run_with_stops::<Mlp1<4, 8, 3>>(&trial, &parts[0]);
        let plain = run::<Mlp1<4, 8, 3>, 4, 3, 10>(&trial, &parts);
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
            let training = Score { data_loss: loss, penalty: 1.0, correct, samples: 4 };
            Scores { training, validation: None }
        };
        let all = results(&[run(2.0, 3), run(1.0, 4), run(3.0, 2)]);
        let training = Tally { data_loss: 2.0, correct: 9, samples: 12 };
        assert_eq!((all.runs, all.loss, all.worst_loss, all.training), (3, 3.0, 4.0, training));
        assert_eq!((all.validation.samples, all.validation.data_loss.to_bits()), (0, 0));
        for wrong in [f64::NAN, f64::INFINITY] {
            let all = results(&[run(wrong, 4), run(1.0, 4), run(2.0, 4)]);
            let training = Tally { data_loss: f64::INFINITY, correct: 8, samples: 12 };
            assert_eq!((all.loss, all.worst_loss, all.training), (3.0, f64::INFINITY, training));
        }
        let settings = Settings { epochs: 40, step_size: 1e200, ..PROB2A.tuned };
        for data in [Data::Given, Data::Stopped(1)] {
            let trial = Trial { settings, epochs: vec![0, 40], data, seed: 1 };
            let rows = prob2a::<16>(&trial);
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
