//! The numbers and tables of the answer document: from what the programs find, and from the runs of `tune`.

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use backprop::math::order::{ascending, larger, smaller};
use backprop::programs::cli::Outcome;
use backprop::programs::experiments::tied_losses;
use backprop::programs::ranking::Ranking;
use backprop::programs::settings::{
    PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem, Settings, init_label,
};
use backprop::programs::studies::{Choice, STUDIES};
use backprop::programs::table::Table;
use backprop::training::error::Error;
use backprop::training::numbers::{mean, median, percent};
use backprop::training::train::EpochScores;

use super::template::Values;

/// The runs of each study.
pub(crate) type Sweeps = BTreeMap<&'static str, Table>;

/// What two other classifiers get right on the splits of problem 2's studies; see `data/README.md`.
const OTHERS: &str = include_str!("../../../data/iris_splits.csv");

/// All that the template may name.
///
/// # Errors
///
/// [`Error::Data`] if a sweep lacks the runs that the document reports.
pub(crate) fn collect(outcomes: &[(&Problem, Outcome)], sweeps: &Sweeps) -> Result<Values, Error> {
    let mut values = Values::default();
    for (problem, Outcome { history, facts }) in outcomes {
        let problem = short(problem.name);
        for fact in facts {
            values.set(&format!("{problem}.{}", fact.name), fact.number, &fact.text);
        }
        epochs(problem, history, &mut values);
    }
    for study in &STUDIES {
        if let Some(choice) = &study.choice {
            ranking(short(study.name), choice, &sweeps[study.name], &mut values);
        }
    }
    values.set("ln2", LN_2, format!("{LN_2:.6}"));
    values.count("rows", sweeps.values().map(|table| table.rows.len() as f64).sum());
    let runs = |name| Runs { name, table: &sweeps[name] };
    prob1a(&runs("prob1a"), &mut values)?;
    prob1b(&runs("prob1b"), &mut values)?;
    prob1c(&runs("prob1c"), &sweeps["prob1c_atlas"], &mut values)?;
    prob1d(&runs("prob1d_seeds"), &mut values)?;
    one_layer(&runs("prob2b_seeds"), &runs("prob2b_one_layer"), &mut values)?;
    prob2(
        &[
            ("one hidden layer (2a)", &PROB2A, runs("prob2a_seeds")),
            ("two hidden layers (2b)", &PROB2B, runs("prob2b_seeds")),
        ],
        &mut values,
    )?;
    values.table("results", summary(&values));
    Ok(values)
}

/// `1c` of `prob1c`.
fn short(name: &str) -> &str {
    name.trim_start_matches("prob")
}

/// The results in one table, as the README shows them.
pub(crate) fn summary(values: &Values) -> Table {
    let mut table = Table::new(&[
        "problem",
        "training accuracy",
        "validation accuracy",
        "starter's settings",
        "other seeds",
    ]);
    for (problem, seeds) in [
        ("1a", "J is within {1a.excess} of ln 2 for all {1a.seeds}"),
        ("1b", "J = {1b.loss} for all {1b.seeds}"),
        ("1c", "{1c.solved} of {1c.seeds} solved"),
        ("1d", "{1d.ceiling} of {1d.seeds} reach {1d.most}; {1d.fresh.mean} of fresh spirals"),
        (
            "2a",
            "{2a.seeds} seeds: worst {2a.given.worst}, median {2a.given.median}; {2.others} other splits: mean {2a.other.mean}",
        ),
        (
            "2b",
            "{2b.seeds} seeds: worst {2b.given.worst}, median {2b.given.median}; {2.others} other splits: mean {2b.other.mean}",
        ),
    ] {
        let of = |data: &str| {
            let value = |what| values.text(&format!("{problem}.{data}.{what}"));
            format!("{} ({} of {})", value("accuracy"), value("correct"), value("samples"))
        };
        let validation = if problem.starts_with('2') { of("validation") } else { "–".to_owned() };
        let starter = values.text(&format!("{problem}.starter")).to_owned();
        let seeds = seeds.split(['{', '}']).enumerate();
        let seeds: String =
            seeds.map(|(index, part)| if index % 2 == 1 { values.text(part) } else { part }).collect();
        table.rows.push(vec![problem.to_owned(), of("training"), validation, starter, seeds]);
    }
    table
}

