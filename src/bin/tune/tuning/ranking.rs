//! Ranking of the settings of a sweep, as a table.

use std::cmp::Ordering;
use std::fmt::Write as _;

use backprop::math::init::WeightInit;
use backprop::math::order::ascending;
use backprop::programs::settings::Settings;

use super::row::{Key, Results, Row};
use super::study::{FRESH_SEEDS, Study};

/// The settings of a sweep, the best first.
#[derive(Debug)]
pub(crate) struct Ranking {
    /// The study that chooses among them.
    pub(crate) study: &'static Study,
    /// At least one.
    pub(crate) ranked: Vec<Ranked>,
}

/// Settings and the results of their runs.
#[derive(Debug)]
pub(crate) struct Ranked {
    pub(crate) settings: Settings,
    pub(crate) results: Vec<Results>,
}

/// One of the settings as tables show it: its name; the number it is sorted by, and its text.
struct Column(&'static str, fn(&Settings) -> (f64, String));

static COLUMNS: [Column; 7] = [
    Column("hidden units", |settings| number(settings.hidden as f64)),
    Column("weights", |Settings { init, .. }| match init.weights {
        WeightInit::Fixed(deviation) => number(deviation),
        named => (f64::INFINITY, named.to_string()),
    }),
    Column("b", |settings| (settings.init.bias.abs(), settings.init.bias.to_string())),
    Column("step size", |settings| number(settings.step_size)),
    Column("λ", |settings| number(settings.lambda)),
    Column("batch", |settings| number(settings.batch.unwrap_or(0) as f64)),
    Column("epochs", |settings| number(settings.epochs as f64)),
];

fn number(number: f64) -> (f64, String) {
    (number, number.to_string())
}

impl Ranking {
    /// Ranks the settings of a study's rows that choose.
    pub(crate) fn of(study: &'static Study, rows: &[Row]) -> Self {
        let mut ranked: Vec<Ranked> = Vec::new();
        for &Row { key: Key { settings, .. }, results } in
            rows.iter().filter(|row| row.key.seed < FRESH_SEEDS)
        {
            match ranked.iter_mut().rev().find(|known| known.settings == settings) {
                Some(known) => known.results.push(results),
                None => ranked.push(Ranked { settings, results: vec![results] }),
            }
        }
        let key =
            |Ranked { settings, results }: &Ranked| (study.criterion.key)(results, settings.epochs as f64);
        // A stable sort: among equals, the first of the sweep.
        ranked.sort_by(|a, b| {
            let numbers = key(a).into_iter().zip(key(b));
            numbers.map(|(a, b)| ascending(&a, &b)).fold(Ordering::Equal, Ordering::then)
        });
        Ranking { study, ranked }
    }

    /// The first number, as its table has it, of the best settings among those for which `is_of` holds; empty if there are none.
    pub(crate) fn best(&self, is_of: impl Fn(&Settings) -> bool) -> String {
        let best = self.ranked.iter().find(|ranked| is_of(&ranked.settings));
        best.map_or(String::new(), |best| self.study.criterion.columns[0].1(&best.results))
    }

    /// The values of each setting that varies: `step size 0.3, 1 and 3; epochs 100 and 300`.
    pub(crate) fn grid(&self) -> String {
        let list = |column: &Column| match &self.values(column)[..] {
            [] | [_] => None,
            [others @ .., last] => Some(format!("{} {} and {last}", column.0, others.join(", "))),
        };
        COLUMNS.iter().filter_map(list).collect::<Vec<_>>().join("; ")
    }

    /// A table in Markdown of the first settings.
    pub(crate) fn table(&self, first: usize) -> String {
        let varied: Vec<&Column> = COLUMNS.iter().filter(|column| self.values(column).len() > 1).collect();
        let judged = self.study.criterion.columns;
        let mut headings: Vec<&str> = varied.iter().map(|column| column.0).collect();
        headings.extend(judged.iter().map(|column| column.0));
        let row = |Ranked { settings, results }: &Ranked| {
            let settings = varied.iter().map(|column| column.1(settings).1);
            settings.chain(judged.iter().map(|column| column.1(results))).collect()
        };
        markdown(&headings, &self.ranked.iter().take(first).map(row).collect::<Vec<_>>())
    }

    /// The ranking in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let Study { problem, criterion, .. } = self.study;
        let (count, grid, table) = (self.ranked.len(), self.grid(), self.table(12));
        let seeds: usize = self.ranked[0].results.iter().map(|results| results.runs).sum();
        let (title, ranked_by) = (problem.title, criterion.ranked_by);
        format!(
            "# {title}\n\n{count} settings ({grid}), {seeds} seeds each, ranked by {ranked_by}:\n\n{table}"
        )
    }

    /// The different values of a column, in the order of their numbers.
    fn values(&self, column: &Column) -> Vec<String> {
        let mut values: Vec<_> = self.ranked.iter().map(|ranked| column.1(&ranked.settings)).collect();
        values.sort_by(|(a, label), (b, other)| ascending(a, b).then_with(|| label.cmp(other)));
        values.dedup();
        values.into_iter().map(|(_, text)| text).collect()
    }
}

