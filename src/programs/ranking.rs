//! Which settings did best in a sweep, and how the choice of two of them matters.

use std::collections::HashMap;

use crate::draw::Page;
use crate::figures::{HeatMap, heat_maps};
use crate::math::order::ascending;
use crate::programs::criteria::{Criterion, Runs, Weight};
use crate::programs::settings::{Settings, init_label};
use crate::programs::table::Table;

/// The settings of a sweep, the best first.
pub struct Ranking {
    criterion: Criterion,
    ranked: Vec<Ranked>,
}

/// Settings and what their runs amount to.
struct Ranked {
    /// The entries of the columns of the settings.
    entries: Vec<String>,
    runs: f64,
    weight: Weight,
}

impl Ranking {
    /// Ranks the settings in the rows of a sweep, which begin with [`Settings::COLUMNS`].
    #[must_use]
    pub fn new(criterion: Criterion, table: &Table) -> Self {
        let mut order: Vec<&[String]> = Vec::new();
        let mut groups: HashMap<&[String], Vec<&[String]>> = HashMap::new();
        for row in &table.rows {
            let entries = &row[..Settings::COLUMNS.len()];
            let group = groups.entry(entries).or_insert_with(|| {
                order.push(entries);
                Vec::new()
            });
            group.push(row);
        }
        let weigh = |entries: &[String]| {
            let runs = Runs { table, rows: groups[entries].clone() };
            Ranked { entries: entries.to_vec(), runs: runs.count(), weight: (criterion.weigh)(&runs) }
        };
        let mut ranked: Vec<Ranked> = order.into_iter().map(weigh).collect();
        // A stable sort: among equals, the first of the sweep.
        ranked.sort_by(|a, b| {
            let keys = a.weight.key.iter().zip(&b.weight.key);
            let unequal = keys.map(|(a, b)| ascending(a, b)).find(|order| order.is_ne());
            unequal.unwrap_or(std::cmp::Ordering::Equal)
        });
        Ranking { criterion, ranked }
    }