/// How a study ranks its settings.
fn ranking(name: &str, Choice { problem, criterion, .. }: &Choice, runs: &Table, values: &mut Values) {
    let Problem { tuned, starter, .. } = problem;
    let ranking = Ranking::new(*criterion, runs);
    values.table(&format!("{name}.ranking"), ranking.table(6, &[tuned, starter]));
    values.count(&format!("{name}.tried"), ranking.len() as f64);
    values.words(&format!("{name}.ranked_by"), ranking.ranked_by());
    for (which, settings) in [("tuned", tuned), ("starter", starter)] {
        let Settings { descent, init, hidden, .. } = settings;
        let name = |what: &str| format!("{name}.{which}.{what}");
        values.count(&name("epochs"), descent.epochs as f64);
        values.count(&name("step_size"), descent.step_size);
        values.count(&name("lambda"), descent.lambda);
        values.words(&name("init"), init.weights.to_string());
        values.count(&name("bias"), init.bias);
        values.count(&name("hidden"), *hidden as f64);
        let place = ranking.place(settings).map_or(f64::INFINITY, |place| place as f64);
        values.count(&name("place"), place);
    }
}

/// The losses and accuracies over the epochs.
fn epochs(problem: &str, history: &[EpochScores], values: &mut Values) {
    let last = history.len() - 1;
    values.count(&format!("{problem}.epochs"), last as f64);
    let mut table = Table::new(&["epoch", "training loss"]);
    if history[0].validation.is_some() {
        table.columns.push("validation loss".to_owned());
    }
    for epoch in [0, 10, 30, 100, 300, 1000, 3000].into_iter().filter(|&epoch| epoch < last).chain([last]) {
        let EpochScores { training, validation, .. } = history[epoch];
        let accuracy = training.accuracy();
        values.set(&format!("{problem}.accuracy.{epoch}"), 100.0 * accuracy, percent(accuracy));
        let losses = std::iter::once(training).chain(validation).map(|score| format!("{:.6}", score.loss()));
        table.rows.push(std::iter::once(epoch.to_string()).chain(losses).collect());
    }
    values.table(&format!("{problem}.losses"), table);
}

/// The runs of one study.
struct Runs<'a> {
    name: &'static str,
    table: &'a Table,
}

impl Runs<'_> {
    /// The rows with these settings and data (which may be empty for any).
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if there are none.
    fn rows(&self, settings: &Settings, data: &str) -> Result<Vec<&Vec<String>>, Error> {
        let key = settings.to_csv();
        let of_interest = |row: &&Vec<String>| {
            let is_data = data.is_empty() || row[self.table.column("data")].starts_with(data);
            row[..Settings::COLUMNS.len()].join(",") == key && is_data
        };
        let rows: Vec<&Vec<String>> = self.table.rows.iter().filter(of_interest).collect();
        if rows.is_empty() {
            return Err(Error::Data {
                file: format!("out/tuning/{}.csv", self.name),
                line: self.table.rows.len() + 1,
                column: 1,
                problem: format!(
                    "no run with {key} {data} up to here: let tune finish its sweeps, then build again"
                ),
            });
        }
        Ok(rows)
    }

    /// The numbers in a column of these rows, in increasing order.
    fn sorted(&self, settings: &Settings, data: &str, column: &str) -> Result<Vec<f64>, Error> {
        let rows = self.rows(settings, data)?;
        let mut numbers: Vec<f64> = rows.iter().map(|row| self.table.number(row, column)).collect();
        numbers.sort_by(ascending);
        Ok(numbers)
    }

    /// The shares of samples that the runs with these settings and data get right, in increasing order. `part` begins the
    /// columns' names: nothing for training, `validation_` for validation.
    fn accuracies(&self, settings: &Settings, data: &str, part: &str) -> Result<Vec<f64>, Error> {
        let [correct, samples] = ["correct", "samples"].map(|column| format!("{part}{column}"));
        let samples = self.sorted(settings, data, &samples)?[0];
        Ok(self.sorted(settings, data, &correct)?.iter().map(|right| right / samples).collect())
    }
}

