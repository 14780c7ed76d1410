//! The answers to the problems, for the built-in data.

use std::f64::consts::LN_2;

use backprop::figures::Part;
use backprop::math::init::{Init, WeightInit};
use backprop::math::order::larger;
use backprop::programs::experiments::lowest_validation;
use backprop::programs::outcome::Outcome;
use backprop::programs::planar::Lambdas;
use backprop::programs::settings::Settings;
use backprop::training::numbers::{mean, median, sorted};

use super::programs::prob1c::SEEDS;
use super::section::{fill, hold};
use super::tuning::ranking::{Sweep, markdown};
use super::tuning::row::{Data, Results, percent_solved, training_percent, validation_percent};
use super::tuning::study::{DECAYS, least_correct, mean_of};

/// Epochs after which runs on other splits end.
const LAST: u64 = 10_000;

fn loss(run: &Results) -> f64 {
    run.validation.data_loss
}

fn median_of(runs: &[Results], number: fn(&Results) -> f64) -> f64 {
    median(&sorted(runs.iter().map(number)))
}

/// In how many pairs of runs the first has the lower number.
fn lower(first: &[Results], second: &[Results], number: fn(&Results) -> f64) -> usize {
    first.iter().zip(second).filter(|(first, second)| number(first) < number(second)).count()
}

pub(crate) fn prob1a(outcome: &Outcome, sweep: &Sweep) -> String {
    let runs = sweep.fresh(&outcome.problem.tuned);
    let count = |right: usize| runs.iter().filter(|run| run.training.correct == right).count();
    let (fresh, one_right, three_right, ln2) = (runs.len(), count(1), count(3), LN_2);
    let claims = [
        ("This is the minimum, ln 2", (outcome.scores.training.loss() - LN_2).abs() < 1e-15),
        ("So all four points tie", runs.iter().all(|run| (run.loss - LN_2).abs() <= 1e-6)),
        ("one point is right or three", one_right + three_right == fresh),
    ];
    hold(fill!("1a.md", outcome, sweep; ln2, fresh, one_right, three_right), &claims)
}

pub(crate) fn prob1b(outcome: &Outcome, sweep: &Sweep) -> String {
    let runs = sweep.fresh(&outcome.problem.tuned);
    let losses = sorted(runs.iter().map(|run| run.loss));
    let (correct, fresh) = (outcome.scores.training.correct, runs.len());
    let most = sweep.rows.iter().map(|(_, results)| results.training.correct).max().unwrap_or(0);
    let is_minimum = |run: &Results| run.training.correct == correct;
    let claims = [
        ("end at the same loss to seven digits", losses[fresh - 1] - losses[0] < 5e-8),
        ("more than at the minimum", most > correct && runs.iter().all(is_minimum)),
    ];
    hold(fill!("1b.md", outcome, sweep; fresh, most), &claims)
}

pub(crate) fn prob1c((outcome, units): &(Outcome, Vec<Part>), sweep: &Sweep) -> String {
    let tuned = &outcome.problem.tuned;
    let solving = |weights, bias, step_size| {
        let settings = Settings { init: Init { weights, bias }, step_size, ..*tuned };
        percent_solved(&sweep.filter(|key| key.settings == settings)[0])
    };
    let [[he, he_half], [mirrored, both]] = [WeightInit::He, WeightInit::Mirrored]
        .map(|weights| [0.0, 0.5].map(|bias| solving(weights, bias, 1.0)));
    let mut rows = Vec::new();
    for weights in [WeightInit::Fixed(0.01), WeightInit::Glorot, WeightInit::He, WeightInit::Mirrored] {
        for bias in [0.0, 0.1, 0.5, 1.0] {
            let solved = [0.3, 0.5, 1.0, 2.0].map(|step| format!("{:.1}", solving(weights, bias, step)));
            rows.push([&[weights.to_string(), bias.to_string()], &solved[..]].concat());
        }
    }
    let table = markdown(&["weights", "b", "α = 0.3", "α = 0.5", "α = 1", "α = 2"], &rows);
    let wide = sweep.filter(|key| key.settings.step_size == 2.0);
    let wide = wide.iter().map(percent_solved).fold(0.0, larger);
    let [loss0, loss1, loss3, loss1000] = [0, 1, 3, 1000].map(|n: usize| outcome.history[n].training.loss());
    let [first, second] =
        [&units[0], &units[1]].map(|unit| format!("unit {} adds {}", unit.number, unit.formula()));
    // Weights along x₁ − x₂ are opposite.
    let is_ramp = |[a, b]: [f64; 2]| ((a + b) / a).abs() < 0.05;
    let [a, b] = [&units[0], &units[1]].map(Part::slope);
    let Results { solved, runs: fresh, loss: worst, .. } = sweep.fresh(tuned)[0];
    let band = SEEDS;
    let text = fill!("1c.md", outcome, sweep; band, loss0, loss1, loss3, loss1000, first, second, table,
        solved, fresh, worst, wide);
    let claims = [
        ("the loss rises,", loss1 > loss0),
        ("after three epochs it is lower than at the start", loss3 < loss0),
        ("all four points are right", outcome.scores.training.correct == 4),
        ("opposite ramps along", is_ramp(a) && is_ramp(b) && a[0] * b[0] < 0.0),
        ("solves more seeds than `he` alone, and so does `mirrored`", he_half > he && mirrored > he),
        ("With both, all seeds solve it", both == 100.0),
        ("α = 1 is the largest step tried that works", tuned.step_size == 1.0 && wide < 60.0),
        ("and no seed solves it", solving(WeightInit::Fixed(0.01), 0.5, 1.0) == 0.0),
    ];
    hold(text, &claims)
}

