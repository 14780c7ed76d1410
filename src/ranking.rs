//! Which settings did best in a sweep, and how the choice of two of them matters.

use std::collections::HashMap;

use crate::elementary::ln;
use crate::error::readable;
use crate::plot::{HeatMap, Page, heat_maps};
use crate::settings::Settings;
use crate::table::Table;

/// How the settings of a problem are compared.
#[derive(Debug, Clone, Copy)]
pub struct Criterion {
    /// What makes one setting better than another, for the reader: the words after "ranked by".
    pub ranked_by: &'static str,
    /// What the heat maps show.
    pub heat: &'static str,
    /// The columns that a ranked table has beside the settings.
    pub headings: &'static [&'static str],
    /// Weighs the runs of one setting.
    weigh: fn(&Runs) -> Weight,
}

/// What the runs of one setting amount to.
struct Weight {
    /// Compared number by number; less is better.
    key: Vec<f64>,
    /// For the heat map: its number and its text.
    heat: (f64, String),
    /// The entries under the headings.
    shown: Vec<String>,
}

/// The rows of the runs with one setting.
struct Runs<'a> {
    table: &'a Table,
    rows: Vec<&'a [String]>,
}

impl Runs<'_> {
    /// The numbers in a column, in increasing order; what is not a number counts as infinite.
    fn sorted(&self, column: &str) -> Vec<f64> {
        let column = self.table.column(column);
        let number = |row: &&[String]| row[column].parse().ok().filter(|number: &f64| !number.is_nan());
        let mut numbers: Vec<f64> =
            self.rows.iter().map(|row| number(row).unwrap_or(f64::INFINITY)).collect();
        numbers.sort_by(f64::total_cmp);
        numbers
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

/// The middle of sorted numbers; of two in the middle their mean.
///
/// # Panics
///
/// If there are none.
#[must_use]
pub fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// Problem 1a, whose least loss is known: ln 2.
pub const BY_EXCESS: Criterion = Criterion {
    ranked_by: "how far the worst seed's loss is from ln 2, to fifteen digits, then fewer epochs, then exactly",
    heat: "worst J − ln 2",
    headings: &["runs", "median J − ln 2", "worst J − ln 2", "least correct"],
    weigh: |runs| {
        let excess = |loss: f64| loss - std::f64::consts::LN_2;
        let worst = excess(runs.largest("loss"));
        Weight {
            key: vec![(worst * 1e15).round(), runs.least("epochs"), worst],
            heat: (ln(worst.abs().max(1e-17)), short(worst)),
            shown: vec![
                runs.rows.len().to_string(),
                short(excess(runs.median("loss"))),
                short(worst),
                runs.least("correct").to_string(),
            ],
        }
    },
};

/// A small number with one digit; 0 is 0.
fn short(number: f64) -> String {
    if number == 0.0 { "0".to_owned() } else { format!("{number:.0e}") }
}

/// Problem 1b, where any minimum is the only one.
pub const BY_LOSS: Criterion = Criterion {
    ranked_by: "the worst seed's loss to seven digits, then fewer epochs, then exactly",
    heat: "worst loss",
    headings: &["runs", "median loss", "worst loss", "least correct"],
    weigh: |runs| {
        let (loss, worst) = (runs.median("loss"), runs.largest("loss"));
        Weight {
            key: vec![(worst * 1e7).round(), runs.least("epochs"), worst],
            heat: (worst, format!("{worst:.4}")),
            shown: vec![
                runs.rows.len().to_string(),
                format!("{loss:.7}"),
                format!("{worst:.7}"),
                runs.least("correct").to_string(),
            ],
        }
    },
};

/// Problem 1c, where what counts is that it is solved, whatever the seed.
pub const BY_SOLVED: Criterion = Criterion {
    ranked_by: "the share of seeds that solve it, then the worst loss of all seeds",
    heat: "solved seeds, %",
    headings: &["runs", "solved", "median loss", "worst loss"],
    weigh: |runs| {
        let (solved, seeds) = (runs.sum("solved"), runs.sum("runs"));
        let (median, worst) = (runs.median("median_loss"), runs.largest("worst_loss"));
        Weight {
            key: vec![-solved, worst],
            heat: (-solved, readable((1000.0 * solved / seeds).round() / 10.0)),
            shown: vec![
                seeds.to_string(),
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
    headings: &["runs", "least correct", "fresh spirals", "worst seed", "median loss"],
    weigh: |runs| {
        let fresh = runs.validation_percent();
        let worst = 100.0 * runs.least("validation_correct") / runs.least("validation_samples");
        Weight {
            key: vec![-runs.least("correct"), -runs.least("validation_correct")],
            heat: (-fresh, format!("{fresh:.2}")),
            shown: vec![
                runs.rows.len().to_string(),
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
    ranked_by: "how many of the flowers left out the worst seed gets right over all folds, then the mean loss on them",
    heat: "accuracy on the flowers left out, %",
    headings: &["runs", "left out: worst seed", "accuracy", "loss", "training accuracy"],
    weigh: |runs| {
        let loss = runs.sum("validation_loss") / runs.rows.len() as f64;
        let accuracy = runs.validation_percent();
        let training = 100.0 * runs.sum("correct") / runs.sum("samples");
        let worst = runs.least("validation_correct");
        Weight {
            key: vec![-worst, loss],
            heat: (-accuracy, format!("{accuracy:.1}")),
            shown: vec![
                runs.rows.len().to_string(),
                worst.to_string(),
                format!("{accuracy:.2} %"),
                format!("{loss:.4}"),
                format!("{training:.2} %"),
            ],
        }
    },
};

/// The settings of a sweep, the best first.
pub struct Ranking {
    criterion: Criterion,
    /// The entries of the columns of the settings, and what their runs amount to.
    ranked: Vec<(Vec<String>, Weight)>,
}

impl Ranking {
    /// Ranks the settings in the rows of a sweep, which begin with [`Settings::COLUMNS`].
    #[must_use]
    pub fn new(criterion: Criterion, table: &Table) -> Self {
        let settings = Settings::COLUMNS.split(',').count();
        let mut order: Vec<&[String]> = Vec::new();
        let mut groups: HashMap<&[String], Vec<&[String]>> = HashMap::new();
        for row in &table.rows {
            let group = groups.entry(&row[..settings]).or_insert_with(|| {
                order.push(&row[..settings]);
                Vec::new()
            });
            group.push(row);
        }
        let weigh = |key: &[String]| {
            let runs = Runs { table, rows: groups[key].clone() };
            (key.to_vec(), (criterion.weigh)(&runs))
        };
        let mut ranked: Vec<_> = order.into_iter().map(weigh).collect();
        // A stable sort: among equals, the first of the sweep.
        ranked.sort_by(|(_, a), (_, b)| {
            let unequal = a.key.iter().zip(&b.key).map(|(a, b)| a.total_cmp(b)).find(|order| order.is_ne());
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

    /// The place of settings in the ranking, from 1, if they were tried.
    #[must_use]
    pub fn place(&self, settings: &Settings) -> Option<usize> {
        let key = settings.to_csv();
        self.ranked.iter().position(|(entries, _)| entries.join(",") == key).map(|position| position + 1)
    }

    /// The first settings of the ranking, and those of `others` that are not among them, with their places.
    #[must_use]
    pub fn table(&self, first: usize, others: &[&Settings]) -> Table {
        let varied = self.varied();
        let mut columns = vec!["place"];
        columns.extend(varied.iter().map(|&column| title_of(column)));
        columns.extend(self.criterion.headings);
        let mut table = Table::new(&columns);
        let mut places: Vec<usize> = (1..=first.min(self.len())).collect();
        places.extend(others.iter().filter_map(|settings| self.place(settings)));
        places.sort_unstable();
        places.dedup();
        for place in places {
            let (entries, weight) = &self.ranked[place - 1];
            let mut row = vec![place.to_string()];
            row.extend(varied.iter().map(|&column| entry(entries, column)));
            row.extend(weight.shown.iter().cloned());
            table.rows.push(row);
        }
        table
    }

    /// A heat map for each pair of settings that the sweep varies. A tile has the best of all runs with its two settings.
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
            &format!("{subtitle}\n{}: the best of all runs with these two settings", self.criterion.heat),
            &maps,
        )
    }

    /// The heat map of one pair of columns.
    fn heat_map(&self, row: usize, column: usize) -> HeatMap {
        let [rows, columns] = [row, column].map(|column| self.values(column));
        let best = |at: [&String; 2]| {
            let here = |(entries, _): &&(Vec<String>, Weight)| {
                [entry(entries, row), entry(entries, column)] == at.map(Clone::clone)
            };
            self.ranked.iter().find(here).map(|(_, weight)| weight.heat.clone())
        };
        HeatMap {
            names: [row, column].map(|column| title_of(column).to_owned()),
            cells: rows
                .iter()
                .map(|row| columns.iter().map(|column| best([row, column])).collect())
                .collect(),
            labels: [rows, columns],
        }
    }

    /// The columns of settings with more than one value; the biases go with the init.
    fn varied(&self) -> Vec<usize> {
        let columns = (0..Settings::COLUMNS.split(',').count()).filter(|&column| column != BIAS);
        columns.filter(|&column| self.values(column).len() > 1).collect()
    }

    /// The different values of a column, numbers in increasing order.
    fn values(&self, column: usize) -> Vec<String> {
        let mut values: Vec<String> = self.ranked.iter().map(|(entries, _)| entry(entries, column)).collect();
        let number = |text: &str| text.parse().unwrap_or(f64::INFINITY);
        values.sort_by(|a, b| number(a).total_cmp(&number(b)).then_with(|| a.cmp(b)));
        values.dedup();
        values
    }
}

/// The positions of two columns among those of the settings.
const INIT: usize = 1;
const BIAS: usize = 2;

/// The entry of a column of settings, as a table shows it.
fn entry(entries: &[String], column: usize) -> String {
    match (column, entries[BIAS].as_str()) {
        (INIT, bias) if bias != "0" => format!("{}, b = {bias}", entries[INIT]),
        _ => entries[column].clone(),
    }
}

/// The title of a column of settings.
fn title_of(column: usize) -> &'static str {
    ["hidden units", "init", "biases", "step size", "λ", "batch", "epochs"][column]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Init, Spread};
    use crate::train::Descent;

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
        let descent = Descent { epochs, step_size, lambda: 0.0 };
        Settings { descent, init: Init { weights: Spread::He, bias: 0.5 }, hidden: 6, batch: None }
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
        let map = ranking.heat_map(INIT, 3);
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
                Settings::COLUMNS,
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
            let table = Table::from_csv(&format!("{},{columns}\n{rows}", Settings::COLUMNS));
            let ranking = Ranking::new(criterion, &table);
            let (_, Weight { heat: (heat, text), shown, .. }) = &ranking.ranked[0];
            assert_eq!(ranking.ranked_by(), criterion.ranked_by);
            assert_eq!(shown.len(), criterion.headings.len());
            (*heat, text.clone(), shown.join("; "))
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
        assert_eq!((heat, text.as_str(), shown.as_str()), (-993.0, "99.3", "1000; 99.3 %; 0.00100; 0.70000"));

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
    fn the_median_is_in_the_middle() {
        assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(&[1.0, 2.0, 3.0, 9.0]), 2.5);
    }
}
