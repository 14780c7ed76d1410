//! Criteria by which the settings of a problem are ranked.

use std::f64::consts::LN_2;

use backprop::math::order::{larger, smaller};
use backprop::training::numbers::{mean, median, sorted};

use super::row::{Results, Tally};

/// How settings are ranked.
#[derive(Debug)]
pub(crate) struct Criterion {
    /// The words after "ranked by".
    pub(crate) ranked_by: &'static str,
    /// Headings of the verdict's entries.
    pub(crate) headings: &'static [&'static str],
    /// An explanation of these words; may be empty.
    pub(crate) explained: &'static str,
    /// Judges settings by the results of their runs, and by their epochs.
    pub(crate) judge: fn(&[Results], f64) -> Verdict,
}

/// Judgement of one setting.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    /// Numbers compared one after the other: less is better.
    pub(crate) key: Vec<f64>,
    /// Number behind the first of `shown`, of which less is better.
    pub(crate) quantity: f64,
    /// Entries of a ranked table.
    pub(crate) shown: Vec<String>,
}

/// The median and the largest of the runs' training losses.
fn median_and_worst(runs: &[Results]) -> [f64; 2] {
    let worst = runs.iter().map(|run| run.worst_loss).fold(f64::NEG_INFINITY, larger);
    [median(&sorted(runs.iter().map(|run| run.loss))), worst]
}

/// The least number of samples right, and the share of all right, in percent.
fn least_and_percent(runs: &[Results], part: fn(&Results) -> Tally) -> (usize, f64) {
    let least = runs.iter().map(|run| part(run).correct).min().expect("there is a run");
    (least, 100.0 * mean(&runs.iter().map(|run| part(run).accuracy()).collect::<Vec<_>>()))
}

/// Problem 1a, whose least loss is known: ln 2.
pub(crate) const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs",
    headings: &["worst J − ln 2", "median J − ln 2", "least correct"],
    explained: "",
    judge: |runs, epochs| {
        let [median, worst] = median_and_worst(runs).map(|loss| loss - LN_2);
        let text = |number: f64| if number == 0.0 { "0".to_owned() } else { format!("{number:.0e}") };
        let (least, _) = least_and_percent(runs, |run| run.training);
        Verdict {
            key: vec![(worst.abs() * 1e15).round(), epochs],
            quantity: worst.abs(),
            shown: vec![text(worst), text(median), least.to_string()],
        }
    },
};

/// Problem 1b, where any minimum is the only one.
pub(crate) const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's J to seven decimals, then by fewer epochs",
    headings: &["worst J", "median J", "least correct"],
    explained: "",
    judge: |runs, epochs| {
        let [median, worst] = median_and_worst(runs);
        let (least, _) = least_and_percent(runs, |run| run.training);
        Verdict {
            key: vec![(worst * 1e7).round(), epochs],
            quantity: worst,
            shown: vec![format!("{worst:.7}"), format!("{median:.7}"), least.to_string()],
        }
    },
};

/// Problem 1c, which has to be solved whatever the seed.
pub(crate) const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds in whole thousandths, rounded up, then by fewer epochs",
    headings: &["solved seeds", "median loss", "worst loss"],
    explained: "solved is all four right and a loss below 0.01",
    judge: |runs, epochs| {
        let share = mean(&runs.iter().map(Results::percent_solved).collect::<Vec<_>>());
        let [median, worst] = median_and_worst(runs);
        let text = |loss: f64| if loss.is_finite() { format!("{loss:.5}") } else { "diverged".to_owned() };
        Verdict {
            key: vec![-share, (1e3 * worst).ceil(), epochs],
            quantity: -share,
            shown: vec![format!("{share:.1} %"), text(median), text(worst)],
        }
    },
};

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub(crate) const BY_FRESH_SPIRALS: Criterion = Criterion {
    ranked_by: "the training samples that the worst seed gets right, then the share of fresh ones in percent to two decimals, then by fewer epochs, then by the exact share",
    headings: &["fresh spirals", "worst seed", "least correct", "median J"],
    explained: "fresh spirals are 100 others from the same process, which no network is trained on",
    judge: |runs, epochs| {
        let (least, _) = least_and_percent(runs, |run| run.training);
        let (_, percent) = least_and_percent(runs, |run| run.validation);
        let in_hundredths = (percent * 100.0).round();
        let worst = runs.iter().map(|run| 100.0 * run.validation.accuracy()).fold(100.0, smaller);
        let [median, _] = median_and_worst(runs);
        Verdict {
            key: vec![-(least as f64), -in_hundredths, epochs, -percent],
            quantity: -percent,
            shown: vec![
                format!("{:.2} %", in_hundredths / 100.0),
                format!("{worst:.2} %"),
                least.to_string(),
                format!("{median:.4}"),
            ],
        }
    },
};

/// Problem 2: cross-validation on the training data, by the loss on the samples left out. One flower more or less changes it
/// by about 0.01.
pub(crate) const BY_CROSS_VALIDATION: Criterion = Criterion {
    ranked_by: "the mean data loss on the flowers left out, rounded to two decimals, then by fewer epochs; among equals the first tried",
    headings: &["data loss", "worst seed's", "accuracy", "least correct", "training accuracy"],
    explained: "five-fold cross-validation on the training flowers alone",
    judge: |runs, epochs| {
        let losses: Vec<f64> = runs.iter().map(|run| run.validation.data_loss).collect();
        let loss = mean(&losses);
        let (least, percent) = least_and_percent(runs, |run| run.validation);
        let (_, training) = least_and_percent(runs, |run| run.training);
        Verdict {
            key: vec![(loss * 1e2).round(), epochs],
            quantity: loss,
            shown: vec![
                format!("{loss:.4}"),
                format!("{:.3}", losses.iter().copied().fold(0.0, larger)),
                format!("{percent:.2} %"),
                least.to_string(),
                format!("{training:.2} %"),
            ],
        }
    },
};
