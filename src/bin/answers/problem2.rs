//! Numbers and tables of problem 2 from the rows of the studies.

use std::collections::BTreeSet;

use crate::tuning::markdown::markdown;
use crate::tuning::row::{Run, Scores};
use crate::tuning::studies::{DECAYS, STOPPED, STOPPED_BY_OTHERS};
use backprop::math::order::smaller;
use backprop::programs::settings::{PROB2A, PROB2B, Problem, Settings};
use backprop::training::error::Error;
use backprop::training::numbers::{mean, median, nine_in_ten, percent, sorted};

use super::results::short;
use super::studies::{Sweep, data_loss, validation, validation_accuracy, validation_loss};
use super::template::Values;

/// Samples that two other classifiers get right on the splits of problem 2's studies; see `data/README.md`.
const OTHERS: &str = include_str!("../../../data/iris_splits.csv");

/// The values of problem 2.
pub(crate) fn collect(values: &mut Values) -> Result<(), Error> {
    let [one_hidden, two_hidden] = [Sweep::read("prob2a_seeds")?, Sweep::read("prob2b_seeds")?];
    one_layer(&two_hidden, values)?;
    // Each depth with its own λ, in the order of the seeds.
    let own = [one_hidden.scores(&PROB2A.tuned, "given")?, two_hidden.scores(&PROB2B.tuned, "given")?];
    values.count("2b.own_lower", lower(&own[1], &own[0], validation_loss));
    // From 4 inputs and a bias, to 3 scores and from a bias.
    values.count("2a.parameters", ((4 + 1) * PROB2A.tuned.hidden + (PROB2A.tuned.hidden + 1) * 3) as f64);
    let one = overfitting("2a", &PROB2A.tuned, &Sweep::read("prob2a_overfitting")?, values)?;
    let two = overfitting("2b", &PROB2B.tuned, &Sweep::read("prob2b_overfitting")?, values)?;
    values.count("2b.higher_than_one", two.iter().zip(&one).filter(|(two, one)| two > one).count() as f64);
    prob2(
        &[("one hidden layer (2a)", &PROB2A, one_hidden), ("two hidden layers (2b)", &PROB2B, two_hidden)],
        values,
    )
}

/// In how many pairs of runs the first has less of a quantity.
fn lower(first: &[Scores], second: &[Scores], quantity: fn(&Scores) -> f64) -> f64 {
    first.iter().zip(second).filter(|(first, second)| quantity(first) < quantity(second)).count() as f64
}

/// The median of some numbers, and those between which nine in ten of them lie.
fn median_and_band(numbers: &[f64]) -> [f64; 3] {
    let sorted = sorted(numbers.iter().copied());
    let [low, high] = nine_in_ten(&sorted);
    [median(&sorted), low, high]
}

/// Problem 2b beside a network with one layer, the same settings and the same seeds.
fn one_layer(sweep: &Sweep<Run>, values: &mut Values) -> Result<(), Error> {
    let runs = |data| sweep.scores(&PROB2B.tuned, data);
    let runs = [("two", runs("given")?), ("one", runs("given (one layer)")?)];
    // In the order of the seeds.
    let [(_, two), (_, one)] = &runs;
    values.count("2b.two_lower_data_loss", lower(two, one, data_loss));
    values.count("2b.two_lower_validation", lower(two, one, validation_loss));
    values.count("2b.two_fewer", lower(two, one, validation_accuracy));
    values.count("2b.two_more", lower(one, two, validation_accuracy));
    for (name, runs) in &runs {
        let losses: Vec<f64> = runs.iter().map(validation_loss).collect();
        let mean = mean(&losses);
        let square =
            losses.iter().map(|loss| (loss - mean) * (loss - mean)).sum::<f64>() / losses.len() as f64;
        values.decimals(&format!("2b.{name}_layers.deviation"), square.sqrt(), 3);
    }
    Ok(())
}