/// Problem 1a with other seeds: how near to ln 2.
fn prob1a(runs: &Runs, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1A;
    let losses = runs.sorted(tuned, "", "loss")?;
    values.count("1a.seeds", losses.len() as f64);
    let farthest = |losses: Vec<f64>| losses.iter().map(|loss| (loss - LN_2).abs()).fold(0.0, larger);
    let (worst, of_starter) = (farthest(losses), farthest(runs.sorted(starter, "", "loss")?));
    values.set("1a.excess", worst, format!("{worst:.0e}"));
    values.set("1a.starter", of_starter, format!("J within {of_starter:.0e} of ln 2"));

    // Of the longest runs without penalty, those with the largest step size and the others.
    let table = runs.table;
    let largest_below = |bound: f64, column: &str| {
        let numbers = table.rows.iter().map(|row| table.number(row, column));
        numbers.filter(|&number| number < bound).fold(0.0, larger)
    };
    let longest = largest_below(f64::INFINITY, "epochs");
    let wide_step = largest_below(f64::INFINITY, "step_size");
    let longest_rows = table
        .filtered(|row| table.number(row, "lambda") == 0.0 && table.number(row, "epochs") == longest)
        .rows;
    let (wide, others): (Vec<_>, Vec<_>) =
        longest_rows.iter().partition(|row| table.number(row, "step_size") == wide_step);
    let distance = |row: &&Vec<String>| (table.number(row, "loss") - LN_2).abs();
    values.count("1a.longest", longest);
    values.count("1a.wide_step", wide_step);
    values.count("1a.other_steps", largest_below(wide_step, "step_size"));
    values.count("1a.farthest_of_others", others.iter().map(distance).fold(0.0, larger));
    values.count("1a.nearest_of_wide", wide.iter().map(distance).fold(f64::INFINITY, smaller));
    Ok(())
}

/// Problem 1b with other seeds: the optimum.
fn prob1b(runs: &Runs, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1B;
    let losses = runs.sorted(tuned, "", "loss")?;
    let written = |loss: f64| format!("{loss:.7}");
    let same = written(losses[0]) == written(losses[losses.len() - 1]);
    values.count("1b.seeds", losses.len() as f64);
    values.set("1b.loss", losses[0], written(losses[0]));
    values.count("1b.seeds_disagree", f64::from(u8::from(!same)));
    let mut decayed = *tuned;
    decayed.descent.lambda = 1e-3;
    let penalised = median(&runs.sorted(&decayed, "", "loss")?);
    values.count("1b.penalised_lambda", decayed.descent.lambda);
    values.set("1b.penalised", penalised, written(penalised));
    let most = runs.table.rows.iter().map(|row| runs.table.number(row, "correct")).fold(0.0, larger);
    values.count("1b.most_correct", most);
    let of_starter = median(&runs.accuracies(starter, "", "")?);
    let loss = median(&runs.sorted(starter, "", "loss")?);
    values.set("1b.starter", 100.0 * of_starter, format!("{} (J = {loss:.4})", percent(of_starter)));
    Ok(())
}

/// How often problem 1c is solved, and what happens when it is not.
fn prob1c(runs: &Runs, atlas: &Table, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1C;
    let one = |settings: &Settings, column: &str| Ok(runs.sorted(settings, "", column)?[0]);
    let (solved, seeds) = (one(tuned, "solved")?, one(tuned, "runs")?);
    values.count("1c.solved", solved);
    values.count("1c.seeds", seeds);
    values.count("1c.band_seeds", crate::prob1c::SEEDS as f64);
    let worst = one(tuned, "worst_loss")?;
    values.set("1c.worst_loss", worst, format!("{worst:.5}"));
    let solved = one(starter, "solved")?;
    values.count("1c.starter_solved", solved);
    let right = (solved + one(starter, "slow")?) / seeds;
    values.set("1c.starter", right, format!("all four right for {:.1} % of the seeds", 100.0 * right));

    fates(atlas, seeds, values);
    values.table("1c.steps", by_step_size(runs.table, seeds));

    // The last rows are those of the widest networks.
    let hidden = atlas.column("hidden");
    let width = &atlas.rows[atlas.rows.len() - 1][hidden];
    values.words("1c.widest", width);
    let widest = atlas.filtered(|row| row[hidden] == *width);
    let mut solved: Vec<f64> = widest.rows.iter().map(|row| atlas.number(row, "solved")).collect();
    solved.sort_by(ascending);
    // But for small weights with biases.
    values.count("1c.widest_linear", solved[0]);
    values.set("1c.widest_least", solved[1] / seeds, solved[1].to_string());
    let is_tuned = |row: &[String]| {
        [row[atlas.column("init")].clone(), row[atlas.column("bias")].clone()]
            == [tuned.init.weights.to_string(), tuned.init.bias.to_string()]
    };
    for row in &atlas.filtered(is_tuned).rows {
        let solved = atlas.number(row, "solved");
        values.set(&format!("1c.width.{}", row[hidden]), solved / seeds, solved.to_string());
    }
    Ok(())
}

