//! The numbers and tables of the answer document: from what the programs print and write, and from the runs of `tune`.

use std::collections::BTreeMap;
use std::f64::consts::LN_2;

use backprop::gradient_check::THRESHOLD;
use backprop::ranking::median;
use backprop::settings::{PROB1C, Settings, spread_name};
use backprop::studies::STUDIES;
use backprop::table::Table;
use backprop::train::Descent;

use super::template::Values;

/// What a program printed, and its `history.csv`.
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) history: Table,
}

/// The rows of each study.
pub(crate) type Runs = BTreeMap<&'static str, Table>;

/// What two other classifiers get right on the splits of problem 2's studies; see `data/README.md`.
const OTHERS: &str = include_str!("../../../data/iris_splits.csv");

/// All that the template may name.
pub(crate) fn collect(outputs: &[(&str, Output)], runs: &Runs) -> Values {
    let mut values = Values::default();
    for (program, output) in outputs {
        let problem = program.trim_start_matches("prob");
        printed(problem, &output.text, &mut values);
        history(problem, &output.history, &mut values);
    }
    for study in &STUDIES {
        let Some((ranking, preset)) = study.ranking(&runs[study.name]) else { continue };
        let name = study.name.trim_start_matches("prob");
        values.table(&format!("{name}.ranking"), ranking.table(6, &[&preset.tuned, &preset.starter]));
        values.count(&format!("{name}.tried"), ranking.len() as f64);
        values.words(&format!("{name}.ranked_by"), ranking.ranked_by());
        for (which, Settings { descent, init, hidden, .. }) in
            [("tuned", preset.tuned), ("starter", preset.starter)]
        {
            let name = |what: &str| format!("{name}.{which}.{what}");
            values.count(&name("epochs"), descent.epochs as f64);
            values.count(&name("step_size"), descent.step_size);
            values.count(&name("lambda"), descent.lambda);
            values.words(&name("init"), spread_name(init.weights));
            values.count(&name("bias"), init.bias);
            values.count(&name("hidden"), hidden as f64);
        }
        for (which, settings) in [("default", preset.tuned), ("starter", preset.starter)] {
            let place = ranking.place(&settings).map_or(f64::INFINITY, |place| place as f64);
            values.count(&format!("{name}.{which}_place"), place);
        }
    }
    values.set("threshold", THRESHOLD, format!("{THRESHOLD:.0e}"));
    values.set("ln2", LN_2, format!("{LN_2:.6}"));
    values.count("rows", runs.values().map(|table| table.rows.len() as f64).sum());
    softmax(runs, &mut values);
    xor(runs, &mut values);
    spiral(runs, &mut values);
    iris(runs, &mut values);
    values.table("results", summary(&values));
    values
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
        ("1d", "{1d.ceiling} of {1d.seeds} reach 298; {1d.fresh.mean} of fresh spirals"),
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

/// What a program's output says.
fn printed(problem: &str, text: &str, values: &mut Values) {
    let number = |text: &str| text.trim_end_matches(['%', ',', ' ']).parse::<f64>().unwrap_or(f64::NAN);
    let name = |what: &str| format!("{problem}.{what}");
    let mut errors = Vec::new();
    for line in text.lines() {
        if let Some(settings) = line.strip_prefix("settings: ") {
            values.words(&name("settings"), settings);
        } else if let Some((_, error)) = line.split_once(" is CORRECT, error = ") {
            errors.push(number(error.split(' ').next().unwrap_or_default()));
        } else if let Some((data, score)) = line.split_once(" accuracy: ") {
            // 99.33 % (298 of 300), loss 0.018001
            let words: Vec<&str> =
                score.split([' ', '(', ')', ',']).filter(|word| !word.is_empty()).collect();
            let name = |what: &str| format!("{problem}.{data}.{what}");
            values.set(&name("accuracy"), number(words[0]), format!("{} %", words[0]));
            values.count(&name("correct"), number(words[2]));
            values.count(&name("samples"), number(words[4]));
            values.set(&name("loss"), number(words[6]), words[6]);
        } else if let Some(dead) = line.strip_prefix("dead units: ") {
            let words: Vec<&str> = dead.split(' ').collect();
            values.count(&name(&format!("dead{}", words[6])), number(words[0]));
        } else if let Some(distance) = line.strip_prefix("farthest probability from 1/2: ") {
            let distance = distance.split(' ').next().unwrap_or_default();
            values.set(&name("farthest"), number(distance), distance);
        } else if let Some((epochs, accuracies)) =
            line.strip_prefix("after ").and_then(|line| line.split_once(" epochs with "))
        {
            values.count(&name("lambda_epochs"), number(epochs));
            // λ = 0: 99.33 %, λ = 0.0001: 99.33 %
            for (lambda, accuracy) in accuracies.split(", ").filter_map(|part| part.split_once(": ")) {
                let lambda = lambda.trim_start_matches("λ = ");
                values.set(&name(&format!("lambda.{lambda}")), number(accuracy), accuracy);
            }
        } else if let Some((run, losses)) = line.split_once(": validation loss ") {
            // 0.1511 in epoch 139, 0.3312 in epoch 800
            let run = match run.split_once("Weight decay: λ = ") {
                Some((_, lambda)) => {
                    values.set(&name("decay.lambda"), number(lambda), lambda);
                    "decay"
                }
                None => "free",
            };
            let words: Vec<&str> = losses.split([' ', ',']).collect();
            values.set(&name(&format!("{run}.best")), number(words[0]), words[0]);
            values.count(&name(&format!("{run}.best_epoch")), number(words[3]));
            values.set(&name(&format!("{run}.last")), number(words[5]), words[5]);
        } else if let Some(score) = line.strip_prefix("one hidden layer with these settings: ") {
            // training accuracy 97.27 %, loss 0.35, validation accuracy 100.00 %, loss 0.33
            let words: Vec<&str> = score.split(' ').collect();
            for (what, word) in [("training", 2), ("validation", 8)] {
                values.set(&name(&format!("one.{what}")), number(words[word]), format!("{} %", words[word]));
            }
            values.set(&name("one.loss"), number(words[5]), words[5].trim_end_matches(','));
        }
    }
    let worst = errors.iter().copied().fold(0.0, f64::max);
    values.count(&name("checked"), errors.len() as f64);
    values.set(&name("check"), worst, format!("{worst:.1e}"));
}

/// The losses over the epochs.
fn history(problem: &str, history: &Table, values: &mut Values) {
    let numbers = |column: &str| -> Vec<f64> {
        let column = history.column(column);
        history.rows.iter().map(|row| row[column].parse().unwrap_or(f64::NAN)).collect()
    };
    let losses = numbers("training_loss");
    let mut table = Table::new(&["epoch", "training loss"]);
    let validation = history.columns.iter().any(|column| column == "validation_loss");
    if validation {
        table.columns.push("validation loss".to_owned());
    }
    let last = losses.len() - 1;
    values.count(&format!("{problem}.epochs"), last as f64);
    let accuracies = numbers("training_accuracy");
    for epoch in [0, 10, 30, 100, 300, 1000, 3000].into_iter().filter(|&epoch| epoch < last).chain([last]) {
        values.set(
            &format!("{problem}.accuracy.{epoch}"),
            round(100.0 * accuracies[epoch]),
            percent(accuracies[epoch]),
        );
        let mut row = vec![epoch.to_string(), format!("{:.6}", losses[epoch])];
        if validation {
            row.push(format!("{:.6}", numbers("validation_loss")[epoch]));
        }
        table.rows.push(row);
    }
    values.table(&format!("{problem}.losses"), table);
}

/// The numbers in a column of the rows with these settings and data, in increasing order.
fn sorted(table: &Table, settings: &Settings, data: &str, column: &str) -> Vec<f64> {
    let key = settings.to_csv();
    let of_interest = |row: &[String]| {
        let is_data = |row: &[String]| data.is_empty() || row[table.column("data")].starts_with(data);
        row[..Settings::COLUMNS.split(',').count()].join(",") == key && is_data(row)
    };
    let column = table.column(column);
    let rows = table.filtered(of_interest).rows;
    let mut numbers: Vec<f64> = rows.iter().map(|row| row[column].parse().unwrap_or(f64::NAN)).collect();
    numbers.sort_by(f64::total_cmp);
    assert!(
        !numbers.is_empty(),
        "out/tuning has no runs with {key} {data}: let tune finish its sweeps, then build again"
    );
    numbers
}

/// The shares of samples that the runs with these settings and data get right, in increasing order. `part` begins the
/// columns' names: nothing for training, `validation_` for validation.
fn accuracies(table: &Table, settings: &Settings, data: &str, part: &str) -> Vec<f64> {
    let [correct, samples] = ["correct", "samples"].map(|column| format!("{part}{column}"));
    let samples = sorted(table, settings, data, &samples)[0];
    sorted(table, settings, data, &correct).iter().map(|right| right / samples).collect()
}

fn mean(numbers: &[f64]) -> f64 {
    numbers.iter().sum::<f64>() / numbers.len() as f64
}

/// To two decimals, as percentages are written.
fn round(percent: f64) -> f64 {
    (100.0 * percent).round() / 100.0
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

/// A study's preset, as its settings.
fn presets(study: &str) -> [Settings; 2] {
    let study = STUDIES.iter().find(|other| other.name == study);
    let (_, preset) = study.and_then(|study| study.choice).expect("a study that ranks");
    [preset.tuned, preset.starter]
}

/// Problems 1a and 1b with other seeds.
fn softmax(runs: &Runs, values: &mut Values) {
    let table = &runs["prob1a"];
    let [tuned, starter] = presets("prob1a");
    let excess = |settings: Settings| {
        let losses = sorted(table, &settings, "", "loss").into_iter();
        losses.map(|loss| (loss - LN_2).abs()).fold(0.0, f64::max)
    };
    let [worst, of_starter] = [tuned, starter].map(excess);
    values.count("1a.seeds", sorted(table, &tuned, "", "loss").len() as f64);
    // Of the longest runs without penalty, those with the largest step size and the others.
    let [step_size, lambda, epochs, loss] =
        ["step_size", "lambda", "epochs", "loss"].map(|name| table.column(name));
    let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
    let largest_below = |bound: f64, column: usize| {
        let numbers = table.rows.iter().map(|row| number(&row[column]));
        numbers.filter(|&number| number < bound).fold(0.0, f64::max)
    };
    let longest = largest_below(f64::INFINITY, epochs);
    let wide_step = largest_below(f64::INFINITY, step_size);
    let rows = table.filtered(|row| number(&row[lambda]) == 0.0 && number(&row[epochs]) == longest).rows;
    let (wide, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| number(&row[step_size]) == wide_step);
    let distance = |row: &&Vec<String>| (number(&row[loss]) - LN_2).abs();
    values.count("1a.longest", longest);
    values.count("1a.wide_step", wide_step);
    values.count("1a.other_steps", largest_below(wide_step, step_size));
    values.count("1a.farthest_of_others", others.iter().map(distance).fold(0.0, f64::max));
    values.count("1a.nearest_of_wide", wide.iter().map(distance).fold(f64::INFINITY, f64::min));
    values.set("1a.excess", worst, format!("{worst:.0e}"));
    values.set("1a.starter", of_starter, format!("J within {of_starter:.0e} of ln 2"));

    let table = &runs["prob1b"];
    let [tuned, starter] = presets("prob1b");
    let losses = sorted(table, &tuned, "", "loss");
    let same = format!("{:.7}", losses[0]) == format!("{:.7}", losses[losses.len() - 1]);
    values.count("1b.seeds", losses.len() as f64);
    values.set("1b.loss", losses[0], format!("{:.7}", losses[0]));
    values.count("1b.seeds_disagree", f64::from(u8::from(!same)));
    let mut decayed = tuned;
    decayed.descent.lambda = 1e-3;
    let penalised = median(&sorted(table, &decayed, "", "loss"));
    values.count("1b.penalised_lambda", decayed.descent.lambda);
    values.set("1b.penalised", penalised, format!("{penalised:.7}"));
    let of_starter = median(&accuracies(table, &starter, "", ""));
    let loss = median(&sorted(table, &starter, "", "loss"));
    values.set("1b.starter", 100.0 * of_starter, format!("{} (J = {loss:.4})", percent(of_starter)));
}

/// How often problem 1c is solved, and what happens when it is not.
fn xor(runs: &Runs, values: &mut Values) {
    let table = &runs["prob1c"];
    let [tuned, starter] = presets("prob1c");
    let one = |table: &Table, settings: &Settings, column: &str| sorted(table, settings, "", column)[0];
    let (solved, seeds) = (one(table, &tuned, "solved"), one(table, &tuned, "runs"));
    values.count("1c.solved", solved);
    values.count("1c.seeds", seeds);
    values.count("1c.band_seeds", crate::prob1c::SEEDS as f64);
    let worst = one(table, &tuned, "worst_loss");
    values.set("1c.worst_loss", worst, format!("{worst:.5}"));
    let solved = one(table, &starter, "solved");
    values.count("1c.starter_solved", solved);
    let right = (solved + one(table, &starter, "slow")) / seeds;
    values.set("1c.starter", right, format!("all four right for {:.1} % of the seeds", 100.0 * right));

    // The same step size and epochs with other initial parameters.
    let mut fates = Table::new(&[
        "init",
        "solved",
        "four right, J > 0.01",
        "stuck at (ln 2)/2",
        "stuck at 0.477",
        "stuck at ln 2",
        "other",
        "not solved, with dead units",
    ]);
    let atlas = &runs["prob1c_atlas"];
    let [hidden, init, bias] = ["hidden", "init", "bias"].map(|name| atlas.column(name));
    let label = |row: &[String]| match row[bias].as_str() {
        "0" => row[init].clone(),
        bias => format!("{}, b = {bias}", row[init]),
    };
    for row in &atlas.filtered(|row| row[hidden] == PROB1C.tuned.hidden.to_string()).rows {
        let counts =
            ["solved", "slow", "two_tied", "three_tied", "four_tied", "other", "unsolved_with_dead_units"];
        let mut entries = vec![label(row)];
        entries.extend(counts.map(|count| row[atlas.column(count)].clone()));
        let name = format!("1c.atlas.{}", entries[0].replace(", b = ", "+"));
        values.set(&name, entries[1].parse().unwrap_or(f64::NAN), entries[1].clone());
        fates.rows.push(entries);
    }
    let total =
        |count: usize| -> f64 { fates.rows.iter().filter_map(|row| row[count].parse::<f64>().ok()).sum() };
    let failed = seeds * fates.rows.len() as f64 - total(1);
    let share = total(fates.columns.len() - 1) / failed;
    values.set("1c.dead_share", share, format!("{:.0} %", 100.0 * share));
    values.table("1c.fates", fates);
    let all_others: f64 =
        atlas.rows.iter().filter_map(|row| row[atlas.column("other")].parse::<f64>().ok()).sum();
    values.count("1c.other", all_others);

    let mut steps = Table::new(&["init"]);
    let [solved, step_size] = ["solved", "step_size"].map(|name| table.column(name));
    let [epochs, lambda] = ["epochs", "lambda"].map(|name| table.column(name));
    let Descent { epochs: longest, lambda: chosen, .. } = tuned.descent;
    let is_comparable =
        |row: &[String]| row[epochs] == longest.to_string() && row[lambda] == chosen.to_string();
    for row in &table.filtered(is_comparable).rows {
        let heading = format!("α = {}", row[step_size]);
        if !steps.columns.contains(&heading) {
            steps.columns.push(heading);
        }
        let share = |text: &str| format!("{:.1} %", text.parse::<f64>().unwrap_or(f64::NAN) / seeds * 100.0);
        match steps.rows.last_mut() {
            Some(last) if last[0] == label(row) => last.push(share(&row[solved])),
            _ => steps.rows.push(vec![label(row), share(&row[solved])]),
        }
    }
    values.table("1c.steps", steps);

    // The last rows are those of the widest networks.
    let width = &atlas.rows[atlas.rows.len() - 1][hidden];
    values.words("1c.widest", width);
    let widest = atlas.filtered(|row| row[hidden] == *width).rows;
    let least = widest
        .iter()
        .filter_map(|row| row[atlas.column("solved")].parse().ok())
        .fold(f64::INFINITY, f64::min);
    values.count("1c.widest_least", least);
    let narrow = atlas.filtered(|row| row[init] == "mirrored" && row[bias] == "0.5");
    for row in &narrow.rows {
        let solved = &row[atlas.column("solved")];
        values.set(&format!("1c.width.{}", row[hidden]), solved.parse().unwrap_or(f64::NAN), solved.clone());
    }
}

/// The most samples of the spiral that any classifier gets right: its three arms share a point.
const CEILING: f64 = 298.0;

/// Problem 1d with other seeds and on fresh spirals.
fn spiral(runs: &Runs, values: &mut Values) {
    let table = &runs["prob1d_seeds"];
    let [tuned, starter] = presets("prob1d");
    let right = sorted(table, &tuned, "", "correct");
    values.count("1d.seeds", right.len() as f64);
    values.count("1d.ceiling", right.iter().filter(|&&right| right == CEILING).count() as f64);
    let samples = sorted(table, &tuned, "", "samples")[0];
    values.set("1d.ceiling_share", 100.0 * CEILING / samples, percent(CEILING / samples));
    values.count("1d.fresh.spirals", sorted(table, &tuned, "", "validation_samples")[0] / samples);
    let fresh = accuracies(table, &tuned, "", "validation_");
    for (name, share) in [("1d.fresh.mean", mean(&fresh)), ("1d.fresh.worst", fresh[0])] {
        values.set(name, 100.0 * share, percent(share));
    }
    let of_starter = median(&accuracies(table, &starter, "", ""));
    values.set("1d.starter", 100.0 * of_starter, percent(of_starter));
}

/// Problem 2 with other seeds and on other splits.
fn iris(runs: &Runs, values: &mut Values) {
    for problem in ["2a", "2b"] {
        let table = &runs[&format!("prob{problem}_seeds")[..]];
        let [tuned, starter] = presets(&format!("prob{problem}"));
        let given = accuracies(table, &tuned, "given", "validation_");
        values.count(&format!("{problem}.seeds"), given.len() as f64);
        let of_starter = accuracies(table, &starter, "given", "validation_");
        for (name, shares) in [
            ("given", &given),
            ("other", &accuracies(table, &tuned, "shuffle", "validation_")),
            ("starter_given", &of_starter),
            ("starter_training", &accuracies(table, &starter, "given", "")),
        ] {
            for (what, share) in [
                ("worst", shares[0]),
                ("median", median(shares)),
                ("mean", mean(shares)),
                ("best", shares[shares.len() - 1]),
            ] {
                values.set(&format!("{problem}.{name}.{what}"), 100.0 * share, percent(share));
            }
        }
        let (median, worst) = (median(&of_starter), of_starter[0]);
        let text = format!("median {}, worst {}", percent(median), percent(worst));
        values.set(&format!("{problem}.starter"), 100.0 * median, text);
    }

    let others = Table::from_csv(OTHERS);
    values.count("2.others", others.rows.len() as f64);
    let mut splits = Table::new(&["classifier", "mean", "median", "worst"]);
    let mut row = |name: &str, key: &str, mut shares: Vec<f64>| {
        shares.sort_by(f64::total_cmp);
        values.set(key, 100.0 * mean(&shares), percent(mean(&shares)));
        let shares = [mean(&shares), median(&shares), shares[0]];
        splits.rows.push([vec![name.to_owned()], shares.map(percent).to_vec()].concat());
    };
    for (name, problem) in [("one hidden layer (2a)", "2a"), ("two hidden layers (2b)", "2b")] {
        let table = &runs[&format!("prob{problem}_seeds")[..]];
        let [tuned, _] = presets(&format!("prob{problem}"));
        row(name, &format!("{problem}.other.mean"), accuracies(table, &tuned, "shuffle", "validation_"));
    }
    for (name, column) in [
        ("linear discriminant analysis (scikit-learn)", "lda_correct"),
        ("logistic regression (scikit-learn)", "logistic_correct"),
    ] {
        let [right, samples] = [column, "samples"].map(|name| others.column(name));
        let number = |text: &String| text.parse().unwrap_or(f64::NAN);
        let shares = others.rows.iter().map(|row| number(&row[right]) / number(&row[samples]));
        row(name, &format!("2.{column}"), shares.collect());
    }
    values.table("2.splits", splits);
}
