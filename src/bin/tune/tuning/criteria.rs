//! Criteria by which the settings of a problem are ranked, from the results of their runs. A run that diverged has an infinite
//! loss and nothing right, and so is last by each.

use std::f64::consts::LN_2;

use backprop::math::order::{larger, smaller};
use backprop::training::numbers::{mean, percent};

use super::row::Results;

/// How settings are ranked.
#[derive(Debug)]
pub(crate) struct Criterion {
    /// The words after "ranked by".
    pub(crate) ranked_by: &'static str,
    /// Headings and entries of a ranked table.
    pub(crate) columns: &'static [Column],
    /// Numbers compared one after the other, from the runs and their epochs: less is better.
    pub(crate) key: fn(&[Results], f64) -> Vec<f64>,
}

type Column = (&'static str, fn(&[Results]) -> String);

const LEAST_CORRECT: Column = ("least correct", |runs| least_correct(runs).to_string());

fn worst_loss(runs: &[Results]) -> f64 {
    runs.iter().map(|run| run.worst_loss).fold(f64::NEG_INFINITY, larger)
}

fn mean_of(runs: &[Results], number: fn(&Results) -> f64) -> f64 {
    mean(&runs.iter().map(number).collect::<Vec<_>>())
}

/// The training samples that the worst seed gets right.
pub(crate) fn least_correct(runs: &[Results]) -> usize {
    runs.iter().map(|run| run.training.correct).min().unwrap_or(0)
}

/// Problem 1a, whose least loss is known: ln 2.
pub(crate) const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs",
    columns: &[("worst J − ln 2", |runs| format!("{:.0e}", worst_loss(runs) - LN_2)), LEAST_CORRECT],
    key: |runs, epochs| vec![((worst_loss(runs) - LN_2).abs() * 1e15).round(), epochs],
};

/// Problem 1b, where any minimum is the only one.
pub(crate) const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's J to seven decimals, then by fewer epochs",
    columns: &[("worst J", |runs| format!("{:.7}", worst_loss(runs))), LEAST_CORRECT],
    key: |runs, epochs| vec![(worst_loss(runs) * 1e7).round(), epochs],
};

/// Problem 1c, which has to be solved whatever the seed.
pub(crate) const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it (all four right and a loss below 0.01), then the worst loss of all seeds in \
                whole thousandths, rounded up, then by fewer epochs",
    columns: &[
        ("solved seeds", |runs| format!("{:.1} %", mean_of(runs, Results::percent_solved))),
        ("worst loss", |runs| format!("{:.5}", worst_loss(runs))),
    ],
    key: |runs, epochs| {
        vec![-mean_of(runs, Results::percent_solved), (1e3 * worst_loss(runs)).ceil(), epochs]
    },
};

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub(crate) const BY_FRESH_SPIRALS: Criterion = Criterion {
    ranked_by: "the training samples that the worst seed gets right, then the share right, in percent to two decimals, of 100 \
                fresh spirals from the same process, then by fewer epochs, then by the exact share",
    columns: &[
        ("fresh spirals", |runs| percent(mean_of(runs, |run| run.validation.accuracy()))),
        ("worst seed", |runs| percent(runs.iter().map(|run| run.validation.accuracy()).fold(1.0, smaller))),
        LEAST_CORRECT,
    ],
    key: |runs, epochs| {
        let wrong = -100.0 * mean_of(runs, |run| run.validation.accuracy());
        vec![-(least_correct(runs) as f64), (wrong * 100.0).round(), epochs, wrong]
    },
};

/// Problem 2: cross-validation on the training data, by the loss on the samples left out. One flower more or less changes it
/// by about 0.01.
pub(crate) const BY_CROSS_VALIDATION: Criterion = Criterion {
    ranked_by: "the mean data loss on the flowers left out in five-fold cross-validation on the training flowers, rounded to \
                two decimals, then by fewer epochs; among equals the first tried",
    columns: &[
        ("data loss", |runs| format!("{:.4}", mean_of(runs, |run| run.validation.data_loss))),
        ("accuracy", |runs| percent(mean_of(runs, |run| run.validation.accuracy()))),
        ("training accuracy", |runs| percent(mean_of(runs, |run| run.training.accuracy()))),
    ],
    key: |runs, epochs| vec![(mean_of(runs, |run| run.validation.data_loss) * 1e2).round(), epochs],
};
