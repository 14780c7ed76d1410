//! Values of problem 2 from the sweeps.

use std::collections::BTreeSet;

use backprop::programs::settings::{PROB2A, PROB2B, Problem, Settings};
use backprop::training::numbers::{mean, median, nine_in_ten, sorted};

use super::sweeps::{StudyRows, is_given, is_split, of, seeds, validation_loss};
use super::template::Values;
use super::tuning::row::{Data, Results, Row};
use super::tuning::study::DECAYS;

/// Samples that two other classifiers get right on the splits of problem 2's studies; see `data/README.md`.
const OTHERS: &str = include_str!("../../../data/iris_splits.csv");

/// The values of problem 2.
pub(crate) fn collect(sweeps: &[StudyRows], values: &mut Values) {
    let [one, two] = ["prob2a_seeds", "prob2b_seeds"].map(|name| of(sweeps, name));
    splits([one, two], values);
    one_layer(two, values);
    // Each depth with its own λ, in the order of the seeds.
    let own = [(one, &PROB2A), (two, &PROB2B)]
        .map(|(sweep, problem)| sweep.numbers(&problem.tuned, is_given, validation_loss));
    values.count("2b.own_lower", lower(&own[1], &own[0]));
    // From 4 inputs and a bias, to 3 scores and from a bias.
    values.count("2a.parameters", ((4 + 1) * PROB2A.tuned.hidden + (PROB2A.tuned.hidden + 1) * 3) as f64);
    let [one, two] =
        ["prob2a_overfitting", "prob2b_overfitting"].map(|name| overfitting(of(sweeps, name), values));
    values.count("2b.higher_than_one", lower(&one, &two));
}

/// In how many pairs of runs the first has the lower number.
fn lower(first: &[f64], second: &[f64]) -> f64 {
    first.iter().zip(second).filter(|(first, second)| first < second).count() as f64
}

/// Problem 2b beside a network with one layer, the same settings and the same seeds.
fn one_layer(sweep: &StudyRows, values: &mut Values) {
    // In the order of the seeds.
    let two = |number| sweep.numbers(&PROB2B.tuned, is_given, number);
    let one = |number| sweep.numbers(&PROB2B.tuned, |data| data == Data::OneLayer, number);
    let data_loss = |results: &Results| results.training.data_loss;
    let accuracy = |results: &Results| results.validation.accuracy();
    values.count("2b.two_lower_data_loss", lower(&two(data_loss), &one(data_loss)));
    values.count("2b.two_lower_validation", lower(&two(validation_loss), &one(validation_loss)));
    values.count("2b.two_fewer", lower(&two(accuracy), &one(accuracy)));
    values.count("2b.two_more", lower(&one(accuracy), &two(accuracy)));
    for (name, losses) in [("two", two(validation_loss)), ("one", one(validation_loss))] {
        let mean = mean(&losses);
        let square =
            losses.iter().map(|loss| (loss - mean) * (loss - mean)).sum::<f64>() / losses.len() as f64;
        values.decimals(&format!("2b.{name}_layers.deviation"), square.sqrt(), 3);
    }
}

/// Overfitting and its control over splits and seeds: the validation loss without the penalty after some epochs with some λ, and
/// with early stopping. The losses compared are of single epochs, and an epoch that is chosen is chosen for all runs alike or by
/// other samples. Returns the losses without control at the end, run by run.
fn overfitting(sweep: &StudyRows, values: &mut Values) -> Vec<f64> {
    let Problem { tuned, .. } = sweep.study.problem;
    let problem = sweep.study.problem.short();
    let (last, _) = sweep.longest();
    let at =
        |lambda, epochs, data| sweep.numbers(&Settings { lambda, epochs, ..*tuned }, data, validation_loss);
    let stopped = at(0.0, last, |data| matches!(data, Data::Stopped(_)));
    let by_others = at(0.0, last, |data| matches!(data, Data::StoppedByOthers(_)));
    let mut all = vec![("stopped".to_owned(), stopped), ("stopped_by_others".to_owned(), by_others)];
    let epochs: BTreeSet<u64> = sweep.rows.iter().map(|row| row.key.settings.epochs).collect();
    for epochs in epochs {
        all.extend(DECAYS.map(|lambda| (format!("decay.{lambda}.{epochs}"), at(lambda, epochs, is_split))));
    }
    let free = at(0.0, last, is_split);
    let rising = rising(sweep, &Settings { lambda: 0.0, epochs: last, ..*tuned }, values);
    for (name, losses) in all {
        let lower = rising.iter().filter(|&&run| losses[run] < free[run]).count();
        let sorted = sorted(losses.into_iter());
        let [low, high] = nine_in_ten(&sorted);
        values.decimals(&format!("{problem}.{name}"), median(&sorted), 3);
        values.decimals(&format!("{problem}.{name}.high"), high, 3);
        values.words(&format!("{problem}.{name}.band"), &format!("{low:.3}–{high:.3}"));
        values.count(&format!("{problem}.{name}.lower"), lower as f64);
    }
    values.count(&format!("{problem}.decay.runs"), free.len() as f64);
    values.count(&format!("{problem}.decay.epochs"), last as f64);
    free
}

/// The runs with these settings whose validation loss ends higher than it was after 1000 epochs, by position.
fn rising(sweep: &StudyRows, settings: &Settings, values: &mut Values) -> Vec<usize> {
    let problem = sweep.study.problem.short();
    let before = sweep.with(&Settings { epochs: 1000, ..*settings }, is_split);
    let end = sweep.with(settings, is_split);
    let loss = |row: &Row| validation_loss(&row.results);
    let correct = |row: &Row| row.results.validation.correct;
    let rising: Vec<usize> = (0..end.len()).filter(|&run| loss(end[run]) > loss(before[run])).collect();
    let flowers = rising.iter().map(|&run| correct(end[run]).abs_diff(correct(before[run])));
    values.count(&format!("{problem}.rising"), rising.len() as f64);
    values.count(&format!("{problem}.rising.flowers"), flowers.max().unwrap_or(0) as f64);
    let mut splits: Vec<Data> = rising.iter().map(|&run| end[run].key.data).collect();
    splits.dedup();
    values.count(&format!("{problem}.rising.splits"), splits.len() as f64);
    rising
}

/// Problem 2 on other splits, by the networks and by other classifiers, and with the starter script's settings and more epochs.
fn splits(depths: [&StudyRows; 2], values: &mut Values) {
    for sweep in depths {
        let Problem { tuned, starter, .. } = sweep.study.problem;
        seeds(sweep, "splits", tuned, is_split, values);
        seeds(sweep, "starter_long", &Settings { epochs: 1000, ..*starter }, is_given, values);
    }
    let row = |line: &str| -> Vec<f64> {
        line.split(',').map(|entry| entry.parse().expect("data/iris_splits.csv has numbers")).collect()
    };
    let others: Vec<Vec<f64>> = OTHERS.lines().skip(1).map(row).collect();
    values.count("2.others", others.len() as f64);
    for (classifier, column) in [("2.discriminant", 1), ("2.logistic", 2)] {
        values.spread(classifier, &sorted(others.iter().map(|row| row[column] / row[3])));
    }
}
