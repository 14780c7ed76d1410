//! Numbers and tables of problem 1 from the rows of the studies.

use std::f64::consts::LN_2;

use crate::tuning::markdown::markdown;
use crate::tuning::row::{Fate, Row, Run, Scores, Seeds, init_label};
use backprop::Dataset;
use backprop::math::order::{larger, position_of_least, smaller};
use backprop::programs::experiments::tied_losses;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, Problem, Settings};
use backprop::programs::spiral::{UNSEEN, spirals};
use backprop::training::dataset::SPIRAL_TRAIN;
use backprop::training::error::Error;
use backprop::training::numbers::{mean, median};

use super::studies::{Sweep, cost, training_accuracy, validation, validation_accuracy};
use super::template::Values;

/// The values of problem 1.
pub(crate) fn collect(values: &mut Values) -> Result<(), Error> {
    prob1a(&Sweep::read("prob1a")?, &Sweep::read("prob1a_seeds")?, values)?;
    prob1b(&Sweep::read("prob1b")?, &Sweep::read("prob1b_seeds")?, values)?;
    prob1c(values)?;
    prob1d(&Sweep::read("prob1d_seeds")?, values)
}

/// Problem 1a: how near to ln 2.
fn prob1a(sweep: &Sweep<Run>, fresh: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1A;
    let distance = |scores: &Scores| (scores.training.loss() - LN_2).abs();
    let farthest = |settings| -> Result<(usize, f64), Error> {
        let runs = fresh.scores(settings, "given")?;
        Ok((runs.len(), runs.iter().map(distance).fold(0.0, larger)))
    };
    let ((seeds, worst), (_, of_starter)) = (farthest(tuned)?, farthest(starter)?);
    values.count("1a.seeds", seeds as f64);
    for right in [1, 3] {
        let count = fresh.scores(tuned, "given")?.iter().filter(|run| run.training.correct == right).count();
        values.count(&format!("1a.right.{right}"), count as f64);
    }
    values.count("1a.starter_excess", of_starter);
    // J is ln 2 only where p = ½ at all points.
    let tie = |excess: f64| if excess < 1e-6 { "all four points tie" } else { "not at the minimum" };
    values.words("1a.starter", tie(of_starter));
    values.words("1a.tuned", tie(worst));

    // Of the longest runs, those with a step size up to the tuned one and those with a larger one.
    let longest = sweep.longest();
    let (mut farthest_of_others, mut penalised) = (0.0, 0.0);
    let (mut nearest_of_wide, mut wide_step) = (f64::INFINITY, f64::INFINITY);
    for Row { settings, results, .. } in &sweep.rows {
        if settings.epochs == longest {
            let distance = results.as_ref().map_or(f64::INFINITY, distance);
            if settings.step_size > tuned.step_size {
                nearest_of_wide = smaller(nearest_of_wide, distance);
                wide_step = smaller(wide_step, settings.step_size);
            } else if settings.lambda == 0.0 {
                farthest_of_others = larger(farthest_of_others, distance);
            } else {
                penalised = larger(penalised, distance);
            }
        }
    }
    for (name, number) in
        [("longest", longest as f64), ("wide_step", wide_step), ("other_steps", tuned.step_size)]
    {
        values.count(&format!("1a.{name}"), number);
    }
    values.count("1a.farthest_of_others", farthest_of_others);
    values.count("1a.penalised", penalised);
    values.count("1a.nearest_of_wide", LN_2 + nearest_of_wide);
    Ok(())
}

/// Problem 1b: the optimum.
fn prob1b(sweep: &Sweep<Run>, fresh: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1B;
    let losses = fresh.sorted(tuned, "given", cost)?;
    let written = |loss: f64| format!("{loss:.7}");
    let same = written(losses[0]) == written(losses[losses.len() - 1]);
    values.count("1b.seeds", losses.len() as f64);
    values.count("1b.seeds_disagree", f64::from(u8::from(!same)));
    for lambda in [0.001, 0.01] {
        let penalised = sweep.scores(&Settings { lambda, ..*tuned }, "given")?;
        values.count(&format!("1b.correct.{lambda}"), penalised[0].training.correct as f64);
    }
    // The longest runs with the widest step.
    let longest = sweep.longest();
    let widest = sweep.rows.iter().map(|row| row.settings.step_size).fold(0.0, larger);
    let wide =
        sweep.rows.iter().filter(|row| row.settings.epochs == longest && row.settings.step_size == widest);
    let least = wide.filter_map(|row| row.results.as_ref().map(cost)).fold(f64::INFINITY, smaller);
    values.count("1b.longest", longest as f64);
    values.count("1b.wide_step", widest);
    values.count("1b.wide", least);
    let correct = sweep.rows.iter().filter_map(|row| row.results).map(|scores| scores.training.correct);
    values.count("1b.most_correct", correct.fold(0, usize::max) as f64);
    values.share("1b.starter", median(&fresh.sorted(starter, "given", training_accuracy)?));
    values.decimals("1b.starter_loss", median(&fresh.sorted(starter, "given", cost)?), 4);
    values.share("1b.accuracy", fresh.sorted(tuned, "given", training_accuracy)?[0]);
    Ok(())
}