fn init_of(table: &Table, row: &[String]) -> String {
    init_label(&row[table.column("init")], &row[table.column("bias")])
}

/// How the runs of problem 1c end, by initialisation, with the program's number of hidden units.
fn fates(atlas: &Table, seeds: f64, values: &mut Values) {
    let [_, three_tied, _] = tied_losses().map(|loss| format!("{loss:.3}"));
    let three = format!("stuck at {three_tied}");
    let counted = [
        ("solved", "solved"),
        ("slow", "four right, J > 0.01"),
        ("two_tied", "stuck at (ln 2)/2"),
        ("three_tied", &three),
        ("four_tied", "stuck at ln 2"),
        ("other", "other"),
    ];
    let headings = counted.map(|(_, heading)| heading);
    let mut table = Table::new(&[&["init"], &headings[..], &["live units if solved", "if not"]].concat());
    // The sums over all runs that have solved it, and over the others, of runs and of live units.
    let (mut runs, mut live) = ([0.0; 2], [0.0; 2]);
    let hidden = PROB1C.tuned.hidden.to_string();
    for row in &atlas.filtered(|row| row[atlas.column("hidden")] == hidden).rows {
        let init = init_of(atlas, row);
        let solved = atlas.number(row, "solved");
        values.count(&format!("1c.atlas.{}", init.replace(", b = ", "+")), solved);
        let mut entries = vec![init];
        entries.extend(counted.map(|(column, _)| row[atlas.column(column)].clone()));
        for (part, column, count) in [(0, "live_if_solved", solved), (1, "live_if_not", seeds - solved)] {
            let mean = atlas.number(row, column);
            entries.push(if mean.is_nan() { "–".to_owned() } else { format!("{mean:.1}") });
            // Where every unit is on at all points, the network is linear, and that alone keeps it from solving XOR.
            if count > 0.0 && solved > 0.0 {
                runs[part] += count;
                live[part] += count * mean;
            }
        }
        table.rows.push(entries);
    }
    for (part, name) in ["1c.live_if_solved", "1c.live_if_not"].into_iter().enumerate() {
        let mean = live[part] / runs[part];
        values.set(name, mean, format!("{mean:.1}"));
    }
    values.words("1c.three_tied", three_tied);
    values.count("1c.other", atlas.rows.iter().map(|row| atlas.number(row, "other")).sum());
    values.table("1c.fates", table);
}

/// The share of seeds that solve problem 1c, by initialisation and step size, with the program's epochs and λ.
fn by_step_size(runs: &Table, seeds: f64) -> Table {
    let mut table = Table::new(&["init"]);
    let descent = PROB1C.tuned.descent;
    let is_comparable = |row: &[String]| {
        runs.number(row, "epochs") == descent.epochs as f64 && runs.number(row, "lambda") == descent.lambda
    };
    for row in &runs.filtered(is_comparable).rows {
        let heading = format!("α = {}", row[runs.column("step_size")]);
        if !table.columns.contains(&heading) {
            table.columns.push(heading);
        }
        let init = init_of(runs, row);
        let share = format!("{:.1} %", 100.0 * runs.number(row, "solved") / seeds);
        match table.rows.last_mut() {
            Some(last) if last[0] == init => last.push(share),
            _ => table.rows.push(vec![init, share]),
        }
    }
    table
}

/// The most samples of the spiral that any classifier gets right: its three arms share a point.
const MOST: f64 = 298.0;