pub(crate) fn prob1d((outcome, (epochs, lambdas)): &(Outcome, Lambdas), sweep: &Sweep) -> String {
    /// The most samples that any classifier gets right: the three arms share a point.
    const MOST: usize = 298;
    let runs = sweep.fresh(&outcome.problem.tuned);
    let ceiling = runs.iter().filter(|run| run.training.correct == MOST).count();
    let right = sorted(runs.iter().map(validation_percent));
    let (seeds, worst, fresh) = (runs.len(), right[0], mean_of(&runs, validation_percent));
    let starter = median_of(&sweep.fresh(&outcome.problem.starter), training_percent);
    let is_full = |(_, runs): &&(Settings, Vec<Results>)| least_correct(runs) == MOST as f64;
    let full = sweep.ranked.iter().filter(is_full).count();
    let wide = sweep.ranked.iter().filter(is_full).filter(|(settings, _)| settings.step_size == 4.0).count();
    let right_of = |(_, runs): &(Settings, Vec<Results>)| runs.iter().map(|run| run.validation.correct).sum();
    let first: [usize; 4] = [0, 1, 2, 3].map(|rank| right_of(&sweep.ranked[rank]));
    let apart = first.iter().max().unwrap_or(&0) - first.iter().min().unwrap_or(&0);
    let [units32, units100, units256] = [32, 100, 256].map(|hidden| {
        let best = sweep.ranked.iter().find(|(settings, _)| settings.hidden == hidden);
        best.map_or(f64::NAN, |(_, runs)| mean_of(runs, validation_percent))
    });
    let [l0, l1, l2, l3, l4, l5] = [0, 1, 2, 3, 4, 5].map(|n| 100.0 * lambdas[n]);
    let text = fill!("1d.md", outcome, sweep; ceiling, seeds, fresh, worst, full, wide, apart, units32, units100, units256, starter, epochs,
        l0, l2, l3, l4);
    let claims = [
        ("No classifier gets more right", outcome.scores.training.correct == MOST),
        ("Most of this is not critical", 2 * full > sweep.ranked.len()),
        ("but with α = 4 only", 4 * wide < full),
        ("they bend it into a spiral", outcome.scores.training.accuracy() > 0.99),
        ("99 of 100 fresh points are right", fresh >= 99.0),
        ("the same points right", l1 == l0),
        ("from 0.001 on it loses", l2 < l0 && l3 < l2 && l4 < l3),
        ("all classes tie", l5 < 33.4),
    ];
    hold(text, &claims)
}

