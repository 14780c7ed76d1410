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
    /// Headings of the entries `shown`.
    pub(crate) headings: &'static [&'static str],
    /// The number behind the first of these entries, of which less is better.
    pub(crate) quantity: fn(&[Results]) -> f64,
    /// Numbers compared one after the other, from that quantity, the runs and their epochs: less is better.
    pub(crate) key: fn(f64, &[Results], f64) -> Vec<f64>,
    /// Entries of a ranked table.
    pub(crate) shown: fn(&[Results]) -> Vec<String>,
}

fn worst_loss(runs: &[Results]) -> f64 {
    runs.iter().map(|run| run.worst_loss).fold(f64::NEG_INFINITY, larger)
}

fn median_loss(runs: &[Results]) -> f64 {
    median(&sorted(runs.iter().map(|run| run.loss)))
}

fn mean_of(runs: &[Results], number: fn(&Results) -> f64) -> f64 {
    mean(&runs.iter().map(number).collect::<Vec<_>>())
}

fn least(runs: &[Results], number: fn(&Results) -> usize) -> String {
    runs.iter().map(number).min().unwrap_or(0).to_string()
}

fn fresh_share(runs: &[Results]) -> f64 {
    mean_of(runs, |run| run.validation.accuracy())
}

/// Problem 1a, whose least loss is known: ln 2.
pub(crate) const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs",
    explained: "",
    headings: &["worst J − ln 2", "median J − ln 2", "least correct"],
    quantity: |runs| (worst_loss(runs) - LN_2).abs(),
    key: |excess, _, epochs| vec![(excess * 1e15).round(), epochs],
    shown: |runs| {
        let excess = |loss| if loss == LN_2 { "0".to_owned() } else { format!("{:.0e}", loss - LN_2) };
        let right = least(runs, |run| run.training.correct);
        vec![excess(worst_loss(runs)), excess(median_loss(runs)), right]
    },
};

/// Problem 1b, where any minimum is the only one.
pub(crate) const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's J to seven decimals, then by fewer epochs",
    explained: "",
    headings: &["worst J", "median J", "least correct"],
    quantity: worst_loss,
    key: |loss, _, epochs| vec![(loss * 1e7).round(), epochs],
    shown: |runs| {
        let [worst, median] = [worst_loss(runs), median_loss(runs)].map(|loss| format!("{loss:.7}"));
        vec![worst, median, least(runs, |run| run.training.correct)]
    },
};

/// Problem 1c, which has to be solved whatever the seed.
pub(crate) const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds in whole thousandths, rounded up, then by fewer epochs",
    explained: "solved is all four right and a loss below 0.01",
    headings: &["solved seeds", "median loss", "worst loss"],
    quantity: |runs| -mean_of(runs, Results::percent_solved),
    key: |unsolved, runs, epochs| vec![unsolved, (1e3 * worst_loss(runs)).ceil(), epochs],
    shown: |runs| {
        let [median, worst] = [median_loss(runs), worst_loss(runs)].map(|loss| format!("{loss:.5}"));
        vec![format!("{:.1} %", mean_of(runs, Results::percent_solved)), median, worst]
    },
};

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub(crate) const BY_FRESH_SPIRALS: Criterion = Criterion {
    ranked_by: "the training samples that the worst seed gets right, then the share of fresh ones in percent to two decimals, then by fewer epochs, then by the exact share",
    explained: "fresh spirals are 100 others from the same process, which no network is trained on",
    headings: &["fresh spirals", "worst seed", "least correct", "median J"],
    quantity: |runs| -100.0 * fresh_share(runs),
    key: |wrong, runs, epochs| {
        let right = runs.iter().map(|run| run.training.correct as f64).fold(f64::INFINITY, smaller);
        vec![-right, (wrong * 100.0).round(), epochs, wrong]
    },
    shown: |runs| {
        let in_hundredths = (100.0 * fresh_share(runs) * 100.0).round();
        let worst = runs.iter().map(|run| run.validation.accuracy()).fold(1.0, smaller);
        vec![
            format!("{:.2} %", in_hundredths / 100.0),
            percent(worst),
            least(runs, |run| run.training.correct),
            format!("{:.4}", median_loss(runs)),
        ]
    },
};

/// Problem 2: cross-validation on the training data, by the loss on the samples left out. One flower more or less changes it
/// by about 0.01.
pub(crate) const BY_CROSS_VALIDATION: Criterion = Criterion {
    ranked_by: "the mean data loss on the flowers left out, rounded to two decimals, then by fewer epochs; among equals the first tried",
    explained: "five-fold cross-validation on the training flowers alone",
    headings: &["data loss", "worst seed's", "accuracy", "least correct", "training accuracy"],
    quantity: |runs| mean_of(runs, |run| run.validation.data_loss),
    key: |loss, _, epochs| vec![(loss * 1e2).round(), epochs],
    shown: |runs| {
        let worst = runs.iter().map(|run| run.validation.data_loss).fold(0.0, larger);
        vec![
            format!("{:.4}", mean_of(runs, |run| run.validation.data_loss)),
            format!("{worst:.3}"),
            percent(mean_of(runs, |run| run.validation.accuracy())),
            least(runs, |run| run.validation.correct),
            percent(mean_of(runs, |run| run.training.accuracy())),
        ]
    },
};
