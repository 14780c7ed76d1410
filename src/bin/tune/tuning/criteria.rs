//! Criteria by which the settings of a problem are ranked, from the results of their runs. A run that diverged has an infinite
//! loss and nothing right, and so is last by each.

use std::f64::consts::LN_2;

use backprop::math::order::{larger, smaller};
use backprop::training::numbers::{mean, median, percent, sorted};

use super::row::Results;

/// How settings are ranked.
#[derive(Debug)]
pub(crate) struct Criterion {
    /// The words after "ranked by".
    pub(crate) ranked_by: &'static str,
    /// An explanation of these words; may be empty.
    pub(crate) explained: &'static str,
    /// Headings and entries of a ranked table.
    pub(crate) columns: &'static [Column],
    /// The number behind the first of these entries, of which less is better.
    pub(crate) quantity: fn(&[Results]) -> f64,
    /// Numbers compared one after the other, from that quantity, the runs and their epochs: less is better.
    pub(crate) key: fn(f64, &[Results], f64) -> Vec<f64>,
}

type Column = (&'static str, fn(&[Results]) -> String);

const LEAST_CORRECT: Column = ("least correct", |runs| least_correct(runs).to_string());

fn worst_loss(runs: &[Results]) -> f64 {
    runs.iter().map(|run| run.worst_loss).fold(f64::NEG_INFINITY, larger)
}

fn median_loss(runs: &[Results]) -> f64 {
    median(&sorted(runs.iter().map(|run| run.loss)))
}

fn mean_of(runs: &[Results], number: fn(&Results) -> f64) -> f64 {
    mean(&runs.iter().map(number).collect::<Vec<_>>())
}

fn least_correct(runs: &[Results]) -> usize {
    runs.iter().map(|run| run.training.correct).min().unwrap_or(0)
}

/// The share of fresh samples right, in percent.
fn fresh_percent(runs: &[Results]) -> f64 {
    100.0 * mean_of(runs, |run| run.validation.accuracy())
}

/// A distance from ln 2.
fn excess(loss: f64) -> String {
    if loss == LN_2 { "0".to_owned() } else { format!("{:.0e}", loss - LN_2) }
}

/// Problem 1a, whose least loss is known: ln 2.
pub(crate) const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs",
    explained: "",
    columns: &[
        ("worst J − ln 2", |runs| excess(worst_loss(runs))),
        ("median J − ln 2", |runs| excess(median_loss(runs))),
        LEAST_CORRECT,
    ],
    quantity: |runs| (worst_loss(runs) - LN_2).abs(),
    key: |excess, _, epochs| vec![(excess * 1e15).round(), epochs],
};

/// Problem 1b, where any minimum is the only one.
pub(crate) const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's J to seven decimals, then by fewer epochs",
    explained: "",
    columns: &[
        ("worst J", |runs| format!("{:.7}", worst_loss(runs))),
        ("median J", |runs| format!("{:.7}", median_loss(runs))),
        LEAST_CORRECT,
    ],
    quantity: worst_loss,
    key: |loss, _, epochs| vec![(loss * 1e7).round(), epochs],
};

/// Problem 1c, which has to be solved whatever the seed.
pub(crate) const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds in whole thousandths, rounded up, then by fewer epochs",
    explained: "solved is all four right and a loss below 0.01",
    columns: &[
        ("solved seeds", |runs| format!("{:.1} %", mean_of(runs, Results::percent_solved))),
        ("median loss", |runs| format!("{:.5}", median_loss(runs))),
        ("worst loss", |runs| format!("{:.5}", worst_loss(runs))),
    ],
    quantity: |runs| -mean_of(runs, Results::percent_solved),
    key: |unsolved, runs, epochs| vec![unsolved, (1e3 * worst_loss(runs)).ceil(), epochs],
};

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub(crate) const BY_FRESH_SPIRALS: Criterion = Criterion {
    ranked_by: "the training samples that the worst seed gets right, then the share of fresh ones in percent to two decimals, then by fewer epochs, then by the exact share",
    explained: "fresh spirals are 100 others from the same process, which no network is trained on",
    columns: &[
        ("fresh spirals", |runs| format!("{:.2} %", (100.0 * fresh_percent(runs)).round() / 100.0)),
        ("worst seed", |runs| percent(runs.iter().map(|run| run.validation.accuracy()).fold(1.0, smaller))),
        LEAST_CORRECT,
        ("median J", |runs| format!("{:.4}", median_loss(runs))),
    ],
    quantity: |runs| -fresh_percent(runs),
    key: |wrong, runs, epochs| vec![-(least_correct(runs) as f64), (wrong * 100.0).round(), epochs, wrong],
};

/// Problem 2: cross-validation on the training data, by the loss on the samples left out. One flower more or less changes it
/// by about 0.01.
pub(crate) const BY_CROSS_VALIDATION: Criterion = Criterion {
    ranked_by: "the mean data loss on the flowers left out, rounded to two decimals, then by fewer epochs; among equals the first tried",
    explained: "five-fold cross-validation on the training flowers alone",
    columns: &[
        ("data loss", |runs| format!("{:.4}", mean_of(runs, |run| run.validation.data_loss))),
        ("worst seed's", |runs| {
            format!("{:.3}", runs.iter().map(|run| run.validation.data_loss).fold(0.0, larger))
        }),
        ("accuracy", |runs| percent(mean_of(runs, |run| run.validation.accuracy()))),
        ("least correct", |runs| {
            runs.iter().map(|run| run.validation.correct).min().unwrap_or(0).to_string()
        }),
        ("training accuracy", |runs| percent(mean_of(runs, |run| run.training.accuracy()))),
    ],
    quantity: |runs| mean_of(runs, |run| run.validation.data_loss),
    key: |loss, _, epochs| vec![(loss * 1e2).round(), epochs],
};
