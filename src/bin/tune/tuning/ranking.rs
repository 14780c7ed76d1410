//! Ranking of the settings of a sweep, as a table.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::criteria::Verdict;
use super::markdown::markdown;
use super::row::{Row, Run, Scores, Seeds, init_label, read};
use super::studies::Study;
use super::studies::{Choice, Judge};
use backprop::math::init::WeightInit;
use backprop::math::order::ascending;
use backprop::programs::settings::{Problem, Settings};
use backprop::training::error::Error;

/// The settings of a sweep, the best first.
#[derive(Debug)]
pub(crate) struct Ranking {
    /// The problem whose settings are chosen.
    pub(crate) problem: &'static Problem,
    /// How they are chosen.
    pub(crate) choice: &'static Choice,
    ranked: Vec<Ranked>,
}

/// Settings, the number of their runs, and the verdict on them.
#[derive(Debug)]
struct Ranked {
    settings: Settings,
    runs: usize,
    verdict: Verdict,
}

/// The rows of a ranked table, beside those of the default and of the starter script.
const BEST: usize = 12;

/// Names of the settings.
const COLUMNS: [&str; 6] = ["hidden units", "init", "step size", "λ", "batch", "epochs"];

/// The settings under [`COLUMNS`]: numbers by which they are sorted, and texts.
fn entries(Settings { epochs, step_size, lambda, batch, init, hidden }: &Settings) -> [(f64, String); 6] {
    let number = |number: f64| (number, number.to_string());
    let deviation = if let WeightInit::Fixed(deviation) = init.weights { deviation } else { f64::INFINITY };
    [
        number(*hidden as f64),
        (deviation, init_label(init)),
        number(*step_size),
        number(*lambda),
        number(batch.unwrap_or(0) as f64),
        number(*epochs as f64),
    ]
}

impl Study {
    /// Ranks the settings in the study's file; `None` if it does not choose.
    ///
    /// # Errors
    ///
    /// Those of [`read`].
    pub(crate) fn ranking(&'static self, csv: &str) -> Result<Option<Ranking>, Error> {
        let Some(choice) = &self.choice else { return Ok(None) };
        let file = format!("{}.csv", self.name);
        let mut ranked = Vec::new();
        match choice.judge {
            Judge::Seeds(judge) => {
                for Row { settings, results, .. } in read::<Seeds>(&file, csv)? {
                    ranked.push(Ranked { settings, runs: results.runs, verdict: judge(&settings, &results) });
                }
            }
            Judge::Runs(judge) => {
                let mut groups: Vec<(Settings, Vec<Run>)> = Vec::new();
                for Row { settings, results, .. } in read::<Run>(&file, csv)? {
                    match groups.iter_mut().rev().find(|(known, _)| *known == settings) {
                        Some((_, runs)) => runs.push(results),
                        None => groups.push((settings, vec![results])),
                    }
                }
                for (settings, runs) in groups {
                    let scores: Option<Vec<Scores>> = runs.iter().copied().collect();
                    let verdict =
                        scores.map_or_else(|| choice.diverged(), |scores| judge(&settings, &scores));
                    ranked.push(Ranked { settings, runs: runs.len(), verdict });
                }
            }
        }
        // A stable sort: among equals, the first of the sweep.
        ranked.sort_by(|a, b| {
            let keys = a.verdict.key.iter().zip(&b.verdict.key);
            keys.map(|(a, b)| ascending(a, b)).fold(Ordering::Equal, Ordering::then)
        });
        Ok(Some(Ranking { problem: self.problem, choice, ranked }))
    }
}

impl Choice {
    /// The verdict on runs of which one has diverged: after all others.
    fn diverged(&self) -> Verdict {
        let mut shown = vec!["–".to_owned(); self.headings.len()];
        "diverged".clone_into(&mut shown[0]);
        Verdict { key: [f64::NAN; 4], quantity: f64::NAN, shown }
    }
}

