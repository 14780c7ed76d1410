//! The answers to problem 2, for the built-in data.

use backprop::programs::experiments::lowest_validation;
use backprop::programs::outcome::Outcome;
use backprop::programs::settings::{Problem, Settings};
use backprop::training::numbers::{mean, median, nine_in_ten};

use super::section::{Section, fill, hold, opening};
use super::sweeps::{Number, Runs, Sweep};
use super::tuning::ranking::markdown;
use super::tuning::row::{Data, Results};
use super::tuning::study::DECAYS;

/// Epochs after which runs on other splits end.
const LAST: u64 = 10_000;

/// In how many pairs of runs the first has the lower number.
fn lower(first: &Runs, second: &Runs, number: Number) -> usize {
    first.0.iter().zip(&second.0).filter(|(first, second)| number(first) < number(second)).count()
}

/// With what the table of results says of the starter's settings and of other seeds.
fn section(text: String, sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem;
    let [starter, own] = [starter, tuned].map(|settings| {
        let sorted = sweep.fresh(settings).sorted(Results::validation_percent);
        format!("median {:.2} %, worst {:.2} %", median(&sorted), sorted[0])
    });
    let splits = sweep.on_splits(tuned.lambda, LAST).mean(Results::validation_percent);
    Section { text, starter, seeds: format!("100 seeds: {own}; 20 other splits: mean {splits:.2} %") }
}

pub(crate) fn prob2a(outcome: &Outcome, one: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = one.problem;
    let [starter, tuned_loss, longer] = [*starter, *tuned, Settings { epochs: 1000, ..*starter }]
        .map(|settings| one.fresh(&settings).mean(Results::validation_loss));

    // The plot of this run.
    let history = &outcome.history;
    let lowest = lowest_validation(history).expect("there are flowers for it");
    let [lowest, last] = [history[lowest], history[history.len() - 1]];
    let (epoch, training_end, best, end) =
        (lowest.epoch, last.training.data_loss, lowest.validation_loss(), last.validation_loss());
    let [best_right, end_right] =
        [lowest, last].map(|scores| scores.validation.map_or(0, |score| score.correct));

    // Overfitting, and its control.
    let free = one.on_splits(0.0, LAST);
    let stopped = one.filter(|key| matches!(key.data, Data::Stopped(_)) && key.settings.lambda == 0.0);
    let decayed = [DECAYS[1], DECAYS[2], DECAYS[3]].map(|lambda| one.on_splits(lambda, LAST));
    let lower_than_free = |runs: &Runs| lower(runs, &free, Results::validation_loss);
    let control = |name: &str, runs: &Runs| {
        let sorted = runs.sorted(Results::validation_loss);
        let ([low, high], lower) = (nine_in_ten(&sorted), lower_than_free(runs));
        let [mean, median] = [mean(&sorted), median(&sorted)].map(|loss| format!("{loss:.3}"));
        vec![name.to_owned(), mean, median, format!("{low:.3}–{high:.3}"), lower.to_string()]
    };
    let mut controls = vec![control("none", &free), control("early stopping", &stopped)];
    let decays = DECAYS[1..].iter().zip(&decayed);
    controls.extend(decays.map(|(lambda, runs)| control(&format!("weight decay, λ = {lambda}"), runs)));
    let headings = ["control", "mean", "median", "nine in ten runs", "runs that end lower than without"];
    let controls = markdown(&headings, &controls);
    let mean_loss = |runs: &Runs| runs.mean(Results::validation_loss);
    let median_loss = |runs: &Runs| runs.median(Results::validation_loss);
    let (before, early) = (one.on_splits(0.0, 1000), one.on_splits(0.0, 2000));
    let (early_mean, free_mean) = (mean_loss(&early), mean_loss(&free));
    let (before_median, free_median) = (median_loss(&before), median_loss(&free));
    let rising = lower(&before, &free, Results::validation_loss);
    let most_lower = decayed.iter().map(lower_than_free).max().unwrap_or(0);
    let stopped_lower = lower_than_free(&stopped);

    let ranking = &one.ranking;
    let (opening, grid, tried, table) =
        (opening(outcome), ranking.grid(), ranking.ranked.len(), ranking.table(4));
    let (ranked_by, ranking) = (ranking.study.criterion.ranked_by, table.trim_end());
    let controls = controls.trim_end();
    let text = fill!("2a.md"; opening, training_end, epoch, best, best_right, end, end_right, grid, tried, ranked_by, ranking, starter,
        tuned_loss, longer, before_median, free_median, early_mean, free_mean, rising, controls,
        most_lower, stopped_lower);
    hold(
        &text,
        &[
            ("The training loss goes on falling", training_end < lowest.training.data_loss),
            ("some overfitting", end > best),
            ("the starter stops too early", longer < starter),
            ("the tuned settings do no better", longer <= tuned_loss),
            ("median validation loss falls further", free_median < before_median),
            ("but the mean rises", free_mean > early_mean),
            ("over the same 60 runs", [&free, &stopped].iter().all(|runs| runs.0.len() == 60)),
            ("With each λ the mean is lower", decayed.iter().all(|runs| mean_loss(runs) < free_mean)),
            ("the median is higher, and", decayed.iter().all(|runs| median_loss(runs) > free_median)),
            ("Most others lose a little", 2 * most_lower < 60),
            ("the mean is still lower than without control", mean_loss(&stopped) < free_mean),
        ],
    );
    section(text, one)
}