/// A table in Markdown. Columns of numbers, and of dashes for none, are set to the right.
pub(crate) fn markdown(headings: &[&str], rows: &[Vec<String>]) -> String {
    let is_number = |text: &str| text == "–" || text.trim_end_matches([' ', '%']).parse::<f64>().is_ok();
    // About as wide as the column, of which pandoc makes the width in a document.
    let rule = |column: usize| {
        let entries = rows.iter().map(|row| row[column].as_str()).chain([headings[column]]);
        let widest = entries.map(|entry| entry.chars().count()).max().unwrap_or(0);
        let dashes = "-".repeat(widest.clamp(8, 30));
        if rows.iter().all(|row| is_number(&row[column])) { dashes + ":" } else { dashes }
    };
    let rules: Vec<String> = (0..headings.len()).map(rule).collect();
    let mut text = format!("| {} |\n|{}|\n", headings.join(" | "), rules.join("|"));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::row::Data;
    use crate::tuning::study::STUDIES;
    use backprop::math::init::Init;
    use backprop::training::score::Score;

    /// The ranking of a study's runs with initialisation `he`, b = ½: step size, epochs and results.
    fn ranking(study: &str, runs: &[(f64, u64, Results)]) -> Ranking {
        let study = STUDIES.iter().find(|known| known.problem.name == study).unwrap();
        let row = |(seed, &(step_size, epochs, results)): (usize, &(f64, u64, Results))| {
            let init = Init { weights: WeightInit::He, bias: 0.5 };
            let settings = Settings { epochs, step_size, lambda: 0.0, batch: None, init, hidden: 0 };
            Row { key: Key { settings, data: Data::Given, seed: seed as u64 }, results }
        };
        Ranking::of(study, &runs.iter().enumerate().map(row).collect::<Vec<_>>())
    }

    /// A run's results: its loss, and how many of how many are right in training and in validation.
    fn run(loss: f64, training: [usize; 2], validation_loss: f64, validation: [usize; 2]) -> Results {
        let tally =
            |data_loss, [correct, samples]: [usize; 2]| Score { data_loss, penalty: 0.0, correct, samples };
        let (training, validation) = (tally(loss, training), tally(validation_loss, validation));
        Results { runs: 1, loss, training, validation, solved: 0 }
    }

    /// The step sizes of a ranking, the best first.
    fn step_sizes(ranking: &Ranking) -> Vec<f64> {
        ranking.ranked.iter().map(|ranked| ranked.settings.step_size).collect()
    }

    #[test]
    fn the_worst_seed_decides_then_the_epochs_and_divergence_is_last() {
        // Two seeds for each of four settings.
        let runs = [
            (1.0, 10, 0.5, 3),
            (1.0, 10, f64::INFINITY, 0),
            (1.0, 20, 0.3, 4),
            (1.0, 20, 0.2, 3),
            (2.0, 10, 0.300_000_01, 2),
            (2.0, 10, 0.1, 4),
            (2.0, 20, 0.4, 4),
            (2.0, 20, 0.1, 4),
        ];
        let runs = runs.map(|(step, epochs, loss, right)| (step, epochs, run(loss, [right, 4], 0.0, [0; 2])));
        let ranking = ranking("prob1b", &runs);
        // 0.30000001 and 0.3 are the same to seven digits, so the one with fewer epochs comes first.
        let expected = "| step size | epochs | worst J | least correct |\n\
                        |---------:|--------:|---------:|-------------:|\n\
                        | 2 | 10 | 0.3000000 | 2 |\n\
                        | 1 | 20 | 0.3000000 | 3 |\n\
                        | 2 | 20 | 0.4000000 | 4 |\n\
                        | 1 | 10 | inf | 0 |\n";
        assert_eq!(ranking.table(9), expected);
        assert_eq!(ranking.grid(), "step size 1 and 2; epochs 10 and 20");
        assert_eq!(ranking.best(|settings| settings.epochs == 20), "0.3000000");
    }

    #[test]
    fn a_diverged_run_is_last_by_every_criterion() {
        let [good, bad, diverged] = [(0.0, 4), (9.0, 1), (f64::INFINITY, 0)]
            .map(|(loss, right)| run(loss, [right, 4], loss, [right, 4]));
        for study in ["prob1a", "prob1b", "prob1c", "prob1d", "prob2a"] {
            // The other seed of step size 1 has all right.
            let runs =
                [(1.0, 9, good), (1.0, 9, diverged), (1.0, 99, diverged), (2.0, 9, bad), (2.0, 99, bad)];
            assert_eq!(step_sizes(&ranking(study, &runs)), [2.0, 2.0, 1.0, 1.0], "{study}");
        }
    }

    #[test]
    fn the_criteria_differ_between_problems() {
        let seeds = |solved, loss| Results { runs: 1000, solved, ..run(loss, [4, 4], 0.0, [0, 0]) };
        for (study, worse, better) in [
            // The training samples first, then the fresh ones.
            ("prob1d", run(0.1, [297, 300], 0.0, [600, 600]), run(0.5, [298, 300], 0.0, [590, 600])),
            ("prob1d", run(0.1, [298, 300], 0.0, [595, 600]), run(0.5, [298, 300], 0.0, [596, 600])),
            // The loss on the flowers left out; not how many are right, nor the training data.
            ("prob2a", run(0.0, [110, 110], 0.2, [110, 110]), run(9.3, [100, 110], 0.1, [100, 110])),
            // The distance from ln 2.
            ("prob1a", run(0.7, [3, 4], 0.0, [0, 0]), run(std::f64::consts::LN_2, [3, 4], 0.0, [0, 0])),
            // More seeds solved, although one of them is worse.
            ("prob1c", seeds(993, 0.2), seeds(994, 0.7)),
        ] {
            let ranking = ranking(study, &[(1.0, 9, worse), (2.0, 9, better)]);
            assert_eq!(step_sizes(&ranking), [2.0, 1.0], "{study}");
        }
    }
}