impl Ranking {
    /// How many settings there are.
    #[expect(clippy::len_without_is_empty, reason = "a sweep has settings")]
    pub(crate) fn len(&self) -> usize {
        self.ranked.len()
    }

    /// The place of settings in the ranking, from 1, if they were tried.
    pub(crate) fn place(&self, settings: &Settings) -> Option<usize> {
        self.ranked.iter().position(|ranked| ranked.settings == *settings).map(|position| position + 1)
    }

    /// The values of each setting that varies: `step size 0.3, 1 and 3; epochs 100 and 300`.
    pub(crate) fn grid(&self) -> String {
        let list = |name: &str, values: &[String]| match values {
            [] | [_] => None,
            [others @ .., last] => Some(format!("{name} {} and {last}", others.join(", "))),
        };
        let words = |column: usize| {
            let values = self.values(column);
            if COLUMNS[column] != "init" {
                return vec![list(COLUMNS[column], &values)];
            }
            let biases = |label: &String| label.split_once(", b = ").map_or("0", |(_, bias)| bias).to_owned();
            let weights = |label: &String| label.split(',').next().unwrap_or_default().to_owned();
            let distinct = |part: &dyn Fn(&String) -> String| {
                let mut all: Vec<String> = Vec::new();
                for part in values.iter().map(part) {
                    if !all.contains(&part) {
                        all.push(part);
                    }
                }
                all
            };
            vec![list("weights", &distinct(&weights)), list("b", &distinct(&biases))]
        };
        (0..COLUMNS.len()).flat_map(words).flatten().collect::<Vec<_>>().join("; ")
    }

    /// Each value of each setting that varies, and the best first quantity of the criterion of the settings with it.
    pub(crate) fn bests(&self) -> Vec<(String, &str)> {
        let best = |column: usize, label: String| {
            let best = self.best(|settings| entries(settings)[column].1 == label)?;
            Some((format!("{} {label}", COLUMNS[column]), best))
        };
        let columns = self.varied().into_iter();
        columns
            .flat_map(|column| self.values(column).into_iter().filter_map(move |label| best(column, label)))
            .collect()
    }

    /// The best first quantity of the criterion of the settings that are `like` this.
    pub(crate) fn best(&self, like: impl Fn(&Settings) -> bool) -> Option<&str> {
        let like = self.ranked.iter().filter(|ranked| like(&ranked.settings));
        let best = like.map(|ranked| &ranked.verdict).min_by(|a, b| ascending(&a.quantity, &b.quantity));
        best.map(|best| best.shown[0].as_str())
    }

    /// A table in Markdown of the first settings, and of the default and the starter script's, with their places.
    pub(crate) fn table(&self, first: usize) -> String {
        let problem = self.problem;
        let others =
            [&problem.tuned, &problem.starter].into_iter().filter_map(|settings| self.place(settings));
        let places: BTreeSet<usize> = (1..=first.min(self.len())).chain(others).collect();
        let varied = self.varied();
        let names: Vec<&str> = varied.iter().map(|&column| COLUMNS[column]).collect();
        let headings = [&["place"], &names[..], &["runs"], self.choice.headings].concat();
        let row = |place: usize| {
            let Ranked { settings, runs, verdict } = &self.ranked[place - 1];
            let entries = entries(settings).map(|(_, text)| text);
            let mut row = vec![place.to_string()];
            row.extend(varied.iter().map(|&column| entries[column].clone()));
            row.push(runs.to_string());
            row.extend(verdict.shown.iter().cloned());
            row
        };
        markdown(&headings, &places.into_iter().map(row).collect::<Vec<_>>())
    }