/// Problem 2b, with the sweeps of problems 2a and 2b.
pub(crate) fn prob2b((outcome, gradients): &(Outcome, [f64; 2]), [one, two]: [&Sweep; 2]) -> Section {
    let Problem { tuned, starter, .. } = two.problem;
    // In the order of the seeds: two layers, and one with the same settings.
    let (deep, flat) = (two.fresh(tuned), one.fresh(tuned));
    let lower_training = lower(&deep, &flat, |results| results.training.data_loss);
    let lower_validation = lower(&deep, &flat, Results::validation_loss);
    let [fewer, more] =
        [[&deep, &flat], [&flat, &deep]].map(|[a, b]| lower(a, b, Results::validation_percent));
    let own = &one.problem.tuned;
    let [one_splits, two_splits] = [one.on_splits(own.lambda, LAST), two.on_splits(tuned.lambda, LAST)]
        .map(|runs| runs.mean(Results::validation_percent));
    let [one_free, two_free] = [one, two].map(|sweep| sweep.on_splits(0.0, LAST));
    let higher = lower(&one_free, &two_free, Results::validation_loss);
    let one_mean = one_free.mean(Results::validation_loss);
    let [two_mean, decayed2, decayed5, decayed10] =
        DECAYS.map(|lambda| two.on_splits(lambda, LAST).mean(Results::validation_loss));
    let [starter, one_starter] =
        [two, one].map(|sweep| sweep.fresh(starter).median(Results::validation_percent));
    let ranking = &two.ranking;
    let (opening, grid, tried, table) =
        (opening(outcome), ranking.grid(), ranking.ranked.len(), ranking.table(4));
    let ([own_gradient, glorot_gradient], ranking) = (*gradients, table.trim_end());
    let text = fill!("2b.md"; opening, grid, tried, ranking, one_splits, two_splits, lower_training, lower_validation, fewer, more,
        two_mean, one_mean, higher, decayed2, decayed5, decayed10, own_gradient, glorot_gradient, starter, one_starter);
    let twice = Settings { lambda: 2.0 * own.lambda, ..*own };
    hold(
        &text,
        &[
            ("differ only in λ: the deeper network does best with twice as much", *tuned == twice),
            ("on the other splits about as accurate", (one_splits - two_splits).abs() < 0.5),
            ("A lower loss, fewer right.", 2 * lower_validation > deep.0.len() && fewer > more),
            ("Its worst runs overfit more.", two_mean > one_mean && higher < 30 && two_free.0.len() == 60),
            ("brings the mean down", [decayed2, decayed5, decayed10].iter().all(|mean| *mean < two_mean)),
            ("begin small", own_gradient < glorot_gradient),
        ],
    );
    section(text, two)
}
