//! Values of problem 1 from the sweeps.

use std::f64::consts::LN_2;

use backprop::Dataset;
use backprop::math::order::{larger, position_of_least, smaller};
use backprop::programs::experiments::tied_losses;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, Problem, Settings};
use backprop::programs::spiral::{UNSEEN, spirals};
use backprop::training::dataset::SPIRAL_TRAIN;
use backprop::training::numbers::sorted;

use super::sweeps::{StudyRows, is_given, of, seeds};
use super::template::Values;
use super::tuning::ranking::{init_label, markdown};
use super::tuning::row::{Results, Row};

/// The values of problem 1.
pub(crate) fn collect(sweeps: &[StudyRows], values: &mut Values) {
    prob1a(of(sweeps, "prob1a"), of(sweeps, "prob1a_seeds"), values);
    prob1b(of(sweeps, "prob1b"), of(sweeps, "prob1b_seeds"), values);
    prob1c(of(sweeps, "prob1c"), of(sweeps, "prob1c_seeds"), of(sweeps, "prob1c_atlas"), values);
    prob1d(of(sweeps, "prob1d_seeds"), values);
}

/// Problem 1a: how near to ln 2.
fn prob1a(sweep: &StudyRows, fresh: &StudyRows, values: &mut Values) {
    fn distance(results: &Results) -> f64 {
        (results.loss - LN_2).abs()
    }
    let Problem { tuned, starter, .. } = &PROB1A;
    values.decimals("ln2", LN_2, 6);
    for (name, settings) in [("tuned", tuned), ("starter", starter)] {
        let farthest = fresh.numbers(settings, is_given, distance).into_iter().fold(0.0, larger);
        values.count(&format!("1a.{name}.excess"), farthest);
    }
    for right in [1, 3] {
        let runs = fresh.with(tuned, is_given);
        let count = runs.iter().filter(|row| row.results.training.correct == right).count();
        values.count(&format!("1a.right.{right}"), count as f64);
    }

    // Of the longest runs, those with a step size up to the tuned one and those with a larger one.
    let (longest, long) = sweep.longest();
    let step_size = |row: &&Row| row.key.settings.step_size;
    let distances = |rows: &[&Row]| rows.iter().map(|row| distance(&row.results)).collect::<Vec<_>>();
    let (wide, narrow): (Vec<&Row>, _) = long.into_iter().partition(|row| step_size(row) > tuned.step_size);
    let (free, penalised): (Vec<&Row>, Vec<&Row>) =
        narrow.into_iter().partition(|row| row.key.settings.lambda == 0.0);
    values.count("1a.longest", longest as f64);
    values.count("1a.wide_step", wide.iter().map(step_size).fold(f64::INFINITY, smaller));
    values.count("1a.farthest_of_others", distances(&free).into_iter().fold(0.0, larger));
    values.count("1a.penalised", distances(&penalised).into_iter().fold(0.0, larger));
    let nearest_of_wide = distances(&wide).into_iter().fold(f64::INFINITY, smaller);
    values.count("1a.nearest_of_wide", LN_2 + nearest_of_wide);
}

/// Problem 1b: the optimum.
fn prob1b(sweep: &StudyRows, fresh: &StudyRows, values: &mut Values) {
    let tuned = &PROB1B.tuned;
    let losses = sorted(fresh.numbers(tuned, is_given, |results| results.loss).into_iter());
    values.count("1b.spread", losses[losses.len() - 1] - losses[0]);
    for lambda in [0.001, 0.01] {
        let penalised = sweep.with(&Settings { lambda, ..*tuned }, is_given);
        values.count(&format!("1b.correct.{lambda}"), penalised[0].results.training.correct as f64);
    }
    // The longest runs with the widest step.
    let (longest, long) = sweep.longest();
    let widest = long.iter().map(|row| row.key.settings.step_size).fold(0.0, larger);
    let wide = long.iter().filter(|row| row.key.settings.step_size == widest);
    values.count("1b.longest", longest as f64);
    values.count("1b.wide_step", widest);
    values.count("1b.wide", wide.map(|row| row.results.loss).fold(f64::INFINITY, smaller));
    let most = sweep.rows.iter().map(|row| row.results.training.correct).max();
    values.count("1b.most_correct", most.unwrap_or(0) as f64);
}