/// How often problem 1c is solved, and what happens when it is not.
fn prob1c(values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1C;
    let fresh = Sweep::<Seeds>::read("prob1c_seeds")?;
    let (with_tuned, with_starter) = (fresh.with(tuned, "given")?[0], fresh.with(starter, "given")?[0]);
    values.count("1c.solved", with_tuned.count(Fate::Solved) as f64);
    values.count("1c.seeds", with_tuned.runs as f64);
    values.count("1c.band_seeds", crate::prob1c::SEEDS as f64);
    values.decimals("1c.worst_loss", with_tuned.worst_loss, 5);
    let right =
        (with_starter.count(Fate::Solved) + with_starter.count(Fate::Slow)) as f64 / with_starter.runs as f64;
    values.set(
        "1c.starter",
        right,
        format!("four right, and none at a tie, for {:.1} % of the seeds", 100.0 * right),
    );

    let atlas = Sweep::<Seeds>::read("prob1c_atlas")?;
    fates(&atlas.rows, values);
    let sweep = Sweep::<Seeds>::read("prob1c")?;
    let like_tuned =
        |row: &&Row<Seeds>| row.settings.epochs == tuned.epochs && row.settings.lambda == tuned.lambda;
    let steps =
        solved(sweep.rows.iter().filter(like_tuned), |settings| format!("α = {}", settings.step_size));
    values.table("1c.steps", &steps);
    let units = solved(atlas.rows.iter(), |settings| format!("{} units", settings.hidden));
    values.table("1c.atlas", &units);
    for Row { settings, results, .. } in &sweep.rows {
        if (Settings { init: tuned.init, ..*settings }) == *tuned {
            let (name, share) = (init_label(&settings.init).replace(", b = ", "+"), results.percent_solved());
            values.set(&format!("1c.share.{name}"), share, format!("{share:.1} %"));
        }
    }
    for Row { settings, results, .. } in atlas.rows.iter().filter(|row| row.settings.init == tuned.init) {
        values.count(&format!("1c.width.{}", settings.hidden), results.count(Fate::Solved) as f64);
    }
    Ok(())
}

/// How the runs of problem 1c end, by initialisation, with the program's number of hidden units.
fn fates(atlas: &[Row<Seeds>], values: &mut Values) {
    let [_, three_tied, _] = tied_losses().map(|loss| format!("{loss:.3}"));
    let three = format!("stuck at {three_tied}");
    let headings = ["init", "solved", "stuck at (ln 2)/2", &three, "stuck at ln 2"];
    let shown = [Fate::Solved, Fate::TwoTied, Fate::ThreeTied, Fate::FourTied];
    let (mut rows, mut other) = (Vec::new(), 0);
    for Row { settings, results, .. } in atlas.iter().filter(|row| row.settings.hidden == PROB1C.tuned.hidden)
    {
        let init = init_label(&settings.init);
        rows.push(std::iter::once(init).chain(shown.map(|fate| results.count(fate).to_string())).collect());
        other += results.count(Fate::Slow) + results.count(Fate::Other);
    }
    values.words("1c.three_tied", three_tied);
    values.count("1c.other", other as f64);
    values.table("1c.fates", &markdown(&headings, &rows));
}

/// The share of seeds that solve problem 1c, with a row for each initialisation and a column for each `heading`.
fn solved<'a>(rows: impl Iterator<Item = &'a Row<Seeds>>, heading: impl Fn(&Settings) -> String) -> String {
    let mut headings = vec!["init".to_owned()];
    let mut table: Vec<Vec<String>> = Vec::new();
    for Row { settings, results, .. } in rows {
        let (heading, init) = (heading(settings), init_label(&settings.init));
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
fn prob1d(sweep: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1D;
    let runs = sweep.scores(tuned, "fresh")?;
    values.count("1d.seeds", runs.len() as f64);
    let at_ceiling = runs.iter().filter(|run| run.training.correct == MOST).count();
    values.count("1d.ceiling", at_ceiling as f64);
    let samples = runs[0].training.samples as f64;
    values.count("1d.most", MOST as f64);
    values.count("1d.fresh.spirals", validation(&runs[0]).samples as f64 / samples);
    let fresh = sweep.sorted(tuned, "fresh", validation_accuracy)?;
    for (name, share) in [("1d.fresh.mean", mean(&fresh)), ("1d.fresh.worst", fresh[0])] {
        values.share(name, share);
    }
    values.share("1d.fresh.nearest", nearest_neighbour(&SPIRAL_TRAIN.load(None)?, &spirals(UNSEEN)));
    for (name, change) in [
        ("init", Settings { init: tuned.init, ..*starter }),
        ("long", Settings { epochs: 2000, ..*starter }),
        ("free", Settings { epochs: 2000, lambda: 0.0, ..*starter }),
    ] {
        let shares = sweep.sorted(&change, "fresh", training_accuracy)?;
        values.share(&format!("1d.starter_{name}"), median(&shares));
    }
    values.share("1d.starter", median(&sweep.sorted(starter, "fresh", training_accuracy)?));
    Ok(())
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
