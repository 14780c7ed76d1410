//! The answers to problem 2, for the built-in data.

use std::collections::BTreeSet;

use backprop::programs::experiments::lowest_validation;
use backprop::programs::outcome::Outcome;
use backprop::programs::settings::{Problem, Settings};
use backprop::training::numbers::{mean, median, nine_in_ten, sorted};

use super::section::{Section, fill, hold, opening};
use super::sweeps::{Runs, Sweep, is_given, is_halves, is_split};
use super::tuning::ranking::markdown;
use super::tuning::row::{Data, Results};
use super::tuning::study::DECAYS;

/// Epochs after which runs on other splits are compared.
const EPOCHS: [u64; 6] = [100, 300, 1000, 2000, 5000, LAST];

const LAST: u64 = 10_000;

/// The long runs on other splits with this λ, after these epochs or stopped before.
fn long(sweep: &Sweep, lambda: f64, epochs: u64, is_of: fn(Data) -> bool) -> Runs<'_> {
    sweep.fresh(&Settings { lambda, epochs, ..sweep.problem().tuned }, is_of)
}

/// Mean, median and bounds of nine in ten validation losses.
fn losses(runs: &Runs) -> [String; 3] {
    let sorted = runs.sorted(Results::validation_loss);
    let [low, high] = nine_in_ten(&sorted);
    [format!("{:.3}", mean(&sorted)), format!("{:.3}", median(&sorted)), format!("{low:.3}–{high:.3}")]
}

/// In how many pairs of runs the first has the lower number.
fn lower(first: &Runs, second: &Runs, number: fn(&Results) -> f64) -> usize {
    first.numbers(number).iter().zip(second.numbers(number)).filter(|(first, second)| *first < second).count()
}

/// Mean, median and least of some shares in percent.
fn spread(percents: Vec<f64>) -> [f64; 3] {
    let sorted = sorted(percents.into_iter());
    [mean(&sorted), median(&sorted), sorted[0]]
}

/// With what the table of results says of the starter's settings and of other seeds.
fn section(text: String, sweep: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = sweep.problem();
    let percents =
        |settings, is_of| spread(sweep.fresh(settings, is_of).numbers(Results::validation_percent));
    let [[_, median, worst], [_, own_median, own_worst]] =
        [starter, tuned].map(|settings| percents(settings, is_given));
    let [splits, ..] = percents(tuned, is_split);
    Section {
        text,
        starter: format!("median {median:.2} %, worst {worst:.2} %"),
        seeds: format!(
            "100 seeds: worst {own_worst:.2} %, median {own_median:.2} %; 20 other splits: mean {splits:.2} %"
        ),
    }
}