    /// What makes one setting better than another: the words after "ranked by".
    #[must_use]
    pub fn ranked_by(&self) -> &'static str {
        self.criterion.ranked_by
    }

    /// How many settings there are.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a sweep has settings")]
    pub fn len(&self) -> usize {
        self.ranked.len()
    }

    /// What all runs have in common, and how many there are of each setting: `full batch, 5 seeds each`.
    #[must_use]
    pub fn common(&self) -> String {
        let common = |(column, (name, title)): (usize, &(&str, &str))| {
            let [value] = &self.values(column)[..] else { return None };
            match (*name, value.as_str()) {
                ("bias", _) | ("hidden", "0") => None,
                ("batch", "0") => Some("full batch".to_owned()),
                ("batch", _) => Some(format!("batches of {value}")),
                ("hidden" | "epochs", _) => Some(format!("{value} {title}")),
                ("lambda", _) => Some(format!("{title} = {value}")),
                _ => Some(format!("{title} {value}")),
            }
        };
        let mut words: Vec<String> = Settings::COLUMNS.iter().enumerate().filter_map(common).collect();
        words.push(format!("{} seeds each", self.ranked[0].runs));
        words.join(", ")
    }

    /// The place of settings in the ranking, from 1, if they were tried.
    #[must_use]
    pub fn place(&self, settings: &Settings) -> Option<usize> {
        let row = settings.to_csv();
        self.ranked.iter().position(|ranked| ranked.entries.join(",") == row).map(|position| position + 1)
    }

    /// The first settings of the ranking, and those of `others` that are not among them, with their places.
    #[must_use]
    pub fn table(&self, first: usize, others: &[&Settings]) -> Table {
        let varied = self.varied();
        let mut columns = vec!["place"];
        columns.extend(varied.iter().map(|&column| Settings::COLUMNS[column].1));
        columns.push("runs");
        columns.extend(self.criterion.headings);
        let mut table = Table::new(&columns);
        let mut places: Vec<usize> = (1..=first.min(self.len())).collect();
        places.extend(others.iter().filter_map(|settings| self.place(settings)));
        places.sort_unstable();
        places.dedup();
        for place in places {
            let Ranked { entries, runs, weight } = &self.ranked[place - 1];
            let mut row = vec![place.to_string()];
            row.extend(varied.iter().map(|&column| entry(entries, column)));
            row.push(runs.to_string());
            row.extend(weight.shown.iter().cloned());
            table.rows.push(row);
        }
        table
    }

    /// A heat map for each pair of settings that the sweep varies. A tile has the best of all settings with its two.
    #[must_use]
    pub fn heat_maps(&self, title: &str, subtitle: &str) -> Page {
        let varied = self.varied();
        let pairs = varied.iter().enumerate().flat_map(|(index, &row)| {
            let others = &varied[index + 1..];
            others.iter().map(move |&column| (row, column))
        });
        let maps: Vec<HeatMap> = pairs.map(|(row, column)| self.heat_map(row, column)).collect();
        heat_maps(
            title,
            &format!(
                "{subtitle}\n{}: the best of all settings with these two\nfrom a table's worst (no shade) to its best",
                self.criterion.heat
            ),
            &maps,
        )
    }

    /// The heat map of one pair of columns.
    fn heat_map(&self, row: usize, column: usize) -> HeatMap {
        let [rows, columns] = [row, column].map(|column| self.values(column));
        let best = |at: [&String; 2]| {
            let here = |ranked: &&Ranked| {
                [row, column].map(|column| entry(&ranked.entries, column)) == at.map(Clone::clone)
            };
            let heats = self.ranked.iter().filter(here).map(|ranked| &ranked.weight.heat);
            heats.min_by(|(a, _), (b, _)| ascending(a, b)).cloned()
        };
        HeatMap {
            names: [row, column].map(|column| Settings::COLUMNS[column].1.to_owned()),
            cells: rows
                .iter()
                .map(|row| columns.iter().map(|column| best([row, column])).collect())
                .collect(),
            labels: [rows, columns],
        }
    }

    /// The columns of settings with more than one value; the biases go with the init.
    fn varied(&self) -> Vec<usize> {
        let columns = (0..Settings::COLUMNS.len()).filter(|&column| Settings::COLUMNS[column].0 != "bias");
        columns.filter(|&column| self.values(column).len() > 1).collect()
    }

    /// The different values of a column, numbers in increasing order.
    fn values(&self, column: usize) -> Vec<String> {
        let mut values: Vec<String> =
            self.ranked.iter().map(|ranked| entry(&ranked.entries, column)).collect();
        let number = |text: &str| text.parse().unwrap_or(f64::INFINITY);
        values.sort_by(|a, b| ascending(&number(a), &number(b)).then_with(|| a.cmp(b)));
        values.dedup();
        values
    }
}

