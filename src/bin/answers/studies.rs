//! Numbers and tables of the answer document from the rows that `tune` has written.

use std::f64::consts::LN_2;

use backprop::math::order::{ascending, larger, smaller};
use backprop::programs::experiments::tied_losses;
use backprop::programs::settings::{PROB1A, PROB1B, PROB1C, PROB1D, PROB2A, PROB2B, Problem, Settings};
use backprop::programs::tuning::{Fate, Ranking, Results, Row, Run, STUDIES, Scores, Seeds};
use backprop::programs::tuning::{init_label, key, markdown, read};
use backprop::training::error::Error;
use backprop::training::numbers::{mean, median, percent};
use backprop::training::train::Score;

use super::results::short;
use super::template::Values;

/// Samples that two other classifiers get right on the splits of problem 2's studies; see `data/README.md`.
const OTHERS: &str = include_str!("../../../data/iris_splits.csv");

/// The values that rest on the studies.
///
/// # Errors
///
/// [`Error::Data`] if a study lacks the runs that the document reports, or one of them diverged.
pub(crate) fn collect(rankings: &[(&str, Ranking)], values: &mut Values) -> Result<(), Error> {
    for (name, found) in rankings {
        ranking(short(name), found, values);
    }
    values.set("ln2", LN_2, format!("{LN_2:.6}"));
    let lines = STUDIES.iter().map(|study| crate::rows(study.name).lines().count() - 1);
    values.count("rows", lines.sum::<usize>() as f64);
    prob1a(&Sweep::read("prob1a")?, values)?;
    prob1b(&Sweep::read("prob1b")?, values)?;
    prob1c(&Sweep::read("prob1c")?, &Sweep::read("prob1c_atlas")?, values)?;
    prob1d(&Sweep::read("prob1d_seeds")?, values)?;
    let [one_hidden, two_hidden] = [Sweep::read("prob2a_seeds")?, Sweep::read("prob2b_seeds")?];
    one_layer(&two_hidden, &Sweep::read("prob2b_one_layer")?, values)?;
    prob2(
        &[("one hidden layer (2a)", &PROB2A, one_hidden), ("two hidden layers (2b)", &PROB2B, two_hidden)],
        values,
    )
}

/// How a study ranks its settings.
fn ranking(name: &str, ranking: &Ranking, values: &mut Values) {
    values.table(&format!("{name}.ranking"), &ranking.table(6));
    values.count(&format!("{name}.tried"), ranking.len() as f64);
    values.words(&format!("{name}.ranked_by"), ranking.ranked_by());
    let Problem { tuned, starter, .. } = ranking.problem();
    for (which, settings) in [("tuned", tuned), ("starter", starter)] {
        let Settings { epochs, step_size, lambda, init, hidden, .. } = settings;
        let name = |value: &str| format!("{name}.{which}.{value}");
        values.count(&name("epochs"), *epochs as f64);
        values.count(&name("step_size"), *step_size);
        values.count(&name("lambda"), *lambda);
        values.words(&name("init"), init.weights.to_string());
        values.count(&name("bias"), init.bias);
        values.count(&name("hidden"), *hidden as f64);
        let place = ranking.place(settings).map_or(f64::INFINITY, |place| place as f64);
        values.count(&name("place"), place);
    }
}

/// The rows of one study.
struct Sweep<R> {
    file: String,
    rows: Vec<Row<R>>,
}

impl<R: Results> Sweep<R> {
    fn read(study: &str) -> Result<Self, Error> {
        let file = format!("data/tuning/{study}.csv");
        let rows = read(&file, crate::rows(study))?;
        Ok(Sweep { file, rows })
    }

    fn error(&self, problem: String) -> Error {
        Error::Data { file: self.file.clone(), line: self.rows.len() + 1, column: 1, problem }
    }

    /// The results with these settings.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if there are none.
    fn with(&self, settings: &Settings) -> Result<Vec<&R>, Error> {
        let rows = self.rows.iter().filter(|row| row.settings == *settings);
        let found: Vec<&R> = rows.map(|row| &row.results).collect();
        if found.is_empty() {
            let key = key(settings);
            let advice = "let tune finish its sweeps, then build again";
            return Err(self.error(format!("no run with {key} up to here: {advice}")));
        }
        Ok(found)
    }
}