    /// The ranking in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let place = |settings| {
            self.place(settings).map_or("not among them".to_owned(), |place| format!("place {place}"))
        };
        let problem = self.problem;
        format!(
            "# {}\n\n{} settings ({}), ranked by {}.\n\nThe program's default: {}. The course's starter script: {}.\n\n{}",
            self.choice.title,
            self.len(),
            self.common(),
            self.choice.ranked_by,
            place(&problem.tuned),
            place(&problem.starter),
            self.table(BEST)
        )
    }

    /// The settings that all runs have in common, the number of seeds and the criterion's explanation.
    fn common(&self) -> String {
        let common = |column: usize| {
            let [value] = &self.values(column)[..] else { return None };
            match (COLUMNS[column], value.as_str()) {
                ("hidden units", "0") => None,
                ("batch", "0") => Some("full batch".to_owned()),
                ("batch", _) => Some(format!("batches of {value}")),
                (name @ ("hidden units" | "epochs"), _) => Some(format!("{value} {name}")),
                ("λ", _) => Some(format!("λ = {value}")),
                (name, _) => Some(format!("{name} {value}")),
            }
        };
        let mut words: Vec<String> = (0..COLUMNS.len()).filter_map(common).collect();
        words.push(format!("{} seeds each", self.ranked[0].runs));
        let explained = self.choice.explained;
        let separator = if explained.is_empty() { "" } else { "; " };
        format!("{}{separator}{explained}", words.join(", "))
    }

    /// The columns of settings with more than one value.
    fn varied(&self) -> Vec<usize> {
        (0..COLUMNS.len()).filter(|&column| self.values(column).len() > 1).collect()
    }

    /// The different values of a column, numbers in increasing order.
    fn values(&self, column: usize) -> Vec<String> {
        let mut values: Vec<_> =
            self.ranked.iter().map(|ranked| entries(&ranked.settings)[column].clone()).collect();
        values.sort_by(|(a, label), (b, other)| ascending(a, b).then_with(|| label.cmp(other)));
        values.dedup();
        values.into_iter().map(|(_, text)| text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::row::{Results, header};
    use super::super::studies::STUDIES;
    use super::*;

    /// The ranking of a study's rows.
    fn ranking<R: Results>(study: &str, rows: &str) -> Ranking {
        let study = STUDIES.iter().find(|known| known.name == study).unwrap();
        study.ranking(&format!("{}\n{rows}", header::<R>())).unwrap().unwrap()
    }

    /// The step sizes of a ranking, the best first.
    fn step_sizes(ranking: &Ranking) -> Vec<f64> {
        ranking.ranked.iter().map(|ranked| ranked.settings.step_size).collect()
    }

    /// Losses of two seeds for each of four settings: two step sizes, two numbers of epochs.
    const LOSSES: &str = "\
        0,he,0.5,1,0,0,10,given,0,0.5,0,3,4,,,\n0,he,0.5,1,0,0,10,given,1,diverged,,,,,,\n\
        0,he,0.5,1,0,0,20,given,0,0.3,0,4,4,,,\n0,he,0.5,1,0,0,20,given,1,0.2,0,3,4,,,\n\
        0,he,0.5,2,0,0,10,given,0,0.30000001,0,2,4,,,\n0,he,0.5,2,0,0,10,given,1,0.1,0,4,4,,,\n\
        0,he,0.5,2,0,0,20,given,0,0.4,0,4,4,,,\n0,he,0.5,2,0,0,20,given,1,0.1,0,4,4,,,\n";

    #[test]
    fn the_worst_seed_decides_then_the_epochs_and_divergence_is_last() {
        let ranking = ranking::<Run>("prob1b", LOSSES);
        // 0.30000001 and 0.3 are the same to seven digits, so the one with fewer epochs comes first.
        let expected = "| place | step size | epochs | runs | worst J | median J | least correct |\n\
                        |---:|---:|---:|---:|---:|---:|---:|\n\
                        | 1 | 2 | 10 | 2 | 0.3000000 | 0.2000000 | 2 |\n\
                        | 2 | 1 | 20 | 2 | 0.3000000 | 0.2500000 | 3 |\n\
                        | 3 | 2 | 20 | 2 | 0.4000000 | 0.2500000 | 4 |\n\
                        | 4 | 1 | 10 | 2 | diverged | – | – |\n";
        assert_eq!(ranking.table(9), expected);
        assert_eq!(ranking.common(), "init he, b = 0.5, λ = 0, full batch, 2 seeds each");
        assert_eq!((ranking.len(), ranking.place(&ranking.ranked[2].settings)), (4, Some(3)));
        assert_eq!(ranking.place(&ranking.problem.tuned), None);
    }

    #[test]
    fn a_diverged_run_is_last_by_every_criterion() {
        for study in ["prob1a", "prob1b", "prob1d", "prob2a"] {
            let good = "6,he,0,2,0,0,9,given,0,9,0,1,4,9,1,4\n6,he,0,2,0,0,99,given,0,9,0,1,4,9,1,4\n";
            // The other seed of step size 1 has all right.
            let rows = format!(
                "6,he,0,1,0,0,9,given,0,0,0,4,4,0,4,4\n6,he,0,1,0,0,9,given,1,diverged,,,,,,\n\
                 6,he,0,1,0,0,99,given,0,diverged,,,,,,\n{good}"
            );
            let ranking = ranking::<Run>(study, &rows);
            assert_eq!(step_sizes(&ranking), [2.0, 2.0, 1.0, 1.0], "{study}");
            assert_eq!(ranking.best(|settings| settings.step_size == 1.0), Some("diverged"));
        }
        let solved = "6,he,0,1,0,0,9,given,0,10,9,0,0,0,0,1,0.1,diverged\n6,he,0,2,0,0,9,given,0,10,9,0,0,0,0,1,0.1,9\n";
        assert_eq!(step_sizes(&ranking::<Seeds>("prob1c", solved)), [2.0, 1.0]);
    }

    #[test]
    fn the_criteria_differ_between_problems() {
        let best = |study, rows: [&str; 2]| {
            let [first, second] = rows;
            let rows = format!("6,he,0,1,0,0,9,given,0,{first}\n6,he,0,2,0,0,9,given,0,{second}\n");
            step_sizes(&ranking::<Run>(study, &rows))[0]
        };
        // The training samples first, then the fresh ones.
        assert_eq!(best("prob1d", ["0.1,0,297,300,0,600,600", "0.5,0,298,300,0,590,600"]), 2.0);
        assert_eq!(best("prob1d", ["0.5,0,298,300,0,596,600", "0.1,0,298,300,0,595,600"]), 1.0);
        // The loss on the flowers left out; not how many are right, nor the training data, nor the penalty.
        assert_eq!(best("prob2a", ["0,0,110,110,0.2,110,110", "0.3,9,100,110,0.1,100,110"]), 2.0);
        // The distance from ln 2.
        assert_eq!(best("prob1a", ["0.7,0,3,4,,,", "0.6931471805599453,0,1,4,,,"]), 2.0);
        // More seeds solved, although one of them is worse.
        let rows = "6,he,0,1,0,0,9,given,0,1000,993,0,0,0,0,7,0.001,0.2\n6,he,0,2,0,0,9,given,0,1000,994,0,0,0,0,6,0.001,0.7\n";
        let ranking = ranking::<Seeds>("prob1c", rows);
        let verdict = &ranking.ranked[0].verdict;
        assert_eq!((ranking.ranked[0].runs, verdict.quantity), (1000, -99.4));
        assert_eq!(verdict.shown, ["99.4 %", "0.00100", "0.70000"]);
    }

    #[test]
    fn the_best_of_some_settings_is_the_best_by_the_first_quantity_alone() {
        // More training samples right, but fewer of the fresh ones.
        let rows = "6,he,0.5,1,0,0,10,given,0,0.1,0,298,300,0,590,600\n6,he,0.5,1,0.1,0,20,given,0,0.1,0,297,300,0,596,600\n\
                    6,he,0.5,2,0,0,10,given,0,0.1,0,297,300,0,500,600\n";
        let ranking = ranking::<Run>("prob1d", rows);
        let best = |step_size| ranking.best(|settings| settings.step_size == step_size);
        assert_eq!([best(1.0), best(2.0), best(3.0)], [Some("99.33 %"), Some("83.33 %"), None]);
    }
}