/// Problem 1d with other seeds and on fresh spirals.
fn prob1d(runs: &Runs, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1D;
    let right = runs.sorted(tuned, "", "correct")?;
    values.count("1d.seeds", right.len() as f64);
    values.count("1d.ceiling", right.iter().filter(|&&right| right == MOST).count() as f64);
    let samples = runs.sorted(tuned, "", "samples")?[0];
    values.count("1d.most", MOST);
    values.set("1d.ceiling_share", 100.0 * MOST / samples, percent(MOST / samples));
    values.count("1d.fresh.spirals", runs.sorted(tuned, "", "validation_samples")?[0] / samples);
    let fresh = runs.accuracies(tuned, "", "validation_")?;
    for (name, share) in [("1d.fresh.mean", mean(&fresh)), ("1d.fresh.worst", fresh[0])] {
        values.set(name, 100.0 * share, percent(share));
    }
    let of_starter = median(&runs.accuracies(starter, "", "")?);
    values.set("1d.starter", 100.0 * of_starter, percent(of_starter));
    Ok(())
}

/// Problem 2b beside a network with one layer, the same settings and the same seeds.
fn one_layer(two: &Runs, one: &Runs, values: &mut Values) -> Result<(), Error> {
    let tuned = &PROB2B.tuned;
    let losses = |runs: &Runs| -> Result<Vec<f64>, Error> {
        // In the order of the seeds.
        let rows = runs.rows(tuned, "given")?;
        Ok(rows.iter().map(|row| runs.table.number(row, "loss")).collect())
    };
    let (with_two, with_one) = (losses(two)?, losses(one)?);
    let lower = with_two.iter().zip(&with_one).filter(|(two, one)| two < one).count();
    values.count("2b.two_lower", lower as f64);
    for (name, runs) in [("two", two), ("one", one)] {
        let loss = median(&runs.sorted(tuned, "given", "loss")?);
        values.set(&format!("2b.{name}_layers.loss"), loss, format!("{loss:.3}"));
        let shares = runs.accuracies(tuned, "given", "validation_")?;
        values.set(&format!("2b.{name}_layers.worst"), 100.0 * shares[0], percent(shares[0]));
        let imperfect = shares.iter().filter(|&&share| share < 1.0).count();
        values.count(&format!("2b.{name}_layers.imperfect"), imperfect as f64);
    }
    Ok(())
}

/// Problem 2 with other seeds and on other splits.
fn prob2(problems: &[(&str, &Problem, Runs)], values: &mut Values) -> Result<(), Error> {
    let mut splits = Table::new(&["classifier", "mean", "median", "worst"]);
    let mut add = |classifier: &str, shares: &[f64]| {
        let shares = [mean(shares), median(shares), shares[0]].map(percent);
        splits.rows.push([vec![classifier.to_owned()], shares.to_vec()].concat());
    };
    for (classifier, Problem { name, tuned, starter, .. }, runs) in problems {
        let problem = short(name);
        let given = runs.accuracies(tuned, "given", "validation_")?;
        let other = runs.accuracies(tuned, "shuffle", "validation_")?;
        let of_starter = runs.accuracies(starter, "given", "validation_")?;
        values.count(&format!("{problem}.seeds"), given.len() as f64);
        let text = format!("median {}, worst {}", percent(median(&of_starter)), percent(of_starter[0]));
        values.set(&format!("{problem}.starter"), 100.0 * median(&of_starter), text);
        add(classifier, &other);
        for (name, shares) in [
            ("given", &given),
            ("other", &other),
            ("starter_given", &of_starter),
            ("starter_training", &runs.accuracies(starter, "given", "")?),
        ] {
            for (what, share) in [("worst", shares[0]), ("median", median(shares)), ("mean", mean(shares))] {
                values.set(&format!("{problem}.{name}.{what}"), 100.0 * share, percent(share));
            }
        }
    }

    let others = Table::from_csv(OTHERS);
    values.count("2.others", others.rows.len() as f64);
    for (classifier, column) in [
        ("linear discriminant analysis (scikit-learn)", "lda_correct"),
        ("logistic regression (scikit-learn)", "logistic_correct"),
    ] {
        let share = |row: &Vec<String>| others.number(row, column) / others.number(row, "samples");
        let mut shares: Vec<f64> = others.rows.iter().map(share).collect();
        shares.sort_by(ascending);
        values.set(&format!("2.{column}"), 100.0 * mean(&shares), percent(mean(&shares)));
        add(classifier, &shares);
    }
    values.table("2.splits", splits);
    Ok(())
}