impl Sweep<Run> {
    /// The scores with these settings, in the order of the rows, on data whose name begins so.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if there are none, or if one of the runs diverged.
    fn scores(&self, settings: &Settings, data: &str) -> Result<Vec<Scores>, Error> {
        let mut runs = self.with(settings)?;
        runs.retain(|run| run.data.starts_with(data));
        let scores: Option<Vec<Scores>> = runs.iter().map(|run| run.scores).collect();
        scores.filter(|scores| !scores.is_empty()).ok_or_else(|| {
            self.error(format!("no runs on {data} with {}, or one of them diverged", key(settings)))
        })
    }

    /// The training losses, ascending.
    fn losses(&self, settings: &Settings, data: &str) -> Result<Vec<f64>, Error> {
        Ok(sorted(self.scores(settings, data)?.iter().map(|scores| scores.training.loss())))
    }

    /// The shares of samples right, ascending, of the scores that `part` selects.
    fn accuracies(
        &self,
        settings: &Settings,
        data: &str,
        part: fn(&Scores) -> Score,
    ) -> Result<Vec<f64>, Error> {
        Ok(sorted(self.scores(settings, data)?.iter().map(|scores| part(scores).accuracy())))
    }
}

fn sorted(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(ascending);
    numbers
}

fn training(scores: &Scores) -> Score {
    scores.training
}

fn validation(scores: &Scores) -> Score {
    scores.validation.expect("the study has validation samples")
}

/// Problem 1a with other seeds: how near to ln 2.
fn prob1a(sweep: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1A;
    let losses = sweep.losses(tuned, "")?;
    values.count("1a.seeds", losses.len() as f64);
    let farthest = |losses: Vec<f64>| losses.iter().map(|loss| (loss - LN_2).abs()).fold(0.0, larger);
    let (worst, of_starter) = (farthest(losses), farthest(sweep.losses(starter, "")?));
    values.set("1a.excess", worst, format!("{worst:.0e}"));
    values.set("1a.starter", of_starter, format!("J within {of_starter:.0e} of ln 2"));

    // Of the longest runs without penalty, those with the largest step size and the others.
    let all = || sweep.rows.iter().map(|row| row.settings);
    let longest = all().map(|settings| settings.epochs).fold(0, usize::max);
    let wide_step = all().map(|settings| settings.step_size).fold(0.0, larger);
    let other_steps = all().map(|settings| settings.step_size).filter(|&step_size| step_size < wide_step);
    values.count("1a.longest", longest as f64);
    values.count("1a.wide_step", wide_step);
    values.count("1a.other_steps", other_steps.fold(0.0, larger));
    let (mut farthest_of_others, mut nearest_of_wide) = (0.0, f64::INFINITY);
    for Row { settings, results } in &sweep.rows {
        if settings.lambda == 0.0 && settings.epochs == longest {
            let loss = results.scores.map_or(f64::INFINITY, |scores| scores.training.loss());
            let distance = (loss - LN_2).abs();
            if settings.step_size == wide_step {
                nearest_of_wide = smaller(nearest_of_wide, distance);
            } else {
                farthest_of_others = larger(farthest_of_others, distance);
            }
        }
    }
    values.count("1a.farthest_of_others", farthest_of_others);
    values.count("1a.nearest_of_wide", nearest_of_wide);
    Ok(())
}

/// Problem 1b with other seeds: the optimum.
fn prob1b(sweep: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1B;
    let losses = sweep.losses(tuned, "")?;
    let written = |loss: f64| format!("{loss:.7}");
    let same = written(losses[0]) == written(losses[losses.len() - 1]);
    values.count("1b.seeds", losses.len() as f64);
    values.set("1b.loss", losses[0], written(losses[0]));
    values.count("1b.seeds_disagree", f64::from(u8::from(!same)));
    let mut decayed = *tuned;
    decayed.lambda = 1e-3;
    let penalised = median(&sweep.losses(&decayed, "")?);
    values.count("1b.penalised_lambda", decayed.lambda);
    values.set("1b.penalised", penalised, written(penalised));
    let correct =
        sweep.rows.iter().filter_map(|row| row.results.scores).map(|scores| scores.training.correct);
    values.count("1b.most_correct", correct.fold(0, usize::max) as f64);
    let of_starter = median(&sweep.accuracies(starter, "", training)?);
    let loss = median(&sweep.losses(starter, "")?);
    values.set("1b.starter", 100.0 * of_starter, format!("{} (J = {loss:.4})", percent(of_starter)));
    Ok(())
}

