//! The rows of a sweep, and the ranking of its settings as a table.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use backprop::math::order::ascending;
use backprop::programs::settings::Settings;
use backprop::training::numbers::readable;

use super::row::{Data, Key, Results, Row, SETTINGS, values};
use super::study::{Column, FRESH_SEEDS, Study};

/// A study with its rows.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) study: &'static Study,
    pub(crate) rows: Vec<Row>,
    /// The settings that it chooses among, at least one, with the results of their runs; the best first.
    pub(crate) ranked: Vec<(Settings, Vec<Results>)>,
}

impl Sweep {
    /// Ranks the settings of the rows that choose: by the study's columns, then by fewer epochs, then by a smaller λ; among
    /// equals the first tried.
    pub(crate) fn of(study: &'static Study, rows: Vec<Row>) -> Self {
        let mut ranked: Vec<(Settings, Vec<Results>)> = Vec::new();
        for (key, results) in rows.iter().filter(|(key, _)| key.seed < FRESH_SEEDS) {
            match ranked.iter_mut().rev().find(|(settings, _)| *settings == key.settings) {
                Some((_, known)) => known.push(*results),
                None => ranked.push((key.settings, vec![*results])),
            }
        }
        let numbers = |(settings, results): &(Settings, Vec<Results>)| {
            let units = |(_, _, unit, number): &Column| (number(results) / unit).round();
            let last = [settings.epochs as f64, settings.lambda];
            study.columns.iter().map(units).chain(last).collect::<Vec<_>>()
        };
        ranked.sort_by(|a, b| {
            let pairs = numbers(a).into_iter().zip(numbers(b));
            pairs.map(|(a, b)| ascending(&a, &b)).fold(Ordering::Equal, Ordering::then)
        });
        Sweep { study, rows, ranked }
    }

    /// What was tried, and a table in Markdown of the first settings.
    pub(crate) fn tried(&self, first: usize) -> String {
        let all: Vec<_> = self.ranked.iter().map(|(settings, _)| values(settings)).collect();
        let is_varied = |setting: &usize| all.iter().any(|values| values[*setting] != all[0][*setting]);
        let varied: Vec<usize> = (0..SETTINGS.len()).filter(is_varied).collect();
        let list = |&setting: &usize| {
            let different: BTreeSet<&str> = all.iter().map(|values| values[setting].as_str()).collect();
            let number = |text: &str| text.parse().unwrap_or(f64::INFINITY);
            let mut different = Vec::from_iter(different);
            different.sort_by(|a, b| ascending(&number(a), &number(b)));
            format!("{} {}", SETTINGS[setting], different.join(", "))
        };
        let grid: Vec<String> = varied.iter().map(list).collect();

        let columns = self.study.columns;
        let settings = varied.iter().map(|&setting| SETTINGS[setting]);
        let headings: Vec<&str> = settings.chain(columns.iter().map(|column| column.0)).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        for ((_, results), values) in self.ranked.iter().zip(&all).take(first) {
            let settings = varied.iter().map(|&setting| values[setting].clone());
            let number = |(_, decimals, _, number): &Column| format!("{:.decimals$}", number(results));
            rows.push(settings.chain(columns.iter().map(number)).collect());
        }
        let judges = columns.iter().filter(|column| column.2.is_finite());
        let judges = judges.map(|column| format!("{} (to {})", column.0, readable(column.2.abs())));
        let seeds: usize = self.ranked[0].1.iter().map(|results| results.runs).sum();
        format!(
            "{}; {} of these combinations, {seeds} seeds each, ranked by {}, then fewer epochs, then smaller λ:\n\n{}",
            grid.join("; "),
            all.len(),
            judges.collect::<Vec<_>>().join(", then "),
            markdown(&headings, &rows)
        )
    }

    /// The results of the rows for which something holds, at least one, in their order: those of the same settings follow
    /// their splits and seeds.
    pub(crate) fn filter(&self, is_of: impl Fn(&Key) -> bool) -> Vec<Results> {
        let rows = self.rows.iter().filter(|(key, _)| is_of(key));
        let results: Vec<Results> = rows.map(|(_, results)| *results).collect();
        assert!(!results.is_empty(), "{} has such runs", self.study.problem.name);
        results
    }

    /// The runs with these settings and fresh seeds on the given data.
    pub(crate) fn fresh(&self, settings: &Settings) -> Vec<Results> {
        self.filter(|key| {
            key.settings == *settings && key.seed >= FRESH_SEEDS && matches!(key.data, Data::Given)
        })
    }

    /// The runs on other splits with this λ and the other tuned settings, after these epochs.
    pub(crate) fn on_splits(&self, lambda: f64, epochs: u64) -> Vec<Results> {
        let settings = Settings { lambda, epochs, ..self.study.problem.tuned };
        self.filter(|key| key.settings == settings && matches!(key.data, Data::Split(_)))
    }

    /// The ranking in Markdown.
    pub(crate) fn markdown(&self) -> String {
        format!("# {}\n\n{}\n", self.study.problem.title, self.tried(12))
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
    let line = |row: &Vec<String>| format!("\n| {} |", row.join(" | "));
    let body: String = rows.iter().map(line).collect();
    format!("| {} |\n|{}|{body}", headings.join(" | "), rules.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tuning::row::{Data, Key};
    use crate::tuning::study::STUDIES;
    use backprop::math::init::{Init, WeightInit};
    use backprop::training::score::Score;

    /// The ranking of a study's runs with initialisation `he`, b = ½: step size, epochs and results.
    fn ranking(study: &str, runs: &[(f64, u64, Results)]) -> Sweep {
        let study = STUDIES.iter().find(|known| known.problem.name == study).unwrap();
        let row = |(seed, &(step_size, epochs, results)): (usize, &(f64, u64, Results))| {
            let init = Init { weights: WeightInit::He, bias: 0.5 };
            let settings = Settings { epochs, step_size, lambda: 0.0, batch: None, init, hidden: 0 };
            (Key { settings, data: Data::Given, seed: seed as u64 }, results)
        };
        Sweep::of(study, runs.iter().enumerate().map(row).collect())
    }

    /// A run's results: its loss, and how many of how many are right in training and in validation.
    fn run(loss: f64, training: [usize; 2], validation_loss: f64, validation: [usize; 2]) -> Results {
        let tally =
            |data_loss, [correct, samples]: [usize; 2]| Score { data_loss, penalty: 0.0, correct, samples };
        let (training, validation) = (tally(loss, training), tally(validation_loss, validation));
        Results { runs: 1, loss, training, validation, solved: 0 }
    }

    /// The step sizes of a ranking, the best first.
    fn step_sizes(sweep: &Sweep) -> Vec<f64> {
        sweep.ranked.iter().map(|(settings, _)| settings.step_size).collect()
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
        let expected = "step size 1, 2; epochs 10, 20; 4 of these combinations, 2 seeds each, ranked by worst J (to 1e-7), \
                        then fewer epochs, then smaller λ:\n\n\
                        | step size | epochs | worst J | least correct |\n\
                        |---------:|--------:|---------:|-------------:|\n\
                        | 2 | 10 | 0.3000000 | 2 |\n\
                        | 1 | 20 | 0.3000000 | 3 |\n\
                        | 2 | 20 | 0.4000000 | 4 |\n\
                        | 1 | 10 | inf | 0 |";
        assert_eq!(ranking.tried(9), expected);
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
