//! Criteria by which the settings of a problem are ranked: functions from the runs with some settings to a [`Verdict`].

use std::f64::consts::LN_2;

use super::row::{Scores, Seeds};
use backprop::math::exp_ln::ln;
use backprop::math::order::{larger, smaller};
use backprop::programs::settings::Settings;
use backprop::training::numbers::{mean, median, sorted};
use backprop::training::train::Score;

/// Judgement of one setting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// Numbers compared one after the other in [ascending](backprop::math::order::ascending) order: less is better.
    pub(crate) key: [f64; 4],
    /// Number behind the first of `shown`, of which less is better.
    pub(crate) quantity: f64,
    /// Entries of a ranked table.
    pub(crate) shown: Vec<String>,
}

/// The median and the largest of the runs' training losses.
fn median_and_worst(runs: &[Scores]) -> [f64; 2] {
    let losses = sorted(runs.iter().map(|run| run.training.loss()));
    [median(&losses), losses[losses.len() - 1]]
}

fn validation(run: &Scores) -> Score {
    run.validation.expect("a problem ranked by its validation has some")
}

/// The least number of samples right, and the share of all right, in percent.
fn least_and_percent(runs: &[Scores], score: fn(&Scores) -> Score) -> (usize, f64) {
    let least = runs.iter().map(|run| score(run).correct).min().expect("there is a run");
    (least, 100.0 * mean(&runs.iter().map(|run| score(run).accuracy()).collect::<Vec<_>>()))
}

/// Problem 1a, whose least loss is known: ln 2.
pub(crate) fn by_excess(settings: &Settings, runs: &[Scores]) -> Verdict {
    let [median, worst] = median_and_worst(runs).map(|loss| loss - LN_2);
    let text = |number: f64| if number == 0.0 { "0".to_owned() } else { format!("{number:.0e}") };
    let (least, _) = least_and_percent(runs, |run| run.training);
    Verdict {
        key: [(worst.abs() * 1e15).round(), settings.epochs as f64, 0.0, 0.0],
        quantity: ln(larger(worst.abs(), 1e-17)),
        shown: vec![text(worst), text(median), least.to_string()],
    }
}

/// Problem 1b, where any minimum is the only one.
pub(crate) fn by_loss(settings: &Settings, runs: &[Scores]) -> Verdict {
    let [median, worst] = median_and_worst(runs);
    let (least, _) = least_and_percent(runs, |run| run.training);
    Verdict {
        key: [(worst * 1e7).round(), settings.epochs as f64, 0.0, 0.0],
        quantity: worst,
        shown: vec![format!("{worst:.7}"), format!("{median:.7}"), least.to_string()],
    }
}

/// Problem 1c, which has to be solved whatever the seed.
pub(crate) fn by_solved(settings: &Settings, seeds: &Seeds) -> Verdict {
    let share = seeds.percent_solved();
    let text = |loss: f64| if loss.is_finite() { format!("{loss:.5}") } else { "diverged".to_owned() };
    Verdict {
        key: [-share, (1e3 * seeds.worst_loss).ceil(), settings.epochs as f64, 0.0],
        quantity: -share,
        shown: vec![format!("{share:.1} %"), text(seeds.median_loss), text(seeds.worst_loss)],
    }
}

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub(crate) fn by_fresh_spirals(settings: &Settings, runs: &[Scores]) -> Verdict {
    let (least, _) = least_and_percent(runs, |run| run.training);
    let (_, percent) = least_and_percent(runs, validation);
    let in_hundredths = (percent * 100.0).round();
    let worst = runs.iter().map(|run| 100.0 * validation(run).accuracy()).fold(100.0, smaller);
    let [median, _] = median_and_worst(runs);
    Verdict {
        key: [-(least as f64), -in_hundredths, settings.epochs as f64, -percent],
        quantity: -percent,
        shown: vec![
            format!("{:.2} %", in_hundredths / 100.0),
            format!("{worst:.2} %"),
            least.to_string(),
            format!("{median:.4}"),
        ],
    }
}

/// Problem 2: cross-validation on the training data, by the loss on the samples left out. One flower more or less changes it
/// by about 0.01.
pub(crate) fn by_cross_validation(settings: &Settings, runs: &[Scores]) -> Verdict {
    let losses: Vec<f64> = runs.iter().map(|run| validation(run).data_loss).collect();
    let loss = mean(&losses);
    let (least, percent) = least_and_percent(runs, validation);
    let (_, training) = least_and_percent(runs, |run| run.training);
    Verdict {
        key: [(loss * 1e2).round(), settings.epochs as f64, 0.0, 0.0],
        quantity: loss,
        shown: vec![
            format!("{loss:.4}"),
            format!("{:.3}", losses.iter().copied().fold(0.0, larger)),
            format!("{percent:.2} %"),
            least.to_string(),
            format!("{training:.2} %"),
        ],
    }
}