/// How often problem 1c is solved, and what happens when it is not.
fn prob1c(sweep: &Sweep<Seeds>, atlas: &Sweep<Seeds>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1C;
    let (with_tuned, with_starter) = (sweep.with(tuned)?[0], sweep.with(starter)?[0]);
    values.count("1c.solved", with_tuned.count(Fate::Solved) as f64);
    values.count("1c.seeds", with_tuned.runs as f64);
    values.count("1c.band_seeds", crate::prob1c::SEEDS as f64);
    values.set("1c.worst_loss", with_tuned.worst_loss, format!("{:.5}", with_tuned.worst_loss));
    let solved = with_starter.count(Fate::Solved);
    values.count("1c.starter_solved", solved as f64);
    let right = (solved + with_starter.count(Fate::Slow)) as f64 / with_starter.runs as f64;
    values.set("1c.starter", right, format!("all four right for {:.1} % of the seeds", 100.0 * right));

    fates(&atlas.rows, values);
    values.table("1c.steps", &by_step_size(&sweep.rows));

    let share = |row: &Row<Seeds>| row.results.count(Fate::Solved) as f64 / row.results.runs as f64;
    let width = atlas.rows.iter().map(|row| row.settings.hidden).fold(0, usize::max);
    values.count("1c.widest", width as f64);
    let mut widest: Vec<&Row<Seeds>> = atlas.rows.iter().filter(|row| row.settings.hidden == width).collect();
    widest.sort_by_key(|row| row.results.count(Fate::Solved));
    // But for small weights with biases.
    values.count("1c.widest_linear", widest[0].results.count(Fate::Solved) as f64);
    values.set("1c.widest_least", share(widest[1]), widest[1].results.count(Fate::Solved).to_string());
    for row in atlas.rows.iter().filter(|row| row.settings.init == tuned.init) {
        let name = format!("1c.width.{}", row.settings.hidden);
        values.set(&name, share(row), row.results.count(Fate::Solved).to_string());
    }
    Ok(())
}

/// How the runs of problem 1c end, by initialisation, with the program's number of hidden units.
fn fates(atlas: &[Row<Seeds>], values: &mut Values) {
    let [_, three_tied, _] = tied_losses().map(|loss| format!("{loss:.3}"));
    let three = format!("stuck at {three_tied}");
    let headings = [
        "init",
        "solved",
        "four right, J > 0.01",
        "stuck at (ln 2)/2",
        &three,
        "stuck at ln 2",
        "other",
        "live units if solved",
        "if not",
    ];
    let mut rows = Vec::new();
    // The sums over all runs that have solved it, and over the others, of runs and of live units.
    let (mut runs, mut live) = ([0.0; 2], [0.0; 2]);
    for Row { settings, results } in atlas.iter().filter(|row| row.settings.hidden == PROB1C.tuned.hidden) {
        let init = init_label(&settings.init);
        let solved = results.count(Fate::Solved);
        values.count(&format!("1c.atlas.{}", init.replace(", b = ", "+")), solved as f64);
        let mut row = vec![init];
        row.extend(results.fates.iter().map(usize::to_string));
        row.extend(results.live.map(|mean| mean.map_or("–".to_owned(), |mean| format!("{mean:.1}"))));
        rows.push(row);
        // Where every unit is on at all points, the network is linear, and that alone keeps it from solving XOR.
        if solved > 0 {
            for (part, count) in [solved, results.runs - solved].into_iter().enumerate() {
                runs[part] += count as f64;
                live[part] += count as f64 * results.live[part].unwrap_or(0.0);
            }
        }
    }
    for (part, name) in ["1c.live_if_solved", "1c.live_if_not"].into_iter().enumerate() {
        let mean = live[part] / runs[part];
        values.set(name, mean, format!("{mean:.1}"));
    }
    values.words("1c.three_tied", three_tied);
    values.count("1c.other", atlas.iter().map(|row| row.results.count(Fate::Other)).sum::<usize>() as f64);
    values.table("1c.fates", &markdown(&headings, &rows));
}

/// The share of seeds that solve problem 1c, by initialisation and step size, with the program's epochs and λ.
fn by_step_size(sweep: &[Row<Seeds>]) -> String {
    let mut headings = vec!["init".to_owned()];
    let mut rows: Vec<Vec<String>> = Vec::new();
    let tuned = PROB1C.tuned;
    for Row { settings, results } in sweep {
        if settings.epochs != tuned.epochs || settings.lambda != tuned.lambda {
            continue;
        }
        let heading = format!("α = {}", settings.step_size);
        if !headings.contains(&heading) {
            headings.push(heading);
        }
        let init = init_label(&settings.init);
        let share = format!("{:.1} %", 100.0 * results.count(Fate::Solved) as f64 / results.runs as f64);
        match rows.last_mut() {
            Some(last) if last[0] == init => last.push(share),
            _ => rows.push(vec![init, share]),
        }
    }
    markdown(&headings.iter().map(String::as_str).collect::<Vec<_>>(), &rows)
}

