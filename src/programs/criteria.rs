//! What makes the settings of a problem better than others.

use crate::math::exp_ln::ln;
use crate::math::order::{ascending, larger, smaller};
use crate::programs::table::Table;
use crate::training::numbers::{mean, median};

/// How the settings of a problem are compared.
#[derive(Debug, Clone, Copy)]
pub struct Criterion {
    /// What makes one setting better than another, for the reader: the words after "ranked by".
    pub ranked_by: &'static str,
    /// What the heat maps show.
    pub heat: &'static str,
    /// The columns that a ranked table has beside the settings and the number of runs.
    pub headings: &'static [&'static str],
    /// Weighs the runs of one setting.
    pub(crate) weigh: fn(&Runs) -> Weight,
}

/// What the runs of one setting amount to.
pub(crate) struct Weight {
    /// Compared number by number; less is better.
    pub(crate) key: Vec<f64>,
    /// For the heat map: its number, of which less is better, and its text.
    pub(crate) heat: (f64, String),
    /// The entries under the headings.
    pub(crate) shown: Vec<String>,
}

/// The rows of the runs with one setting.
pub(crate) struct Runs<'a> {
    pub(crate) table: &'a Table,
    pub(crate) rows: Vec<&'a [String]>,
}

impl Runs<'_> {
    /// The numbers in a column, in increasing order; what is not a number counts as infinite.
    fn sorted(&self, column: &str) -> Vec<f64> {
        let number = |row: &&[String]| smaller(self.table.number(row, column), f64::INFINITY);
        let mut numbers: Vec<f64> = self.rows.iter().map(number).collect();
        numbers.sort_by(ascending);
        numbers
    }

    /// How many runs there are. Where a row is of many, it says of how many.
    pub(crate) fn count(&self) -> f64 {
        if self.table.columns.iter().any(|column| column == "runs") {
            self.sum("runs")
        } else {
            self.rows.len() as f64
        }
    }

    fn median(&self, column: &str) -> f64 {
        median(&self.sorted(column))
    }

    fn least(&self, column: &str) -> f64 {
        self.sorted(column)[0]
    }

    fn largest(&self, column: &str) -> f64 {
        self.sorted(column)[self.rows.len() - 1]
    }

    fn sum(&self, column: &str) -> f64 {
        self.sorted(column).iter().sum()
    }

    /// The share of right answers on the validation data of all runs, in percent.
    fn validation_percent(&self) -> f64 {
        100.0 * self.sum("validation_correct") / self.sum("validation_samples")
    }
}

/// Problem 1a, whose least loss is known: ln 2.
pub const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then by fewer epochs, then by the exact distance",
    heat: "worst J − ln 2",
    headings: &["median J − ln 2", "worst J − ln 2", "least correct"],
    weigh: |runs| {
        let excess = |loss: f64| loss - std::f64::consts::LN_2;
        let worst = excess(runs.largest("loss"));
        Weight {
            key: vec![(worst * 1e15).round(), runs.least("epochs"), worst],
            heat: (ln(larger(worst.abs(), 1e-17)), short(worst)),
            shown: vec![short(excess(runs.median("loss"))), short(worst), runs.least("correct").to_string()],
        }
    },
};

/// A small number with one digit; 0 is 0.
fn short(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { format!("{number:.0e}") }
}

/// Problem 1b, where any minimum is the only one.
pub const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's loss to seven digits, then by fewer epochs, then by the exact loss",
    heat: "worst loss",
    headings: &["median loss", "worst loss", "least correct"],
    weigh: |runs| {
        let (loss, worst) = (runs.median("loss"), runs.largest("loss"));
        Weight {
            key: vec![(worst * 1e7).round(), runs.least("epochs"), worst],
            heat: (worst, format!("{worst:.4}")),
            shown: vec![format!("{loss:.7}"), format!("{worst:.7}"), runs.least("correct").to_string()],
        }
    },
};

/// Problem 1c, where what counts is that it is solved, whatever the seed.
pub const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds",
    heat: "solved seeds, %, rounded down",
    headings: &["solved", "median loss", "worst loss"],
    weigh: |runs| {
        let (solved, seeds) = (runs.sum("solved"), runs.count());
        let (median, worst) = (runs.median("median_loss"), runs.largest("worst_loss"));
        Weight {
            key: vec![-solved, worst],
            heat: (-solved, (100.0 * solved / seeds).floor().to_string()),
            shown: vec![
                format!("{:.1} %", 100.0 * solved / seeds),
                format!("{median:.5}"),
                format!("{worst:.5}"),
            ],
        }
    },
};

/// Problem 1d: the training data first, as the problem says, then spirals that no run has seen.
pub const BY_FRESH_SPIRALS: Criterion = Criterion {
    ranked_by: "the training samples that the worst seed gets right, then the fresh ones that the worst seed gets right",
    heat: "accuracy on fresh spirals, %",
    headings: &["least correct", "fresh spirals", "worst seed", "median loss"],
    weigh: |runs| {
        let fresh = runs.validation_percent();
        let worst = 100.0 * runs.least("validation_correct") / runs.least("validation_samples");
        Weight {
            key: vec![-runs.least("correct"), -runs.least("validation_correct")],
            heat: (-fresh, format!("{fresh:.2}")),
            shown: vec![
                runs.least("correct").to_string(),
                format!("{fresh:.2} %"),
                format!("{worst:.2} %"),
                format!("{:.4}", runs.median("loss")),
            ],
        }
    },
};

/// Problem 2: cross-validation on the training data. A flower more or less is chance, so the seed that does worst decides,
/// and then the loss.
pub const BY_CROSS_VALIDATION: Criterion = Criterion {
    ranked_by: "how many of the flowers left out the worst seed gets right over all folds, then the mean log loss on them, without the penalty",
    heat: "accuracy on the flowers left out, %",
    headings: &["left out: worst seed", "accuracy", "log loss", "training accuracy"],
    weigh: |runs| {
        let loss = mean(&runs.sorted("validation_loss"));
        let accuracy = runs.validation_percent();
        let training = 100.0 * runs.sum("correct") / runs.sum("samples");
        let worst = runs.least("validation_correct");
        Weight {
            key: vec![-worst, loss],
            heat: (-accuracy, format!("{accuracy:.1}")),
            shown: vec![
                worst.to_string(),
                format!("{accuracy:.2} %"),
                format!("{loss:.4}"),
                format!("{training:.2} %"),
            ],
        }
    },
};
