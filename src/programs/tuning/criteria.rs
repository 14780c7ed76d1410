//! Criteria by which the settings of a problem are ranked.

use crate::math::exp_ln::ln;
use crate::math::order::{ascending, larger};
use crate::programs::settings::Settings;
use crate::programs::tuning::row::{Fate, Scores, Seeds};
use crate::training::numbers::{mean, median};
use crate::training::train::Score;

/// How the settings of a problem are ranked.
#[derive(Debug)]
pub(super) struct Criterion {
    /// The words after "ranked by".
    pub(super) ranked_by: &'static str,
    /// Quantity in the heat maps.
    pub(super) heat: &'static str,
    /// Headings of [`Verdict::shown`].
    pub(super) headings: &'static [&'static str],
    pub(super) judge: Judge,
}

/// The function that judges settings.
#[derive(Debug)]
pub(super) enum Judge {
    /// By the scores of all runs, none of which has diverged.
    Runs(fn(&Settings, &[Scores]) -> Verdict),
    Seeds(fn(&Seeds) -> Verdict),
}

/// Numbers compared one after the other in [`ascending`] order: less is better.
pub(super) type RankKey = [f64; 3];

/// Judgement of one setting.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) key: RankKey,
    /// Number in the heat maps, of which less is better, and its text.
    pub(super) heat: (f64, String),
    /// Entries of a ranked table.
    pub(super) shown: Vec<String>,
}

impl Criterion {
    /// The verdict on runs of which one has diverged: after all others.
    pub(super) fn diverged(&self) -> Verdict {
        let mut shown = vec!["–".to_owned(); self.headings.len()];
        "diverged".clone_into(&mut shown[0]);
        Verdict { key: [f64::NAN; 3], heat: (f64::NAN, "diverged".to_owned()), shown }
    }
}

/// A number of all runs, ascending.
fn sorted(runs: &[Scores], number: impl Fn(&Scores) -> f64) -> Vec<f64> {
    let mut numbers: Vec<f64> = runs.iter().map(number).collect();
    numbers.sort_by(ascending);
    numbers
}

/// The median and the largest training loss.
fn median_and_worst(runs: &[Scores]) -> [f64; 2] {
    let losses = sorted(runs, |run| run.training.loss());
    [median(&losses), losses[losses.len() - 1]]
}

fn validation(run: &Scores) -> Score {
    run.validation.expect("a problem ranked by its validation has some")
}

/// The least number of samples right and the share of all right, in percent.
fn least_and_percent(runs: &[Scores], score: impl Fn(&Scores) -> Score) -> (usize, f64) {
    let (mut least, mut correct, mut samples) = (usize::MAX, 0, 0);
    for score in runs.iter().map(score) {
        least = least.min(score.correct);
        correct += score.correct;
        samples += score.samples;
    }
    (least, 100.0 * correct as f64 / samples as f64)
}

/// Problem 1a, whose least loss is known: ln 2.
pub(super) const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs, then by the exact distance",
    heat: "worst J − ln 2",
    headings: &["median J − ln 2", "worst J − ln 2", "least correct"],
    judge: Judge::Runs(|settings, runs| {
        let [median, worst] = median_and_worst(runs).map(|loss| loss - std::f64::consts::LN_2);
        let text = |number: f64| if number == 0.0 { "0".to_owned() } else { format!("{number:.0e}") };
        let (least, _) = least_and_percent(runs, |run| run.training);
        Verdict {
            key: [(worst * 1e15).round(), settings.epochs as f64, worst],
            heat: (ln(larger(worst.abs(), 1e-17)), text(worst)),
            shown: vec![text(median), text(worst), least.to_string()],
        }
    }),
};

/// Problem 1b, where any minimum is the only one.
pub(super) const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's loss to seven digits, then by fewer epochs, then by the exact loss",
    heat: "worst loss",
    headings: &["median loss", "worst loss", "least correct"],
    judge: Judge::Runs(|settings, runs| {
        let [median, worst] = median_and_worst(runs);
        let (least, _) = least_and_percent(runs, |run| run.training);
        Verdict {
            key: [(worst * 1e7).round(), settings.epochs as f64, worst],
            heat: (worst, format!("{worst:.4}")),
            shown: vec![format!("{median:.7}"), format!("{worst:.7}"), least.to_string()],
        }
    }),
};

/// Problem 1c, which has to be solved whatever the seed.
pub(super) const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds",
    heat: "solved seeds, %, rounded down",
    headings: &["solved", "median loss", "worst loss"],
    judge: Judge::Seeds(|seeds| {
        let share = 100.0 * seeds.count(Fate::Solved) as f64 / seeds.runs as f64;
        let text = |loss: f64| if loss.is_finite() { format!("{loss:.5}") } else { "diverged".to_owned() };
        Verdict {
            key: [-share, seeds.worst_loss, 0.0],
            heat: (-share, share.floor().to_string()),
            shown: vec![format!("{share:.1} %"), text(seeds.median_loss), text(seeds.worst_loss)],
        }
    }),
};

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub(super) const BY_FRESH_SPIRALS: Criterion = Criterion {
    ranked_by: "the training samples that the worst seed gets right, then the fresh ones that the worst seed gets right",
    heat: "accuracy on fresh spirals, %",
    headings: &["least correct", "fresh spirals", "worst seed", "median loss"],
    judge: Judge::Runs(|_, runs| {
        let (least, _) = least_and_percent(runs, |run| run.training);
        let (fresh, percent) = least_and_percent(runs, validation);
        let worst = 100.0 * fresh as f64 / validation(&runs[0]).samples as f64;
        let [median, _] = median_and_worst(runs);
        Verdict {
            key: [-(least as f64), -(fresh as f64), 0.0],
            heat: (-percent, format!("{percent:.2}")),
            shown: vec![
                least.to_string(),
                format!("{percent:.2} %"),
                format!("{worst:.2} %"),
                format!("{median:.4}"),
            ],
        }
    }),
};

/// Problem 2: cross-validation on the training data. A flower more or less is chance, so the seed that does worst decides,
/// and then the loss.
pub(super) const BY_CROSS_VALIDATION: Criterion = Criterion {
    ranked_by: "how many of the flowers left out the worst seed gets right over all folds, then the mean log loss on them, without the penalty",
    heat: "accuracy on the flowers left out, %",
    headings: &["left out: worst seed", "accuracy", "log loss", "training accuracy"],
    judge: Judge::Runs(|_, runs| {
        let loss = mean(&sorted(runs, |run| validation(run).loss()));
        let (least, percent) = least_and_percent(runs, validation);
        let (_, training) = least_and_percent(runs, |run| run.training);
        Verdict {
            key: [-(least as f64), loss, 0.0],
            heat: (-percent, format!("{percent:.1}")),
            shown: vec![
                least.to_string(),
                format!("{percent:.2} %"),
                format!("{loss:.4}"),
                format!("{training:.2} %"),
            ],
        }
    }),
};