/// The most samples of the spiral that any classifier gets right: its three arms share a point.
const MOST: usize = 298;

/// Problem 1d with other seeds and on fresh spirals.
fn prob1d(sweep: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let Problem { tuned, starter, .. } = &PROB1D;
    let runs = sweep.scores(tuned, "")?;
    values.count("1d.seeds", runs.len() as f64);
    let at_ceiling = runs.iter().filter(|run| run.training.correct == MOST).count();
    values.count("1d.ceiling", at_ceiling as f64);
    let samples = runs[0].training.samples as f64;
    values.count("1d.most", MOST as f64);
    values.set("1d.ceiling_share", 100.0 * MOST as f64 / samples, percent(MOST as f64 / samples));
    values.count("1d.fresh.spirals", validation(&runs[0]).samples as f64 / samples);
    let fresh = sweep.accuracies(tuned, "", validation)?;
    for (name, share) in [("1d.fresh.mean", mean(&fresh)), ("1d.fresh.worst", fresh[0])] {
        values.share(name, share);
    }
    let of_starter = median(&sweep.accuracies(starter, "", training)?);
    values.share("1d.starter", of_starter);
    Ok(())
}

/// Problem 2b beside a network with one layer, the same settings and the same seeds.
fn one_layer(two: &Sweep<Run>, one: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let tuned = &PROB2B.tuned;
    // In the order of the seeds.
    let (with_two, with_one) = (two.scores(tuned, "given")?, one.scores(tuned, "given")?);
    let pairs = with_two.iter().zip(&with_one);
    let lower = pairs.filter(|(two, one)| two.training.loss() < one.training.loss()).count();
    values.count("2b.two_lower", lower as f64);
    for (name, sweep) in [("two", two), ("one", one)] {
        let loss = median(&sweep.losses(tuned, "given")?);
        values.set(&format!("2b.{name}_layers.loss"), loss, format!("{loss:.3}"));
        let shares = sweep.accuracies(tuned, "given", validation)?;
        values.share(&format!("2b.{name}_layers.worst"), shares[0]);
        let imperfect = shares.iter().filter(|&&share| share < 1.0).count();
        values.count(&format!("2b.{name}_layers.imperfect"), imperfect as f64);
    }
    Ok(())
}

/// Problem 2 with other seeds and on other splits.
fn prob2(problems: &[(&str, &Problem, Sweep<Run>)], values: &mut Values) -> Result<(), Error> {
    let mut splits = Vec::new();
    let mut add = |classifier: &str, shares: &[f64]| {
        let shares = [mean(shares), median(shares), shares[0]].map(percent);
        splits.push([vec![classifier.to_owned()], shares.to_vec()].concat());
    };
    for (classifier, Problem { name, tuned, starter, .. }, sweep) in problems {
        let problem = short(name);
        let given = sweep.accuracies(tuned, "given", validation)?;
        let other = sweep.accuracies(tuned, "shuffle", validation)?;
        let of_starter = sweep.accuracies(starter, "given", validation)?;
        values.count(&format!("{problem}.seeds"), given.len() as f64);
        let text = format!("median {}, worst {}", percent(median(&of_starter)), percent(of_starter[0]));
        values.set(&format!("{problem}.starter"), 100.0 * median(&of_starter), text);
        add(classifier, &other);
        for (name, shares) in [
            ("given", &given),
            ("other", &other),
            ("starter_given", &of_starter),
            ("starter_training", &sweep.accuracies(starter, "given", training)?),
        ] {
            for (statistic, share) in
                [("worst", shares[0]), ("median", median(shares)), ("mean", mean(shares))]
            {
                values.share(&format!("{problem}.{name}.{statistic}"), share);
            }
        }
    }

    let row = |line: &str| -> Vec<f64> {
        line.split(',').map(|entry| entry.parse().expect("data/iris_splits.csv has numbers")).collect()
    };
    let others: Vec<Vec<f64>> = OTHERS.lines().skip(1).map(row).collect();
    values.count("2.others", others.len() as f64);
    for (classifier, name, column) in [
        ("linear discriminant analysis (scikit-learn)", "lda_correct", 1),
        ("logistic regression (scikit-learn)", "logistic_correct", 2),
    ] {
        let shares = sorted(others.iter().map(|row| row[column] / row[3]));
        values.share(&format!("2.{name}"), mean(&shares));
        add(classifier, &shares);
    }
    values.table("2.splits", &markdown(&["classifier", "mean", "median", "worst"], &splits));
    Ok(())
}