/// How often problem 1c is solved, and what happens when it is not.
fn prob1c(sweep: &StudyRows, fresh: &StudyRows, atlas: &StudyRows, values: &mut Values) {
    let Problem { tuned, starter, .. } = &PROB1C;
    let [of_tuned, of_starter] = [tuned, starter].map(|settings| fresh.with(settings, is_given)[0].results);
    values.count("1c.solved", of_tuned.ends[0] as f64);
    values.decimals("1c.worst_loss", of_tuned.worst_loss, 5);
    let [solved, slow, ..] = of_starter.ends;
    let right = 100.0 * ((solved + slow) as f64 / of_starter.runs as f64);
    values.set("1c.starter.right", right, format!("{right:.1} %"));

    let like_tuned = |row: &&Row| {
        let Settings { epochs, lambda, .. } = row.key.settings;
        (epochs, lambda) == (tuned.epochs, tuned.lambda)
    };
    let steps =
        shares_solved(sweep.rows.iter().filter(like_tuned), |settings| format!("α = {}", settings.step_size));
    values.words("1c.steps", &steps);
    let units = shares_solved(atlas.rows.iter(), |settings| settings.hidden.to_string());
    values.words("1c.atlas", &units);
    for Row { key, results } in &sweep.rows {
        if (Settings { init: tuned.init, ..key.settings }) == *tuned {
            let share = results.percent_solved();
            let name = init_label(&key.settings.init).replace(", b = ", "+");
            values.set(&format!("1c.share.{name}"), share, format!("{share:.1} %"));
        }
    }
    for Row { key, results } in atlas.rows.iter().filter(|row| row.key.settings.init == tuned.init) {
        values.count(&format!("1c.width.{}", key.settings.hidden), results.ends[0] as f64);
    }

    // How the runs with the program's number of hidden units end, by initialisation.
    let [_, three_tied, _] = tied_losses().map(|loss| format!("{loss:.3}"));
    let three = format!("stuck at {three_tied}");
    let headings = ["init", "solved", "stuck at (ln 2)/2", &three, "stuck at ln 2"];
    let (mut table, mut other) = (Vec::new(), 0);
    for Row { key, results } in atlas.rows.iter().filter(|row| row.key.settings.hidden == tuned.hidden) {
        let [solved, _, two, three, four] = results.ends;
        let shown = [solved, two, three, four];
        other += results.runs - shown.iter().sum::<usize>();
        table.push(
            [vec![init_label(&key.settings.init)], shown.map(|count| count.to_string()).to_vec()].concat(),
        );
    }
    values.words("1c.three_tied", &three_tied);
    values.count("1c.other", other as f64);
    values.words("1c.fates", &markdown(&headings, &table));
}

/// The share of seeds that solve problem 1c, with a row for each initialisation and a column for each `heading`.
fn shares_solved<'a>(rows: impl Iterator<Item = &'a Row>, heading: impl Fn(&Settings) -> String) -> String {
    let mut headings = vec!["init".to_owned()];
    let mut table: Vec<Vec<String>> = Vec::new();
    for Row { key, results } in rows {
        let (heading, init) = (heading(&key.settings), init_label(&key.settings.init));
        if !headings.contains(&heading) {
            headings.push(heading);
        }
        let share = format!("{:.1} %", results.percent_solved());
        match table.iter_mut().find(|row| row[0] == init) {
            Some(row) => row.push(share),
            None => table.push(vec![init, share]),
        }
    }
    markdown(&headings, &table)
}

/// The most samples of the spiral that any classifier gets right: its three arms share a point.
const MOST: usize = 298;

/// Problem 1d with other seeds and on fresh spirals.
fn prob1d(sweep: &StudyRows, values: &mut Values) {
    let Problem { tuned, starter, .. } = &PROB1D;
    let runs = sweep.with(tuned, is_given);
    let at_ceiling = runs.iter().filter(|row| row.results.training.correct == MOST).count();
    values.count("1d.ceiling", at_ceiling as f64);
    values.count("1d.most", MOST as f64);
    let training: Dataset<2, 3> = SPIRAL_TRAIN.load(None).expect("it is inside the program");
    let fresh = spirals(UNSEEN);
    values.count("1d.fresh.spirals", (fresh.len() / training.len()) as f64);
    values.share("1d.fresh.nearest", nearest_neighbour(&training, &fresh));
    let long = Settings { epochs: 2000, ..*starter };
    seeds(sweep, "starter_init", &Settings { init: tuned.init, ..*starter }, is_given, values);
    seeds(sweep, "starter_long", &long, is_given, values);
    seeds(sweep, "starter_free", &Settings { lambda: 0.0, ..long }, is_given, values);
}

/// The share of samples in the class of the nearest training sample.
fn nearest_neighbour(training: &Dataset<2, 3>, samples: &Dataset<2, 3>) -> f64 {
    let nearest = |[x, y]: &[f64; 2]| {
        let square = |[u, v]: &[f64; 2]| (x - u) * (x - u) + (y - v) * (y - v);
        let distances: Vec<f64> = training.samples().iter().map(square).collect();
        position_of_least(&distances).map(|position| training.labels()[position])
    };
    let right =
        samples.samples().iter().zip(samples.labels()).filter(|(x, label)| nearest(x) == Some(**label));
    right.count() as f64 / samples.len() as f64
}
