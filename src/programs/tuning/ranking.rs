//! Ranking of the settings of a sweep, as a table and as heat maps.

use std::cmp::Ordering;

use crate::draw::svg_page;
use crate::figures::{HeatMap, heat_maps};
use crate::math::model::Spread;
use crate::math::order::ascending;
use crate::programs::settings::{Problem, Settings};
use crate::programs::tuning::criteria::{Judge, Verdict};
use crate::programs::tuning::row::{Run, Scores, Seeds, init_label, read};
use crate::programs::tuning::studies::Choice;
use crate::programs::tuning::{Study, markdown};
use crate::training::error::Error;

/// The settings of a sweep, the best first.
#[derive(Debug)]
pub struct Ranking {
    choice: &'static Choice,
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
fn entries(Settings { descent, init, hidden, batch }: &Settings) -> [(f64, String); 6] {
    let number = |number: f64| (number, number.to_string());
    let deviation = if let Spread::Fixed(deviation) = init.weights { deviation } else { f64::INFINITY };
    [
        number(*hidden as f64),
        (deviation, init_label(init)),
        number(descent.step_size),
        number(descent.lambda),
        number(batch.unwrap_or(0) as f64),
        number(descent.epochs as f64),
    ]
}

impl Study {
    /// Ranks the settings in the study's file; `None` if it does not choose.
    ///
    /// # Errors
    ///
    /// Those of [`read`].
    pub fn ranking(&'static self, csv: &str) -> Result<Option<Ranking>, Error> {
        let Some(choice) = &self.choice else { return Ok(None) };
        let file = format!("{}.csv", self.name);
        let mut ranked: Vec<Ranked> = match choice.criterion.judge {
            Judge::Seeds(judge) => {
                let rows = read::<Seeds>(&file, csv)?.into_iter();
                rows.map(|row| {
                    let verdict = judge(&row.results);
                    Ranked { settings: row.settings, runs: row.results.runs, verdict }
                })
                .collect()
            }
            Judge::Runs(judge) => {
                let mut groups: Vec<(Settings, Vec<Option<Scores>>)> = Vec::new();
                for row in read::<Run>(&file, csv)? {
                    match groups.iter_mut().find(|(settings, _)| *settings == row.settings) {
                        Some((_, runs)) => runs.push(row.results.scores),
                        None => groups.push((row.settings, vec![row.results.scores])),
                    }
                }
                let verdict = |(settings, runs): (Settings, Vec<Option<Scores>>)| {
                    let scores: Option<Vec<Scores>> = runs.iter().copied().collect();
                    let verdict = scores
                        .map_or_else(|| choice.criterion.diverged(), |scores| judge(&settings, &scores));
                    Ranked { settings, runs: runs.len(), verdict }
                };
                groups.into_iter().map(verdict).collect()
            }
        };
        // A stable sort: among equals, the first of the sweep.
        ranked.sort_by(|a, b| {
            let keys = a.verdict.key.iter().zip(&b.verdict.key);
            keys.map(|(a, b)| ascending(a, b)).fold(Ordering::Equal, Ordering::then)
        });
        Ok(Some(Ranking { choice, ranked }))
    }
}

impl Ranking {
    /// The problem whose settings are chosen.
    #[must_use]
    pub fn problem(&self) -> &'static Problem {
        self.choice.problem
    }

    /// The words after "ranked by".
    #[must_use]
    pub fn ranked_by(&self) -> &'static str {
        self.choice.criterion.ranked_by
    }

    /// How many settings there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a sweep has settings")]
    pub fn len(&self) -> usize {
        self.ranked.len()
    }

    /// The place of settings in the ranking, from 1, if they were tried.
    #[must_use]
    pub fn place(&self, settings: &Settings) -> Option<usize> {
        self.ranked.iter().position(|ranked| ranked.settings == *settings).map(|position| position + 1)
    }

    /// A table in Markdown of the first settings, and of the default and the starter script's, with their places.
    #[must_use]
    pub fn table(&self, first: usize) -> String {
        let problem = self.choice.problem;
        let others =
            [&problem.tuned, &problem.starter].into_iter().filter_map(|settings| self.place(settings));
        let mut places: Vec<usize> = (1..=first.min(self.len())).chain(others).collect();
        places.sort_unstable();
        places.dedup();
        let varied = self.varied();
        let names: Vec<&str> = varied.iter().map(|&column| COLUMNS[column]).collect();
        let headings = [&["place"], &names[..], &["runs"], self.choice.criterion.headings].concat();
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
    #[must_use]
    pub fn markdown(&self) -> String {
        let place = |settings| {
            self.place(settings).map_or("not among them".to_owned(), |place| format!("place {place}"))
        };
        let problem = self.choice.problem;
        format!(
            "# {}\n\n{} settings ({}), ranked by {}.\n\nThe program's default: {}. The course's starter script: {}.\n\n{}",
            self.choice.title,
            self.len(),
            self.common(),
            self.ranked_by(),
            place(&problem.tuned),
            place(&problem.starter),
            self.table(BEST)
        )
    }

    /// A heat map for each pair of settings that the sweep varies, as SVG. A tile has the best of all settings with its two.
    #[must_use]
    pub fn svg(&self) -> String {
        let varied = self.varied();
        let pairs = varied.iter().enumerate().flat_map(|(index, &row)| {
            let others = &varied[index + 1..];
            others.iter().map(move |&column| [row, column])
        });
        let maps: Vec<HeatMap> = pairs.map(|pair| self.heat_map(pair)).collect();
        let subtitle = format!(
            "{}\n{}: the best of all settings with these two\nfrom a table's worst (no shade) to its best",
            self.common(),
            self.choice.criterion.heat
        );
        svg_page(&heat_maps(self.choice.title, &subtitle, &maps))
    }

    fn heat_map(&self, pair: [usize; 2]) -> HeatMap {
        let labels = pair.map(|column| self.values(column));
        let best = |row: &String, column: &String| {
            let here = |ranked: &&Ranked| {
                let entries = entries(&ranked.settings);
                [&entries[pair[0]].1, &entries[pair[1]].1] == [row, column]
            };
            let heats = self.ranked.iter().filter(here).map(|ranked| &ranked.verdict.heat);
            heats.min_by(|(a, _), (b, _)| ascending(a, b)).cloned()
        };
        let cells = |row| labels[1].iter().map(|column| best(row, column)).collect();
        HeatMap {
            names: pair.map(|column| COLUMNS[column].to_owned()),
            cells: labels[0].iter().map(cells).collect(),
            labels,
        }
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