pub(crate) fn prob2a(outcome: &Outcome, one: &Sweep) -> Section {
    let Problem { tuned, starter, .. } = one.problem();
    let [starter, tuned_loss, longer] = [*starter, *tuned, Settings { epochs: 1000, ..*starter }]
        .map(|settings| one.fresh(&settings, is_given).mean(Results::validation_loss));

    // The plot of this run.
    let history = &outcome.history;
    let [lowest, last] = [lowest_validation(history).expect("there are flowers for it"), history.len() - 1]
        .map(|epoch| (history[epoch], history[epoch].validation.expect("there are flowers for it")));
    let (epoch, training_end) = (lowest.0.epoch, last.0.training.data_loss);
    let (best, best_right, end, end_right) =
        (lowest.1.data_loss, lowest.1.correct, last.1.data_loss, last.1.correct);

    // Overfitting.
    let at = |lambda, epochs| long(one, lambda, epochs, is_halves);
    let (before, free) = (at(0.0, 1000), at(0.0, LAST));
    let pairs =
        free.0.iter().zip(&before.0).map(|(free, before)| (free.key.data, free.results, before.results));
    let risen: Vec<_> =
        pairs.filter(|(_, end, before)| end.validation_loss() > before.validation_loss()).collect();
    let by_one = risen.iter().all(|(_, a, b)| a.validation.correct.abs_diff(b.validation.correct) <= 1);
    let splits: BTreeSet<String> = risen.iter().map(|(data, ..)| data.to_string()).collect();
    let (rising, splits) = (risen.len(), splits.len());
    let stopped = |is_of| long(one, 0.0, LAST, is_of);
    let (chosen, fair) = (
        stopped(|data| matches!(data, Data::Stopped(_))),
        stopped(|data| matches!(data, Data::StoppedByOthers(_))),
    );
    let decayed = [0.002, 0.005, 0.01].map(|lambda| at(lambda, LAST));
    let lower_than_free = |runs: &Runs| lower(runs, &free, Results::validation_loss);
    let control = |name: &str, runs: &Runs| {
        [vec![name.to_owned()], losses(runs).to_vec(), vec![lower_than_free(runs).to_string()]].concat()
    };
    let controls = [
        control("none", &free),
        control("early stopping, scored on the flowers that chose the epoch (too good)", &chosen),
        control("early stopping, scored on others (fair)", &fair),
        control("weight decay, λ = 0.002", &decayed[0]),
        control("weight decay, λ = 0.005", &decayed[1]),
        control("weight decay, λ = 0.01", &decayed[2]),
    ];
    let headings = ["control", "mean", "median", "nine in ten runs", "runs that end lower than without"];
    let controls = markdown(&headings, &controls);
    let mean_loss = |runs: &Runs| runs.mean(Results::validation_loss);
    let median_loss = |runs: &Runs| runs.median(Results::validation_loss);
    let (least_mean, free_mean) = (mean_loss(&at(0.0, 2000)), mean_loss(&free));
    let most_lower = decayed.iter().map(lower_than_free).max().unwrap_or(0);
    let (fair_lower, falls) = (lower_than_free(&fair), EPOCHS.map(|epochs| median_loss(&at(0.0, epochs))));
    let [_, _, median0, .., median1] = falls;
    // From 4 inputs and a bias, to 3 scores and from a bias.
    let parameters = (4 + 1) * tuned.hidden + (tuned.hidden + 1) * 3;

    let ranking = &one.ranking;
    let [best0, best2, best5, best10] =
        DECAYS.map(|lambda| ranking.best(|settings| settings.lambda == lambda));
    let (opening, (grid, tried), table) = (opening(outcome), one.tried(), ranking.table(4));
    let (ranked_by, ranking) = (ranking.study.criterion.ranked_by, table.trim_end());
    let controls = controls.trim_end();
    let text = fill!("2a.md"; opening, training_end, epoch, best, best_right, end, end_right, grid, tried,
        ranked_by, ranking, best0, best2, best5, best10, starter, tuned_loss, longer, median0, median1, least_mean, free_mean, rising,
        splits, parameters, controls, most_lower, fair_lower);
    hold(
        &text,
        &[
            ("The training loss goes on falling", training_end < lowest.0.training.data_loss),
            ("some overfitting", end > best),
            ("the starter stops too early", longer < starter),
            ("the tuned settings do no better", longer <= tuned_loss),
            ("validation loss goes on falling, from", falls.is_sorted_by(|a, b| a > b)),
            (
                "the mean is least after 2000",
                EPOCHS.iter().all(|&epochs| mean_loss(&at(0.0, epochs)) >= least_mean),
            ),
            ("of the 60 runs", [&free, &chosen, &fair].iter().all(|runs| runs.0.len() == 60)),
            ("by one flower at most", by_one),
            ("With each λ the mean is lower", decayed.iter().all(|runs| mean_loss(runs) < free_mean)),
            ("the median is higher, and", decayed.iter().all(|runs| median_loss(runs) > median_loss(&free))),
            ("Most others lose a little", 2 * most_lower < 60),
            ("the mean is still lower than without control", mean_loss(&fair) < free_mean),
        ],
    );
    section(text, one)
}

/// Problem 2b, with the sweeps of problems 2a and 2b.
pub(crate) fn prob2b((outcome, gradients): &(Outcome, [f64; 2]), [one, two]: [&Sweep; 2]) -> Section {
    let Problem { tuned, starter, .. } = two.problem();
    // In the order of the seeds: two layers, and one with the same settings.
    let (deep, flat) = (two.fresh(tuned, is_given), two.fresh(tuned, |data| data == Data::OneLayer));
    let lower_training = lower(&deep, &flat, |results| results.training.data_loss);
    let lower_validation = lower(&deep, &flat, Results::validation_loss);
    let [fewer, more] =
        [[&deep, &flat], [&flat, &deep]].map(|[a, b]| lower(a, b, Results::validation_percent));
    let [one_splits, two_splits] = [one, two]
        .map(|sweep| sweep.fresh(&sweep.problem().tuned, is_split).mean(Results::validation_percent));
    let [one_free, two_free] = [one, two].map(|sweep| long(sweep, 0.0, LAST, is_halves));
    let higher = lower(&one_free, &two_free, Results::validation_loss);
    let [two_mean, decayed2, decayed5, decayed10] =
        DECAYS.map(|lambda| long(two, lambda, LAST, is_halves).mean(Results::validation_loss));
    let one_mean = one_free.mean(Results::validation_loss);
    let median =
        |sweep: &Sweep, settings| sweep.fresh(&settings, is_given).median(Results::validation_percent);
    let longer = median(two, Settings { epochs: 1000, ..*starter });
    let (starter, one_starter) = (median(two, *starter), median(one, one.problem().starter));
    let ranking = &two.ranking;
    let [best0, best2, best5, best10, best20] =
        [0.0, 0.002, 0.005, 0.01, 0.02].map(|lambda| ranking.best(|settings| settings.lambda == lambda));
    let (opening, grid, tried, table) =
        (opening(outcome), ranking.grid(), ranking.ranked.len(), ranking.table(4));
    let ([own_gradient, glorot_gradient], ranking) = (*gradients, table.trim_end());
    let text = fill!("2b.md"; opening, grid, tried, ranking, best0, best2, best5, best10, best20, one_splits, two_splits,
        lower_training, lower_validation, fewer, more, two_mean, one_mean, higher, decayed2, decayed5, decayed10, own_gradient,
        glorot_gradient, starter, one_starter, longer);
    let other = one.problem().tuned;
    let twice = Settings { lambda: 2.0 * other.lambda, ..other };
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