/// The entry of a column of settings, as a table shows it.
fn entry(entries: &[String], column: usize) -> String {
    match Settings::COLUMNS[column].0 {
        // The biases stand beside.
        "init" => init_label(&entries[column], &entries[column + 1]),
        _ => entries[column].clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::exp_ln::ln;
    use crate::math::init::{Init, WeightInit};
    use crate::programs::criteria::{BY_CROSS_VALIDATION, BY_EXCESS, BY_FRESH_SPIRALS, BY_LOSS, BY_SOLVED};
    use crate::training::train::Hyperparameters;

    const COLUMNS: &str = "hidden,init,bias,step_size,lambda,batch,epochs,seed,loss,correct";

    /// Losses of two seeds for each of four settings: two step sizes, two numbers of epochs.
    fn table() -> Table {
        Table::from_csv(&format!(
            "{COLUMNS}\n6,he,0.5,1,0,0,10,0,0.5,3\n6,he,0.5,1,0,0,10,1,NaN,1\n6,he,0.5,1,0,0,20,0,0.3,4\n\
             6,he,0.5,1,0,0,20,1,0.2,3\n6,he,0.5,2,0,0,10,0,0.30000001,2\n6,he,0.5,2,0,0,10,1,0.1,4\n\
             6,he,0.5,2,0,0,20,0,0.4,4\n6,he,0.5,2,0,0,20,1,0.1,4\n"
        ))
    }

    fn settings(step_size: f64, epochs: usize) -> Settings {
        let descent = Hyperparameters { epochs, step_size, lambda: 0.0 };
        Settings { descent, init: Init { weights: WeightInit::He, bias: 0.5 }, hidden: 6, batch: None }
    }

    #[test]
    fn the_worst_seed_decides_then_the_epochs_and_divergence_is_last() {
        let ranking = Ranking::new(BY_LOSS, &table());
        assert_eq!(ranking.len(), 4);
        // 0.30000001 and 0.3 are the same to seven digits, so the one with fewer epochs comes first.
        let places = [settings(2.0, 10), settings(1.0, 20), settings(2.0, 20), settings(1.0, 10)]
            .map(|settings| ranking.place(&settings));
        assert_eq!(places, [Some(1), Some(2), Some(3), Some(4)]);
        assert_eq!(ranking.place(&settings(3.0, 10)), None);
    }

    #[test]
    fn a_ranked_table_has_the_best_and_those_asked_for_with_what_varies() {
        let table = Ranking::new(BY_LOSS, &table()).table(1, &[&settings(2.0, 20), &settings(9.0, 9)]);
        assert_eq!(
            table.columns,
            ["place", "step size", "epochs", "runs", "median loss", "worst loss", "least correct"]
        );
        assert_eq!(
            table.rows,
            [
                ["1", "2", "10", "2", "0.2000000", "0.3000000", "2"],
                ["3", "2", "20", "2", "0.2500000", "0.4000000", "4"]
            ]
        );
    }

    #[test]
    fn a_heat_map_has_the_best_of_all_runs_with_two_settings() {
        let mut table = table();
        table.rows.push("6,glorot,0,1,0,0,10,0,0.9,1".split(',').map(str::to_owned).collect());
        let ranking = Ranking::new(BY_LOSS, &table);
        let map = ranking.heat_map(1, 3);
        assert_eq!(map.names, ["init", "step size"]);
        assert_eq!(map.labels, [["glorot", "he, b = 0.5"], ["1", "2"]]);
        let texts: Vec<Vec<Option<&str>>> = map
            .cells
            .iter()
            .map(|row| row.iter().map(|cell| cell.as_ref().map(|(_, text)| text.as_str())).collect())
            .collect();
        assert_eq!(texts, [[Some("0.9000"), None], [Some("0.3000"), Some("0.3000")]]);
        // init, step size, epochs: three pairs.
        assert_eq!(ranking.heat_maps("", "").panels.len(), 3);
    }

    #[test]
    fn what_counts_as_better_differs_between_problems() {
        let first = |criterion, columns: &str, rows: [&str; 2]| {
            let table = Table::from_csv(&format!(
                "{},{columns}\n6,he,0,1,0,0,{}\n6,he,0,2,0,0,{}\n",
                Settings::csv_header(),
                rows[0],
                rows[1]
            ));
            Ranking::new(criterion, &table).table(1, &[]).rows[0][1].clone()
        };
        // More seeds solved, although one of them is worse.
        let columns = "runs,solved,median_loss,worst_loss";
        assert_eq!(first(BY_SOLVED, columns, ["9,10,9,0.1,0.2", "9,10,10,0.1,0.9"]), "2");
        // The training samples first, then the fresh ones.
        let columns = "loss,correct,validation_correct,validation_samples";
        assert_eq!(first(BY_FRESH_SPIRALS, columns, ["9,0.1,297,600,600", "9,0.5,298,590,600"]), "2");
        assert_eq!(first(BY_FRESH_SPIRALS, columns, ["9,0.5,298,596,600", "9,0.1,298,595,600"]), "1");
        // The flowers left out, then their loss; not the training data.
        let columns = "correct,samples,validation_loss,validation_correct,validation_samples";
        assert_eq!(
            first(BY_CROSS_VALIDATION, columns, ["9,110,110,0.1,100,110", "9,100,110,0.9,101,110"]),
            "2"
        );
        assert_eq!(
            first(BY_CROSS_VALIDATION, columns, ["9,110,110,0.2,101,110", "9,100,110,0.1,101,110"]),
            "2"
        );
        // The distance from ln 2.
        let columns = "loss,correct";
        assert_eq!(first(BY_EXCESS, columns, ["9,0.7,3", "9,0.6931471805599453,1"]), "2");
    }

    #[test]
    fn each_problem_has_its_own_columns_and_its_own_heat() {
        let weight = |criterion: Criterion, columns: &str, rows: &str| {
            let table = Table::from_csv(&format!("{},{columns}\n{rows}", Settings::csv_header()));
            let ranking = Ranking::new(criterion, &table);
            let Ranked { runs, weight: Weight { heat: (heat, text), shown, .. }, .. } = &ranking.ranked[0];
            assert_eq!(ranking.ranked_by(), criterion.ranked_by);
            assert_eq!(shown.len(), criterion.headings.len());
            (*heat, text.clone(), format!("{runs}; {}", shown.join("; ")))
        };
        let ln_2 = std::f64::consts::LN_2;
        let (heat, text, shown) = weight(
            BY_EXCESS,
            "loss,correct",
            &format!("0,he,0,1,0,0,9,{ln_2},2\n0,he,0,1,0,0,9,{},1\n0,he,0,1,0,0,9,{ln_2},3\n", ln_2 + 1e-3),
        );
        assert_eq!((text.as_str(), shown.as_str()), ("1e-3", "3; 0; 1e-3; 1"));
        assert!((heat - ln(1e-3)).abs() < 1e-9, "the logarithm of the distance");

        let (heat, text, shown) =
            weight(BY_SOLVED, "runs,solved,median_loss,worst_loss", "6,he,0,1,0,0,9,1000,993,0.001,0.7\n");
        assert_eq!((heat, text.as_str(), shown.as_str()), (-993.0, "99", "1000; 99.3 %; 0.00100; 0.70000"));

        let (heat, text, shown) = weight(
            BY_FRESH_SPIRALS,
            "loss,correct,validation_correct,validation_samples",
            "6,he,0,1,0,0,9,0.1,298,590,600\n6,he,0,1,0,0,9,0.3,297,595,600\n",
        );
        assert_eq!(
            (heat, text.as_str(), shown.as_str()),
            (-98.75, "98.75", "2; 297; 98.75 %; 98.33 %; 0.2000")
        );

        let (heat, text, shown) = weight(
            BY_CROSS_VALIDATION,
            "correct,samples,validation_loss,validation_correct,validation_samples",
            "6,he,0,1,0,9,9,420,440,0.1,104,110\n6,he,0,1,0,9,9,430,440,0.2,105,110\n",
        );
        assert_eq!((heat, text.as_str()), (-95.0, "95.0"));
        assert_eq!(shown, "2; 104; 95.00 %; 0.1500; 96.59 %");
    }

    #[test]
    fn a_cell_of_a_heat_map_is_the_best_by_what_it_shows_not_by_the_ranking() {
        // More training samples right, but fewer of the fresh ones.
        let table = Table::from_csv(&format!(
            "{},loss,correct,validation_correct,validation_samples\n6,he,0,1,0,0,10,0.1,298,590,600\n\
             6,he,0,1,0.1,0,20,0.1,297,596,600\n6,he,0,2,0,0,10,0.1,297,500,600\n",
            Settings::csv_header()
        ));
        let map = Ranking::new(BY_FRESH_SPIRALS, &table).heat_map(1, 3);
        let texts: Vec<&str> = map.cells[0].iter().flatten().map(|(_, text)| text.as_str()).collect();
        assert_eq!(texts, ["99.33", "83.33"]);
    }

    #[test]
    fn what_all_runs_have_in_common_is_said() {
        let common = |columns: &str, rows: &str| {
            let table = Table::from_csv(&format!("{},{columns}\n{rows}", Settings::csv_header()));
            let criterion = if columns.contains("solved") { BY_SOLVED } else { BY_LOSS };
            Ranking::new(criterion, &table).common()
        };
        assert_eq!(
            common(
                "loss,correct",
                "0,he,0,1,0,0,10,0.5,3\n0,he,0,1,0,0,10,0.4,3\n0,he,0.1,1,0,0,20,0.4,3\n\
             0,he,0.1,1,0,0,20,0.4,3\n"
            ),
            "step size 1, λ = 0, full batch, 2 seeds each"
        );
        assert_eq!(
            common("runs,solved,median_loss,worst_loss", "6,he,0.5,1,0,10,20,1000,9,0.1,0.2\n"),
            "6 hidden units, init he, b = 0.5, step size 1, λ = 0, batches of 10, 20 epochs, 1000 seeds each"
        );
    }
}