pub(crate) fn prob2a(outcome: &Outcome, sweep: &Sweep) -> String {
    let (tuned, starter) = (outcome.problem.tuned, outcome.problem.starter);
    let [starter, tuned_loss, longer] = [starter, tuned, Settings { epochs: 1000, ..starter }]
        .map(|settings| mean_of(&sweep.fresh(&settings), loss));

    // The plot of this run.
    let history = &outcome.history;
    let lowest = lowest_validation(history).expect("there are flowers for it");
    let [lowest, last] = [history[lowest], history[history.len() - 1]];
    let (epoch, training_end, best, end) =
        (lowest.epoch, last.training.data_loss, lowest.validation_loss(), last.validation_loss());
    let [best_right, end_right] =
        [lowest, last].map(|scores| scores.validation.map_or(0, |score| score.correct));

    // Overfitting, and its control.
    let [before, early, free] = [1000, 2000, LAST].map(|epochs| sweep.on_splits(0.0, epochs));
    let stopped = sweep.filter(|key| matches!(key.data, Data::Stopped(_)) && key.settings.lambda == 0.0);
    let decayed = [DECAYS[1], DECAYS[2], DECAYS[3]].map(|lambda| sweep.on_splits(lambda, LAST));
    let control = |name: &str, runs: &[Results]| {
        let losses = sorted(runs.iter().map(loss));
        let [mean, median] = [mean(&losses), median(&losses)].map(|loss| format!("{loss:.3}"));
        let lower = lower(runs, &free, loss).to_string();
        vec![name.to_owned(), mean, median, lower]
    };
    let mut controls = vec![control("none", &free), control("early stopping", &stopped)];
    let decays = DECAYS[1..].iter().zip(&decayed);
    controls.extend(decays.map(|(lambda, runs)| control(&format!("weight decay, λ = {lambda}"), runs)));
    let headings = ["control", "mean", "median", "runs that end lower than without"];
    let controls = markdown(&headings, &controls);
    let [before_median, free_median] = [&before, &free].map(|runs| median_of(runs, loss));
    let [early_mean, free_mean] = [&early, &free].map(|runs| mean_of(runs, loss));
    let rising = lower(&before, &free, loss);
    let most_lower = decayed.iter().map(|runs| lower(runs, &free, loss)).max().unwrap_or(0);
    let stopped_lower = lower(&stopped, &free, loss);

    let text = fill!("2a.md", outcome, sweep; training_end, epoch, best, best_right, end, end_right, starter, tuned_loss, longer,
        before_median, free_median, early_mean, free_mean, rising, controls, most_lower, stopped_lower);
    let claims = [
        ("The training loss goes on falling", training_end < lowest.training.data_loss),
        ("some overfitting", end > best),
        ("falls further in most runs", 2 * rising < 60),
        ("the starter stops too early", longer < starter),
        ("the tuned settings do no better", longer <= tuned_loss),
        ("median validation loss falls further", free_median < before_median),
        ("but the mean rises", free_mean > early_mean),
        ("over the same 60 runs", [&free, &stopped].iter().all(|runs| runs.len() == 60)),
        ("With each λ the mean is lower", decayed.iter().all(|runs| mean_of(runs, loss) < free_mean)),
        ("the median is higher, and", decayed.iter().all(|runs| median_of(runs, loss) > free_median)),
        ("Most others lose a little", 2 * most_lower < 60),
        ("the mean is still lower than without control", mean_of(&stopped, loss) < free_mean),
    ];
    hold(text, &claims)
}

/// Problem 2b, with the sweeps of problems 2a and 2b.
pub(crate) fn prob2b(outcome: &Outcome, [one, two]: [&Sweep; 2]) -> String {
    let (tuned, own) = (&outcome.problem.tuned, &one.study.problem.tuned);
    // In the order of the seeds: two layers, and one with the same settings.
    let (deep, flat) = (two.fresh(tuned), one.fresh(tuned));
    let lower_training = lower(&deep, &flat, |run| run.training.data_loss);
    let lower_validation = lower(&deep, &flat, loss);
    let [fewer, more] = [[&deep, &flat], [&flat, &deep]].map(|[a, b]| lower(a, b, validation_percent));
    let [one_splits, two_splits] = [one.on_splits(own.lambda, LAST), two.on_splits(tuned.lambda, LAST)]
        .map(|runs| mean_of(&runs, validation_percent));
    let [one_free, two_free] = [one, two].map(|sweep| sweep.on_splits(0.0, LAST));
    let (one_mean, higher) = (mean_of(&one_free, loss), lower(&one_free, &two_free, loss));
    let [two_mean, decayed2, decayed5, decayed10] =
        DECAYS.map(|lambda| mean_of(&two.on_splits(lambda, LAST), loss));
    let [starter, one_starter] =
        [two, one].map(|sweep| median_of(&sweep.fresh(&outcome.problem.starter), validation_percent));
    let text = fill!("2b.md", outcome, two; one_splits, two_splits, lower_training, lower_validation, fewer, more, two_mean,
        one_mean, higher, decayed2, decayed5, decayed10, starter, one_starter);
    let twice = Settings { lambda: 2.0 * own.lambda, ..*own };
    let claims = [
        ("differ only in λ: the deeper network does best with twice as much", *tuned == twice),
        ("on the other splits about as accurate", (one_splits - two_splits).abs() < 0.5),
        ("A lower loss, fewer right.", 2 * lower_validation > deep.len() && fewer > more),
        ("Its worst runs overfit more.", two_mean > one_mean && higher < 30 && two_free.len() == 60),
        ("brings the mean down", [decayed2, decayed5, decayed10].iter().all(|mean| *mean < two_mean)),
    ];
    hold(text, &claims)
}