/// Overfitting and its remedies over splits and seeds: medians and bands of the validation loss without the penalty. The
/// losses compared are of single epochs, and an epoch that is chosen is chosen for all runs alike or by other samples. Returns
/// those without control, run by run.
fn overfitting(
    problem: &str,
    tuned: &Settings,
    sweep: &Sweep<Run>,
    values: &mut Values,
) -> Result<Vec<f64>, Error> {
    let epochs: BTreeSet<u64> = sweep.rows.iter().map(|row| row.settings.epochs).collect();
    let last = epochs.last().copied().unwrap_or(0);
    let at = |lambda, epochs, prefix: &str| -> Result<Vec<f64>, Error> {
        let runs = sweep.with(&Settings { lambda, epochs, ..*tuned }, &format!("{prefix}split "))?;
        // A run that diverged has the largest of losses.
        Ok(runs.into_iter().map(|run| run.as_ref().map_or(f64::INFINITY, validation_loss)).collect())
    };
    let (mut table, mut least) = (Vec::new(), f64::INFINITY);
    for &epochs in &epochs {
        let mut row = vec![epochs.to_string()];
        for lambda in DECAYS {
            let [middle, low, high] = median_and_band(&at(lambda, epochs, "")?);
            row.push(format!("{middle:.3} ({low:.3}–{high:.3})"));
            values.decimals(&format!("{problem}.high.{lambda}.{epochs}"), high, 3);
            if lambda == 0.0 {
                least = smaller(least, middle);
            }
        }
        table.push(row);
    }
    let headings = [vec!["epoch".to_owned()], DECAYS.map(|lambda| format!("λ = {lambda}")).to_vec()].concat();
    values.table(&format!("{problem}.overfitting"), &markdown(&headings, &table));
    values.decimals(&format!("{problem}.remedy.least"), least, 3);

    let free = at(0.0, last, "")?;
    let rising = rising(problem, &Settings { lambda: 0.0, epochs: last, ..*tuned }, sweep, values)?;
    let mut remedies = vec![("none".to_owned(), "none".to_owned(), free.clone())];
    for (judges, name, prefix) in
        [("the flowers that stop it", "stopped", STOPPED), ("others", "by_others", STOPPED_BY_OTHERS)]
    {
        let words = format!("early stopping, judged by {judges}");
        remedies.push((words, name.to_owned(), at(0.0, last, prefix)?));
    }
    for lambda in DECAYS.into_iter().filter(|&lambda| lambda > 0.0) {
        let words = format!("weight decay, λ = {lambda}");
        remedies.push((words, format!("decay.{lambda}"), at(lambda, last, "")?));
    }
    let mut table = Vec::new();
    for (words, name, losses) in remedies {
        let lower = rising.iter().filter(|&&run| losses[run] < free[run]).count();
        let [middle, low, high] = median_and_band(&losses);
        values.decimals(&format!("{problem}.remedy.{name}.median"), middle, 3);
        values.count(&format!("{problem}.remedy.{name}.rising"), lower as f64);
        let lower = if name == "none" { "–".to_owned() } else { lower.to_string() };
        table.push(vec![words, format!("{middle:.3}"), format!("{low:.3}–{high:.3}"), lower]);
    }
    values.count(&format!("{problem}.remedy.runs"), free.len() as f64);
    values.count(&format!("{problem}.remedy.epochs"), last as f64);
    let runs = format!("lower in, of the {} that rise", rising.len());
    let headings = ["control", "median validation loss", "nine in ten runs", &runs];
    values.table(&format!("{problem}.remedies"), &markdown(&headings, &table));
    Ok(free)
}

/// The runs with these settings whose validation loss ends higher than it was after 1000 epochs, by position.
fn rising(
    problem: &str,
    settings: &Settings,
    sweep: &Sweep<Run>,
    values: &mut Values,
) -> Result<Vec<usize>, Error> {
    let before = sweep.scores(&Settings { epochs: 1000, ..*settings }, "split ")?;
    let end = sweep.scores(settings, "split ")?;
    let rising: Vec<usize> =
        (0..end.len()).filter(|&run| validation_loss(&end[run]) > validation_loss(&before[run])).collect();
    let flowers = |run: &usize| validation(&end[*run]).correct.abs_diff(validation(&before[*run]).correct);
    values.count(&format!("{problem}.rising"), rising.len() as f64);
    values.count(&format!("{problem}.rising.flowers"), rising.iter().map(flowers).max().unwrap_or(0) as f64);
    let rows = sweep.rows_with(settings, "split ")?;
    let splits: BTreeSet<&str> = rising.iter().map(|&run| rows[run].data.as_str()).collect();
    values.count(&format!("{problem}.rising.splits"), splits.len() as f64);
    Ok(rising)
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
        let given = sweep.sorted(tuned, "given", validation_accuracy)?;
        let other = sweep.sorted(tuned, "split ", validation_accuracy)?;
        let of_starter = sweep.sorted(starter, "given", validation_accuracy)?;
        values.count(&format!("{problem}.seeds"), given.len() as f64);
        let long = Settings { epochs: 1000, ..*starter };
        let accuracies = sweep.sorted(&long, "given", validation_accuracy)?;
        values.share(&format!("{problem}.starter_long"), median(&accuracies));
        let text = format!("median {}, worst {}", percent(median(&of_starter)), percent(of_starter[0]));
        values.set(&format!("{problem}.starter"), 100.0 * median(&of_starter), text);
        add(classifier, &other);
        for (name, share) in [
            ("given.worst", given[0]),
            ("given.median", median(&given)),
            ("other.mean", mean(&other)),
            ("starter_given.median", median(&of_starter)),
        ] {
            values.share(&format!("{problem}.{name}"), share);
        }
        for (name, loss) in [
            ("given.loss", median(&sweep.sorted(tuned, "given", validation_loss)?)),
            ("starter_long.loss", median(&sweep.sorted(&long, "given", validation_loss)?)),
            ("starter_given.loss", median(&sweep.sorted(starter, "given", validation_loss)?)),
        ] {
            values.decimals(&format!("{problem}.{name}"), loss, 3);
        }
    }

    let row = |line: &str| -> Vec<f64> {
        line.split(',').map(|entry| entry.parse().expect("data/iris_splits.csv has numbers")).collect()
    };
    let others: Vec<Vec<f64>> = OTHERS.lines().skip(1).map(row).collect();
    values.count("2.others", others.len() as f64);
    for (classifier, column) in
        [("linear discriminant analysis (scikit-learn)", 1), ("logistic regression (scikit-learn)", 2)]
    {
        add(classifier, &sorted(others.iter().map(|row| row[column] / row[3])));
    }
    values.table("2.splits", &markdown(&["classifier", "mean", "median", "worst"], &splits));
    Ok(())
}
