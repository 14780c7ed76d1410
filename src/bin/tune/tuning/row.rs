//! Rows of the sweeps' CSV files, all of one kind: which runs, and their results summed up.

use std::collections::BTreeMap;
use std::fmt;

use backprop::math::init::Init;
use backprop::programs::settings::Settings;
use backprop::training::score::Score;

/// Settings as tables call them.
pub(crate) const SETTINGS: [&str; 7] = ["hidden units", "weights", "b", "step size", "λ", "batch", "epochs"];

/// A row: one run, or a thousand of problem 1c.
pub(crate) type Row = (Key, Results);

/// The values of [`SETTINGS`]. A batch of 0 is the full batch.
pub(crate) fn values(settings: &Settings) -> [String; SETTINGS.len()] {
    let Settings { epochs, step_size, lambda, batch, init: Init { weights, bias }, hidden } = settings;
    let batch = batch.unwrap_or(0);
    let values: [&dyn ToString; SETTINGS.len()] = [hidden, weights, bias, step_size, lambda, &batch, epochs];
    values.map(ToString::to_string)
}

/// The runs of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Key {
    pub(crate) settings: Settings,
    pub(crate) data: Data,
    /// Seed of the initialisation and of the order of samples; of several runs, the first.
    pub(crate) seed: u64,
}

/// The samples that a run trains on and those that validate it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Data {
    /// The files as they are; with a spiral, fresh ones.
    Given,
    /// The training samples in five parts, which the seed of the run draws: each in turn validates, the others train.
    Folds,
    /// All samples divided otherwise, by a shuffle with this seed; the validation samples are scored in two halves.
    Split(u64),
    /// A split, where each half of the validation samples scores the network of the other half's least loss.
    Stopped(u64),
}

/// Results of some runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Results {
    pub(crate) runs: usize,
    /// The largest cost J of a run on the training samples; infinite if a run diverged.
    pub(crate) loss: f64,
    /// The score on the training samples of all runs, as if λ were 0. Its loss is infinite if a run diverged.
    pub(crate) training: Score,
    /// The score on the validation samples of all runs; zeros if there are none.
    pub(crate) validation: Score,
    /// Runs with all training samples right and J < 0.01.
    pub(crate) solved: usize,
}

impl Results {
    /// Reads the columns behind a key.
    fn read(text: &str) -> Option<Self> {
        let mut entries = text.split(',');
        let (runs, loss) = (entries.next()?.parse().ok()?, entries.next()?.parse().ok()?);
        let mut score = || {
            let data_loss = entries.next()?.parse().ok()?;
            let (correct, samples) = (entries.next()?.parse().ok()?, entries.next()?.parse().ok()?);
            Some(Score { data_loss, penalty: 0.0, correct, samples })
        };
        let (training, validation) = (score()?, score()?);
        let solved = entries.next()?.parse().ok()?;
        entries.next().is_none().then_some(Results { runs, loss, training, validation, solved })
    }
}

pub(crate) fn percent_solved(run: &Results) -> f64 {
    100.0 * run.solved as f64 / run.runs as f64
}

pub(crate) fn training_percent(run: &Results) -> f64 {
    100.0 * run.training.accuracy()
}

pub(crate) fn validation_percent(run: &Results) -> f64 {
    100.0 * run.validation.accuracy()
}

/// The results in a CSV file by the text of their keys, in any order. Other lines, as headers and one that is cut off, are
/// passed over.
pub(crate) fn read(csv: &str) -> BTreeMap<String, Results> {
    let row = |line: &str| {
        let line = line.strip_suffix('\n')?;
        // Behind the settings, the data and the seed.
        let (end, _) = line.match_indices(',').nth(SETTINGS.len() + 1)?;
        Some((line[..end].to_owned(), Results::read(&line[end + 1..])?))
    };
    csv.split_inclusive('\n').filter_map(row).collect()
}

/// The beginning of a row, up to its results.
impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Key { settings, data, seed } = self;
        write!(formatter, "{},{data},{seed}", values(settings).join(","))
    }
}

impl fmt::Display for Data {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Data::Given => formatter.write_str("given"),
            Data::Folds => formatter.write_str("5 folds"),
            Data::Split(seed) => write!(formatter, "split {seed}"),
            Data::Stopped(seed) => write!(formatter, "stopped split {seed}"),
        }
    }
}

/// The end of a row, behind its key.
impl fmt::Display for Results {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Results { runs, loss, training, validation, solved } = self;
        write!(formatter, "{runs},{loss}")?;
        for Score { data_loss, correct, samples, .. } in [training, validation] {
            write!(formatter, ",{data_loss},{correct},{samples}")?;
        }
        write!(formatter, ",{solved}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backprop::math::init::WeightInit;

    #[test]
    fn a_row_is_read_as_it_is_written_and_a_line_that_is_cut_off_is_passed_over() {
        let init = Init { weights: WeightInit::Fixed(0.01), bias: 0.5 };
        let settings =
            Settings { epochs: 7, step_size: 0.5, lambda: 0.001, batch: Some(10), init, hidden: 6 };
        let key = Key { settings, data: Data::Stopped(101), seed: 3 };
        let start = "6,0.01,0.5,0.5,0.001,10,7,stopped split 101,3";
        for results in ["1,0.25,0.125,3,4,0.5,30,40,0", "9,inf,inf,20,36,0,0,0,12"] {
            let line = format!("{start},{results}\n");
            let rows = read(&format!("a,header\n7,{line}{line}nonsense\n"));
            assert_eq!(rows.keys().collect::<Vec<_>>(), [start]);
            assert_eq!(format!("{key},{}\n", rows[start]), line);
            for length in 0..line.len() {
                assert!(read(&line[..length]).is_empty(), "{}", &line[..length]);
            }
        }
        let full = Key { settings: Settings { batch: None, ..settings }, ..key };
        assert!(full.to_string().starts_with("6,0.01,0.5,0.5,0.001,0,7,"));
    }
}
